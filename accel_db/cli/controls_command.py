"""``accel controls``: the Typer command. Reads options, the clock and exits; the measures are the catalogue's, the tables the renderer's."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from accel_db.cli.options import Color, Form, Json, Sources, chosen, common, example
from accel_db.cli.run import emit, guarded, names_given, opened
from accel_db.words.errors import UsageError

EXAMPLES = example(
    "accel controls h20-96gb",
    "accel controls a800-sxm4-80gb --as-of 2023-06-01 --datacentre yes",
    "accel controls --all --format csv",
    "accel controls --check",
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("controls", epilog=EXAMPLES)(controls)


def day_of(text: str | None) -> date:
    """The day asked about, or today."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise UsageError(f"--as-of {text!r} is no day such as 2023-12-01") from None


def controls(
    names: Annotated[
        list[str] | None, typer.Argument(help="Accelerators, or families of them. '-' reads them from standard input.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every accelerator, one line each.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Where makers' own TPP and class labels differ from ours, and by how much.")
    ] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The rules of that day, such as 2023-12-01.")] = None,
    datacentre: Annotated[
        str | None,
        typer.Option("--datacentre", help="yes or no: designed or marketed for data centres; both without it."),
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """TPP, performance density and the paragraph of every dated export rule, with inputs, margins and doubts. No legal advice."""
    options = common(form, as_json, color, sources)
    chosen("--datacentre", datacentre, ("yes", "no"))

    def work() -> int:
        from accel_db.catalog import controls as catalog
        from accel_db.render import controls as render

        day, given = day_of(as_of), names or []
        if sum([bool(given), everything, check]) != 1:
            raise UsageError("controls needs names, --all or --check, and one of them only: accel controls h20-96gb")
        if check:
            from accel_db.catalog.controls_check import checked
            from accel_db.render.controls_check import check_view

            answer = check_view(checked(opened(), day))
            emit(answer, options)
            return answer.exit_code
        if everything:
            emit(render.every_view(catalog.every(opened(), day, datacentre)), options)
        else:
            found = catalog.controls(opened(), names_given(given), day, datacentre)
            emit(render.controls_view(found, sources=sources), options)
        return 0

    raise typer.Exit(guarded(work, "controls", names or [], options))
