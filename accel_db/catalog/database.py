"""The DuckDB file, opened read-only and shut off from everything else. Owns the locks; who may ask for how long is `sandbox`'s."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from accel_db.catalog.store import CURE
from accel_db.words.errors import DataFault, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

MEMORY = "512MB"
"""What DuckDB may use for a query."""
LOCKS = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    "max_temp_directory_size": "0KiB",
    "memory_limit": MEMORY,
}
LOCKED = ("SET enable_progress_bar = false", "SET lock_configuration = true")
"""Said once the file is open, and not to be unsaid."""

Result = tuple[list[str], list[tuple[Any, ...]]]
"""Column names and rows."""


def too_big() -> UsageError:
    """The error for a query that had not enough memory."""
    return UsageError(
        f"SQL: the query needs more memory than the {MEMORY} it may have; ask for less, with LIMIT or count"
    )


ASKING = ("SELECT", "MULTI")
"""Kinds of statements that only ask, as DuckDB names them: SHOW, DESCRIBE, VALUES and FROM are SELECT, PIVOT is MULTI."""
EXPLAIN = re.compile(r"\s*explain\b\s*(analyze\b)?\s*(\([^()]*\))?", re.I)


class Database:
    """One DuckDB file. ``threads`` limits DuckDB: starting more than one takes longer than most single questions."""

    def __init__(self, path: str, threads: int | None = None) -> None:
        import duckdb

        self.error, self.out_of_memory = duckdb.Error, (duckdb.OutOfMemoryException, MemoryError)
        try:
            limit = {"threads": str(threads)} if threads else {}
            self.connection = duckdb.connect(path, read_only=True, config={**LOCKS, **limit})
            for statement in LOCKED:
                self.connection.execute(statement)
        except duckdb.Error as error:
            raise DataFault(f"cannot open {path}: {str(error).splitlines()[0]}; {CURE}") from None

    def ask(self, query: str, parameters: Sequence[object] = (), most: int | None = None) -> Result:
        """The columns and rows of one query, of at most so many rows. Raises `UsageError` with the database's message.

        A query changes nothing, not even what later ones in the same process see.
        """
        if not isinstance(query, str) or not _encodable(query):
            raise UsageError("SQL: a query is a text in UTF-8")
        try:
            self._refuse(query)
            cursor = self.connection.execute(query, list(parameters) or None)
            columns = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall() if most is None else cursor.fetchmany(most + 1)
        except self.out_of_memory:
            raise too_big() from None
        except self.error as error:
            raise UsageError(f"SQL: {str(error).split('Traceback')[0].strip()}") from None
        if most is not None and len(rows) > most:
            raise UsageError(f"SQL: the answer has more than {most:,} rows; ask for less, with LIMIT or count")
        return columns, rows

    def _refuse(self, query: str) -> None:
        """Raise `UsageError` for anything but one statement that asks."""
        kinds = [str(one.type).rpartition(".")[2].upper() for one in self.connection.extract_statements(query)]
        if not kinds:
            raise UsageError("SQL: the query is empty; without one, accel sql prints the schema")
        if len(kinds) > 1:
            raise UsageError("SQL: one query at a time; join several with UNION or WITH")
        if kinds == ["EXPLAIN"]:
            self._refuse(query[EXPLAIN.match(query).end() :])  # type: ignore[union-attr]
        elif kinds[0] not in ASKING:
            raise UsageError(
                f"SQL: {kinds[0].replace('_', ' ')} is no question; only queries are answered, such as SELECT"
            )

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def _encodable(text: str) -> bool:
    """Whether a text is whole: bytes that were no UTF-8 reach Python as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
