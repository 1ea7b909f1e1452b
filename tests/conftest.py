"""The tiny world: a small tree of real spec files in a temporary folder, and ways to run the program on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = ("metrics.toml", "units.toml", "derived.toml")

FILES = {
    "vendors.toml": """
        [acme]
        name = "Acme"
        country = "CN"

        [bolt]
        name = "Bolt"
        country = "US"
        """,
    "waivers.toml": "",
    "sources/acme.toml": """
        publisher = "Acme"

        ["a1-datasheet"]
        title = "A1 data sheet"
        url = "https://acme.example/a1/datasheet.pdf"
        kind = "datasheet"
        by = "acme"
        published = "2025-03"
        read = 2026-01-02
        format = "pdf"

        ["a1-paper"]
        title = "Inside A1"
        url = "https://acme.example/papers/a1"
        kind = "documentation"
        by = "acme"
        published = "2025-06"
        read = 2026-01-02
        how = "excerpt"
        """,
    "sources/bolt.toml": """
        publisher = "Bolt"

        ["b100-page"]
        title = "B100 product page"
        url = "https://bolt.example/b100"
        kind = "datasheet"
        by = "bolt"
        published = "2024-05-01"
        read = 2026-01-02
        """,
    "sources/press.toml": """
        publisher = "The Daily Chip"

        ["2025-a1"]
        title = "A1 launched"
        url = "https://dailychip.example/2025/a1"
        kind = "press"
        published = "2025-04-20"
        read = 2026-01-02
        """,
    "architectures/acme/one.toml": """
        name = "Acme One"
        """,
    "architectures/bolt/beta.toml": """
        name = "Beta"

        [[reading]]
        source = "bolt/b100-page"
        at = "table Sparsity"
        figures = [
          { metric = "sparsity.pattern", printed = "2:4" },
          { metric = ["sparsity.speedup.bf16", "sparsity.speedup.fp8"], printed = "2x" },
        ]
        """,
    "families/acme/a.toml": """
        name = "A"
        """,
    "accelerators/acme/a1.toml": """
        name = "A1"
        kind = "npu"
        architecture = "acme/one"
        aliases = ["甲1", "Acme A1 64GB"]
        family = ["acme/a"]

        [[reading]]
        source = "acme/a1-datasheet"
        at = "p. 2, table 1"
        figures = [
          { metric = "memory.capacity", printed = "64 GB", row = "HBM" },
          { metric = "memory.bandwidth", printed = "1.6 TB/s", row = "Bandwidth" },
          { metric = "die.count", printed = "2", row = "Dies" },
          { metric = "power.tdp", printed = "Up to 400 W", term = "Max power" },
        ]

        [[reading]]
        source = "acme/a1-paper"
        at = "section 3"
        per = "die"
        figures = [
          { metric = ["compute.bf16.unstated", "compute.fp16.unstated"], printed = "376 TFLOPS", row = "BF16/FP16" },
        ]

        [[reading]]
        source = "press/2025-a1"
        at = "third paragraph"
        figures = [
          { metric = "memory.capacity", printed = "64GB" },
        ]
        """,
    "accelerators/acme/a2.toml": """
        name = "A2"
        kind = "npu"
        family = ["acme/a"]

        [[reading]]
        source = "acme/a1-paper"
        at = "section 5, outlook"
        figures = [
          { metric = "memory.capacity", printed = "128 GB" },
          { metric = "power.tdp", absent = "not published", row = "power" },
        ]

        [[looked]]
        metrics = ["memory.bandwidth"]
        where = ["acme/a1-paper", "press/2025-a1"]
        on = 2026-01-02
        """,
    "accelerators/bolt/b100.toml": """
        name = "B100"
        kind = "gpu"
        architecture = "bolt/beta"
        aliases = ["BOLT B100 80GB"]

        [[reading]]
        source = "bolt/b100-page"
        at = "table Specifications; rows marked * with sparsity"
        figures = [
          { metric = "matrix.bf16.sparse", printed = "1,979 teraFLOPS", mark = "*" },
          { metric = "matrix.fp8.sparse", printed = "3,958 teraFLOPS", mark = "*" },
          { metric = "memory.capacity", printed = "80GB" },
          { metric = "memory.bandwidth", printed = "3.35TB/s" },
          { metric = "scale_up.bandwidth.both_ways", printed = "900 GB/s" },
          { metric = "power.tdp", printed = "700 W" },
        ]
        """,
    "systems/acme/rack.toml": """
        name = "Acme Rack 384"
        kind = "pod"
        built_from = [{ accelerator = "acme/a1", count = 384 }]

        [[reading]]
        source = "acme/a1-datasheet"
        at = "p. 4"
        figures = [
          { metric = "count.accelerators", printed = "384" },
          { metric = "compute.bf16.unstated", printed = "289 PFLOPS" },
          { metric = "power.system", printed = "559 kW" },
        ]
        """,
}


@dataclass
class World:
    """A tree of spec files and where it is built."""

    root: Path

    @property
    def specs(self) -> Path:
        return self.root / "specs"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def write(self, file: str, text: str) -> Path:
        """Write a spec file; the text is dedented."""
        path = self.specs / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def append(self, file: str, text: str) -> None:
        """Add to a spec file."""
        path = self.specs / file
        path.write_text(path.read_text(encoding="utf-8") + "\n" + textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Change a spec file; ``old`` must stand in it."""
        path = self.specs / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def problems(self) -> list[str]:
        """Every problem of the tree, as printed."""
        from accel_db.build.builder import check_tree

        return [str(problem) for problem in check_tree(self.specs)[2]]

    def checks(self) -> set[str]:
        """The names of the checks that found something."""
        from accel_db.build.builder import check_tree

        return {problem.check for problem in check_tree(self.specs)[2]}

    def judged(self, subject: str):
        """One subject, judged."""
        from accel_db.build.builder import check_tree

        return check_tree(self.specs)[1][subject]

    def build(self) -> Path:
        """Build; returns the folder of the build."""
        from accel_db.build.builder import build

        return build(self.specs, self.data)[0]

    def run(
        self, *argv: str, stdin: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """``accel`` on this world's data, through a pipe, in a fresh interpreter."""
        return subprocess.run(
            [sys.executable, "-m", "accel_db", *argv],
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=stdin,
            check=False,
            env={**clean_environment(), "ACCEL_DB_DATA": str(self.data), **(env or {})},
            cwd=self.root,
        )


def clean_environment() -> dict[str, str]:
    """The environment without what changes colours, widths or completion."""
    dropped = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "_ACCEL_COMPLETE", "ACCEL_DB_DATA")
    return {
        **{key: value for key, value in os.environ.items() if key not in dropped},
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }


def make_world(root: Path) -> World:
    """Write the tiny world below ``root``."""
    world = World(root)
    for file, text in FILES.items():
        world.write(file, text)
    for name in VOCABULARY:
        shutil.copy(ROOT / "specs" / name, world.specs / name)
    return world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A fresh tiny world that may be changed."""
    return make_world(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A built tiny world that must not be changed."""
    world = make_world(tmp_path_factory.mktemp("built"))
    world.build()
    return world


@pytest.fixture
def ruled(tmp_path: Path) -> World:
    """A fresh tiny world with the project's rules of export control, that may be changed."""
    from tests.ruled_world import add_rules

    return add_rules(make_world(tmp_path))
