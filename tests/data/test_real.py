"""The real data: invariants over every claim, and truths that have to come out right."""

from __future__ import annotations

from pathlib import Path

import pytest

from accel_db import peak
from accel_db.words.errors import Ambiguous, Disputed, NotFound
from tests.conftest import ROOT

PROOF = [
    "huawei/ascend-910c",
    "huawei/ascend-910b",
    "huawei/ascend-910b1",
    "huawei/ascend-910b2",
    "huawei/ascend-910b3",
    "huawei/ascend-910b4",
    "huawei/cloudmatrix-384",
    "nvidia/h20",
    "nvidia/h20-96gb",
    "nvidia/h20-141gb",
    "nvidia/h100-sxm5",
    "nvidia/gb200-gpu",
    "nvidia/gb200-nvl72",
    "nvidia/b200-sxm",
    "amd/instinct-mi250x",
    "aws/trainium2",
    "google/tpu-v5p",
]


def test_the_tree_is_clean(checked) -> None:
    """No check finds anything in the real spec files."""
    assert [str(problem) for problem in checked[2]] == []


def test_the_hardest_cases_are_covered(catalog, checked) -> None:
    """At least 300 figures that stand from at least 60 documents on the subjects of the proof; a figure under several metrics counts once."""
    claims = [claim for claim in checked[0].claims if claim.subject in PROOF and claim.deprecated is None]

    assert len({(claim.file, claim.path) for claim in claims}) >= 300
    assert len({claim.source for claim in claims}) >= 60
    assert set(PROOF) == {row["subject"] for row in catalog.sql("SELECT DISTINCT subject FROM claim")} & set(PROOF)


INVARIANTS = {
    "every claim has a source that is there": "SELECT count(*) FROM claim c ANTI JOIN source s ON s.key = c.source",
    "every claim has a locator": "SELECT count(*) FROM claim WHERE trim(locator) = ''",
    "every claim has something printed or is absent": "SELECT count(*) FROM claim WHERE printed IS NULL AND absent IS NULL",
    "a derived claim never leads a stated one of the same kind and stage": """
        SELECT count(*) FROM claim d JOIN claim s USING (subject, metric, per, kind, stage)
        WHERE d.derived IS NOT NULL AND s.derived IS NULL AND d.rank < s.rank AND d.variant IS NOT DISTINCT FROM s.variant
        AND d.accumulate IS NOT DISTINCT FROM s.accumulate AND s.deprecated IS NULL AND s.hedge IS NULL AND s.rank > 1
        AND NOT EXISTS (FROM source x WHERE x.key = s.source AND x.replaced_by IS NOT NULL)
        AND NOT EXISTS (FROM source x WHERE x.key = d.source AND x.replaced_by IS NULL AND d.hedge IS NULL AND d.rank > s.rank)
    """,
    "a deprecated claim never leads": """
        SELECT count(*) FROM claim d JOIN claim s USING (subject, metric, per) WHERE d.deprecated IS NOT NULL AND s.deprecated IS NULL
        AND d.variant IS NOT DISTINCT FROM s.variant AND d.accumulate IS NOT DISTINCT FROM s.accumulate AND d.rank < s.rank
    """,
    "no headline answers with a sparse figure": "SELECT count(*) FROM headline WHERE metric LIKE '%.sparse'",
    "low and high enclose the value": "SELECT count(*) FROM headline WHERE value IS NOT NULL AND NOT (low <= value * 1.0001 AND value <= high * 1.0001)",
    "derived metrics are marked": "SELECT count(*) FROM headline WHERE metric IS NULL AND absent IS NULL AND NOT contains(marks, 'd')",
    "quoted readings name their copies": "SELECT count(*) FROM claim WHERE access = 'quoted' AND len(via) = 0",
    "nothing was read before it was published": "SELECT count(*) FROM source WHERE published > strftime(read, '%Y-%m-%d')",
    "every looked-for metric names documents": "SELECT count(*) FROM looked l ANTI JOIN source s ON s.key = l.source",
    "memory bandwidth of what can be had never exceeds what any memory gives": "SELECT count(*) FROM claim WHERE metric = 'memory.bandwidth' AND subject_kind = 'accelerator' AND deprecated IS NULL AND stage = 'plain' AND value > 25000",
}


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_invariants(catalog, invariant: str) -> None:
    """What must hold of every row."""
    assert catalog.table(INVARIANTS[invariant])[1] == [(0,)]


TRUTHS = [
    ("h20-96gb", "half", 148, "u"),
    ("h20-96gb", "fp8", 296, "u"),
    ("h20-96gb", "memory", 96, ""),
    ("h20-96gb", "bandwidth", 4000, ""),
    ("h20-96gb", "scale_up", 900, ""),
    ("h20-141gb", "memory", 141, ""),
    ("h100-sxm5", "memory", 80, ""),
    ("h100-sxm5", "bandwidth", 3350, ""),
    ("h100-sxm5", "fp32", 67, ""),
    ("h100-sxm5", "power", 700, ""),
    ("ascend-910c", "half", 752, "e"),
    ("ascend-910c", "memory", 128, ""),
    ("ascend-910c", "scale_up", 784, ""),
    ("ascend-910c", "scale_up_one_way", 392, ""),
    ("b200-sxm", "memory", 180, ""),
    ("b200-sxm", "bandwidth", 7700, ""),
    ("b200-sxm", "power", 1000, ""),
    ("gb200-gpu", "memory", 186, ""),
    ("gb200-gpu", "power", 1200, ""),
    ("gb200-nvl72", "accelerators", 72, ""),
    ("instinct-mi250x", "half", 383, "d"),
    ("instinct-mi250x", "memory", 128, ""),
    ("trainium2", "memory", 96, ""),
    ("trainium2", "half", 667, "e"),
    ("tpu-v5p", "half", 459, "ue"),
    ("tpu-v5p", "bandwidth", 2765, ""),
    ("cloudmatrix-384", "accelerators", 384, ""),
]


@pytest.mark.parametrize(("name", "headline", "value", "marks"), TRUTHS)
def test_well_known_truths(catalog, name: str, headline: str, value: float, marks: str) -> None:
    """What the essay's chips have to answer."""
    row = next(row for row in catalog.card(name)["headlines"] if row["headline"] == headline)

    assert (value, marks) == (row["value"], row["marks"])


def test_h100_dense_is_half_of_the_sparse_table(catalog) -> None:
    """FP8 of the product page is sparse; dense is derived and marked."""
    row = next(row for row in catalog.card("h100-sxm5")["headlines"] if row["headline"] == "fp8")

    assert (row["value"], row["marks"]) == (1979, "d")


def test_device_names_resolve(catalog) -> None:
    """What torch.cuda.get_device_name() returns leads to one id; H20 never becomes H200."""
    assert [catalog.resolve(name) for name in ("NVIDIA H100 80GB HBM3", "昇腾910C")] == [
        "nvidia/h100-sxm5",
        "huawei/ascend-910c",
    ]
    with pytest.raises(Ambiguous):
        catalog.resolve("H20")
    with pytest.raises(NotFound):
        catalog.resolve("H2O")


def test_peaks(data: Path) -> None:
    """The importable peak table: FLOP/s with basis, verdict and source; families agree or are ambiguous; strict refuses."""
    h100 = peak("h100-sxm5", "bf16", data=str(data))
    assert (h100, h100.basis, h100.marks, h100.url[:8]) == (989.4e12, "dense", "", "https://")
    assert peak("H20", "bf16", data=str(data)) == 148e12
    with pytest.raises(Disputed):
        peak("h20-96gb", "bf16", strict=True, data=str(data))


def test_nothing_private_is_in_the_data() -> None:
    """No note or title names a machine's path or a registry."""
    for path in (ROOT / "specs").glob("**/*.toml"):
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text
        assert "file://" not in text
