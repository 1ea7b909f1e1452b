"""The real data under the real rules: the makers' own figures, the parts that the thresholds were drawn around, and the dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accel_db.catalog.controls import controls
from accel_db.catalog.controls_check import checked
from accel_db.catalog.store import Store

NOW = date(2026, 11, 22)


@pytest.fixture(scope="module")
def store(data) -> Store:
    return Store(str(data))


@pytest.fixture(scope="module")
def check(store: Store) -> dict[str, Any]:
    return checked(store, NOW)


def paragraph(store: Store, name: str, rule: str, day: date = NOW, datacentre: str = "yes") -> list[str | None]:
    """What a rule of a day says of a part's figures."""
    (found,) = controls(store, [name], day, datacentre)["reports"]
    return next(one for one in found["rules"] if one["id"] == rule)["branches"][0]["paragraph"]


def test_every_published_tpp_is_met_or_explained(check) -> None:
    """Ours is within -6 % to +3 % of the maker's own, or the definitions say why not; and no explanation is needless."""
    published = {one["id"]: one for one in check["rows"] if one["makers_tpp"] is not None}
    off = {name for name, one in published.items() if not one["within"]}

    assert len(published) >= 20
    assert off == {name for name, one in published.items() if one["explained"]}


def test_a_class_that_ours_contradicts_is_explained(check) -> None:
    """Where neither use gives the maker's class, the definitions say why; and no such explanation is needless."""
    against = {one["id"] for one in check["rows"] if one["label"] and one["verdict"] == "contradicts"}

    assert against == {one["id"] for one in check["rows"] if one["explained"] and one["makers_tpp"] is None}


def test_every_class_label_agrees_in_one_use(check) -> None:
    """The maker's class is ours, or one that an open figure leaves possible, once it is said whether the part is for data centres."""
    labelled = [one for one in check["rows"] if one["label"]]

    assert len(labelled) >= 30
    assert [one["id"] for one in labelled if one["verdict"] is None] == []
    assert [one["id"] for one in labelled if one["verdict"] == "contradicts" and not one["explained"]] == []


def test_the_essays_parts(store: Store) -> None:
    """H20 below every paragraph, A100 and A800 alike but for the link, RTX 5090 over 4,800 whatever its use."""
    assert paragraph(store, "h20-96gb", "us-2023-11") == [None]
    assert paragraph(store, "h20-96gb", "us-2025-04-letters") == ["DRAM bandwidth (reported)"]
    assert paragraph(store, "rtx-5090", "us-2023-11", datacentre="no") == ["3A090.a.1"]
    before, after = date(2023, 11, 16), date(2023, 11, 17)
    for free, bound in (("a800-sxm4-80gb", "a100-sxm4-80gb"), ("h800-sxm5", "h100-sxm5")):
        assert paragraph(store, free, "us-2022-10", before) == [None]
        assert paragraph(store, bound, "us-2022-10", before) == ["3A090"]
        assert (
            paragraph(store, free, "us-2023-11", after) == paragraph(store, bound, "us-2023-11", after) == ["3A090.a.1"]
        )


def test_the_band_of_2026_was_drawn_around_the_h200(store: Store) -> None:
    """The H200 is in the review band and the first tariff band, the B200 in neither."""
    assert paragraph(store, "h200-sxm", "us-2026-01-review") == ["Case-by-case band"]
    assert paragraph(store, "h200-sxm", "us-2026-01-tariff") == ["Band 1"]
    assert (
        paragraph(store, "b200-sxm", "us-2026-01-review") == paragraph(store, "b200-sxm", "us-2026-01-tariff") == [None]
    )


def test_every_candidate_is_rate_times_bits(catalog) -> None:
    """Of every part the TPP lies between its candidates' ends, and no candidate is above its end."""
    for one in catalog.store.listed():
        block = catalog.store.card(one.id)["controls"]
        if one.kind != "accelerator":
            assert block is None
            continue
        tpp = block["quantities"]["tpp"]
        for candidate in block["candidates"]:
            assert candidate["tpp_high"] == pytest.approx(candidate["rate"]["high"] * max(candidate["bits"]))
            assert tpp["high"] is None or candidate["tpp_high"] <= tpp["high"]
