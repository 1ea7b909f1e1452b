"""``accel controls``: the Typer command. Reads options, the clock and exits; the measures are the catalogue's, the tables the renderer's."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from accel_db.cli.options import Color, Form, Json, Sources, chosen, common, example, some
from accel_db.cli.run import emit, guarded, names_given, opened, say
from accel_db.words.errors import UsageError

EXAMPLES = example(
    "accel controls h20-96gb",
    "accel controls a800-sxm4-80gb --as-of 2023-06-01 --datacentre yes",
    "accel controls --all --format csv",
    "accel controls --check",
    "accel controls --all --plot",
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


def save(path: str, text: str) -> None:
    """Write a file that was asked for. Raises `UsageError` where that cannot be."""
    try:
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def controls(
    names: Annotated[
        list[str] | None, typer.Argument(help="Accelerators, or families of them. '-' reads them from standard input.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every accelerator, one line each.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Where makers' own TPP and class labels differ from ours, and by how much.")
    ] = False,
    plot: Annotated[
        bool, typer.Option("--plot", help="TPP against performance density, with the regions of the rule of that day.")
    ] = False,
    svg: Annotated[
        str | None, typer.Option("--svg", help="Write that plot to a file as SVG; needs the plotting extra.")
    ] = None,
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
        given = names or []
        if sum([bool(given), everything, check]) != 1 or (check and (plot or svg)):
            raise UsageError("controls needs names, --all or --check, and one of them only: accel controls h20-96gb")
        day = day_of(as_of)
        if check:
            return _check(day, options)
        return _reports(given, day, datacentre, svg or plot, options | some(sources=sources))

    raise typer.Exit(guarded(work, "controls", names or [], options))


def _check(day: date, options: dict[str, Any]) -> int:
    """Makers' figures and labels beside ours."""
    from accel_db.catalog.controls_check import checked
    from accel_db.render.controls_check import check_view

    answer = check_view(checked(opened(), day))
    emit(answer, options)
    return answer.exit_code


def _reports(names: list[str], day: date, datacentre: str | None, drawing: str | bool, options: dict[str, Any]) -> int:
    """The reports on some accelerators, or on all without names; or their places in a plane, drawn or written to a file."""
    from accel_db.catalog import controls as catalog
    from accel_db.render import controls as render

    store = opened()
    found = (
        catalog.controls(store, names_given(names), day, datacentre) if names else catalog.every(store, day, datacentre)
    )
    if not drawing:
        sources = bool(options.get("sources"))
        emit(render.controls_view(found, sources=sources) if names else render.every_view(found), options)
        return 0
    from accel_db.catalog.plane import plane
    from accel_db.render.plane import plane_view, svg

    drawn = plane(store, found, day, datacentre)
    if isinstance(drawing, str):
        save(drawing, svg(drawn, found["caution"]))
        say(f"written: {drawing}")
    else:
        emit(plane_view(drawn, found["caution"]), options)
    return 0
