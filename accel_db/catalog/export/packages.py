"""Described data packages: a Frictionless Data Package over CSV, a Croissant dataset over Parquet. Made and validated by their own libraries."""

from __future__ import annotations

import csv
import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from accel_db.catalog.export.layout import LAYOUT, facts
from accel_db.catalog.export.writers import Piece, checksum, write, write_csv, write_parquet
from accel_db.words.errors import DataFault, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from accel_db.catalog.export.layout import Column, Table
    from accel_db.catalog.export.writers import Job

TITLE = "accel-db: publicly documented AI accelerators and the systems built from them"
ABOUT = (
    "Every number was read by an editor in a public document and says which one, where in it, and how it was printed. "
    "Sources that disagree stand side by side; table claim has every figure, headline the answers, source the documents."
)
ESCAPED = (
    " Texts in the CSV files are escaped: a control character is written as in JSON, a backslash is doubled, and a cell that could start "
    "a formula, or starts with an apostrophe, has an apostrophe in front."
)
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FRICTIONLESS = {
    "text": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "date": "date",
    "list": "array",
}
CROISSANT = {
    "text": "TEXT",
    "number": "FLOAT",
    "integer": "INTEGER",
    "boolean": "BOOL",
    "date": "DATE",
    "list": "TEXT",
}


def needed(package: str, kind: str) -> None:
    """Raise `UsageError` where the library of a kind of package is not installed."""
    if find_spec(package) is None:
        raise UsageError(
            f"export {kind} needs a package that is not installed ({package}); run: pip install 'accel-db[export]'"
        )


def write_datapackage(job: Job) -> list[Piece]:
    """CSV files and ``datapackage.json``, with keys and references. Raises `DataFault` where the library finds it invalid."""
    needed("frictionless", "datapackage")
    pieces = write_csv(job)
    limit = csv.field_size_limit()
    try:
        _describe(job, pieces)
    finally:
        csv.field_size_limit(limit)  # the library sets its own for the whole process
    return [*pieces, Piece("datapackage.json")]


def _describe(job: Job, pieces: list[Piece]) -> None:
    from frictionless import Package

    written = {table.name for table in job.tables}
    path = str(job.folder / "datapackage.json")
    package = Package.from_descriptor(
        {
            "name": "accel-db",
            "title": TITLE,
            "description": ABOUT + ESCAPED,
            "version": facts(job.connection)["edition"],
            "licenses": [{"name": "CC-BY-4.0", "path": LICENCE, "title": "Creative Commons Attribution 4.0"}],
            "resources": [_resource(piece, written, job.folder) for piece in pieces],
        },
        basepath=str(job.folder),
    )
    package.to_json(path)
    report = Package(path).validate()
    if not report.valid:
        raise DataFault(f"the data package is not valid: {report.flatten(['title', 'message'])[0]}")


def _resource(piece: Piece, written: set[str], folder: Path) -> dict[str, Any]:
    assert piece.table is not None
    table = piece.table
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": FRICTIONLESS[column.type], "description": column.comment}
            for column in table.columns
        ],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [
        {"fields": [column], "reference": {"resource": other, "fields": [key]}}
        for column, (other, key) in table.refers.items()
        if other in written
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "name": table.name,
        "type": "table",
        "path": piece.path,
        "description": table.comment,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / piece.path).stat().st_size,
        "hash": f"sha256:{checksum(folder / piece.path)}",
        "schema": schema,
    }


def write_croissant(job: Job) -> list[Piece]:
    """Parquet files and ``croissant.json``, one record set a table. Raises `DataFault` where the library finds it invalid."""
    needed("mlcroissant", "croissant")
    import mlcroissant as mlc

    pieces = write_parquet(job)
    edition = facts(job.connection)["edition"]
    dates = [row["date"] for row in job.store.rows("changes") if row and row["name"] == edition]
    try:
        metadata = mlc.Metadata(
            name="accel-db",
            description=ABOUT,
            license=[LICENCE],
            version=f"{edition}.0",  # Croissant wants three numbers
            date_published=dates[0] if dates else None,
            cite_as=f"@misc{{accel_db, title={{{TITLE}}}, author={{The accel-db editors}}, note={{edition {edition}, layout {LAYOUT}}}}}",
            creators=[mlc.Organization(name="The accel-db editors")],
            distribution=[_file(piece, job.folder) for piece in pieces],
            record_sets=[_records(piece) for piece in pieces],
        )
        write(job.folder / "croissant.json", json.dumps(metadata.to_json(), ensure_ascii=False, indent=2) + "\n")
        mlc.Dataset(jsonld=str(job.folder / "croissant.json"))
    except mlc.ValidationError as error:
        raise DataFault(f"the Croissant description is not valid: {error}") from None
    return [*pieces, Piece("croissant.json")]


def _file(piece: Piece, folder: Path) -> Any:
    import mlcroissant as mlc

    assert piece.table is not None
    return mlc.FileObject(
        id=f"{piece.table.name}-file",
        name=piece.path,
        description=piece.table.comment,
        content_url=piece.path,
        content_size=f"{(folder / piece.path).stat().st_size} B",
        encoding_formats=["application/x-parquet"],
        sha256=checksum(folder / piece.path),
    )


def _records(piece: Piece) -> Any:
    import mlcroissant as mlc

    assert piece.table is not None
    table = piece.table
    return mlc.RecordSet(
        id=table.name,
        name=table.name,
        description=table.comment,
        key=[f"{table.name}/{column}" for column in table.key] or None,
        fields=[_field(table, column) for column in table.columns],
    )


def _field(table: Table, column: Column) -> Any:
    """A column. What it refers to is told in words: mlcroissant would join the tables of a declared reference while reading."""
    import mlcroissant as mlc

    other, _ = table.refers.get(column.name, ("", ""))
    told = column.comment + (" (a list, as JSON)" if column.type == "list" else "")
    return mlc.Field(
        id=f"{table.name}/{column.name}",
        name=column.name,
        description=f"{told} (key of {other})" if other else told,
        data_types=[getattr(mlc.DataType, CROISSANT[column.type])],
        source=mlc.Source(file_object=f"{table.name}-file", extract=mlc.Extract(column=column.name)),
    )
