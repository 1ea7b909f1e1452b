"""``accel find``: the Typer command. Reads options and exits; the search is the catalogue's, the tables the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.run import emit, guarded, say

EXAMPLE = "Example: accel find '800 TFLOPS'   accel find 192GB --derived   accel find teraflops   Exit code 1 when no claim has it."
FORMS = ("table", "json", "jsonl", "csv", "tsv", "md")
COLORS = ("auto", "always", "never")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("find", epilog=EXAMPLE)(find)


def find(
    text: Annotated[
        str,
        typer.Argument(
            help="A figure with its unit; a bare number is found in any unit, anything else is searched as text."
        ),
    ],
    derived: Annotated[bool, typer.Option("--derived", help="Computed values too.")] = False,
    form: Annotated[str, typer.Option("--format", help="table, json, jsonl, csv, tsv or md.")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    color: Annotated[
        str, typer.Option("--color", help="auto, always or never; wins over NO_COLOR and FORCE_COLOR.")
    ] = "auto",
    sources: Annotated[bool, typer.Option("--sources", help="Titles and addresses under the footnotes.")] = False,
) -> None:
    """Which claims print a figure: of what, from whom, and whether it still stands."""
    for option, value, choices in (("--format", form, FORMS), ("--color", color, COLORS)):
        if value not in choices:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(choices)}", param_hint=option)
    options = {"form": form, "json": as_json, "color": color}

    def work() -> int:
        from accel_db.catalog.find import find_claims
        from accel_db.catalog.store import Store
        from accel_db.render.find import find_view

        store = Store()
        stale = store.stale()
        if stale:
            say(stale)
        emit(find_view(find_claims(store, text, derived=derived), sources=sources), options)
        return 0

    raise typer.Exit(guarded(work, "find", [], options))
