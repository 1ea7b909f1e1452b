"""Expressions and conditions: precedence, units, SQL, ranges."""

from __future__ import annotations

import operator
import tomllib
from decimal import Decimal
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.words.errors import UsageError
from accel_db.words.expression import (
    Known,
    Range,
    Typed,
    check,
    evaluate,
    names,
    parse,
    save_parser,
    saved_name,
    show_base,
)
from accel_db.words.units import Units

DATA = tomllib.loads((Path(__file__).resolve().parents[2] / "specs" / "units.toml").read_text(encoding="utf-8"))
UNITS = Units(DATA["dimensions"], DATA["unit"])
KNOWN = {"memory": Known(UNITS.find("GB"), "m"), "power.tdp": Known(UNITS.find("W"), "p"), "country": Known(None, "c")}
BYTES = (("byte", 1),)


def typed(text: str) -> Typed:
    """The checked form of an expression over memory, power.tdp and country."""
    return check(parse(text), KNOWN.__getitem__, UNITS)


def refusal(text: str) -> str:
    """The message with which an expression is refused."""
    with pytest.raises(UsageError) as caught:
        typed(text)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("20 - 5 - 3", 12),
        ("20 / 5 / 2", 2),
        ("8 / 4 * 2", 4),
        ("-2 * 3", -6),
        ("2 - -3", 5),
        ("+2", 2),
        ("-(2 + 3)", -5),
        ("1,024 + 1", 1025),
        ("1.5e2", 150),
        ("2E-1 * 10", 2),
    ],
)
def test_precedence(text: str, value: int) -> None:
    """Signs bind before products, products before sums, and equals go from the left."""
    assert evaluate(parse(text), {}) == Range(Decimal(value), Decimal(value), Decimal(value))


@given(
    st.lists(
        st.tuples(st.sampled_from("+-"), st.lists(st.integers(0, 99), min_size=1, max_size=4)), min_size=1, max_size=6
    )
)
def test_sums_of_products(terms: list[tuple[str, list[int]]]) -> None:
    """Any sum of products of integers has the value that arithmetic gives it."""
    text = "0" + "".join(f" {sign} {' * '.join(map(str, factors))}" for sign, factors in terms)
    expected = sum((1 if sign == "+" else -1) * reduce(operator.mul, factors) for sign, factors in terms)
    value = evaluate(parse(text), {})
    assert value is not None
    assert value.value == expected


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("memory >= 96 GB", "((m * 1E+9) >= 9.6E+10)"),
        ("memory = 96 GiB", "((m * 1E+9) = 9.6E+10)"),
        ("memory == 96GB", "((m * 1E+9) = 9.6E+10)"),
        ("memory != 1,024 GB", "((m * 1E+9) <> 1.024E+12)"),
        ("96 GB < memory", "(9.6E+10 < (m * 1E+9))"),
        ("country = 'CN'", "(lower(c) = lower('CN'))"),
        ('country != "it\'s"', "(lower(c) <> lower('it''s'))"),
        ("-memory < 1 GB", "((- (m * 1E+9)) < 1E+9)"),
        ("memory / power.tdp > 1 GB/W", "(((m * 1E+9) / nullif((p * 1E+0), 0)) > 1E+9)"),
        ("not 1 < 2 and 3 < 4 or 5 < 6", "(((not (1E+0 < 2E+0)) and (3E+0 < 4E+0)) or (5E+0 < 6E+0))"),
        ("1 < 2 OR 3 < 4 AND 5 < 6", "((1E+0 < 2E+0) or ((3E+0 < 4E+0) and (5E+0 < 6E+0)))"),
        ("(1 < 2 or 3 < 4) and 5 < 6", "(((1E+0 < 2E+0) or (3E+0 < 4E+0)) and (5E+0 < 6E+0))"),
        ("NOT not 1 < 2", "(not (not (1E+0 < 2E+0)))"),
    ],
)
def test_conditions_as_sql(text: str, sql: str) -> None:
    """A condition compiles to SQL in base units, sizes as marketed: not before and, and before or, texts without case."""
    assert typed(text) == Typed("truth", (), sql)


@pytest.mark.parametrize(
    ("text", "yields", "base"),
    [
        ("memory", "number", BYTES),
        ("96 GB", "number", BYTES),
        ("2 * memory", "number", BYTES),
        ("memory + 1 TB - 3 MiB", "number", BYTES),
        ("memory / power.tdp", "number", (("byte", 1), ("watt", -1))),
        ("memory / 1 GB", "number", ()),
        ("memory * memory", "number", (("byte", 2),)),
        ("country", "text", ()),
        ("'CN'", "text", ()),
        ("2", "number", ()),
    ],
)
def test_units_reduce(text: str, yields: str, base: tuple[tuple[str, int], ...]) -> None:
    """Products and quotients reduce their units; sums keep them."""
    found = typed(text)
    assert (found.yields, found.base) == (yields, base)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("memory >= 96", "a number compared with byte needs a unit, such as 96 GB"),
        ("96 <= memory", "a number compared with byte needs a unit, such as 96 GB"),
        ("memory * memory > 5", "a number compared with byte^2 needs a unit, such as one of its dimension"),
        ("power.tdp > 5", "a number compared with watt needs a unit, such as 96 W"),
        ("memory >= 96 W", "cannot compare byte with watt"),
        ("memory + power.tdp", "cannot add watt and byte"),
        ("memory - 5", "cannot subtract a bare number and byte"),
        ("5 + memory", "cannot add byte and a bare number"),
        ("memory >= 96 GX", "unknown unit 'GX'; near: x, G"),
        ("country + 1", "'+' needs numbers on both sides"),
        ("country > 'C'", "texts compare with = or !=, not >"),
        ("country = 1", "'=' compares a number with a number or a text with a text; a text stands in quotes"),
        ("memory and 1 < 2", "'and' joins conditions, such as memory >= 96 GB"),
        ("not memory", "'not' joins conditions, such as memory >= 96 GB"),
        (
            "memory >=",
            "cannot read 'memory >=' at position 8 (…'>='); write it like 'bandwidth / power' or 'memory >= 96 GB'",
        ),
        (
            "memory ? 1",
            "cannot read 'memory ? 1' at position 8 (…'? 1'); write it like 'bandwidth / power' or 'memory >= 96 GB'",
        ),
        (
            "1 < 2 < 3",
            "cannot read '1 < 2 < 3' at position 7 (…'< 3'); write it like 'bandwidth / power' or 'memory >= 96 GB'",
        ),
        ("", "cannot read '' at position 1 (…''); write it like 'bandwidth / power' or 'memory >= 96 GB'"),
        ("1" * 2001, "the expression has 2001 characters, more than 2000"),
        (
            "(" * 900,
            f"cannot read {'(' * 900!r} at position 900 (…'('); write it like 'bandwidth / power' or 'memory >= 96 GB'",
        ),
        ("-" * 900 + "1", f"cannot read {'-' * 80!r}; write it like 'bandwidth / power' or 'memory >= 96 GB'"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    """What makes no sense is refused with the part that does not, and how to write it."""
    assert refusal(text) == message


@pytest.mark.parametrize("text", ["1" + "+1" * 990, "not " * 400 + "1 < 2"])
def test_long_chains_end_in_an_answer_or_a_refusal(text: str) -> None:
    """An expression short enough to be parsed is also checked, listed and evaluated, or refused, however deep it goes."""
    try:
        node = parse(text)
        outcome = (names(node), check(node, KNOWN.__getitem__, UNITS).base)
    except UsageError:
        outcome = ([], ())
    assert outcome == ([], ())


def test_names_once_and_in_order() -> None:
    """The names of an expression are listed in order, each once."""
    assert names(parse("b / a + b * c.d_1 > 2 GB and not a = 'x'")) == ["b", "a", "c.d_1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", ("12", "14", "17")),
        ("a - b", ("4", "6", "9")),
        ("a * b", ("27", "40", "60")),
        ("a / b", ("1.8", "2.5", "4")),
        ("a", ("9", "10", "12")),
    ],
)
def test_ranges_spread(text: str, expected: tuple[str, str, str]) -> None:
    """The range of a result spans the ends that its parts allow."""
    values = {"a": Range(Decimal(9), Decimal(10), Decimal(12)), "b": Range(Decimal(3), Decimal(4), Decimal(5))}
    assert evaluate(parse(text), values) == Range(*map(Decimal, expected))


@pytest.mark.parametrize("text", ["a / b", "missing", "a + missing", "missing * a", "a / (b - b)"])
def test_no_value(text: str) -> None:
    """Where a name has no value, or a divisor may be zero, there is no value."""
    assert (
        evaluate(
            parse(text),
            {"a": Range(Decimal(1), Decimal(1), Decimal(1)), "b": Range(Decimal(0), Decimal(1), Decimal(2))},
        )
        is None
    )


@pytest.mark.parametrize(
    ("base", "shown"),
    [
        ((), "a bare number"),
        (BYTES, "byte"),
        ((("byte", 1), ("s", -1)), "byte/s"),
        ((("byte", 2), ("s", -2), ("watt", -1)), "byte^2/s^2/watt"),
        ((("s", -1),), "1/s"),
        ((("a", 1), ("b", 1)), "a·b"),
    ],
)
def test_dimensions_in_words(base: tuple[tuple[str, int], ...], shown: str) -> None:
    """A dimension is written with its powers, divisors after the stroke."""
    assert show_base(base) == shown


def test_a_saved_parser_reads_the_same(tmp_path: Path) -> None:
    """A parser saved in a folder is one file, and reads what the built one reads."""
    save_parser(tmp_path)
    text = "not memory / 2 >= 96 GB and country = 'CN'"
    assert ([path.name for path in tmp_path.iterdir()], parse(text, tmp_path)) == ([saved_name()], parse(text))
