"""Ranks the claims on one quantity and says what they amount to: ``sole``, ``agreed``, ``disputed``, or ``listed`` where texts and
dated prices stand side by side unjudged.

A derived value is ranked among the claims and never votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from accel_db.words.dates import sortable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from accel_db.words.claim import Claim
    from accel_db.words.vocabulary import Metric, Vocabulary

UNDATED = 9_999_999


class Rule(NamedTuple):
    """One step of the ranking: a number (lower leads), and how to say in words why it decided."""

    name: str
    says: str


RULES = (
    Rule("standing", "still stands, the next does not"),
    Rule("ruling", "by ruling"),
    Rule("figure", "a figure outranks 'not published'"),
    Rule("revision", "the next was corrected by a newer revision of its source"),
    Rule("hedge", "the next is hedged"),
    Rule("date", "the newest"),
    Rule("stage", "{stage} outranks {next_stage}"),
    Rule("kind", "{kind} outranks {next_kind}"),
    Rule("stated", "stated outranks derived"),
    Rule("access", "read {access} outranks {next_access}"),
    Rule("published", "the newer document"),
    Rule("order", "entered first; nothing else tells them apart"),
)


def rank_key(claim: Claim, *, ruled: bool = False, dated: bool = False) -> tuple[int, ...]:
    """Sorts the claims on one quantity, best first; one number for each of `RULES`, in order.

    ``dated`` is for states and prices, where the newest date leads.
    """
    day = sortable(claim.as_of) if dated else 0
    published = -claim.published.end.toordinal() if claim.published else UNDATED
    return (
        int(claim.deprecated is not None),
        int(not ruled),
        int(claim.absent == "not published"),
        int(claim.replaced),
        int(claim.hedge is not None),
        -day,
        claim.stage_rank,
        claim.kind_rank,
        int(claim.derived is not None),
        claim.access_rank,
        published,
        claim.order,
    )


def meets(one: Claim, other: Claim, metric: Metric | None) -> bool:
    """Whether two claims can both be true: their intervals, days, declared spellings or absences share a point."""
    if one.interval is not None and other.interval is not None:
        return one.unit == other.unit and one.interval.meets(other.interval)
    if one.when is not None and other.when is not None:
        return one.when.meets(other.when)
    if one.text is not None and other.text is not None:
        return spelled(one.text, metric) == spelled(other.text, metric)
    return one.absent is not None and one.absent == other.absent


def spelled(text: str, metric: Metric | None) -> str:
    """A text by its declared spelling (HBM3E is HBM3e)."""
    groups = metric.spellings if metric else ()
    return next((group[0] for group in groups if text in group), text)


def may_dispute(claim: Claim, first: Claim) -> bool:
    """Whether a claim has a voice beside the first: stated, standing, unhedged, not measured, at the first one's stage or better."""
    return (
        claim.standing
        and claim.derived is None
        and claim.hedge is None
        and claim.stage != "measured"
        and claim.absent != "not published"
        and claim.stage_rank <= first.stage_rank
    )


@dataclass(frozen=True)
class Judgement:
    """What the claims on one quantity amount to.

    ``claims`` are in rank order, deprecated ones last. ``low`` and ``high`` span the values in dispute, or the leader's alone.
    """

    claims: tuple[Claim, ...]
    verdict: str | None
    low: Decimal | None
    high: Decimal | None
    reason: str
    ruled: bool
    origins: int

    @property
    def first(self) -> Claim | None:
        """The leading claim, if any stands."""
        claim = self.claims[0] if self.claims else None
        return claim if claim is not None and claim.deprecated is None else None


def judge(
    claims: Iterable[Claim], vocabulary: Vocabulary, ruled: frozenset[int] = frozenset(), why: str | None = None
) -> Judgement:
    """Rank and judge the claims on one quantity; ``ruled`` holds the ``id()`` of those a ruling prefers, ``why`` its reason."""
    claims = list(claims)
    metric = vocabulary.metrics.get(claims[0].metric)
    dated = bool(metric and metric.dated)
    keyed = sorted(
        ((rank_key(claim, ruled=id(claim) in ruled, dated=dated), i) for i, claim in enumerate(claims)),
        key=lambda pair: pair[0],
    )
    ordered = tuple(claims[i] for _key, i in keyed)
    first = ordered[0] if ordered[0].deprecated is None else None
    if first is None:
        return Judgement(ordered, None, None, None, "every claim on it is deprecated", False, 0)
    voices = [claim for claim in ordered if may_dispute(claim, first)]
    origins = len({claim.origin.casefold() for claim in voices if claim.counted and meets(claim, first, metric)})
    verdict = _verdict(voices, metric, origins, dated) if voices else first.basis_verdict or "sole"
    if first.basis_verdict is not None and any(not meets(voice, first, metric) for voice in voices):
        verdict = "disputed"  # a total of the parts leads, and a stated total contradicts it
    if first.basis_verdict == "disputed":
        verdict = "disputed"
    low, high = spread([first, *voices] if verdict == "disputed" else [first])
    is_ruled = (bool(ruled) and id(first) in ruled) or first.basis_ruled
    return Judgement(
        ordered,
        verdict,
        low,
        high,
        _reason([key for key, _ in keyed], ordered, vocabulary, why if is_ruled else None),
        is_ruled,
        origins,
    )


def _verdict(voices: Sequence[Claim], metric: Metric | None, origins: int, dated: bool) -> str:
    texts = [claim.text for claim in voices if claim.text is not None and claim.when is None]
    known = {spelling for group in (metric.spellings if metric else ()) for spelling in group}
    if dated or (texts and len(set(texts)) > 1 and not known.issuperset(texts)):
        return "listed"
    if any(not meets(one, other, metric) for i, one in enumerate(voices) for other in voices[i + 1 :]):
        return "disputed"
    return "agreed" if origins >= 2 else "sole"


def spread(claims: Iterable[Claim]) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest compared value, ends of printed ranges and spreads of disputed parts included."""
    values = [
        value
        for claim in claims
        for value in (*(claim.ends or ()), *(claim.basis_spread or ()), claim.marketed)
        if value is not None
    ]
    return (min(values), max(values)) if values else (None, None)


def _reason(keys: Sequence[tuple[int, ...]], ordered: Sequence[Claim], vocabulary: Vocabulary, why: str | None) -> str:
    """Why the first leads, in words."""
    if why:
        return f"by ruling: {why}"
    if len(ordered) == 1:
        return "the only claim"
    one, other = ordered[0], ordered[1]
    rule = next((rule for rule, a, b in zip(RULES, keys[0], keys[1], strict=True) if a != b), RULES[-1])
    return rule.says.format(
        stage=one.stage,
        next_stage=other.stage,
        kind=vocabulary.kinds[one.kind].label,
        next_kind=vocabulary.kinds[other.kind].label,
        access=one.access,
        next_access=other.access,
    )


def joins(unstated: Judgement, siblings: Iterable[Judgement], metric: Metric | None) -> Judgement | None:
    """The one stated basis that an ``unstated`` quantity's first claim agrees with; None when none or several do."""
    first = unstated.first
    if first is None:
        return None
    found = [sibling for sibling in siblings if sibling.first is not None and meets(sibling.first, first, metric)]
    return found[0] if len(found) == 1 else None
