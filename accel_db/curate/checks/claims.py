"""Checks of flattened claims, one by one and against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accel_db.curate.checks.registry import World, check, claim_problem, with_article
from accel_db.curate.flatten import WORKLOAD, own_per
from accel_db.words.dates import sortable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Subject
    from accel_db.words.claim import Claim


@check("duplicate-claim", "subject")
def duplicate_claim(world: World, subject: Subject) -> Iterator[Problem]:
    """One place in one source says a thing once."""
    seen: dict[tuple[object, ...], Claim] = {}
    for claim in world.of_subject.get(subject.key, ()):
        key = (claim.quantity, claim.source, claim.locator, claim.printed, claim.absent, claim.term, claim.as_of)
        first = seen.setdefault(key, claim)
        if first is not claim:
            yield claim_problem(
                world,
                claim,
                "duplicate-claim",
                claim.printed or claim.absent,
                f"{claim.metric} = {claim.printed or claim.absent!r} is entered twice from {claim.source}",
                "delete one",
            )


@check("per", "claim")
def per_fits(world: World, claim: Claim) -> Iterator[Problem]:
    """`per` names a level of its subject: a system's figures are the system's, a die is never a system."""
    own = own_per(claim.subject_kind)
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    allowed: tuple[str, ...] = ("die", "chip", "accelerator") if own == "accelerator" else (own,)
    if metric and metric.per:
        allowed = metric.per
    if claim.per not in allowed and claim.per in world.tree.vocabulary.per:
        cure = (
            "a figure per accelerator goes into the accelerator's file"
            if own == "system"
            else f"one of: {', '.join(allowed)}"
        )
        yield claim_problem(
            world,
            claim,
            "per",
            claim.per,
            f"per = {claim.per!r} in the file of {with_article(claim.subject_kind)}",
            cure,
        )


@check("metric-subject", "claim")
def metric_subject(world: World, claim: Claim) -> Iterator[Problem]:
    """A metric stands in the file of a subject it is for."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric and claim.subject_kind not in metric.subjects:
        yield claim_problem(
            world,
            claim,
            "metric-subject",
            claim.metric,
            f"{claim.metric} is for {' and '.join(metric.subjects)}, not for {with_article(claim.subject_kind)}",
            "move it to the right file",
        )


@check("implausible", "claim")
def implausible(world: World, claim: Claim) -> Iterator[Problem]:
    """A value lies within its metric's plausible range: catches slips by thousands and bits taken for bytes."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric is None or claim.value is None or claim.deprecated:
        return
    limits = metric.system_range if claim.subject_kind == "system" else metric.range
    if limits and not limits[0] <= claim.value <= limits[1]:
        yield claim_problem(
            world,
            claim,
            "implausible",
            claim.printed,
            f"{claim.metric} = {claim.printed!r} is {claim.value:f} {claim.unit}, outside {limits[0]}–{limits[1]}",
            "check unit and digits; a right figure is waived in waivers.toml",
        )


@check("undated", "claim")
def undated(world: World, claim: Claim) -> Iterator[Problem]:
    """Prices and states carry `as_of`."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric and metric.dated and not claim.as_of and claim.absent is None:
        yield claim_problem(
            world,
            claim,
            "undated",
            claim.printed,
            f"{claim.metric} without `as_of`",
            'add as_of = "2026-03", the date it was true',
        )


@check("plain-before-available", "claim")
def plain_before_available(world: World, claim: Claim) -> Iterator[Problem]:
    """Figures of a part that its maker has not yet made available are preliminary, estimates or rumours."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric is None or claim.stage != "plain" or metric.group in STATED_EARLY or claim.deprecated:
        return
    state = world.statuses.get(claim.subject)
    if claim.subject in world.available:
        return
    if state in ("announced", "roadmap", "rumoured", "sampling") and claim.absent is None:
        yield claim_problem(
            world,
            claim,
            "plain-before-available",
            claim.printed,
            f"{claim.subject} is {state}, yet {claim.metric} = {claim.printed!r} is entered as plain",
            'stage = "preliminary" (or estimate, rumour) on the reading',
        )


STATED_EARLY = ("Product", "Count", "Architecture", "Export control", "Achieved")


def latest_statuses(claims: Iterable[Claim]) -> dict[str, str]:
    """The newest standing status of each subject, by its `as_of`."""
    newest: dict[str, tuple[int, str]] = {}
    for claim in claims:
        if claim.metric == "status" and claim.standing and claim.as_of and claim.text:
            newest[claim.subject] = max(newest.get(claim.subject, (0, "")), (sortable(claim.as_of), claim.text))
    return {subject: state for subject, (_, state) in newest.items()}


def available_by(claims: Iterable[Claim], today: date) -> frozenset[str]:
    """Subjects whose sourced availability lies in the past."""
    return frozenset(
        claim.subject
        for claim in claims
        if claim.metric == "date.available"
        and claim.standing
        and claim.stage == "plain"
        and claim.when
        and claim.when.end <= today
    )


@check("workload", "claim")
def workload_stated(world: World, claim: Claim) -> Iterator[Problem]:
    """A measured throughput says model, precision, scenario and count, and is staged measured (projected: estimate); no other figure says so."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric is None or claim.absent is not None:
        return
    said = [key for key in WORKLOAD if getattr(claim, key) is not None]
    if not metric.workload:
        if said:
            cure = "move it to an achieved.* metric, or drop the keys"
            yield claim_problem(
                world,
                claim,
                "workload",
                said[0],
                f"{claim.metric} is no measured throughput, yet has {', '.join(said)}",
                cure,
            )
        return
    missing = [key for key in WORKLOAD if key not in said]
    if missing:
        cure = 'such as model = "DeepSeek-R1", precision = "fp8", scenario = "decode, 4k input", count = 8'
        yield claim_problem(
            world, claim, "workload", claim.printed, f"{claim.metric} without {', '.join(missing)}", cure
        )
    if claim.stage not in ("measured", "estimate"):
        yield claim_problem(
            world,
            claim,
            "workload",
            claim.stage,
            f"{claim.metric} at stage {claim.stage!r}",
            'stage = "measured" (of a projection: "estimate") on the reading',
        )
