"""Makes one card a subject: everything the database says of it, as plain JSON values.

The card is the static API and what the fast path reads, so values come with the text in which they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.build.control_rows import controls_block
from accel_db.build.numbers import number, shown_number
from accel_db.curate.checks.claims import latest_statuses
from accel_db.curate.flatten import own_per
from accel_db.derive.controls import controls_of
from accel_db.derive.headline import STAGE_MARKS
from accel_db.derive.judge import rank_key
from accel_db.words.lean import HEADLINE
from accel_db.words.shown import significant
from accel_db.words.vocabulary import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from accel_db.curate.tree import Subject, Tree
    from accel_db.derive.arithmetic import Finding
    from accel_db.derive.headline import Answer
    from accel_db.derive.judge import Judgement
    from accel_db.derive.named import NamedAnswer
    from accel_db.derive.world import Judged
    from accel_db.words.claim import Claim, Quantity
    from accel_db.words.vocabulary import Headline, Vocabulary

Card = dict[str, Any]


def make_cards(
    world: Mapping[str, Judged], tree: Tree, edition: str, schema: int, found: Iterable[Finding] = ()
) -> dict[str, Card]:
    """A card for every accelerator, family and system, by id; a maker's own contradictions are noted on it."""
    claims = [
        claim for judged in world.values() for judgement in judged.judgements.values() for claim in judgement.claims
    ]
    statuses = latest_statuses(claims)
    cards = {}
    for judged in world.values():
        if judged.subject.kind != "architecture":
            cards[judged.subject.id] = _card(judged, world, tree, statuses, edition, schema)
    for finding in found:
        if finding.own and finding.subject.id in cards:
            note = {"check": finding.check, "message": finding.message}
            cards[finding.subject.id]["contradictions"].append(note)
    return cards


def _card(
    judged: Judged, world: Mapping[str, Judged], tree: Tree, statuses: Mapping[str, str], edition: str, schema: int
) -> Card:
    subject, spec = judged.subject, judged.subject.spec
    quantities, flat, index = quantity_rows(judged, tree.vocabulary)
    vendor = tree.vendors[subject.vendor]
    card: Card = {
        "schema": schema,
        "edition": edition,
        "id": subject.id,
        "kind": subject.kind,
        "name": spec.name,
        "type": getattr(spec, "kind", None),
        "vendor": {"id": subject.vendor, "name": vendor.name, "country": vendor.country},
        "architecture": getattr(spec, "architecture", None),
        "aliases": spec.aliases,
        "family": getattr(spec, "family", []),
        "members": _members(subject, tree),
        "built_from": [
            {
                "accelerator": part.accelerator,
                "name": tree.subjects[part.accelerator].spec.name,
                "count": part.count,
                "note": part.note,
            }
            for part in getattr(spec, "built_from", [])
        ],
        "systems": _systems(subject, world, tree),
        "status": statuses.get(subject.id),
        "note": spec.note,
        "own_per": own_per(subject.kind),
        "headlines": _headlines(judged, tree, index),
        "quantities": quantities,
        "claims": flat,
        "looked": [
            {"metrics": one.metrics, "where": one.where, "on": one.on.isoformat(), "note": one.note}
            for one in spec.looked
        ],
        "contradictions": [],
        "controls": controls_block(controls_of(judged, tree), index, tree),
        "marks": tree.vocabulary.marks,
        "sources": {},
    }
    keys = {claim["source"] for claim in flat} | {key for one in spec.looked for key in one.where}
    keys |= {total["source"] for system in card["systems"] for total in system["totals"]}
    card["sources"] = {key: source_row(key, tree) for key in sorted(keys)}
    return card


def source_row(key: str, tree: Tree) -> dict[str, Any]:
    """A source as published: the columns of the ``source`` table but its key."""
    source = tree.sources[key]
    entry = source.entry
    return {
        "title": entry.title,
        "url": entry.url,
        "publisher": source.publisher,
        "author": tree.vendors[entry.by].name if entry.by in tree.vendors else entry.by or source.publisher,
        "kind": entry.kind,
        "kind_label": tree.vocabulary.kinds[entry.kind].label,
        "kind_short": tree.vocabulary.kinds[entry.kind].short,
        "published": entry.published,
        "revision": entry.revision,
        "read": entry.read.isoformat(),
        "access": entry.how,
        "via": entry.via or [],
        "format": entry.format,
        "language": entry.language or "en",
        "replaced_by": entry.replaced_by,
        "note": entry.note,
    }


def _members(subject: Subject, tree: Tree) -> list[dict[str, str]]:
    if subject.kind != "family":
        return []
    return [
        {"id": one.id, "name": one.spec.name, "kind": one.kind}
        for one in tree.subjects.values()
        if subject.id in getattr(one.spec, "family", [])
    ]


def _systems(subject: Subject, world: Mapping[str, Judged], tree: Tree) -> list[dict[str, Any]]:
    """The systems built from an accelerator, with their own stated totals: what confirms or contradicts its figures."""
    found = []
    for system in tree.of_kind("system"):
        for part in getattr(system.spec, "built_from", []):
            if part.accelerator == subject.id:
                totals = [
                    claim_row(claim, 0, tree.vocabulary)
                    for judgement in world[system.id].judgements.values()
                    for claim in judgement.claims
                    if claim.derived is None
                    and claim.standing
                    and claim.value is not None
                    and _is_total(claim, tree.vocabulary)
                ]
                found.append({"id": system.id, "name": system.spec.name, "count": part.count, "totals": totals})
    return found


def _is_total(claim: Claim, vocabulary: Vocabulary) -> bool:
    metric = vocabulary.metrics[claim.metric]
    return metric.additive and "accelerator" in metric.subjects


def quantity_rows(
    judged: Judged, vocabulary: Vocabulary
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[int, int]]:
    """Quantities in vocabulary order, their claims in rank order, and where each claim landed (by ``id()``)."""
    quantities: list[dict[str, Any]] = []
    flat: list[dict[str, Any]] = []
    index: dict[int, int] = {}
    for quantity in sorted(judged.judgements, key=lambda one: quantity_order(one, vocabulary)):
        judgement = judged.judgements[quantity]
        places = []
        for rank, claim in enumerate(judgement.claims, 1):
            index[id(claim)] = len(flat)
            places.append(len(flat))
            flat.append(claim_row(claim, rank, vocabulary, judgement))
        quantities.append(_quantity_row(quantity, judgement, judged, vocabulary) | {"claims": places})
    return quantities, flat, index


def quantity_order(quantity: Quantity, vocabulary: Vocabulary) -> tuple[Any, ...]:
    """Vocabulary order; prefixes of negatives before what they cover."""
    metric = vocabulary.metrics.get(quantity.metric)
    order = metric.order if metric else vocabulary.prefixes[quantity.metric].order - 0.5
    return (
        order,
        quantity.metric,
        vocabulary.per.index(quantity.per),
        quantity.variant or "",
        quantity.accumulate or "",
    )


def _quantity_row(quantity: Quantity, judgement: Judgement, judged: Judged, vocabulary: Vocabulary) -> dict[str, Any]:
    metric = vocabulary.metrics.get(quantity.metric)
    first = judgement.first
    joined = judged.joined.get(quantity)
    described = metric or vocabulary.prefixes[quantity.metric]
    return {
        "metric": quantity.metric,
        "label": metric.label if metric else quantity.metric,
        "group": described.group,
        "unit": first.unit if first else (metric.unit if metric else None),
        "basis": metric.basis if metric else None,
        "marketed": bool(metric and metric.marketed),
        "additive": bool(metric and metric.additive),
        "per": quantity.per,
        "variant": quantity.variant,
        "accumulate": quantity.accumulate,
        "verdict": judgement.verdict,
        "value": number(first.marketed) if first else None,
        "low": number(judgement.low),
        "high": number(judgement.high),
        "text": first.text if first else None,
        "absent": first.absent if first else None,
        "shown": shown_claim(first) if first else None,
        "spread": shown_spread(judgement.low, judgement.high),
        "marks": ("d" if first.derived else "") + STAGE_MARKS.get(first.stage, "") if first else "",
        "reason": judgement.reason,
        "ruled": judgement.ruled,
        "origins": judgement.origins,
        "joins": joined.metric if joined else None,
    }


def shown_spread(low: Decimal | None, high: Decimal | None) -> str | None:
    """``752–800`` where the two ends differ."""
    if low is None or high is None or low == high:
        return None
    return f"{shown_number(low)}–{shown_number(high)}"


def shown_claim(claim: Claim) -> str:
    """The value of a claim for people, in its unit but without it."""
    if claim.absent:
        return claim.absent
    if claim.text is not None:
        return claim.text
    assert claim.marketed is not None
    text = shown_number(claim.marketed)
    if claim.ends:
        text = f"{shown_number(claim.ends[0])}–{shown_number(claim.ends[1])}"
    return f"~{text}" if claim.hedge else text


def claim_row(claim: Claim, rank: int, vocabulary: Vocabulary, judgement: Judgement | None = None) -> dict[str, Any]:
    """A claim as published: the columns of the ``claim`` table but its subject, and how it is shown."""
    leads = judgement is not None and judgement.first is claim
    return {
        "metric": claim.metric,
        "per": claim.per,
        "variant": claim.variant,
        "accumulate": claim.accumulate,
        "value": number(claim.value),
        "unit": claim.unit,
        "low": number(claim.ends[0]) if claim.ends else number(claim.value),
        "high": number(claim.ends[1]) if claim.ends else number(claim.value),
        "text": claim.text,
        "date": claim.when.text if claim.when else None,
        "printed": claim.printed,
        "hedge": claim.hedge,
        "term": claim.term,
        "source": claim.source,
        "locator": claim.locator,
        "row": claim.row,
        "via": list(claim.via),
        "origin": claim.origin,
        "kind": claim.kind,
        "stage": claim.stage,
        "access": claim.access,
        "as_of": claim.as_of,
        "rank": rank,
        "verdict": judgement.verdict if judgement else None,
        "reason": judgement.reason if leads and judgement else None,
        "deprecated": claim.deprecated,
        "absent": claim.absent,
        "derived": claim.derived,
        "note": claim.note,
        "expression": claim.expression,
        "replaced": claim.replaced,
        "counted": claim.counted,
        "unit_name": claim.unit_name,
        "model": claim.model,
        "precision": claim.precision,
        "scenario": claim.scenario,
        "count": claim.count,
        "mark": claim.mark,
        "published": claim.published.text if claim.published else None,
        "kind_short": vocabulary.kinds[claim.kind].short,
        "shown": shown_claim(claim),
        "compared": number(claim.marketed),
        "order": list(rank_key(claim)),
        "interval": [number(claim.interval.low), number(claim.interval.high)] if claim.interval else None,
    }


def _headlines(judged: Judged, tree: Tree, index: Mapping[int, int]) -> list[dict[str, Any]]:
    """A row for every headline and derived metric that this kind of subject may have, answered or not."""
    vocabulary, subject = tree.vocabulary, judged.subject
    rows = [
        _headline_row(headline, judged.headlines.get(headline.name), subject, vocabulary, index)
        for headline in vocabulary.headlines.values()
        if subject.kind in headline.subjects
    ]
    derived = [row for row in tree.derived if subject.kind in row.get("subjects", SUBJECTS)]
    return rows + [_named_row(row, judged.named.get(row["name"])) for row in derived]


def _headline_row(
    headline: Headline, answer: Answer | None, subject: Subject, vocabulary: Vocabulary, index: Mapping[int, int]
) -> dict[str, Any]:
    claim = answer.claim if answer else None
    negative = answer.absent if answer else None
    metric = vocabulary.metrics[claim.metric if claim else first_metric(headline, vocabulary)]
    open_variants = answer is not None and answer.verdict == "variants"
    named = claim or negative
    shown = negative.absent if negative else None
    if claim and answer:
        shown = shown_spread(answer.low, answer.high) if open_variants else shown_claim(claim)
    return {
        "headline": headline.name,
        "label": headline.label,
        "unit": metric.unit,
        "basis": metric.basis if claim else None,
        "marketed": metric.marketed,
        "additive": metric.additive,
        "better": headline.better,
        "default": headline.default,
        "metric": claim.metric if claim else None,
        "per": claim.per if claim else None,
        "variant": claim.variant if claim and not open_variants else None,
        "value": number(claim.marketed) if claim and not open_variants else None,
        "low": number(answer.low) if answer else None,
        "high": number(answer.high) if answer else None,
        "shown": shown,
        "spread": shown_spread(answer.low, answer.high) if answer else None,
        "marks": answer.marks if answer else "",
        "verdict": answer.verdict if answer else None,
        "ruled": bool(answer and answer.ruled),
        "reason": answer.reason if answer else None,
        "absent": negative.absent if negative else None,
        "looked": None if named else _looked(headline_metrics(headline, vocabulary), subject),
        "claim": index.get(id(named)) if named else None,
        "source": named.source if named else None,
        "variants": [index[id(one)] for one in answer.variants] if answer else [],
        "expression": None,
        "inputs": [],
    }


def headline_metrics(headline: Headline, vocabulary: Vocabulary) -> list[str]:
    """Every metric that may answer a headline."""
    return list(headline.metrics) or [name for part in headline.any_of for name in vocabulary.headlines[part].metrics]


def first_metric(headline: Headline, vocabulary: Vocabulary) -> str:
    """The metric that answers a headline best."""
    return headline_metrics(headline, vocabulary)[0]


def _looked(metrics: list[str], subject: Subject) -> dict[str, Any] | None:
    """Where editors looked in vain for any of these metrics: how many documents, and when last."""
    covering = [
        one
        for one in subject.spec.looked
        if any(name == asked or name.startswith(asked + ".") for asked in one.metrics for name in metrics)
    ]
    if not covering:
        return None
    return {
        "documents": len({key for one in covering for key in one.where}),
        "on": max(one.on for one in covering).isoformat(),
    }


def _named_row(row: Mapping[str, Any], named: NamedAnswer | None) -> dict[str, Any]:
    empty = {
        **HEADLINE,
        "headline": row["name"],
        "label": row["label"],
        "unit": row["unit"],
        "better": row.get("better"),
        "default": row.get("default", False),
        "reason": row["expression"],
        "expression": row["expression"],
    }
    if named is None:
        return empty
    low, high = significant(float(named.low), 2), significant(float(named.high), 2)
    return {
        **empty,
        "value": float(named.value) if named.value is not None else None,
        "low": float(named.low),
        "high": float(named.high),
        "shown": significant(float(named.value), 2) if named.value is not None else f"{low}–{high}",
        "spread": f"{low}–{high}" if low != high else None,
        "marks": named.marks,
        "verdict": named.verdict,
        "ruled": named.ruled,
        "inputs": list(named.inputs),
    }
