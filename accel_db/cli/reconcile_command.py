"""``accel reconcile``: the Typer command. Reads options and exits; the sums are the catalogue's, the tables the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.run import emit, guarded, say, standard_input

EXAMPLE = "Example: accel reconcile cloudmatrix-384   accel reconcile --format csv > totals.csv"
FORMS = ("table", "json", "jsonl", "csv", "tsv", "md")
COLORS = ("auto", "always", "never")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("reconcile", epilog=EXAMPLE)(reconcile)


def reconcile(
    names: Annotated[
        list[str] | None, typer.Argument(help="Systems; without any, all of them. '-' reads them from standard input.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, jsonl, csv, tsv or md.")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    color: Annotated[
        str, typer.Option("--color", help="auto, always or never; wins over NO_COLOR and FORCE_COLOR.")
    ] = "auto",
    sources: Annotated[bool, typer.Option("--sources", help="Titles and addresses under the footnotes.")] = False,
) -> None:
    """The stated totals of systems against what each claim on their accelerators amounts to: which explains which."""
    for option, value, choices in (("--format", form, FORMS), ("--color", color, COLORS)):
        if value not in choices:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(choices)}", param_hint=option)
    options = {"form": form, "json": as_json, "color": color}

    def work() -> int:
        from accel_db.catalog.reconcile import reconcile as reconciled
        from accel_db.catalog.store import Store
        from accel_db.render.reconcile import reconcile_view
        from accel_db.words.errors import UsageError

        store = Store()
        stale = store.stale()
        if stale:
            say(stale)
        wanted = names or []
        if wanted == ["-"]:
            wanted = [line.strip() for line in standard_input().splitlines() if line.strip()]
            if not wanted:
                raise UsageError("no names on standard input")
        emit(reconcile_view(reconciled(store, wanted), sources=sources), options)
        return 0

    raise typer.Exit(guarded(work, "reconcile", names or [], options))
