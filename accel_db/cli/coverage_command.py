"""``accel coverage``: the Typer command. Reads options and exits; the matrix is the catalogue's, the tables the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.run import emit, guarded, say

EXAMPLE = (
    "Example: accel coverage --country CN --kind accelerator --headlines half,memory,power   accel coverage --format md"
)
FORMS = ("table", "json", "jsonl", "csv", "tsv", "md")
COLORS = ("auto", "always", "never")


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
    form: Annotated[str, typer.Option("--format", help="table, json, jsonl, csv, tsv or md.")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    color: Annotated[
        str, typer.Option("--color", help="auto, always or never; wins over NO_COLOR and FORCE_COLOR.")
    ] = "auto",
) -> None:
    """What is known of every subject and what is not: maker's figure, second-hand, disputed, derived, none, looked for, unknown."""
    for option, value, choices in (("--format", form, FORMS), ("--color", color, COLORS)):
        if value not in choices:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(choices)}", param_hint=option)
    options = {"form": form, "json": as_json, "color": color}
    columns = [name for given in headlines or [] for name in given.split(",") if name]

    def work() -> int:
        from accel_db.catalog.coverage import coverage as covered
        from accel_db.catalog.store import Store
        from accel_db.render.coverage import coverage_view

        store = Store()
        stale = store.stale()
        if stale:
            say(stale)
        emit(coverage_view(covered(store, vendor=vendor, country=country, kind=kind, headlines=columns)), options)
        return 0

    raise typer.Exit(guarded(work, "coverage", [], options))
