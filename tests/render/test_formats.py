"""Every format can be read back and says the same; edition and schema are in every answer."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from accel_db import SCHEMA, __version__
from accel_db.render.answer import Answer, Table
from accel_db.render.draw import draw, draw_markdown
from accel_db.render.formats import FORMATS, write

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

ASKED = (
    ["show", "h20"],
    ["list"],
    ["why", "h20", "half"],
    ["compare", "h20", "h200"],
    ["claims", "h20"],
    ["sources"],
    ["resolve", "h20", "甲1"],
    ["metrics"],
    ["rank", "half / power"],
    ["sql", "select * from vendor"],
)


def table_of(world: World, form: str, argv: list[str]) -> list[dict[str, Any]]:
    """The rows of an answer, read back."""
    done = world.run(*argv, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    if form == "jsonl":
        return [json.loads(line) for line in done.stdout.splitlines()]
    return list(
        csv.DictReader(io.StringIO(done.stdout, newline=""), delimiter="," if form == "csv" else "\t", strict=True)
    )


@pytest.mark.parametrize("argv", ASKED, ids=lambda argv: argv[0])
def test_formats_parse_back_and_agree(fuller: World, argv: list[str]) -> None:
    """CSV, TSV and JSON lines have the same rows, each with edition and schema; JSON is one object with both."""
    lines, commas, tabs = (table_of(fuller, form, argv) for form in ("jsonl", "csv", "tsv"))
    assert commas == tabs
    assert len(lines) == len(commas) > 0
    assert {(row["edition"], row["schema"]) for row in lines} == {(__version__, SCHEMA)}
    assert {(row["edition"], row["schema"]) for row in commas} == {(__version__, str(SCHEMA))}
    for line, row in zip(lines, commas, strict=True):
        assert None not in row
        for key, text in row.items():
            value = line.get(key)
            expected = (
                ""
                if value is None
                else json.dumps(value, ensure_ascii=False)
                if isinstance(value, list | dict)
                else str(value)
            )
            assert text == expected, key
    document = json.loads(fuller.run(*argv, "--json").stdout)
    assert (document["edition"], document["schema"], document["command"]) == (__version__, SCHEMA, argv[0])
    assert fuller.run(*argv, "--format", "json").stdout == fuller.run(*argv, "--json").stdout


@pytest.mark.parametrize("argv", [argv for argv in ASKED if argv[0] != "resolve"], ids=lambda argv: argv[0])
@pytest.mark.parametrize("form", ["table", "md"])
def test_the_edition_ends_what_people_read(fuller: World, argv: list[str], form: str) -> None:
    """A table or a page for people ends with the edition."""
    assert fuller.run(*argv, "--format", form).stdout.endswith(f"\nedition {__version__}\n")


@pytest.mark.parametrize("argv", ASKED, ids=lambda argv: argv[0])
def test_markdown_tables_are_whole(fuller: World, argv: list[str]) -> None:
    """Each Markdown table has a rule, and as many cells in every row as in its header."""
    out = fuller.run(*argv, "--format", "md").stdout
    if argv[0] == "resolve":
        assert out == "cobalt/h20\nacme/a1\n"
        return
    tables = [block.splitlines() for block in out.split("\n\n") if block.startswith("|")]
    assert tables
    for header, rule, *rows in tables:
        assert set(rule) <= set("|-: ")
        assert {line.replace("\\|", "").count("|") for line in (header, rule, *rows)} == {header.count("|")}
        assert rows


def test_markdown_escapes_bars() -> None:
    """A bar in a header or a cell is escaped, an empty row is left out, a styled cell is its text."""
    table = Table(["a|b", "n"], [["x|y", ("1", "bad")], None, [None, 2]], "lr")
    assert draw_markdown(table) == "| a\\|b | n |\n| --- | ---: |\n| x\\|y | 1 |\n|  | 2 |"


def test_separated_values_quote(fuller: World) -> None:
    """Quotes and separators in values survive CSV and TSV, control characters are spelled out; lists become JSON."""
    query = """SELECT 'a,"b' AS x, 'c' || chr(9) || 'd' || chr(10) || 'e' AS y, ['p', 'q'] AS z, NULL AS n"""
    for form in ("csv", "tsv"):
        assert table_of(fuller, form, ["sql", query]) == [
            {
                "x": 'a,"b',
                "y": r"c\u0009d\u000ae",
                "z": '["p", "q"]',
                "n": "",
                "edition": __version__,
                "schema": str(SCHEMA),
            }
        ]


def test_json_is_json(fuller: World) -> None:
    """Numbers that JSON does not know do not make it unreadable for others, and columns of one name are not lost."""

    def refuse(word: str) -> float:
        raise AssertionError(word)

    document = json.loads(
        fuller.run("sql", "SELECT 'nan'::DOUBLE AS x, 'inf'::DOUBLE AS y, 1.5::DECIMAL(4, 2) AS z", "--json").stdout,
        parse_constant=refuse,
    )
    assert set(document["rows"][0]) == {"x", "y", "z"}


def test_columns_of_one_name_are_not_lost(fuller: World) -> None:
    """Two columns of one name are both in every format."""
    row = json.loads(fuller.run("sql", "SELECT 1 AS a, 2 AS a", "--json").stdout)["rows"][0]
    assert sorted(row.values()) == [1, 2]


def test_an_empty_result_keeps_its_header(fuller: World) -> None:
    """A query without rows has its header in CSV, none in JSON lines, and an empty list in JSON."""
    query = ["sql", "SELECT id, name FROM vendor WHERE id = 'x'"]
    assert fuller.run(*query, "--format", "csv").stdout == "id,name,edition,schema\n"
    assert fuller.run(*query, "--format", "jsonl").stdout == ""
    assert json.loads(fuller.run(*query, "--json").stdout)["rows"] == []
    assert fuller.run(*query).stdout == f"id  name\n\n0 rows\nedition {__version__}\n"


def test_units_and_basis_are_fields(fuller: World) -> None:
    """Units and basis are in every header for people and in fields for machines."""
    row = table_of(fuller, "csv", ["compare", "h20", "h200", "--metrics", "half"])[0]
    assert (row["unit"], row["basis"], row["cobalt/h20"], row["cobalt/h200 ratio"]) == (
        "TFLOPS",
        "dense",
        "148",
        str(989 / 148),
    )
    assert "16-bit matrix, dense TFLOPS" in fuller.run("compare", "h20", "h200", "--metrics", "half").stdout
    assert "half (TFLOPS)" in table_of(fuller, "tsv", ["list"])[0]
    assert all(
        row["unit"] == "TFLOPS" and row["basis"] == "dense"
        for row in table_of(fuller, "jsonl", ["show", "h20"])
        if row["metric"] == "matrix.bf16.dense"
    )


def test_write_in_every_format() -> None:
    """One answer in all formats, as whole texts; colours touch tables alone."""
    answer = Answer(
        {"command": "x", "rows": []},
        ["a", "b"],
        [{"a": 1, "b": ["é"], "more": None}],
        ["Title", Table(["a", "b"], [[("1", "bad"), "é"], None, ["22", ""]], "rl"), "", "end"],
    )
    carried = f'"edition": "{__version__}", "schema": {SCHEMA}'
    assert {form: write(answer, form) for form in FORMATS} == {
        "table": "Title\n a  b\n 1  é\n\n22\n\nend\n",
        "json": f'{{\n  "edition": "{__version__}",\n  "schema": {SCHEMA},\n  "command": "x",\n  "rows": []\n}}\n',
        "jsonl": f'{{"a": 1, "b": ["é"], "more": null, {carried}}}\n',
        "csv": f'a,b,edition,schema\n1,"[""é""]",{__version__},{SCHEMA}\n',
        "tsv": f'a\tb\tedition\tschema\n1\t"[""é""]"\t{__version__}\t{SCHEMA}\n',
        "md": "Title\n\n| a | b |\n| ---: | --- |\n| 1 | é |\n| 22 |  |\n\nend\n",
    }
    assert (
        write(answer, "table", color=True)
        == "Title\n \x1b[1ma\x1b[0m  \x1b[1mb\x1b[0m\n \x1b[33m1\x1b[0m  é\n\n22\n\nend\n"
    )


@pytest.mark.parametrize(
    ("columns", "drawn"),
    [
        (None, "k  one two three four five six"),
        (30, "k  one two three four five six"),
        (20, "k  one two three\n   four five six"),
        (1, "k  one two\n   three four\n   five six"),
    ],
)
def test_wrapping(columns: int | None, drawn: str) -> None:
    """Only the column that may is wrapped, at blanks, never below twelve cells; without a width nothing is."""
    assert draw(Table(["", ""], [["k", "one two three four five six"]], "ll", [1]), columns=columns) == drawn


def test_wrapping_breaks_long_and_wide_words() -> None:
    """A word longer than its column is broken by the cells it takes, and no letter is lost."""
    text = "甲" * 10 + " " + "x" * 30
    lines = draw(Table([""], [[text]], "l", [0]), columns=12).splitlines()
    assert lines == ["甲" * 6, "甲" * 4, "x" * 12, "x" * 12, "x" * 6]
    assert math.isclose(len("".join(lines)), len(text) - 1)


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_cell_starts_a_formula_or_hides_a_character(form: str) -> None:
    """Texts, lists and headers alike are spelled out; numbers stay numbers, and JSON keeps every text as it is."""
    answer = Answer({}, ["=a", "b", "c"], [{"=a": "=1+1\x1b[31m", "b": -5, "c": ["\u202e"]}], [])
    (row,) = csv.DictReader(io.StringIO(write(answer, form)), delimiter="," if form == "csv" else "\t")

    assert (row["'=a"], row["b"], row["c"]) == ("'=1+1\\u001b[31m", "-5", '["\\u202e"]')
    assert json.loads(write(answer, "jsonl"))["=a"] == "=1+1\x1b[31m"
