"""Derives and judges a whole curated tree: the one call into this room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accel_db.curate.flatten import own_per
from accel_db.curate.tree import subject_key
from accel_db.derive.expand import COUNTS, Leader, Member, Sparsity, on_other_basis, per_accelerator, system_totals
from accel_db.derive.headline import Answer, answer, either
from accel_db.derive.judge import Judgement, joins, judge
from accel_db.derive.named import NamedAnswer, named_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accel_db.curate.models import Ruling
    from accel_db.curate.problems import Problem
    from accel_db.curate.read import Curated
    from accel_db.curate.tree import Subject, Tree
    from accel_db.words.claim import Claim, Quantity
    from accel_db.words.vocabulary import Headline, Vocabulary


@dataclass
class Judged:
    """One subject, judged: its quantities, which stated quantity an unstated one joins, and its headlines in declared order."""

    subject: Subject
    judgements: dict[Quantity, Judgement] = field(default_factory=dict)
    joined: dict[Quantity, Quantity] = field(default_factory=dict)
    headlines: dict[str, Answer] = field(default_factory=dict)
    named: dict[str, NamedAnswer] = field(default_factory=dict)


def judge_world(curated: Curated) -> tuple[dict[str, Judged], list[Problem]]:
    """Every subject judged, by id (an architecture's marked as `subject_key` does), and the problems of rulings."""
    tree = curated.tree
    by_subject: dict[str, list[Claim]] = defaultdict(list)
    for claim in curated.claims:
        by_subject[subject_key(claim.subject_kind, claim.subject)].append(claim)
    world: dict[str, Judged] = {}
    problems: list[Problem] = []
    for kind in ("architecture", "accelerator", "family", "system"):
        for key, subject in tree.subjects.items():
            if subject.kind == kind:
                claims = _with_derived(subject, by_subject[key], world, tree)
                world[key] = _judge_subject(subject, claims, tree)
                problems += _ruling_problems(world[key], tree)
    return world, problems


def _with_derived(subject: Subject, stated: list[Claim], world: Mapping[str, Judged], tree: Tree) -> list[Claim]:
    vocabulary = tree.vocabulary
    architecture = world.get(subject_key("architecture", getattr(subject.spec, "architecture", None) or ""))
    claims = [*stated]
    if architecture:
        claims += on_other_basis(stated, _sparsity(architecture, vocabulary), vocabulary)
    claims += per_accelerator(claims, _counts(stated, vocabulary), vocabulary)
    if subject.kind == "system":
        claims += system_totals(subject.id, _members(subject, world, vocabulary), vocabulary)
    return claims


def _sparsity(architecture: Judged, vocabulary: Vocabulary) -> Sparsity:
    pattern, speedup = None, {}
    for quantity, judgement in architecture.judgements.items():
        metric, first = vocabulary.metrics.get(quantity.metric), judgement.first
        if metric is None or first is None or judgement.verdict == "disputed":
            continue
        if metric.family == "sparsity.pattern":
            pattern = first.text
        elif metric.family.startswith("sparsity.speedup") and first.value is not None:
            speedup[str(metric.format)] = first.value
    return Sparsity(pattern, speedup)


def _counts(stated: list[Claim], vocabulary: Vocabulary) -> dict[str, Any]:
    """Dies and chips per accelerator, where the sources agree."""
    counts = {}
    for level, name in COUNTS.items():
        claims = [
            claim for claim in stated if claim.metric == name and claim.per == "accelerator" and claim.variant is None
        ]
        judgement = judge(claims, vocabulary) if claims else None
        if judgement and judgement.first and judgement.verdict != "disputed" and judgement.first.value:
            counts[level] = judgement.first.value
    return counts


def _members(subject: Subject, world: Mapping[str, Judged], vocabulary: Vocabulary) -> list[Member]:
    parts = getattr(subject.spec, "built_from", [])
    if any(part.accelerator not in world for part in parts):
        return []
    return [Member(part.accelerator, part.count, _leaders(world[part.accelerator], vocabulary)) for part in parts]


def _leaders(member: Judged, vocabulary: Vocabulary) -> dict[str, Leader]:
    """The leading claims of an accelerator by metric; where a ruling settled a headline, its claim alone speaks for the format."""
    leaders = {
        quantity.metric: Leader(one.first, one.verdict, one.low, one.high, one.ruled)
        for quantity, one in member.judgements.items()
        if quantity.per == "accelerator" and quantity.variant is None and quantity.accumulate is None and one.first
    }
    for name, found in member.headlines.items():
        claim = found.claim
        if not found.ruled or claim is None or claim.variant is not None or claim.accumulate is not None:
            continue
        ruled_format = vocabulary.metrics[claim.metric].format
        for rival in vocabulary.headlines[name].metrics:
            if rival != claim.metric and vocabulary.metrics[rival].format == ruled_format:
                leaders.pop(rival, None)
        leaders[claim.metric] = Leader(claim, found.verdict, found.low, found.high, True)
    return leaders


def _judge_subject(subject: Subject, claims: list[Claim], tree: Tree) -> Judged:
    """Judge the claims of one subject under its rulings."""
    judged = Judged(subject)
    groups: dict[Quantity, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.quantity].append(claim)
    for quantity, group in groups.items():
        judged.judgements[quantity] = _judge_quantity(quantity, group, subject.spec.ruling, tree.vocabulary)
    _join_unstated(judged, tree.vocabulary)
    _answer_headlines(judged, tree, subject.spec.ruling)
    judged.named = named_answers(judged.headlines, subject.kind, tree)
    return judged


def _judge_quantity(
    quantity: Quantity, group: Sequence[Claim], rulings: Sequence[Ruling], vocabulary: Vocabulary
) -> Judgement:
    ruling = next((one for one in rulings if _rules(one, quantity)), None)
    ruled = frozenset(
        id(claim) for claim in group if ruling and ruling.prefer in (None, claim.source) and claim.deprecated is None
    )
    return judge(group, vocabulary, ruled, ruling.why if ruling else None)


def _without(ruling: Ruling, judged: Judged, tree: Tree) -> Judged:
    """What would stand of a subject without one of its rulings: only what that ruling bears on is judged anew."""
    others = [one for one in judged.subject.spec.ruling if one is not ruling]
    without = Judged(judged.subject, {**judged.judgements})
    for quantity, judgement in judged.judgements.items():
        if _rules(ruling, quantity):
            without.judgements[quantity] = _judge_quantity(quantity, judgement.claims, others, tree.vocabulary)
    _join_unstated(without, tree.vocabulary)
    headlines = tree.vocabulary.headlines
    asked = [one for one in headlines.values() if one.name == ruling.headline or ruling.metric in one.metrics]
    wanted = {one.name for one in asked} | {part for one in asked for part in one.any_of}
    wanted |= {one.name for one in headlines.values() if wanted & set(one.any_of)}
    _answer_headlines(without, tree, others, frozenset(wanted))
    return without


def _rules(ruling: Ruling, quantity: Quantity) -> bool:
    return (
        ruling.metric == quantity.metric
        and ruling.per in (None, quantity.per)
        and ruling.variant in (None, quantity.variant)
    )


def _join_unstated(judged: Judged, vocabulary: Vocabulary) -> None:
    alike: dict[Quantity, list[Quantity]] = defaultdict(list)
    for quantity in judged.judgements:
        metric = vocabulary.metrics.get(quantity.metric)
        if metric is not None and metric.basis is not None:
            alike[quantity._replace(metric=metric.with_basis("unstated"))].append(quantity)
    for quantity, others in alike.items():
        if quantity not in judged.judgements or len(others) < 2:
            continue
        siblings = {other: judged.judgements[other] for other in others if other != quantity}
        joined = joins(judged.judgements[quantity], siblings.values(), vocabulary.metrics[quantity.metric])
        if joined is not None:
            judged.joined[quantity] = next(other for other, found in siblings.items() if found is joined)


def _answer_headlines(
    judged: Judged, tree: Tree, rulings: Sequence[Ruling], wanted: frozenset[str] | None = None
) -> None:
    """Answer every headline that this kind of subject may have, or only the ``wanted`` ones."""
    subject, vocabulary = judged.subject, tree.vocabulary
    if subject.kind == "architecture":
        return
    found: dict[str, Answer | None] = {}
    for headline in sorted(vocabulary.headlines.values(), key=lambda one: bool(one.any_of)):
        if subject.kind not in headline.subjects or (wanted is not None and headline.name not in wanted):
            continue
        if headline.any_of:
            found[headline.name] = either(headline, found)
            continue
        ruling = next((one for one in rulings if _rules_headline(one, headline.name, vocabulary)), None)
        metric_variant = next((one.variant for one in rulings if one.metric in headline.metrics and one.variant), None)
        found[headline.name] = answer(
            headline,
            judged.judgements,
            own_per(subject.kind),
            vocabulary,
            frozenset([ruling.prefer]) if ruling and ruling.prefer else frozenset(),
            ruling.why if ruling else None,
            ruling.variant if ruling else metric_variant,
        )
    judged.headlines = {
        name: one
        for name, headline in vocabulary.headlines.items()
        if (one := found.get(name)) is not None and not _said_elsewhere(one, judged, headline)
    }


def _said_elsewhere(one: Answer, judged: Judged, headline: Headline) -> bool:
    """Whether an unstated value only repeats what a stated basis answers under another headline: then it has none of its own."""
    if one.claim is None or one.claim.quantity not in judged.joined:
        return False
    return judged.joined[one.claim.quantity].metric not in headline.metrics and not headline.any_of


def _rules_headline(ruling: Ruling, headline: str, vocabulary: Vocabulary) -> bool:
    if ruling.headline is None:
        return False
    wider = vocabulary.headlines.get(ruling.headline)
    return ruling.headline == headline or (wider is not None and headline in wider.any_of)


def _ruling_problems(judged: Judged, tree: Tree) -> list[Problem]:
    """A ruling must have something to settle: a dispute or open variants; and it must prefer a claim that is there."""
    problems = []
    subject, rulings = judged.subject, judged.subject.spec.ruling
    for i, ruling in enumerate(rulings):
        asked = ruling.headline or ruling.metric
        known = tree.vocabulary.headlines if ruling.headline else tree.vocabulary.metrics
        if asked not in known:
            problems.append(
                tree.problem(
                    subject.file,
                    ("ruling", i),
                    "ruling",
                    asked,
                    f"no {'headline' if ruling.headline else 'metric'} {asked!r}",
                    "see accel metrics",
                )
            )
            continue
        without = _without(ruling, judged, tree)
        if ruling.headline:
            before: list[Any] = [without.headlines.get(ruling.headline)]
            found = judged.headlines.get(ruling.headline)
            settled = bool(found and found.ruled)
        else:
            before = [one for quantity, one in without.judgements.items() if _rules(ruling, quantity)]
            before += [
                one
                for name, one in without.headlines.items()
                if one.verdict == "variants" and ruling.metric in tree.vocabulary.headlines[name].metrics
            ]
            settled_here = [
                one for quantity, one in judged.judgements.items() if _rules(ruling, quantity) and one.ruled
            ]
            settled = bool(settled_here)
        if not any(one and one.verdict in ("disputed", "variants") for one in before):
            problems.append(
                tree.problem(
                    subject.file,
                    ("ruling", i),
                    "needless-ruling",
                    asked,
                    f"nothing on {asked} is disputed and no variant is open",
                    "delete the ruling",
                )
            )
        elif not settled:
            problems.append(
                tree.problem(
                    subject.file,
                    ("ruling", i),
                    "ruling",
                    ruling.prefer or ruling.variant,
                    f"the ruling on {asked} prefers no claim that could lead",
                    "name the source key or variant of a claim on it",
                )
            )
    return problems
