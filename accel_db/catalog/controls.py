"""One accelerator under the rules of a day: its measures, the paragraph met under each rule, and how far every threshold is.

Reads cards and rules; judges no legal question. Makers' own figures stand beside ours, never in their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.catalog.resolve import expand
from accel_db.catalog.rules import bounds_of, computable, margins, state_of, tried
from accel_db.words.errors import NoAnswer, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from accel_db.catalog.rules import Ends
    from accel_db.catalog.store import Store

Row = dict[str, Any]
Box = dict[str, "Ends"]
CAUTION = (
    "Computed from published figures and published rules by a program; no legal advice, and no classification. "
    "What a part is classified as, its maker and the authority say."
)
MAKERS = ("datasheet", "documentation", "software", "announcement")
"""Kinds of source that are the maker's own, as a claim's kind counts."""
PUBLISHED = {"tpp": "export.tpp", "density": "export.density", "eccn": "export.eccn"}
"""What makers publish of their parts, by our word for it."""
SUPERSEDED = "superseded"
ENDS = ("low", "value", "high")


class Rulebook:
    """The rules of a build as of a day. Raises `NoAnswer` in a build without rules."""

    def __init__(self, store: Store, day: date) -> None:
        self.store = store
        told = store.rules()
        if told["definitions"] is None:
            raise NoAnswer("this build has no rules of export control")
        self.definitions: Row = told["definitions"]
        self.events: list[Row] = told["events"]
        self.all: list[Row] = told["rules"]
        self.day = day
        self.by_id = {rule["id"]: rule for rule in self.all}
        self.quantities = {one["name"]: one for one in self.definitions["quantity"]}
        states = [(rule, state_of(rule, self.all, day)) for rule in self.all]
        self.standing = [(rule, state) for rule, state in states if state not in (None, SUPERSEDED)]
        low, high = (float(end) for end in self.definitions["tpp"]["tolerance"])
        self.factors = (1 / (1 + high / 100), 1 / (1 + low / 100))
        """From a figure of ours to the least and the greatest that its maker may have."""

        self._tried: dict[tuple[Any, ...], tuple[list[str | None], dict[str, str]]] = {}

    def tried(self, rule: Row, box: Box, datacentre: str) -> tuple[list[str | None], dict[str, str]]:
        """What a rule says of numbers for one use; the same question, and an open one is asked often, is answered once."""
        base = self.by_id.get(rule["upon"] or "")
        tests = [*rule["test"], *(base["test"] if base else [])]
        ends = {name: box.get(name, (None, None)) for name, _, _ in bounds_of(tests)}
        key = (rule["id"], datacentre, *ends.values())
        if key not in self._tried:
            self._tried[key] = tried(rule, base, ends, {"datacentre": datacentre})
        return self._tried[key]

    def classes(self) -> list[Row]:
        """The rules that put a part into a class, on that day."""
        return [rule for rule, _ in self.standing if any(test["class"] for test in rule["test"])]

    def class_of(self, rule: Row, test: str | None) -> str:
        """The class that a test's id stands for; none where no test is met."""
        return next((one["class"] or "none" for one in rule["test"] if one["id"] == test), "none")


def controls(store: Store, names: Sequence[str], day: date, datacentre: str | None = None) -> Row:
    """Reports on some accelerators as of a day: ``reports`` and ``notes``; of a family, its members.

    Raises `NotFound`, `UsageError` for what is no accelerator, `NoAnswer` without rules.
    """
    book = Rulebook(store, day)
    cards, notes = expand(store, names)
    wrong = [card for card in cards if card["controls"] is None]
    if wrong:
        parts = list(dict.fromkeys(part["accelerator"] for card in wrong for part in card["built_from"]))
        said = f"; built from {', '.join(parts)}" if parts else ""
        raise UsageError(
            f"{', '.join(card['name'] for card in wrong)}: rules ask for accelerators, per package{said}",
            try_=[one.split("/")[-1] for one in parts],
        )
    return {**_head(book, datacentre), "reports": [report(card, book, datacentre) for card in cards], "notes": notes}


def every(store: Store, day: date, datacentre: str | None = None) -> Row:
    """The same of every accelerator of which anything can be computed or is published."""
    book = Rulebook(store, day)
    cards = (store.card(one.id) for one in store.listed() if one.kind == "accelerator")
    reports = [report(card, book, datacentre) for card in cards if card["controls"]]
    return {**_head(book, datacentre), "reports": reports, "notes": []}


def _head(book: Rulebook, datacentre: str | None) -> Row:
    cited = {cite["source"] for rule, _ in book.standing for one in (rule, *rule["test"]) for cite in one["cites"]}
    known = {row["key"]: row for row in book.store.rows("sources") if row["key"] in cited}
    given = datacentre or "unknown"
    return {"as_of": book.day.isoformat(), "datacentre": given, "caution": CAUTION, "sources": known}


def report(card: Row, book: Rulebook, datacentre: str | None = None) -> Row:
    """What a card measures and what each rule of the day says of it, for use in data centres and not, unless that is given."""
    block = card["controls"]
    measured: dict[str, Row] = block["quantities"]
    cards = [card, *(book.store.card(family) for family in card["family"])]
    published = {name: [row for one in cards for row in _published(one, metric)] for name, metric in PUBLISHED.items()}
    boxes = _boxes(measured, block["area"], makers_own(published["tpp"], "value", card["id"]), book)
    branches = [datacentre] if datacentre else ["yes", "no"]
    return {
        **{key: card[key] for key in ("id", "name")},
        "vendor": card["vendor"]["name"],
        "country": card["vendor"]["country"],
        "per": block["per"],
        **{name: {end: one[end] for end in ENDS} for name, one in measured.items()},
        "measured": measured,
        "candidates": block["candidates"],
        "refused": block["refused"],
        "area": block["area"],
        "published": published,
        "rules": [_under(rule, state, boxes, branches, measured, book) for rule, state in book.standing],
        "cards": {one["id"]: one for one in cards},
    }


def _published(card: Row, metric: str) -> list[Row]:
    """What others print of a measure of a card's subject, the maker's own first; negatives too. A family's holds of no member by itself."""
    found = [
        {
            "of": card["id"],
            **{key: claim[key] for key in ("value", "text", "absent", "printed", "source", "locator", "kind_short")},
            "maker": claim["kind"] in MAKERS,
            "deprecated": claim["deprecated"] is not None,
        }
        for claim in card["claims"]
        if claim["metric"] == metric and claim["per"] == card["own_per"]
    ]
    return sorted(found, key=lambda one: (one["deprecated"], not one["maker"]))


def makers_own(published: Iterable[Row], key: str, subject: str | None = None) -> Any:
    """The maker's own figure or text (of that subject alone, if one is named), where one stands."""
    own = (one for one in published if one["maker"] and not one["deprecated"] and subject in (None, one["of"]))
    return next((one[key] for one in own if one[key] is not None), None)


def _boxes(measured: Row, area: Row, own: float | None, book: Rulebook) -> dict[str, Box | None]:
    """The ends of every number: as computed, within the usual tolerance, and with the maker's own TPP."""
    computed: Box = {name: (one["low"], one["high"]) for name, one in measured.items()}
    least, most = book.factors
    loose = {name for name, one in book.quantities.items() if one["kind"] in ("tpp", "density")}
    within: Box = {
        name: (ends[0] and ends[0] * least, ends[1] and ends[1] * most) if name in loose else ends
        for name, ends in computed.items()
    }
    return {"computed": computed, "within": within, "makers": None if own is None else _with(own, computed, area, book)}


def _with(tpp: float, computed: Box, area: Row, book: Rulebook) -> Box:
    """The numbers with a TPP that is given, and the density that follows from it."""
    made = dict(computed)
    for name, one in book.quantities.items():
        if one["kind"] == "tpp":
            made[name] = (tpp, tpp)
        elif one["kind"] == "density":
            none = area["high"] == 0
            made[name] = (0, 0) if none else (_over(tpp, area["high"]), _over(tpp, area["low"]))
    return made


def _over(value: float, area: float | None) -> float | None:
    return value / area if area else None


def _under(
    rule: Row, state: str | None, boxes: dict[str, Box | None], branches: Sequence[str], measured: Row, book: Rulebook
) -> Row:
    """What one rule says of the numbers, in each branch."""
    asked = computable(rule, book.quantities)
    kept = (
        "id",
        "name",
        "citation",
        "authority",
        "country",
        "announced",
        "effective",
        "binds",
        "effect",
        "note",
        "upon",
    )
    return {
        **{key: rule[key] for key in kept},
        "state": state,
        "computable": asked,
        "branches": [_branch(rule, boxes, branch, book) for branch in branches] if asked else [],
        "margins": margins(rule["test"], measured, boxes["within"] or {}) if asked else [],
        "tests": [{key: test[key] for key in ("id", "class", "result", "needs", "cites")} for test in rule["test"]],
        "cites": rule["cites"],
    }


def _branch(rule: Row, boxes: dict[str, Box | None], datacentre: str, book: Rulebook) -> Row:
    """The answer for a part that is, or is not, for data centres: as computed, within the tolerance, with the maker's TPP."""
    computed, within, makers = boxes["computed"], boxes["within"], boxes["makers"]
    assert computed is not None
    assert within is not None
    paragraph, _ = book.tried(rule, computed, datacentre)
    possible, tests = book.tried(rule, within, datacentre)
    return {
        "datacentre": datacentre,
        "paragraph": paragraph,
        "possible": possible,
        "decided": len(possible) == 1,
        "makers": book.tried(rule, makers, datacentre)[0] if makers else None,
        "class": list(dict.fromkeys(book.class_of(rule, one) for one in possible)),
        "tests": tests,
    }
