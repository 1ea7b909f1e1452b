"""``accel export``: the Typer command. Reads options and exits; the files are the catalogue's, their list the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, common, split
from accel_db.cli.run import emit, guarded, say, warn_if_stale

EXAMPLE = "Example: accel export parquet accel-parquet   accel export csv accel-csv --table claim,source   accel export api public --force"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("export", epilog=EXAMPLE)(export)


def export(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="duckdb, parquet, csv, json, jsonl, datapackage, croissant or api."),
    ],
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    tables: Annotated[
        list[str] | None, typer.Option("--table", help="Only these tables, separated by commas; all without.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier export there; other files are left alone.")
    ] = False,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
) -> None:
    """The whole database for other programs, every number with its source; docs/export.md has the layout. datapackage and croissant need: pip install 'accel-db[export]'."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.catalog.catalog import Catalog
        from accel_db.render.export import exported_view

        with Catalog() as catalog:
            warn_if_stale(catalog.store)
            exported = catalog.export(kind, directory, tables=split(tables), force=force)
        say(
            f"exported {kind} to {exported.directory}, {exported.manifest['licence']}; credit: {exported.manifest['credit']}"
        )
        emit(exported_view(exported), options)
        return 0

    raise typer.Exit(guarded(work, "export", [], options))
