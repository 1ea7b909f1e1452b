"""Reading one printed figure: numbers, ranges, hedges, units; and the refusals with their cures."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accel_db.words.errors import Unreadable
from accel_db.words.printed import HEDGES, PLAIN_LIMITS, read_figure
from accel_db.words.units import Units

DATA = tomllib.loads((Path(__file__).resolve().parents[2] / "specs" / "units.toml").read_text(encoding="utf-8"))
UNITS = Units(DATA["dimensions"], DATA["unit"])

COMMA = "a comma groups three digits here; a decimal comma goes into `row`, and the figure is written with a point"
MARK = "put the footnote sign into `mark`"
SEVERAL = "`printed` is one figure: put the whole cell into `row` and enter each figure on its own line"
NO_DIGITS = "a figure has digits; words such as 'not supported' belong in `absent`"
NO_UNIT = "write the unit that stands in the heading as `unit`"
TWO_UNITS = "leave `unit` out where the figure prints its own"
ONLY = "write the number with its unit only; keep the rest of the cell in `row`"
TEN_THOUSANDS = (
    "enter the figure where a document prints it in digits with a declared unit, and keep this cell in `row`"
)


def read(printed: str, unit: str | None = None, default: str | None = None) -> tuple[str, str, str, str | None]:
    """Both ends, unit and hedge of a figure, numbers in full."""
    figure = read_figure(printed, UNITS, unit, default)
    return f"{figure.low:f}", f"{figure.high:f}", figure.unit.name, figure.hedge


def refusal(printed: str, unit: str | None = None) -> tuple[str, str]:
    """The message and cure with which a text is refused."""
    with pytest.raises(Unreadable) as caught:
        read_figure(printed, UNITS, unit)
    return caught.value.message, caught.value.cure


@pytest.mark.parametrize(
    ("printed", "number", "unit"),
    [
        ("3,958 teraFLOPS", "3958", "TFLOPS"),
        ("1,000,000 W", "1000000", "W"),
        ("1 979 TFLOPS", "1979", "TFLOPS"),
        ("1\u202f979 TFLOPS", "1979", "TFLOPS"),
        ("64\u00a0GB", "64", "GB"),
        ("3.35TB/s", "3.35", "TB/s"),
        ("784 GB / s", "784", "GB/s"),
        ("1.48×10^14 FLOPS", "148000000000000", "FLOPS"),
        ("1.48 x 10^14 FLOP/s", "148000000000000", "FLOPS"),
        ("1.48×10¹⁴ FLOPS", "148000000000000", "FLOPS"),
        ("9.9e14 FLOPS", "990000000000000", "FLOPS"),
        ("2.5E+3 W", "2500", "W"),
        ("７８４ＧＢ／ｓ", "784", "GB/s"),
        ("３，９５８ ＴＦＬＯＰＳ", "3958", "TFLOPS"),
        ("5120-bit", "5120", "bit"),
        ("814 mm²", "814", "mm²"),
        ("2x", "2", "one"),
        ("3.35 TB/s", "3.35", "TB/s"),
        ("3.35 Tb/s", "3.35", "Tbit/s"),
        ("3.35 GiB/s", "3.35", "GiB/s"),
        ("400 Gbps", "400", "Gbit/s"),
        ("400 GBps", "400", "GB/s"),
        ("1.2 PFLOPS", "1.2", "PFLOPS"),
        ("1.2 POPS", "1.2", "POPS"),
        ("96 GB", "96", "GB"),
        ("96 GiB", "96", "GiB"),
        ("$25,000", "25000", "USD"),
        ("25,000 USD", "25000", "USD"),
        ("US$25,000", "25000", "USD"),
        ("¥120,000", "120000", "CNY"),
    ],
)
def test_plain_figures(printed: str, number: str, unit: str) -> None:
    """A plain figure is read exactly, in the unit it prints, without a hedge."""
    assert read(printed) == (number, number, unit, None)


@pytest.mark.parametrize("separator", ["–", " – ", "—", "-", " - ", "~", " ～ ", " to ", "至", "−"])
def test_ranges(separator: str) -> None:
    """A range keeps both ends whatever stands between them, and counts as the upper one."""
    assert read(f"350{separator}400 W") == ("350", "400", "W", None)
    assert read_figure(f"350{separator}400 W", UNITS).value == Decimal(400)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("350W–400W", ("350", "400", "W", None)),
        ("80 GB–96 GB", ("80", "96", "GB", None)),
        ("80 GB to 96 GB", ("80", "96", "GB", None)),
        ("1.5TB/s至2TB/s", ("1.5", "2", "TB/s", None)),
        ("1,979–3,958 TFLOPS", ("1979", "3958", "TFLOPS", None)),
        ("$25,000–30,000", ("25000", "30000", "USD", None)),
        ("~350–400 W", ("350", "400", "W", "~")),
    ],
)
def test_ranges_with_units(printed: str, expected: tuple[str, str, str, str | None]) -> None:
    """A unit may stand at both ends of a range when it is the same."""
    assert read(printed) == expected


def test_falling_range() -> None:
    """A range printed upper end first is refused, or still counts as its upper end."""
    try:
        figure = read_figure("400–350 W", UNITS)
    except Unreadable:
        return
    assert (figure.low, figure.high) == (Decimal(350), Decimal(400))


@pytest.mark.parametrize(
    ("printed", "hedge"),
    [
        ("~400 W", "~"),
        ("～400 W", "~"),
        ("about 400 W", "about"),
        ("Nearly 400W", "nearly"),
        ("over 400 W", "over"),
        (">400 W", ">"),
        ("≥ 400 W", "≥"),
        ("约400 W", "约"),
        ("超过400瓦", "超过"),
        ("400+ W", "+"),
        ("400W+", "+"),
        ("~400+ W", "~"),
        ("up to about 400 W", "about"),
        ("最大 约 400 W", "约"),
        ("Up to 400 W", None),
        ("max 400 W", None),
        ("Max. 400 W", None),
        ("maximum: 400 W", None),
        ("≤400 W", None),
        ("<=400 W", None),
        ("最大400 W", None),
        ("最高可达 400 W", None),
    ],
)
def test_hedges_and_limits(printed: str, hedge: str | None) -> None:
    """A hedge is kept by its word; a limit leaves the figure plain."""
    assert read(printed) == ("400", "400", "W", hedge)


@pytest.mark.parametrize(
    ("printed", "unit", "default", "expected"),
    [
        ("700", "W", None, ("700", "700", "W", None)),
        ("700 W", "W", None, ("700", "700", "W", None)),
        ("400+", "W", None, ("400", "400", "W", "+")),
        ("784", "ＧＢ／ｓ", None, ("784", "784", "GB/s", None)),
        ("~2", None, "one", ("2", "2", "one", "~")),
        ("2 GB", None, "one", ("2", "2", "GB", None)),
    ],
)
def test_heading_and_default_units(
    printed: str, unit: str | None, default: str | None, expected: tuple[str, str, str, str | None]
) -> None:
    """The heading's unit serves a bare number, and the default only where no unit is given at all."""
    assert read(printed, unit, default) == expected


@pytest.mark.parametrize(
    ("printed", "unit", "message", "cure"),
    [
        ("3.2万亿次/秒", None, "'3.2万亿次/秒' counts in 万 (10,000) or 亿 (100,000,000)", TEN_THOUSANDS),
        ("1.2 亿", None, "'1.2 亿' counts in 万 (10,000) or 亿 (100,000,000)", TEN_THOUSANDS),
        ("64", None, "'64' has no unit", NO_UNIT),
        ("700 W", "kW", "'700 W' has two units: W, kW", TWO_UNITS),
        ("350 W – 0.4 kW", None, "'350 W – 0.4 kW' has two units: kW, W", TWO_UNITS),
        ("$25,000 EUR", None, "'$25,000 EUR' has two units: EUR, USD", TWO_UNITS),
        ("not supported", None, "cannot read 'not supported' as one figure", NO_DIGITS),
        ("", None, "cannot read '' as one figure", NO_DIGITS),
        ("-5 W", None, "cannot read '-5 W' as one figure", ONLY),
        (".5 TB/s", None, "cannot read '.5 TB/s' as one figure", ONLY),
        ("64 Gigs", None, "unknown unit 'Gigs' in '64 Gigs'", "near: GiBps, GiB/s, gigabytes, Gbit/s"),
        ("64 zorkmids", None, "unknown unit 'zorkmids' in '64 zorkmids'", "declare it in specs/units.toml"),
        ("700", "zorkmids", "unknown unit 'zorkmids'", "declare it in specs/units.toml"),
        ("700 W*", None, "unknown unit 'W*' in '700 W*'", MARK),
        ("700 W[1]", None, "unknown unit 'W[1]' in '700 W[1]'", MARK),
        ("1.6 TB/s v2", None, "unknown unit 'TB/s v2' in '1.6 TB/s v2'", ONLY),
    ],
)
def test_refusals(printed: str, unit: str | None, message: str, cure: str) -> None:
    """What is not exactly one figure with one unit is refused with the text and a cure."""
    assert refusal(printed, unit) == (message, cure)


@pytest.mark.parametrize(
    ("printed", "cure"),
    [
        ("3,35 TB/s", COMMA),
        ("12,34 GB", COMMA),
        ("1,2345 GB", COMMA),
        ("64 GB / 80 GB", SEVERAL),
        ("1,440 | 720 PFLOPS", SEVERAL),
        ("64 (80) GB", SEVERAL),
        ("2 x 400 W", SEVERAL),
        ("700 W¹", MARK),
        ("700 W†", MARK),
        ("989¹ TFLOPS", MARK),
        ("64²GB", MARK),
        ("2×100 GB/s", SEVERAL),
        ("8 x 100 GB/s", SEVERAL),
        ("4×1024 GB", SEVERAL),
    ],
)
def test_the_cure_fits(printed: str, cure: str) -> None:
    """Decimal commas, cells of two figures, products and footnote signs are refused, each with its own cure, and never read as digits or exponents."""
    assert refusal(printed)[1] == cure


@pytest.mark.parametrize("gap", ["", " "])
@pytest.mark.parametrize(
    "spelling", sorted(spelling for spelling in UNITS.by_spelling if not spelling.startswith("万"))
)
def test_every_declared_spelling_is_read(spelling: str, gap: str) -> None:
    """Each declared spelling of a unit is read after a number, with a space or without."""
    assert read(f"7{gap}{spelling}") == ("7", "7", UNITS.by_spelling[spelling].name, None)


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3).map(lambda number: number.normalize() + 0)


@given(
    NUMBERS,
    st.sampled_from(["W", "GB/s", "TFLOPS", "GiB", "Gbps"]),
    st.sampled_from(["{:,f} {}", "{:f}{}", "{:f} {}", "{:e} {}"]),
)
def test_written_numbers_are_read_back(number: Decimal, unit: str, form: str) -> None:
    """A number written with or without separators, or with an exponent, is read back exactly."""
    figure = read_figure(form.format(number, unit), UNITS)
    assert (figure.low, figure.high, figure.unit, figure.hedge) == (number, number, UNITS.find(unit), None)


@given(
    st.lists(NUMBERS, min_size=2, max_size=2).map(sorted),
    st.sampled_from(["–", " - ", "~", " to ", "至"]),
    st.sampled_from(HEDGES),
)
def test_written_ranges_are_read_back(ends: list[Decimal], separator: str, hedge: str) -> None:
    """A hedged range is read back with both ends and its hedge."""
    figure = read_figure(f"{hedge} {ends[0]:f}{separator}{ends[1]:f} W", UNITS)
    assert (figure.low, figure.high, figure.hedge) == (ends[0], ends[1], hedge)


@given(st.sampled_from(PLAIN_LIMITS), NUMBERS)
def test_limits_change_nothing(limit: str, number: Decimal) -> None:
    """A limit before a figure is the same figure without it."""
    assert read_figure(f"{limit} {number:f} W", UNITS) == read_figure(f"{number:f} W", UNITS)


@given(st.text(max_size=20))
@example("1e99999999999999999999 W")
def test_any_text_is_read_or_refused(text: str) -> None:
    """Any text at all is either read as a figure or refused with a cure, never anything else."""
    try:
        figure = read_figure(text, UNITS)
    except Unreadable as error:
        outcome = bool(error.cure)
    else:
        outcome = figure.unit.name in UNITS.by_name
    assert outcome
