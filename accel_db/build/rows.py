"""The rows of every published table, from the judged world and its cards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from accel_db.build.cards import Card, quantity_rows, source_row
from accel_db.build.control_rows import control_rows, rule_tables
from accel_db.words.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accel_db.build.duck import Rows
    from accel_db.curate.tree import Tree
    from accel_db.derive.world import Judged

VERDICTS = {
    "sole": "one origin says so",
    "agreed": "two independent origins or more agree",
    "disputed": "two claims that may dispute share no point",
    "listed": "texts or dated values stand side by side, unjudged",
    "variants": "several values are all true and no ruling picks one",
}
STAGES = {
    "plain": "stated without reserve",
    "preliminary": "stated before the product was final",
    "measured": "measured by somebody",
    "estimate": "estimated by somebody",
    "rumour": "rumoured",
}
ACCESS = {
    "full": "the whole document was read",
    "excerpt": "a part of the document was read",
    "quoted": "read only in verbatim copies",
}
ABSENT = {
    "not supported": "a source says it does not exist on this part",
    "none": "a source says there is none",
    "not published": "a source says it is not published",
}


def ground_rows(tree: Tree) -> Rows:
    """Rows of the tables that subjects have no part in."""
    vocabulary = tree.vocabulary
    return {
        "source": [{"key": key, **source_row(key, tree)} for key in sorted(tree.sources)],
        "vendor": [
            {"id": key, "name": vendor.name, "country": vendor.country} for key, vendor in sorted(tree.vendors.items())
        ],
        "metric": [_metric(one) for one in vocabulary.metrics.values()],
        "unit": [_unit(row, tree) for row in tree.unit_rows],
        "headline_unit": [
            {"headline": one.name, "unit": one.unit, "label": one.label} for one in vocabulary.headlines.values()
        ]
        + [{"headline": row["name"], "unit": row["unit"], "label": row["label"]} for row in tree.derived],
        "code": _codes(tree),
        **rule_tables(tree),
    }


def subject_rows(world: Mapping[str, Judged], cards: Mapping[str, Card], tree: Tree) -> Rows:
    """Rows of the tables on subjects, for those of one part of a tree."""
    by_kind: dict[str, list[Card]] = {"accelerator": [], "system": [], "family": []}
    for card in cards.values():
        by_kind[card["kind"]].append(card)
    return {
        "architecture": [
            {"id": one.id, "name": one.spec.name, "vendor": one.vendor} for one in tree.of_kind("architecture")
        ],
        "accelerator": [_subject(card) for card in by_kind["accelerator"]],
        "system": [_subject(card) for card in by_kind["system"]],
        "family": [{**_subject(card), "members": [one["id"] for one in card["members"]]} for card in by_kind["family"]],
        "alias": _aliases(cards),
        "claim": _claims(world, cards, tree),
        "verdict": [_verdict(card, row) for card in cards.values() for row in card["quantities"] if row["verdict"]],
        "headline": [
            _headline(card, row) for card in cards.values() for row in card["headlines"] if row["shown"] is not None
        ],
        "looked": [
            {"subject": card["id"], "metric": metric, "source": where, "on": one["on"]}
            for card in cards.values()
            for one in card["looked"]
            for metric in one["metrics"]
            for where in one["where"]
        ],
        "control": [row for card in cards.values() for row in control_rows(card)],
    }


def info_rows(counts: Mapping[str, int], edition: str, schema: int) -> list[dict[str, Any]]:
    """What the build says of itself; ``counts`` has the rows of each table."""
    said = {"edition": edition, "schema": str(schema), "licence": "CC BY 4.0"}
    said |= {f"{table}s": str(counts[table]) for table in ("source", "accelerator", "system", "claim")}
    return [{"key": key, "value": value} for key, value in said.items()]


def _subject(card: Card) -> dict[str, Any]:
    return {**card, "vendor": card["vendor"]["id"], "kind": card["type"]}


def _aliases(cards: Mapping[str, Card]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for card in cards.values():
        for name in [card["id"], card["id"].split("/", 1)[1], card["name"], *card["aliases"]]:
            found.setdefault((fold(name), card["id"]), {"alias": name, "key": fold(name), "subject": card["id"]})
    return [found[key] for key in sorted(found)]


def _metric(metric: Any) -> dict[str, Any]:
    return {
        name: getattr(metric, name)
        for name in ("name", "label", "definition", "group", "type", "unit", "basis", "additive")
    }


def _unit(row: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    unit = tree.units.by_name[row["name"]]
    return {
        **row,
        "base": json.dumps(tree.dimensions[unit.dimension]),
        "factor": f"{unit.factor:f}",
        "marketed": f"{unit.marketed:f}",
        "shown": tree.shown_units.get(unit.dimension) == unit.name,
    }


def _claims(world: Mapping[str, Judged], cards: Mapping[str, Card], tree: Tree) -> list[dict[str, Any]]:
    """The claims of every card, and of the architectures, which have none."""
    rows = []
    for judged in world.values():
        subject = judged.subject
        named = {"subject": subject.id, "subject_kind": subject.kind}
        flat = (
            quantity_rows(judged, tree.vocabulary)[1] if subject.kind == "architecture" else cards[subject.id]["claims"]
        )
        rows += [{**named, **row} for row in flat]
    return rows


def _verdict(card: Card, row: Mapping[str, Any]) -> dict[str, Any]:
    leader = card["claims"][row["claims"][0]]
    return {"subject": card["id"], **row, **{key: leader[key] for key in ("source", "locator", "printed")}}


def _headline(card: Card, row: Mapping[str, Any]) -> dict[str, Any]:
    """A headline with the place of its leading claim; a named derived metric rests on the sources of its inputs."""
    leader = card["claims"][row["claim"]] if row["claim"] is not None else {}
    answers = {one["headline"]: one for one in card["headlines"]}
    named = [row["source"]] if row["source"] else [answers[name]["source"] for name in row["inputs"]]
    return {
        "subject": card["id"],
        **row,
        "locator": leader.get("locator"),
        "printed": leader.get("printed"),
        "sources": list(dict.fromkeys(named)),
    }


def _codes(tree: Tree) -> list[dict[str, Any]]:
    vocabulary = tree.vocabulary
    rows = [
        {"list": "kind", "code": one.name, "meaning": one.label, "rank": one.rank} for one in vocabulary.kinds.values()
    ]
    rows += [
        {"list": "mark", "code": code, "meaning": meaning, "rank": None} for code, meaning in vocabulary.marks.items()
    ]
    for name, order, words in (
        ("stage", vocabulary.stages, STAGES),
        ("access", vocabulary.access, ACCESS),
        ("absent", vocabulary.absent, ABSENT),
        ("verdict", list(VERDICTS), VERDICTS),
    ):
        rows += [
            {"list": name, "code": code, "meaning": words[code], "rank": rank} for rank, code in enumerate(order, 1)
        ]
    rows += [
        {"list": "headline", "code": one.name, "meaning": one.label, "rank": rank}
        for rank, one in enumerate(vocabulary.headlines.values(), 1)
    ]
    return rows
