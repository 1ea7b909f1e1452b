"""``accel timeline``: the Typer command. Reads options, the clock and exits; the list is the catalogue's, the table the renderer's."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, common, example
from accel_db.cli.run import emit, guarded, names_given, opened


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("timeline", epilog=example("accel timeline", "accel timeline h20-96gb"))(timeline)


def timeline(
    names: Annotated[
        list[str] | None, typer.Argument(help="What it is about; without names, everything. '-' reads standard input.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
) -> None:
    """Export rules, events around them and launches in one dated list; of an accelerator also what each rule said of it. No legal advice."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.catalog.timeline import timeline as dated
        from accel_db.render.timeline import timeline_view

        emit(timeline_view(dated(opened(), names_given(names or []) if names else [], date.today())), options)
        return 0

    raise typer.Exit(guarded(work, "timeline", names or [], options))
