"""``accel reconcile``: the Typer command. Reads options and exits; the sums are the catalogue's, the tables the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, Sources, common
from accel_db.cli.run import emit, guarded, names_given, opened

EXAMPLE = "Example: accel reconcile cloudmatrix-384   accel reconcile --format csv > totals.csv"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("reconcile", epilog=EXAMPLE)(reconcile)


def reconcile(
    names: Annotated[
        list[str] | None, typer.Argument(help="Systems; without any, all of them. '-' reads them from standard input.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """The stated totals of systems against what each claim on their accelerators amounts to: which explains which."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.catalog.reconcile import reconcile as reconciled
        from accel_db.render.reconcile import reconcile_view

        store = opened()
        emit(reconcile_view(reconciled(store, names_given(names or [])), sources=sources), options)
        return 0

    raise typer.Exit(guarded(work, "reconcile", names or [], options))
