"""Lines up the claims behind one answer: which lead, which dispute, what the systems' own totals say. On the fast path."""

from __future__ import annotations

from accel_db.words.errors import NoAnswer, UsageError
from accel_db.words.near import near_names
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Card = dict[str, Any]
    Row = dict[str, Any]


STAGE = 6
"""Place of the stage in a claim's rank (see RULES in derive/judge.py)."""


def asked(known: Sequence[Row], name: str) -> Row:
    """The row of the metric table for a headline, derived metric or metric. Raises `UsageError` with near names."""
    for row in known:
        if row["name"] == name:
            return row
    below = [row["name"] for row in known if row["name"].startswith(name + ".")]
    near = below[:6] or near_names(name, [row["name"] for row in known])
    raise UsageError(
        f"no metric {clipped(name)!r}" + (f"; near: {', '.join(near)}" if near else "; see: accel metrics")
    )


def evidence(card: Card, row: Row) -> dict[str, Any]:
    """Everything behind ``row`` for one subject: the answer, its claims in order, totals of systems, where editors looked.

    Raises `NoAnswer` when the card has no claim on it; the message says where editors looked.
    """
    headline = next((one for one in card["headlines"] if one["headline"] == row["name"]), None)
    if row["of"] == "derived":
        return {
            "row": row,
            "answer": headline,
            "claims": [],
            "totals": [],
            "looked": [],
            "inputs": headline["inputs"] if headline else [],
        }
    quantities = [one for one in card["quantities"] if concerns(one["metric"], row["metrics"])]
    leader = _leader(card, headline, quantities)
    claims = _claims(card, quantities, leader)
    looked = [one for one in card["looked"] if any(concerns(metric, row["metrics"]) for metric in one["metrics"])]
    if not claims:
        where = "; ".join(
            f"looked in {len(one['where'])} documents on {one['on']}: {', '.join(one['where'])}" for one in looked
        )
        raise NoAnswer(
            f"nothing is known of {row['name']} of {card['name']}" + (f"; {where}" if where else ""),
            subject=card["id"],
            looked=looked,
        )
    answer = headline or _answer_of(card, quantities)
    return {
        "row": row,
        "answer": answer,
        "claims": claims,
        "totals": _totals(card, claims, row),
        "looked": looked,
        "inputs": [],
    }


def concerns(metric: str, wanted: Sequence[str]) -> bool:
    """Whether a metric, or the prefix a negative or a look covers, is among those wanted."""
    return any(name == metric or name.startswith(metric + ".") for name in wanted)


def _answer_of(card: Card, quantities: Sequence[Row]) -> Row:
    """The quantity that a metric (no headline) is answered from: the subject's own, without variant, if there is one."""
    return min(
        quantities,
        key=lambda one: (
            one["verdict"] is None,
            one["per"] != card["own_per"],
            one["variant"] is not None,
            one["accumulate"] is not None,
        ),
    )


def _leader(card: Card, headline: Row | None, quantities: Sequence[Row]) -> Row | None:
    if headline is not None:
        return card["claims"][headline["claim"]] if headline["claim"] is not None else None
    judged = [one for one in quantities if one["verdict"]]
    return card["claims"][_answer_of(card, judged)["claims"][0]] if judged else None


def _claims(card: Card, quantities: Sequence[Row], leader: Row | None) -> list[Row]:
    """Every claim once, the leader first, the deprecated last; one printed figure entered under several metrics is one line."""
    merged: dict[tuple[Any, ...], Row] = {}
    for quantity in quantities:
        for place in quantity["claims"]:
            claim = card["claims"][place]
            key = (
                claim["source"],
                claim["locator"],
                claim["printed"],
                claim["absent"],
                claim["per"],
                claim["variant"],
                claim["derived"],
                claim["as_of"],
            )
            line = merged.setdefault(key, {**claim, "labels": [], "leads": False, "joins": quantity["joins"]})
            line["labels"].append(quantity["label"])
            line["leads"] = line["leads"] or claim is leader
    scaled = {
        (line["source"], line["locator"], line["printed"])
        for line in merged.values()
        if line["derived"] and line["per"] == card["own_per"]
    }
    lines = [
        line
        for line in merged.values()
        if line["per"] == card["own_per"] or (line["source"], line["locator"], line["printed"]) not in scaled
    ]
    lines.sort(
        key=lambda line: (
            not line["leads"],
            line["deprecated"] is not None,
            line["per"] != card["own_per"],
            bool(line["variant"]),
            line["order"],
        )
    )
    for line in lines:
        line["gap"], line["voice"] = _beside(line, leader)
    _among_themselves(lines, leader)
    return lines


def _among_themselves(lines: Sequence[Row], leader: Row | None) -> None:
    """Lines that agree with the leader may still dispute one another: say which."""
    if leader is None or leader["interval"] is None:
        return
    voices = [
        (i, line)
        for i, line in enumerate(lines, 1)
        if line["interval"]
        and line["metric"] == leader["metric"]
        and line["variant"] == leader["variant"]
        and not (
            line["derived"] or line["deprecated"] or line["replaced"] or line["hedge"] or line["stage"] == "measured"
        )
        and line["per"] == leader["per"]
        and line["order"][STAGE] <= leader["order"][STAGE]
    ]
    for _, line in voices:
        against = [str(i) for i, other in voices if not _meet(line, other)]
        if line["voice"].startswith("agrees") and against:
            line["voice"] += f"; disputes line {', '.join(against)}"


def _meet(one: Row, other: Row) -> bool:
    return bool(one["interval"][0] <= other["interval"][1] and other["interval"][0] <= one["interval"][1])


def _beside(line: Row, leader: Row | None) -> tuple[float | None, str]:
    """How far a claim stands from the leader, and what it says to it, in words."""
    if leader is None or line["leads"]:
        return None, ""
    gap = None
    if (
        line["compared"] is not None
        and leader["compared"]
        and line["unit"] == leader["unit"]
        and line["per"] == leader["per"]
    ):
        gap = line["compared"] / leader["compared"] - 1
    return gap, _voice(line, leader)


def _voice(line: Row, leader: Row) -> str:
    if line["deprecated"]:
        return str(line["deprecated"])
    if line["replaced"]:
        return "corrected by a newer revision of its source"
    if line["per"] != leader["per"]:
        return f"per {line['per']}"
    if line["variant"] != leader["variant"] and line["variant"]:
        return f"variant {line['variant']}"
    if line["absent"] or line["interval"] is None or leader["interval"] is None:
        return ""
    if _meet(line, leader):
        return "agrees" + (f"; basis unstated, joins {line['joins']}" if line["joins"] else "")
    if line["hedge"]:
        return "hedged, does not dispute"
    if line["stage"] == "measured" or line["order"][STAGE] > leader["order"][STAGE]:
        return f"{line['stage']}, does not dispute"
    bases = [metric.rpartition(".")[2] for metric in (line["metric"], leader["metric"])]
    engines = [metric.partition(".")[0] for metric in (line["metric"], leader["metric"])]
    if bases[0] != bases[1] and bases[0] in ("unstated", "sparse"):
        return f"{'sparsity unstated' if bases[0] == 'unstated' else 'sparse'}, does not dispute"
    if engines[0] != engines[1] and engines[0] in ("compute", "combined"):
        return f"{'engine unstated' if engines[0] == 'compute' else 'engines combined'}, does not dispute"
    return "disputes"


def _totals(card: Card, claims: Sequence[Row], row: Row) -> list[Row]:
    """For every system built from this accelerator: its own total, and which claim times the count explains it."""
    found = []
    for system in card["systems"]:
        for total in system["totals"]:
            if total["metric"] not in row["metrics"] or total["interval"] is None:
                continue
            low, high = total["interval"]
            explained = [
                line
                for line in claims
                if line["interval"]
                and line["per"] == card["own_per"]
                and not line["deprecated"]
                and line["unit"] == total["unit"]
                and line["interval"][0] * system["count"] <= high
                and low <= line["interval"][1] * system["count"]
            ]
            found.append(
                {
                    "system": system["id"],
                    "name": system["name"],
                    "count": system["count"],
                    "total": total,
                    "explained_by": list(dict.fromkeys(line["shown"] for line in explained)),
                }
            )
    return found
