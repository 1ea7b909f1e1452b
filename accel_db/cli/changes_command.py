"""``accel changes``: the Typer command. Reads options and exits; choosing is the catalogue's, drawing the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.run import emit, guarded, say

EXAMPLE = "Example: accel changes   accel changes --since 2026-10-01   accel changes --since 2026.1 --format md"
FORMS = ("table", "json", "jsonl", "csv", "tsv", "md")
COLORS = ("auto", "always", "never")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("changes", epilog=EXAMPLE)(changes)


def changes(
    since: Annotated[
        str | None, typer.Option("--since", help="A date (editions of that day or later) or an edition (later ones).")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, jsonl, csv, tsv or md.")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    color: Annotated[
        str, typer.Option("--color", help="auto, always or never; wins over NO_COLOR and FORCE_COLOR.")
    ] = "auto",
) -> None:
    """What each edition of the data added, removed and changed, newest first."""
    for option, value, choices in (("--format", form, FORMS), ("--color", color, COLORS)):
        if value not in choices:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(choices)}", param_hint=option)
    options = {"form": form, "json": as_json, "color": color}

    def work() -> int:
        from accel_db.catalog.changes import changes as recorded
        from accel_db.catalog.store import Store
        from accel_db.render.differences import changes as drawn

        store = Store()
        stale = store.stale()
        if stale:
            say(stale)
        emit(drawn(recorded(store, since), since, markdown=form == "md"), options)
        return 0

    raise typer.Exit(guarded(work, "changes", [], options))
