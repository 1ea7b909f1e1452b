"""A tree worked through part by part, in one process or several, comes to the same as the whole at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from accel_db.build import parts as rooms
from accel_db.build.builder import build, check, check_tree
from accel_db.words.errors import SpecProblems
from tests.build.test_builder import all_rows, card_bytes

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


def test_names_with_the_makers_before_them(world: World) -> None:
    """They answer unless another subject is called so, or two would be."""
    world.replace("accelerators/acme/a1.toml", '"甲1"', '"甲1", "Bolt B100", "Star"')
    world.build()
    lines = (next(world.data.glob("*/names.tsv"))).read_text(encoding="utf-8").splitlines()
    answers = {row[0]: row[2] for row in (line.split("\t") for line in lines)}
    assert answers["boltb100"] == "acme/a1"
    assert (answers["acmea1"], answers["acmestar"]) == ("acme/a1", "acme/a1")
    assert len(answers) == len(lines)
