"""``accel_db.open() -> Catalog``: cards by name, and SQL over the DuckDB file, read-only and shut off from everything else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from accel_db.catalog.database import Database
from accel_db.catalog.peaks import Peak, peak
from accel_db.catalog.resolve import expand, one_id
from accel_db.catalog.sandbox import SECONDS, Sandbox
from accel_db.catalog.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accel_db.catalog.database import Result
    from accel_db.catalog.export.export import Exported


class Catalog:
    """A built database opened for reading. ``data`` is its folder; the package's own by default.

    ``threads`` limits DuckDB: starting more than one takes longer than most single questions.
    """

    def __init__(self, data: str | None = None, *, threads: int | None = None) -> None:
        self.store = Store(data)
        self.threads = threads
        self._database: Database | None = None
        self._sandbox: Sandbox | None = None

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

    def sql(self, query: str, parameters: Sequence[object] = (), *, seconds: float = SECONDS) -> list[dict[str, Any]]:
        """The rows of a query, as dicts. See `table`."""
        columns, rows = self.table(query, parameters, seconds=seconds)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def table(self, query: str, parameters: Sequence[object] = (), *, seconds: float = SECONDS) -> Result:
        """The column names and rows of a query, which runs in a process of its own.

        Raises `UsageError` with the database's message, or for a query that takes too much time or memory.
        """
        if self._sandbox is None:
            self._sandbox = Sandbox(self._path(), self.threads)
        return self._sandbox.ask(query, parameters, seconds)

    def ask(self, query: str, parameters: Sequence[object] = ()) -> Result:
        """The column names and rows of a query of our own, in this process: it has no limit of time or rows."""
        if self._database is None:
            self._database = Database(self._path(), self.threads)
        return self._database.ask(query, parameters)

    def _path(self) -> str:
        return os.path.join(self.store.folder, "accel.duckdb")

    def export(
        self, kind: str, directory: str | os.PathLike[str], *, tables: Sequence[str] = (), force: bool = False
    ) -> Exported:
        """Write the database as ``duckdb``, ``parquet``, ``csv``, ``json``, ``jsonl``, ``datapackage``, ``croissant`` or ``api``; see docs/export.md.

        Raises `UsageError` for an unknown kind or table, a folder in use, a library that is not installed; `DataFault` for the rest.
        """
        from accel_db.catalog.export.export import export

        return export(self.store, kind, directory, tables, force=force)

    def close(self) -> None:
        """Close the database; the cards stay readable."""
        for opened in (self._database, self._sandbox):
            if opened is not None:
                opened.close()
        self._database = self._sandbox = None

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open(data: str | None = None) -> Catalog:  # noqa: A001  accel_db.open() is the public name
    """Open the built database (the package's own, or another folder's). Raises `DataFault` when there is none."""
    return Catalog(data)
