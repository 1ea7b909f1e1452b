"""``compare``: subjects side by side on the same bases. On the fast path."""

from __future__ import annotations

from accel_db.catalog.comparing import LEVELS, check_comparable, compare, ratio_words, wanted_rows
from accel_db.catalog.resolve import expand, one_id
from accel_db.render.answer import Answer, Footnotes, Table, edition_line, unit_words
from accel_db.words.errors import NoAnswer, NotFound, UsageError
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.catalog.store import Store


def compare_view(
    store: Store,
    names: Sequence[str],
    *,
    to: str | None = None,
    metrics: Sequence[str] = (),
    group: str | None = None,
    only_common: bool = False,
    per: str | None = None,
    sources: bool = False,
    strict: bool = False,
) -> Answer:
    """Subjects side by side on the same bases, with ratios to the first or to ``to``."""
    cards, notes = expand(store, names, brief=not (metrics or group or per))
    check_comparable(cards)
    if per and per not in LEVELS:
        raise UsageError(f"--per {clipped(per)!r}: one of {', '.join(LEVELS)}")
    reference = _reference(store, to, names) if to else cards[0]["id"]
    if reference not in [card["id"] for card in cards]:
        raise UsageError(f"--to {clipped(to or '')!r} is not among the subjects compared", try_=[])
    wanted = wanted_rows(store.rows("metrics"), metrics, group) if metrics or group else None
    rows = compare(cards, reference, wanted, common=only_common, per=per)
    if not rows:
        raise NoAnswer(
            "nothing is known of all of these on the same basis"
            if only_common or per
            else "nothing is known of these on what is asked"
        )
    if strict:
        _be_strict(cards, rows)
    footnotes = Footnotes()
    drawn = [line for row in rows for line in _compare_lines(cards, row, footnotes)]
    table = Table(["", *(card["name"] for card in cards)], drawn, "l" + "l" * len(cards), [0])
    blocks: list[str | Table] = [table, *_compare_foot(cards, rows), *footnotes.blocks(sources), edition_line()]
    flat = [_compare_flat(row, cards) for row in rows]
    document = {
        "command": "compare",
        "reference": reference,
        "per": per,
        "subjects": [{key: card[key] for key in ("id", "name", "kind", "vendor", "status")} for card in cards],
        "rows": [
            {**row, "cells": [_cell_json(card, cell) for card, cell in zip(cards, row["cells"], strict=True)]}
            for row in rows
        ],
        "sources": {
            key: source
            for card in cards
            for key, source in card["sources"].items()
            if any(key == row["source"] for row in footnotes.rows)
        },
    }
    return Answer(document, list(flat[0]), flat, blocks, notes)


def _reference(store: Store, to: str, names: Sequence[str]) -> str:
    """The id that ``--to`` names; an error's corrected line corrects the option, not the subjects."""
    try:
        return one_id(store, to)
    except NotFound as error:
        near = error.facts.pop("try_", None)
        if near:
            error.facts |= {"try_": list(names), "options_": {"to": near[0]}}
        raise


def _be_strict(cards: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> None:
    """Refuse stand-ins and disputed cells, all at once."""
    refused = [
        f"{row['label']} of {card['name']}: {_refusal(card, cell)}"
        for row in rows
        for card, cell in zip(cards, row["cells"], strict=True)
        if cell["value"] is not None and _refusal(card, cell)
    ]
    if refused:
        raise NoAnswer("--strict refuses stand-ins and disputed values:\n" + "\n".join(refused))


def _refusal(card: dict[str, Any], cell: dict[str, Any]) -> str:
    """Why ``--strict`` refuses a cell; empty where it does not."""
    if cell["verdict"] == "disputed":
        return "disputed"
    stage = _stage(card, cell)
    if stage not in (None, "plain"):
        return str(stage)
    return ", ".join(card["marks"][letter] for letter in cell["marks"] if letter != "d")


def _stage(card: dict[str, Any], cell: dict[str, Any]) -> str | None:
    return str(card["claims"][cell["claim"]]["stage"]) if cell["claim"] is not None else None


def _cell_json(card: dict[str, Any], cell: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "subject",
        "value",
        "low",
        "high",
        "shown",
        "unit",
        "basis",
        "metric",
        "marks",
        "verdict",
        "ruled",
        "variant",
        "absent",
        "looked",
        "ratio",
        "ratio_marks",
        "best",
        "source",
    )
    claim = card["claims"][cell["claim"]] if cell["claim"] is not None else None
    return {
        **{key: cell[key] for key in kept},
        "stage": _stage(card, cell),
        "locator": claim["locator"] if claim else None,
        "printed": claim["printed"] if claim else None,
    }


def _compare_flat(row: dict[str, Any], cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    flat = {key: row[key] for key in ("name", "label", "unit", "basis")}
    for card, cell in zip(cards, row["cells"], strict=True):
        flat[card["id"]] = (
            cell["value"]
            if cell["value"] is not None
            else cell["absent"] or (cell["shown"] if cell["verdict"] else None)
        )
        for key in ("basis", "metric", "marks", "verdict", "ruled", "low", "high", "source"):
            flat[f"{card['id']} {key}"] = cell[key]
        flat[f"{card['id']} stage"] = _stage(card, cell)
        low, value, high = cell["ratio"] or (None, None, None)
        flat |= {f"{card['id']} ratio": value, f"{card['id']} ratio low": low, f"{card['id']} ratio high": high}
        flat[f"{card['id']} ratio marks"] = cell["ratio_marks"]
    return flat


def _compare_lines(cards: Sequence[dict[str, Any]], row: dict[str, Any], footnotes: Footnotes) -> list[Sequence[Any]]:
    """The line of values, and below it the line of ratios where there are any."""
    values: list[Any] = [" ".join(word for word in (row["label"], unit_words(row)) if word)]
    ratios: list[Any] = [""]
    for card, cell in zip(cards, row["cells"], strict=True):
        values.append(_cell_text(card, cell, footnotes))
        spread = f" ⚡{cell['spread']}" if cell["verdict"] == "disputed" and cell["spread"] else ""
        ratios.append(
            (
                ("  " + ratio_words(cell) if cell["ratio"] else "  " if spread else "") + spread,
                "bad" if spread else "dim",
            )
        )
    told = sum(1 for cell in row["cells"] if cell["ratio"]) > 1 or any("⚡" in text for text, _ in ratios[1:])
    return [values, ratios] if told else [values]


def _cell_text(card: dict[str, Any], cell: dict[str, Any], footnotes: Footnotes) -> Any:
    if cell["shown"] is None:
        return ("  —" + (" °" if cell["looked"] else ""), "dim")
    text = ("▲ " if cell["best"] else "  ") + cell["shown"]
    if cell["claim"] is not None:
        text += f" [{footnotes.cite(card, card['claims'][cell['claim']])}]"
    if cell["variant"]:
        text += f" ({cell['variant']})"
    if cell["verdict"] == "disputed" and not cell["spread"]:
        text += " ⚡"
    if cell["verdict"] == "variants":
        text += " variants"
    return (" ".join([text, *cell["marks"]]), "good" if cell["best"] else "")


def _compare_foot(cards: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[str]:
    cells = [(card, row, cell) for row in rows for card, cell in zip(cards, row["cells"], strict=True)]
    parts = []
    disputes = [(card, row, cell) for card, row, cell in cells if cell["verdict"] == "disputed"]
    if disputes:
        card, row, cell = next((one for one in disputes if not one[2]["expression"]), disputes[0])
        asked = cell.get("disputed_by") or row["name"]
        parts.append(f"⚡ disputed: accel why {card['id'].split('/')[1]} {asked}")
    used = {letter for _, _, cell in cells for letter in cell["marks"] + cell["ratio_marks"]}
    parts += [f"{letter} {meaning}" for letter, meaning in cards[0]["marks"].items() if letter in used]
    looked = [cell["looked"] for _, _, cell in cells if cell["looked"] and cell["shown"] is None]
    if looked:
        most = max(looked, key=lambda one: (one["on"], one["documents"]))
        parts.append(f"° looked in {'up to ' if len(looked) > 1 else ''}{most['documents']} documents, {most['on']}")
    if any(cell["best"] for _, _, cell in cells):
        parts.append("▲ best of the row")
    return ["", "  ".join(parts)] if parts else [""]
