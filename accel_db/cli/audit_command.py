"""``accel audit``: the Typer command. Reads options and exits; the comparison is the catalogue's, the report the renderer's."""

from __future__ import annotations

from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, Sources, common
from accel_db.cli.run import emit, guarded, warn_if_stale

EXAMPLE = (
    "Example: accel audit ml_hardware.csv   accel audit chips.csv --name Chip --map 'VRAM=memory GB' --map 'BF16 peak=bf16 TFLOPS'   "
    "Exit code 1 when a figure disagrees, 0 when none does."
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("audit", epilog=EXAMPLE)(audit)


def audit(
    file: Annotated[
        str, typer.Argument(metavar="FILE.csv", help="A table, one row a chip, units in headers or cells.")
    ],
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", help="'their column=our headline or metric', a unit behind it if need be; repeatable."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The column that holds the names.")] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Somebody else's table against ours: each disagreement, its likely cause, and what could not be compared."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.catalog.audit import audit as compared
        from accel_db.catalog.catalog import Catalog
        from accel_db.render.audit import report

        with Catalog() as catalog:
            warn_if_stale(catalog.store)
            answer = report(compared(catalog, file, maps or [], name), catalog.store.marks(), sources=sources)
        emit(answer, options)
        return answer.exit_code

    raise typer.Exit(guarded(work, "audit", [], options))
