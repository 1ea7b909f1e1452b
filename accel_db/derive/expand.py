"""Derived claims: dense from sparse, unstated made dense by a sourced ``none``, package from die, system from accelerators.

Each rests on claims and on sourced facts of the architecture; each says how it was computed and from which claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from accel_db.derive.judge import Judgement
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
                        f"{claim.value:f} ÷ 2",
                    )
                )
            elif metric.sparsity == "dense":
                made.append(
                    _scaled(
                        claim, metric.with_basis("sparse"), TWO_TO_ONE, "twice the dense figure", f"{claim.value:f} × 2"
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
            f"({claim.expression})" if claim.expression and claim.expression != claim.printed else f"{claim.value:f}"
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


@dataclass(frozen=True)
class Member:
    """A kind of accelerator in a system: how many, and the leading claims per accelerator."""

    accelerator: str
    count: int
    judgements: Mapping[str, Judgement]


def system_totals(system: str, members: Sequence[Member], vocabulary: Vocabulary) -> list[Claim]:
    """Totals of additive metrics that every member has a leading figure for."""
    made: list[Claim] = []
    if not members:
        return made
    shared = set(members[0].judgements).intersection(*(member.judgements for member in members[1:]))
    for name in sorted(shared & vocabulary.metrics.keys(), key=lambda name: vocabulary.metrics[name].order):
        metric = vocabulary.metrics[name]
        firsts = [(member, member.judgements[name].first) for member in members]
        if (
            not metric.additive
            or "system" not in metric.subjects
            or any(first is None or first.value is None for _, first in firsts)
        ):
            continue
        verdicts = {str(member.judgements[name].verdict) for member in members}
        verdict = next((word for word in ("disputed", "sole") if word in verdicts), "agreed")
        made.append(_total(system, [(member, first) for member, first in firsts if first is not None], verdict))
    return made


def _total(system: str, parts: Sequence[tuple[Member, Claim]], verdict: str) -> Claim:
    weakest = max(
        (claim for _, claim in parts), key=lambda claim: (claim.hedge is not None, claim.stage_rank, claim.kind_rank)
    )
    value = sum(((claim.value or Decimal(0)) * member.count for member, claim in parts), Decimal(0))
    marketed = sum(((claim.marketed or Decimal(0)) * member.count for member, claim in parts), Decimal(0))
    lows = sum(
        ((claim.interval.low if claim.interval else Decimal(0)) * member.count for member, claim in parts), Decimal(0)
    )
    highs = sum(
        ((claim.interval.high if claim.interval else Decimal(0)) * member.count for member, claim in parts), Decimal(0)
    )
    assert weakest.interval is not None
    return replace(
        weakest,
        subject=system,
        subject_kind="system",
        per="system",
        variant=None,
        value=value.normalize(),
        marketed=marketed.normalize(),
        interval=type(weakest.interval)(lows, highs),
        ends=None,
        derived="from its accelerators",
        expression=" + ".join(f"{member.count} × {claim.value:f} ({member.accelerator})" for member, claim in parts),
        basis=weakest,
        basis_verdict=verdict,
    )
