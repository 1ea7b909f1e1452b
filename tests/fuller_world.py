"""A second tiny world beside conftest's: disputes, rulings, variants, prefixes of names and families of every sort. A pytest plugin."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conftest import World, make_world

if TYPE_CHECKING:
    from pathlib import Path

VENDOR = """
[cobalt]
name = "Cobalt Works"
country = "US"
"""

FILES = {
    "sources/cobalt.toml": """
        publisher = "Cobalt Works"

        ["sheet"]
        title = "Cobalt data sheet"
        url = "https://cobalt.example/sheet.pdf"
        kind = "datasheet"
        by = "cobalt"
        published = "2025-01"
        read = 2026-01-02

        ["sheet-old"]
        title = "Cobalt data sheet, first printing"
        url = "https://cobalt.example/sheet-old.pdf"
        kind = "datasheet"
        by = "cobalt"
        published = "2024-01"
        read = 2026-01-02
        replaced_by = "cobalt/sheet"

        ["guide"]
        title = "Cobalt software guide"
        url = "https://cobalt.example/guide"
        kind = "software"
        by = "cobalt"
        published = "2025-02"
        read = 2026-01-02
        """,
    "families/cobalt/h.toml": 'name = "H"\n',
    "families/cobalt/t.toml": """
        name = "T"

        [[reading]]
        source = "cobalt/guide"
        at = "overview"
        figures = [{ metric = "memory.capacity", printed = "16 GB" }]
        """,
    "families/cobalt/solo.toml": 'name = "Solo"\n',
    "families/cobalt/bare.toml": """
        name = "Bare"

        [[reading]]
        source = "cobalt/guide"
        at = "overview"
        figures = [{ metric = "matrix.bf16.dense", printed = "10 TFLOPS" }]
        """,
    "accelerators/cobalt/h20.toml": """
        name = "H20"
        kind = "gpu"
        family = ["cobalt/h"]

        [[reading]]
        source = "cobalt/sheet"
        at = "p. 1"
        figures = [
          { metric = "matrix.bf16.dense", printed = "148 TFLOPS" },
          { metric = "matrix.fp8.dense", printed = "296 TFLOPS" },
          { metric = "vector.fp32", printed = "44 TFLOPS" },
          { metric = "memory.capacity", printed = "96 GB" },
          { metric = "memory.technology", printed = "HBM3" },
          { metric = "matrix.fp4", absent = "not supported", row = "FP4: -" },
          { metric = "scale_up.bandwidth.both_ways", printed = "900 GB/s" },
          { metric = "power.tdp", printed = "400 W" },
          { metric = "status", printed = "shipping", as_of = "2026-01" },
        ]

        [[reading]]
        source = "press/2025-a1"
        at = "fourth paragraph"
        figures = [
          { metric = "memory.capacity", printed = "100 GB" },
          { metric = "matrix.bf16.dense", printed = "~150 TFLOPS" },
          { metric = "compute.bf16.unstated", printed = "148 TFLOPS" },
          { metric = "matrix.fp8.dense", printed = "500 TFLOPS", deprecated = "Another chip's figure." },
        ]

        [[reading]]
        source = "cobalt/sheet-old"
        at = "p. 1"
        figures = [{ metric = "matrix.bf16.dense", printed = "140 TFLOPS" }]

        [[reading]]
        source = "cobalt/guide"
        at = "benchmarks"
        stage = "measured"
        figures = [{ metric = "matrix.bf16.dense", printed = "120 TFLOPS" }]
        """,
    "accelerators/cobalt/h200.toml": """
        name = "H200"
        kind = "gpu"
        family = ["cobalt/h", "cobalt/solo"]
        aliases = ["Hopper \\"Plus\\""]

        [[reading]]
        source = "cobalt/sheet"
        at = "p. 2"
        figures = [
          { metric = "matrix.bf16.dense", printed = "989 TFLOPS" },
          { metric = "vector.fp32", printed = "44 TFLOPS" },
          { metric = "memory.capacity", printed = "141 GB" },
          { metric = "memory.bandwidth", printed = "4.8 TB/s" },
          { metric = "chip.count", printed = "2" },
          { metric = "power.tdp", printed = "700 W" },
          { metric = "matrix.int8.dense", printed = "1,000 TOPS", variant = "base" },
          { metric = "matrix.int8.dense", printed = "1,400 TOPS", variant = "boost" },
          { metric = "scale_up.bandwidth.both_ways", printed = "900 GB/s" },
        ]

        [[reading]]
        source = "press/2025-a1"
        at = "fifth paragraph"
        figures = [{ metric = "power.tdp", printed = "600 W" }]

        [[ruling]]
        metric = "power.tdp"
        prefer = "cobalt/sheet"
        why = "The maker knows."
        """,
    "accelerators/cobalt/j1-pro.toml": """
        name = "J1 Pro"
        kind = "asic"

        [[reading]]
        source = "cobalt/sheet"
        at = "p. 4"
        figures = [{ metric = "matrix.bf16.dense", printed = "148 TFLOPS" }]

        [[reading]]
        source = "press/2025-a1"
        at = "last paragraph"
        figures = [
          { metric = "matrix.bf16.unstated", printed = "148 TFLOPS" },
          { metric = "scale_up.bandwidth.unstated", printed = "600 GB/s" },
        ]
        """,
    "accelerators/cobalt/v1.toml": """
        name = "V1"
        kind = "asic"

        [[reading]]
        source = "cobalt/sheet"
        at = "p. 4"
        figures = [
          { metric = "matrix.bf16.dense", printed = "100 TFLOPS" },
          { metric = "matrix.bf16.dense", printed = "30 TFLOPS", per = "die" },
          { metric = "combined.bf16.dense", printed = "160 TFLOPS" },
          { metric = "power.typical", printed = "100 W" },
        ]

        [[reading]]
        source = "press/2025-a1"
        at = "sixth paragraph"
        figures = [
          { metric = "compute.bf16.unstated", printed = "200 TFLOPS" },
          { metric = "compute.bf16.dense", printed = "150 TFLOPS" },
          { metric = "matrix.bf16.dense", printed = "~300 TFLOPS" },
          { metric = "power.typical", printed = "90 W" },
          { metric = "matrix.bf16.sparse", printed = "400 TFLOPS" },
        ]

        [[reading]]
        source = "cobalt/guide"
        at = "outlook"
        stage = "estimate"
        figures = [
          { metric = "matrix.bf16.dense", printed = "500 TFLOPS" },
          { metric = "power.typical", printed = "120 W" },
        ]

        [[ruling]]
        metric = "power.typical"
        prefer = "cobalt/guide"
        why = "Corrected by hand."
        """,
    "systems/cobalt/node.toml": """
        name = "Cobalt Node"
        kind = "rack"
        built_from = [{ accelerator = "cobalt/h200", count = 8 }]

        [[reading]]
        source = "cobalt/sheet"
        at = "p. 3"
        figures = [
          { metric = "count.accelerators", printed = "8" },
          { metric = "count.racks", printed = "2" },
          { metric = "matrix.bf16.dense", printed = "6 PFLOPS" },
          { metric = "memory.capacity", printed = "1,128 GB" },
        ]
        """,
    **{
        f"accelerators/cobalt/t{i}.toml": f"""
        name = "T{i}"
        kind = "asic"
        family = ["cobalt/t"]

        [[reading]]
        source = "cobalt/sheet"
        at = "p. {i + 5}"
        figures = [{{ metric = "memory.capacity", printed = "{i}6 GB" }}]
        """
        for i in (1, 2, 3)
    },
}


def make_fuller(root: Path) -> World:
    """Write conftest's world and this one's files below ``root``."""
    world = make_world(root)
    world.append("vendors.toml", VENDOR)
    for file, text in FILES.items():
        world.write(file, text)
    return world


@pytest.fixture(scope="session")
def fuller(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The fuller world, built, that must not be changed."""
    world = make_fuller(tmp_path_factory.mktemp("fuller"))
    world.build()
    return world


@pytest.fixture
def copied(fuller: World, tmp_path: Path) -> World:
    """The fuller world's built data in a fresh folder, to be damaged."""
    shutil.copytree(fuller.data, tmp_path / "data")
    return World(tmp_path)


def build_folder(world: World) -> Path:
    """The folder of a world's current build."""
    return world.data / (world.data / "current").read_text(encoding="utf-8").splitlines()[0]
