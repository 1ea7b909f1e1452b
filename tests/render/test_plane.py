"""The plane of TPP and performance density, in characters and as SVG."""

from __future__ import annotations

import builtins
import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest

from accel_db.catalog.controls import every
from accel_db.catalog.plane import plane
from accel_db.catalog.store import Store
from accel_db.render.plane import plane_view, svg
from accel_db.words.errors import NoAnswer, UsageError
from tests.conftest import World
from tests.ruled_world import accelerator, figure

NOW = date(2026, 11, 22)


def drawn(world: World, day: date = NOW, datacentre: str | None = None) -> dict[str, Any]:
    """Three parts: one in each class for data centres, one of them with one known die."""
    node = figure("process.node", "4N", per="die")
    for name, rate, area in (
        ("x1", "400 TOPS", "800 mm²"),
        ("x2", "1000 TOPS", "600 mm²"),
        ("x3", "100 TOPS", "400 mm²"),
    ):
        accelerator(world, name, figure("matrix.int8.dense", rate) + node + figure("die.area", area, per="die"))
    world.append(
        "accelerators/bolt/x1.toml",
        '[[reading]]\nsource = "press/2025-a1"\nat = "third paragraph"\nfigures = [{ metric = "die.count", printed = "1" }]\n',
    )
    world.build()
    store = Store(str(world.data))
    return plane(store, every(store, day), day, datacentre)


def test_every_region_and_part_is_drawn(ruled: World) -> None:
    """The shades at the thresholds, a mark a part, and what has no density told apart."""
    found = drawn(ruled)
    assert found["classes"]([1599, 1600, 2400, 4799, 4800], [1, 3.3, 6]) == [
        ["none", "none", "none", "none", "a"],
        ["none", "b", "b", "b", "a"],
        ["none", "a", "a", "a", "a"],
    ]
    view = plane_view(found, "No legal advice.")
    assert [(row["mark"], row["name"], row["density"], row["at_most"], row["class"]) for row in view.rows] == [
        ("1", "X3", 2.0, True, "none"),
        ("2", "X1", 4.0, False, "b"),
        ("3", "X2", pytest.approx(8000 / 600), True, "a"),
    ]
    text = [block for block in view.blocks if isinstance(block, str)]
    frame = [line for line in text if " |" in line]
    assert (len(frame), {len(line) for line in frame}) == (24, {82})
    assert {mark for line in frame for mark in line.split("|")[1]} == {"#", "+", ".", "1", "2", "3"}
    assert any("no density or no TPP: A1, A2, B100" in line for line in text)


def test_outside_data_centres_the_regions_are_others(ruled: World) -> None:
    """Below 4,800 nothing is controlled; the rule of 2022 has no such plane, and before it there is none."""
    assert drawn(ruled, datacentre="no")["classes"]([4799, 4800], [6]) == [["none", "a"]]
    with pytest.raises(UsageError, match="asks for io_bandwidth, tpp: no plane of TPP and density"):
        drawn(ruled, date(2023, 6, 1))
    with pytest.raises(NoAnswer, match="no rule put parts into classes on 2020-01-01"):
        drawn(ruled, date(2020, 1, 1))


def test_the_svg_is_small_well_formed_and_the_same_each_time(ruled: World) -> None:
    """An SVG with the names as text; drawn twice it is the same file."""
    found = drawn(ruled)
    text = svg(found, "No legal advice.")
    assert text == svg(found, "No legal advice.")
    assert len(text) < 200_000
    root = ET.fromstring(text)
    written = {word.strip() for word in root.itertext()}
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"X1", "X2", "X3", "TPP", "No legal advice.", "paragraph a", "paragraph b", "neither"} <= written


def test_without_the_extra_the_cure_is_told(ruled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing library is a usage error with the line that installs it."""
    found, imported = drawn(ruled), builtins.__import__

    def missing(name: str, *args: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError(name)
        return imported(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UsageError, match=r"pip install 'accel-db\[plot\]'"):
        svg(found, "")


def test_the_command_draws_and_writes(ruled: World) -> None:
    """The terminal gets the plane, a file the SVG; a folder that is not there is a usage error."""
    drawn(ruled)
    done = ruled.run("controls", "--all", "--plot")
    assert (done.returncode, done.stderr) == (0, "")
    assert "in a data centre" in done.stdout
    done = ruled.run("controls", "x1", "x2", "--svg", "plane.svg")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "accel: written: plane.svg\n")
    assert (ruled.root / "plane.svg").read_text(encoding="utf-8").startswith("<?xml")
    done = ruled.run("controls", "x1", "--svg", "nowhere/plane.svg")
    assert (done.returncode, done.stderr) == (2, "accel: cannot write nowhere/plane.svg: No such file or directory\n")
