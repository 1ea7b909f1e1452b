"""What rules measure of an accelerator: every candidate, the refusals, areas and sums."""

from __future__ import annotations

import pytest

from accel_db.build.builder import check_tree
from accel_db.derive.controls import Controls, controls_of
from tests.conftest import World
from tests.ruled_world import accelerator, figure


def made(world: World, subject: str) -> Controls:
    """The measures of a subject of a world without problems."""
    curated, judged, problems = check_tree(world.specs)
    assert problems == []
    controls = controls_of(judged[subject], curated.tree)
    assert controls is not None
    return controls


def ends(controls: Controls, name: str) -> tuple[float | None, ...]:
    span = controls.quantities[name].span
    return tuple(None if one is None else float(one) for one in (span.low, span.value, span.high))


def test_the_highest_of_all_formats_counts(ruled: World) -> None:
    """Rate times bits of each format; the largest product, here of 16 and 8 bits alike."""
    subject = accelerator(
        ruled,
        "x1",
        figure("matrix.fp16.dense", "312 TFLOPS")
        + figure("matrix.int8.dense", "600 TOPS")
        + figure("vector.fp64", "9.7 TFLOPS"),
    )
    found = made(ruled, subject)
    assert [(one.format, float(one.tpp.value or 0)) for one in found.candidates] == [
        ("fp64", 620.8),
        ("fp16", 4992),
        ("int8", 4800),
    ]
    assert ends(found, "tpp") == (4992, 4992, 4992)


def test_dense_comes_of_sparse_where_two_to_one_is_sourced(ruled: World) -> None:
    """The tiny world's B100 prints sparse figures and its architecture the pattern; half of them count, at 8 and 16 bits."""
    assert ends(made(ruled, "bolt/b100"), "tpp") == (15832, 15832, 15832)


def test_sparse_figures_alone_are_refused(ruled: World) -> None:
    """Without a sourced pattern of two to one there is no TPP, and the reason is told."""
    ruled.write("architectures/bolt/gamma.toml", 'name = "Gamma"\n')
    subject = accelerator(ruled, "x1", figure("matrix.fp8.sparse", "500 TFLOPS"), architecture="bolt/gamma")
    found = made(ruled, subject)
    assert ends(found, "tpp") == (None, None, None)
    assert found.refused == ["FP8: sparse figures only, and no source has the architecture's as twice the dense ones"]


def test_dies_of_a_package_are_summed(ruled: World) -> None:
    """Two dies of 376 TFLOPS at 16 bits; two areas, in a process of 7 nm."""
    ruled.append(
        "accelerators/acme/a1.toml",
        """
        [[reading]]
        source = "acme/a1-paper"
        at = "section 4"
        per = "die"
        figures = [
          { metric = "die.area", printed = "600 mm²" },
          { metric = "process.node", printed = "7 nm" },
        ]
        """,
    )
    found = made(ruled, "acme/a1")
    assert ends(found, "tpp") == (12032, 12032, 12032)
    assert ends(found, "density") == pytest.approx((12032 / 1200,) * 3)


@pytest.mark.parametrize(
    ("area", "expected", "why"),
    [
        ([("die.area", "814 mm²"), ("process.node", "4N")], (6, 6, 6), "of all dies"),
        ([("die.area", "814 mm²"), ("process.node", "28 nm")], (0, 0, 0), "a planar process"),
        ([("die.area", "814 mm²")], (None, None, 6), "the process is not sourced"),
        ([("die.area", "814 mm²"), ("process.node", "secret sauce")], (None, None, 6), "not known to be non-planar"),
        ([("process.node", "4N")], (None, None, None), "no die area is sourced"),
    ],
)
def test_density_needs_an_area_in_a_known_process(
    ruled: World, area: list[tuple[str, str]], expected: tuple[float | None, ...], why: str
) -> None:
    """A missing area leaves density open, an unknown process bounds it from above, a planar one leaves nothing that counts."""
    figures = figure("matrix.int8.dense", "610.5 TOPS") + "".join(figure(*one) for one in area)
    found = made(ruled, accelerator(ruled, "x1", figures))
    assert ends(found, "density") == pytest.approx(expected)
    assert why in found.quantities["density"].why


def test_one_die_of_an_unknown_number_bounds_density(ruled: World) -> None:
    """The area of a die alone allows no more than TPP over that area, and no value."""
    figures = figure("matrix.int8.dense", "296 TOPS") + figure("process.node", "4N", per="die")
    found = made(ruled, accelerator(ruled, "x1", figures + figure("die.area", "800 mm²", per="die")))
    assert ends(found, "density") == pytest.approx((None, None, 2.96))


def test_tf32_is_taken_both_ways(ruled: World) -> None:
    """Where TF32 decides, the answer runs from 19 bits (or the next format) to 32; where it does not, it changes nothing."""
    deciding = accelerator(
        ruled, "x1", figure("matrix.tf32.dense", "200 TFLOPS") + figure("matrix.fp16.dense", "300 TFLOPS")
    )
    silent = accelerator(
        ruled, "x2", figure("matrix.tf32.dense", "150 TFLOPS") + figure("matrix.fp16.dense", "300 TFLOPS")
    )
    assert ends(made(ruled, deciding), "tpp") == (4800, 6400, 6400)
    assert ends(made(ruled, silent), "tpp") == (4800, 4800, 4800)


def test_disputed_inputs_give_an_interval(ruled: World) -> None:
    """A second source with another rate: the leading value, and both ends."""
    subject = accelerator(ruled, "x1", figure("matrix.fp16.dense", "752 TFLOPS"))
    ruled.append(
        f"accelerators/{subject}.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "second paragraph"
        figures = [{ metric = "matrix.fp16.dense", printed = "800 TFLOPS" }]
        """,
    )
    assert ends(made(ruled, subject), "tpp") == (12032, 12032, 12800)


def test_a_ruling_picks_the_value_and_leaves_the_interval(ruled: World) -> None:
    """A ruling on the headline says which value leads; what is disputed stays so."""
    subject = accelerator(ruled, "x1", figure("matrix.fp16.dense", "752 TFLOPS"))
    ruled.append(
        f"accelerators/{subject}.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "second paragraph"
        figures = [{ metric = "matrix.fp16.dense", printed = "800 TFLOPS" }]

        [[ruling]]
        headline = "fp16"
        prefer = "press/2025-a1"
        why = "It was measured."
        """,
    )
    assert ends(made(ruled, subject), "tpp") == (12032, 12800, 12800)


def test_a_board_of_several_packages_counts_per_package(ruled: World) -> None:
    """Figures per chip are used; without them there is none, and figures of the board are refused."""
    head = figure("chip.count", "2")
    board = accelerator(ruled, "x1", head + figure("matrix.fp16.dense", "100 TFLOPS"))
    found = made(ruled, board)
    assert ends(found, "tpp") == (None, None, None)
    assert found.refused == ["a board of 2 packages, and no figure is per package", "FP16: per board, not per package"]

    chips = accelerator(ruled, "x2", head + figure("matrix.fp16.dense", "50 TFLOPS", per="chip"))
    found = made(ruled, chips)
    assert (found.per, ends(found, "tpp")) == ("chip", (800, 800, 800))


def test_long_formats_alone_give_a_least_value(ruled: World) -> None:
    """A part of which only 32-bit rates are known has at least that TPP: rates of short formats may be larger."""
    subject = accelerator(ruled, "x1", figure("vector.fp32", "19.5 TFLOPS"))
    assert ends(made(ruled, subject), "tpp") == (624, None, None)


def test_a_preliminary_rate_does_not_beat_a_final_one(ruled: World) -> None:
    """Of one format the better stage counts, whatever accumulation the other names."""
    subject = accelerator(ruled, "x1", figure("matrix.fp8.dense", "1,979 TFLOPS"))
    ruled.append(
        f"accelerators/{subject}.toml",
        """
        [[reading]]
        source = "bolt/b100-page"
        at = "table Preview"
        stage = "preliminary"
        figures = [{ metric = "matrix.fp8.dense", printed = "2,000 TFLOPS", accumulate = "fp32" }]
        """,
    )
    assert ends(made(ruled, subject), "tpp") == (15832, 15832, 15832)


def test_the_larger_accumulation_counts(ruled: World) -> None:
    """Two rates of one format that are both true: the theoretical maximum is the larger."""
    figures = figure("matrix.fp8.dense", "660 TFLOPS", accumulate="fp16")
    figures += figure("matrix.fp8.dense", "330 TFLOPS", accumulate="fp32")
    assert ends(made(ruled, accelerator(ruled, "x1", figures)), "tpp") == (5280, 5280, 5280)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([("scale_up.bandwidth.both_ways", "400 GB/s"), ("host.bandwidth.both_ways", "64 GB/s")], (464, 464, 464)),
        ([("scale_up.bandwidth.both_ways", "400 GB/s")], (400, None, 528)),
        ([("scale_up.bandwidth.one_way", "200 GB/s"), ("host.bandwidth.one_way", "32 GB/s")], (464, 464, 464)),
        ([("scale_up.bandwidth.unstated", "400 GB/s"), ("host.bandwidth.both_ways", "64 GB/s")], (464, None, 864)),
        ([("host.bandwidth.both_ways", "64 GB/s")], (64, None, None)),
    ],
)
def test_transfer_rates_are_summed_both_ways(
    ruled: World, links: list[tuple[str, str]], expected: tuple[float | None, ...]
) -> None:
    """One way counts twice, no direction once or twice, an unknown host link as much as PCIe 5.0, an unknown scale-up link is open."""
    figures = figure("matrix.fp16.dense", "312 TFLOPS") + "".join(figure(*one) for one in links)
    assert ends(made(ruled, accelerator(ruled, "x1", figures)), "io_bandwidth") == expected


def test_other_subjects_and_trees_without_rules_have_none(ruled: World) -> None:
    """Systems are not measured, and without definitions nothing is."""
    curated, judged, _ = check_tree(ruled.specs)
    assert controls_of(judged["acme/rack"], curated.tree) is None
    curated.tree.rules.definitions = None
    assert controls_of(judged["acme/a1"], curated.tree) is None
