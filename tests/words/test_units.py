"""Units: exact conversion, spellings, dimensions."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.words.errors import Unreadable
from accel_db.words.units import Unit, Units, combine

SPECS = Path(__file__).resolve().parents[2] / "specs"
DATA = tomllib.loads((SPECS / "units.toml").read_text(encoding="utf-8"))
UNITS = Units(DATA["dimensions"], DATA["unit"])
CANONICAL = sorted(
    {
        row["unit"]
        for row in tomllib.loads((SPECS / "metrics.toml").read_text(encoding="utf-8"))["family"]
        if "unit" in row
    }
    | {"TOPS"}
)
PAIRS = [
    (unit, UNITS.by_name[to])
    for to in CANONICAL
    for unit in UNITS.by_name.values()
    if unit.base == UNITS.by_name[to].base
]
BASES = st.dictionaries(st.sampled_from("abc"), st.integers(-3, 3).filter(bool)).map(
    lambda powers: tuple(sorted(powers.items()))
)
NUMBERS = st.decimals(min_value="0.001", max_value=99999, places=3)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("1", "GiB", "GB", "1.073741824"),
        ("400", "Gbps", "GB/s", "50"),
        ("3.2", "Tb/s", "GB/s", "400"),
        ("3.35", "TB/s", "GB/s", "3350"),
        ("1", "GiB/s", "GB/s", "1.073741824"),
        ("1.979", "PFLOPS", "TFLOPS", "1979"),
        ("2", "POPS", "TOPS", "2000"),
        ("4", "TOPS", "TFLOPS", "4"),
        ("256", "FMA/clock", "FLOPs/clock", "512"),
        ("559", "kW", "W", "559000"),
        ("80", "billion", "one", "80000000000"),
    ],
)
def test_conversions(value: str, unit: str, to: str, expected: str) -> None:
    """Bits, bytes, binary and decimal prefixes convert by their exact factors."""
    assert UNITS.convert(Decimal(value), UNITS.find(unit), UNITS.find(to)) == Decimal(expected)


@given(NUMBERS, st.sampled_from(PAIRS))
def test_conversion_is_exact_and_inverts(value: Decimal, pair: tuple[Unit, Unit]) -> None:
    """Into every metric's canonical unit a value converts without rounding, and back to itself."""
    unit, to = pair
    there = UNITS.convert(value, unit, to)
    assert (Fraction(there), UNITS.convert(there, to, unit)) == (
        Fraction(value) * Fraction(unit.factor) / Fraction(to.factor),
        value,
    )


@pytest.mark.parametrize(
    ("unit", "to", "marketed"),
    [
        ("KiB", "KB", 96),
        ("MiB", "MB", 96),
        ("GiB", "GB", 96),
        ("TiB", "GiB", 96 * 1024),
        ("TiB", "GB", 96 * 1024),
        ("GiB/s", "GB/s", Decimal("103.079215104")),
    ],
)
def test_sizes_as_marketed(unit: str, to: str, marketed: Decimal) -> None:
    """As marketed, a binary size counts the same as the decimal one, and a TiB as 1,024 GiB; a bandwidth never does."""
    assert UNITS.convert(Decimal(96), UNITS.find(unit), UNITS.find(to), marketed=True) == marketed


def test_other_dimension_is_refused() -> None:
    """A unit of another dimension is refused with a unit that would do."""
    with pytest.raises(Unreadable) as caught:
        UNITS.convert(Decimal(1), UNITS.find("GB"), UNITS.find("GB/s"))
    assert (caught.value.message, caught.value.cure) == (
        "GB is size, not bandwidth",
        "give it in GB/s or another unit of bandwidth",
    )


@pytest.mark.parametrize(
    ("spelling", "cure"),
    [
        ("TeraFLOP", "near: teraFLOPS, teraFLOP/s, "),
        ("zorkmid", "declare it in specs/units.toml"),
        ("", "declare it in specs/units.toml"),
    ],
)
def test_unknown_spelling_is_refused(spelling: str, cure: str) -> None:
    """An unknown spelling is refused with the nearest known ones, or the place to declare it."""
    with pytest.raises(Unreadable) as caught:
        UNITS.find(spelling)
    assert caught.value.message == f"unknown unit {spelling!r}"
    assert caught.value.cure.startswith(cure)


def test_case_tells_units_apart() -> None:
    """Bits and bytes differ in a letter's case only, and stay apart."""
    assert [UNITS.find(spelling).name for spelling in ("Tb/s", "TB/s", "Gb/s", "GB/s", "mW", "MW")] == [
        "Tbit/s",
        "TB/s",
        "Gbit/s",
        "GB/s",
        "mW",
        "MW",
    ]


def test_no_spelling_is_declared_twice() -> None:
    """One spelling belongs to one unit."""
    declared = [spelling for row in DATA["unit"] for spelling in (row["name"], *row.get("spellings", []))]
    assert sorted(declared) == sorted(UNITS.by_spelling)


@given(BASES, BASES)
def test_division_undoes_multiplication(left: tuple[tuple[str, int], ...], right: tuple[tuple[str, int], ...]) -> None:
    """Dimensions multiply in any order, and dividing again gives the first back."""
    product = combine(left, right, 1)
    assert (product, combine(product, right, -1)) == (combine(right, left, 1), left)
