"""The one answer of a card to one headline or metric: a cell. Comparisons and peaks are made of cells. On the fast path."""

from __future__ import annotations

from accel_db.words.lean import HEADLINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Card = dict[str, Any]
    Cell = dict[str, Any]

ANSWERING = (
    *("value", "low", "high", "shown", "spread", "marks", "verdict"),
    *("ruled", "claim", "absent", "looked", "variant", "source"),
)
EMPTY: dict[str, Any] = {key: HEADLINE[key] for key in ANSWERING}
"""A cell of which nothing is known."""
SHARED = (
    "value",
    "low",
    "high",
    "shown",
    "spread",
    "unit",
    "marks",
    "verdict",
    "ruled",
    "absent",
    "marketed",
    "additive",
    "basis",
    "variant",
    "metric",
)
"""What a cell takes from a quantity as it is."""


def cell_of(card: Card, name: str) -> Cell:
    """The answer to a headline, a derived metric or a metric: a new dict, empty (``shown`` None) where nothing is known."""
    for row in card["headlines"]:
        if row["headline"] == name:
            return {"subject": card["id"], **row}
    rows = [row for row in card["quantities"] if row["per"] == card["own_per"] and row["verdict"]]
    own = [row for row in rows if row["metric"] == name]
    plain = [row for row in own if row["variant"] is None and row["accumulate"] is None]
    covering = [row for row in rows if row["absent"] and name.startswith(row["metric"] + ".")]
    base = {**EMPTY, "subject": card["id"], "headline": None, "metric": name, "unit": None, "expression": None}
    base |= {"marketed": False, "additive": False, "basis": None}
    if not own and not covering:
        return base
    best = (plain or own or covering)[0]
    claim = best["claims"][0]
    cell = {**base, **{key: best[key] for key in SHARED}, "claim": claim, "source": card["claims"][claim]["source"]}
    return cell if plain or len(own) < 2 else _variants(cell, own)


def _variants(cell: Cell, own: list[dict[str, Any]]) -> Cell:
    """A cell of several true values: all are shown, none is the value."""
    values = [row["value"] for row in own if row["value"] is not None]
    shown = " / ".join(f"{row['shown']} ({row['variant'] or row['accumulate']})" for row in own)
    ends = {"low": min(values), "high": max(values)} if values else {}
    return {**cell, "verdict": "variants", "value": None, "variant": None, "shown": shown, **ends}
