"""A tree worked through part by part, in one process or several, comes to the same as the whole at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from accel_db.build import parts as rooms
from accel_db.build.builder import build, check, check_tree
from accel_db.words.errors import SpecProblems
from tests.build.test_builder import all_rows, card_bytes
from tests.conftest import clean_environment

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every group of files is a part of its own."""
    monkeypatch.setattr("accel_db.curate.groups.parts.__defaults__", (1,))


def forking(monkeypatch: pytest.MonkeyPatch, may: bool) -> None:
    """Two processes however small the tree, or one."""
    monkeypatch.setattr(rooms, "WORTH_A_PROCESS", 0 if may else 10**12)
    monkeypatch.setattr(rooms, "_may_fork", lambda: may)
    monkeypatch.setattr(rooms, "_processors", lambda: 2)


@pytest.mark.usefixtures("small_parts")
def test_one_process_or_two_build_the_same(fuller: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes and rows, in the same order."""
    forking(monkeypatch, may=False)
    one, _ = build(fuller.specs, tmp_path / "one")
    monkeypatch.setattr("accel_db.build.parts._may_fork", lambda: hasattr(rooms.os, "fork"))
    monkeypatch.setattr(rooms, "WORTH_A_PROCESS", 0)
    two, _ = build(fuller.specs, tmp_path / "two")
    assert (card_bytes(one), all_rows(one)) == (card_bytes(two), all_rows(two))


def test_small_parts_build_the_same_as_one(fuller: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How a tree is cut changes no card and no row, only the rows' order."""
    whole, _ = build(fuller.specs, tmp_path / "whole")
    monkeypatch.setattr("accel_db.curate.groups.parts.__defaults__", (1,))
    cut, _ = build(fuller.specs, tmp_path / "cut")
    assert card_bytes(whole) == card_bytes(cut)
    rows = [{name: sorted(map(repr, found)) for name, found in all_rows(folder).items()} for folder in (whole, cut)]
    assert rows[0] == rows[1]


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("may", [False, True])
def test_problems_of_all_parts_are_told_together(world: World, may: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults in several parts, in the documents and between parts: the same as in the whole at once, sorted."""
    forking(monkeypatch, may)
    world.replace("accelerators/acme/a1.toml", '"64 GB"', '"64 sheep"')
    world.replace("accelerators/bolt/b100.toml", '"700 W"', '"a lot"')
    world.replace("sources/bolt.toml", "https://bolt.example/b100", "https://bolt.example/")
    world.append(
        "accelerators/bolt/b100.toml", '[[looked]]\nmetrics = ["power.tdp"]\nwhere = ["bolt/none"]\non = 2026-01-02\n'
    )
    world.append("families/acme/a.toml", 'aliases = ["A1"]\n')
    world.append("waivers.toml", '[[waiver]]\ncheck = "x"\nfile = "y"\ntext = "z"\nreason = "w"\n')
    expected = check_tree(world.specs)[2]
    assert {problem.check for problem in expected} >= {
        "unknown-unit",
        "home-page",
        "unknown-source",
        "duplicate-alias",
        "needless-waiver",
    }
    told: list[tuple[int, int]] = []
    assert check(world.specs, lambda done, all_: told.append((done, all_))).problems == expected
    assert told[-1][0] == told[-1][1]
    assert len(told) > 1
    with pytest.raises(SpecProblems) as caught:
        build(world.specs, world.data)
    assert caught.value.problems == expected
    assert [path.name for path in world.data.iterdir()] == []


def test_a_source_that_cannot_be_read_refuses_the_build(world: World) -> None:
    """Its own problem is told; the subjects that rest on it have none, and nothing is written of them."""
    world.replace("sources/bolt.toml", "read = 2026-01-02\n", "")
    with pytest.raises(SpecProblems) as caught:
        build(world.specs, world.data)
    assert [problem.check for problem in caught.value.problems] == ["form"]


def test_numbers_of_a_check(world: World) -> None:
    """Figures, documents and subjects are those of the tree."""
    whole, tree = check(world.specs), check_tree(world.specs)[0].tree
    figures = sum(len(reading.figures) for subject in tree.subjects.values() for reading in subject.spec.reading)
    assert (whole.figures, whole.subjects, len(whole.ground.sources)) == (
        figures,
        len(tree.subjects),
        len(tree.sources),
    )


def test_a_failing_process_is_an_error(fuller: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong in another process goes wrong here; no half build is left."""
    forking(monkeypatch, may=True)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("accel_db.build.part._write_cards", broken)
    with pytest.raises(Exception, match="No space left"):
        build(fuller.specs, tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


SLOW = """
import os, sys, time
from accel_db.build import part, parts
from accel_db.cli.app import serve
parts.WORTH_A_PROCESS, parts._processors = 0, lambda: 2
parts.parts.__defaults__ = (1,)
examine = part.examine
def slowly(*given):
    os.write(1, b"begun\\n")
    time.sleep(30)
    return examine(*given)
part.examine = slowly
sys.exit(serve(sys.argv[1:]))
"""
"""A command in two processes of its own that are at it for long."""


def begun(world: World, command: str) -> tuple[subprocess.Popen[str], list[int]]:
    """It, and its children, each of which has begun a part."""
    data = ["--data", str(world.data)] if command == "build" else []
    argv = [sys.executable, "-c", SLOW, command, "--specs", str(world.specs), *data]
    process = subprocess.Popen(argv, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return process, [int(one) for one in children.split()]


def gone(pids: list[int]) -> bool:
    """Whether processes have ended, soon."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        states = [Path(f"/proc/{pid}/stat") for pid in pids]
        if not any(one.exists() and one.read_text().rpartition(")")[2].split()[0] not in "ZX" for one in states):
            return True
        time.sleep(0.05)
    return False


linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks here")


@linux
@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL", "SIGINT"])
def test_an_ended_command_leaves_no_process_behind(world: World, command: str, how: str) -> None:
    """However it is ended; and where it may still do something, no half build either."""
    process, children = begun(world, command)
    assert len(children) == 2
    process.send_signal(getattr(signal, how))
    _, err = process.communicate(timeout=15)
    assert gone(children)
    assert "Traceback" not in err
    if how != "SIGKILL":
        assert process.returncode == {"SIGTERM": 143, "SIGINT": 130}[how]
        assert not world.data.exists() or list(world.data.iterdir()) == []


@linux
def test_a_process_ended_from_outside_is_a_sentence(world: World) -> None:
    """As when the system wants its memory: no traceback, no process and no half build left."""
    process, children = begun(world, "build")
    os.kill(children[0], signal.SIGKILL)
    _, err = process.communicate(timeout=15)
    assert (process.returncode, "Traceback" in err) == (4, False)
    assert "a process of the build was ended from outside" in err
    assert gone(children)
    assert list(world.data.iterdir()) == []


def test_processes_are_no_more_than_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """One a core and one a part, but never more than eight; one where the work is small."""
    forking(monkeypatch, may=True)
    monkeypatch.setattr(rooms, "_processors", lambda: 128)
    assert [rooms._processes(parts, 1_000_000) for parts in (1, 3, 1_000)] == [1, 3, 8]
    monkeypatch.setattr(rooms, "WORTH_A_PROCESS", 2_000_000)
    assert rooms._processes(1_000, 1_000_000) == 1


def test_names_with_the_makers_before_them(world: World) -> None:
    """They answer unless another subject is called so, or two would be."""
    world.replace("accelerators/acme/a1.toml", '"甲1"', '"甲1", "Bolt B100", "Star"')
    world.build()
    lines = (next(world.data.glob("*/names.tsv"))).read_text(encoding="utf-8").splitlines()
    answers = {row[0]: row[2] for row in (line.split("\t") for line in lines)}
    assert answers["boltb100"] == "acme/a1"
    assert (answers["acmea1"], answers["acmestar"]) == ("acme/a1", "acme/a1")
    assert len(answers) == len(lines)
