"""Numbers written for people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.words.shown import grouped, significant


@pytest.mark.parametrize(
    ("digits", "shown"), [("0", "0"), ("999", "999"), ("49152", "49,152"), ("-1234567", "-1,234,567"), ("1234.5678", "1,234.5678"), ("0.050", "0.050"), (".5", "0.5"), ("-0.5", "-0.5")],
)
def test_grouped(digits: str, shown: str) -> None:
    """Whole digits stand in groups of three; sign and decimals stay as they are."""
    assert grouped(digits) == shown


@pytest.mark.parametrize(("number", "digits", "shown"), [
    (0, 3, "0"), (0.02744, 3, "0.0274"), (5.078, 3, "5.08"), (1234.4, 3, "1,234"), (999.6, 3, "1,000"), (99.96, 3, "100"), (0.9996, 3, "1"), (6.0, 3, "6"), (-0.5, 3, "-0.5"),
    (100, 3, "100"), (2.345, 1, "2"), (1e20, 3, "100,000,000,000,000,000,000"),
])
def test_significant(number: float, digits: int, shown: str) -> None:
    """A number is rounded to so many digits, whole digits never dropped, no zeros after the point."""
    assert significant(number, digits) == shown


@given(st.integers())
def test_grouping_only_adds_commas(number: int) -> None:
    """Taking the commas out again gives the digits back."""
    assert (grouped(str(number)).replace(",", ""), grouped(str(number))) == (str(number), f"{number:,}")


@given(st.floats(1e-6, 1e12), st.integers(2, 6))
def test_rounding_stays_close(number: float, digits: int) -> None:
    """What is shown differs from the number by half a unit of the last digit at most."""
    assert abs(float(significant(number, digits).replace(",", "")) - number) <= number * 0.5000001 * 10 ** (1 - digits)
