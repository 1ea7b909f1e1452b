"""``accel changes``: the Typer command. Reads options and exits; choosing is the catalogue's, drawing the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, common
from accel_db.cli.run import emit, guarded, opened

EXAMPLE = "Example: accel changes   accel changes --since 2026-10-01   accel changes --since 2026.1 --format md"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("changes", epilog=EXAMPLE)(changes)


def changes(
    since: Annotated[
        str | None, typer.Option("--since", help="A date (editions of that day or later) or an edition (later ones).")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
) -> None:
    """What each edition of the data added, removed and changed, newest first."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.catalog.changes import changes as recorded
        from accel_db.render.differences import changes as drawn

        emit(drawn(recorded(opened(), since), since, markdown=form == "md"), options)
        return 0

    raise typer.Exit(guarded(work, "changes", [], options))
