"""Sets a system's stated totals beside what the claims on its accelerators amount to: which claim times the count explains which total.

Nothing is averaged and no claim preferred. Only metrics declared additive are multiplied; power only to say its share.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from accel_db.catalog.resolve import expand
from accel_db.words.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accel_db.catalog.store import Store

Row = dict[str, Any]
OMITTED = ("order", "rank", "verdict", "reason", "counted")
"""What a reconciliation does not repeat of a claim: its standing among the claims on its own quantity."""
ENGINES = frozenset({"matrix", "vector", "combined", "compute"})
"""Families of metrics that are peak rates, told apart by engine."""
OPEN = ("unstated", "compute")
"""Words of a metric's name that leave a basis or the engine open: such a figure may be of any."""
COUNTS, COUNTED = "Count", "count.accelerators"
SYSTEM_POWER, MEMBER_POWER = "power.system", "power.tdp"
MOST = 200
"""Combinations of several members' figures that are computed; nobody reads more."""
BINARY = 1.024
"""Between a size counted in thousands and the same counted in 1,024s, one prefix apart."""


class Group(NamedTuple):
    """Claims of one value; what they stand for together is one interval, as each interval holds the value."""

    value: float
    low: float
    high: float
    claims: list[Row]


def reconcile(store: Store, names: Sequence[str] = ()) -> dict[str, Any]:
    """Every named system (all, without names): ``systems``, each with its ``metrics``, and ``notes`` on families expanded.

    Raises `NotFound`, or `UsageError` for an accelerator, with the systems built from it.
    """
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names)
        _refuse([card for card in cards if card["kind"] != "system"], cards)
    else:
        cards = [store.card(one.id) for one in store.listed() if one.kind == "system"]
    metrics = store.rows("metrics")
    return {"systems": [_system(store, card, metrics) for card in cards], "notes": notes}


def _refuse(wrong: Sequence[Row], cards: Sequence[Row]) -> None:
    """Refuse what is no system, offering the systems that are built from it."""
    if not wrong:
        return
    said = []
    offered = [card["id"] for card in cards if card["kind"] == "system"]
    for card in wrong:
        systems = list(dict.fromkeys(one["id"] for one in card["systems"]))
        offered += systems
        built = f"built from it: {', '.join(systems)}" if systems else "no system here is built from it"
        article = "an" if card["kind"] == "accelerator" else "a"
        said.append(f"{card['name']} is {article} {card['kind']}, and only systems have totals to reconcile; {built}")
    offered = list(dict.fromkeys(offered))
    raise UsageError("\n".join(said), systems=offered, try_=[one.split("/")[-1] for one in offered])


def _system(store: Store, card: Row, metrics: Sequence[Row]) -> Row:
    members = [(part, store.card(part["accelerator"])) for part in card["built_from"]]
    known = {row["name"]: row for row in metrics if row["of"] == "metric"}
    together = [frozenset(row["metrics"]) for row in metrics if row["of"] == "headline"]
    found = []
    for name, row in known.items():
        totals = _totals(card, name) if name == SYSTEM_POWER or row["group"] == COUNTS or row.get("additive") else []
        if totals:
            marketed = any(one["marketed"] for one in card["quantities"] if one["metric"] == name)
            found.append(_metric(row, totals, members, together, marketed=marketed))
    sources = dict(card["sources"])
    for _, member in members:
        sources |= member["sources"]
    return {
        "id": card["id"],
        "name": card["name"],
        "built_from": card["built_from"],
        "metrics": found,
        "sources": {key: sources[key] for key in sorted(_cited(found))},
    }


def _cited(found: Sequence[Row]) -> set[str]:
    """The sources that a reconciliation rests on."""
    return {
        claim["source"]
        for one in found
        for group in (*one["totals"], *(part for row in one["computed"] for part in row["parts"]))
        for claim in group["claims"]
    }


def _totals(card: Row, metric: str) -> list[tuple[Group, str | None]]:
    """The stated totals of a system under one metric, told apart by value, variant and whether they stand; standing ones first."""
    stated = [
        claim
        for claim in card["claims"]
        if claim["metric"] == metric
        and claim["per"] == card["own_per"]
        and claim["derived"] is None
        and claim["interval"] is not None
    ]
    parts: dict[tuple[Any, ...], list[Row]] = {}
    for claim in stated:
        key = claim["deprecated"] is not None, claim["variant"] or "", claim["accumulate"] or ""
        parts.setdefault(key, []).append(claim)
    return [(group, claims[0]["variant"]) for _, claims in sorted(parts.items()) for group in _groups(claims)]


def _groups(claims: Sequence[Row]) -> list[Group]:
    """Claims by their value, the highest first."""
    found: dict[float, list[Row]] = {}
    for claim in claims:
        found.setdefault(claim["compared"], []).append(claim)
    return [
        Group(
            value,
            min(one["interval"][0] for one in same),
            max(one["interval"][1] for one in same),
            sorted(same, key=lambda one: list(one["order"])),
        )
        for value, same in sorted(found.items(), reverse=True)
    ]


def _metric(
    row: Row,
    totals: Sequence[tuple[Group, str | None]],
    members: Sequence[tuple[Row, Row]],
    together: Sequence[frozenset[str]],
    *,
    marketed: bool,
) -> Row:
    """One metric: its totals, what the members' claims amount to, and how each computed total stands to each stated one."""
    power = row["name"] == SYSTEM_POWER
    computed, why = _computed(row, members, together)
    stated = [_total_row(group, variant) for group, variant in totals]
    for one in computed:
        one["against"] = [None if power else _beside(one, group, sized=marketed) for group, _ in totals]
        if power:
            one["shares"] = [one["value"] / group.value if group.value else None for group, _ in totals]
    for place, total in enumerate(stated):
        explained = [one for one in computed if one["against"][place] and one["against"][place]["explains"]]
        total["explained_by"] = [one["expression"] for one in explained]
    return {
        "metric": row["name"],
        "label": row["label"],
        "group": row["group"],
        "unit": row["unit"],
        "marketed": marketed,
        "totals": stated,
        "computed": computed,
        "why_not": why,
    }


def _total_row(group: Group, variant: str | None) -> Row:
    first = group.claims[0]
    return {
        "value": group.value,
        "shown": first["shown"],
        "variant": variant,
        "deprecated": first["deprecated"],
        "claims": [_repeat(claim) for claim in group.claims],
    }


def _repeat(claim: Row) -> Row:
    return {key: value for key, value in claim.items() if key not in OMITTED}


def _computed(
    row: Row, members: Sequence[tuple[Row, Row]], together: Sequence[frozenset[str]]
) -> tuple[list[Row], str | None]:
    """What the members amount to under a metric, the highest first; and why there is nothing, where there is nothing."""
    if not members:
        return [], "the system names no accelerators it is built from"
    if row["name"] == COUNTED:
        return [_sum([(part, Group(1, 1, 1, [])) for part, _ in members])], None
    if row["group"] == COUNTS:
        return [], "no claim on an accelerator bears on it"
    groups = [_member_groups(card, row, together) for _, card in members]
    silent = [card["name"] for (_, card), found in zip(members, groups, strict=True) if not found]
    if silent:
        return [], f"no comparable claim on {', '.join(silent)}"
    if prod(map(len, groups)) > MOST:
        return [], f"more than {MOST} combinations of the members' claims"
    parts = [part for part, _ in members]
    sums = [_sum(list(zip(parts, chosen, strict=True))) for chosen in product(*groups)]
    return sorted(sums, key=lambda one: -one["value"]), None


def _member_groups(card: Row, row: Row, together: Sequence[frozenset[str]]) -> list[Group]:
    """The distinct figures per accelerator that may stand behind a total of a metric."""
    wanted = MEMBER_POWER if row["name"] == SYSTEM_POWER else row["name"]
    return _groups(
        [
            claim
            for claim in card["claims"]
            if claim["per"] == card["own_per"]
            and claim["interval"] is not None
            and claim["deprecated"] is None
            and claim["unit"] == row["unit"]
            and comparable(claim["metric"], wanted, together)
        ]
    )


def comparable(one: str, other: str, together: Sequence[frozenset[str]] = ()) -> bool:
    """Whether figures under two metrics may be of the same thing: no basis that both state differs, or one headline takes both."""
    if one == other or any(one in metrics and other in metrics for metrics in together):
        return True
    words, others = one.split("."), other.split(".")
    if words[0] != others[0] and not {words[0], others[0]} <= ENGINES:
        return False
    # A vector rate has no sparsity to state: it is compared as far as it goes.
    return all(a == b or a in OPEN or b in OPEN for a, b in zip(words, others, strict=False))


def _sum(parts: Sequence[tuple[Row, Group]]) -> Row:
    """The members' figures times their counts, added."""
    return {
        "value": _exact(sum(_decimal(group.value) * part["count"] for part, group in parts)),
        "low": _exact(sum(_decimal(group.low) * part["count"] for part, group in parts)),
        "high": _exact(sum(_decimal(group.high) * part["count"] for part, group in parts)),
        "expression": " + ".join(_times(part, group) for part, group in parts),
        "parts": [
            {
                "accelerator": part["accelerator"],
                "count": part["count"],
                "value": group.value,
                "claims": [_repeat(claim) for claim in group.claims],
            }
            for part, group in parts
        ],
        "shares": None,
    }


def _decimal(value: float) -> Decimal:
    """The number a card shows, not the binary one nearest to it."""
    return Decimal(str(value))


def _exact(value: Decimal | int) -> float:
    return int(value) if value == int(value) else float(value)


def _times(part: Row, group: Group) -> str:
    """``384 × 752``; a count without claims is the count."""
    if not group.claims:
        return f"{part['count']:,}"
    return f"{part['count']:,} × {group.claims[0]['shown'].lstrip('~')}"


def _beside(one: Row, total: Group, *, sized: bool) -> Row:
    """How a computed total stands to a stated one; a size may agree only when the stated one counts in 1,024s."""
    meets = one["low"] <= total.high and total.low <= one["high"]
    binary = sized and not meets and one["low"] <= total.high * BINARY and total.low * BINARY <= one["high"]
    standing = any(claim["deprecated"] is None for claim in total.claims)
    return {
        "difference": one["value"] / total.value - 1 if total.value else None,
        "explains": standing and (meets or binary),
        "binary": standing and binary,
    }


def pairs(found: Row) -> Iterator[tuple[Row, Row, Row, Row | None, int]]:
    """Every (system, metric, total, computed or None, place of the total): the flat form of a reconciliation."""
    for system in found["systems"]:
        for metric in system["metrics"]:
            for place, total in enumerate(metric["totals"]):
                for one in metric["computed"] or [None]:
                    yield system, metric, total, one, place
