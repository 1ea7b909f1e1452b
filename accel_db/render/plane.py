"""Draws the plane of TPP and performance density: in characters for a terminal, and as SVG with the plotting extra. Both axes are logarithmic."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from accel_db.render.answer import Answer, Table, edition_line
from accel_db.render.controls import BRANCHES
from accel_db.words.errors import UsageError
from accel_db.words.shown import significant

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]
WIDTH, HEIGHT = 72, 24
SHADES = {"a": "#", "b": "+", "none": "."}
COLOURS = {"a": "#f4b6a6", "b": "#f7e3a1", "none": "#e6efe2"}
MEANS = {"a": "paragraph a", "b": "paragraph b", "none": "neither"}
MARKS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TICKS = 4
COLUMNS = ("mark", "id", "name", "tpp", "density", "at_most", "class")


def plane_view(drawn: Row, caution: str) -> Answer:
    """The plane in characters, every accelerator a mark, and the list of marks."""
    xs, ys = _steps(drawn["x"], WIDTH), _steps(drawn["y"], HEIGHT)
    grid = [[SHADES[one] for one in row] for row in drawn["classes"](xs, ys)]
    flat = []
    for place, mark in zip(drawn["places"], _marks(len(drawn["places"])), strict=True):
        column, row = _nearest(xs, place["tpp"]), _nearest(ys, place["density"])
        grid[row][column] = "*" if grid[row][column] not in SHADES.values() else mark
        ((class_,),) = drawn["classes"]([place["tpp"]], [place["density"]])
        flat.append({"mark": mark, **place, "class": class_})
    lines = [[one["mark"], one["name"], significant(one["tpp"], 6), _bounded(one), one["class"]] for one in flat]
    blocks: list[str | Table] = [_title(drawn), "", *_framed(grid, ys, drawn), ""]
    blocks += [_legend(), "", Table(["", "name", "TPP", "density", "class"], lines, "llrrl")]
    blocks += [f"no density or no TPP: {', '.join(drawn['without'])}"] if drawn["without"] else []
    blocks += [caution, edition_line()]
    kept = ("rule", "as_of", "datacentre", "without")
    document = {"command": "controls", **{key: drawn[key] for key in kept}, "caution": caution, "places": flat}
    return Answer(document, COLUMNS, flat, blocks)


def _middles(edges: Sequence[float]) -> list[float]:
    return [math.sqrt(low * high) for low, high in itertools.pairwise(edges)]


def _marks(count: int) -> list[str]:
    return [MARKS[i] if i < len(MARKS) else "*" for i in range(count)]


def _bounded(place: Row) -> str:
    return ("≤ " if place["at_most"] else "") + significant(place["density"], 3)


def _title(drawn: Row) -> str:
    return f"{drawn['named']} on {drawn['as_of']}, {BRANCHES[drawn['datacentre']]}"


def _legend() -> str:
    return "  ".join(f"{SHADES[one]} {MEANS[one]}" for one in SHADES) + "  * several  ≤ the highest it can be"


def _steps(ends: tuple[float, float], count: int) -> list[float]:
    """Places from end to end, evenly on a logarithmic axis."""
    low, high = (math.log10(end) for end in ends)
    return [10 ** (low + (high - low) * i / (count - 1)) for i in range(count)]


def _nearest(steps: Sequence[float], value: float) -> int:
    return min(range(len(steps)), key=lambda i: abs(math.log10(steps[i]) - math.log10(value)))


def _framed(grid: Sequence[Sequence[str]], ys: Sequence[float], drawn: Row) -> list[str]:
    """The grid with both axes labelled, the highest density on top."""
    every = max(1, HEIGHT // TICKS)
    rows = []
    for i in range(HEIGHT - 1, -1, -1):
        label = significant(ys[i], 2) if i % every == 0 or i == HEIGHT - 1 else ""
        rows.append(f"{label:>8} |{''.join(grid[i])}")
    ticks = [significant(_steps(drawn["x"], TICKS + 1)[i], 2) for i in range(TICKS + 1)]
    axis = [" "] * (WIDTH + 10)
    for i, tick in enumerate(ticks):
        at = min(i * (WIDTH - 1) // TICKS, WIDTH - len(tick))
        axis[at : at + len(tick)] = tick
    return ["density, TPP/mm²", *rows, f"{'':>8} +{'-' * WIDTH}", f"{'':>10}{''.join(axis).rstrip()}  TPP"]


def svg(drawn: Row, caution: str) -> str:
    """The plane as SVG. Raises `UsageError` without the plotting extra."""
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.colors import ListedColormap
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise UsageError("an SVG needs the plotting extra: pip install 'accel-db[plot]'") from None
    import io

    # Between two thresholds nothing changes: a region is drawn as the fields that they cut out.
    xs, ys = ([ends[0], *edges, ends[1]] for ends, edges in zip((drawn["x"], drawn["y"]), drawn["edges"], strict=True))
    order = list(COLOURS)
    shades = [[order.index(one) for one in row] for row in drawn["classes"](_middles(xs), _middles(ys))]
    # The same drawing is the same file: no date, and no random names of its parts.
    with mpl.rc_context({"svg.hashsalt": "accel-db", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(9, 6.5))
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.set(xscale="log", yscale="log", xlabel="TPP", ylabel="performance density, TPP/mm²", title=_title(drawn))
        axes.pcolormesh(xs, ys, shades, cmap=ListedColormap(list(COLOURS.values())), vmin=0, vmax=2, shading="flat")
        for place in drawn["places"]:
            shape = "v" if place["at_most"] else "o"
            axes.plot([place["tpp"]], [place["density"]], shape, color="#20303c", markersize=4)
            axes.annotate(place["name"], (place["tpp"], place["density"]), xytext=(4, 3), textcoords="offset points")
        handles = [mpl.patches.Patch(color=COLOURS[one], label=MEANS[one]) for one in COLOURS]
        axes.legend(handles=handles, loc="upper left")
        figure.text(0.01, 0.01, caution, fontsize=6)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()
