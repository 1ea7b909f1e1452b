"""Derived claims: dense from sparse, unstated made dense by a sourced ``none``, package from die, system from accelerators.

Each rests on claims and on sourced facts of the architecture; each says how it was computed and from which claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from accel_db.words.claim import Claim
    from accel_db.words.vocabulary import Vocabulary

TWO_TO_ONE = Decimal(2)
"""Only this sourced ratio of sparse to dense makes one from the other."""

COUNTS = {"die": "die.count", "chip": "chip.count"}
"""Which count takes a figure per die or chip to one per accelerator."""


@dataclass(frozen=True)
class Sparsity:
    """What the sources say of an architecture: its pattern, and the peak ratio of sparse to dense by format."""

    pattern: str | None = None
    speedup: Mapping[str, Decimal] = field(default_factory=dict)


def on_other_basis(claims: Iterable[Claim], sparsity: Sparsity, vocabulary: Vocabulary) -> list[Claim]:
    """Dense from sparse and back where the sourced ratio is two; dense from unstated where the sourced pattern is none."""
    made = []
    for claim in claims:
        metric = vocabulary.metrics.get(claim.metric)
        if metric is None or metric.sparsity is None or claim.value is None or not claim.standing:
            continue
        if metric.sparsity == "unstated" and sparsity.pattern == "none":
            made.append(
                _scaled(
                    claim,
                    metric.with_basis("dense"),
                    Decimal(1),
                    "unstated, and the architecture has no sparsity",
                    claim.printed or "",
                )
            )
        elif sparsity.speedup.get(str(metric.format)) == TWO_TO_ONE:
            if metric.sparsity == "sparse":
                made.append(
                    _scaled(
                        claim,
                        metric.with_basis("dense"),
                        1 / TWO_TO_ONE,
                        "half the sparse figure",
                        f"{claim.marketed:f} ÷ 2",
                    )
                )
            elif metric.sparsity == "dense":
                made.append(
                    _scaled(
                        claim,
                        metric.with_basis("sparse"),
                        TWO_TO_ONE,
                        "twice the dense figure",
                        f"{claim.marketed:f} × 2",
                    )
                )
    return made


def per_accelerator(claims: Sequence[Claim], counts: Mapping[str, Decimal], vocabulary: Vocabulary) -> list[Claim]:
    """Figures per die or chip of additive metrics, times the sourced count of dies or chips."""
    made = []
    for claim in claims:
        metric = vocabulary.metrics.get(claim.metric)
        count = counts.get(claim.per)
        if metric is None or not metric.additive or count is None or claim.value is None or not claim.standing:
            continue
        level = "dies" if claim.per == "die" else "chips"
        before = (
            f"({claim.expression})" if claim.expression and claim.expression != claim.printed else f"{claim.marketed:f}"
        )
        made.append(
            replace(
                _scaled(claim, claim.metric, count, f"{count:f} {level}", f"{before} × {count:f} {level}"),
                per="accelerator",
            )
        )
    return made


def _scaled(claim: Claim, metric: str, factor: Decimal, derived: str, expression: str) -> Claim:
    assert claim.value is not None
    assert claim.marketed is not None
    assert claim.interval is not None
    return replace(
        claim,
        metric=metric,
        value=(claim.value * factor).normalize(),
        marketed=(claim.marketed * factor).normalize(),
        interval=claim.interval.scaled(factor),
        ends=(claim.ends[0] * factor, claim.ends[1] * factor) if claim.ends else None,
        derived=f"{claim.derived}; {derived}" if claim.derived else derived,
        expression=expression,
        basis=claim,
    )


class Leader(NamedTuple):
    """The leading claim of an accelerator on a metric: what its claims amount to, how far they spread, whether a ruling settled it."""

    claim: Claim
    verdict: str | None
    low: Decimal | None
    high: Decimal | None
    ruled: bool


@dataclass(frozen=True)
class Member:
    """A kind of accelerator in a system: how many, and its leaders by metric, per accelerator."""

    accelerator: str
    count: int
    leaders: Mapping[str, Leader]


def system_totals(system: str, members: Sequence[Member], vocabulary: Vocabulary) -> list[Claim]:
    """Totals of additive metrics that every member has a leading figure for."""
    made: list[Claim] = []
    if not members:
        return made
    shared = set(members[0].leaders).intersection(*(member.leaders for member in members[1:]))
    for name in sorted(shared & vocabulary.metrics.keys(), key=lambda name: vocabulary.metrics[name].order):
        metric = vocabulary.metrics[name]
        parts = [(member.accelerator, member.count, member.leaders[name]) for member in members]
        if metric.additive and "system" in metric.subjects and all(part[2].claim.value is not None for part in parts):
            made.append(_total(system, parts))
    return made


def _total(system: str, parts: Sequence[tuple[str, int, Leader]]) -> Claim:
    """Counts times leading claims. It ranks as the weakest of them, and carries their dispute and its spread."""
    leaders = [leader for _, _, leader in parts]
    weakest = max(
        (one.claim for one in leaders), key=lambda one: (one.hedge is not None, one.stage_rank, one.kind_rank)
    )
    verdict = next((word for word in ("disputed", "sole") if any(one.verdict == word for one in leaders)), "agreed")
    disputed = [one for one in leaders if one.verdict == "disputed"]

    def summed(value: Callable[[Leader], Decimal | None]) -> Decimal:
        return sum(((value(leader) or Decimal(0)) * count for _, count, leader in parts), Decimal(0))

    low = summed(lambda one: one.claim.interval.low if one.claim.interval else None)
    high = summed(lambda one: one.claim.interval.high if one.claim.interval else None)
    assert weakest.interval is not None
    return replace(
        weakest,
        subject=system,
        subject_kind="system",
        per="system",
        variant=None,
        value=summed(lambda one: one.claim.value).normalize(),
        marketed=summed(lambda one: one.claim.marketed).normalize(),
        interval=type(weakest.interval)(low, high),
        ends=None,
        derived="from its accelerators",
        expression=" + ".join(f"{count} × {leader.claim.marketed:f} ({name})" for name, count, leader in parts),
        basis=weakest,
        basis_verdict=verdict,
        basis_ruled=bool(disputed) and all(one.ruled for one in disputed),
        basis_spread=(summed(lambda one: one.low), summed(lambda one: one.high)) if disputed else None,
    )
