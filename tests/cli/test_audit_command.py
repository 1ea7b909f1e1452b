"""``accel audit`` at the terminal: exit codes, formats, and a report that an outsider can act on."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from accel_db import SCHEMA, __version__
from accel_db.catalog.store import Store
from accel_db.cli import app as program
from accel_db.cli.audit_command import register

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import World


@pytest.fixture
def accel(built: World, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]):
    """``accel`` in this process, with the audit command registered on an app of its own: exit code, stdout, stderr."""
    fresh = typer.Typer(pretty_exceptions_enable=False)
    register(fresh)
    fresh.callback()(lambda: None)
    monkeypatch.setattr(program, "app", fresh)
    monkeypatch.setenv("ACCEL_DB_DATA", str(built.data))
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)

    def run(*argv: str) -> tuple[int, str, str]:
        code = program.serve(["audit", *argv])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A table with one finding of every kind."""
    file = tmp_path / "theirs.csv"
    file.write_text(
        "Hardware name,Manufacturer,memori,BF16 (TFLOP/s),Memory (bytes),Memory bandwidth (TB/s),TDP (W)\n"
        "B100,Bolt,x,1979,80e9,3.35,~650\n"
        "A1,Acme,x,752,64e9,1.6,400 horses\n"
        "A2,Acme,x,,64e9,3.2,\n"
        "A,Acme,x,752,,,\n"
        "B10,Bolt,x,752,,,\n",
        encoding="utf-8",
    )
    return file


REPORT = """\
{file}: 5 rows, 3 of our subjects; 8 figures compared, 5 agree, 2 disagree; 1 we lack

They disagree with us:
line  name  column                theirs         ours     gap  our verdict  likely cause
   2  B100  BF16 (TFLOP/s)  1,979 TFLOPS  989.5 d [1]  +100 %  sole         sparse for dense: matrix.bf16.sparse "1,979 teraFLOPS", maker's data sheet [1]
   4  A2    Memory (bytes)         64 GB      128 [2]   -50 %  sole         another SKU: it is the figure of acme/a1

Hedged by them, so not judged:
line  name  column   theirs     ours     gap  our verdict  likely cause
   2  B100  TDP (W)   650 W  700 [1]  -7.1 %  sole

They have, we lack:
line  name  column                   theirs      we looked in
   4  A2    Memory bandwidth (TB/s)  3,200 GB/s  2 documents, 2026-01-02

Names that cover several of ours:
line  name  ours
   5  A     acme/a1, acme/a2

Names we do not know:
line  name  near
   6  B10   bolt/b100

Could not be read:
line  name  column   cell        why
   3  A1    TDP (W)  400 horses  unknown unit 'horses' in '400 horses'

Columns not compared:
  memori: near our memory; if so: --map 'memori=memory'
  Manufacturer

[1] Bolt, 2024-05-01 (maker's data sheet, full): table Specifications; rows marked * with sparsity
[2] Acme, 2025-06 (maker's documentation, excerpt): section 5, outlook

d derived
edition {edition}
"""


def test_the_report(accel, theirs: Path) -> None:
    """People get a summary, the disagreements with gap, verdict, cause and sources, and everything that was not compared."""
    assert accel(str(theirs)) == (1, REPORT.format(file=theirs, edition=__version__), "")


def test_addresses_are_given_when_asked_for(accel, theirs: Path) -> None:
    """--sources adds title and address of every source cited."""
    _, out, _ = accel(str(theirs), "--sources")
    assert "    B100 product page\n    https://bolt.example/b100  (read 2026-01-02)\n" in out


def test_colour_only_when_asked_for(accel, theirs: Path) -> None:
    """Off a terminal the report is plain; --color always colours the gaps."""
    assert "\x1b[" not in accel(str(theirs))[1]
    assert "\x1b[" in accel(str(theirs), "--color", "always")[1]


def test_agreement_exits_0(accel, tmp_path: Path) -> None:
    """Where nothing disagrees the exit code is 0 and the report is the summary."""
    file = tmp_path / "good.csv"
    file.write_text("name,TDP (W)\nB100,700\n", encoding="utf-8")
    code, out, err = accel(str(file))
    assert (code, err) == (0, "")
    assert (
        out
        == f"{file}: 1 rows, 1 of our subjects; 1 figures compared, 1 agree, 0 disagree; 0 we lack\n\nedition {__version__}\n"
    )


def test_nothing_compared_is_said(accel, tmp_path: Path) -> None:
    """A table of which no figure could be set beside ours exits 0 and says so on stderr, lest it pass for agreement."""
    file = tmp_path / "other.csv"
    file.write_text("name,TDP (W)\nZ9,700\n", encoding="utf-8")
    code, out, err = accel(str(file))
    assert (code, err) == (0, "accel: no figure of theirs could be set beside one of ours\n")
    assert "Names we do not know:" in out


def test_json_holds_everything(accel, theirs: Path) -> None:
    """JSON is the whole document with edition and schema: claims, causes and sources in full."""
    code, out, _ = accel(str(theirs), "--json")
    document = json.loads(out)
    assert (code, document["command"], document["edition"], document["schema"]) == (1, "audit", __version__, SCHEMA)
    assert [
        len(document[key])
        for key in ("disagreements", "hedged", "lacking", "unresolved", "ambiguous", "unreadable", "unmapped")
    ] == [2, 1, 1, 1, 1, 1, 2]
    cause = document["disagreements"][0]["causes"][0]
    assert (cause["cause"], cause["claim"]["source"], cause["claim"]["locator"]) == (
        "sparse for dense",
        "bolt/b100-page",
        "table Specifications; rows marked * with sparsity",
    )
    assert document["sources"]["bolt/b100-page"]["url"] == "https://bolt.example/b100"


FINDINGS = [
    "disagreement",
    "disagreement",
    "hedged",
    "lacking",
    "ambiguous",
    "unresolved",
    "unreadable",
    "unmapped column",
    "unmapped column",
]


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_flat_forms_have_one_row_a_finding(accel, theirs: Path, form: str, separator: str) -> None:
    """CSV and TSV have one row a finding, of whatever kind, with its cause and our source."""
    code, out, _ = accel(str(theirs), "--format", form)
    rows = list(csv.DictReader(io.StringIO(out), delimiter=separator))
    assert (code, [row["finding"] for row in rows]) == (1, FINDINGS)
    assert [rows[0][key] for key in ("line", "theirs", "ours", "unit", "marks", "cause", "cause_source", "source")] == [
        "2",
        "1979.0",
        "989.5",
        "TFLOPS",
        "d",
        "sparse for dense",
        "bolt/b100-page",
        "bolt/b100-page",
    ]
    assert (rows[1]["cause"], rows[1]["cause_source"]) == ("another SKU", "")
    assert (rows[2]["cause"], rows[5]["near"], rows[7]["column"]) == ("", '["bolt/b100"]', "Manufacturer")


def test_json_lines_have_one_finding_a_line(accel, theirs: Path) -> None:
    """JSON lines are the flat rows, each with edition and schema."""
    _, out, _ = accel(str(theirs), "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["finding"] for row in rows] == FINDINGS
    assert {(row["edition"], row["schema"]) for row in rows} == {(__version__, SCHEMA)}


def test_markdown_has_the_tables(accel, theirs: Path) -> None:
    """Markdown has every section as a table."""
    _, out, _ = accel(str(theirs), "--format", "md")
    assert [line.split(" | ")[-1].strip(" |") for line in out.splitlines() if line.startswith("| line")] == [
        "likely cause",
        "likely cause",
        "we looked in",
        "ours",
        "near",
        "why",
    ]


def test_long_sections_are_cut_and_say_so(accel, tmp_path: Path) -> None:
    """A section for people is cut at a bound and says how much more there is; the machine formats have all of it."""
    file = tmp_path / "long.csv"
    file.write_text("name,TDP (W)\n" + "B100,600\n" * 203, encoding="utf-8")
    _, out, _ = accel(str(file))
    assert out.count("600 W") == 200
    assert "and 3 more; --format csv has all of them" in out
    assert accel(str(file), "--format", "csv")[1].count("disagreement") == 203


def test_disputes_negatives_and_large_gaps_are_told(
    accel, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open dispute shows its spread and the legend, a negative its words, a large gap a factor, a count no unit."""
    world.append(
        "accelerators/acme/a1.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "last paragraph"
        figures = [{ metric = "power.tdp", printed = "420 W" }, { metric = "matrix.fp8", absent = "not supported" }]
        """,
    )
    world.append(
        "accelerators/acme/a1.toml",
        """
        [[reading]]
        source = "acme/a1-paper"
        at = "section 9"
        figures = [{ metric = "power.tdp", printed = "420 W" }]
        """,
    )
    world.build()
    monkeypatch.setenv("ACCEL_DB_DATA", str(world.data))
    file = tmp_path / "more.csv"
    file.write_text(
        "name,n,FP8 (TFLOPS),TDP (W),FP64 (GFLOPS),Memory (wagons)\nA1,,100,4000,,1\nrack,300,,,1e15,\nA1,,,420,,\n",
        encoding="utf-8",
    )
    code, out, _ = accel(str(file), "--map", "n=accelerators")
    assert code == 1
    told = [" ".join(line.split()) for line in out.splitlines()]
    assert "2 A1 FP8 (TFLOPS) 100 TFLOPS not supported [1] not supported" in told
    assert "2 A1 TDP (W) 4,000 W 400 ⚡400–420 [2] 10× disputed" in told
    assert "3 rack n 300 384 [3] -22 % sole" in told
    assert "3 rack FP64 (GFLOPS) 1e+12 TFLOPS" in told
    assert (
        '4 A1 TDP (W) 420 W 400 ⚡400–420 [2] +5 % disputed lower-ranked here: power.tdp "420 W", maker\'s documentation [4] and 1 more of ours'
        in told
    )
    assert "⚡ disputed: see accel why" in told
    assert "Memory (wagons): unknown unit 'wagons': say it with --map 'column=metric unit'" in told


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["none.csv"], "no such file: none.csv"),
        (["{file}", "--name", "nam"], "--name: "),
        (["{file}", "--map", "TDP (W)=powr"], "no metric 'powr'; near: power"),
        (["{file}", "--map", "nonsense"], "write it as 'their column=our headline or metric'"),
        (["{file}", "--format", "xml"], "'xml' is not one of table, json, jsonl, csv, tsv, md"),
        (["{file}", "--color", "loud"], "'loud' is not one of auto, always, never"),
        ([], "Missing argument"),
    ],
)
def test_mistakes_exit_2(accel, theirs: Path, argv: list[str], said: str) -> None:
    """A mistake in the command line is one sentence on stderr and exit 2, with nothing on stdout."""
    code, out, err = accel(*(word.format(file=theirs) for word in argv))
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_errors_are_json_where_answers_are(accel) -> None:
    """With --json an error is a JSON document on stderr."""
    code, out, err = accel("none.csv", "--json")
    assert (code, out, json.loads(err)["error"]["message"]) == (2, "", "no such file: none.csv")


def test_a_stale_build_is_said(accel, theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build older than the spec files is said on stderr, as by every command."""
    monkeypatch.setattr(Store, "stale", lambda _: "the build is old")
    assert accel(str(theirs))[2] == "accel: the build is old\n"


def test_the_help_has_an_example(accel) -> None:
    """--help shows how to call it and what the exit code means."""
    code, out, _ = accel("--help")
    assert code == 0
    assert "accel audit chips.csv --name Chip --map 'VRAM=memory GB'" in " ".join(out.split())
