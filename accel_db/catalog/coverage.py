"""What the database answers and what it does not: subjects by headlines, one state a cell, with totals by vendor and kind.

States are read off the cards; nothing is judged anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.catalog.makers import made_by
from accel_db.words.errors import NoAnswer, UsageError
from accel_db.words.near import near_names
from accel_db.words.shown import clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accel_db.catalog.store import Listed, Store

Row = dict[str, Any]
MAKERS = ("datasheet", "documentation", "software", "announcement")
"""Kinds of source that are the maker's own; as a claim's kind counts, another maker's document is none of these."""
STATES = {
    "maker": ("M", "the maker's own figure"),
    "second": ("s", "second-hand"),
    "disputed": ("!", "disputed, a ruling or not"),
    "derived": ("d", "derived, or a stand-in (sparsity or engine unstated, other format, engines combined)"),
    "negative": ("0", "a source says there is none, or publishes none"),
    "looked": ("?", "editors looked in vain"),
    "unknown": ("·", "nothing known"),
}
"""Every state of a cell: its one character and what it means. A headline that a kind cannot have is blank."""
ANSWERED = ("maker", "second", "disputed", "derived")
"""States with a figure."""
FEWEST_ORIGINS = 2
"""Origins that make a figure more than somebody's word."""


def coverage(
    store: Store,
    *,
    vendor: str | None = None,
    country: str | None = None,
    kind: str | None = None,
    headlines: Sequence[str] = (),
) -> Row:
    """The matrix: ``headlines``, ``subjects`` (each with its ``cells`` by headline), ``totals`` over all, by vendor and by kind.

    Families are left out unless ``kind`` asks for them. Raises `NoAnswer` when no subject fits, `UsageError` for an unknown headline.
    """
    columns = _columns(store.rows("metrics"), headlines)
    fits = made_by(store, vendor, country)
    rows = [one for one in store.listed() if fits(one) and _of_kind(one, kind)]
    if not rows:
        raise NoAnswer("nothing in the database fits that")
    subjects = [_subject(row, store.card(row.id), columns) for row in rows]
    return {
        "headlines": columns,
        "states": [{"state": name, "sign": sign, "means": means} for name, (sign, means) in STATES.items()],
        "subjects": subjects,
        "totals": {
            "all": _total("all", subjects),
            "vendors": _totals(subjects, "vendor"),
            "kinds": _totals(subjects, "type"),
        },
    }


def _columns(metrics: Sequence[Row], wanted: Sequence[str]) -> list[Row]:
    """The headlines that make columns: those asked for, or the default ones that are claimed and not computed."""
    known = {row["name"]: row for row in metrics if row["of"] in ("headline", "derived")}
    if not wanted:
        names = [name for name, row in known.items() if row["of"] == "headline" and row["default"]]
    else:
        names = list(dict.fromkeys(wanted))
    for name in names:
        if name not in known:
            near = near_names(name, known) or list(known)
            raise UsageError(f"no headline {clipped(name)!r}; near: {', '.join(near)}")
    return [{"headline": name, "label": known[name]["label"], "unit": known[name]["unit"]} for name in names]


def _of_kind(one: Listed, kind: str | None) -> bool:
    return one.kind != "family" if kind is None else kind.lower() in (one.kind, one.type)


def _subject(one: Listed, card: Row, columns: Sequence[Row]) -> Row:
    found = {row["headline"]: row for row in card["headlines"]}
    return {
        **{key: getattr(one, key) for key in ("id", "name", "kind", "vendor", "country")},
        "type": one.type or one.kind,
        "cells": {
            column["headline"]: _cell(card, found[column["headline"]])
            for column in columns
            if column["headline"] in found
        },
    }


def _cell(card: Row, row: Row) -> Row:
    """One headline of one subject: its state, how many origins stand behind it, and what it rests on."""
    claim = card["claims"][row["claim"]] if row["claim"] is not None else None
    state = _state(row, claim)
    origins = next((one["origins"] for one in card["quantities"] if row["claim"] in one["claims"]), 0)
    # A derived value has no voices of its own: it shows the verdict of what it rests on.
    independent = state in ANSWERED and (origins >= FEWEST_ORIGINS or row["verdict"] == "agreed")
    return {
        "state": state,
        "shown": row["shown"],
        "marks": row["marks"],
        "verdict": row["verdict"],
        "ruled": row["ruled"],
        "kind": claim["kind"] if claim else None,
        "source": row["source"],
        "origins": origins,
        "independent": independent,
        "looked": row["looked"],
    }


def _state(row: Row, claim: Row | None) -> str:
    if row["verdict"] == "disputed":
        return "disputed"
    if row["absent"]:
        return "negative"
    if row["shown"] is None:
        return "looked" if row["looked"] else "unknown"
    if row["marks"] or claim is None:
        return "derived"
    return "maker" if claim["kind"] in MAKERS else "second"


def _totals(subjects: Sequence[Row], key: str) -> list[Row]:
    """Totals of every value of a key, in the order of names."""
    names = sorted({one[key] for one in subjects}, key=str.casefold)
    return [_total(name, [one for one in subjects if one[key] == name]) for name in names]


def _total(name: str, subjects: Sequence[Row]) -> Row:
    cells = [cell for one in subjects for cell in one["cells"].values()]
    answered = [cell for cell in cells if cell["state"] in ANSWERED]
    independent = [cell for cell in answered if cell["independent"]]
    return {
        "name": name,
        "subjects": len(subjects),
        "cells": len(cells),
        **{state: sum(cell["state"] == state for cell in cells) for state in STATES},
        "answered": len(answered),
        "independent": len(independent),
        "independent_share": len(independent) / len(answered) if answered else None,
    }
