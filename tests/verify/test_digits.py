"""Numbers are read in every way they are written, whole or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.verify.digits import numbers, plain

BLANKS = st.sampled_from(["\u00a0", "\u2009", "\u202f", "\u2007"])
FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
whole = st.integers(1, 999_999_999)


def readings(text: str, **kwargs: bool) -> set[str]:
    """Every reading of every number of a text."""
    return {reading for token in numbers(plain(text), **kwargs) for reading in token.readings}


def grouped(number: int, sign: str) -> str:
    return f"{number:,}".replace(",", sign)


@given(
    whole,
    st.one_of(BLANKS, st.sampled_from([",", "'", "’", " ", ""])),
    st.booleans(),
    st.sampled_from(["", " ", "\u00a0"]),
    st.sampled_from(["TFLOPS", "GB/s", "亿", "W*", "²", ")"]),
)
def test_a_number_is_read_however_it_is_written(number: int, sign: str, full_width: bool, gap: str, unit: str) -> None:
    """Grouped by comma, apostrophe or any blank, in full-width digits or not, glued to its unit or not, it has its own value."""
    text = grouped(number, sign)
    assert str(number) in readings(f"为{text.translate(FULL_WIDTH) if full_width else text}{gap}{unit}")


@given(whole, whole, st.sampled_from(["", ","]), st.booleans())
def test_a_part_of_a_number_is_never_read(number: int, before: int, sign: str, decimals: bool) -> None:
    """With digits before, after or behind a point, a number is another one: 1979 is not in 11979, 19790 or 1979.5."""
    inside = f"{before}{number}" if not sign else grouped(int(f"{before}{number}"), sign)
    inside += ".5" if decimals else ""
    assert readings(inside) == {f"{before}{number}" + (".5" if decimals else "")}


@given(st.decimals(min_value=0, max_value=99999, places=3, allow_nan=False, allow_infinity=False))
def test_decimals_have_one_spelling(number: Decimal) -> None:
    """Zeros at the end of decimals say nothing, and reading what was shown gives the same again."""
    (shown,) = readings(f"{number:f}")
    assert Decimal(shown) == number
    assert readings(shown) == {shown} == readings(f"{number:f}00")


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    """No text breaks the reader; tokens lie within it, each with digits, and plain texts stay as they are."""
    once = plain(text)
    assert plain(once) == once
    for token in numbers(once):
        assert 0 <= token.start < token.end <= len(once)
        assert any(char.isdigit() for char in once[token.start : token.end])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A100", set()),
        ("MI300-13", set()),
        ("HBM3", set()),
        ("4th, 2ND", set()),
        ("v10.11.2", set()),
        ("2023.11.13", set()),
        ("x8 and ×16", {"8", "16"}),
        ("3xMI", {"3"}),
        ("x", set()),
        ("-5", {"5"}),
        ("350–400 W", {"350", "400"}),
        ("up-to-64", set()),
        ("1979²", {"1979"}),
        ("80①", {"80"}),
        ("9.89e14", {"989000000000000"}),
        ("2E3 FLOPS", {"2000"}),
        ("2E3x", {"2"}),
        ("1.4 × 10¹⁵", {"1400000000000000", "10", "15"}),
        ("1.979.000", {"1979000"}),
        ("1.979,5", {"1979.5"}),
        ("3,35 TB/s", {"3.35"}),
        ("80,9600", {"80", "9600"}),
        ("80,96,141", {"80", "96", "141"}),
        ("8,1.2.3", {"8"}),
        ("1 979 000", {"1", "979", "000".lstrip("0") or "0", "1979", "1979000", "979000"}),
        ("1 979.5 80", {"1", "979.5", "1979.5", "80"}),
        ("80  964", {"80", "964", "80964"}),
        ("80\n964", {"80", "964"}),
        ("a .5 b", {"0.5"}),
        ("No.5", {"5"}),
        ("007", {"7"}),
        ("0", {"0"}),
        ("0.027", {"0.027"}),
        ("8\u200b0 GB", {"80"}),
        ("1" * 41, set()),
    ],
)
def test_readings(text: str, expected: set[str]) -> None:
    """Names, ordinals, versions and dates hold no numbers; lists hold several; signs and exponents are understood."""
    assert readings(text) == expected


@pytest.mark.parametrize(
    ("text", "english", "other"),
    [
        ("1.979", {"1.979"}, {"1.979", "1979"}),
        ("1,979", {"1979"}, {"1979", "1.979"}),
        ("5,3000", {"5", "3000"}, {"5.3"}),
    ],
)
def test_decimal_commas(text: str, english: set[str], other: set[str]) -> None:
    """In a language with decimal commas both readings stand; in others the comma groups."""
    assert (readings(text), readings(text, decimal_comma=True)) == (english, other)
