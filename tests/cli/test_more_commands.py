"""``accel reconcile``, ``find`` and ``coverage`` at the terminal: whole answers, formats, exit codes and what goes to stderr."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable

import pytest
import typer

from accel_db.catalog.catalog import Catalog
from accel_db.catalog.store import Store
from accel_db.cli import app as program
from accel_db.cli import coverage_command, find_command, reconcile_command
from accel_db.render.coverage import coverage_page
from accel_db.render.reconcile import _letter, _percent, _share
from tests.conftest import World

pytest_plugins = ["tests.fuller_world"]

Run = Callable[..., tuple[int, str, str]]
MODULES = (reconcile_command, find_command, coverage_command)


@pytest.fixture
def accel(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``accel`` in this process, with these commands on an app of their own: exit code, stdout, stderr."""
    fresh = typer.Typer(pretty_exceptions_enable=False)
    for module in MODULES:
        module.register(fresh)
    monkeypatch.setattr(program, "app", fresh)
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)

    def run(world: World, *argv: str) -> tuple[int, str, str]:
        monkeypatch.setenv("ACCEL_DB_DATA", str(world.data))
        code = program.serve(list(argv))
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


RACK = """\
Acme Rack 384 = 384 × A1 (acme/a1)

BF16, engine unstated, sparsity unstated TFLOPS
    stated  metric                 variant  as printed    who                     explained by
A  289,000  compute.bf16.unstated           "289 PFLOPS"  maker's data sheet [1]  384 × 752
 computed   TFLOPS          A  from
384 × 752  288,768  -0.08 % ✓  compute.bf16.unstated, compute.fp16.unstated d [2]

System power W
    stated  metric        variant  as printed  who                     explained by
A  559,000  power.system           "559 kW"    maker's data sheet [1]
 computed        W  of A  from
384 × 400  153,600  27 %  power.tdp [3]

Accelerators
   stated  metric              variant  as printed  who                     explained by
A     384  count.accelerators           "384"       maker's data sheet [1]  384
computed           A  from
     384  384  0 % ✓  built_from

[1] Acme, 2025-03 (maker's data sheet, full): p. 4
[2] Acme, 2025-06 (maker's documentation, excerpt): section 3
[3] Acme, 2025-03 (maker's data sheet, full): p. 2, table 1
edition 2026.1
"""


def test_reconcile_tells_totals_sums_and_what_explains_them(built: World, accel: Run) -> None:
    """The whole answer for one system: stated totals, computed ones, differences, the share of power, footnotes."""
    assert accel(built, "reconcile", "acme rack 384") == (0, RACK, "")


def test_reconcile_in_every_format(fuller: World, accel: Run) -> None:
    """Every format answers with the same pairs; JSON carries the whole claims."""
    code, out, _ = accel(fuller, "reconcile", "node", "--json")
    system = json.loads(out)["systems"][0]
    assert code == 0
    assert [one["metric"] for one in system["metrics"]] == [
        "matrix.bf16.dense",
        "memory.capacity",
        "count.accelerators",
        "count.racks",
    ]
    assert system["metrics"][1]["computed"][0]["parts"][0]["claims"][0]["printed"] == "141 GB"
    rows = [json.loads(line) for line in accel(fuller, "reconcile", "node", "--format", "jsonl")[1].splitlines()]
    assert [(row["metric"], row["total"], row["computed"], row["explains"]) for row in rows] == [
        ("matrix.bf16.dense", 6000, 7912, False),
        ("memory.capacity", 1128, 1128, True),
        ("count.accelerators", 8, 8, True),
        ("count.racks", 2, None, None),
    ]
    table = list(csv.DictReader(io.StringIO(accel(fuller, "reconcile", "node", "--format", "csv")[1])))
    assert [row["printed"] for row in table] == ['["6 PFLOPS"]', '["1,128 GB"]', '["8"]', '["2"]']
    assert table[3]["why_not"] == "no claim on an accelerator bears on it"
    assert '| A | 1,128 | memory.capacity |  | "1,128 GB" |' in accel(fuller, "reconcile", "node", "--format", "md")[1]


def test_reconcile_marks_what_no_claim_explains(fuller: World, accel: Run) -> None:
    """A total without an explanation says so in words and in colour; sources are told in full when asked for."""
    code, out, _ = accel(fuller, "reconcile", "node", "--color", "always", "--sources")
    assert code == 0
    assert "\x1b[33mno claim\x1b[0m" in out
    assert "\x1b[32m0 % ✓\x1b[0m" in out
    assert "nothing computed: no claim on an accelerator bears on it\n" in out
    assert "    https://cobalt.example/sheet.pdf  (read 2026-01-02)\n" in out


def test_reconcile_without_names_tells_every_system(fuller: World, accel: Run) -> None:
    """Both systems of the world stand in one answer."""
    out = accel(fuller, "reconcile")[1]
    assert [line for line in out.splitlines() if " = " in line] == [
        "Acme Rack 384 = 384 × A1 (acme/a1)",
        "Cobalt Node = 8 × H200 (cobalt/h200)",
    ]


def test_reconcile_refuses_accelerators_with_a_line_to_paste(built: World, accel: Run) -> None:
    """An accelerator is a usage mistake: the systems built from it make the corrected line."""
    code, out, err = accel(built, "reconcile", "a1")
    assert (code, out) == (2, "")
    assert err == (
        "accel: A1 is an accelerator, and only systems have totals to reconcile; built from it: acme/rack\n"
        "accel: try: accel reconcile rack\n"
    )
    code, out, err = accel(built, "reconcile", "a1", "--json")
    assert (code, json.loads(err)["error"]["systems"]) == (2, ["acme/rack"])


def test_reconcile_reads_names_from_standard_input(built: World, accel: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash stands for the lines of standard input; none at all is a usage mistake, not every system."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" acme rack 384 \n\n")))
    assert accel(built, "reconcile", "-") == (0, RACK, "")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n")))
    assert accel(built, "reconcile", "-") == (2, "", "accel: no names on standard input\n")


ODD = """
    name = "Odd"
    kind = "node"
    {built}

    [[reading]]
    source = "acme/a1-datasheet"
    at = "p. 9"
    figures = [
      {figures}
    ]
    """


def test_reconcile_tells_the_odd_systems(world: World, accel: Run) -> None:
    """No built_from, no total at all, a deprecated total, 1,024s and claims past the fourth are each told."""
    sizes = '{ metric = "memory.capacity", printed = "24.0 TB" }, { metric = "memory.bandwidth", printed = "1 TB/s", deprecated = "A slip." }'
    world.write("systems/acme/odd.toml", ODD.format(built="", figures='{ metric = "count.racks", printed = "3" }'))
    world.write(
        "systems/acme/bare.toml",
        ODD.replace('"Odd"', '"Bare"').format(
            built="", figures='{ metric = "status", printed = "shipping", as_of = "2026-01" }'
        ),
    )
    world.append(
        "systems/acme/rack.toml",
        ODD.partition("[[reading]]")[1] + ODD.partition("[[reading]]")[2].format(figures=sizes),
    )
    for place in range(5):
        world.append(
            "accelerators/acme/a1.toml",
            f'[[reading]]\nsource = "acme/a1-paper"\nat = "annex {place}"\nfigures = [{{ metric = "memory.capacity", printed = "64 GB" }}]\n',
        )
    world.build()
    out = accel(world, "reconcile", "odd", "bare", "rack")[1]
    assert "Odd: names no accelerators it is built from (no built_from)\n" in out
    assert "nothing computed: the system names no accelerators it is built from\n" in out
    assert "Bare: names no accelerators it is built from (no built_from)\nno total is stated\n" in out
    alone = accel(world, "reconcile", "bare")[1]
    assert alone.startswith(
        "Bare: names no accelerators it is built from (no built_from)\nno total is stated\nedition "
    )
    assert "384 × 64 counted in 1,024s\n" in out
    assert "✗ A   1,000  memory.bandwidth" in out
    assert "A slip.\n" in out
    assert " and 3 more\n" in out


def test_numbers_of_a_reconciliation() -> None:
    """Letters go on after Z; no difference is 0 %, an undefined one is empty; a share above one is marked."""
    assert [_letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert [_percent(one) for one in (0.0, 0.00001, 0.123, -0.5, None)] == ["0 %", "0 %", "+12 %", "-50 %", ""]
    assert [_share(one) for one in (0.5, 1.5, None)] == [("50 %", ""), ("150 %", "bad"), ""]


FOUND = """\
500 TFLOPS: 2 claims on 2 subjects, 1 origin

V1 (cobalt/v1), 1 origin: Cobalt Works
       value  metric             per, variant  as printed    origin        who                                  why
  500 TFLOPS  matrix.bf16.dense                "500 TFLOPS"  Cobalt Works  maker's software docs, estimate [1]

H20 (cobalt/h20), 0 origins that stands
        value  metric            per, variant  as printed    origin          who        why
✗  500 TFLOPS  matrix.fp8.dense                "500 TFLOPS"  The Daily Chip  press [2]  Another chip's figure.

[1] Cobalt Works, 2025-02 (maker's software docs, full, estimate): outlook
[2] The Daily Chip, 2025-04-20 (press, full): fourth paragraph
edition 2026.1
"""


def test_find_tells_who_prints_a_figure_of_what(fuller: World, accel: Run) -> None:
    """The whole answer: subjects by origins, a deprecated claim marked with why."""
    assert accel(fuller, "find", "500 TFLOPS") == (0, FOUND, "")


def test_find_in_every_format(built: World, accel: Run) -> None:
    """The flat forms hold one row a claim with the published columns; JSON holds the groups."""
    code, out, err = accel(built, "find", "376 TFLOPS", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, err) == (0, "")
    assert [(row["name"], row["metric"], row["per"], row["printed"]) for row in rows] == [
        ("A1", "compute.bf16.unstated", "die", "376 TFLOPS"),
        ("A1", "compute.fp16.unstated", "die", "376 TFLOPS"),
    ]
    document = json.loads(accel(built, "find", "376 TFLOPS", "--json")[1])
    assert (document["searched"], document["claims"], document["origins"]) == ("figure", 2, 1)
    assert len(accel(built, "find", "376 TFLOPS", "--format", "jsonl")[1].splitlines()) == 2
    assert '| "376 TFLOPS" (BF16/FP16) |' in accel(built, "find", "376 TFLOPS", "--format", "md")[1]


def test_find_says_on_stderr_how_a_text_was_taken(built: World, accel: Run) -> None:
    """A bare number and a text that is no figure are told; computed values are marked with their sum."""
    assert accel(built, "find", "384")[2] == "accel: '384' has no unit: found as a number in any unit\n"
    assert accel(built, "find", "hbm")[2] == (
        "accel: 'hbm' is no figure (cannot read 'hbm' as one figure): searched in what is printed, texts and rows\n"
    )
    out = accel(built, "find", "752 TFLOPS", "--derived", "--sources")[1]
    assert "752 TFLOPS d" in out
    assert "376 × 2 dies\n" in out
    assert "    https://acme.example/papers/a1  (read 2026-01-02)\n" in out


def test_find_exits_1_when_nothing_has_it(built: World, accel: Run) -> None:
    """The answer no is exit code 1, in words or as JSON; an empty text is exit code 2."""
    assert accel(built, "find", "1 TFLOPS") == (1, "", "accel: no claim prints '1 TFLOPS'\n")
    code, out, err = accel(built, "find", "1 TFLOPS", "--json")
    assert (code, out, json.loads(err)["error"]["code"]) == (1, "", "no_answer")
    assert accel(built, "find", "")[0] == 2


COVERED = """\
subject    kind  half  memory  bandwidth  power  racks
acme/a1    npu   d     M       M          M
acme/a2    npu   ·     M       ?          0
acme/rack  pod   d     d       d          ·      ·

sign  means
M     the maker's own figure
s     second-hand
!     disputed, a ruling or not
d     derived, or a stand-in (sparsity or engine unstated, other format, engines combined)
0     a source says there is none, or publishes none
?     editors looked in vain
·     nothing known
      does not apply to this kind of subject

vendor  subjects  maker  second  disputed  derived  negative  looked  unknown  answered  by two origins
Acme           3      4       0         0        4         1       1        3      62 %            25 %
all            3      4       0         0        4         1       1        3      62 %            25 %

kind  subjects  maker  second  disputed  derived  negative  looked  unknown  answered  by two origins
npu          2      4       0         0        1         1       1        1      62 %            20 %
pod          1      0       0         0        3         0       0        2      60 %            33 %
all          3      4       0         0        4         1       1        3      62 %            25 %

8 of 13 headlines are answered with a figure (62 %); 2 of those by two independent origins (25 %)
edition 2026.1
"""


def test_coverage_tells_every_cell_in_one_character(built: World, accel: Run) -> None:
    """The whole answer: the matrix, its legend, totals by vendor and kind, and the share with two origins."""
    argv = ("coverage", "--vendor", "acme", "--headlines", "half,memory,bandwidth", "--headlines", "power,racks")
    assert accel(built, *argv) == (0, COVERED, "")


def test_coverage_in_every_format(built: World, accel: Run) -> None:
    """JSON holds the full matrix with evidence; CSV and JSON lines one row a cell; Markdown the same tables."""
    code, out, err = accel(built, "coverage", "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    cell = document["subjects"][0]["cells"]["memory"]
    assert (cell["state"], cell["source"], cell["origins"], cell["verdict"]) == (
        "maker",
        "acme/a1-datasheet",
        2,
        "agreed",
    )
    rows = list(csv.DictReader(io.StringIO(accel(built, "coverage", "--country", "us", "--format", "csv")[1])))
    assert len(rows) == len(next(one["cells"] for one in document["subjects"] if one["id"] == "bolt/b100"))
    assert {(row["id"], row["kind"], row["type"]) for row in rows} == {("bolt/b100", "accelerator", "gpu")}
    lines = accel(built, "coverage", "--kind", "gpu", "--headlines", "power", "--format", "jsonl")[1].splitlines()
    assert [(json.loads(line)["headline"], json.loads(line)["state"]) for line in lines] == [("power", "maker")]
    assert "| bolt/b100 | gpu | d |" in accel(built, "coverage", "--format", "md")[1]


def test_coverage_of_nothing(built: World, accel: Run) -> None:
    """No subject that fits is exit code 1, an unknown maker or headline 2; a share of nothing is a dash."""
    assert accel(built, "coverage", "--kind", "nothing") == (1, "", "accel: nothing in the database fits that\n")
    assert accel(built, "coverage", "--vendor", "nobody") == (2, "", "accel: no maker 'nobody'; one of: acme, bolt\n")
    assert accel(built, "coverage", "--headlines", "powr") == (2, "", "accel: no headline 'powr'; near: power\n")
    out = accel(built, "coverage", "--headlines", "fp4")[1]
    assert "0 of 4 headlines are answered with a figure (0 %); 0 of those by two independent origins (—)\n" in out


def test_the_page_of_the_docs_is_the_markdown_answer(built: World, accel: Run) -> None:
    """docs/coverage.md is a heading and what ``accel coverage --format md`` prints."""
    with Catalog(str(built.data)) as catalog:
        page = coverage_page(catalog)
    heading, _, rest = page.partition("character a cell.\n\n")
    assert heading.startswith("# What the database covers\n\nGenerated ")
    assert rest == accel(built, "coverage", "--format", "md")[1]


@pytest.mark.parametrize("argv", [("reconcile",), ("find", "1"), ("coverage",)])
def test_common_options_and_staleness(
    built: World, accel: Run, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...]
) -> None:
    """A format or colour that is none is a usage mistake; a build older than the specs is told on stderr."""
    for option in ("--format", "--color"):
        code, out, err = accel(built, *argv, option, "pink")
        assert (code, out) == (2, "")
        assert "'pink' is not one of" in err
    monkeypatch.setattr(Store, "stale", lambda self: "the build is old")
    assert accel(built, *argv)[2].startswith("accel: the build is old\n")


@pytest.mark.parametrize("module", MODULES)
def test_help_has_an_example(built: World, accel: Run, module: object) -> None:
    """Every command's help ends in an example of its own."""
    name = module.__name__.rpartition(".")[2].removesuffix("_command")  # type: ignore[attr-defined]
    code, out, _ = accel(built, name, "--help")
    assert code == 0
    assert f"Example: accel {name}" in " ".join(out.replace("│", " ").split())
