"""A claim: one figure, flattened, with everything known about where it came from. A plain value, no behaviour of judging."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from accel_db.words.dates import PartialDate
    from accel_db.words.intervals import Interval


class Quantity(NamedTuple):
    """What claims may agree or disagree on."""

    subject: str
    metric: str
    per: str
    variant: str | None
    accumulate: str | None


@dataclass(frozen=True)
class Claim:
    """One subject, one metric, one value (or text, date, or absence), one place in one source.

    ``value`` is exact and in ``unit``, the metric's canonical one; ``marketed`` is the value compared (GB = GiB for sizes);
    ``interval`` is what the printed figure stands for, on the compared scale; ``ends`` are the ends of a printed range.
    ``derived`` says in words how it was computed; then ``basis`` is the claim it was computed from, ``expression`` the sum, and
    ``basis_verdict``, where that claim is another subject's, what the claims there amount to.
    """

    subject: str
    subject_kind: str
    metric: str
    per: str
    source: str
    locator: str
    variant: str | None = None
    accumulate: str | None = None
    value: Decimal | None = None
    marketed: Decimal | None = None
    interval: Interval | None = None
    ends: tuple[Decimal, Decimal] | None = None
    unit: str | None = None
    text: str | None = None
    when: PartialDate | None = None
    printed: str | None = None
    absent: str | None = None
    hedge: str | None = None
    term: str | None = None
    unit_name: str | None = None
    model: str | None = None
    precision: str | None = None
    scenario: str | None = None
    count: int | None = None
    row: str | None = None
    mark: str | None = None
    via: tuple[str, ...] = ()
    origin: str = ""
    counted: bool = True
    kind: str = "aggregator"
    kind_rank: int = 10
    maker: bool = False
    stage: str = "plain"
    stage_rank: int = 0
    access: str = "full"
    access_rank: int = 0
    as_of: str | None = None
    published: PartialDate | None = None
    replaced: bool = False
    deprecated: str | None = None
    derived: str | None = None
    expression: str | None = None
    basis: Claim | None = None
    basis_verdict: str | None = None
    basis_ruled: bool = False
    basis_spread: tuple[Decimal, Decimal] | None = None
    note: str | None = None
    file: str = ""
    path: tuple[str | int, ...] = field(default=(), compare=False)
    order: int = 0

    @property
    def quantity(self) -> Quantity:
        """The quantity this is a claim on."""
        return Quantity(self.subject, self.metric, self.per, self.variant, self.accumulate)

    @property
    def standing(self) -> bool:
        """Whether it still stands: neither deprecated nor replaced by a newer revision of its source."""
        return self.deprecated is None and not self.replaced
