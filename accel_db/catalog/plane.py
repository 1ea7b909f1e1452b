"""The plane of TPP and performance density: which region of a rule every place lies in, and where the accelerators stand. Draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.catalog.controls import Rulebook
from accel_db.catalog.rules import bounds_of, tried
from accel_db.words.errors import NoAnswer, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from accel_db.catalog.store import Store

Row = dict[str, Any]
ROOM = 2.0
"""How far beyond the outermost place the plane reaches, as a factor."""


def plane(store: Store, found: Row, day: date, datacentre: str | None = None) -> Row:
    """The regions of the rule that classifies on that day and the places of the reports in ``found``.

    ``places`` have ``tpp`` and ``density`` (or the highest it can be: ``at_most``); ``without`` are the names that have none; ``edges`` are the thresholds on each axis.
    Raises `NoAnswer` where no rule classifies or nothing can be placed, `UsageError` where the rule asks for more than the two.
    """
    book = Rulebook(store, day)
    rules = book.classes()
    if not rules:
        raise NoAnswer(f"no rule put parts into classes on {day}")
    rule = rules[-1]
    axes = {one["kind"]: name for name, one in book.quantities.items() if one["kind"] in ("tpp", "density")}
    asked = {name for name, _, _ in bounds_of(rule["test"])}
    if asked != set(axes.values()):
        raise UsageError(f"the rule of {day} asks for {', '.join(sorted(asked))}: no plane of TPP and density")
    places, without = [], []
    for one in found["reports"]:
        tpp, density = (one[axes[kind]] for kind in ("tpp", "density"))
        at, on = (_middle(measure) for measure in (tpp, density))
        if at and on:
            exact = density["value"] is not None
            places.append({"id": one["id"], "name": one["name"], "tpp": at, "density": on, "at_most": not exact})
        else:
            without.append(one["name"])
    if not places:
        raise NoAnswer("no accelerator asked for has both a TPP and a density")
    use = datacentre or "yes"
    edges = {name: [number for one, _, number in bounds_of(rule["test"]) if one == name] for name in axes.values()}
    return {
        "rule": rule["id"],
        "named": f"{rule['name']} ({rule['citation']})",
        "as_of": day.isoformat(),
        "datacentre": use,
        "places": sorted(places, key=lambda one: (one["tpp"], one["density"])),
        "without": without,
        "x": _ends([one["tpp"] for one in places] + edges[axes["tpp"]]),
        "y": _ends([one["density"] for one in places] + edges[axes["density"]]),
        "edges": tuple(sorted(set(edges[axes[kind]])) for kind in ("tpp", "density")),
        "classes": lambda xs, ys: _classes(rule, book, axes, use, xs, ys),
    }


def _middle(measure: Row) -> float | None:
    """The value, or the highest it can be."""
    chosen = measure["value"] if measure["value"] is not None else measure["high"]
    return None if chosen is None else float(chosen)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values) / ROOM, max(values) * ROOM


def _classes(
    rule: Row, book: Rulebook, axes: dict[str, str], use: str, xs: Sequence[float], ys: Sequence[float]
) -> list[list[str]]:
    """The class of every place of a grid, row by row."""
    return [[_class(rule, book, axes, use, x, y) for x in xs] for y in ys]


def _class(rule: Row, book: Rulebook, axes: dict[str, str], use: str, x: float, y: float) -> str:
    known = {axes["tpp"]: (x, x), axes["density"]: (y, y)}
    (met, *_), _ = tried(rule, None, known, {"datacentre": use})
    return book.class_of(rule, met)
