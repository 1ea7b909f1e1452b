"""Numbers known as their lowest, own and highest value."""

from __future__ import annotations

from decimal import Decimal

from accel_db.derive.spans import Span, largest, total


def span(low: int | None, value: int | None, high: int | None) -> Span:
    return Span(*(None if one is None else Decimal(one) for one in (low, value, high)))


def test_several_factors_leave_the_value_open() -> None:
    """A figure without direction is itself or twice itself."""
    assert span(400, 400, 400).times(Decimal(1), Decimal(2)) == span(400, None, 800)
    assert span(400, 400, 400).times(Decimal(2)) == span(800, 800, 800)


def test_a_ratio_is_least_over_the_greatest() -> None:
    """Of an area of which only the least is known, only the highest ratio is."""
    assert span(100, 150, 200).over(span(10, 10, 20)) == span(5, 15, 20)
    assert span(100, 100, 100).over(span(10, None, None)) == span(None, None, 10)


def test_the_largest_is_open_where_one_without_a_value_may_be_larger() -> None:
    """An open candidate below the others changes nothing, one above them does."""
    assert largest([span(5, 5, 5), span(2, None, 4)]) == span(5, 5, 5)
    assert largest([span(5, 5, 5), span(2, None, 9)]) == span(5, None, 9)


def test_a_sum_needs_every_part() -> None:
    """An end that one part does not have, the sum does not have."""
    assert total([span(1, 2, 3), span(10, None, 20)]) == span(11, None, 23)
    assert total([span(1, 2, 3), span(0, None, None)]) == span(1, None, None)
