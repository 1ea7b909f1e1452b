"""What answers a headline: the order of candidates, stand-ins and their marks, disputes across quantities."""

from __future__ import annotations

import pytest

from accel_db.derive.headline import Answer, answer, either
from tests.derive.claims import VOCABULARY, claim, judged


def ask(name: str, *claims, **rules) -> Answer | None:
    return answer(VOCABULARY.headlines[name], judged(*claims), "accelerator", VOCABULARY, **rules)


def told(found: Answer | None) -> tuple | None:
    return found and (found.claim and found.claim.printed, found.marks, found.verdict)


def press(metric: str, printed: str, **changed):
    return claim(metric, printed, **{"kind": "press", "origin": "The Daily Chip", **changed})


def test_sparse_never_stands_in_for_dense() -> None:
    """A sparse figure alone answers nothing."""
    assert None is ask("bf16", claim("matrix.bf16.sparse", "1,979 TFLOPS"))


def test_an_unstated_figure_stands_in_and_is_marked() -> None:
    """Where nobody says more, the unstated figure answers with its marks."""
    assert told(ask("bf16", claim("compute.bf16.unstated", "752 TFLOPS"))) == ("752 TFLOPS", "ue", "sole")


@pytest.mark.parametrize("metric", ["matrix.bf16.sparse", "matrix.int8.sparse", "combined.fp8.sparse"])
def test_an_unstated_figure_does_not_stand_in_where_the_maker_prints_sparse(metric: str) -> None:
    """Whose tables are sparse may have left this one sparse too, in any format."""
    assert None is ask(
        "bf16",
        claim("compute.bf16.unstated", "752 TFLOPS"),
        claim(metric, "1,504 TFLOPS".replace("TFLOPS", "TOPS" if "int" in metric else "TFLOPS")),
    )
    assert None is not ask(
        "bf16", claim("compute.bf16.unstated", "752 TFLOPS"), press("matrix.fp8.sparse", "1,504 TFLOPS")
    )


def test_dense_leads_over_unstated_and_stated_over_derived() -> None:
    """Within the maker's claims: dense before unstated, each stated before derived."""
    claims = [
        claim("matrix.bf16.unstated", "400 TFLOPS"),
        claim("compute.bf16.dense", "399 TFLOPS", derived="half the sparse figure"),
        claim("matrix.bf16.dense", "401 TFLOPS"),
    ]

    assert ask("bf16", *claims).claim.printed == "401 TFLOPS"
    assert told(ask("bf16", *claims[:2])) == ("399 TFLOPS", "de", "sole")


def test_the_maker_leads_over_a_better_basis_of_others() -> None:
    """The maker's unstated figure answers before a press figure that says dense."""
    assert (
        ask(
            "bf16", claim("compute.bf16.unstated", "752 TFLOPS"), press("matrix.bf16.dense", "751 TFLOPS")
        ).claim.printed
        == "752 TFLOPS"
    )


def test_the_exact_format_leads_over_a_stand_in() -> None:
    """BF16 before FP16, FP8 before MXFP8; the stand-in is marked."""
    assert told(ask("bf16", claim("matrix.fp16.dense", "350 TFLOPS"), claim("matrix.bf16.dense", "300 TFLOPS"))) == (
        "300 TFLOPS",
        "",
        "sole",
    )
    assert told(ask("bf16", claim("matrix.fp16.dense", "350 TFLOPS"))) == ("350 TFLOPS", "f", "sole")
    assert told(ask("fp8", claim("matrix.mxfp8.dense", "5 PFLOPS"))) == ("5 PFLOPS", "f", "sole")


def test_matrix_leads_over_compute_over_combined() -> None:
    """The engine asked for comes first, both added up come last."""
    claims = [
        claim("combined.bf16.dense", "425 TFLOPS"),
        claim("compute.bf16.dense", "424 TFLOPS"),
        claim("matrix.bf16.dense", "378 TFLOPS"),
    ]

    assert [ask("bf16", *claims[: 3 - n]).claim.printed for n in range(3)] == ["378 TFLOPS", "424 TFLOPS", "425 TFLOPS"]
    assert ask("bf16", claims[0]).marks == "c"


def test_a_plain_stage_leads_over_a_makers_preliminary() -> None:
    """Stage comes before the maker."""
    assert (
        ask(
            "bf16",
            claim("matrix.bf16.dense", "750 TFLOPS", stage="preliminary"),
            press("matrix.bf16.dense", "700 TFLOPS"),
        ).claim.printed
        == "700 TFLOPS"
    )


def test_per_die_does_not_dispute_per_package() -> None:
    """376 a die and 752 a package are two quantities."""
    found = ask(
        "bf16", claim("compute.bf16.unstated", "376 TFLOPS", per="die"), claim("compute.bf16.unstated", "752 TFLOPS")
    )

    assert told(found) == ("752 TFLOPS", "ue", "sole")


def test_a_headline_is_disputed_across_quantities() -> None:
    """A matrix figure that shares no point with an unstated leader of the same format disputes it."""
    found = ask("bf16", claim("compute.bf16.unstated", "752 TFLOPS"), press("matrix.bf16.dense", "800 TFLOPS"))

    assert (found.verdict, found.low, found.high) == ("disputed", 752, 800)


@pytest.mark.parametrize(
    ("metric", "changed"),
    [
        ("matrix.bf16.unstated", {}),
        ("compute.bf16.dense", {}),
        ("combined.bf16.dense", {}),
        ("matrix.bf16.sparse", {}),
        ("matrix.fp16.dense", {}),
        ("matrix.bf16.dense", {"stage": "estimate"}),
        ("matrix.bf16.dense", {"stage": "measured"}),
        ("matrix.bf16.dense", {"hedge": "~"}),
        ("matrix.bf16.dense", {"per": "die"}),
    ],
)
def test_what_never_disputes_a_headline(metric: str, changed: dict) -> None:
    """Sparse, combined, hedged, weaker-staged claims, other formats, and those that leave open what the leader states."""
    assert (
        ask("bf16", claim("matrix.bf16.dense", "752 TFLOPS"), press(metric, "800 TFLOPS", **changed)).verdict
        != "disputed"
    )


def test_a_derived_leader_shows_its_sources_verdict() -> None:
    """What was computed from a disputed figure is disputed."""
    sparse = [claim("matrix.bf16.sparse", "1,979 TFLOPS"), press("matrix.bf16.sparse", "1,513 TFLOPS")]
    dense = claim("matrix.bf16.dense", "989.5 TFLOPS", derived="half the sparse figure", basis=sparse[0])

    assert ask("bf16", dense, *sparse).verdict == "disputed"


def test_a_ruling_picks_the_source() -> None:
    """A ruling on a headline leads whatever the order says, and the dispute stays in view."""
    claims = [
        claim("matrix.bf16.dense", "800 TFLOPS"),
        claim("matrix.bf16.dense", "752 TFLOPS", kind="documentation", source="acme/paper"),
    ]

    found = ask("bf16", *claims, preferred=frozenset(["acme/paper"]), why="the engineers")

    assert (
        found.claim.printed,
        found.verdict,
        found.ruled,
        found.reason,
    ) == ("752 TFLOPS", "disputed", True, "by ruling: the engineers")


def test_open_variants_show_their_range_until_a_ruling_picks_one() -> None:
    """Two listed configurations are both true."""
    claims = [
        claim("power.tdp", "500 W", variant="500 W setting"),
        claim("power.tdp", "560 W", variant="560 W setting"),
    ]

    assert (lambda found: (found.verdict, found.low, found.high, len(found.variants)))(ask("power", *claims)) == (
        "variants",
        500,
        560,
        2,
    )
    assert (lambda found: (found.claim.printed, found.verdict))(ask("power", *claims, variant="500 W setting")) == (
        "500 W",
        "sole",
    )


def test_one_variant_alone_answers() -> None:
    """With one variant there is nothing to pick."""
    assert told(ask("power", claim("power.tdp", "500 W", variant="only one"))) == ("500 W", "", "sole")


def test_a_figure_without_variant_leads_over_variants() -> None:
    """The plain quantity is the answer."""
    assert (
        ask("power", claim("power.tdp", "500 W", variant="boost"), claim("power.tdp", "400 W")).claim.printed == "400 W"
    )


def negative(metric: str, absent: str):
    return claim(
        "power.tdp", "1 W", metric=metric, printed=None, value=None, marketed=None, interval=None, absent=absent
    )


def test_a_negative_answers_only_where_there_is_no_figure() -> None:
    """A sourced "not supported" that covers the metric by prefix is the answer; a figure comes before it."""
    assert ask("fp8", negative("matrix.fp8", "not supported")).absent.absent == "not supported"
    assert (
        ask("fp8", negative("matrix.fp8", "not supported"), claim("matrix.fp8.dense", "5 PFLOPS")).claim.printed
        == "5 PFLOPS"
    )
    assert None is ask("bf16", negative("matrix.fp8", "not supported"))


def test_half_is_bf16_then_fp16_and_disputed_where_either_is() -> None:
    """FP16's dispute shows on the 16-bit headline."""
    half = VOCABULARY.headlines["half"]
    calm = ask("bf16", claim("matrix.bf16.dense", "752 TFLOPS"))
    torn = ask("fp16", claim("matrix.fp16.dense", "752 TFLOPS"), press("matrix.fp16.dense", "800 TFLOPS"))

    assert (lambda one: (one.claim.printed, one.verdict, one.low, one.high))(
        either(half, {"bf16": calm, "fp16": torn})
    ) == ("752 TFLOPS", "disputed", 752, 800)
    assert told(either(half, {"bf16": calm, "fp16": None})) == ("752 TFLOPS", "", "sole")
    assert None is either(half, {"bf16": None, "fp16": None})


def test_a_weaker_claim_without_variant_does_not_speak_for_better_variants() -> None:
    """A preliminary keynote figure beside the white paper's two configurations leaves the variants open."""
    claims = [
        claim("memory.capacity", "128 GB", stage="preliminary", kind="announcement"),
        claim("memory.capacity", "128 GB", variant="32 cores", kind="documentation"),
        claim("memory.capacity", "112 GB", variant="28 cores", kind="documentation"),
    ]

    found = ask("memory", *claims)

    assert (found.verdict, found.low, found.high) == ("variants", 112, 128)


def test_variants_of_one_value_are_no_open_question() -> None:
    """Where all variants have the same value, that is the answer."""
    claims = [claim("memory.capacity", "128 GB", variant=name) for name in ("32 cores", "28 cores")]

    assert told(ask("memory", *claims)) == ("128 GB", "", "sole")
    assert ask("memory", *claims).reason == "all its variants have the same value"


def test_two_totals_of_the_same_parts_do_not_dispute() -> None:
    """Derived totals never vote."""
    totals = [
        claim("matrix.fp8.unstated", "2,368 TFLOPS", derived="from its accelerators", basis_verdict="sole"),
        claim("compute.fp8.unstated", "2,344 TFLOPS", derived="from its accelerators", basis_verdict="sole"),
    ]

    assert ask("fp8", *totals).verdict != "disputed"


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (press("matrix.bf16.unstated", "752 TFLOPS", stage="estimate"), "its stage outranks the next one's"),
        (press("matrix.bf16.unstated", "752 TFLOPS"), "the maker's own figure"),
        (claim("matrix.bf16.unstated", "752 TFLOPS"), "its basis is stated, the next one's is not"),
        (claim("compute.bf16.dense", "752 TFLOPS", derived="half"), "stated outranks derived"),
        (claim("matrix.fp16.dense", "752 TFLOPS"), "the exact format"),
        (claim("compute.bf16.dense", "752 TFLOPS"), "the engine is stated, or is the matrix engine"),
    ],
)
def test_the_reason_is_the_first_step_that_told_them_apart(other, reason: str) -> None:
    """Why this value answers is said in words."""
    assert reason == ask("bf16", claim("matrix.bf16.dense", "752 TFLOPS"), other).reason
