"""Finds the claims that print a figure: equal in any unit of its dimension, sizes also as marketed, hedges ignored.

A bare number is looked for in every unit; what is no figure is searched as text. Nothing near counts as equal.
"""

from __future__ import annotations

from contextlib import suppress
from math import isclose
from typing import TYPE_CHECKING, Any

from accel_db.catalog.measures import units_of
from accel_db.catalog.resolve import LONGEST
from accel_db.words.errors import NoAnswer, Unreadable, UsageError
from accel_db.words.printed import Printed, read_figure
from accel_db.words.shown import clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from accel_db.catalog.store import Store
    from accel_db.words.units import Units

Row = dict[str, Any]
CLOSE = 1e-9
"""Share by which two numbers may differ and be equal: what floating point loses."""
BARE = "one"
"""The unit of a number that names none."""
TEXTS = ("printed", "text", "row")
"""Where a text that is no figure is searched."""
MERGED = ("subject", "source", "locator", "printed", "row", "text", "per", "variant", "accumulate", "value", "absent")
"""What claims share that are one printed figure entered under several metrics."""


def find_claims(store: Store, text: str, *, derived: bool = False) -> Row:
    """The claims that print ``text``: ``searched`` (``figure``, ``number`` or ``text``), ``groups`` and ``why`` it is no figure.

    A group is one subject: its ``lines`` (standing first), and the ``origins`` of those that stand; most origins come first.
    Raises `NoAnswer` when nothing matches.
    """
    if not text.strip():
        raise UsageError("nothing to find: give a figure such as '800 TFLOPS', or a text")
    searched, why, fits = _question(store, text)
    found = _matching(store, fits)
    kept = [one for one in found if derived or not one["claim"]["derived"]]
    if not kept:
        hidden = f"; {len(found)} derived claims do: see --derived" if found else ""
        said = f" (searched as text: {why})" if why else ""
        raise NoAnswer(f"no claim prints {clipped(text)!r}{said}{hidden}", searched=searched, derived=len(found))
    groups = _groups(kept)
    return {
        "text": text,
        "searched": searched,
        "why": why,
        "derived": derived,
        "claims": len(kept),
        "origins": len({origin.casefold() for group in groups for origin in group["origins"]}),
        "groups": groups,
    }


def _question(store: Store, text: str) -> tuple[str, str | None, Callable[[Row, bool], bool]]:
    """How a text is searched, why it is no figure if it is none, and the test of a claim."""
    units, _ = units_of(store)
    try:
        figure = _read(text, units)
    except Unreadable as error:
        why = f"{error.message}; {error.cure}" if "near:" in error.cure else error.message
    else:
        return "figure", None, lambda claim, marketed: _equal(claim, figure, units, marketed)
    try:
        number = _read(text, units, BARE)
    except Unreadable:
        wanted = text.strip().casefold()
        return "text", why, lambda claim, _: any(wanted in str(claim[key] or "").casefold() for key in TEXTS)
    return "number", None, lambda claim, _: _same_number(claim, number, units)


def _read(text: str, units: Units, bare: str | None = None) -> Printed:
    """A figure of a length that can be one; longer numbers overflow every calculation."""
    if len(text) > LONGEST:
        raise Unreadable(f"{len(text)} characters are no figure", "")
    return read_figure(text, units, None, bare)


def _equal(claim: Row, figure: Printed, units: Units, marketed: bool) -> bool:
    """Whether a claim's exact value is the figure; a size may also be it as marketed."""
    unit = units.by_name.get(claim["unit"] or "")
    if unit is None or unit.base != figure.unit.base or claim["value"] is None:
        return False
    ends = [units.convert(end, figure.unit, unit) for end in (figure.low, figure.high)]
    if _ends_are(claim["low"], claim["value"], ends):
        return True
    sold = [units.convert(end, figure.unit, unit, marketed=True) for end in (figure.low, figure.high)]
    return marketed and _ends_are(claim["compared"], claim["compared"], sold)


def _ends_are(low: float, high: float, wanted: Sequence[Decimal]) -> bool:
    """Whether a value or range is the one wanted; a single number is also found as either end of a range."""
    first, last = (float(end) for end in wanted)
    if first != last:
        return isclose(low, first, rel_tol=CLOSE) and isclose(high, last, rel_tol=CLOSE)
    return isclose(high, first, rel_tol=CLOSE) or isclose(low, first, rel_tol=CLOSE)


def _same_number(claim: Row, number: Printed, units: Units) -> bool:
    """Whether a claim shows a number, whatever its unit: as printed, or in our own unit."""
    if claim["value"] is None:
        return False
    wanted = (number.low, number.high)
    if _ends_are(claim["low"], claim["value"], wanted):
        return True
    if claim["derived"]:
        return False
    printed = claim["printed"] or ""
    # A unit that stands in the heading and in the cell ("64G", GB) is kept twice, and reads only once.
    for text in (printed, printed.rpartition(" ")[0]):
        with suppress(Unreadable):
            read = read_figure(text, units, None, BARE)
            return _ends_are(float(read.low), float(read.high), wanted)
    return False


def _matching(store: Store, fits: Callable[[Row, bool], bool]) -> list[Row]:
    """Every claim that fits, with its card."""
    found = []
    for one in store.listed():
        card = store.card(one.id)
        sizes = {one["metric"] for one in card["quantities"] if one["marketed"]}
        found += [{"card": card, "claim": claim} for claim in card["claims"] if fits(claim, claim["metric"] in sizes)]
    return found


def _groups(found: Sequence[Row]) -> list[Row]:
    """The claims of each subject as lines, and who said it first."""
    groups: dict[str, Row] = {}
    for one in found:
        card, claim = one["card"], one["claim"]
        group = groups.setdefault(
            card["id"],
            {
                "subject": card["id"],
                "subject_kind": card["kind"],
                "name": card["name"],
                "origins": [],
                "lines": [],
                "sources": {},
            },
        )
        group["lines"].append({"subject": card["id"], "subject_kind": card["kind"], **claim})
        group["sources"][claim["source"]] = card["sources"][claim["source"]]
        known = {origin.casefold() for origin in group["origins"]}
        if claim["deprecated"] is None and claim["origin"].casefold() not in known:
            group["origins"].append(claim["origin"])
    for group in groups.values():
        group["lines"] = _lines(group["lines"])
    return sorted(groups.values(), key=lambda group: (-len(group["origins"]), -len(group["lines"]), group["subject"]))


def _lines(claims: Sequence[Row]) -> list[Row]:
    """One line a printed figure, with every metric it is entered under; the deprecated last."""
    lines: dict[tuple[Any, ...], Row] = {}
    for claim in claims:
        key = (*(claim[part] for part in MERGED), claim["derived"] is None)
        line = lines.setdefault(key, {**claim, "metrics": []})
        line["metrics"].append(claim["metric"])
    return sorted(lines.values(), key=lambda line: (line["deprecated"] is not None, line["order"]))
