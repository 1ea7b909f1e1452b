"""``show``: everything known of a subject, in groups. On the fast path."""

from __future__ import annotations

from accel_db.catalog.resolve import expand
from accel_db.render.answer import Answer, Footnotes, Table, edition_line, legend, per_words, quoted, unit_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.catalog.store import Store


def show(store: Store, names: Sequence[str], *, everything: bool = False, sources: bool = False) -> Answer:
    """Every quantity of each subject in groups, with marks and sources; ``everything`` adds lower-ranked and deprecated claims."""
    cards, notes = expand(store, names, keep_family=True)
    blocks: list[str | Table] = []
    rows: list[dict[str, Any]] = []
    for card in cards:
        if blocks:
            blocks.append("")
        shown, flat = _show_one(card, everything, sources)
        blocks += shown
        rows += flat
    columns = [
        "subject",
        "group",
        "metric",
        "label",
        "per",
        "variant",
        "accumulate",
        "value",
        "unit",
        "basis",
        "shown",
        "verdict",
        "low",
        "high",
        "marks",
        "source",
        "locator",
        "joins",
    ]
    return Answer({"command": "show", "subjects": cards}, columns, rows, [*blocks, edition_line()], notes)


def _show_one(card: dict[str, Any], everything: bool, full: bool) -> tuple[list[str | Table], list[dict[str, Any]]]:
    notes = Footnotes()
    rows: list[dict[str, Any]] = []
    groups: dict[str, list[list[Any]]] = {}
    used: set[str] = set()
    for quantity in card["quantities"]:
        claims = [card["claims"][place] for place in quantity["claims"]]
        if quantity["joins"] and not everything:
            continue
        if quantity["verdict"] is None and not everything:
            continue
        rows.append(
            {
                "subject": card["id"],
                **{key: quantity[key] for key in quantity if key != "claims"},
                "source": claims[0]["source"],
                "locator": claims[0]["locator"],
            }
        )
        drawn = groups.setdefault(quantity["group"], [[(quantity["group"], "head"), "", "", ""]])
        drawn.append(_quantity_line(card, quantity, claims, notes, used))
        drawn += [_claim_line(card, claim, notes) for claim in claims[1:]] if everything else []
        if everything and quantity["verdict"] is None:
            drawn.append(_claim_line(card, claims[0], notes))
    looked = [
        f"° {', '.join(one['metrics'])}: looked in {len(one['where'])} documents on {one['on']}"
        for one in card["looked"]
    ]
    blocks: list[str | Table] = [*_title(card)]
    for drawn in groups.values():
        # A table a group: long labels of one do not push the figures of another aside.
        blocks += [Table(["", "", "", ""], drawn, "lrll", [0, 3]), ""]
    explained = legend(used, card["marks"], any(row["verdict"] == "disputed" for row in rows))
    blocks += [*(f"≠ {one['message']}" for one in card["contradictions"]), *looked, *explained, *notes.blocks(full)]
    return blocks, rows


def _title(card: dict[str, Any]) -> list[str]:
    facts = [card["vendor"]["name"], card["type"] or card["kind"], card["architecture"] or "", card["status"] or ""]
    lines = [f"{card['name']}  ({card['id']})", " · ".join(fact for fact in facts if fact)]
    if card["aliases"]:
        lines.append("also: " + ", ".join(card["aliases"]))
    if card["built_from"]:
        lines.append("built from " + ", ".join(f"{part['count']} × {part['name']}" for part in card["built_from"]))
    if card["members"]:
        lines.append("covers " + ", ".join(member["id"] for member in card["members"]))
    if card["note"]:
        lines.append(card["note"])
    return [*lines, ""]


def _quantity_line(
    card: dict[str, Any], quantity: dict[str, Any], claims: list[dict[str, Any]], notes: Footnotes, used: set[str]
) -> list[Any]:
    where = per_words(quantity, card["own_per"])
    label = quantity["label"] + (f" ({where})" if where else "")
    unit = unit_words(quantity)
    if quantity["verdict"] is None:
        return [f"  {label}", ("—", "dim"), unit, ("only deprecated claims", "dim")]
    used.update(quantity["marks"])
    told = [" ".join(quantity["marks"])] if quantity["marks"] else []
    if quantity["verdict"] == "disputed":
        told.append(f"⚡ {quantity['spread'] or 'disputed'}" + (", ruled" if quantity["ruled"] else ""))
    elif quantity["verdict"] == "agreed" and quantity["origins"]:
        told.append(f"{quantity['origins']} origins agree")
    first = claims[0]
    extra = [first["term"] or "", first["unit_name"] or "", first["as_of"] or ""]
    told = [f"[{notes.cite(card, first)}]", *told, *(word for word in extra if word)]
    text = quantity["text"] is not None or quantity["absent"] is not None
    style = "bad" if quantity["verdict"] == "disputed" else ""
    if text:
        return [f"  {label}", "", (quantity["shown"], style), " ".join(told)]
    return [f"  {label}", (quantity["shown"], style), unit, " ".join(told)]


def _claim_line(card: dict[str, Any], claim: dict[str, Any], notes: Footnotes) -> list[Any]:
    word = (
        "✗ " + claim["deprecated"]
        if claim["deprecated"]
        else (claim["derived"] or (claim["stage"] if claim["stage"] != "plain" else ""))
    )
    return [
        ("", "dim"),
        (claim["shown"], "dim"),
        "",
        (f"[{notes.cite(card, claim)}] {quoted(claim)} {word}".rstrip(), "dim"),
    ]
