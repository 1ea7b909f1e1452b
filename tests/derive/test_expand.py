"""Derived claims: computed only where a sourced fact allows it, always saying how."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accel_db.derive.expand import Leader, Member, Sparsity, on_other_basis, per_accelerator, system_totals
from accel_db.words.claim import Quantity
from tests.derive.claims import VOCABULARY, claim, judged

TWO = Sparsity("2:4", {"bf16": Decimal(2), "fp8": Decimal(2)})


def told(claims) -> list[tuple[str, Decimal, str]]:
    return [(one.metric, one.value, one.expression) for one in claims]


def test_dense_is_half_of_sparse_where_the_sourced_ratio_is_two() -> None:
    """1,979 with sparsity gives 989.5 dense, and says so."""
    made = on_other_basis([claim("matrix.bf16.sparse", "1,979 TFLOPS")], TWO, VOCABULARY)

    assert [("matrix.bf16.dense", Decimal("989.5"), "1979 ÷ 2")] == told(made)
    assert made[0].derived == "half the sparse figure"


def test_sparse_is_twice_dense_where_the_sourced_ratio_is_two() -> None:
    """The rule goes back as well."""
    assert [("matrix.bf16.sparse", Decimal(624), "312 × 2")] == told(
        on_other_basis([claim("matrix.bf16.dense", "312 TFLOPS")], TWO, VOCABULARY)
    )


@pytest.mark.parametrize(
    "sparsity", [Sparsity(), Sparsity("2:4", {"bf16": Decimal(2)}), Sparsity("2:4", {"nvfp4": Decimal("1.33")})]
)
def test_blackwell_ultra_and_rubin_fp4_are_not_halved(sparsity: Sparsity) -> None:
    """A format whose sourced ratio is not two, or not known, is left as printed."""
    assert on_other_basis([claim("matrix.nvfp4.sparse", "20 PFLOPS")], sparsity, VOCABULARY) == []


def test_unstated_is_dense_where_the_sourced_pattern_is_none() -> None:
    """An architecture without sparsity leaves no question open."""
    made = on_other_basis([claim("compute.bf16.unstated", "459 TFLOPS")], Sparsity("none"), VOCABULARY)

    assert [("compute.bf16.dense", Decimal(459))] == [(one.metric, one.value) for one in made]


def test_nothing_is_derived_from_what_does_not_stand() -> None:
    """Deprecated and replaced claims breed nothing."""
    claims = [
        claim("matrix.bf16.sparse", "1,979 TFLOPS", deprecated="wrong"),
        claim("matrix.bf16.sparse", "2,000 TFLOPS", replaced=True),
    ]

    assert on_other_basis(claims, TWO, VOCABULARY) == []
    assert (
        per_accelerator(
            [claim("memory.capacity", "64 GB", per="die", deprecated="wrong")], {"die": Decimal(2)}, VOCABULARY
        )
        == []
    )


def test_a_package_is_its_dies_for_additive_metrics_only() -> None:
    """376 TFLOPS a die is 752 a package; a die's power and clock are nobody's double."""
    claims = [
        claim("compute.bf16.unstated", "376 TFLOPS", per="die"),
        claim("power.tdp", "200 W", per="die"),
        claim("clock.boost", "1.5 GHz", per="die"),
    ]

    made = per_accelerator(claims, {"die": Decimal(2)}, VOCABULARY)

    assert [("compute.bf16.unstated", Decimal(752), "376 × 2 dies")] == told(made)
    assert made[0].per == "accelerator"


def test_without_a_sourced_count_nothing_is_multiplied() -> None:
    """No count, no package."""
    assert per_accelerator([claim("memory.capacity", "64 GB", per="die")], {}, VOCABULARY) == []


def test_derivations_chain_and_say_every_step() -> None:
    """Sparse per die becomes dense per package."""
    dense = on_other_basis([claim("matrix.bf16.sparse", "400 TFLOPS", per="die")], TWO, VOCABULARY)

    made = per_accelerator(dense, {"die": Decimal(2)}, VOCABULARY)

    assert [("matrix.bf16.dense", Decimal(400), "(400 ÷ 2) × 2 dies")] == told(made)
    assert made[0].derived == "half the sparse figure; 2 dies"


def test_the_interval_is_scaled_with_the_value() -> None:
    """A derived figure is no more exact than what it came from."""
    made = on_other_basis([claim("matrix.bf16.sparse", "2,000 TFLOPS")], TWO, VOCABULARY)

    assert (Decimal(975), Decimal(1025)) == made[0].interval


def member(name: str, count: int, *claims) -> Member:
    leaders = {
        quantity.metric: Leader(found.first, found.verdict, found.low, found.high, found.ruled)
        for quantity, found in judged(*claims).items()
    }
    return Member(name, count, leaders)


def test_a_system_total_sums_its_members() -> None:
    """Two kinds of accelerator add up, each count times its leading figure."""
    one = member("acme/a1", 384, claim("memory.capacity", "128 GB"))
    other = member("acme/a2", 16, claim("memory.capacity", "64 GB"))

    made = system_totals("acme/rack", [one, other], VOCABULARY)

    assert [("memory.capacity", Decimal(384 * 128 + 16 * 64), "384 × 128 (acme/a1) + 16 × 64 (acme/a2)")] == told(made)
    assert Quantity("acme/rack", "memory.capacity", "system", None, None) == made[0].quantity


def test_a_system_total_needs_every_member_and_an_additive_metric() -> None:
    """A gap in one member leaves the total a gap; power never adds up."""
    assert (
        system_totals(
            "acme/rack",
            [member("a", 2, claim("memory.capacity", "1 GB")), member("b", 2, claim("memory.bandwidth", "1 GB/s"))],
            VOCABULARY,
        )
        == []
    )
    assert system_totals("acme/rack", [member("a", 2, claim("power.tdp", "400 W"))], VOCABULARY) == []
    assert system_totals("acme/rack", [], VOCABULARY) == []


def test_a_total_carries_the_dispute_and_the_spread_of_its_parts() -> None:
    """Two bandwidths of the chip make two of the rack; the total is as disputed, and as settled, as its part."""
    disputed = [
        claim("memory.bandwidth", "7.7 TB/s"),
        claim("memory.bandwidth", "8 TB/s", kind="press", origin="Other"),
    ]

    (made,) = system_totals("acme/rack", [member("acme/a1", 8, *disputed)], VOCABULARY)

    assert (made.value, made.basis_verdict, made.basis_spread) == (61_600, "disputed", (61_600, 64_000))
    assert made.basis_ruled is False
