"""Arithmetic between claims: every check finds its error and passes what fits; a maker's own contradiction is a note."""

from __future__ import annotations

import json

import pytest

from accel_db.build.builder import check_tree
from accel_db.derive.arithmetic import RULES, findings
from tests.conftest import World

B100, RACK, BETA = "accelerators/bolt/b100.toml", "systems/acme/rack.toml", "architectures/bolt/beta.toml"
OPS = '{ metric = "ops_per_clock.matrix.bf16", printed = "4096 FLOPs/clock" }'


def reading(*figures: str, source: str = "bolt/b100-page", at: str = "table Silicon") -> str:
    """A reading of some figures, each (metric, printed) or a whole line."""
    return (
        f'[[reading]]\nsource = "{source}"\nat = "{at}"\nfigures = [\n'
        + "".join(f"  {one},\n" for one in figures)
        + "]\n"
    )


def figure(metric: str, printed: str, **more: str) -> str:
    extra = "".join(f', {key} = "{value}"' for key, value in more.items())
    return f'{{ metric = "{metric}", printed = "{printed}"{extra} }}'


CHIP = ("132", "1,830 MHz")
CASES = {
    "peak-from-units": (
        B100,
        [
            figure("units.compute", "132"),
            figure("clock.boost", "1,500 MHz"),
            figure("matrix.bf16.dense", "989.4 TFLOPS"),
        ],
        [
            figure("units.compute", "132"),
            figure("clock.boost", "1,830 MHz"),
            figure("matrix.bf16.dense", "989.4 TFLOPS"),
        ],
    ),
    "sparse-over-dense": (
        B100,
        [figure("matrix.bf16.dense", "900 TFLOPS"), figure("matrix.bf16.sparse", "1,979 TFLOPS")],
        [figure("matrix.bf16.dense", "989.5 TFLOPS"), figure("matrix.bf16.sparse", "1,979 TFLOPS")],
    ),
    "format-ladder": (
        B100,
        [figure("matrix.bf16.dense", "990 TFLOPS"), figure("matrix.fp8.dense", "2,400 TFLOPS")],
        [figure("matrix.bf16.dense", "990 TFLOPS"), figure("matrix.fp8.dense", "1,980 TFLOPS")],
    ),
    "bus-times-pins": (
        B100,
        [figure("memory.bus_width", "5120-bit"), figure("memory.pin_rate", "6.4 Gbps")],
        [figure("memory.bus_width", "5120-bit"), figure("memory.pin_rate", "5.23 Gbps")],
    ),
    "memory-ceiling": (
        B100,
        [figure("memory.technology", "HBM2e"), figure("memory.stacks", "5")],
        [figure("memory.technology", "HBM3"), figure("memory.stacks", "5")],
    ),
    "stacks-divide": (B100, [figure("memory.stacks", "7")], [figure("memory.stacks", "5")]),
    "usable-of-marketed": (B100, [figure("memory.usable", "96000 MiB")], [figure("memory.usable", "81559 MiB")]),
    "both-ways": (
        B100,
        [figure("scale_up.bandwidth.one_way", "400 GB/s")],
        [figure("scale_up.bandwidth.one_way", "450 GB/s")],
    ),
    "links-times-rate": (
        B100,
        [figure("scale_up.links", "18"), figure("scale_up.link_bandwidth.both_ways", "25 GB/s")],
        [figure("scale_up.links", "18"), figure("scale_up.link_bandwidth.both_ways", "50 GB/s")],
    ),
    "dies-make-package": (
        B100,
        [figure("die.count", "2"), figure("memory.capacity", "64 GB", per="die")],
        [figure("die.count", "2"), figure("memory.capacity", "40 GB", per="die")],
    ),
    "members-make-system": (
        RACK,
        [figure("memory.capacity", "30 TB")],
        [figure("memory.capacity", "24.6 TB")],
    ),
    "tdp-within-system": (RACK, [figure("count.racks", "16")], [figure("count.racks", "16")]),
    "transistor-density": (
        B100,
        [figure("die.area", "5 mm²"), figure("die.transistors", "80 billion")],
        [figure("die.area", "814 mm²"), figure("die.transistors", "80 billion")],
    ),
    "announced-before-available": (
        B100,
        [figure("date.announced", "March 2024"), figure("date.available", "2023")],
        [figure("date.announced", "March 2024"), figure("date.available", "2024-Q3")],
    ),
}


def prepare(world: World, name: str, figures: list[str], source: str) -> None:
    file = CASES[name][0]
    if name == "peak-from-units":
        world.append(BETA, reading(OPS))
    world.append(file, reading(*figures, source=source, at="p. 7, table 2"))


def found(world: World, name: str) -> list:
    curated, judged, _ = check_tree(world.specs)
    return [one for one in findings(judged, curated.tree.vocabulary) if one.check == name]


def test_every_check_has_its_cases() -> None:
    """No check of arithmetic is without a failing and a passing example."""
    assert set(RULES) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_each_check_finds_its_error_and_passes_what_fits(world: World, name: str) -> None:
    """One seeded error is found, naming both sides with their sources; the right figures pass."""
    file, bad, good = CASES[name]
    source = "press/2025-a1"
    prepare(world, name, good, source)
    if name == "tdp-within-system":
        assert found(world, name) == []
        world.replace("accelerators/acme/a1.toml", "Up to 400 W", "Up to 1,500 W")
    else:
        assert found(world, name) == []
        for one, other in zip(good, bad, strict=True):
            if one != other:
                world.replace(file, one, other)

    (only,) = found(world, name)

    assert name == only.check
    assert len(only.claims) >= 2
    assert all(claim.source in only.message for claim in only.claims)


def test_a_second_hand_contradiction_is_a_problem(world: World) -> None:
    """What press and maker say between them must fit, or be waived: with file, line, gap and cure."""
    world.append(B100, reading(figure("scale_up.bandwidth.one_way", "400 GB/s"), source="press/2025-a1"))

    (problem,) = world.problems()

    assert problem.startswith("accelerators/bolt/b100.toml:")
    assert "both-ways: scale_up.bandwidth.both_ways 900 is not twice 400 one way, +12.5%" in problem


def test_a_waiver_with_its_reason_lets_it_stand(world: World) -> None:
    """The waiver names check, file and quantity; without the contradiction it is needless."""
    world.append(B100, reading(figure("scale_up.bandwidth.one_way", "400 GB/s"), source="press/2025-a1"))
    world.write(
        "waivers.toml",
        """
        [[waiver]]
        check = "both-ways"
        file = "accelerators/bolt/b100.toml"
        text = "bolt/b100 scale_up.bandwidth.both_ways"
        reason = "Seven of eight lanes one way."
        """,
    )
    assert world.problems() == []

    world.replace(B100, "400 GB/s", "450 GB/s")
    assert {"needless-waiver"} == world.checks()


def test_a_makers_own_contradiction_is_a_note_on_the_card(world: World) -> None:
    """It fails nothing, and readers see it."""
    world.append(B100, reading(figure("scale_up.bandwidth.one_way", "400 GB/s")))

    assert world.problems() == []
    folder = world.build()
    card = json.loads((folder / "cards" / "bolt" / "b100.json").read_text(encoding="utf-8"))
    assert [note["check"] for note in card["contradictions"]] == ["both-ways"]
    assert "≠ scale_up.bandwidth.both_ways 900 is not twice 400 one way" in world.run("show", "b100").stdout


def test_hedges_estimates_and_deprecated_claims_prove_nothing(world: World) -> None:
    """Only plain standing figures are computed with."""
    world.append(B100, reading(figure("scale_up.bandwidth.one_way", "~400 GB/s"), source="press/2025-a1"))
    world.append(B100, reading(figure("memory.usable", "9 GB", deprecated="a typing error"), source="press/2025-a1"))

    assert world.problems() == []


def test_a_system_of_unknown_parts_is_left_to_other_checks(world: World) -> None:
    """Without the member's file nothing is computed."""
    world.replace(RACK, '"acme/a1"', '"acme/a9"')
    world.append(RACK, reading(figure("memory.capacity", "30 TB"), source="acme/a1-datasheet", at="p. 4, table 2"))

    assert {"unknown-reference"} == world.checks()


def test_a_technology_without_a_ceiling_is_not_judged(world: World) -> None:
    """Only declared memory technologies have a ceiling."""
    world.append(B100, reading(figure("memory.technology", "QDRAM"), source="press/2025-a1"))

    assert world.problems() == []
