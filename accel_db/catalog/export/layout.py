"""The tables that are handed on, as the database describes itself: columns with plain types and meanings, and their rows in order.

Owns the one layout that every export shares; how it is written down belongs to the writers.
"""

from __future__ import annotations

import shutil
import time
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any

from accel_db.words.errors import DataFault, UsageError
from accel_db.words.near import near_names
from accel_db.words.sql import quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accel_db.catalog.store import Store

LAYOUT = 1
"""Number of the layout of exported files; it grows when a path, a column's type or an escape changes."""
PLAIN = {"VARCHAR": "text", "DOUBLE": "number", "INTEGER": "integer", "BOOLEAN": "boolean", "DATE": "date"}
"""The database's types that every engine has; all others are lists."""
SOME = 5000
"""Rows that are in memory at a time."""
FRUGAL: dict[str, str | int] = {"threads": 1, "memory_limit": "512MB", "autoinstall_known_extensions": "false"}
"""What DuckDB may use while writing, whatever the size of the catalogue; the rest goes to the disk."""
SCRATCH = "accel-db-export-"
"""How the folder of the copy begins."""
STALE = 3600
"""Seconds after which what a killed export left is no longer somebody's."""
BESIDE = {"source_title": "title", "source_url": "url"}
"""What a row that names a source tells of it, beside the key: column here, column of the table of sources."""


@dataclass(frozen=True)
class Column:
    """A column: its name, its type (a word of `PLAIN`, or ``list``) and what it means."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True)
class Table:
    """A table or wide view: its columns, its key, the tables its columns refer to, and the query that gives its rows in order."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: dict[str, tuple[str, str]]
    query: str


@contextmanager
def opened(store: Store) -> Iterator[Any]:
    """The database, attached read-only to a connection that may write files. Raises `DataFault` where it cannot be opened.

    It is a copy: a catalogue may have the file itself open, and DuckDB before 2.0 attaches a file only once in a process.
    """
    import duckdb

    path = Path(store.folder) / "accel.duckdb"
    sweep(Path(gettempdir()), SCRATCH)
    with TemporaryDirectory(prefix=SCRATCH) as scratch:
        connection = duckdb.connect(config={**FRUGAL, "temp_directory": scratch})
        try:
            copy = shutil.copyfile(path, Path(scratch) / path.name)
            connection.execute(f"ATTACH {text(str(copy))} AS db (READ_ONLY)")
            connection.execute("USE db")
        except (duckdb.Error, OSError) as error:
            connection.close()
            raise DataFault(f"cannot open {path}: {str(error).splitlines()[0]}; run: accel build") from None
        try:
            yield connection
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise DataFault(f"cannot write the export: {str(error).splitlines()[0]}") from None
        finally:
            connection.close()


def sweep(folder: Path, beginning: str) -> None:
    """Remove the folders that killed exports left in a folder, by how their names begin."""
    for path in folder.glob(f"{beginning}*"):
        try:
            left = path.is_dir() and time.time() - path.stat().st_mtime > STALE
        except OSError:  # another sweep was quicker
            continue
        if left:
            shutil.rmtree(path, ignore_errors=True)


def tables(connection: Any, wanted: Sequence[str] = ()) -> list[Table]:
    """Every table and wide view, or those wanted, by name. Raises `UsageError` for an unknown one."""
    known = dict(
        connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'db' UNION ALL "
            "SELECT view_name, comment FROM duckdb_views() WHERE database_name = 'db' AND NOT internal ORDER BY ALL"
        ).fetchall()
    )
    unknown = [name for name in wanted if name not in known]
    if unknown:
        close = near_names(unknown[0], known, 1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"no table {', '.join(unknown)}; {hint}The tables are {', '.join(known)}")
    described = _columns(connection)
    layout = tomllib.loads(Path(__file__).with_name("layout.toml").read_text(encoding="utf-8"))
    return [_table(name, known[name] or "", described, layout) for name in known if not wanted or name in wanted]


def _columns(connection: Any) -> dict[str, list[Column]]:
    """The columns of every table, as its comments describe them."""
    found: dict[str, list[Column]] = {}
    for table, name, kind, comment in connection.execute(
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() "
        "WHERE database_name = 'db' AND NOT internal ORDER BY table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append(Column(name, PLAIN.get(kind, "list"), comment or ""))
    return found


def _table(name: str, comment: str, described: dict[str, list[Column]], layout: dict[str, Any]) -> Table:
    columns = list(described[name])
    names = [column.name for column in columns]
    query = f"SELECT * FROM {quoted(name)}"
    if "source" in names:
        # The document's title and address stand beside its key, so that a row alone says where its number is from.
        meanings = {column.name: column.comment for column in described["source"]}
        columns += [Column(here, "text", f"of the source: {meanings[there]}") for here, there in BESIDE.items()]
        beside = ", ".join(f"s.{quoted(there)} AS {quoted(here)}" for here, there in BESIDE.items())
        query = f"SELECT t.*, {beside} FROM {quoted(name)} t LEFT JOIN source s ON s.key = t.source ORDER BY t.rowid"
    refers = {column: (column, key) for column, key in layout["refers"].items() if column in names and column != name}
    return Table(name, comment, tuple(columns), tuple(layout["keys"].get(name, ())), refers, query)


def facts(connection: Any) -> dict[str, str]:
    """What the database says of itself: edition, schema, licence, counts."""
    return dict(connection.execute("SELECT key, value FROM info").fetchall())


def rows(connection: Any, table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, in the database's own order, some at a time."""
    cursor = connection.execute(table.query)
    while some := cursor.fetchmany(SOME):
        yield from some
