"""The real data, built once for the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from accel_db.build.builder import build, check_tree
from accel_db.catalog.catalog import Catalog
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def checked():
    """The tree of spec files, judged, and its problems."""
    return check_tree(ROOT / "specs")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the real data built."""
    folder = tmp_path_factory.mktemp("real")
    build(ROOT / "specs", folder)
    return folder


@pytest.fixture(scope="session")
def catalog(data: Path):
    """The real catalogue."""
    with Catalog(str(data)) as opened:
        yield opened
