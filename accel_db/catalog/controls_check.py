"""Sets makers' own TPP and class labels beside ours: where they differ, by how much, and whether that is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.catalog.controls import CAUTION, Rulebook, makers_own, report
from accel_db.words.errors import NoAnswer

if TYPE_CHECKING:
    from datetime import date

    from accel_db.catalog.store import Store

Row = dict[str, Any]
YES, MAY, NO = "agrees", "may agree", "contradicts"


def checked(store: Store, day: date) -> Row:
    """Every accelerator whose maker publishes a TPP or a class label: ``rows``, with ``tolerance`` in per cent and ``within``, how many meet it.

    Raises `NoAnswer` where no maker publishes either.
    """
    book = Rulebook(store, day)
    low, high = (float(end) for end in book.definitions["tpp"]["tolerance"])
    rows = []
    for one in store.listed():
        card = store.card(one.id) if one.kind == "accelerator" else None
        row = _row(report(card, book), book, low, high) if card and card["controls"] else None
        if row:
            rows.append(row)
    if not rows:
        raise NoAnswer("no maker here publishes a TPP or a class label")
    compared = [row for row in rows if row["within"] is not None]
    return {
        "as_of": day.isoformat(),
        "caution": CAUTION,
        "tolerance": [low, high],
        "compared": len(compared),
        "within": sum(row["within"] for row in compared),
        "rows": rows,
    }


def _row(found: Row, book: Rulebook, low: float, high: float) -> Row | None:
    makers = makers_own(found["published"]["tpp"], "value", found["id"])
    label = makers_own(found["published"]["eccn"], "text")
    if makers is None and label is None:
        return None
    ours = found["tpp"]["value"]
    difference = None if makers is None or ours is None else round(100 * (ours / makers - 1), 2)
    explained = [one["why"] for one in book.definitions["explained"] if one["subject"] == found["id"]]
    return {
        "id": found["id"],
        "name": found["name"],
        "tpp": found["tpp"],
        "makers_tpp": makers,
        "difference": difference,
        "within": None if difference is None else low <= difference <= high,
        "explained": explained[0] if explained else None,
        "label": label,
        "label_of": next((one["of"] for one in found["published"]["eccn"] if one["text"] == label), None),
        "label_class": _class_of(label, book),
        **_labels(found, label, book),
    }


def _class_of(label: str | None, book: Rulebook) -> str | None:
    return next((one["class"] for one in book.definitions["label"] if label in one["texts"]), None)


def _labels(found: Row, label: str | None, book: Rulebook) -> Row:
    """Whether the maker's label agrees with ours, by use: in a data centre, and not; with the maker's TPP where we have none."""
    wanted = _class_of(label, book)
    classifying = {rule["id"] for rule in book.classes()}
    agreement: dict[str, str] = {}
    for rule in found["rules"]:
        if rule["id"] not in classifying or wanted is None:
            continue
        for branch in rule["branches"]:
            told = branch["makers"] if found["tpp"]["value"] is None and branch["makers"] else branch["possible"]
            classes = {book.class_of(book.by_id[rule["id"]], one) for one in told}
            agreement[branch["datacentre"]] = NO if wanted not in classes else YES if len(classes) == 1 else MAY
    return {"agreement": agreement, "verdict": _verdict(agreement)}


def _verdict(agreement: dict[str, str]) -> str | None:
    """The best that a status can make of a label, and which status does."""
    for word in (YES, MAY):
        uses = [use for use, one in agreement.items() if one == word]
        if uses:
            return word if len(uses) == len(agreement) else f"{word}: {USES[uses[0]]}"
    return NO if agreement else None


USES = {"yes": "in a data centre", "no": "not for data centres"}
