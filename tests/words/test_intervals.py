"""What a printed number stands for, and when two share a point."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.words.intervals import Interval, around, half_step

NUMBERS = st.decimals(min_value="0.0001", max_value=10**9, allow_nan=False)
INTERVALS = st.lists(NUMBERS, min_size=2, max_size=2).map(sorted).map(lambda ends: Interval(*ends))


@pytest.mark.parametrize(
    ("number", "low", "high"),
    [
        ("3", "2.95", "3.05"),
        ("3.35", "3.345", "3.355"),
        ("8", "7.95", "8.05"),
        ("8.0", "7.95", "8.05"),
        ("990", "985", "995"),
        ("1000", "975", "1025"),
        ("1000.0", "999.95", "1000.05"),
        ("1.48E+14", "1.475E+14", "1.485E+14"),
        ("1E+3", "975", "1025"),
        ("0.05", "0.0495", "0.0505"),
        ("1.0", "0.975", "1.025"),
        ("0", "0", "0"),
    ],
)
def test_around(number: str, low: str, high: str) -> None:
    """A figure stands for half a unit of its last digit each way: two digits at least, 2.5 % at most, final zeros of an integer not counting."""
    assert around(Decimal(number)) == Interval(Decimal(low), Decimal(high))


def test_zeros_that_count() -> None:
    """Where zeros count, an integer is known to its last digit."""
    assert (around(Decimal(990), zeros_count=True), around(Decimal(180), zeros_count=True)) == (
        Interval(Decimal("989.5"), Decimal("990.5")),
        Interval(Decimal("179.5"), Decimal("180.5")),
    )


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("3", "3.35", False),
        ("8", "7.7", False),
        ("989.4", "990", True),
        ("989", "990", True),
        ("147", "148", True),
        ("752", "800", False),
        ("3.35", "3.3", True),
        ("3.35", "3.36", True),
        ("3.35", "3.37", False),
        ("1979", "2000", True),
        ("141", "144", False),
        ("400", "405", True),
    ],
)
def test_who_meets(one: str, other: str, meet: bool) -> None:
    """Two figures agree exactly where what they stand for shares a point, ends included."""
    assert around(Decimal(one)).meets(around(Decimal(other))) is meet


@given(INTERVALS, INTERVALS)
def test_meeting_is_symmetric_and_reflexive(one: Interval, other: Interval) -> None:
    """Meeting does not depend on the order, everything meets itself, and it means a common point."""
    common = max(one.low, other.low) <= min(one.high, other.high)
    assert (one.meets(other), other.meets(one), one.meets(one)) == (common, common, True)


@given(INTERVALS, INTERVALS, st.integers(1, 1000).map(Decimal))
def test_scaling_keeps_meeting(one: Interval, other: Interval, factor: Decimal) -> None:
    """Scaling both by one factor scales the ends; those that shared a point share the scaled one."""
    scaled = one.scaled(factor)
    assert scaled == Interval(one.low * factor, one.high * factor)
    assert scaled.meets(other.scaled(factor)) or not one.meets(other)


@given(NUMBERS, st.booleans())
def test_the_step_is_bounded(number: Decimal, zeros: bool) -> None:
    """The half step is never negative nor above 2.5 %, and a figure lies in its own interval."""
    step = half_step(number, zeros_count=zeros)
    assert 0 < step <= number * Decimal("0.025")
    assert around(number, zeros_count=zeros) == Interval(number - step, number + step)
