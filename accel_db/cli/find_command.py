"""``accel find``: the Typer command. Reads options and exits; the search is the catalogue's, the tables the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, Sources, common
from accel_db.cli.run import emit, guarded, opened

EXAMPLE = "Example: accel find '800 TFLOPS'   accel find 192GB --derived   accel find teraflops   Exit code 1 when no claim has it."


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
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Which claims print a figure: of what, from whom, and whether it still stands."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.catalog.find import find_claims
        from accel_db.render.find import find_view

        store = opened()
        emit(find_view(find_claims(store, text, derived=derived), sources=sources), options)
        return 0

    raise typer.Exit(guarded(work, "find", [], options))
