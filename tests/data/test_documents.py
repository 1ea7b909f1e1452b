"""What is generated, or shows output, is what the program gives today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.conftest import ROOT

SPEC = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write_docs.py")
assert SPEC is not None
assert SPEC.loader is not None
write_docs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(write_docs)

FIX = "run: python scripts/write_docs.py"


def test_the_json_schema_is_current() -> None:
    """specs/schema.json is what the models say."""
    assert write_docs.spec_schema() == (ROOT / "specs" / "schema.json").read_text(encoding="utf-8"), FIX


def test_the_coverage_page_is_current(data: Path) -> None:
    """docs/coverage.md is what the data gives."""
    assert write_docs.coverage_page(data) == (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8"), FIX


def test_the_table_docs_are_current(data: Path) -> None:
    """docs/schema.md is what the database says of itself."""
    database = data / (data / "current").read_text().split("\n")[0] / "accel.duckdb"

    assert write_docs.database_schema(database) == (ROOT / "docs" / "schema.md").read_text(encoding="utf-8"), FIX


@pytest.mark.parametrize(("page", "name"), [("checks_page", "checks.md"), ("cli_page", "cli.md")])
def test_generated_pages_are_current(page: str, name: str) -> None:
    """docs/checks.md and docs/cli.md are what the program says of itself."""
    assert getattr(write_docs, page)() == (ROOT / "docs" / name).read_text(encoding="utf-8"), FIX


@pytest.mark.parametrize("name", [name for name in write_docs.TRANSCRIPTS if (ROOT / name).is_file()])
def test_transcripts_are_current(data: Path, name: str) -> None:
    """Every command shown gives the output shown."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert write_docs.transcript(text, data) == text, FIX


def test_the_readme_is_short_and_has_the_two_commands() -> None:
    """Under 150 lines, with both commands word for word."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert len(text.splitlines()) < 150
    assert "pip install . && accel compare h20 ascend-910c h100-sxm5" in text
    assert "pip install -e '.[test]' && pytest" in text


def test_the_versions_agree() -> None:
    """The citation names the edition of the package."""
    import accel_db

    assert f'version: "{accel_db.__version__}"' in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {accel_db.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
