"""What the usual questions import, in a fresh interpreter without site packages: next to nothing."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import clean_environment

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

FORBIDDEN = {
    "duckdb",
    "pydantic",
    "typer",
    "click",
    "rich",
    "lark",
    "decimal",
    "_decimal",
    "fractions",
    "dataclasses",
    "typing",
    "inspect",
    "pathlib",
    "argparse",
    "difflib",
    "csv",
    "tomllib",
}
BESIDES = {"__future__", "gc", "unicodedata"}
OWN = {
    "accel_db.__main__",
    *("accel_db", "accel_db.catalog", "accel_db.cli", "accel_db.render", "accel_db.words"),
    *(f"accel_db.catalog.{name}" for name in ("store", "resolve", "makers", "cells", "comparing", "evidence")),
    *(f"accel_db.cli.{name}" for name in ("completion", "door", "grammar", "run")),
    *(
        f"accel_db.render.{name}"
        for name in ("answer", "compare", "draw", "formats", "listing", "lookups", "show", "why")
    ),
    *(f"accel_db.words.{name}" for name in ("cells", "errors", "hidden", "lean", "names", "near", "shown", "stamp")),
}
CODE = """
import os, sys
leave = os._exit
def told(code):
    sys.stderr.write("\\nMODULES " + " ".join(sys.modules))
    sys.stderr.flush()
    leave(code)
os._exit = told
from accel_db.cli.door import main
main()
"""
"""The fast door ends the process at once, so the modules are told just before."""


def modules(code: str, line: str, **environment: str) -> tuple[int, str, set[str]]:
    """(exit code, stdout, modules loaded at exit) of a line in an interpreter that has the standard library alone."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, *shlex.split(line)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**{key: value for key, value in clean_environment().items() if not key.startswith("COV")}, **environment},
    )
    return done.returncode, done.stdout, set(done.stderr.rpartition("MODULES ")[2].split())


@pytest.fixture(scope="module")
def needed_anyway() -> set[str]:
    """What json and atexit load themselves, re among it."""
    return modules(
        'import atexit, os, sys, json\natexit.register(lambda: sys.stderr.write("\\nMODULES " + " ".join(sys.modules)))',
        "",
    )[2]


@pytest.mark.parametrize(
    "line",
    [
        "show h20",
        "show 甲1 --all --sources",
        "show h --json",
        "list",
        "list --sort half --limit 2",
        "list t",
        "systems",
        "systems a1 --json",
        "why h20 half",
        "why h half --sources",
        "why a1 flops_per_watt",
        "compare h20 h200",
        "compare node rack --per chip",
        "compare h20 h200 --metrics half,memory --json",
        "resolve H20",
        "resolve 甲1 --json",
        "claims h20",
        "sources h20",
        "metrics",
        "show h20 --format md",
    ],
)
def test_usual_questions_load_next_to_nothing(fuller: World, needed_anyway: set[str], line: str) -> None:
    """An answer from cards loads our few light modules, what json loads, and three small ones; nothing else."""
    code, out, loaded = modules(CODE, line, ACCEL_DB_DATA=str(fuller.data))
    assert (code, bool(out)) == (0, True)
    assert "accel_db.cli.run" in loaded
    ours = {name for name in loaded if name.partition(".")[0] == "accel_db"}
    assert ours - OWN == set()
    assert loaded & FORBIDDEN == set()
    assert loaded - ours - needed_anyway - BESIDES == set()


@pytest.mark.parametrize("shell", ["complete_bash", "complete_zsh", "complete_fish"])
def test_completion_loads_next_to_nothing(fuller: World, needed_anyway: set[str], shell: str) -> None:
    """So does a shell's completion request for ids."""
    asked = {
        "_ACCEL_COMPLETE": shell,
        "COMP_WORDS": "accel show h2",
        "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": "accel show h2",
    }
    code, out, loaded = modules(CODE, "", ACCEL_DB_DATA=str(fuller.data), **asked)
    assert (code, "h200" in out.lower()) == (0, True)
    assert {name for name in loaded if name.partition(".")[0] == "accel_db"} - OWN == set()
    assert loaded & FORBIDDEN == set()
    assert {name for name in loaded if name.partition(".")[0] != "accel_db"} - needed_anyway - BESIDES == set()


def test_csv_loads_csv_and_no_more(fuller: World) -> None:
    """CSV needs the csv module; no answer from cards needs a package."""
    code, _, loaded = modules(CODE, "list --format csv", ACCEL_DB_DATA=str(fuller.data))
    assert (code, loaded & FORBIDDEN) == (0, {"csv"})


def test_importing_the_package_loads_nothing() -> None:
    """`import accel_db` by itself loads none of its rooms."""
    code = (
        'import atexit, sys, accel_db\natexit.register(lambda: sys.stderr.write("\\nMODULES " + " ".join(sys.modules)))'
    )
    assert {name for name in modules(code, "")[2] if name.startswith("accel_db")} == {"accel_db"}
