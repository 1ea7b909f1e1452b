"""``accel_db.open() -> Catalog``: cards by name, and SQL over the DuckDB file, read-only and shut off from everything else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from accel_db.catalog.peaks import Peak, peak
from accel_db.catalog.resolve import expand, one_id
from accel_db.catalog.store import Store
from accel_db.words.errors import DataFault, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCKS = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


class Catalog:
    """A built database opened for reading. ``data`` is its folder; the package's own by default.

    ``threads`` limits DuckDB: starting more than one takes longer than most single questions.
    """

    def __init__(self, data: str | None = None, *, threads: int | None = None) -> None:
        self.store = Store(data)
        self.threads = threads
        self._connection: Any = None

    def resolve(self, name: str) -> str:
        """The id of one subject. Raises `NotFound` or `Ambiguous`."""
        return one_id(self.store, name)

    def card(self, name: str) -> dict[str, Any]:
        """Everything known of one subject, as plain JSON values. Raises `NotFound` or `Ambiguous`."""
        return self.store.card(self.resolve(name))

    def cards(self, *names: str) -> list[dict[str, Any]]:
        """The cards of several names, families expanded. Raises one `NotFound` for all bad names."""
        return expand(self.store, names)[0]

    def peak(self, name: str, metric: str = "half", *, strict: bool = False) -> Peak:
        """See `accel_db.peak`."""
        return peak(name, metric, strict=strict, data=self.store.data)

    def sql(self, query: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The rows of a query, as dicts. Raises `UsageError` with the database's message."""
        columns, rows = self.table(query, parameters)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def table(self, query: str, parameters: Sequence[object] = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The column names and rows of a query."""
        import duckdb

        if not isinstance(query, str) or not _encodable(query):
            raise UsageError("SQL: a query is a text in UTF-8")
        if self._connection is None:
            self._connection = self._connect(duckdb)
        try:
            if len(self._connection.extract_statements(query)) > 1:
                raise UsageError("SQL: one query at a time; join several with UNION or WITH")
            cursor = self._connection.execute(query, list(parameters) or None)
            if cursor is None:
                raise UsageError("SQL: the query is empty; without one, accel sql prints the schema")
            columns = [column[0] for column in cursor.description or []]
            return columns, cursor.fetchall()
        except duckdb.Error as error:
            raise UsageError(f"SQL: {str(error).strip()}") from None

    def _connect(self, duckdb: Any) -> Any:
        path = os.path.join(self.store.folder, "accel.duckdb")
        try:
            return duckdb.connect(
                path, read_only=True, config=LOCKS | ({"threads": str(self.threads)} if self.threads else {})
            )
        except duckdb.Error as error:
            raise DataFault(f"cannot open {path}: {str(error).splitlines()[0]}; run: accel build") from None

    def close(self) -> None:
        """Close the database; the cards stay readable."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _encodable(text: str) -> bool:
    """Whether a text is whole: bytes that were no UTF-8 reach Python as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def open(data: str | None = None) -> Catalog:  # noqa: A001  accel_db.open() is the public name
    """Open the built database (the package's own, or another folder's). Raises `DataFault` when there is none."""
    return Catalog(data)
