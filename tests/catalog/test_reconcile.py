"""Stated totals of systems against what their accelerators' claims amount to."""

from __future__ import annotations

from typing import Any

import pytest

from accel_db.catalog.reconcile import comparable, pairs, reconcile
from accel_db.catalog.store import Store
from accel_db.words.errors import NotFound, UsageError
from tests.conftest import World

pytest_plugins = ["tests.fuller_world"]


def store_of(world: World) -> Store:
    return Store(str(world.data))


def rebuilt(world: World) -> Store:
    """The store of a world that was changed."""
    world.build()
    return store_of(world)


def metric_of(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in found["systems"][0]["metrics"] if one["metric"] == name)


def told(one: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Totals of a metric: value, variant, what explains them."""
    return [(total["value"], total["variant"], total["explained_by"]) for total in one["totals"]]


def sums(one: dict[str, Any]) -> list[tuple[str, float]]:
    return [(row["expression"], row["value"]) for row in one["computed"]]


RIVAL = """
    [[reading]]
    source = "press/2025-a1"
    at = "fifth paragraph"
    figures = [
      { metric = "matrix.bf16.unstated", printed = "780 TFLOPS" },
      { metric = "vector.fp32", printed = "44 TFLOPS" },
      { metric = "matrix.bf16.dense", printed = "320 TFLOPS", deprecated = "Another chip's." },
    ]
    """


def test_a_claim_explains_the_total_that_its_interval_times_the_count_meets(world: World) -> None:
    """Each distinct claim gives its own sum, none is averaged, a deprecated one gives none, and only one explains the total."""
    world.append("accelerators/acme/a1.toml", RIVAL)
    one = metric_of(reconcile(rebuilt(world), ["acme rack 384"]), "compute.bf16.unstated")
    assert sums(one) == [
        ("384 × 780", 299520),
        ("384 × 752", 288768),
    ]
    assert told(one) == [(289000, None, ["384 × 752"])]
    beside = [row["against"][0] for row in one["computed"]]
    assert [round(each["difference"], 6) for each in beside] == [0.036401, -0.000803]
    assert [each["explains"] for each in beside] == [False, True]
    (part,) = one["computed"][1]["parts"]
    assert (part["accelerator"], part["count"]) == ("acme/a1", 384)
    assert {claim["source"] for claim in part["claims"]} == {"acme/a1-paper"}
    assert {claim["expression"] for claim in part["claims"]} == {"376 × 2 dies"}


def test_power_is_told_as_a_share_and_explains_nothing(built: World) -> None:
    """384 accelerators of 400 W are 153,600 W of the 559 kW stated: a share, never an explanation."""
    one = metric_of(reconcile(store_of(built), ["rack"]), "power.system")
    assert sums(one) == [("384 × 400", 153600)]
    assert one["computed"][0]["shares"] == [153600 / 559000]
    assert one["computed"][0]["against"] == [None]
    assert told(one) == [(559000, None, [])]


def test_counts_stand_beside_built_from_or_beside_nothing(fuller: World) -> None:
    """The stated count of accelerators is compared with built_from; no claim on an accelerator bears on racks."""
    found = reconcile(store_of(fuller), ["node"])
    counted = metric_of(found, "count.accelerators")
    assert (sums(counted), told(counted)) == ([("8", 8)], [(8, None, ["8"])])
    racks = metric_of(found, "count.racks")
    assert (racks["computed"], racks["why_not"]) == ([], "no claim on an accelerator bears on it")


def test_totals_that_no_claim_explains_stay_unexplained(fuller: World) -> None:
    """6 PFLOPS are not 8 × 989: the total has no explanation, and the difference is that of the two values."""
    one = metric_of(reconcile(store_of(fuller), ["node"]), "matrix.bf16.dense")
    assert told(one) == [(6000, None, [])]
    assert one["computed"][0]["against"][0]["difference"] == 7912 / 6000 - 1


def test_without_names_every_system_and_no_accelerator(fuller: World) -> None:
    """All systems are reconciled, in order of id; sources cited are carried."""
    found = reconcile(store_of(fuller))
    assert [one["id"] for one in found["systems"]] == ["acme/rack", "cobalt/node"]
    assert list(found["systems"][1]["sources"]) == ["cobalt/sheet"]


def test_an_accelerator_is_refused_with_the_systems_built_from_it(fuller: World) -> None:
    """Every wrong name is told at once, and the corrected line keeps the systems that were right."""
    with pytest.raises(UsageError) as caught:
        reconcile(store_of(fuller), ["node", "a1", "h20", "bare"])
    assert caught.value.message.split("\n") == [
        "A1 is an accelerator, and only systems have totals to reconcile; built from it: acme/rack",
        "H20 is an accelerator, and only systems have totals to reconcile; no system here is built from it",
        "Bare is a family, and only systems have totals to reconcile; no system here is built from it",
    ]
    assert caught.value.facts == {"systems": ["cobalt/node", "acme/rack"], "try_": ["node", "rack"]}


def test_unknown_names_are_the_resolvers_to_refuse(built: World) -> None:
    """A name that nothing answers to is NotFound, never a guess."""
    with pytest.raises(NotFound):
        reconcile(store_of(built), ["rack385"])


def test_a_system_without_built_from_says_so(world: World) -> None:
    """Its totals are told, nothing is computed, and the reason is given."""
    world.replace("systems/acme/rack.toml", 'built_from = [{ accelerator = "acme/a1", count = 384 }]', "")
    found = reconcile(rebuilt(world), ["rack"])
    assert {one["why_not"] for one in found["systems"][0]["metrics"]} == {
        "the system names no accelerators it is built from"
    }
    assert [row[3] for row in pairs(found)] == [None, None, None]


MIXED = """
    name = "Mixed Box"
    kind = "node"
    built_from = [
      { accelerator = "acme/a1", count = 2 },
      { accelerator = "bolt/b100", count = 4 },
    ]

    [[reading]]
    source = "acme/a1-datasheet"
    at = "p. 5"
    figures = [
      { metric = "count.accelerators", variant = "A1", printed = "2" },
      { metric = "count.accelerators", variant = "B100", printed = "4" },
      { metric = "memory.capacity", printed = "448 GB" },
      { metric = "memory.bandwidth", printed = "99 TB/s", deprecated = "A slip." },
      { metric = "scale_up.bandwidth.both_ways", printed = "3.6 TB/s" },
    ]
    """


def test_members_of_two_kinds_are_added(world: World) -> None:
    """2 × 64 + 4 × 80 GB explain 448 GB; a deprecated total is explained by nothing; a member without a claim is named."""
    world.write("systems/acme/mixed.toml", MIXED)
    found = reconcile(rebuilt(world), ["mixed"])
    memory = metric_of(found, "memory.capacity")
    assert sums(memory) == [("2 × 64 + 4 × 80", 448)]
    assert told(memory) == [(448, None, ["2 × 64 + 4 × 80"])]
    assert told(metric_of(found, "memory.bandwidth")) == [(99000, None, [])]
    assert metric_of(found, "scale_up.bandwidth.both_ways")["why_not"] == "no comparable claim on A1"


def test_too_many_combinations_are_not_computed(world: World) -> None:
    """Members with more distinct figures than anybody reads give a reason instead of a table."""
    for name in ("a1", "a2"):
        figures = "\n".join(
            f'{{ metric = "matrix.bf16.dense", printed = "{value} TFLOPS", variant = "v{value}" }},'
            for value in range(100, 115)
        )
        world.append(
            f"accelerators/acme/{name}.toml",
            f'[[reading]]\nsource = "acme/a1-paper"\nat = "annex"\nfigures = [{figures}]\n',
        )
    text = MIXED.replace("bolt/b100", "acme/a2").replace("memory.capacity", "matrix.bf16.dense")
    world.write("systems/acme/mixed.toml", text.replace("448 GB", "900 TFLOPS"))
    one = metric_of(reconcile(rebuilt(world), ["mixed"]), "matrix.bf16.dense")
    assert (one["computed"], one["why_not"]) == ([], "more than 200 combinations of the members' claims")


def test_a_size_counted_in_1024s_is_explained_and_marked(world: World) -> None:
    """384 × 64 GB are 24,576 GB: 24 TB only when counted in 1,024s, which is said; 24.6 TB plainly."""
    world.append(
        "systems/acme/rack.toml",
        """
        [[reading]]
        source = "acme/a1-paper"
        at = "section 6"
        figures = [
          { metric = "memory.capacity", printed = "24.0 TB" },
          { metric = "memory.capacity", variant = "rounded", printed = "24.6 TB" },
        ]
        """,
    )
    one = metric_of(reconcile(rebuilt(world), ["rack"]), "memory.capacity")
    assert told(one) == [(24000, None, ["384 × 64"]), (24600, "rounded", ["384 × 64"])]
    assert [each["binary"] for each in one["computed"][0]["against"]] == [True, False]
    assert one["marketed"] is True


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("matrix.bf16.dense", "compute.bf16.unstated", True),
        ("matrix.bf16.dense", "matrix.bf16.sparse", False),
        ("matrix.bf16.dense", "matrix.fp16.dense", False),
        ("matrix.bf16.dense", "combined.bf16.dense", False),
        ("vector.fp32", "compute.fp32.unstated", True),
        ("vector.fp32", "matrix.fp32.dense", False),
        ("matrix.fp8.sparse", "compute.unstated.unstated", True),
        ("scale_up.bandwidth.one_way", "scale_up.bandwidth.both_ways", False),
        ("scale_up.bandwidth.unstated", "scale_up.bandwidth.both_ways", True),
        ("scale_up.bandwidth.unstated", "scale_out.bandwidth.unstated", False),
        ("memory.bandwidth", "sram.bandwidth", False),
        ("memory.capacity", "memory.capacity", True),
    ],
)
def test_what_two_metrics_state_must_not_differ(one: str, other: str, expected: bool) -> None:
    """An open basis or engine fits every stated one; two stated ones fit only when they are the same; order is nothing."""
    assert comparable(one, other) is expected
    assert comparable(other, one) is expected


def test_one_headline_makes_stand_ins_comparable() -> None:
    """Formats that a declared headline takes for one another are compared."""
    together = [frozenset({"matrix.bf16.dense", "matrix.fp16.dense"})]
    assert comparable("matrix.bf16.dense", "matrix.fp16.dense", together)
    assert not comparable("matrix.bf16.dense", "matrix.fp8.dense", together)
