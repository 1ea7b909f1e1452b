"""``accel coverage``: the Typer command. Reads options and exits; the matrix is the catalogue's, the tables the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, common, split
from accel_db.cli.run import emit, guarded, opened

EXAMPLE = (
    "Example: accel coverage --country CN --kind accelerator --headlines half,memory,power   accel coverage --format md"
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("coverage", epilog=EXAMPLE)(coverage)


def coverage(
    vendor: Annotated[str | None, typer.Option("--vendor", help="Vendor id or name.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Country code of the maker, such as CN.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="accelerator, system, family, or gpu, npu, tpu, rack, pod …")
    ] = None,
    headlines: Annotated[
        list[str] | None, typer.Option("--headlines", help="Headlines to show, separated by commas.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
) -> None:
    """What is known of every subject and what is not: maker's figure, second-hand, disputed, derived, none, looked for, unknown."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.catalog.coverage import coverage as covered
        from accel_db.render.coverage import coverage_view

        store = opened()
        emit(
            coverage_view(covered(store, vendor=vendor, country=country, kind=kind, headlines=split(headlines))),
            options,
        )
        return 0

    raise typer.Exit(guarded(work, "coverage", [], options))
