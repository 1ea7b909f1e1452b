"""The project's rules tried on numbers: every edge case, both sides of every boundary, every date."""

from __future__ import annotations

import math
from datetime import date

import pytest

from accel_db.catalog.rules import computable, margins, state_of, tried
from accel_db.curate.load import read_ground
from accel_db.curate.rule_files import rule_rows
from tests.conftest import ROOT

TOLD = rule_rows(read_ground(ROOT / "specs").rules)
RULES = {rule["id"]: rule for rule in TOLD["rules"]}
QUANTITIES = {one["name"]: one for one in TOLD["definitions"]["quantity"]}
Ends = tuple[float | None, float | None]
UNKNOWN: Ends = (None, None)


def answer(rule: str, datacentre: str = "yes", **known: float | Ends) -> list[str | None]:
    """What a rule answers of numbers given exactly or as ends."""
    one = RULES[rule]
    ends = {name: value if isinstance(value, tuple) else (value, value) for name, value in known.items()}
    return tried(one, RULES.get(one["upon"] or ""), ends, {"datacentre": datacentre})[0]


@pytest.mark.parametrize(
    ("part", "tpp", "density", "datacentre", "paragraph"),
    [
        ("H20", 2368, 2368 / 814, "yes", None),
        ("L20", 1912, 1912 / 609, "yes", None),
        ("L2", 1544, UNKNOWN, "yes", None),
        ("A40", 2392, 2392 / 628, "yes", "3A090.b.2"),
        ("L40", 2912, 2912 / 609, "yes", "3A090.b.1"),
        ("L4", 1952, 1952 / 294, "yes", "3A090.a.2"),
        ("H100", 15840, UNKNOWN, "yes", "3A090.a.1"),
        ("RTX PRO 4500 server", 3200, 3200 / 378, "yes", "3A090.a.2"),
        ("RTX PRO 4500 workstation", 3200, 3200 / 378, "no", "Note 2 to 3A090"),
        ("RTX 4090", 5286, 5286 / 609, "no", "3A090.a.1"),
        ("RTX 4090 D", 4708, 4708 / 609, "no", "Note 2 to 3A090"),
        ("a planar part", 3000, 0, "yes", None),
    ],
)
def test_edge_cases(part: str, tpp: float, density: float | Ends, datacentre: str, paragraph: str | None) -> None:
    """The parts that the thresholds were drawn around, and those drawn around the thresholds."""
    assert answer("us-2023-11", datacentre, tpp=tpp, density=density) == [paragraph], part


@pytest.mark.parametrize(
    ("tpp", "density", "paragraph"),
    [
        (4800, 1, "3A090.a.1"),
        (4799.99, 1, None),
        (4799.99, 1.6, "3A090.b.1"),
        (2400, 1.6, "3A090.b.1"),
        (2400, 1.59, None),
        (2399.99, 1.6, None),
        (2399.99, 3.2, "3A090.b.2"),
        (2399.99, 3.19, None),
        (1600, 3.2, "3A090.b.2"),
        (1599.99, 3.2, None),
        (1600, 5.91, "3A090.b.2"),
        (1600, 5.92, "3A090.a.2"),
        (1599.99, 5.92, None),
        (4799.99, 5.92, "3A090.a.2"),
        (4799.99, 5.91, "3A090.b.1"),
    ],
)
def test_both_sides_of_every_boundary(tpp: float, density: float, paragraph: str | None) -> None:
    """What is at a threshold meets it, what is just below does not; density stops at 5.92 where a.2 begins."""
    assert answer("us-2023-11", tpp=tpp, density=density) == [paragraph]


def test_both_conditions_of_2022_were_needed() -> None:
    """A100 against A800: the same TPP, 600 against 400 GB/s; and a fast link without the TPP."""
    assert answer("us-2022-10", tpp=4992, io_bandwidth=664) == ["3A090"]
    assert answer("us-2022-10", tpp=4992, io_bandwidth=600) == ["3A090"]
    assert answer("us-2022-10", tpp=4992, io_bandwidth=(400, 528)) == [None]
    assert answer("us-2022-10", tpp=4992, io_bandwidth=(400, 928)) == ["3A090", None]
    assert answer("us-2022-10", tpp=4799, io_bandwidth=900) == [None]


def test_an_unknown_area_leaves_every_paragraph_of_its_tpp() -> None:
    """Without a density the TPP alone says which paragraphs are possible."""
    assert answer("us-2023-11", tpp=2912, density=UNKNOWN) == ["3A090.a.2", "3A090.b.1", None]
    assert answer("us-2023-11", tpp=1952, density=UNKNOWN) == ["3A090.a.2", "3A090.b.2", None]
    assert answer("us-2023-11", tpp=1952, density=(None, 5)) == ["3A090.b.2", None]
    assert answer("us-2023-11", tpp=4800, density=UNKNOWN) == ["3A090.a.1"]


def test_a_span_touches_no_paragraph_beside_it() -> None:
    """Between 4,700 and 4,900 at a density of 2 one of two paragraphs is met whatever the value: none is no answer."""
    assert answer("us-2023-11", tpp=(4700, 4900), density=2) == ["3A090.a.1", "3A090.b.1"]
    assert answer("us-2023-11", tpp=(12032, 12800), density=UNKNOWN) == ["3A090.a.1"]
    assert answer("us-2023-11", "no", tpp=(4700, 4900), density=2) == ["Note 2 to 3A090", "3A090.a.1"]


def test_a_test_is_met_not_met_or_not_decidable_by_itself() -> None:
    """A part of TPP 5,000 and density 6 meets a.1 and a.2; of unknown density a.2 is not decidable."""
    rule = RULES["us-2023-11"]
    words = {"datacentre": "yes"}
    assert tried(rule, None, {"tpp": (5000, 5000), "density": (6, 6)}, words)[1] == {
        "Note 2 to 3A090": "not met",
        "3A090.a.1": "met",
        "3A090.a.2": "met",
        "3A090.b.1": "not met",
        "3A090.b.2": "not met",
    }
    assert tried(rule, None, {"tpp": (5000, 5000), "density": UNKNOWN}, words)[1]["3A090.a.2"] == "not decidable"


@pytest.mark.parametrize("rule", ["us-2023-11-nac", "us-2024-04"])
def test_exceptions_build_upon_the_paragraph(rule: str) -> None:
    """Eligible: .a without data centres, .b in them; never .a in a data centre."""
    tests = [test["id"] for test in RULES[rule]["test"]]
    assert answer(rule, "no", tpp=5286, density=8) == [tests[0]]
    assert answer(rule, "yes", tpp=5286, density=8) == [None]
    assert answer(rule, "yes", tpp=2912, density=4.78) == [tests[1]]
    assert answer(rule, "no", tpp=2912, density=4.78) == [None]


def test_the_review_band_of_2026() -> None:
    """H200 and MI325X below both lines, B200 above, the H20 not controlled at all; at a line is outside."""
    band = ["Case-by-case band"]
    assert answer("us-2026-01-review", tpp=15840, density=19, dram_bandwidth=4800) == band
    assert answer("us-2026-01-review", tpp=20919, density=20, dram_bandwidth=6000) == band
    assert answer("us-2026-01-review", tpp=36000, density=20, dram_bandwidth=8000) == [None]
    assert answer("us-2026-01-review", tpp=21000, density=20, dram_bandwidth=6000) == [None]
    assert answer("us-2026-01-review", tpp=20999, density=20, dram_bandwidth=6500) == [None]
    assert answer("us-2026-01-review", tpp=2368, density=2.9, dram_bandwidth=4000) == [None]


def test_the_tariff_bands_are_open_at_their_ends() -> None:
    """H200 in the first band, MI325X in the second; neither end belongs to a band."""
    assert answer("us-2026-01-tariff", tpp=15840, dram_bandwidth=4800) == ["Band 1"]
    assert answer("us-2026-01-tariff", tpp=20919, dram_bandwidth=6000) == ["Band 2"]
    assert answer("us-2026-01-tariff", tpp=14000, dram_bandwidth=4800) == [None]
    assert answer("us-2026-01-tariff", tpp=14001, dram_bandwidth=5000) == [None]
    assert answer("us-2026-01-tariff", tpp=17500, dram_bandwidth=4800) == [None]


def test_the_reported_letters() -> None:
    """H20 meets the DRAM line; 1,398 GB/s of the RTX 6000D stays below it."""
    assert answer("us-2025-04-letters", dram_bandwidth=4000, io_bandwidth=900, io_and_dram_bandwidth=4900) == [
        "DRAM bandwidth (reported)"
    ]
    assert answer("us-2025-04-letters", dram_bandwidth=1398, io_bandwidth=128, io_and_dram_bandwidth=1526) == [None]


@pytest.mark.parametrize(
    ("rule", "day", "state"),
    [
        ("us-2022-10", "2022-10-06", None),
        ("us-2022-10", "2022-10-20", "announced"),
        ("us-2022-10", "2022-10-21", "in force"),
        ("us-2022-10", "2023-11-16", "in force"),
        ("us-2022-10", "2023-11-17", "superseded"),
        ("us-2023-11", "2023-10-16", None),
        ("us-2023-11", "2023-11-16", "announced"),
        ("us-2023-11", "2023-11-17", "in force"),
        ("us-2023-11", "2026-11-22", "in force"),
        ("us-2023-11-nac", "2024-04-03", "in force"),
        ("us-2023-11-nac", "2024-04-04", "superseded"),
        ("us-2025-01-diffusion", "2025-05-12", "in force"),
        ("us-2025-01-diffusion", "2025-05-13", "announced not enforced"),
        ("us-2025-04-letters", "2025-04-09", "reported and unpublished"),
        ("us-2026-01-review", "2026-01-14", "announced"),
        ("us-2026-01-review", "2026-01-15", "in force"),
    ],
)
def test_rules_on_both_sides_of_their_dates(rule: str, day: str, state: str | None) -> None:
    """Unknown before it is announced, in force from its day, superseded from the day of the next."""
    assert state_of(RULES[rule], list(RULES.values()), date.fromisoformat(day)) == state


def test_memory_by_itself_is_no_question_to_an_accelerator() -> None:
    """The rule on HBM, and the presumption on foundries, are computed of no accelerator."""
    uncomputed = [name for name, rule in RULES.items() if not computable(rule, QUANTITIES)]
    assert uncomputed == ["us-2024-12-hbm", "us-2025-01-foundry"]


def test_margins_name_the_side_and_the_distance() -> None:
    """H20 under the TPP thresholds of 2023, and a density that is known from above only."""
    measured = {
        "tpp": {"low": 2368, "value": 2368, "high": 2368},
        "density": {"low": None, "value": None, "high": 2.91},
    }
    exact: dict[str, Ends] = {"tpp": (2368, 2368), "density": (None, 2.91)}
    found = {(one["quantity"], one["threshold"]): one for one in margins(RULES["us-2023-11"]["test"], measured, exact)}
    close = found["tpp", 2400]
    assert (close["value"], close["percent"], close["side"]) == (-32, -1.33, "below")
    assert found["tpp", 1600]["side"] == "at or above"
    assert (found["density", 3.2]["high"], found["density", 3.2]["side"]) == (pytest.approx(-0.29), "below")
    assert found["density", 1.6]["side"] == "not decidable"
    wide: dict[str, Ends] = {"tpp": (2299, 2519), "density": (None, 3.1)}
    spread = {(one["quantity"], one["threshold"]): one for one in margins(RULES["us-2023-11"]["test"], measured, wide)}
    assert (spread["tpp", 2400]["value"], spread["tpp", 2400]["side"]) == (-32, "not decidable")
    assert math.isclose(found["tpp", 4800]["percent"], -50.67)
