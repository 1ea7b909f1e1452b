"""What is preliminary, measured, estimated or rumoured says so wherever it shows, and is never the best of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accel_db import peak
from accel_db.catalog.catalog import Catalog
from accel_db.catalog.comparing import compare
from accel_db.catalog.query import rank
from accel_db.words.errors import Disputed, NoAnswer

if TYPE_CHECKING:
    from tests.conftest import World

LETTERS = {"preliminary": "p", "measured": "m", "estimate": "s", "rumour": "r"}


def staged(world: World, stage: str) -> World:
    """A chip of which everything is known at one stage only."""
    world.write(
        "accelerators/bolt/b900.toml",
        f"""
        name = "B900"
        kind = "gpu"

        [[reading]]
        source = "press/2025-a1"
        at = "third paragraph"
        stage = "{stage}"
        figures = [
          {{ metric = "matrix.bf16.dense", printed = "9,000 TFLOPS", row = "BF16" }},
          {{ metric = "memory.bandwidth", printed = "9 TB/s", row = "HBM" }},
          {{ metric = "power.tdp", printed = "900 W", row = "TDP" }},
        ]
        """,
    )
    world.build()
    return world


@pytest.mark.parametrize("stage", LETTERS)
def test_a_stage_is_a_mark_and_never_the_best(world: World, stage: str) -> None:
    """In cards, lists, rankings and comparisons, ratios included; nothing of it is best, and it takes no best from others."""
    staged(world, stage)
    letter = LETTERS[stage]
    with Catalog(str(world.data)) as catalog:
        cards = catalog.cards("b900", "b100", "a1")
        rows = {row["name"]: row["cells"] for row in compare(cards, reference="bolt/b900")}
        ranked = {row["id"]: row["marks"] for row in rank(catalog, "bandwidth / power")["rows"]}
        meaning = {row["code"]: row["meaning"] for row in catalog.sql("from code where list = 'mark'")}
    cells = rows["bandwidth"]
    assert letter in cells[0]["marks"]
    assert (letter in cells[1]["ratio_marks"], [cell["best"] for cell in cells]) == (True, [False, True, False])
    assert letter in ranked["bolt/b900"]
    assert letter not in ranked["bolt/b100"]
    assert stage[:4] in meaning[letter] or stage == "estimate"
    assert f" {letter}" in world.run("list", "b900").stdout


def test_a_benchmark_is_no_peak(world: World) -> None:
    """A measured rate answers no peak headline; it stands among the claims."""
    staged(world, "measured")
    with pytest.raises(NoAnswer):
        peak("b900", "bf16", data=str(world.data))
    assert "9,000" in world.run("claims", "b900").stdout


@pytest.mark.parametrize("stage", ["preliminary", "estimate", "rumour"])
def test_strict_wants_plain_statements(world: World, stage: str) -> None:
    """A peak that is not plainly stated is given with its mark, and refused when strict."""
    staged(world, stage)
    assert LETTERS[stage] in peak("b900", "bf16", data=str(world.data)).marks
    with pytest.raises(Disputed):
        peak("b900", "bf16", strict=True, data=str(world.data))
