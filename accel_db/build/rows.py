"""The rows of every published table, from the judged world and its cards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from accel_db.build.cards import Card, claim_row, quantity_order, source_row
from accel_db.words.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accel_db.build.duck import Rows
    from accel_db.curate.load import Tree
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


def make_rows(world: Mapping[str, Judged], cards: Mapping[str, Card], tree: Tree, edition: str, schema: int) -> Rows:
    """Rows by table name, in a fixed order."""
    rows: Rows = {
        "source": [{"key": key, **source_row(key, tree)} for key in sorted(tree.sources)],
        "vendor": [
            {"id": key, "name": vendor.name, "country": vendor.country} for key, vendor in sorted(tree.vendors.items())
        ],
        "architecture": [
            {"id": one.id, "name": one.spec.name, "vendor": one.vendor} for one in tree.of_kind("architecture")
        ],
        "accelerator": [_subject(card) for card in cards.values() if card["kind"] == "accelerator"],
        "system": [_subject(card) for card in cards.values() if card["kind"] == "system"],
        "family": [
            {**_subject(card), "members": [one["id"] for one in card["members"]]}
            for card in cards.values()
            if card["kind"] == "family"
        ],
        "alias": _aliases(cards),
        "metric": [_metric(one) for one in tree.vocabulary.metrics.values()],
        "unit": [_unit(row, tree) for row in tree.unit_rows],
        "claim": _claims(world, tree),
        "verdict": [
            _verdict(card["id"], row) for card in cards.values() for row in card["quantities"] if row["verdict"]
        ],
        "headline": [
            {"subject": card["id"], **row}
            for card in cards.values()
            for row in card["headlines"]
            if row["shown"] is not None
        ],
        "headline_unit": [
            {"headline": one.name, "unit": one.unit, "label": one.label} for one in tree.vocabulary.headlines.values()
        ]
        + [{"headline": row["name"], "unit": row["unit"], "label": row["label"]} for row in tree.derived],
        "looked": [
            {"subject": card["id"], "metric": metric, "source": where, "on": one["on"]}
            for card in cards.values()
            for one in card["looked"]
            for metric in one["metrics"]
            for where in one["where"]
        ],
        "code": _codes(tree),
    }
    rows["info"] = [
        {"key": "edition", "value": edition},
        {"key": "schema", "value": str(schema)},
        {"key": "licence", "value": "CC BY 4.0"},
    ]
    rows["info"] += [
        {"key": f"{table}s", "value": str(len(rows[table]))} for table in ("source", "accelerator", "system", "claim")
    ]
    return rows


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


def _claims(world: Mapping[str, Judged], tree: Tree) -> list[dict[str, Any]]:
    rows = []
    for judged in world.values():
        for quantity in sorted(judged.judgements, key=lambda one: quantity_order(one, tree.vocabulary)):
            judgement = judged.judgements[quantity]
            rows += [
                {
                    "subject": claim.subject,
                    "subject_kind": claim.subject_kind,
                    **claim_row(claim, rank, tree.vocabulary, judgement),
                }
                for rank, claim in enumerate(judgement.claims, 1)
            ]
    return rows


def _verdict(subject: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"subject": subject, **row}


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
