"""Numbers written for people, and cards written lean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.words.lean import CLAIM, HEADLINE, PLACE, QUANTITY, full, lean
from accel_db.words.shown import grouped, significant


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("0", "0"),
        ("999", "999"),
        ("49152", "49,152"),
        ("-1234567", "-1,234,567"),
        ("1234.5678", "1,234.5678"),
        ("0.050", "0.050"),
        (".5", "0.5"),
        ("-0.5", "-0.5"),
    ],
)
def test_grouped(digits: str, shown: str) -> None:
    """Whole digits stand in groups of three; sign and decimals stay as they are."""
    assert grouped(digits) == shown


@pytest.mark.parametrize(
    ("number", "digits", "shown"),
    [
        (0, 3, "0"),
        (0.02744, 3, "0.0274"),
        (5.078, 3, "5.08"),
        (1234.4, 3, "1,234"),
        (999.6, 3, "1,000"),
        (99.96, 3, "100"),
        (0.9996, 3, "1"),
        (6.0, 3, "6"),
        (-0.5, 3, "-0.5"),
        (100, 3, "100"),
        (2.345, 1, "2"),
        (1e20, 3, "100,000,000,000,000,000,000"),
    ],
)
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


def changed(usual: dict[str, object], keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, object]]:
    """Rows that differ from the usual one in some of those keys."""
    return st.dictionaries(st.sampled_from(keys), st.sampled_from(["x", 0, 1, False, True, None])).map(
        lambda row: {**usual, **row}
    )


@given(
    st.lists(changed(CLAIM, (*PLACE, "value", "rank", "replaced", "counted"))),
    st.lists(changed(QUANTITY, ("value", "ruled", "origins"))),
    st.lists(changed(HEADLINE, ("value", "ruled", "claim", "variants"))),
)
def test_lean_cards_are_made_full_again(
    claims: list[dict[str, object]], quantities: list[dict[str, object]], headlines: list[dict[str, object]]
) -> None:
    """A card written lean is the same card when it is made full."""
    card = {"id": "a/b", "claims": claims, "quantities": quantities, "headlines": headlines}
    assert full(lean(card)) == card


def test_lean_cards_write_a_place_once() -> None:
    """Usual values are left out, and what several claims share is written once."""
    claims = [{**CLAIM, "source": "a/b", "metric": metric} for metric in ("m", "n")]
    headline = {**HEADLINE, "headline": "half", "claim": 0}
    written = lean({"claims": claims, "quantities": [{**QUANTITY, "value": 2}], "headlines": [headline]})
    assert written == {
        "claims": [{"place": 0, "metric": "m"}, {"place": 0, "metric": "n"}],
        "places": [{key: claims[0][key] for key in PLACE}],
        "quantities": [{"value": 2}],
        "headlines": [{"headline": "half", "claim": 0}],
    }
