"""Ranking and filtering by expressions: units checked and reduced, names known or refused, nothing smuggled into the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accel_db.catalog.catalog import Catalog
from accel_db.catalog.query import left_out_words, matching, rank
from accel_db.words.errors import NoAnswer, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

EVERYTHING = {
    "acme/a1",
    "acme/a2",
    "acme/rack",
    "bolt/b100",
    "cobalt/h20",
    "cobalt/h200",
    "cobalt/j1-pro",
    "cobalt/node",
    "cobalt/t1",
    "cobalt/t2",
    "cobalt/t3",
    "cobalt/v1",
}


@pytest.fixture
def catalog(fuller: World) -> Iterator[Catalog]:
    """The fuller world, opened."""
    with Catalog(str(fuller.data)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "unit", "rows"),
    [
        ("half", "TFLOPS", [("v1", 100), ("h20", 148), ("j1-pro", 148), ("a1", 752), ("h200", 989), ("b100", 989.5)]),
        (
            "memory",
            "GB",
            [("t1", 16), ("t2", 26), ("t3", 36), ("a1", 64), ("b100", 80), ("h20", 96), ("a2", 128), ("h200", 141)],
        ),
        ("half / power", "TFLOPS/W", [("h20", 0.37), ("h200", 989 / 700), ("b100", 989.5 / 700), ("a1", 1.88)]),
        ("bandwidth / power.tdp", "GB/s/W", [("a1", 4), ("b100", 3350 / 700), ("h200", 4800 / 700)]),
        ("bandwidth / half", "byte/FLOP", [("a1", 1.6 / 752), ("b100", 3.35 / 989.5), ("h200", 4.8 / 989)]),
        ("bytes_per_flop", "byte/FLOP", [("a1", 1.6 / 752), ("b100", 3.35 / 989.5), ("h200", 4.8 / 989)]),
        ("power / power", "", [("a1", 1), ("b100", 1), ("h20", 1), ("h200", 1)]),
        (
            "half / (100 TFLOPS)",
            "",
            [("v1", 1), ("h20", 1.48), ("j1-pro", 1.48), ("a1", 7.52), ("h200", 9.89), ("b100", 9.895)],
        ),
        ("fp8 - half", "TFLOPS", [("h20", 148), ("b100", 989.5)]),
        ("power + 0.1 kW", "W", [("a1", 500), ("h20", 500), ("b100", 800), ("h200", 800)]),
        ("-power * 2", "W", [("b100", -1400), ("h200", -1400), ("a1", -800), ("h20", -800)]),
        ("matrix.fp8.dense", "TFLOPS", [("h20", 296), ("b100", 1979)]),
        (
            "half * power",
            "flop·watt/s",
            [("h20", 148e12 * 400), ("a1", 752e12 * 400), ("h200", 989e12 * 700), ("b100", 989.5e12 * 700)],
        ),
    ],
)
def test_units_reduce(catalog: Catalog, text: str, unit: str, rows: list[tuple[str, float]]) -> None:
    """A ranking is in the unit its expression reduces to, lowest first, ties by id; subjects without every input are left out."""
    answer = rank(catalog, text)
    assert answer["unit"] == unit
    assert [row["id"].split("/")[1] for row in answer["rows"]] == [name for name, _ in rows]
    assert [row["value"] for row in answer["rows"]] == pytest.approx([value for _, value in rows])


def test_marks_verdicts_and_inputs(catalog: Catalog) -> None:
    """Every row carries its inputs and the union of their marks, and is disputed where one of them is."""
    answer = rank(catalog, "half / memory")
    assert [(one["name"], one["unit"]) for one in answer["inputs"]] == [("half", "TFLOPS"), ("memory", "GB")]
    rows = {row["id"]: row for row in answer["rows"]}
    assert (rows["acme/a1"]["marks"], rows["acme/a1"]["verdict"]) == ("due", "undisputed")
    assert (rows["cobalt/h20"]["marks"], rows["cobalt/h20"]["verdict"]) == ("", "disputed")
    assert rows["cobalt/h20"]["inputs"] == {
        "half": {"value": 148, "marks": "", "verdict": "sole"},
        "memory": {"value": 96, "marks": "", "verdict": "disputed"},
    }


def test_order_limit_systems_and_where(catalog: Catalog) -> None:
    """Highest first, at most so many, systems instead of accelerators, and only what fits a condition."""
    assert [row["id"] for row in rank(catalog, "half", desc=True, limit=2)["rows"]] == ["bolt/b100", "cobalt/h200"]
    assert [(row["id"], row["value"]) for row in rank(catalog, "half", systems=True)["rows"]] == [
        ("cobalt/node", 6000),
        ("acme/rack", 289_000),
    ]
    assert [row["id"] for row in rank(catalog, "half", where='country = "us" and memory > 90 GB')["rows"]] == [
        "cobalt/h20",
        "cobalt/h200",
    ]


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("power.usage", None, "'power.usage' is not known"),
        ("fp64", None, "no accelerator has every input of 'fp64'"),
        ("half", "memory > 10 TB", "no accelerator has every input of 'half' and fits 'memory > 10 TB'"),
        ("half / (power - power)", None, "no accelerator has every input of"),
    ],
)
def test_nothing_to_rank(catalog: Catalog, text: str, where: str | None, said: str) -> None:
    """A ranking without rows is no answer (exit 1), unless its names are wrong (exit 2)."""
    with pytest.raises((NoAnswer, UsageError)) as caught:
        rank(catalog, text, where=where)
    assert caught.value.message.startswith(said)
    assert caught.value.exit_code == (2 if "not known" in said else 1)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("memory >= 96 GB", {"acme/a2", "acme/rack", "cobalt/h20", "cobalt/h200", "cobalt/node"}),
        ("memory >= 0.096 TB", {"acme/a2", "acme/rack", "cobalt/h20", "cobalt/h200", "cobalt/node"}),
        ("96 GB <= memory and memory < 1 TB", {"acme/a2", "cobalt/h20", "cobalt/h200"}),
        ("memory.capacity = 141 GB", {"cobalt/h200"}),
        ("memory != 16 GB and memory < 30 GB", {"cobalt/t2"}),
        ('country = "CN"', {"acme/a1", "acme/a2", "acme/rack"}),
        ("country != 'cn' and vendor == \"Bolt\"", {"bolt/b100"}),
        ('name = "acme rack 384" or id = "bolt/b100"', {"acme/rack", "bolt/b100"}),
        ('status = "shipping"', {"cobalt/h20"}),
        ("kind = 'npu'", {"acme/a1", "acme/a2"}),
        ("not (memory >= 20 GB)", {"cobalt/t1"}),
        ("bytes_per_flop > 0.003 byte/FLOP and half < 1 PFLOPS", {"bolt/b100", "cobalt/h200"}),
        ("accelerators = 8", {"cobalt/node"}),
        ("chip.count = 2", {"cobalt/h200"}),
        ("half / power > 1.4 TFLOPS/W", {"acme/a1", "bolt/b100", "cobalt/h200"}),
        ("power > 1 kW or bandwidth >= 4.8 TB/s", {"acme/rack", "cobalt/h200", "cobalt/node"}),
        ("memory > 1,000 GB", {"acme/rack", "cobalt/node"}),
    ],
)
def test_conditions(catalog: Catalog, condition: str, found: set[str]) -> None:
    """A condition lets through the subjects it holds for, in any unit of the dimension, texts whatever their case."""
    assert matching(catalog, condition)[0] == found


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("memory >= 96", "a number compared with byte needs a unit, such as 96 "),
        ("96 < memory", "a number compared with byte needs a unit, such as 96 "),
        ("half / power > 1", "a number compared with flop/s/watt needs a unit"),
        ("memory >= 96 W", "cannot compare byte with watt"),
        ("half + memory > 1 GB", "cannot add byte and flop/s"),
        ("memory >= 96 parsec", "unknown unit 'parsec'"),
        ("memory", "'memory' is a number, not a condition"),
        ('"x"', "'\"x\"' is a text, not a condition"),
        ("name > 'a'", "texts compare with = or !=, not >"),
        ("name = 3", "'=' compares a number with a number or a text with a text"),
        ("memory = 'x'", "'=' compares a number with a number or a text with a text"),
        ("name + 'x' = 'y'", "'+' needs numbers on both sides"),
        ("memory and half", "'and' joins conditions"),
        ("memroy > 1 GB", "'memroy' is not known; near: memory"),
        ("matrix > 1 TFLOPS", "'matrix' is not known; near: matrix."),
        ("memory.technology = 'HBM3'", "'memory.technology' is not a number"),
        ("qqqq > 1 W", "'qqqq' is not known; see: accel metrics"),
        ("memory >=", "cannot read 'memory >='"),
        ("", "cannot read ''"),
        ("memory > 1 GB; DROP TABLE claim", "cannot read "),
        ("x" * 2001, "the expression has 2001 characters, more than 2000"),
        ("(" * 900 + "half" + ")" * 900, "cannot read"),
        ("1" + "+1" * 999, "cannot read"),
    ],
)
def test_conditions_that_make_no_sense(catalog: Catalog, condition: str, said: str) -> None:
    """Units that do not fit, bare numbers, unknown names and texts that cannot be read are refused, in words that say what is wrong."""
    with pytest.raises(UsageError) as caught:
        matching(catalog, condition)[0]
    assert caught.value.message.startswith(said)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("text", "what"), [("memory > 1 GB", "truth"), ("'x'", "text"), ("country", "text")])
def test_only_numbers_rank(catalog: Catalog, text: str, what: str) -> None:
    """A condition or a text is no ranking."""
    with pytest.raises(UsageError) as caught:
        rank(catalog, text)
    assert caught.value.message == f"{text!r} is a {what}, not a number to rank by; a condition goes into --where"


@pytest.mark.parametrize(
    "text", ["x' OR '1'='1", "x'; DROP TABLE claim; --", "' OR true --", "''", "\\' OR 1=1 --", "x%", "_"]
)
def test_quotes_smuggle_nothing(catalog: Catalog, text: str) -> None:
    """A text with quotes or SQL in it is compared as it stands: it matches nothing, and its negation everything."""
    for field in ("country", "name", "id"):
        assert matching(catalog, f'{field} = "{text}"')[0] == set()
        assert matching(catalog, f'{field} != "{text}"')[0] == EVERYTHING
    assert catalog.sql("SELECT count(*) > 50 AS there FROM claim") == [{"there": True}]


@pytest.mark.parametrize(
    "text", ["memory) FROM claim --", 'half" --', "half; SELECT 1", "x0.value", "s.id", "(SELECT 1)"]
)
def test_expressions_are_no_sql(catalog: Catalog, text: str) -> None:
    """SQL in an expression is refused; it never reaches the database."""
    with pytest.raises(UsageError):
        rank(catalog, text)


def test_several_variants_are_no_value(catalog: Catalog) -> None:
    """A metric of which several variants are true has no one value to rank or compare."""
    with pytest.raises(NoAnswer):
        rank(catalog, "matrix.int8.dense")
    assert matching(catalog, "matrix.int8.dense > 1 TOPS")[0] == set()


def test_a_condition_on_systems_tells_of_systems_alone(catalog: Catalog) -> None:
    """Where only systems are asked for, no accelerator is found, and none is told as left out."""
    found, notes = matching(catalog, 'name != "x" or memory > 1 GB', ["system"])
    assert found == {"acme/rack", "cobalt/node"}
    assert notes == []
    assert matching(catalog, 'name != "x"')[0] == EVERYTHING


def test_left_out_are_only_those_a_condition_cannot_decide(catalog: Catalog) -> None:
    """A subject with several true values is told unless another part of the condition decides without them."""
    varied = {one.split(" ")[0] for one in matching(catalog, "int8 > 1 TOPS")[1][0].split(": ")[1].split(", ")}
    assert varied
    one = sorted(varied)[0]
    assert matching(catalog, f'int8 > 1 TOPS and id != "{one}"')[1] != matching(catalog, "int8 > 1 TOPS")[1]
    found, notes = matching(catalog, f'int8 > 1 TOPS or id = "{one}"')
    assert one in found
    assert not any(f"{one} (" in note for note in notes)


def test_a_note_names_a_dozen_and_counts_the_rest() -> None:
    """A catalogue of any size gives a note that can be read."""
    left = [{"id": f"acme/a{n}", "name": "memory", "low": 1.0, "high": 2.0} for n in range(2_012)]
    (note,) = left_out_words(left)
    assert note.count("acme/") == 12
    assert note.endswith(" and 2,000 more")
