"""``accel changes``: recorded with the editions, read from the build; its file checked like any other."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from accel_db.catalog.changes import changes
from accel_db.catalog.store import Store
from accel_db.cli import app as program
from accel_db.cli import changes_command
from accel_db.curate.changes import FILE, change_rows, counted, edition_order, read_changes, toml_of, with_recorded
from accel_db.words.errors import NoAnswer, UsageError
from accel_db.words.hidden import visible
from tests.conftest import World, make_world

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

CHANGES = """
[[edition]]
name    = "2026.1"
date    = 2026-09-01
summary = "First edition."

[[edition]]
name    = "2026.2"
date    = 2026-10-01
summary = "Two facts."

[[edition.change]]
kind = "changed"
what = "headline"
subject = "acme/a1"
metric = "half"
was = "148 TFLOPS"
now = "147 TFLOPS"

[[edition.change]]
kind = "added"
subject = "acme/a2"
metric = "die.count"
per = "accelerator"
now = "2"
source = "acme/a1-paper"
locator = "table 9"
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A built world with two editions, not to be changed."""
    world = make_world(tmp_path_factory.mktemp("recorded"))
    world.write(FILE, CHANGES)
    world.build()
    return world


@pytest.fixture
def accel(recorded: World, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``accel changes`` in this process: exit code, stdout, stderr."""
    fresh = typer.Typer(pretty_exceptions_enable=False)
    changes_command.register(fresh)
    fresh.callback()(lambda: None)
    monkeypatch.setattr(program, "app", fresh)
    monkeypatch.setenv("ACCEL_DB_DATA", str(recorded.data))
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)

    def run(*argv: str) -> tuple[int, str, str]:
        code = program.serve(["changes", *argv])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


TOLD = """\
2026.2, 2026-10-01: Two facts.
  + acme/a2: die.count 2 (acme/a1-paper: table 9)
  leading values:
  ~ acme/a1 half: 148 TFLOPS → 147 TFLOPS
"""


def test_editions_are_told_newest_first(accel: Run) -> None:
    """Each with its date and summary, and one line a fact."""
    code, out, err = accel()

    assert (code, err) == (0, "")
    assert out.rsplit("\n", 2)[0] == TOLD + "2026.1, 2026-09-01: First edition."


@pytest.mark.parametrize("since", ["2026-10-01", "2026-10", "2026-Q4", "2026-09-02", "2026.1"])
def test_since_a_day_or_an_edition(accel: Run, since: str) -> None:
    """A day counts itself, a partial date its first day; an edition only what came after it."""
    assert accel("--since", since)[:2] == (0, TOLD + accel()[1].splitlines()[-1] + "\n")


def test_since_is_answered_no_or_refused(accel: Run) -> None:
    """Nothing newer is exit 1 with the newest named; what is no date is exit 2 with what would be."""
    code, out, err = accel("--since", "2026-10-02")
    assert (code, out, "no edition since 2026-10-02; the newest is 2026.2 of 2026-10-01" in err) == (1, "", True)
    assert accel("--since", "2026.2")[0] == 1

    code, _, err = accel("--since", "yesterday")
    assert (code, "neither a date such as 2026-10-01 or one of the editions 2026.2, 2026.1" in err) == (2, True)
    assert accel("--format", "xml")[0] == 2


def test_json_csv_and_markdown_carry_the_same_facts(accel: Run) -> None:
    """An edition without a list is one row; every fact names its edition."""
    document = json.loads(accel("--json")[1])
    rows = list(csv.DictReader(io.StringIO(accel("--format", "csv")[1])))
    markdown = accel("--format", "md")[1]

    assert [(one["name"], len(one["change"])) for one in document["editions"]] == [("2026.2", 2), ("2026.1", 0)]
    assert [(row["changed_in"], row["kind"], row["subject"], row["was"], row["now"]) for row in rows] == [
        ("2026.2", "edition", "", "", "Two facts."),
        ("2026.2", "changed", "acme/a1", "148 TFLOPS", "147 TFLOPS"),
        ("2026.2", "added", "acme/a2", "", "2"),
        ("2026.1", "edition", "", "", "First edition."),
    ]
    assert "## 2026.2, 2026-10-01: Two facts.\n\n### Figures\n\n|  | subject |" in markdown
    assert "| + | acme/a2 | die.count |  | 2 | acme/a1-paper: table 9 |" in markdown


def test_a_build_without_editions_says_so(world: World) -> None:
    """A tree that records nothing builds, and the answer is no."""
    world.build()
    store = Store(str(world.data))

    with pytest.raises(NoAnswer, match="no edition has recorded changes"):
        changes(store)
    with pytest.raises(UsageError, match="neither a date such as 2026-10-01"):
        changes(store, "soon")


def test_the_rows_of_the_build_are_those_of_the_file(world: World) -> None:
    """Oldest first, dates as text."""
    world.write(FILE, CHANGES)

    assert [(row["name"], row["date"]) for row in change_rows(world.specs)] == [
        ("2026.1", "2026-09-01"),
        ("2026.2", "2026-10-01"),
    ]


def test_a_stale_build_is_said(accel: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout whose spec files are newer the answer comes with a word on stderr."""
    monkeypatch.setattr(Store, "stale", lambda _: "the build is older than specs/: run accel build")

    assert "the build is older than specs/" in accel()[2]


FAULTS = {
    "broken TOML": ("[[edition]\n", 1, "broken TOML"),
    "too many digits": (f"edition = {'9' * 5000}\n", 1, "broken TOML"),
    "nested beyond reading": (f"edition = {'[' * 5000}\n", 1, "broken TOML"),
    "unknown key": ("editions = 1\n", 1, "unknown key 'editions'"),
    "no list": ("edition = 1\n", 1, "edition is no list of tables"),
    "no table": ("edition = [1]\n", 1, "edition"),
    "missing date": ('[[edition]]\nname = "2026.1"\nsummary = "x"\n', 1, "date: Field required"),
    "bad name": (CHANGES.replace('"2026.2"', '"second"'), 7, "name: String should match"),
    "unknown key of a change": (CHANGES.replace("locator", "place"), 26, "change.1.place"),
    "twice": (CHANGES.replace('"2026.2"', '"2026.1"'), 6, "edition 2026.1 stands after 2026.1"),
    "out of order": (CHANGES.replace('"2026.1"', '"2026.10"'), 6, "edition 2026.2 stands after 2026.10"),
    "added with a past": (CHANGES.replace('per = "accelerator"', 'was = "1"'), 19, "added has `now` only"),
    "changed without one": (CHANGES.replace('was = "148 TFLOPS"\n', ""), 11, "changed has `was` and `now` only"),
    "changes out of order": (CHANGES.replace('acme/a1"', 'acme/z1"'), 6, "the changes of 2026.2 are out of order"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_file_is_a_problem_with_its_line(world: World, fault: str) -> None:
    """The tree is refused like for any other fault; never a traceback."""
    text, line, message = FAULTS[fault]
    (world.specs / FILE).write_text(text.lstrip("\n"), encoding="utf-8")

    problems = [problem for problem in world.problems() if problem.startswith(FILE)]

    assert len(problems) == 1, problems
    assert problems[0].startswith(f"{FILE}:{line}: "), problems[0]
    assert message in problems[0]


def test_bytes_that_are_no_text_and_files_that_cannot_be_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are problems of the file."""
    (world.specs / FILE).write_bytes(b"\xff\xfe")
    assert "changes.toml:1: toml" in world.problems()[0]

    def denied(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("accel_db.curate.toml.read_regular", denied)
    assert "cannot be read: Permission denied" in str(read_changes(world.specs)[1][0])


def test_what_is_written_is_read_back(world: World) -> None:
    """Any text survives: quotes, backslashes, other scripts, control characters as they are shown; and the file is the same bytes again."""
    odd = 'a "quoted" \\ back\x7f\x01 甲 → "'
    rows = [
        {
            "kind": "changed",
            "what": "ruling",
            "subject": "acme/a1",
            "metric": "half",
            "was": odd,
            "now": "x",
            "fields": [],
        },
        {"kind": "added", "what": "claim", "subject": "acme/a1", "metric": "die.count", "now": odd, "was": None},
    ]
    (world.specs / FILE).write_text(CHANGES, encoding="utf-8")
    editions, _ = read_changes(world.specs)
    made = with_recorded(editions, "2026.10", [*rows, *rows], editions[0].date, 'Said \\ by "us".')
    (world.specs / FILE).write_text(toml_of(made), encoding="utf-8")

    again, problems = read_changes(world.specs)

    assert (problems, again) == ([], made)
    assert [one.name for one in again] == ["2026.1", "2026.2", "2026.10"]
    assert [(one.what, one.now, one.was) for one in again[2].change] == [
        ("claim", visible(odd), None),
        ("ruling", "x", visible(odd)),
    ]
    assert toml_of(again) == (world.specs / FILE).read_text(encoding="utf-8")


def test_a_counted_summary_counts_what_readers_ask_about(world: World) -> None:
    """Figures, subjects, sources and leading values, by what happened to them."""
    (world.specs / FILE).write_text(CHANGES, encoding="utf-8")
    editions, _ = read_changes(world.specs)
    added, changed = editions[1].change[1], editions[1].change[0]
    removed = added.model_copy(update={"kind": "removed"})

    assert counted([added, added, removed, changed]) == "2 figures added, 1 removed; 1 leading value changed"
    assert counted([]) == "no figure changed"
    assert edition_order("2026.10") > edition_order("2026.9")
