"""Arithmetic between claims: what must follow from what. A finding names both sides with their sources and the gap.

A maker that contradicts itself is a note on the card; anything else is a problem, to be mended or waived with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from accel_db.curate.flatten import own_per
from accel_db.curate.tree import subject_key
from accel_db.words.claim import Quantity
from accel_db.words.intervals import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from accel_db.curate.tree import Subject
    from accel_db.derive.world import Judged
    from accel_db.words.claim import Claim
    from accel_db.words.vocabulary import Vocabulary

GIB_OF_GB = Decimal("1.073741824")
"""Bytes of a GiB over bytes of a GB: memory sold in GB is filled in GiB."""


@dataclass(frozen=True)
class Finding:
    """Two sides that do not fit. ``settled`` when an editor's ruling on the headline has already chosen between them."""

    check: str
    subject: Subject
    message: str
    claims: tuple[Claim, ...]
    settled: bool = False

    @property
    def own(self) -> bool:
        """Whether it is a maker's contradiction of itself: a note, no problem."""
        return all(claim.maker for claim in self.claims) and len({claim.origin for claim in self.claims}) == 1


class Rule(NamedTuple):
    """A registered check of arithmetic."""

    name: str
    kinds: tuple[str, ...]
    says: str
    run: Callable[[Facts], Iterator[Finding]]


RULES: dict[str, Rule] = {}
BOTH = ("accelerator", "system")


def rule(
    name: str, *kinds: str
) -> Callable[[Callable[[Facts], Iterator[Finding]]], Callable[[Facts], Iterator[Finding]]]:
    """Register a check of arithmetic for some kinds of subject."""

    def register(run: Callable[[Facts], Iterator[Finding]]) -> Callable[[Facts], Iterator[Finding]]:
        RULES[name] = Rule(name, kinds, (run.__doc__ or "").strip(), run)
        return run

    return register


class Facts:
    """What the checks may ask of one subject: leading stated claims, its architecture's, its members'."""

    def __init__(self, judged: Judged, world: Mapping[str, Judged], vocabulary: Vocabulary) -> None:
        self.judged, self.world, self.vocabulary = judged, world, vocabulary
        self.subject = judged.subject
        self.own = own_per(self.subject.kind)
        self.architecture = world.get(
            subject_key("architecture", getattr(self.subject.spec, "architecture", None) or "")
        )

    def first(self, metric: str, per: str | None = None) -> Claim | None:
        """The leading stated number on a quantity without variant, unless it is hedged or only estimated."""
        return _first(self.judged, self.subject.id, metric, per or self.own)

    def of_architecture(self, metric: str) -> Claim | None:
        """The leading number of the architecture."""
        if self.architecture is None:
            return None
        return _first(self.architecture, self.architecture.subject.id, metric, "architecture")

    def finding(self, check: str, message: str, *claims: Claim) -> Finding:
        """A finding of this subject; the places of its claims are added to the message."""
        places = "; ".join(f'"{claim.printed}" in {claim.source}, {claim.locator}' for claim in claims)
        return Finding(check, self.subject, f"{message} ({places})", claims, self._settled(claims[0]))

    def _settled(self, claim: Claim) -> bool:
        return any(
            answer.verdict == "disputed" and answer.ruled and claim.metric in self.vocabulary.headlines[name].metrics
            for name, answer in self.judged.headlines.items()
        )


def _first(judged: Judged, subject: str, metric: str, per: str) -> Claim | None:
    judgement = judged.judgements.get(Quantity(subject, metric, per, None, None))
    if judgement is None:
        return None
    stated = (
        claim for claim in judgement.claims if claim.derived is None and claim.standing and claim.value is not None
    )
    claim = next(stated, None)
    return claim if claim is not None and claim.hedge is None and claim.stage == "plain" else None


def findings(world: Mapping[str, Judged], vocabulary: Vocabulary) -> list[Finding]:
    """Every finding of every check on every subject."""
    found: list[Finding] = []
    for judged in world.values():
        facts = Facts(judged, world, vocabulary)
        for one in RULES.values():
            if judged.subject.kind in one.kinds:
                found += one.run(facts)
    return found


def fits(claim: Claim, value: Decimal, tolerance: str = "0.01") -> bool:
    """Whether a computed value lies in what the claim stands for, give or take a share."""
    assert claim.interval is not None
    slack = abs(value) * Decimal(tolerance)
    return Interval(value - slack, value + slack).meets(claim.interval)


def gap(claim: Claim, value: Decimal) -> str:
    """How far a claim stands from a computed value."""
    assert claim.marketed is not None
    return f"{claim.marketed / value - 1:+.1%}"


def _values(*claims: Claim | None) -> list[Decimal] | None:
    """The exact values of all the claims, or None if one is missing."""
    found = [claim.value for claim in claims if claim is not None and claim.value is not None]
    return found if len(found) == len(claims) else None


# ------------------------------------------------------------------ compute


@rule("peak-from-units", "accelerator")
def peak_from_units(facts: Facts) -> Iterator[Finding]:
    """Units × operations per clock × clock gives the stated peak, at a clock not above the boost clock by more than 5 %."""
    units, clock = facts.first("units.compute"), facts.first("clock.boost")
    if units is None or clock is None or not units.value or not clock.value:
        return
    for name, metric in facts.vocabulary.metrics.items():
        if metric.engine not in ("matrix", "vector") or metric.sparsity not in (None, "dense"):
            continue
        peak, ops = facts.first(name), facts.of_architecture(f"ops_per_clock.{metric.engine}.{metric.format}")
        if peak is None or ops is None or not peak.value or not ops.value:
            continue
        implied = peak.value * Decimal("1e6") / (units.value * ops.value)
        if implied > clock.value * Decimal("1.05") or implied < clock.value / 2:
            message = f"{name} {peak.value:f} = {units.value:f} × {ops.value:f} × {implied:.0f} MHz, yet the boost clock is {clock.value:f} MHz"
            yield facts.finding("peak-from-units", message, peak, units, ops, clock)


@rule("sparse-over-dense", "accelerator")
def sparse_over_dense(facts: Facts) -> Iterator[Finding]:
    """Of one source, the sparse peak is the dense one times the architecture's sourced ratio."""
    for name, metric in facts.vocabulary.metrics.items():
        if metric.sparsity != "sparse":
            continue
        ratio = facts.of_architecture(f"sparsity.speedup.{metric.format}")
        if ratio is None or ratio.value is None:
            continue
        for sparse, dense in _same_source(facts, name, metric.with_basis("dense")):
            if dense.value and not fits(sparse, dense.value * ratio.value, "0.02"):
                message = f"{name} {sparse.value:f} is not {ratio.value:f} × {dense.value:f} dense, {gap(sparse, dense.value * ratio.value)}"
                yield facts.finding("sparse-over-dense", message, sparse, dense)


def _same_source(facts: Facts, one: str, other: str) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of standing stated claims on two metrics from one place in one source."""
    sides = []
    for name in (one, other):
        judgement = facts.judged.judgements.get(Quantity(facts.subject.id, name, facts.own, None, None))
        claims = judgement.claims if judgement else ()
        sides.append([claim for claim in claims if _plain(claim)])
    for left in sides[0]:
        for right in sides[1]:
            if (left.source, left.locator) == (right.source, right.locator):
                yield left, right


def _plain(claim: Claim) -> bool:
    return (
        claim.derived is None
        and claim.standing
        and claim.value is not None
        and claim.hedge is None
        and claim.stage == "plain"
    )


LADDER = (("bf16", "fp8"), ("fp16", "fp8"), ("fp8", "fp4"), ("fp8", "nvfp4"), ("fp16", "bf16"), ("fp16", "int8"))
STEPS = (Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2), Decimal(3), Decimal(4))


@rule("format-ladder", "accelerator")
def format_ladder(facts: Facts) -> Iterator[Finding]:
    """Of one place in one source, a narrower format's dense peak is ½, 1, 1½, 2, 3 or 4 times the wider one's."""
    for engine in ("matrix", "compute"):
        for wide, narrow in LADDER:
            for left, right in _same_source(facts, f"{engine}.{narrow}.dense", f"{engine}.{wide}.dense"):
                if right.value and not any(fits(left, right.value * step, "0.025") for step in STEPS):
                    message = f"{left.metric} {left.value:f} is no step from {right.metric} {right.value:f}"
                    yield facts.finding("format-ladder", message, left, right)


# ------------------------------------------------------------------ memory


@rule("bus-times-pins", "accelerator")
def bus_times_pins(facts: Facts) -> Iterator[Finding]:
    """Bus width × pin rate gives the memory bandwidth within 2 %."""
    width, pins, bandwidth = (facts.first(f"memory.{name}") for name in ("bus_width", "pin_rate", "bandwidth"))
    values = _values(width, pins, bandwidth)
    if values is None or width is None or pins is None or bandwidth is None:
        return
    computed = values[0] * values[1] / 8
    if not fits(bandwidth, computed, "0.02"):
        message = f"{values[0]:f} bit × {values[1]:f} Gbit/s is {computed:.0f} GB/s, not {values[2]:f}, {gap(bandwidth, computed)}"
        yield facts.finding("bus-times-pins", message, bandwidth, width, pins)


@rule("memory-ceiling", "accelerator")
def memory_ceiling(facts: Facts) -> Iterator[Finding]:
    """No memory is faster than its technology allows: stacks (16 if not known) × the ceiling of one, as in metrics.toml."""
    bandwidth, stacks = facts.first("memory.bandwidth"), facts.first("memory.stacks")
    technology = next((claim for claim in _texts(facts, "memory.technology")), None)
    if bandwidth is None or technology is None or bandwidth.value is None:
        return
    ceiling = facts.vocabulary.ceilings.get(str(technology.text).upper().rstrip("X"))
    if ceiling is None:
        return
    most = ceiling * (stacks.value if stacks and stacks.value else MOST_STACKS)
    if bandwidth.value > most:
        message = f"{bandwidth.value:f} GB/s is more than {technology.text} gives: {most:f} GB/s"
        yield facts.finding("memory-ceiling", message, bandwidth, technology)


MOST_STACKS = Decimal(16)


def _texts(facts: Facts, metric: str) -> Iterator[Claim]:
    judgement = facts.judged.judgements.get(Quantity(facts.subject.id, metric, facts.own, None, None))
    yield from (claim for claim in (judgement.claims if judgement else ()) if claim.standing and claim.text)


@rule("stacks-divide", "accelerator")
def stacks_divide(facts: Facts) -> Iterator[Finding]:
    """The capacity is a whole number of GB a stack, unless stacks are partly disabled."""
    capacity, stacks = facts.first("memory.capacity"), facts.first("memory.stacks")
    if capacity is None or stacks is None or not stacks.value or capacity.marketed is None:
        return
    share = capacity.marketed / stacks.value
    if share != share.to_integral_value() and share * 2 != (share * 2).to_integral_value():
        message = f"{capacity.marketed:f} GB on {stacks.value:f} stacks is {share:.2f} GB each"
        yield facts.finding("stacks-divide", message, capacity, stacks)


@rule("usable-of-marketed", "accelerator")
def usable_of_marketed(facts: Facts) -> Iterator[Finding]:
    """What a driver reports lies between 85 % and 101 % of the marketed size counted in GiB."""
    usable, marketed = facts.first("memory.usable"), facts.first("memory.capacity")
    if usable is None or marketed is None or not marketed.marketed or usable.value is None:
        return
    share = usable.value / (marketed.marketed * GIB_OF_GB)
    if not Decimal("0.85") <= share <= Decimal("1.01"):
        message = (
            f"a driver reports {usable.value:.1f} GB of {marketed.marketed:f} GB marketed, {share:.0%} of it in GiB"
        )
        yield facts.finding("usable-of-marketed", message, usable, marketed)


# ------------------------------------------------------------------ links


@rule("both-ways", *BOTH)
def both_ways(facts: Facts) -> Iterator[Finding]:
    """Both ways is twice one way."""
    for name, metric in facts.vocabulary.metrics.items():
        if metric.direction != "both_ways":
            continue
        both, one = facts.first(name), facts.first(metric.with_basis("one_way"))
        if both is not None and one is not None and one.value and not fits(both, one.value * 2):
            message = f"{name} {both.value:f} is not twice {one.value:f} one way, {gap(both, one.value * 2)}"
            yield facts.finding("both-ways", message, both, one)


STATED_DIRECTIONS = ("one_way", "both_ways")


@rule("links-times-rate", "accelerator")
def links_times_rate(facts: Facts) -> Iterator[Finding]:
    """Links × the rate of one give the scale-up bandwidth on the same stated basis, within 2 %."""
    links = facts.first("scale_up.links")
    for basis in STATED_DIRECTIONS:
        link, total = facts.first(f"scale_up.link_bandwidth.{basis}"), facts.first(f"scale_up.bandwidth.{basis}")
        if links is None or link is None or total is None or not links.value or not link.value:
            continue
        computed = links.value * link.value
        if not fits(total, computed, "0.02"):
            message = f"{links.value:f} links × {link.value:f} GB/s is {computed:f}, not {total.value:f} GB/s {basis.replace('_', ' ')}, {gap(total, computed)}"
            yield facts.finding("links-times-rate", message, total, links, link)


# ------------------------------------------------------------------ parts and wholes


@rule("dies-make-package", "accelerator")
def dies_make_package(facts: Facts) -> Iterator[Finding]:
    """Dies × the figure of one die give the package's, for what adds up."""
    dies = facts.first("die.count")
    for name, metric in facts.vocabulary.metrics.items():
        if not metric.additive or dies is None or not dies.value:
            continue
        die, package = facts.first(name, "die"), facts.first(name)
        if die is not None and package is not None and die.marketed and not fits(package, die.marketed * dies.value):
            computed = die.marketed * dies.value
            message = f"{name}: {dies.value:f} × {die.marketed:f} per die is {computed:f}, not {package.marketed:f}, {gap(package, computed)}"
            yield facts.finding("dies-make-package", message, package, die, dies)


@rule("members-make-system", "system")
def members_make_system(facts: Facts) -> Iterator[Finding]:
    """A stated total of what adds up is explained by some standing claim of the accelerators times their count."""
    parts = getattr(facts.subject.spec, "built_from", [])
    if len(parts) != 1 or parts[0].accelerator not in facts.world:
        return
    count, member = parts[0].count, facts.world[parts[0].accelerator]
    for name, metric in facts.vocabulary.metrics.items():
        total = facts.first(name)
        if total is None or not metric.additive or "accelerator" not in metric.subjects:
            continue
        claims = _explaining(member, name, metric.basis)
        if claims and not any(
            claim.interval and fits(total, (claim.marketed or Decimal(0)) * count, "0.025") for claim in claims
        ):
            leader = claims[0]
            computed = (leader.marketed or Decimal(0)) * count
            message = f"{name} {total.marketed:f} is not {count} × {leader.marketed:f} = {computed:f}, {gap(total, computed)}, nor any other claim's"
            yield facts.finding("members-make-system", message, total, leader)


def _explaining(member: Judged, name: str, basis: str | None) -> Sequence[Claim]:
    """Standing claims of an accelerator, per accelerator, on a metric or on what its basis leaves open."""
    stem = name.removesuffix(str(basis))
    bases = ("dense", "sparse", "one_way", "both_ways", "unstated") if basis == "unstated" else (basis, "unstated")
    wanted = {stem + str(one) for one in bases} if basis else {name}
    return [
        claim
        for quantity, judgement in member.judgements.items()
        if quantity.metric in wanted and quantity.per == "accelerator"
        for claim in judgement.claims
        if claim.standing and claim.marketed
    ]


@rule("tdp-within-system", "system")
def tdp_within_system(facts: Facts) -> Iterator[Finding]:
    """The accelerators' design power together is less than the system's."""
    power = facts.first("power.system")
    for part in getattr(facts.subject.spec, "built_from", []):
        member = facts.world.get(part.accelerator)
        tdp = _first(member, part.accelerator, "power.tdp", "accelerator") if member else None
        if power is None or tdp is None or tdp.value is None or power.value is None:
            continue
        if tdp.value * part.count > power.value:
            message = f"{part.count} × {tdp.value:f} W is more than the system's {power.value:f} W"
            yield facts.finding("tdp-within-system", message, power, tdp)


@rule("transistor-density", "accelerator")
def transistor_density(facts: Facts) -> Iterator[Finding]:
    """Transistors over area lie between 1 and 250 million a square millimetre."""
    for per in ("die", "accelerator"):
        area, transistors = facts.first("die.area", per), facts.first("die.transistors", per)
        if area is None or transistors is None or not area.value or transistors.value is None:
            continue
        density = transistors.value * 1000 / area.value
        if not 1 <= density <= 250:
            message = f"{transistors.value:f} billion transistors on {area.value:f} mm² are {density:.0f} million a mm²"
            yield facts.finding("transistor-density", message, transistors, area)


@rule("announced-before-available", *BOTH)
def announced_before_available(facts: Facts) -> Iterator[Finding]:
    """Nothing can be had before it is announced."""
    announced = next((claim for claim in _texts(facts, "date.announced") if claim.stage == "plain"), None)
    available = next((claim for claim in _texts(facts, "date.available") if claim.stage == "plain"), None)
    if announced is None or available is None or announced.when is None or available.when is None:
        return
    if available.when.end < announced.when.start:
        message = f"available {available.text}, announced {announced.text}"
        yield facts.finding("announced-before-available", message, available, announced)
