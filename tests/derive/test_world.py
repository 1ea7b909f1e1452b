"""The whole tree judged: derivations from sourced facts, systems from members, rulings that settle or are needless, derived metrics."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accel_db.build.builder import check_tree
from accel_db.words.errors import DataFault
from tests.conftest import World


def headline(world: World, subject: str, name: str) -> tuple | None:
    found = world.judged(subject).headlines.get(name)
    return found and (found.claim and found.claim.value, found.marks, found.verdict, found.ruled)


def test_a_package_answers_from_its_dies(world: World) -> None:
    """376 a die and a sourced count of two dies make 752, derived, its engine and sparsity unstated."""
    assert (Decimal(752), "due", "sole", False) == headline(world, "acme/a1", "half")


def test_dense_comes_from_sparse_by_the_architectures_sourced_ratio(world: World) -> None:
    """1,979 with sparsity answers as 989.5 dense, derived."""
    assert (Decimal("989.5"), "d", "sole", False) == headline(world, "bolt/b100", "bf16")


def test_without_a_sourced_ratio_sparse_stays_sparse(world: World) -> None:
    """A ratio nobody prints is no ratio."""
    world.replace("architectures/bolt/beta.toml", '"sparsity.speedup.bf16", ', "")

    assert None is headline(world, "bolt/b100", "bf16")


def test_a_disputed_ratio_derives_nothing(world: World) -> None:
    """Where sources disagree on the ratio, nothing rests on it."""
    world.append(
        "architectures/bolt/beta.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "fourth paragraph"
        figures = [{ metric = "sparsity.speedup.bf16", printed = "4x" }]
        """,
    )

    assert None is headline(world, "bolt/b100", "bf16")


def test_a_sourced_none_makes_unstated_dense(world: World) -> None:
    """An architecture without sparsity leaves only the engine open."""
    world.append(
        "architectures/acme/one.toml",
        """
        [[reading]]
        source = "acme/a1-paper"
        at = "section 2"
        figures = [{ metric = "sparsity.pattern", printed = "none" }]
        """,
    )

    assert (Decimal(752), "de", "sole", False) == headline(world, "acme/a1", "half")


def test_a_disputed_count_of_dies_multiplies_nothing(world: World) -> None:
    """Two or four dies: no package figure."""
    world.append(
        "accelerators/acme/a1.toml",
        '[[reading]]\nsource = "press/2025-a1"\nat = "fifth paragraph"\nfigures = [{ metric = "die.count", printed = "4" }]\n',
    )

    assert None is headline(world, "acme/a1", "half")


def test_a_system_total_is_derived_beside_the_stated_one(world: World) -> None:
    """384 × 64 GB; the maker's own total of compute leads over ours."""
    assert (Decimal(384 * 64), "d", "agreed", False) == headline(world, "acme/rack", "memory")
    assert (Decimal(289000), "ue", "sole", False) == headline(world, "acme/rack", "half")


def test_a_ruling_on_a_headline_settles_it(world: World) -> None:
    """A press figure that disputes is ruled out and stays in view."""
    world.append(
        "accelerators/acme/a1.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "table 2"
        figures = [{ metric = "compute.fp16.unstated", printed = "800 TFLOPS" }]

        [[ruling]]
        headline = "half"
        prefer = "acme/a1-paper"
        why = "The engineers' own."
        """,
    )

    assert world.problems() == []
    assert (Decimal(752), "due", "disputed", True) == headline(world, "acme/a1", "half")
    assert (Decimal(752), Decimal(800)) == (lambda one: (one.low, one.high))(world.judged("acme/a1").headlines["half"])


@pytest.mark.parametrize(
    ("ruling", "check"),
    [
        ('headline = "half"\nprefer = "acme/a1-paper"', "needless-ruling"),
        ('metric = "memory.capacity"\nprefer = "acme/a1-datasheet"', "needless-ruling"),
        ('headline = "speed"\nprefer = "acme/a1-paper"', "ruling"),
        ('metric = "memory.size"\nprefer = "acme/a1-paper"', "ruling"),
    ],
)
def test_rulings_that_rule_nothing(world: World, ruling: str, check: str) -> None:
    """A ruling needs a dispute or open variants, and a headline or metric that exists."""
    world.append("accelerators/acme/a1.toml", f'[[ruling]]\n{ruling}\nwhy = "because"\n')

    assert {check} == world.checks()


def test_a_ruling_must_prefer_a_claim_that_is_there(world: World) -> None:
    """Preferring a source without such a claim is a problem."""
    world.append(
        "accelerators/acme/a1.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "table 2"
        figures = [{ metric = "power.tdp", printed = "500 W" }]

        [[ruling]]
        metric = "power.tdp"
        prefer = "acme/a1-paper"
        why = "because"
        """,
    )

    assert {"ruling"} == world.checks()


def test_a_ruling_picks_a_variant(world: World) -> None:
    """Two true values; a ruling says which one the short name means."""
    world.replace(
        "accelerators/bolt/b100.toml",
        '{ metric = "power.tdp", printed = "700 W" },',
        '{ metric = "power.tdp", printed = "700 W", variant = "air" },\n          { metric = "power.tdp", printed = "1,000 W", variant = "liquid" },',
    )
    assert world.judged("bolt/b100").headlines["power"].verdict == "variants"

    world.append(
        "accelerators/bolt/b100.toml", '[[ruling]]\nmetric = "power.tdp"\nvariant = "air"\nwhy = "The usual one."\n'
    )

    assert world.problems() == []
    assert (Decimal(700), "", "sole", True) == headline(world, "bolt/b100", "power")


def test_an_unstated_link_that_repeats_a_stated_one_has_no_headline_of_its_own(world: World) -> None:
    """900 unstated joins 900 both ways; 400 unstated stays and shows."""
    world.append(
        "accelerators/bolt/b100.toml",
        '[[reading]]\nsource = "press/2025-a1"\nat = "table 2"\nfigures = [{ metric = "scale_up.bandwidth.unstated", printed = "900 GB/s" }]\n',
    )
    assert None is headline(world, "bolt/b100", "scale_up_unstated")

    world.replace(
        "accelerators/bolt/b100.toml",
        '"scale_up.bandwidth.unstated", printed = "900 GB/s"',
        '"scale_up.bandwidth.unstated", printed = "400 GB/s"',
    )
    assert (Decimal(400), "", "sole", False) == headline(world, "bolt/b100", "scale_up_unstated")


def test_derived_metrics_carry_marks_and_ranges(world: World) -> None:
    """Bandwidth over a derived peak is derived; over a disputed one it is a range."""
    named = world.judged("bolt/b100").named["bytes_per_flop"]
    assert ("d", "sole", named.low) == (named.marks, named.verdict, named.high)
    assert abs(named.value - Decimal(3350) / Decimal(989500)) < Decimal("1e-12")

    world.append(
        "accelerators/bolt/b100.toml",
        '[[reading]]\nsource = "press/2025-a1"\nat = "table 2"\nfigures = [{ metric = "memory.bandwidth", printed = "3 TB/s" }]\n',
    )
    named = world.judged("bolt/b100").named["bytes_per_flop"]
    assert named.verdict == "disputed"
    assert named.low < named.high


def test_a_derived_metric_with_a_missing_input_is_absent(world: World) -> None:
    """No bandwidth, no bytes per FLOP."""
    assert "bytes_per_flop" not in world.judged("acme/a2").named


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"bandwidth / half"', '"bandwidth / speed"', "no headline 'speed'"),
        ('"bandwidth / half"', '"bandwidth + half"', "cannot add"),
        ('"byte/FLOP"', '"TFLOPS/W"', "not TFLOPS/W"),
        ('"bandwidth / half"', '"bandwidth /"', "cannot read"),
    ],
)
def test_derived_metrics_that_make_no_sense_are_refused(world: World, old: str, new: str, message: str) -> None:
    """Expressions name headlines and reduce to the unit they declare."""
    world.replace("derived.toml", old, new)

    with pytest.raises(DataFault, match=message):
        check_tree(world.specs)


def test_a_system_of_an_unknown_accelerator_derives_nothing(world: World) -> None:
    """The problem is reported; no total is made up."""
    world.replace("systems/acme/rack.toml", '"acme/a1"', '"acme/a9"')

    assert {"unknown-reference"} == world.checks()
    assert None is headline(world, "acme/rack", "memory")


def test_an_unstated_peak_of_the_maker_still_answers_where_others_say_dense(world: World) -> None:
    """The maker's 752 agrees with a press figure that says dense; the headline keeps the maker's."""
    world.append(
        "accelerators/acme/a1.toml",
        '[[reading]]\nsource = "press/2025-a1"\nat = "table 2"\nfigures = [{ metric = ["compute.bf16.dense", "compute.fp16.dense"], printed = "752 TFLOPS" }]\n',
    )

    assert (Decimal(752), "due", "sole", False) == headline(world, "acme/a1", "half")


def test_a_members_ruling_settles_the_systems_total(world: World) -> None:
    """The ruled-out figure of the chip makes no total; the total is as disputed, and as settled, as the chip."""
    world.append(
        "accelerators/acme/a1.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "table 2"
        figures = [{ metric = "memory.bandwidth", printed = "1.4 TB/s" }]

        [[ruling]]
        metric = "memory.bandwidth"
        prefer = "acme/a1-datasheet"
        why = "The maker's."
        """,
    )

    assert headline(world, "acme/rack", "bandwidth") == (Decimal(614400), "d", "disputed", True)
    found = world.judged("acme/rack").headlines["bandwidth"]
    assert (found.low, found.high) == (Decimal(384 * 1400), Decimal(614400))


def test_a_stated_total_that_contradicts_a_leading_sum_is_disputed(world: World) -> None:
    """The maker's chip times its count leads over a press total, and the gap shows."""
    world.append(
        "systems/acme/rack.toml",
        '[[reading]]\nsource = "press/2025-a1"\nat = "table 2"\nfigures = [{ metric = "memory.bandwidth", printed = "500 TB/s" }]\n',
    )

    assert headline(world, "acme/rack", "bandwidth") == (Decimal(614400), "d", "disputed", False)
