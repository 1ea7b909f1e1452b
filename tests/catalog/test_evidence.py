"""The claims behind one answer: order, voices, totals of systems, where editors looked, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from accel_db.catalog.evidence import asked, evidence
from accel_db.catalog.store import Store
from accel_db.words.errors import NoAnswer, UsageError

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


@pytest.fixture
def store(fuller: World) -> Store:
    """The fuller world's data."""
    return Store(str(fuller.data))


def found(store: Store, subject: str, metric: str) -> dict[str, Any]:
    """The evidence for one subject and metric."""
    return evidence(store.card(subject), asked(store.rows("metrics"), metric))


def voices(store: Store, subject: str, metric: str) -> list[tuple[str, str, str | None]]:
    """Every claim as (printed, voice, gap in percent)."""
    return [
        (line["printed"], line["voice"], None if line["gap"] is None else f"{line['gap']:+.1%}")
        for line in found(store, subject, metric)["claims"]
    ]


def test_voices_beside_the_leader(store: Store) -> None:
    """Each claim stands once, the leader first, and says what it does to the leader: agree, dispute, or why it may not."""
    assert voices(store, "cobalt/h20", "matrix.bf16.dense") == [
        ("148 TFLOPS", "", None),
        ("120 TFLOPS", "measured, does not dispute", "-18.9%"),
        ("~150 TFLOPS", "agrees", "+1.4%"),
        ("140 TFLOPS", "corrected by a newer revision of its source", "-5.4%"),
    ]
    assert voices(store, "cobalt/h20", "memory") == [("96 GB", "", None), ("100 GB", "disputes", "+4.2%")]
    assert voices(store, "acme/a1", "memory") == [("64 GB", "", None), ("64GB", "agrees", "+0.0%")]


def test_voices_of_claims_that_may_not_dispute(store: Store) -> None:
    """A claim that leaves open what the leader states, mixes engines, is hedged, a guess or of another level says why it does not dispute."""
    assert voices(store, "cobalt/v1", "half") == [
        ("100 TFLOPS", "", None),
        ("160 TFLOPS", "engines combined, does not dispute", "+60.0%"),
        ("200 TFLOPS", "sparsity unstated, does not dispute", "+100.0%"),
        ("150 TFLOPS", "engine unstated, does not dispute", "+50.0%"),
        ("500 TFLOPS", "estimate, does not dispute", "+400.0%"),
        ("~300 TFLOPS", "hedged, does not dispute", "+200.0%"),
        ("30 TFLOPS", "per die", None),
    ]


def test_a_better_stage_disputes_a_ruled_leader(store: Store) -> None:
    """Claims at the leader's stage or better dispute: a plain figure disputes an estimate that a ruling put first, as the verdict says."""
    power = found(store, "cobalt/v1", "power.typical")
    assert power["answer"]["verdict"] == "disputed"
    assert voices(store, "cobalt/v1", "power.typical") == [
        ("120 W", "", None),
        ("100 W", "disputes", "-16.7%"),
        ("90 W", "disputes", "-25.0%"),
    ]


def test_a_joined_claim_says_whose_basis(store: Store) -> None:
    """A claim of unstated basis that agrees with one stated basis says which it joins."""
    assert ("148 TFLOPS", "agrees; basis unstated, joins matrix.bf16.dense", "+0.0%") in voices(
        store, "cobalt/j1-pro", "half"
    )


def test_deprecated_claims_come_last_with_their_reason(store: Store) -> None:
    """A deprecated claim is kept on view, last, and its voice is the reason."""
    assert voices(store, "cobalt/h20", "fp8") == [
        ("296 TFLOPS", "", None),
        ("500 TFLOPS", "Another chip's figure.", "+68.9%"),
    ]


def test_a_ruling_leaves_the_dispute_on_view(store: Store) -> None:
    """A ruled quantity still shows the claim that disputes."""
    power = found(store, "cobalt/h200", "power")
    assert (power["answer"]["verdict"], power["answer"]["ruled"], [line["voice"] for line in power["claims"]]) == (
        "disputed",
        True,
        ["", "disputes"],
    )


def test_variants_are_named(store: Store) -> None:
    """A value true of another variant is no dispute but says which variant it is."""
    assert voices(store, "cobalt/h200", "int8") == [("1,000 TOPS", "", None), ("1,400 TOPS", "variant boost", "+40.0%")]


def test_a_figure_entered_twice_is_one_line(store: Store) -> None:
    """One printed figure under several metrics is one line with every label; its per-die original is not repeated beside the scaled one."""
    lines = found(store, "acme/a1", "half")["claims"]
    assert [(line["printed"], line["per"], len(line["labels"]), line["leads"]) for line in lines] == [
        ("376 TFLOPS", "accelerator", 2, True)
    ]


@pytest.mark.parametrize(
    ("subject", "metric", "said"),
    [
        ("cobalt/h200", "memory", [("cobalt/node", 8, "1,128 GB", ["141"])]),
        ("cobalt/h200", "half", [("cobalt/node", 8, "6 PFLOPS", [])]),
        ("acme/a1", "half", [("acme/rack", 384, "289 PFLOPS", ["752"])]),
        ("cobalt/h20", "half", []),
        ("cobalt/node", "half", []),
    ],
)
def test_totals_of_systems(
    store: Store, subject: str, metric: str, said: list[tuple[str, int, str, list[str]]]
) -> None:
    """A system's own total is set beside the claims that its count explains, and beside none where none does."""
    totals = found(store, subject, metric)["totals"]
    assert [(one["system"], one["count"], one["total"]["printed"], one["explained_by"]) for one in totals] == said


def test_a_negative_over_a_prefix_answers_what_is_below_it(store: Store) -> None:
    """A sourced negative on a prefix is the evidence for the headline and for each metric below."""
    for metric in ("fp4", "matrix.fp4.dense", "matrix.fp4.sparse"):
        lines = found(store, "cobalt/h20", metric)["claims"]
        assert [(line["absent"], line["row"]) for line in lines] == [("not supported", "FP4: -")]


def test_negatives_and_texts_neither_agree_nor_dispute(store: Store) -> None:
    """A claim without a number leads silently and has no gap."""
    assert voices(store, "cobalt/h20", "memory.technology") == [("HBM3", "", None)]
    assert voices(store, "acme/a2", "power") == [(None, "", None)]


def test_nothing_known_says_where_editors_looked(store: Store) -> None:
    """Without a claim the answer is no; the message lists the documents looked in, where there are any."""
    with pytest.raises(NoAnswer) as caught:
        found(store, "acme/a2", "bandwidth")
    assert (
        caught.value.message
        == "nothing is known of bandwidth of A2; looked in 2 documents on 2026-01-02: acme/a1-paper, press/2025-a1"
    )
    with pytest.raises(NoAnswer) as caught:
        found(store, "cobalt/t1", "half")
    assert (caught.value.message, caught.value.exit_code) == ("nothing is known of half of T1", 1)


def test_a_derived_metric_answers_with_its_inputs(store: Store) -> None:
    """A derived metric has no claims of its own: its inputs are named, and none of them where the card has no such row."""
    answer = found(store, "cobalt/h200", "flops_per_watt")
    assert (answer["inputs"], answer["claims"], answer["answer"]["value"]) == (["half", "power"], [], 989 / 700)
    assert found(store, "cobalt/h200", "flops_per_system_watt")["inputs"] == []


def test_the_answer_of_a_metric_prefers_the_subjects_own(store: Store) -> None:
    """A full metric is answered per accelerator before per die, without variant before with one."""
    assert found(store, "acme/a1", "compute.bf16.unstated")["answer"]["per"] == "accelerator"
    assert found(store, "cobalt/h200", "matrix.int8.dense")["answer"]["variant"] == "base"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("halff", "no metric 'halff'; near: half"),
        ("matrix.bf16", "no metric 'matrix.bf16'; near: matrix.bf16.dense, matrix.bf16.sparse, matrix.bf16.unstated"),
        ("qqqq", "no metric 'qqqq'; see: accel metrics"),
    ],
)
def test_unknown_metrics(store: Store, name: str, said: str) -> None:
    """A metric that does not exist is refused with those below it, else near ones, else where to look."""
    with pytest.raises(UsageError) as caught:
        asked(store.rows("metrics"), name)
    assert caught.value.message == said
