"""The project's own files about what it needs: ranges for users, a lock for development that is within them and names no place."""

from __future__ import annotations

import importlib.util
import re
import tomllib

from packaging.requirements import Requirement

from tests.conftest import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
PINNED = dict(re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", LOCK, re.M))


def test_the_lock_is_within_the_ranges() -> None:
    """Every package that accel-db or its tests need is pinned, to a version that pyproject.toml allows."""
    optional = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for extra in ("verify", "export", "test") for line in optional[extra])]
    wanted = [Requirement(line) for line in lines if not line.startswith("accel-db")]

    assert len(wanted) > 15
    assert [str(one) for one in wanted if not one.specifier.contains(PINNED.get(one.name, "0"), prereleases=True)] == []


def test_the_lock_names_no_place() -> None:
    """No registry's host and no path of a machine: only names, versions, markers and hashes."""
    assert "://" not in LOCK
    assert "/" not in LOCK.replace("scripts/lock", "")
    assert all("--hash=sha256:" in part for part in re.split(r"\n(?=[a-z])", LOCK)[1:])


def test_users_get_ranges() -> None:
    """What runs has a lower bound and an upper one; the heavy libraries are in the extras alone."""
    used = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["export"]]
    plain = {Requirement(line).name for line in PROJECT["dependencies"]}

    assert [line for line in used if ">=" not in line or ",<" not in line] == []
    assert plain == {"duckdb", "lark", "orjson", "pydantic", "typer"}


def test_a_wheel_is_made_with_what_a_build_of_the_data_imports() -> None:
    """Making a wheel builds the data: whatever runs that is asked for there as it is for users, the command line's library alone left out."""
    making = {line for line in PYPROJECT["build-system"]["requires"] if not line.startswith("hatchling")}

    assert making == {line for line in PROJECT["dependencies"] if not line.startswith("typer")}


def test_the_weekly_run_asks_for_everything_without_bounds() -> None:
    """The list for the newest releases has the extras of the extras, and no version."""
    spec = importlib.util.spec_from_file_location("needs", ROOT / "scripts" / "needs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.needs(ROOT / "pyproject.toml", ["test", "spark"])

    assert {"duckdb", "hatchling", "frictionless", "httpx", "pyspark", "coverage[toml]"} <= set(found)
    assert not [name for name in found if re.search(r"[<>=~]|accel-db", name)]
