"""What must not mislead: the best of a row, divided cells, stages, corrected lines."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from accel_db.catalog.cells import EMPTY
from accel_db.catalog.comparing import _beats, _divided
from accel_db.catalog.resolve import unknown
from accel_db.catalog.store import Store

if TYPE_CHECKING:
    from tests.conftest import World


def cell(**given: Any) -> dict[str, Any]:
    """A cell that shows only what matters."""
    return {**EMPTY, "headline": "half", "unit": "TFLOPS", "additive": True, **given}


CARD = {"kind": "accelerator", "id": "a", "headlines": [], "quantities": [], "claims": [], "own_per": "accelerator"}
VARIANTS = cell(verdict="variants", low=804, high=919, shown="804–919")


def test_a_value_below_a_variant_is_not_the_best() -> None:
    """804 is no best beside a part whose configurations reach 919; 1,000 is."""
    assert _beats(VARIANTS, cell(value=804, verdict="sole"))
    assert not _beats(VARIANTS, cell(value=1000, verdict="sole"))


def test_dividing_keeps_negatives_and_variants() -> None:
    """ "Not supported" stays so per chip, and a range of variants is divided as a range."""
    negative = cell(absent="not supported", shown="not supported")

    assert _divided(CARD, negative, "chip") == negative
    assert _divided(CARD, VARIANTS, "chip")["shown"] == "804–919"
    assert _divided(CARD, cell(value=5, verdict="sole", additive=False), "chip")["shown"] is None


def test_strict_refuses_estimates_and_footnotes_say_so(world: World) -> None:
    """An analyst's estimate is marked where it is cited, and refused where certainty is asked for."""
    world.replace(
        "accelerators/acme/a2.toml",
        "[[looked]]",
        '[[reading]]\nsource = "press/2025-a1"\nat = "table 2"\norigin = "SemiAnalysis"\nstage = "estimate"\n'
        'figures = [{ metric = "memory.bandwidth", printed = "3 TB/s" }]\n\n[[looked]]',
    )
    world.build()

    told = world.run("compare", "a2", "b100", "--metrics", "bandwidth")
    assert "(press, full, estimate, origin SemiAnalysis): table 2" in told.stdout
    refused = world.run("compare", "a2", "b100", "--metrics", "bandwidth", "--strict")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Memory bandwidth of A2: estimate" in refused.stderr


@pytest.mark.parametrize(
    ("name", "near", "tried"),
    [
        ("acme", ["acme/a1", "acme/a2", "acme/a", "acme/rack"], []),
        ("rack 38", ["acme/rack"], ["rack"]),
        ("b1000", ["bolt/b100"], []),
        ("b10o", ["bolt/b100"], ["b100"]),
    ],
)
def test_a_part_of_several_names_is_not_corrected(built: World, name: str, near: list[str], tried: list[str]) -> None:
    """Where a word stands within several names, which is meant is not ours to guess, nor is another model; a slip or a part of one is corrected."""
    error = unknown(Store(str(built.data)), [name])

    assert set(error.facts["names"][0]["near"]) == set(near)
    assert error.facts["try_"] == tried


def test_csv_of_a_comparison_says_each_cells_basis(built: World) -> None:
    """One row may hold an unstated and a dense figure: each says its own basis and stage."""
    (told,) = csv.DictReader(
        built.run("compare", "a1", "b100", "--metrics", "half", "--format", "csv").stdout.splitlines()
    )

    assert (told["basis"], told["acme/a1 basis"], told["bolt/b100 basis"]) == ("", "unstated", "dense")
    assert (told["acme/a1 stage"], told["bolt/b100 metric"]) == ("plain", "matrix.bf16.dense")
