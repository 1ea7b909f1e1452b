"""Why somebody else's figure may differ from ours: what arithmetic and our own claims show, strongest first. Never decides who is right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accel_db.catalog.evidence import evidence
from accel_db.words.errors import NoAnswer
from accel_db.words.intervals import Interval
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accel_db.catalog.store import Store
    from accel_db.words.units import Unit, Units

Row = dict[str, Any]
MOST = 4
"""Causes told of one disagreement."""
CLAIM_KEYS = (
    "metric",
    "per",
    "variant",
    "value",
    "unit",
    "shown",
    "printed",
    "hedge",
    "absent",
    "derived",
    "stage",
    "kind_short",
    "access",
    "via",
    "published",
    "source",
    "locator",
    "deprecated",
)
"""What an audit repeats of a claim of ours."""
LEVEL, BASIS, DEAD, LOWER, WEAK = range(5)
"""How well a claim of ours explains a figure of theirs, best first; a weak one is told only where nothing else is."""
DEPRECATED = "deprecated here"
NO_FIGURE = "not published"
"""The one absence that contradicts nobody."""


@dataclass(frozen=True)
class Ours:
    """What we answer. ``intervals`` are what would agree with it (one for each true variant), ``leader`` the claim it rests on."""

    row: Row
    answer: Row
    claims: list[Row]
    intervals: list[Interval]
    leader: Row | None


@dataclass(frozen=True)
class Theirs:
    """Their figure in our unit. ``interval`` judges; ``loose`` also grants sizes a half step, to recognise where it may come from."""

    value: Decimal
    interval: Interval
    loose: Interval
    unit: Unit


def our_answer(card: Row, rows: Sequence[Row]) -> Ours | None:
    """The answer of a card to the first of ``rows`` it has a number for, else its negative, else what is left of dead claims."""
    fallback = None
    for row in rows:
        try:
            found = evidence(card, row)
        except NoAnswer:
            continue
        answer, claims = found["answer"], found["claims"]
        leader = next((line for line in claims if line["leads"]), None)
        held = [card["claims"][place] for place in answer.get("variants") or []] or [leader]
        intervals = [one for claim in held if claim and (one := interval_of(claim))]
        if intervals and answer["shown"] is not None and not answer["absent"]:
            return Ours(row, answer, claims, intervals, leader)
        negative = answer["absent"] and answer["absent"] != NO_FIGURE
        if fallback is None or (negative and not fallback.answer["absent"]):
            fallback = Ours(row, answer, claims, [], leader)
    return fallback


def interval_of(claim: Row) -> Interval | None:
    """What a claim's figure stands for, on the compared scale."""
    if claim["interval"] is None:
        return None
    low, high = claim["interval"]
    return Interval(Decimal(str(low)), Decimal(str(high)))


class Causes:
    """Finds causes; keeps what it has read of other subjects."""

    def __init__(self, store: Store, layouts: Row, units: Units) -> None:
        self.store, self.layouts, self.units = store, layouts, units
        self.names = {one.name: one.id for one in store.listed() if one.kind != "family"}
        self.cards: dict[str, Row] = {}
        self.relatives: dict[str, list[str]] = {}

    def find(self, card: Row, ours: Ours, theirs: Theirs, rows: Sequence[Row]) -> list[Row]:
        """The likely causes of one disagreement: rows of ``cause``, ``says``, ``claim`` (ours, or None), ``more``, ``subjects``."""
        held = self._claims(card, ours, theirs)
        strong = [cause for order, cause in held if order < WEAK]
        if ours.intervals:
            strong = strong or [*self._parts(card, ours, theirs)] or [*self._ratios(ours, theirs)]
        shown = [*strong, *self._skus(card, theirs, rows)]
        told: dict[str, Row] = {}
        for one in shown or [cause for order, cause in held if order >= WEAK]:
            if one["cause"] in told:
                told[one["cause"]]["more"] += 1
            else:
                told[one["cause"]] = one
        return list(told.values())[:MOST]

    def _claims(self, card: Row, ours: Ours, theirs: Theirs) -> list[tuple[int, Row]]:
        """Claims of ours, other than the answer, that hold their figure; each with the order in which it explains it."""
        found: dict[tuple[Any, ...], tuple[int, str, Row]] = {}
        for claim in card["claims"]:
            interval = interval_of(claim)
            if interval is None or not self._same_unit(claim, theirs) or not interval.meets(theirs.loose):
                continue
            kind = self._kind(card, claim, ours)
            figure = _figure(claim)
            if kind is None or (ours.leader and figure == _figure(ours.leader)):
                continue
            # One printed figure may be entered under several metrics: it is told once, under the nearest.
            if figure not in found or kind[0] < found[figure][0]:
                found[figure] = (*kind, claim)
        best = sorted(found.values(), key=lambda one: one[0])
        return [(order, _cause(cause, _claim_words(claim), claim)) for order, cause, claim in best]

    def _same_unit(self, claim: Row, theirs: Theirs) -> bool:
        unit = self.units.by_name[claim["unit"]]
        return unit.base == theirs.unit.base and unit.factor == theirs.unit.factor

    def _kind(self, card: Row, claim: Row, ours: Ours) -> tuple[int, str] | None:
        """How a claim relates to our answer: an order and a name; None for one that has nothing to do with it."""
        if claim["metric"] in ours.row["metrics"]:
            if claim["deprecated"]:
                return DEAD, DEPRECATED
            if claim["per"] != card["own_per"]:
                return LEVEL, f"per {claim['per']} for {_package(card)}"
            if claim["variant"]:
                return LOWER, f"variant {claim['variant']}"
            return LOWER, "corrected since" if claim["replaced"] else "lower-ranked here"
        if claim["deprecated"] or claim["per"] != card["own_per"]:
            return None
        for rule in self.layouts["related"]:
            match = re.fullmatch(rule["ours"], _metric(ours))
            if match and re.fullmatch(_filled(rule["other"], match), claim["metric"]):
                return WEAK if rule.get("weak") else BASIS, str(rule["cause"])
        return None

    def _parts(self, card: Row, ours: Ours, theirs: Theirs) -> Iterator[Row]:
        """A part's figure for the whole: theirs times a count of ours is ours."""
        if not ours.answer.get("additive", ours.row.get("additive")):
            return
        for rule in self.layouts["part"]:
            held = next((one for one in card["quantities"] if one["metric"] == rule["count"] and one["value"]), None)
            if held is None or held["value"] <= 1:
                continue
            if _meets(theirs.loose.scaled(Decimal(str(held["value"]))), ours):
                yield _cause(rule["cause"], rule["says"].format(count=held["shown"]), card["claims"][held["claims"][0]])

    def _ratios(self, ours: Ours, theirs: Theirs) -> Iterator[Row]:
        """Theirs over ours is a known slip."""
        for rule in self.layouts["ratio"]:
            if "metric" in rule and not re.fullmatch(rule["metric"], _metric(ours)):
                continue
            if "dimension" in rule and theirs.unit.dimension not in rule["dimension"]:
                continue
            if _meets(theirs.loose.scaled(1 / Decimal(rule["factor"])), ours):
                yield _cause(rule["cause"], rule["says"])
                return

    def _skus(self, card: Row, theirs: Theirs, rows: Sequence[Row]) -> Iterator[Row]:
        """Subjects of the same family, or of a near name, that have exactly their figure."""
        same = []
        for subject in self._related(card):
            answer = our_answer(self._card(subject), rows)
            if answer and any(one.meets(theirs.interval) for one in answer.intervals):
                same.append(subject)
        if same:
            yield {**_cause("another SKU", f"it is the figure of {', '.join(same[:3])}"), "subjects": same}

    def _related(self, card: Row) -> list[str]:
        if card["id"] not in self.relatives:
            members = [member["id"] for family in card["family"] for member in self._card(family)["members"]]
            near = [self.names[name] for name in near_names(card["name"], self.names, 6)]
            both = dict.fromkeys([*members, *near])
            self.relatives[card["id"]] = [
                one for one in both if one != card["id"] and self._card(one)["own_per"] == card["own_per"]
            ]
        return self.relatives[card["id"]]

    def _card(self, subject: str) -> Row:
        if subject not in self.cards:
            self.cards[subject] = self.store.card(subject)
        return self.cards[subject]


def _figure(claim: Row) -> tuple[Any, ...]:
    """What makes claims one printed figure; what is derived from it is another."""
    keys = ("source", "locator", "printed", "per", "variant", "derived", "deprecated")
    return tuple(claim[key] for key in keys)


def _meets(interval: Interval, ours: Ours) -> bool:
    return any(one.meets(interval) for one in ours.intervals)


def _metric(ours: Ours) -> str:
    """The metric that answers, or would."""
    return str(ours.leader["metric"] if ours.leader else ours.row["metrics"][0])


def _package(card: Row) -> str:
    return "package" if card["own_per"] == "accelerator" else str(card["own_per"])


def _filled(pattern: str, match: re.Match[str]) -> str:
    """A pattern with ``{1}`` … filled from the groups of another."""
    for number, group in enumerate(match.groups(), 1):
        pattern = pattern.replace(f"{{{number}}}", re.escape(group or ""))
    return pattern


def _claim_words(claim: Row) -> str:
    """What a claim says, and what keeps it from leading."""
    said = f'"{claim["printed"]}"' if claim["printed"] else claim["shown"]
    words = f"{claim['metric']} {said}, {claim['kind_short']}"
    if claim["deprecated"]:
        return f"{words}: {claim['deprecated'].rstrip('.')}"
    stage = claim["stage"] if claim["stage"] != "plain" else None
    return ", ".join(one for one in (words, claim["derived"], stage, "hedged" if claim["hedge"] else None) if one)


def _cause(cause: str, says: str, claim: Row | None = None) -> Row:
    return {
        "cause": cause,
        "says": says,
        "claim": {key: claim[key] for key in CLAIM_KEYS} if claim else None,
        "more": 0,
        "subjects": [],
    }
