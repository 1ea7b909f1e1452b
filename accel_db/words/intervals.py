"""The interval a printed number stands for, and when two of them share a point.

Pure arithmetic on `Decimal`; units and metrics are somebody else's.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

WIDEST = Decimal("0.025")
"""No figure stands for more than this share of itself each way."""

FEWEST_DIGITS = 2
"""A figure printed with fewer significant digits is taken to mean this many ("3 TB/s" is 3.0)."""


class Interval(NamedTuple):
    """A closed interval of values, ends included."""

    low: Decimal
    high: Decimal

    def meets(self, other: Interval) -> bool:
        """Whether the two share at least one point."""
        return self.low <= other.high and other.low <= self.high

    def scaled(self, factor: Decimal) -> Interval:
        """The interval with both ends multiplied by a positive ``factor``."""
        return Interval(self.low * factor, self.high * factor)


def half_step(number: Decimal, *, zeros_count: bool = False) -> Decimal:
    """Half a unit of the last significant digit of ``number`` as it was printed.

    Zeros that end an integer do not count unless ``zeros_count``; fewer than two significant digits are read as two;
    the step is at most 2.5 % of the number.
    """
    if not number:
        return Decimal(0)
    _sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    significant = len(digits)
    if not zeros_count and exponent >= 0:
        significant = len("".join(map(str, digits)).rstrip("0"))
    significant = max(significant, FEWEST_DIGITS)
    step = Decimal(1).scaleb(number.adjusted() - significant + 1) / 2
    return min(step, abs(number) * WIDEST)


def around(number: Decimal, *, zeros_count: bool = False) -> Interval:
    """The interval that a printed ``number`` stands for."""
    step = half_step(number, zeros_count=zeros_count)
    return Interval(number - step, number + step)
