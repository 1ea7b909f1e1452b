"""Lines subjects up on the same basis: cells, ratios to one of them, the best of a row. On the fast path; draws nothing."""

from __future__ import annotations

from accel_db.catalog.cells import EMPTY, cell_of
from accel_db.words.errors import UsageError
from accel_db.words.near import near_names
from accel_db.words.shown import clipped, significant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Card = dict[str, Any]
    Cell = dict[str, Any]
    Row = dict[str, Any]

MOST = 6
"""Columns a comparison may have."""
LEVELS = ("chip", "W", "rack")
"""What ``--per`` may divide by."""


def check_comparable(cards: Sequence[Card]) -> None:
    """Refuse too many columns, and accelerators beside systems; each refusal offers one corrected line."""
    kinds = {"system" if card["kind"] == "system" else "accelerator" for card in cards}
    if len(kinds) > 1:
        systems = [card for card in cards if card["kind"] == "system"]
        corrected: list[str] = []
        for card in cards:
            corrected += [part["accelerator"] for part in card["built_from"]] if card in systems else [card["id"]]
        names = ", ".join(card["name"] for card in systems)
        raise UsageError(
            f"{names} is a system and the others are accelerators: totals of many beside one say nothing; compare its accelerators, or systems with systems",
            try_=_enough([one.split("/")[-1] for one in dict.fromkeys(corrected)][:MOST]),
        )
    if len(cards) > MOST:
        raise UsageError(
            f"{len(cards)} columns are more than {MOST}; name the ones you mean",
            try_=[card["id"].split("/")[-1] for card in cards[:MOST]],
        )
    if len(cards) < 2:
        raise UsageError("a comparison needs two subjects or more", try_=[])


def _enough(names: list[str]) -> list[str]:
    """A corrected line is worth pasting only if it compares two or more."""
    return names if len(names) > 1 else []


def compare(
    cards: Sequence[Card],
    reference: str,
    wanted: Sequence[Row] | None = None,
    *,
    common: bool = False,
    per: str | None = None,
) -> list[Row]:
    """The rows of a comparison. ``wanted`` are rows of the metric table (default: the default headlines); ``per`` divides each.

    A row has label, unit, basis, better, and a cell for each card: value, low, high, shown, marks, verdict, ratio (a range where a
    dispute is open), best.
    """
    rows = []
    names = (
        [(row["headline"], row) for row in cards[0]["headlines"] if row["default"]]
        if wanted is None
        else [(row["name"], row) for row in wanted]
    )
    for name, described in names:
        cells = [cell_of(card, name) for card in cards]
        if per:
            cells = [_divided(card, cell, per) for card, cell in zip(cards, cells, strict=True)]
        known = [cell for cell in cells if cell["shown"] is not None]
        if not known or (common and len(known) < len(cells)):
            continue
        _rate(cells, [card["id"] for card in cards].index(reference), described.get("better"))
        unit = next((cell["unit"] for cell in known if cell["unit"]), described["unit"])
        rows.append(
            {
                "name": name,
                "label": described["label"],
                "unit": f"{unit}/{per}" if per and unit != "one" else f"per {per}" if per else unit,
                "marketed": known[0]["marketed"],
                "basis": known[0]["basis"] if len({cell["basis"] for cell in known}) == 1 else None,
                "better": described.get("better"),
                "cells": cells,
            }
        )
    return rows


def _divided(card: Card, cell: Cell, per: str) -> Cell:
    """A cell per chip, per watt or per rack; empty where it may not be divided or the divisor is not known."""
    divisor = _divisor(card, per)
    if cell["absent"]:
        return cell
    if cell["additive"] and divisor is not None and cell["verdict"] == "variants" and cell["low"] is not None:
        low, high = cell["low"] / divisor["value"], cell["high"] / divisor["value"]
        marks = joined_marks(cell["marks"], divisor["marks"] + "d")
        return {**cell, "low": low, "high": high, "shown": f"{significant(low)}–{significant(high)}", "marks": marks}
    if not cell["additive"] or cell["value"] is None or divisor is None:
        return {**cell, **EMPTY}
    value = cell["value"] / divisor["value"]
    (low, high), (least, most) = _open(cell), _open(divisor)
    marks = joined_marks(cell["marks"], divisor["marks"] + "d")
    disputed = [one for one in (cell, divisor) if one["verdict"] == "disputed"]
    verdict = "disputed" if disputed else cell["verdict"]
    return {
        **cell,
        "value": value,
        "low": low / most,
        "high": high / least,
        "shown": significant(value),
        "marks": marks,
        "verdict": verdict,
        "ruled": bool(disputed) and all(one["ruled"] for one in disputed),
        "disputed_by": divisor["headline"] if disputed == [divisor] else None,
        "spread": None,
    }


def _divisor(card: Card, per: str) -> Cell | None:
    if per == "chip" and card["kind"] != "system":
        chips = cell_of(card, "chip.count")
        return chips if chips["value"] else {**chips, "value": 1}
    name = {"chip": "accelerators", "W": "system_power" if card["kind"] == "system" else "power", "rack": "racks"}[per]
    cell = next((row for row in card["headlines"] if row["headline"] == name), None)
    return cell if cell and cell["value"] else None


def _rate(cells: Sequence[Cell], reference: int, better: str | None) -> None:
    """Add to each cell its ratio to the reference and whether it is the best of its row."""
    base = cells[reference]
    for i, cell in enumerate(cells):
        cell["ratio"], cell["ratio_marks"] = None, ""
        if base["value"] and cell["value"] is not None and cell["unit"] == base["unit"]:
            low, high = _open(cell)
            base_low, base_high = _open(base)
            cell["ratio"] = (
                [1, 1, 1] if i == reference else [low / base_high, cell["value"] / base["value"], high / base_low]
            )
            cell["ratio_marks"] = joined_marks(cell["marks"], base["marks"]) if i != reference else ""
    known = [one for one in cells if (one["value"] is not None or _varies(one)) and not STAGED & set(one["marks"])]
    for cell in cells:
        valued = bool(better) and len(known) > 1 and cell["value"] is not None and any(cell is one for one in known)
        cell["best"] = valued and not any(_beats(other, cell) for other in known)


def _varies(cell: Cell) -> bool:
    return cell["verdict"] == "variants" and cell["high"] is not None


def _beats(one: Cell, other: Cell) -> bool:
    """Whether one is higher than the other whatever an open dispute holds, or may be in one of its variants."""
    if one is other:
        return False
    if _varies(one):
        return bool(one["high"] > _open(other)[0])
    return bool(_open(one)[0] > _open(other)[1])


def _open(cell: Cell) -> tuple[float, float]:
    """The ends a value may still take: its spread where a dispute is open, itself where a ruling settled it."""
    if cell["verdict"] == "disputed" and not cell["ruled"] and cell["low"] and cell["high"]:
        return cell["low"], cell["high"]
    return cell["value"], cell["value"]


MARKS = "dufecpmsr"
"""Every mark, in the usual order."""
STAGED = frozenset("pmsr")
"""Marks of what is not, or not yet, a plain statement: it is never the best of a row."""


def joined_marks(*marks: str) -> str:
    """The marks of several values together, in their usual order."""
    return "".join(letter for letter in MARKS if any(letter in one for one in marks))


def ratio_words(cell: Cell) -> str:
    """``5.1×``, or ``5.1–5.4×`` where a dispute is open; the marks of both sides behind it."""
    if not cell["ratio"]:
        return ""
    low, value, high = (significant(end, 2) for end in cell["ratio"])
    marks = " ".join(["", *cell["ratio_marks"]])
    return (f"{low}–{high}×" if low != high else f"{value}×") + marks


def wanted_rows(known: Sequence[Row], metrics: Sequence[str], group: str | None) -> list[Row]:
    """The rows of the metric table that ``--metrics`` and ``--group`` ask for. Raises `UsageError` for an unknown one."""
    by_name = {row["name"]: row for row in known}
    rows, bad = [], []
    for name in metrics:
        below = [row for row in known if row["of"] == "metric" and row["name"].startswith(name + ".")]
        if name in by_name:
            rows.append(by_name[name])
        elif below:
            rows += below
        else:
            near = near_names(name, by_name)
            bad.append(
                f"no metric {clipped(name)!r}" + (f"; near: {', '.join(near)}" if near else "; see: accel metrics")
            )
    if group:
        groups = list(dict.fromkeys(row["group"] for row in known))
        match = next((one for one in groups if one.lower() == group.lower()), None)
        if match is None:
            bad.append(f"no group {clipped(group)!r}; one of: {', '.join(groups)}")
        rows += [row for row in known if row["group"] == match]
    if bad:
        raise UsageError("\n".join(bad))
    return rows
