"""Answers a headline: which quantity stands for the short name a person asks for, with its marks and whether it is disputed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accel_db.derive.judge import meets, rank_key, spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from accel_db.derive.judge import Judgement
    from accel_db.words.claim import Claim, Quantity
    from accel_db.words.vocabulary import Headline, Metric, Vocabulary

ENGINES = ("matrix", "compute", "combined")
MAKERS_DOCUMENTS = 3
"""Kinds up to this rank are a maker's data sheets, documentation and code."""
DISPUTING_ENGINES = ("matrix", "compute")


@dataclass(frozen=True)
class Answer:
    """A headline answered. ``claim`` leads; ``variants`` is set where only variants exist and none was ruled to lead."""

    headline: str
    claim: Claim | None
    verdict: str | None
    low: Decimal | None
    high: Decimal | None
    marks: str
    reason: str
    ruled: bool
    absent: Claim | None = None
    variants: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A quantity that may answer a headline, with its first claim; ``ruled`` when a ruling on the headline prefers it."""

    metric: Metric
    judgement: Judgement
    claim: Claim
    ruled: bool


def answer(
    headline: Headline,
    judged: Mapping[Quantity, Judgement],
    own_per: str,
    vocabulary: Vocabulary,
    preferred: frozenset[str] = frozenset(),
    why: str | None = None,
    variant: str | None = None,
) -> Answer | None:
    """Answer one headline for one subject from its judged quantities; None when nothing is known.

    ``preferred`` are the source keys a ruling on this headline prefers, ``variant`` the variant it picks, ``why`` its reason.
    """
    fitting = {quantity: judgement for quantity, judgement in judged.items() if quantity.per == own_per}
    candidates = _candidates(headline, fitting, vocabulary, preferred, variant)
    if not candidates:
        return _absence(headline, fitting)
    unvaried = [
        one for one in candidates if one.claim.variant is None or one.claim.variant == variant or one.judgement.ruled
    ]
    candidates.sort(key=lambda one: _order(one, headline))
    if not unvaried and len({one.claim.variant for one in candidates}) > 1:
        return _open_variants(headline, candidates)
    leader = next((one for one in candidates if one in unvaried), candidates[0])
    if _weight(leader) > _weight(candidates[0]):
        # Better-placed claims exist, for variants only: a weaker one without a variant does not speak for them.
        return _open_variants(headline, candidates)
    return _answer(headline, leader, candidates, fitting, vocabulary, why)


def _weight(one: Candidate) -> tuple[int, ...]:
    """How much a claim weighs where one without a variant stands beside variants: a document outweighs an announcement."""
    claim = one.claim
    return (int(not one.ruled), claim.stage_rank, int(not claim.maker), int(claim.kind_rank > MAKERS_DOCUMENTS))


def _candidates(
    headline: Headline,
    judged: Mapping[Quantity, Judgement],
    vocabulary: Vocabulary,
    preferred: frozenset[str],
    variant: str | None,
) -> list[Candidate]:
    found = []
    maker_sparse = _maker_prints_sparse(judged, vocabulary)
    for quantity, judgement in judged.items():
        if quantity.metric not in headline.metrics or judgement.first is None or judgement.first.value is None:
            continue
        metric = vocabulary.metrics[quantity.metric]
        if metric.sparsity == "unstated" and maker_sparse:
            continue
        if headline.formats and judgement.first.stage == "measured":
            continue  # what a benchmark reached is no peak
        ruled_claims = [claim for claim in judgement.claims if claim.source in preferred and claim.standing]
        claim = ruled_claims[0] if ruled_claims else judgement.first
        picked = bool(ruled_claims) or (variant is not None and claim.variant == variant)
        found.append(Candidate(metric, judgement, claim, picked))
    return found


def _maker_prints_sparse(judged: Mapping[Quantity, Judgement], vocabulary: Vocabulary) -> bool:
    """Whether a standing claim of the maker, on any engine and format, is sparse: then an unstated figure may be sparse too."""
    return any(
        claim.maker and claim.standing and claim.derived is None and claim.value is not None
        for quantity, judgement in judged.items()
        if quantity.metric in vocabulary.metrics and vocabulary.metrics[quantity.metric].sparsity == "sparse"
        for claim in judgement.claims
    )


def _order(one: Candidate, headline: Headline) -> tuple[int, ...]:
    """Ruling; stage; maker before others; dense before unstated, each stated before derived; the exact format; engine; rank."""
    metric, claim = one.metric, one.claim
    return (
        int(not one.ruled),
        claim.stage_rank,
        int(not claim.maker),
        int(metric.sparsity == "unstated"),
        int(claim.derived is not None),
        headline.formats.index(str(metric.format)) if headline.formats else headline.metrics.index(metric.name),
        ENGINES.index(str(metric.engine)) if metric.engine in ENGINES else 0,
        int(claim.accumulate is not None),
        *rank_key(claim),
    )


def _answer(
    headline: Headline,
    leader: Candidate,
    candidates: Sequence[Candidate],
    judged: Mapping[Quantity, Judgement],
    vocabulary: Vocabulary,
    why: str | None,
) -> Answer:
    claim = leader.claim
    against = _disputants(leader, judged, vocabulary)
    if against:
        verdict: str | None = "disputed"
        low, high = spread([claim, *against])
    else:
        source = _stated(claim, judged) if claim.derived else leader.judgement
        verdict = source.verdict
        low, high = (source.low, source.high) if verdict == "disputed" and not claim.derived else spread([claim])
    ruled = leader.ruled or leader.judgement.ruled
    reason = (
        f"by ruling: {why}"
        if ruled and why
        else (leader.judgement.reason if len(candidates) == 1 else _why(leader, candidates, headline))
    )
    return Answer(headline.name, claim, verdict, low, high, marks_of(claim, leader.metric, headline), reason, ruled)


def _stated(claim: Claim, judged: Mapping[Quantity, Judgement]) -> Judgement:
    """The judgement of the stated quantity a derived claim goes back to, or its own."""
    root = claim
    while root.basis is not None:
        root = root.basis
    return judged.get(root.quantity) or judged[claim.quantity]


def _disputants(leader: Candidate, judged: Mapping[Quantity, Judgement], vocabulary: Vocabulary) -> list[Claim]:
    """Claims of the leader's format that share no point with it, derived or not, and that state no less than it does."""
    first, metric = leader.claim, leader.metric
    against = []
    for quantity, judgement in judged.items():
        other = vocabulary.metrics.get(quantity.metric)
        if other is None or quantity.variant != first.variant or quantity.accumulate != first.accumulate:
            continue
        if not _same_question(metric, other):
            continue
        against += [
            claim
            for claim in judgement.claims
            if claim is not first
            and claim.value is not None
            and claim.standing
            and claim.hedge is None
            and claim.stage != "measured"
            and claim.stage_rank <= first.stage_rank
            and not (claim.basis_verdict and first.basis_verdict)  # two totals of the same parts
            and not meets(claim, first, other)
        ]
    return against


def _same_question(leader: Metric, other: Metric) -> bool:
    if leader.engine is None or leader.sparsity is None:
        return other.name == leader.name
    return (
        other.format == leader.format
        and other.engine in DISPUTING_ENGINES
        and other.sparsity in ("dense", "unstated")
        and not (other.sparsity == "unstated" and leader.sparsity != "unstated")
        and not (other.engine == "compute" and leader.engine != "compute")
    )


STAGE_MARKS = {"preliminary": "p", "measured": "m", "estimate": "s", "rumour": "r"}
"""The letter of every stage but the plain one."""


def marks_of(claim: Claim, metric: Metric, headline: Headline) -> str:
    """The letters that warn a reader: derived, sparsity unstated, other format, engine unstated, combined engines; the stage."""
    marks = "d" if claim.derived else ""
    if headline.formats:
        marks += "u" if metric.sparsity == "unstated" else ""
        marks += "f" if metric.format != headline.formats[0] else ""
        marks += {"compute": "e", "combined": "c"}.get(str(metric.engine), "")
    return marks + STAGE_MARKS.get(claim.stage, "")


ORDER_SAYS = (
    "by ruling",
    "its stage outranks the next one's",
    "the maker's own figure",
    "its basis is stated, the next one's is not",
    "stated outranks derived",
    "the exact format",
    "the engine is stated, or is the matrix engine",
    "no accumulation format is tied to it",
)
"""What each step of `_order` says in words, up to the rank of claims."""


def _why(leader: Candidate, candidates: Sequence[Candidate], headline: Headline) -> str:
    """The first step of the order that told the leader from the next candidate."""
    if leader.judgement.ruled:
        return leader.judgement.reason
    other = next(one for one in candidates if one is not leader)
    mine, theirs = _order(leader, headline), _order(other, headline)
    step = next((i for i, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b), len(ORDER_SAYS))
    return ORDER_SAYS[step] if step < len(ORDER_SAYS) else leader.judgement.reason


def _open_variants(headline: Headline, candidates: Sequence[Candidate]) -> Answer:
    best = candidates[0].metric.name
    claims = tuple(one.claim for one in candidates if one.metric.name == best)
    low, high = spread(claims)
    marks = marks_of(claims[0], candidates[0].metric, headline)
    if low is not None and low == high:
        verdict, reason = candidates[0].judgement.verdict, "all its variants have the same value"
        return Answer(headline.name, claims[0], verdict, low, high, marks, reason, False)
    reason = "several variants are true; no ruling picks one"
    return Answer(headline.name, claims[0], "variants", low, high, marks, reason, False, None, claims)


def _absence(headline: Headline, judged: Mapping[Quantity, Judgement]) -> Answer | None:
    """A sourced negative that covers the headline's first metric, "not published" last."""
    negatives = [
        judgement.first
        for quantity, judgement in judged.items()
        if judgement.first is not None
        and judgement.first.absent
        and any(name == quantity.metric or name.startswith(quantity.metric + ".") for name in headline.metrics[:2])
    ]
    negatives.sort(key=rank_key)
    return (
        Answer(headline.name, None, None, None, None, "", "a sourced negative", False, negatives[0])
        if negatives
        else None
    )


def either(headline: Headline, answers: Mapping[str, Answer | None]) -> Answer | None:
    """A headline that is the first answered of several, disputed where any of them is."""
    found = [found for name in headline.any_of if (found := answers.get(name)) is not None]
    if not found:
        return None
    first = next((one for one in found if one.claim is not None), found[0])
    disputes = [one for one in found if one.verdict == "disputed" and one.low is not None]
    if first.claim is None or not disputes:
        return _renamed(first, headline.name, first.verdict, first.low, first.high)
    low, high = spread([first.claim])
    lows = [one.low for one in [first, *disputes] if one.low is not None] + [low for low in [low] if low is not None]
    highs = [one.high for one in [first, *disputes] if one.high is not None] + [
        high for high in [high] if high is not None
    ]
    return _renamed(first, headline.name, "disputed", min(lows), max(highs))


def _renamed(one: Answer, name: str, verdict: str | None, low: Decimal | None, high: Decimal | None) -> Answer:
    return Answer(name, one.claim, verdict, low, high, one.marks, one.reason, one.ruled, one.absent, one.variants)
