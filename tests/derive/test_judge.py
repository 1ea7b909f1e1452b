"""The rules of rank and verdict, each with the case that forced it."""

from __future__ import annotations

import pytest

from accel_db.derive.judge import joins, judge, may_dispute, meets
from tests.derive.claims import VOCABULARY, claim

BANDWIDTH, MEMORY, BF16 = "memory.bandwidth", "memory.capacity", "matrix.bf16.dense"


def verdict(*claims) -> str | None:
    return judge(claims, VOCABULARY).verdict


def press(metric: str, printed: str, origin: str = "The Daily Chip", **changed):
    return claim(metric, printed, kind="press", origin=origin, **changed)


@pytest.mark.parametrize(
    ("metric", "one", "other", "agree"),
    [
        (BANDWIDTH, "3 TB/s", "3.35 TB/s", False),
        (BANDWIDTH, "8 TB/s", "7.7 TB/s", False),
        (BF16, "989.4 TFLOPS", "990 TFLOPS", True),
        (BF16, "376 TFLOPS", "752 TFLOPS", False),
        (BF16, "752 TFLOPS", "800 TFLOPS", False),
        (BF16, "2,000 TFLOPS", "1,979 TFLOPS", True),
        ("vector.fp64", "Up to 47.9 TFLOPS", "47.8 TFLOPS", True),
        (BF16, "0.989 PFLOPS", "989.4 TFLOPS", True),
        (MEMORY, "288 GiB", "288 GB", True),
        (MEMORY, "180 GB", "186 GB", False),
        (MEMORY, "186 GB", "192 GB", False),
        (MEMORY, "49.2 TB", "49,152 GB", True),
        (MEMORY, "48 TB", "49.2 TB", False),
        ("memory.usable", "97871 MiB", "96 GB", False),
        ("units.compute", "132", "133", False),
        ("memory.technology", "HBM3e", "HBM3E", True),
        ("memory.technology", "HBM3", "HBM3e", False),
        ("date.announced", "2025-09", "18 September 2025", True),
        ("date.announced", "2025-Q1", "2025-09", False),
    ],
)
def test_agreement_is_of_intervals(metric: str, one: str, other: str, agree: bool) -> None:
    """Two figures agree where what they stand for shares a point; sizes and counts are exact, GB is GiB."""
    first, second = claim(metric, one), claim(metric, other, origin="Other")

    assert agree == meets(first, second, VOCABULARY.metrics[metric])
    assert agree == meets(second, first, VOCABULARY.metrics[metric])
    assert ("agreed" if agree else "disputed") == verdict(first, second)


def test_one_origin_is_sole_however_many_pages_repeat_it() -> None:
    """Ten pages repeating one analyst are one origin."""
    pages = [press(BF16, "780 TFLOPS", origin="SemiAnalysis", source=f"press/{n}") for n in range(10)]

    assert verdict(*pages) == "sole"


def test_two_origins_agree() -> None:
    """Two origins that say the same agree."""
    assert verdict(claim(BF16, "989.4 TFLOPS"), press(BF16, "990 TFLOPS")) == "agreed"


def test_a_quoted_claim_with_one_copy_leads_but_does_not_count() -> None:
    """A verbatim copy read once may lead and dispute, and counts for nothing in agreement."""
    quoted = claim(BF16, "989.4 TFLOPS", access="quoted", counted=False)

    judgement = judge([press(BF16, "990 TFLOPS"), quoted], VOCABULARY)

    assert (quoted, "sole") == (judgement.first, judgement.verdict)
    assert verdict(quoted, press(BF16, "800 TFLOPS")) == "disputed"


def test_800_disputes_752_and_an_estimate_of_780_is_only_listed() -> None:
    """A plain claim disputes; an estimate beside plain claims has no voice."""
    paper = claim(BF16, "752 TFLOPS", kind="documentation")
    keynote = press(BF16, "800 TFLOPS")
    estimate = claim(BF16, "780 TFLOPS", kind="analyst", stage="estimate", origin="SemiAnalysis")

    judgement = judge([estimate, keynote, paper], VOCABULARY)

    assert ("disputed", (paper, keynote, estimate), 752, 800) == (
        judgement.verdict,
        judgement.claims,
        judgement.low,
        judgement.high,
    )
    assert verdict(paper, estimate) == "sole"


def test_estimates_dispute_one_another_where_nothing_better_leads() -> None:
    """The first claim's own stage sets who has a voice."""
    assert (
        verdict(
            claim(BF16, "780 TFLOPS", stage="estimate"), claim(BF16, "900 TFLOPS", stage="estimate", origin="Other")
        )
        == "disputed"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"stage": "measured"},
        {"stage": "preliminary"},
        {"stage": "rumour"},
        {"deprecated": "wrong"},
        {"replaced": True},
        {"derived": "2 dies"},
    ],
)
def test_who_may_not_dispute(changed: dict) -> None:
    """Measured, weaker-staged, deprecated, replaced and derived claims dispute nothing."""
    first, other = claim(BF16, "752 TFLOPS"), press(BF16, "500 TFLOPS", **changed)

    assert not may_dispute(other, first)
    assert verdict(first, other) == "sole"


@pytest.mark.parametrize("printed", ["~500 TFLOPS", "over 500 TFLOPS", "约500TFLOPS", "500+ TFLOPS"])
def test_a_hedged_figure_disputes_nothing(printed: str) -> None:
    """A hedge is kept on view without a voice, and ranks below a plain figure of a weaker kind."""
    hedged, plain = claim(BF16, printed), press(BF16, "752 TFLOPS")

    assert ("sole", plain) == (judge([hedged, plain], VOCABULARY).verdict, judge([hedged, plain], VOCABULARY).first)


def test_up_to_is_plain() -> None:
    """ "Up to 47.9" of a data sheet leads over a truncated 47.8 of a documentation page."""
    sheet = claim("vector.fp64", "Up to 47.9 TFLOPS")
    page = claim("vector.fp64", "47.8 TFLOPS", kind="documentation")

    assert sheet == judge([page, sheet], VOCABULARY).first


def test_rank_goes_down_the_rules() -> None:
    """Not replaced, not hedged, stage, kind, stated before derived, how it was read, newest, undated last."""
    expected = [
        claim(BF16, "1 TFLOPS", source="1"),
        claim(BF16, "1 TFLOPS", source="2", derived="2 dies"),
        claim(BF16, "1 TFLOPS", source="3", kind="documentation", published="2025-06"),
        claim(BF16, "1 TFLOPS", source="4", kind="documentation", published="2024"),
        claim(BF16, "1 TFLOPS", source="5", kind="documentation"),
        claim(BF16, "1 TFLOPS", source="6", kind="documentation", access="excerpt", published="2026"),
        claim(BF16, "1 TFLOPS", source="7", kind="documentation", access="quoted"),
        claim(BF16, "1 TFLOPS", source="8", kind="press"),
        claim(BF16, "1 TFLOPS", source="9", stage="preliminary"),
        claim(BF16, "1 TFLOPS", source="10", stage="measured", kind="paper"),
        claim(BF16, "1 TFLOPS", source="11", stage="estimate", kind="analyst"),
        claim(BF16, "1 TFLOPS", source="12", stage="rumour", kind="press"),
        claim(BF16, "~1 TFLOPS", source="13"),
        claim(BF16, "1 TFLOPS", source="14", replaced=True),
        claim(BF16, "1 TFLOPS", source="15", deprecated="wrong"),
    ]

    assert [one.source for one in expected] == [one.source for one in judge(reversed(expected), VOCABULARY).claims]


def test_a_ruling_leads_and_the_cell_stays_disputed() -> None:
    """A ruling puts its claim first, says why, and hides no dispute."""
    sheet, paper = claim(BF16, "800 TFLOPS"), claim(BF16, "752 TFLOPS", kind="documentation")

    judgement = judge([sheet, paper], VOCABULARY, frozenset([id(paper)]), "the engineers' own")

    assert (paper, "disputed", True, "by ruling: the engineers' own") == (
        judgement.first,
        judgement.verdict,
        judgement.ruled,
        judgement.reason,
    )


def test_not_published_never_outranks_a_figure() -> None:
    """ "Not published" in a data sheet stands below a press figure, and disputes nothing."""
    silent = claim("power.tdp", "1 W", printed=None, value=None, marketed=None, interval=None, absent="not published")
    figure = press("power.tdp", "400 W")

    assert (figure, "sole") == (judge([silent, figure], VOCABULARY).first, judge([silent, figure], VOCABULARY).verdict)


def test_not_supported_disputes_a_figure() -> None:
    """A sourced negative and a figure cannot both be true."""
    negative = claim(BF16, "1 TFLOPS", printed=None, value=None, marketed=None, interval=None, absent="not supported")

    assert verdict(negative, press(BF16, "752 TFLOPS")) == "disputed"


def test_texts_that_are_not_declared_are_listed_not_judged() -> None:
    """Free texts stand side by side."""
    assert verdict(claim("process.node", "TSMC 4N"), claim("process.node", "4 nm class", origin="Other")) == "listed"
    assert verdict(claim("process.node", "TSMC 4N"), claim("process.node", "TSMC 4N", origin="Other")) == "agreed"


def test_the_newest_status_leads_whoever_said_it() -> None:
    """States and prices are true at a date: the newest leads, none is disputed."""
    old = claim("status", "announced", as_of="2024-03")
    new = press("status", "shipping", as_of="2025-Q1")

    assert (new, "listed") == (judge([old, new], VOCABULARY).first, judge([old, new], VOCABULARY).verdict)


def test_only_deprecated_claims_give_no_verdict() -> None:
    """A quantity of which every claim is deprecated answers nothing."""
    judgement = judge([claim("power.tdp", "310 W", deprecated="the 2019 chip's")], VOCABULARY)

    assert (judgement.first, judgement.verdict) == (None, None)


def test_a_range_spans_its_ends() -> None:
    """A range keeps both ends, and agrees with what lies within."""
    ranged = claim("power.tdp", "350–400 W")

    assert (ranged.value, *ranged.ends) == (400, 350, 400)
    assert verdict(ranged, press("power.tdp", "380 W")) == "agreed"
    assert verdict(ranged, press("power.tdp", "500 W")) == "disputed"


@pytest.mark.parametrize(
    ("printed", "joined"), [("784 GB/s", "both_ways"), ("392 GB/s", "one_way"), ("400 GB/s", None)]
)
def test_an_unstated_figure_joins_the_one_basis_it_agrees_with(printed: str, joined: str | None) -> None:
    """784 joins both ways, 400 agrees with neither and stays alone."""
    metric = "scale_up.bandwidth."
    siblings = [
        judge([claim(metric + basis, figure)], VOCABULARY)
        for basis, figure in (("one_way", "392 GB/s"), ("both_ways", "784 GB/s"))
    ]

    found = joins(
        judge([claim(metric + "unstated", printed)], VOCABULARY), siblings, VOCABULARY.metrics[metric + "unstated"]
    )

    assert joined == (found.first.metric.removeprefix(metric) if found else None)


def test_an_unstated_figure_that_fits_two_bases_joins_none() -> None:
    """What could be either is left alone."""
    siblings = [judge([claim(f"matrix.bf16.{basis}", "752 TFLOPS")], VOCABULARY) for basis in ("dense", "sparse")]

    assert None is joins(judge([claim("matrix.bf16.unstated", "752 TFLOPS")], VOCABULARY), siblings, None)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ([claim(BF16, "1 TFLOPS")], "the only claim"),
        ([claim(BF16, "1 TFLOPS"), press(BF16, "1 TFLOPS")], "maker's data sheet or product page outranks press"),
        ([claim(BF16, "1 TFLOPS"), claim(BF16, "1 TFLOPS", stage="preliminary")], "plain outranks preliminary"),
        ([claim(BF16, "1 TFLOPS"), claim(BF16, "1 TFLOPS", access="quoted")], "read full outranks quoted"),
        ([claim(BF16, "1 TFLOPS", published="2025"), claim(BF16, "1 TFLOPS", published="2024")], "the newer document"),
    ],
)
def test_the_reason_is_the_first_rule_that_told_them_apart(claims: list, reason: str) -> None:
    """Why the first leads is said in words."""
    assert reason == judge(claims, VOCABULARY).reason
