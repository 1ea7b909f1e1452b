"""Writes tables down as Parquet, CSV, JSON, JSON Lines, or hands on the DuckDB file itself. Says what it wrote; moves nothing into place."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.catalog.export.compact import compact
from accel_db.catalog.export.layout import facts, rows
from accel_db.words.cells import cell
from accel_db.words.hidden import visible
from accel_db.words.sql import quoted, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accel_db.catalog.export.layout import Column, Table
    from accel_db.catalog.store import Store


@dataclass(frozen=True)
class Job:
    """What is to be written, and where: an open database, its tables, and a folder of our own."""

    store: Store
    connection: Any
    tables: Sequence[Table]
    folder: Path


@dataclass(frozen=True)
class Piece:
    """A file written: its path below the folder, and the table and number of rows it holds, where it holds one."""

    path: str
    table: Table | None = None
    rows: int | None = None


def write_duckdb(job: Job) -> list[Piece]:
    """The database file as it is, with its views and comments."""
    shutil.copyfile(Path(job.store.folder) / "accel.duckdb", job.folder / "accel.duckdb")
    return [Piece("accel.duckdb")]


def write_parquet(job: Job) -> list[Piece]:
    """One folder a table, as Trino and Spark want it. Lists are JSON texts, so that every column is plain."""
    found = facts(job.connection)
    pieces = []
    for table in job.tables:
        columns = ", ".join(map(_plain, table.columns))
        notes = {
            "edition": found["edition"],
            "schema": found["schema"],
            "licence": found["licence"],
            "comment": table.comment,
            "columns": json.dumps({column.name: column.comment for column in table.columns}, ensure_ascii=False),
        }
        said = ", ".join(f"{name}: {text(value)}" for name, value in notes.items())
        path = job.folder / table.name / "part-0.parquet"
        path.parent.mkdir()
        (count,) = job.connection.execute(
            f"COPY (SELECT {columns} FROM ({table.query})) TO {text(str(path))} "
            f"(FORMAT parquet, COMPRESSION snappy, KV_METADATA {{{said}}})"
        ).fetchone()
        pieces.append(Piece(f"{table.name}/part-0.parquet", table, count))
    return pieces


def _plain(column: Column) -> str:
    name = quoted(column.name)
    return f"CAST(to_json({name}) AS VARCHAR) AS {name}" if column.type == "list" else name


def write_csv(job: Job) -> list[Piece]:
    """One file a table, safe to open in a spreadsheet or a terminal; nothing and an empty text are both an empty cell."""
    return [_csv(job, table) for table in job.tables]


def _csv(job: Job, table: Table) -> Piece:
    path, count = f"{table.name}.csv", 0
    with (job.folder / path).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        for row in rows(job.connection, table):
            writer.writerow([csv_cell(value) for value in row])
            count += 1
    return Piece(path, table, count)


def csv_cell(value: Any) -> str:
    """A value in CSV: texts made safe, lists as JSON, numbers and dates as they are."""
    if value is None:
        return ""
    if isinstance(value, str):
        return cell(value)
    if isinstance(value, list):
        return visible(_json(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def write_json(job: Job) -> list[Piece]:
    """One file a table: an array with one row a line, exact, lists as lists."""
    return [_objects(job, table, "json", ("[\n", ",\n", "\n]\n")) for table in job.tables]


def write_jsonl(job: Job) -> list[Piece]:
    """One file a table, one row a line, exact, lists as lists."""
    return [_objects(job, table, "jsonl", ("", "\n", "\n")) for table in job.tables]


def _objects(job: Job, table: Table, ending: str, marks: tuple[str, str, str]) -> Piece:
    """Rows as objects, with what stands before, between and after them."""
    path, count = f"{table.name}.{ending}", 0
    before, between, after = marks
    names = [column.name for column in table.columns]
    with (job.folder / path).open("w", encoding="utf-8", newline="\n") as out:
        for row in rows(job.connection, table):
            out.write((between if count else before) + _json(dict(zip(names, row, strict=True))))
            count += 1
        out.write(after if count else before.strip() + after.lstrip())
    return Piece(path, table, count)


def write(path: Path, content: str) -> None:
    """Write a text as it is, on every system."""
    path.write_text(content, encoding="utf-8", newline="\n")


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(value: Any) -> str:
    return compact(value, str)
