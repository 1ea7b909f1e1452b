"""A span: what is known of a number as its lowest, its own and its highest value. Arithmetic only; ``None`` is an end that is not known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO = Decimal(0)


@dataclass(frozen=True)
class Span:
    """``low`` and ``high`` hold whatever the sources allow; ``value`` is the one figure, where there is one."""

    low: Decimal | None = None
    value: Decimal | None = None
    high: Decimal | None = None

    @classmethod
    def exactly(cls, value: Decimal) -> Span:
        """A number without doubt."""
        return cls(value, value, value)

    @property
    def known(self) -> bool:
        """Whether anything at all is known."""
        return (self.low, self.value, self.high) != (None, None, None)

    def times(self, *factors: Decimal) -> Span:
        """The number times one of several factors: which of them is open where there are several."""
        return Span(
            None if self.low is None else self.low * min(factors),
            None if self.value is None or len(factors) > 1 else self.value * factors[0],
            None if self.high is None else self.high * max(factors),
        )

    def by(self, other: Span) -> Span:
        """Its product with another number."""
        return Span(_product(self.low, other.low), _product(self.value, other.value), _product(self.high, other.high))

    def over(self, other: Span) -> Span:
        """Its ratio to another number: least over the greatest, greatest over the least."""
        return Span(_ratio(self.low, other.high), _ratio(self.value, other.value), _ratio(self.high, other.low))


def largest(spans: Sequence[Span]) -> Span:
    """The largest of several numbers; one that may be the largest and has no value of its own leaves the value open."""
    low = max((one.low for one in spans if one.low is not None), default=None)
    high = max((one.high for one in spans if one.high is not None), default=None)
    value = max((one.value for one in spans if one.value is not None), default=None)
    open_ = any(one.value is None and one.high is not None and (value is None or one.high > value) for one in spans)
    return Span(low, None if open_ else value, high)


def total(spans: Sequence[Span]) -> Span:
    """The sum of several numbers."""
    return Span(*(_sum([getattr(one, end) for one in spans]) for end in ("low", "value", "high")))


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if len(known) == len(values) else None


def _product(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left * right


def _ratio(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or not right else left / right
