"""``accel audit`` at the terminal: exit codes, formats, and a report that an outsider can act on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import typer

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
line  name  column                theirs       ours    gap  our verdict  likely cause
   2  B100  BF16 (TFLOP/s)  1,979 TFLOPS  990 d [1]  +99 %  sole         sparse for dense: matrix.bf16.sparse "1,979 teraFLOPS", maker's data sheet [1]
   4  A2    Memory (bytes)         64 GB    128 [2]  -50 %  sole         another SKU: it is the figure of acme/a1

Hedged by them, so not judged:
line  name  column   theirs     ours   gap  our verdict  likely cause
   2  B100  TDP (W)   650 W  700 [1]  -7.1 %  sole

They have, we lack:
"""


def test_the_report(accel, theirs: Path) -> None:
    """People get a summary, the disagreements with gap, verdict, cause and sources, and everything that was not compared."""
    code, out, err = accel(str(theirs))
    assert (code, err) == (1, "")
    print(out)
    assert out == REPORT.format(file=theirs)
