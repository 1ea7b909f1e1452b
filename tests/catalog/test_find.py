"""Which claims print a figure."""

from __future__ import annotations

from typing import Any

import pytest

from accel_db.catalog.find import find_claims
from accel_db.catalog.store import Store
from accel_db.words.errors import NoAnswer, UsageError
from tests.conftest import World

pytest_plugins = ["tests.fuller_world"]


def hits(world: World, text: str, *, derived: bool = False) -> list[tuple[Any, ...]]:
    """Subject, metrics, printed and source of every line found, in order."""
    found = find_claims(Store(str(world.data)), text, derived=derived)
    return [
        (line["subject"], line["metrics"], line["printed"], line["source"])
        for group in found["groups"]
        for line in group["lines"]
    ]


def searched(world: World, text: str) -> tuple[str, str | None]:
    found = find_claims(Store(str(world.data)), text)
    return found["searched"], found["why"]


PAIR = ["compute.bf16.unstated", "compute.fp16.unstated"]
PAPER_376 = ("acme/a1", PAIR, "376 TFLOPS", "acme/a1-paper")


@pytest.mark.parametrize(
    "text", ["376 TFLOPS", "0.376 PFLOPS", "~376 TOPS", "over 376,000 GFLOPS", "376", " 376 TFLOPS "]
)
def test_a_figure_is_found_in_any_unit_whatever_its_hedge(built: World, text: str) -> None:
    """One printed figure under two metrics is one line, found in every unit of its dimension."""
    assert hits(built, text) == [PAPER_376]


def test_hedged_claims_are_found(fuller: World) -> None:
    """A claim's hedge does not hide it."""
    assert [line[2] for line in hits(fuller, "150 TFLOPS") if line[0] == "cobalt/h20"] == ["~150 TFLOPS"]


def test_what_is_near_is_not_equal(built: World) -> None:
    """375.9 TFLOPS are not 376, and 376 W are no rate."""
    for text in ("375.9 TFLOPS", "376 W", "376.000001 TFLOPS"):
        with pytest.raises(NoAnswer):
            hits(built, text)


def test_derived_claims_are_found_only_when_asked_for(built: World) -> None:
    """752 TFLOPS is two dies of 376: computed, so hidden, and the refusal says so."""
    with pytest.raises(NoAnswer) as caught:
        hits(built, "752 TFLOPS")
    assert caught.value.message == "no claim prints '752 TFLOPS'; 2 derived claims do: see --derived"
    assert caught.value.facts == {"searched": "figure", "derived": 2}
    assert hits(built, "752 TFLOPS", derived=True) == [PAPER_376]
    assert hits(built, "752", derived=True) == [PAPER_376]


def test_sizes_are_found_as_marketed_too(built: World) -> None:
    """64 GiB finds what is sold as 64 GB, 0.064 TB too; 68.7 GB, its exact value, does not."""
    sheet, press = (
        ("acme/a1", ["memory.capacity"], "64 GB", "acme/a1-datasheet"),
        ("acme/a1", ["memory.capacity"], "64GB", "press/2025-a1"),
    )
    assert hits(built, "64 GiB") == hits(built, "64 GB") == hits(built, "0.064 TB") == [sheet, press]
    with pytest.raises(NoAnswer):
        hits(built, "68.719476736 GB")


def test_usable_memory_is_not_compared_as_marketed(world: World) -> None:
    """What a driver reports is exact: GiB are not GB there; a size printed in GiB is found by its exact value as well."""
    world.append(
        "accelerators/acme/a2.toml",
        """
        [[reading]]
        source = "acme/a1-paper"
        at = "annex"
        figures = [{ metric = "memory.usable", printed = "61 GiB" }]
        """,
    )
    world.build()
    line = [("acme/a2", ["memory.usable"], "61 GiB", "acme/a1-paper")]
    assert hits(world, "61 GiB") == line
    assert hits(world, "65.498251264 GB") == line
    with pytest.raises(NoAnswer):
        hits(world, "61 GB")


def test_a_bare_number_matches_any_unit_as_printed(built: World) -> None:
    """1.6 finds 1.6 TB/s and so does 1600, our own unit; 2 finds a count; none needs a unit."""
    assert (
        [line[1] for line in hits(built, "1.6")] == [line[1] for line in hits(built, "1600")] == [["memory.bandwidth"]]
    )
    assert ("acme/a1", ["die.count"], "2", "acme/a1-datasheet") in hits(built, "2")
    assert searched(built, "1.6") == ("number", None)
    assert searched(built, "1.6 TB/s") == ("figure", None)


def test_a_unit_printed_twice_hides_no_number(world: World) -> None:
    """A cell with its own unit under a heading with the same one is found by the number it prints."""
    world.append(
        "accelerators/acme/a2.toml",
        """
        [[reading]]
        source = "acme/a1-paper"
        at = "annex"
        figures = [{ metric = "memory.usable", printed = "0.123 TB", unit = "TB" }]
        """,
    )
    world.build()
    line = [("acme/a2", ["memory.usable"], "0.123 TB TB", "acme/a1-paper")]
    assert hits(world, "0.123") == hits(world, "123") == line


def test_either_end_of_a_range_is_found_and_a_range_only_whole(world: World) -> None:
    """350 W and 450 W find 350–450 W, 400 W does not; a range finds itself."""
    world.replace("accelerators/acme/a1.toml", '"Up to 400 W"', '"350–450 W"')
    world.build()
    assert hits(world, "350 W") == hits(world, "0.45 kW") == hits(world, "350 to 450 W") == hits(world, "450")
    for text in ("400 W", "300–450 W", "350–400 W"):
        with pytest.raises(NoAnswer):
            hits(world, text)


def test_what_is_no_figure_is_searched_as_text(built: World) -> None:
    """Printed figures, texts and rows are searched without case; why it is no figure is told."""
    assert hits(built, "hbm") == [("acme/a1", ["memory.capacity"], "64 GB", "acme/a1-datasheet")]
    assert hits(built, "TERAFLOPS")[0] == ("bolt/b100", ["matrix.bf16.sparse"], "1,979 teraFLOPS", "bolt/b100-page")
    assert searched(built, "hbm") == ("text", "cannot read 'hbm' as one figure")


def test_a_misspelt_unit_is_told(built: World) -> None:
    """Nothing found is explained by the unit that is not known, with near ones."""
    with pytest.raises(
        NoAnswer, match=r"^no claim prints '376 TFLOOPS' \(searched as text: unknown unit .*near: TFLOPS"
    ):
        hits(built, "376 TFLOOPS")


def test_nothing_and_far_too_much_are_refused_without_a_traceback(built: World) -> None:
    """An empty text is a usage mistake; numbers beyond all bounds match nothing."""
    with pytest.raises(UsageError):
        hits(built, " ")
    for text in ("9" * 1_000_000, "9" * 200 + " TFLOPS", "1e999 W", "1e-999 GB", "\udcff"):
        with pytest.raises(NoAnswer):
            hits(built, text)


def test_groups_stand_in_the_order_of_their_origins(fuller: World) -> None:
    """Subjects with more origins come first; a deprecated claim is last in its group and no origin."""
    store = Store(str(fuller.data))
    found, dead = find_claims(store, "148 TFLOPS"), find_claims(store, "500 TFLOPS")
    assert [(group["subject"], group["origins"]) for group in found["groups"]] == [
        ("cobalt/h20", ["Cobalt Works", "The Daily Chip"]),
        ("cobalt/j1-pro", ["Cobalt Works", "The Daily Chip"]),
    ]
    assert (found["claims"], found["origins"]) == (4, 2)
    assert [(group["subject"], group["origins"]) for group in dead["groups"]] == [
        ("cobalt/v1", ["Cobalt Works"]),
        ("cobalt/h20", []),
    ]
    assert dead["groups"][1]["lines"][0]["deprecated"] == "Another chip's figure."
