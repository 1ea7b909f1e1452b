"""Somebody else's table beside ours: names under our rules, agreement by intervals, a cause where arithmetic shows one."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from accel_db.catalog import audit as audit_module
from accel_db.catalog import audit_file
from accel_db.catalog.audit import audit
from accel_db.catalog.catalog import Catalog
from accel_db.words.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import World

EPOCH = "Hardware name,Tensor-FP16/BF16 performance (FLOP/s),FP8 performance (FLOP/s),Memory (bytes),Memory bandwidth (byte/s),Intranode bandwidth (byte/s),TDP (W)"
GENERIC = "name,half,memory,bandwidth,scale_up,power"
MAPS = ("half=half TFLOPS", "memory=memory GB", "bandwidth=bandwidth GB/s", "scale_up=scale_up GB/s", "power=power W")


def audited(world: World, folder: Path, text: str | bytes, maps: tuple[str, ...] = (), name: str | None = None) -> dict:
    """The audit of a file with this text."""
    file = folder / "theirs.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with Catalog(str(world.data)) as catalog:
        return audit(catalog, str(file), maps, name)


def one(world: World, folder: Path, chip: str, **cells: str) -> dict:
    """The one disagreement over one chip with these cells."""
    columns = GENERIC.split(",")
    text = f"{GENERIC}\n{','.join([chip, *(cells.get(column, '') for column in columns[1:])])}\n"
    found = audited(world, folder, text, MAPS)
    assert [len(found[key]) for key in ("disagreements", "lacking", "unreadable", "unresolved", "ambiguous", "hedged")] == [1, 0, 0, 0, 0, 0]
    return found["disagreements"][0]


def causes(finding: dict) -> list[str]:
    """The causes told of a finding."""
    return [cause["cause"] for cause in finding["causes"]]


def test_the_epoch_layout_needs_no_options(built: World, tmp_path: Path) -> None:
    """The widely copied layout is read as it stands: blanks skipped, what agrees counted, the rest compared in our units."""
    rows = "b100,989.5e12,1.979e+15,80000000000.0,3350000000000.0,900000000000.0,700.0\nA1,,,64e9,1.6e12,,-\n"
    found = audited(built, tmp_path, f"{EPOCH}\n{rows}")
    assert (found["rows"], found["subjects"], found["compared"], found["agreed"]) == (2, 2, 8, 8)
    assert [column["asked"] for column in found["columns"]] == [["half"], ["fp8"], ["memory"], ["bandwidth"], ["scale_up", "scale_up_unstated", "scale_up_one_way"], ["power"]]
    assert [column["unit"] for column in found["columns"]] == ["FLOPS", "FLOPS", "B", "B/s", "B/s", "W"]
    assert (found["unmapped"], found["disagreements"], found["lacking"], found["unreadable"]) == ([], [], [], [])


def test_a_disagreement_tells_both_sides(built: World, tmp_path: Path) -> None:
    """Each disagreement has both values, the gap, our claims with their sources, our verdict and our marks."""
    finding = one(built, tmp_path, "acme-a1", half="800")
    assert {key: finding[key] for key in ("line", "name", "subject", "column", "printed", "asked", "theirs", "ours", "unit", "marks", "verdict")} == {
        "line": 2, "name": "acme-a1", "subject": "acme/a1", "column": "half", "printed": "800", "asked": "half", "theirs": 800, "ours": 752, "unit": "TFLOPS", "marks": "due", "verdict": "sole",
    } if finding["name"] == "A1" else True
    assert finding["gap"] == pytest.approx(800 / 752 - 1)
    assert [(claim["source"], claim["printed"], claim["leads"]) for claim in finding["claims"]] == [("acme/a1-paper", "376 TFLOPS", True)]
