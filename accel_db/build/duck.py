"""Writes the DuckDB file from rows, with a comment on every table and column, and one wide view a kind of subject."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from accel_db.words.sql import quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterable

STORAGE = "v1.4.0"
"""The oldest DuckDB that must be able to read the file."""

TABLES = Path(__file__).with_name("tables.toml")
FRUGAL = {"threads": "2", "memory_limit": "512MB"}
"""What DuckDB may use while writing, whatever the size of the catalogue."""
Rows = dict[str, list[dict[str, Any]]]


@cache
def read_tables() -> dict[str, Any]:
    """The published tables: ``comment`` and ``columns`` (name, type, meaning) by name."""
    return tomllib.loads(TABLES.read_text(encoding="utf-8"))


def write_rows(folder: Path, part: str, rows: Rows, tables: dict[str, Any]) -> dict[str, int]:
    """Write rows as JSON lines, a file a table, named so that the parts of a table sort; return how many of each."""
    for name, of_table in rows.items():
        if not of_table:
            continue
        path = folder / name / f"{part}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = [column for column, _, _ in tables[name]["columns"]] if name in tables else list(of_table[0])
        write_json_lines(path, ({column: row[column] for column in columns if column in row} for row in of_table))
    return {name: len(of_table) for name, of_table in rows.items()}


def write_json_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """One line of JSON a row."""
    path.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))


def write_duckdb(path: Path, folder: Path, headings: list[dict[str, Any]], tables: dict[str, Any]) -> None:
    """Write every table to ``path`` from what `write_rows` left in ``folder``, and a wide view a kind of subject with the columns of ``headings``."""
    import duckdb

    connection = duckdb.connect(config={**FRUGAL, "temp_directory": str(folder)})
    try:
        connection.execute(f"ATTACH {text(str(path))} AS db (STORAGE_VERSION '{STORAGE}')")
        connection.execute("USE db")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET checkpoint_threshold = '1KB'")  # the commit writes the file itself, not a log first
        connection.execute("BEGIN")
        for name, table in tables.items():
            columns = ", ".join(f"{quoted(column)} {kind}" for column, kind, _ in table["columns"])
            connection.execute(f"CREATE TABLE {quoted(name)} ({columns})")
            connection.execute(f"COMMENT ON TABLE {quoted(name)} IS {text(table['comment'])}")
            for column, _, meaning in table["columns"]:
                connection.execute(f"COMMENT ON COLUMN {quoted(name)}.{quoted(column)} IS {text(meaning)}")
            _fill(connection, name, table["columns"], sorted((folder / name).glob("*.jsonl")))
        for view, statement, meaning in wide_views(headings):
            _view(connection, view, statement, meaning, view_meanings(headings))
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT db")
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise OSError(str(error).splitlines()[0]) from error  # a full disk is not the program's fault
    finally:
        connection.close()


def _view(connection: Any, view: str, statement: str, meaning: str, meanings: dict[str, str]) -> None:
    connection.execute(f"CREATE VIEW {quoted(view)} AS {statement}")
    connection.execute(f"COMMENT ON VIEW {quoted(view)} IS {text(meaning)}")
    for (column,) in connection.execute(f"SELECT column_name FROM (DESCRIBE {quoted(view)})").fetchall():
        told = meanings.get(column, VIEW_COLUMNS.get(column, ""))
        connection.execute(f"COMMENT ON COLUMN {quoted(view)}.{quoted(column)} IS {text(told)}")


def _fill(connection: Any, name: str, columns: list[list[str]], files: list[Path]) -> None:
    if not files:
        return
    listed = ", ".join(text(str(file)) for file in files)
    shape = ", ".join(f"{text(column)}: {text(kind)}" for column, kind, _ in columns)
    connection.execute(
        f"INSERT INTO {quoted(name)} SELECT {', '.join(quoted(column) for column, _, _ in columns)} "
        f"FROM read_json([{listed}], format = 'newline_delimited', columns = {{{shape}}})"
    )


def wide_views(headlines: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """``accelerators`` and ``systems``: one row a subject, one column a headline, the unit in the column's name."""
    headings = {row["headline"]: row["unit"] for row in headlines}
    views = []
    for table in ("accelerator", "system"):
        # One map a subject: an aggregate for each of so many columns would take ten times the memory.
        columns = [
            f"h.answers[{text(name)}].value AS {quoted(column_name(name, unit))}" for name, unit in headings.items()
        ]
        columns += [
            f"h.answers[{text(name)}].{part} AS {quoted(f'{name}_{part}')}"
            for part in ("marks", "sources")
            for name in headings
        ]
        statement = (
            f"SELECT s.id, s.name, s.vendor, v.name AS vendor_name, v.country, s.kind, s.status, {', '.join(columns)} "
            f"FROM {quoted(table)} s JOIN vendor v ON v.id = s.vendor LEFT JOIN ({ANSWERS}) h ON h.subject = s.id ORDER BY s.id"
        )
        views.append(
            (
                table + "s",
                statement,
                f"One row a {table}: its headlines, the unit in every column's name, marks and sources beside.",
            )
        )
    return views


ANSWERS = (
    "SELECT subject, map_from_entries(list(row(headline, {value: value, marks: marks, sources: array_to_string(sources, ', ')}))) "
    "AS answers FROM headline GROUP BY subject"
)
"""A map of each subject's headlines."""
VIEW_COLUMNS = {
    "id": "vendor and name",
    "name": "name",
    "vendor": "vendor id",
    "vendor_name": "vendor",
    "country": "country of the vendor's headquarters, ISO 3166",
    "kind": "gpu, npu, tpu, card; superchip, node, board, rack, pod",
    "status": "newest sourced state",
}


def view_meanings(headlines: list[dict[str, Any]]) -> dict[str, str]:
    """What each headline column of the wide views means."""
    meanings = {}
    for row in headlines:
        unit = f", {row['unit']}" if row["unit"] not in ("", "one") else ""
        meanings[column_name(row["headline"], row["unit"])] = f"{row['label']}{unit}"
        meanings[row["headline"] + "_marks"] = f"marks of {row['headline']}, see table code"
        meanings[row["headline"] + "_sources"] = f"keys of the sources that {row['headline']} rests on"
    return meanings


def column_name(headline: str, unit: str) -> str:
    """``bandwidth`` in ``GB/s`` is ``bandwidth_gb_per_s``."""
    if unit in ("", "one"):
        return headline
    return f"{headline}_{unit.lower().replace('/', '_per_').replace('²', '2')}"
