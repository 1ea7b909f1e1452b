"""``accel diff`` at the terminal: revisions and folders, formats, recording, and every mistake a sentence."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
import typer

from accel_db.cli import app as program
from accel_db.cli import diff_command
from tests.conftest import World, make_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

A1, A2 = "accelerators/acme/a1.toml", "accelerators/acme/a2.toml"
FIGURE = '[[reading]]\nsource = "acme/a1-paper"\nat = "table 9"\nfigures = [{ metric = "die.count", printed = "2" }]\n'
ADDED = '+ acme/a2: die.count 2 ("2", acme/a1-paper: table 9)\n'


@pytest.fixture
def accel(world: World, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``accel diff`` in this process on the tiny world's spec files: exit code, stdout, stderr."""
    fresh = typer.Typer(pretty_exceptions_enable=False)
    diff_command.register(fresh)
    fresh.callback()(lambda: None)
    monkeypatch.setattr(program, "app", fresh)
    monkeypatch.chdir(world.root)
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)

    def run(*argv: str) -> tuple[int, str, str]:
        code = program.serve(["diff", "--specs", str(world.specs), *argv])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


def git(root: Path, *words: str) -> None:
    """Git in the world, as somebody."""
    somebody = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *somebody, *words], check=True, capture_output=True)


@pytest.fixture
def history(world: World) -> World:
    """The tiny world in git: ``v1`` as it is, ``HEAD`` with one more figure."""
    git(world.root, "init", "--quiet", "-b", "main")
    git(world.root, "add", "specs")
    git(world.root, "commit", "--quiet", "-m", "first")
    git(world.root, "tag", "v1")
    world.append(A2, FIGURE)
    git(world.root, "commit", "--quiet", "-am", "second")
    return world


def test_head_against_the_files_as_they_are(accel: Run, history: World) -> None:
    """Without arguments the last commit is compared with the working tree."""
    assert accel() == (0, "HEAD → working tree: no difference\n", "")
    history.replace("vendors.toml", '"Bolt"', '"Bolt Inc."')

    assert accel() == (0, "~ vendor bolt: Bolt → Bolt Inc.\nHEAD → working tree: 1 fact changed\n", "")


def test_a_revision_against_the_files_and_against_another(accel: Run, history: World) -> None:
    """One revision is compared with the working tree, two with each other, in the order given."""
    assert accel("v1") == (0, ADDED + "v1 → working tree: 1 fact added\n", "")
    assert accel("v1", "HEAD") == (0, ADDED + "v1 → HEAD: 1 fact added\n", "")
    assert accel("HEAD", "v1") == (0, ADDED.replace("+", "-", 1) + "HEAD → v1: 1 fact removed\n", "")


def test_a_folder_will_do(accel: Run, world: World) -> None:
    """A folder of spec files, or one that holds such a folder, needs no git."""
    shutil.copytree(world.specs, world.root / "old" / "specs")
    world.append(A2, FIGURE)

    for old in ("old", "old/specs"):
        assert accel(old) == (0, ADDED + f"{old} → working tree: 1 fact added\n", "")


def test_a_revision_leaves_the_repository_as_it_was(accel: Run, history: World) -> None:
    """Neither the files nor git's own state change."""
    before = sorted((path, path.read_bytes()) for path in history.root.rglob("*") if path.is_file())

    accel("v1")

    assert before == sorted((path, path.read_bytes()) for path in history.root.rglob("*") if path.is_file())


def test_the_files_of_a_revision_stay_in_their_folder(accel: Run, history: World) -> None:
    """Symbolic links and other files of a revision are not unpacked."""
    (history.specs / "accelerators/acme/link.toml").symlink_to("/etc/passwd")
    (history.specs / "notes.txt").write_text("not a spec file")
    git(history.root, "add", "specs")
    git(history.root, "commit", "--quiet", "-m", "third")
    (history.specs / "accelerators/acme/link.toml").unlink()

    assert accel("HEAD~1", "HEAD") == (0, "HEAD~1 → HEAD: no difference\n", "")


def test_spec_files_at_the_top_of_a_repository(accel: Run, world: World) -> None:
    """The folder may be the whole repository."""
    git(world.specs, "init", "--quiet")
    git(world.specs, "add", ".")
    git(world.specs, "commit", "--quiet", "-m", "first")
    world.append(A2, FIGURE)

    assert accel("HEAD") == (0, ADDED + "HEAD → working tree: 1 fact added\n", "")


MARKDOWN = """\
## Facts: v1 → working tree: 1 fact added, 1 changed; 1 leading value changed

### Figures

|  | subject | what | was | now | where |
| --- | --- | --- | --- | --- | --- |
| + | acme/a2 | die.count |  | 2 "2" | acme/a1-paper: table 9 |

### Leading values

|  | subject | what | was | now | where |
| --- | --- | --- | --- | --- | --- |
| ~ | acme/a1 | memory | verdict agreed | verdict sole |  |

### Sources

|  | subject | what | was | now | where |
| --- | --- | --- | --- | --- | --- |
| ~ | press/2025-a1 | source | no replaced_by | replaced_by acme/a1-paper |  |
"""


def test_markdown_has_a_table_for_each_kind_of_fact(accel: Run, history: World) -> None:
    """The whole answer reads as Markdown; nothing is on stderr."""
    history.replace("sources/press.toml", 'kind = "press"', 'kind = "press"\nreplaced_by = "acme/a1-paper"')
    code, out, err = accel("v1", "--format", "md")

    assert (code, err) == (0, "")
    assert (
        out.replace("| ~ | acme/rack | memory | verdict agreed | verdict sole |  |\n", "").replace(
            "2 leading values changed", "1 leading value changed"
        )
        == MARKDOWN
    )


def test_json_and_csv_carry_every_difference(accel: Run, history: World) -> None:
    """The same rows, with what is compared and how many there are."""
    document = json.loads(accel("v1", "--json")[1])
    rows = list(csv.DictReader(io.StringIO(accel("v1", "--format", "csv")[1])))

    assert (document["from"], document["to"]) == ("v1", "working tree")
    assert document["counts"] == {"added": 1, "removed": 0, "changed": 0}
    assert [(row["kind"], row["subject"], row["metric"], row["now"], row["source"]) for row in rows] == [
        (row["kind"], row["subject"], row["metric"], row["now"], row["source"]) for row in document["differences"]
    ]
    assert rows[0]["locator"] == "table 9"


def test_a_fact_that_cannot_be_read_is_said(accel: Run, history: World) -> None:
    """A broken file would look like removed facts: stderr says so, and names at most five problems."""
    history.write(A2, "name = \n")
    code, out, err = accel()

    assert code == 0
    assert "- acme/a2: accelerator A2" in out
    assert "working tree: 1 facts or files could not be read" in err
    assert "accelerators/acme/a2.toml:1: toml: broken TOML" in err
    history.replace(A1, '"A1"', '"A1"\na = 1\nb = 1\nc = 1\nd = 1\ne = 1\nf = 1')
    assert "  … 2 more" in accel()[2]


MISTAKES = {
    ("nosuch",): (3, "'nosuch' is neither a revision of this repository nor a folder of spec files"),
    ("--", "--output=x"): (3, "'--output=x' is neither a revision"),
    ("v1", "HEAD", "HEAD"): (2, "diff compares two states, not 3"),
    ("v1", "--summary", "words"): (2, "--summary goes with --record EDITION"),
    ("v1", "--format", "xml"): (2, "'xml' is not one of table"),
    ("v1", "--record", "next"): (2, "--record 'next' is no edition: write year and number, such as 2026.2"),
    ("before",): (1, "revision 'before' has no specs"),
    ("empty",): (1, "revision 'empty' has no spec files at specs: metrics.toml is missing"),
    ("broken",): (4, "broken: units.toml:1: broken TOML"),
}


@pytest.mark.parametrize("argv", MISTAKES)
def test_a_mistake_is_a_sentence(accel: Run, history: World, argv: tuple[str, ...]) -> None:
    """Every mistake has its exit code and no traceback."""
    git(history.root, "checkout", "--quiet", "--orphan", "other")
    git(history.root, "rm", "-r", "--quiet", "--cached", ".")
    git(history.root, "commit", "--quiet", "--allow-empty", "-m", "before there were spec files")
    git(history.root, "tag", "before")
    git(history.root, "add", "specs/vendors.toml")
    git(history.root, "commit", "--quiet", "-m", "one file")
    git(history.root, "tag", "empty")
    history.write("units.toml", "=")
    git(history.root, "add", "specs")
    git(history.root, "commit", "--quiet", "-m", "broken vocabulary")
    git(history.root, "tag", "broken")
    git(history.root, "checkout", "--quiet", "main")
    exit_code, message = MISTAKES[argv]

    code, _, err = accel(*argv)

    assert (code, message in err, "Traceback" in err) == (exit_code, True, False), err


def test_without_git_folders_still_work(accel: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No repository and no git are said, with what to do instead."""
    code, _, err = accel("HEAD")
    assert (code, "compare folders instead: accel diff OLD NEW" in err) == (2, True)

    monkeypatch.setattr(diff_command.shutil, "which", lambda _: None)
    code, _, err = accel("HEAD")
    assert (code, "git is not installed: compare folders instead" in err) == (2, True)


def test_a_broken_vocabulary_here_is_named_as_it_is(accel: Run, history: World) -> None:
    """A fault in the working tree is told with its file."""
    history.write("units.toml", "=")
    code, _, err = accel("v1")

    assert (code, "units.toml:1: broken TOML" in err) == (4, True)


RECORDED = """\
[[edition]]
name    = "2026.2"
date    = {today}
summary = "1 figure added"

[[edition.change]]
kind = "added"
subject = "acme/a2"
metric = "die.count"
per = "accelerator"
now = "2"
source = "acme/a1-paper"
locator = "table 9"
"""


def test_recording_writes_the_list_of_an_edition(accel: Run, history: World) -> None:
    """The differences become the edition's list, sorted, once however often they are recorded, and other editions stay."""
    first = '[[edition]]\nname    = "2026.1"\ndate    = 2026-11-22\nsummary = "First."\n'
    history.write("changes.toml", first)
    code, _, err = accel("v1", "--record", "2026.2")
    text = (history.specs / "changes.toml").read_text(encoding="utf-8")

    assert (code, "recorded 1 changes as edition 2026.2's in specs/changes.toml" in err) == (0, True)
    assert text.split("\n", 3)[3] == first + "\n" + RECORDED.format(today=datetime.date.today())
    assert history.problems() == []
    assert "in place of 1" in accel("v1", "--record", "2026.2")[2]
    assert text == (history.specs / "changes.toml").read_text(encoding="utf-8")


def test_a_summary_is_kept_and_a_counted_one_counted_again(accel: Run, history: World) -> None:
    """What an editor wrote stays; what was counted follows the list."""

    def summary() -> str:
        return tomllib.loads((history.specs / "changes.toml").read_text(encoding="utf-8"))["edition"][0]["summary"]

    accel("v1", "--record", "2026.2")
    history.append(A2, FIGURE.replace("table 9", "table 10"))
    accel("v1", "--record", "2026.2")
    assert summary() == "2 figures added"
    accel("v1", "--record", "2026.2", "--summary", 'Two "dies"\tmore.')
    accel("v1", "--record", "2026.2")
    assert summary() == 'Two "dies"\tmore.'


def test_nothing_is_recorded_of_a_tree_with_problems(accel: Run, history: World) -> None:
    """A tree that could not be built is no edition; nor is a changes file that cannot be read written over."""
    history.replace(A1, '"64 GB"', '"64 sheep"')
    code, _, err = accel("v1", "--record", "2026.2")
    assert (code, "working tree has 1 problems; nothing is recorded" in err) == (1, True)
    assert not (history.specs / "changes.toml").exists()

    history.replace(A1, '"64 sheep"', '"64 GB"')
    history.write("changes.toml", "edition = 1\n")
    code, _, err = accel("v1", "HEAD", "--record", "2026.2")
    assert (code, "changes.toml:1" in err) == (1, True)
    assert (history.specs / "changes.toml").read_text() == "edition = 1\n"


def test_a_changes_file_that_cannot_be_written_is_said(
    accel: Run, history: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file stays, and nothing is left beside it."""
    accel("v1", "--record", "2026.2")
    before = (history.specs / "changes.toml").read_bytes()
    monkeypatch.setattr(diff_command.Path, "replace", refuse)
    code, _, err = accel("v1", "--record", "2026.3")

    assert (code, "cannot write" in err and "No space left" in err) == (4, True)
    assert before == (history.specs / "changes.toml").read_bytes()
    assert [path.name for path in history.specs.glob(".*")] == []


def refuse(*_: object) -> None:
    """A full disk."""
    raise OSError(28, "No space left on device")


def test_the_world_of_these_tests_has_no_history_of_its_own(tmp_path: Path) -> None:
    """A world that stood in this repository would be compared with this repository's revisions."""
    make_world(tmp_path)
    inside = subprocess.run(["git", "-C", str(tmp_path), "rev-parse"], capture_output=True, check=False)

    assert inside.returncode != 0
