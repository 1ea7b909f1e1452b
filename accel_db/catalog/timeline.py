"""Rules, events and launches in one dated list; of one accelerator also what each rule said of it when it took effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.catalog.controls import CAUTION, Rulebook, report
from accel_db.catalog.resolve import expand
from accel_db.words.dates import read_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from accel_db.catalog.store import Store

Row = dict[str, Any]
LAUNCHES = {"date.announced": "announced", "date.available": "available"}


def timeline(store: Store, names: Sequence[str], today: date) -> Row:
    """All that is dated up to ``today`` or announced for later, oldest first: ``entries``, and ``notes`` on families expanded.

    With names, events that name other subjects only and launches of others are left out. Raises `NotFound`, `NoAnswer` without rules.
    """
    book = Rulebook(store, today)
    cards, notes = expand(store, names) if names else ([store.card(one.id) for one in store.listed()], [])
    wanted = {card["id"] for card in cards} | {family for card in cards for family in card["family"]}
    entries = [entry for rule in book.all for entry in _rule(rule, book, cards if names else [], store)]
    entries += [_event(one) for one in book.events if not names or not one["subjects"] or wanted & set(one["subjects"])]
    entries += [entry for card in cards for entry in _launches(card)]
    entries.sort(key=lambda one: (read_date(one["on"]).start, one["kind"], one["what"]))
    return {"caution": CAUTION, "entries": entries, "notes": notes}


def _rule(rule: Row, book: Rulebook, cards: Sequence[Row], store: Store) -> Iterator[Row]:
    """What happened to a rule: it was announced, took effect, changed its state, was superseded."""
    head = {"kind": "rule", "country": rule["country"], "by": rule["authority"], "rule": rule["id"], "reported": False}
    head["reported"] = "reported" in rule["state"]
    named = f"{rule['name']} ({rule['citation']})"
    cites = rule["cites"]
    if rule["announced"] != rule["effective"]:
        yield {**head, "on": rule["announced"], "what": f"{named}: announced", "cites": cites}
    answers = [one for card in cards if card["controls"] for one in _answers(card, rule, store)]
    what = f"{named}: {'reported' if head['reported'] else 'in effect'}. {rule['effect']}"
    yield {**head, "on": rule["effective"], "what": what, "cites": cites, "answers": answers}
    for status in rule["status"]:
        yield {**head, "on": status["on"], "what": f"{named}: {status['state']}", "cites": status["cites"]}
    for other in book.all:
        if rule["id"] in other["supersedes"]:
            what = f"{named}: superseded by {other['name']}"
            yield {**head, "on": other["effective"], "what": what, "cites": other["cites"]}


def _answers(card: Row, rule: Row, store: Store) -> Iterator[Row]:
    """What a rule said of an accelerator on the day it took effect."""
    found = report(card, Rulebook(store, read_date(rule["effective"]).start))
    told = next((one for one in found["rules"] if one["id"] == rule["id"]), None)
    if told and told["branches"]:
        yield {"id": card["id"], "rule": told}


def _event(one: Row) -> Row:
    kept = ("on", "by", "country", "what", "reported", "subjects", "cites")
    return {"kind": "event", "rule": None, **{key: one[key] for key in kept}}


def _launches(card: Row) -> Iterator[Row]:
    """When a subject was announced and could be had, as its leading claim says."""
    for quantity in card["quantities"]:
        word = LAUNCHES.get(quantity["metric"])
        claim = card["claims"][quantity["claims"][0]] if word else None
        if word and claim and claim["date"] and not claim["deprecated"]:
            variant = f" ({quantity['variant']})" if quantity["variant"] else ""
            yield {
                "kind": "launch",
                "rule": None,
                "on": claim["date"],
                "by": card["vendor"]["name"],
                "country": card["vendor"]["country"],
                "what": f"{card['name']}{variant}: {word}",
                "reported": False,
                "subjects": [card["id"]],
                "cites": [{"source": claim["source"], "at": claim["locator"], "via": claim["via"] or None}],
            }
