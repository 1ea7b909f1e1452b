"""What rules of export control measure, computed of one accelerator from its claims: TPP, performance density, transfer rates.

What each measure is stands in ``rules/definitions.toml``; no rule is known here, and nothing is guessed: what is not sourced stays open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from accel_db.derive.headline import ENGINES, answer
from accel_db.derive.spans import Span, largest, total
from accel_db.words.vocabulary import Headline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accel_db.curate.rule_models import Bits, Definitions, QuantityPart
    from accel_db.curate.tree import Tree
    from accel_db.derive.headline import Answer
    from accel_db.derive.world import Judged
    from accel_db.words.claim import Claim

NANOMETRES = re.compile(r"(\d+(?:\.\d+)?)\+?[ -]?(?:nm|nanomet|奈米|纳米)", re.I)
WORDS = re.compile(r"[\s|,\"“”「」()/]+")
NONE = "none"
SHORT = 16
"""Bits of the longest format whose matrix rate may be the largest candidate: rates double where bits halve."""
UNKNOWN = Span()


@dataclass(frozen=True)
class Candidate:
    """One rate times its bits. ``engine`` is matrix, where it may be unstated or combined, or vector."""

    format: str
    engine: str
    accumulate: str | None
    lengths: tuple[int, ...]
    found: Answer
    tpp: Span


@dataclass(frozen=True)
class Measured:
    """A quantity of one accelerator: its span, the claims it rests on, and in words how it came about or why it is open."""

    span: Span = UNKNOWN
    claims: tuple[Claim, ...] = ()
    why: str = ""


@dataclass
class Controls:
    """All that the rules may ask of one accelerator; ``per`` is the level it holds for, ``refused`` what could not be used and why."""

    per: str
    candidates: list[Candidate] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    area: Measured = field(default_factory=Measured)
    quantities: dict[str, Measured] = field(default_factory=dict)


def controls_of(judged: Judged, tree: Tree) -> Controls | None:
    """The quantities of one accelerator; None where nothing is defined, or of any other subject."""
    definitions = tree.rules.definitions
    if definitions is None or judged.subject.kind != "accelerator":
        return None
    packages = _asked(judged, ("chip.count",), "accelerator", tree)
    several = bool(packages and packages.claim and packages.low != 1)
    made = Controls("chip" if several else "accelerator")
    for bits in definitions.bits:
        for format_ in bits.formats:
            made.candidates += _candidates(judged, format_, bits, made.per, tree)
    made.refused += _refusals(judged, made, tree)
    if several and not made.candidates and packages and packages.claim:
        made.refused.insert(0, f"a board of {packages.claim.value:f} packages, and no figure is per package")
    made.area = _area(judged, made.per, definitions, tree)
    for quantity in definitions.quantity:
        if quantity.kind == "tpp":
            made.quantities[quantity.name] = _tpp(made)
        elif quantity.kind == "density":
            made.quantities[quantity.name] = _density(_tpp(made), made.area)
        elif quantity.kind == "sum":
            made.quantities[quantity.name] = _sum(judged, quantity.part, made.per, tree)
        elif quantity.kind == "total":
            made.quantities[quantity.name] = _total([made.quantities[name] for name in quantity.of])
    return made


def _asked(
    judged: Judged, metrics: tuple[str, ...], per: str, tree: Tree, accumulate: str | None = None, format_: str = ""
) -> Answer | None:
    """What answers a question that no headline asks, under the rules by which headlines are answered."""
    vocabulary = tree.vocabulary
    metric = vocabulary.metrics[metrics[0]]
    formats = (format_,) if format_ else ()
    question = Headline(
        "", metric.label, None, False, ("accelerator",), formats, metrics, (), str(metric.unit), metric.order
    )
    rulings = [one for one in judged.subject.spec.ruling if _bears(one.headline, one.metric, metrics, format_, tree)]
    preferred = frozenset(one.prefer for one in rulings if one.prefer and one.headline)
    variant = next((one.variant for one in rulings if one.variant), None)
    fitting = {
        quantity: one
        for quantity, one in judged.judgements.items()
        if quantity.metric not in metrics or quantity.accumulate == accumulate
    }
    return answer(question, fitting, per, vocabulary, preferred, None, variant)


def _bears(headline: str | None, metric: str | None, metrics: Sequence[str], format_: str, tree: Tree) -> bool:
    """Whether a ruling on that headline or metric bears on these metrics."""
    if headline is None:
        return metric in metrics
    asked = tree.vocabulary.headlines[headline]
    parts = [asked, *(tree.vocabulary.headlines[name] for name in asked.any_of)]
    if format_:
        return any(part.formats[:1] == (format_,) for part in parts)
    return any(part.metrics[:1] == metrics[:1] for part in parts)


def _candidates(judged: Judged, format_: str, bits: Bits, per: str, tree: Tree) -> Iterator[Candidate]:
    """Every rate of a format: by the matrix engine and by the vector engine, and each accumulation by itself."""
    by_matrix = tuple(f"{engine}.{format_}.{basis}" for basis in ("dense", "unstated") for engine in ENGINES)
    lengths = tuple(bits.lengths)
    for engine, metrics, asked in (("matrix", by_matrix, format_), ("vector", (f"vector.{format_}",), "")):
        known = {
            one.accumulate
            for one, judgement in judged.judgements.items()
            if one.metric in metrics and one.per == per and judgement.first is not None
        }
        made = []
        for accumulate in sorted(known, key=lambda one: one or ""):
            found = _asked(judged, metrics, per, tree, accumulate, asked)
            if found and found.claim and found.low is not None:
                readings = _readings(_span(found), [Decimal(one) for one in lengths])
                made.append(Candidate(format_, engine, accumulate, lengths, found, readings))
        # A preliminary figure with its accumulation does not stand beside a final one without.
        best = min((_stage(one) for one in made), default=0)
        yield from (one for one in made if _stage(one) == best)


def _stage(one: Candidate) -> int:
    return one.found.claim.stage_rank if one.found.claim else 0


def _span(found: Answer) -> Span:
    """What an answer allows: its dispute or its variants as the ends, its leading claim as the value."""
    open_ = found.verdict == "variants" or found.claim is None
    return Span(found.low, None if open_ or found.claim is None else found.claim.marketed, found.high)


def _readings(rate: Span, lengths: Sequence[Decimal]) -> Span:
    """A rate times its bits; of several readings the first is the usual one, and all are possible."""
    usual = rate.times(lengths[0])
    ends = rate.times(*lengths)
    return Span(ends.low, usual.value, ends.high)


def _refusals(judged: Judged, made: Controls, tree: Tree) -> list[str]:
    """Formats of which figures stand there that may not be used, each with the reason."""
    used = {one.format for one in made.candidates if one.engine == "matrix"}
    reasons = {}
    for quantity, judgement in judged.judgements.items():
        metric = tree.vocabulary.metrics.get(quantity.metric)
        first = judgement.first
        if metric is None or first is None or first.value is None or metric.engine not in ENGINES:
            continue
        if metric.format in used or quantity.per not in (made.per, "accelerator"):
            continue
        label = tree.vocabulary.formats[str(metric.format)]["label"]
        if metric.format == "unstated":
            reasons[label] = "no bit length without a format"
        elif quantity.per != made.per:
            reasons[label] = "per board, not per package"
        elif metric.sparsity == "sparse":
            reasons[label] = "sparse figures only, and no source has the architecture's as twice the dense ones"
        else:
            reasons.setdefault(label, "sparsity unstated where the maker prints sparse figures")
    return [f"{label}: {reason}" for label, reason in reasons.items()]


def _tpp(made: Controls) -> Measured:
    """The largest candidate; only a least value where no rate of a short format is known that could be the largest."""
    candidates = made.candidates
    if not candidates:
        return Measured(why="no dense rate is known")
    span = largest([one.tpp for one in candidates])
    best = max(candidates, key=lambda one: (one.tpp.value or 0, one.tpp.high or 0))
    assert best.found.claim is not None
    short = [one for one in candidates if min(one.lengths) <= SHORT and (one.engine == "matrix" or not made.refused)]
    if not short:
        return Measured(Span(low=span.low), (best.found.claim,), f"no usable rate of {SHORT} bits or fewer is known")
    return Measured(span, (best.found.claim,), f"the highest of {len(candidates)} candidates")


def _area(judged: Judged, per: str, definitions: Definitions, tree: Tree) -> Measured:
    """The area of all logic dies made in a non-planar process, or what of it is known."""
    whole, one = (_asked(judged, ("die.area",), level, tree) for level in (per, "die"))
    if whole and whole.claim:
        area = Measured(_span(whole), (whole.claim,), "of all dies, as the source has it")
    elif one and one.claim:
        count = _asked(judged, ("die.count",), per, tree)
        if count and count.claim:
            span = _span(one).by(_span(count))
            area = Measured(span, (one.claim, count.claim), f"{one.claim.value:f} mm² × {count.claim.value:f} dies")
        else:
            area = Measured(Span(low=one.low), (one.claim,), "of one die; how many there are is not sourced")
    else:
        return Measured(why="no die area is sourced")
    return _non_planar(area, _nodes(judged, definitions), Decimal(definitions.density.non_planar_up_to))


def _nodes(judged: Judged, definitions: Definitions) -> list[Decimal | None]:
    """The nanometres of every process that a standing claim names; None for a name that says none."""
    named = {name: Decimal(one.nanometres) for one in definitions.process for name in one.names}
    found: list[Decimal | None] = []
    for quantity, judgement in judged.judgements.items():
        if quantity.metric != "process.node":
            continue
        for claim in judgement.claims:
            if claim.text is not None and claim.standing:
                numbers = [Decimal(number) for number in NANOMETRES.findall(claim.text)]
                words = [named[word] for word in WORDS.split(claim.text) if word in named]
                found += numbers or words or [None]
    return found


def _non_planar(area: Measured, nodes: Sequence[Decimal | None], limit: Decimal) -> Measured:
    """The area as far as its process is known to be non-planar; none of it where the process is planar."""
    if nodes and all(node is not None and node > limit for node in nodes):
        return Measured(Span.exactly(Decimal(0)), area.claims, "a planar process: no applicable area")
    if nodes and all(node is not None and node <= limit for node in nodes):
        return area
    why = "the process is not sourced" if not nodes else "the process is not known to be non-planar throughout"
    # It may be planar, and then nothing counts: the area gives the highest density only.
    return Measured(Span(low=area.span.low), area.claims, f"{area.why}; {why}")


def _density(tpp: Measured, area: Measured) -> Measured:
    if area.span == Span.exactly(Decimal(0)):
        return Measured(area.span, area.claims, area.why)
    if not tpp.span.known or not area.span.known:
        return Measured(why=tpp.why if not tpp.span.known else area.why)
    return Measured(tpp.span.over(area.span), (*tpp.claims, *area.claims), f"TPP ÷ area ({area.why})")


def _sum(judged: Judged, parts: Sequence[QuantityPart], per: str, tree: Tree) -> Measured:
    made = [_part(judged, part, per, tree) for part in parts]
    why = "; ".join(one.why for one in made if one.why)
    return Measured(total([one.span for one in made]), tuple(claim for one in made for claim in one.claims), why)


def _part(judged: Judged, part: QuantityPart, per: str, tree: Tree) -> Measured:
    """The first metric with a figure; a sourced negative is nothing; what is not known may be as large as is said of it."""
    for term in part.of:
        found = _asked(judged, (term.metric,), per, tree)
        if found and found.claim:
            factors = [Decimal(factor) for factor in term.times]
            why = f"{part.label}: direction unstated" if len(factors) > 1 else ""
            return Measured(_span(found).times(*factors), (found.claim,), why)
        if found and found.absent and found.absent.absent == NONE:
            return Measured(Span.exactly(Decimal(0)), (found.absent,), f"{part.label}: none")
    if part.unknown_up_to is None:
        return Measured(Span(low=Decimal(0)), (), f"{part.label}: not sourced")
    limit = Decimal(part.unknown_up_to)
    return Measured(Span(Decimal(0), None, limit), (), f"{part.label}: not sourced, at most {limit:f}")


def _total(parts: Sequence[Measured]) -> Measured:
    claims = tuple(claim for one in parts for claim in one.claims)
    why = "; ".join(dict.fromkeys(word for one in parts for word in one.why.split("; ") if word))
    return Measured(total([one.span for one in parts]), claims, why)
