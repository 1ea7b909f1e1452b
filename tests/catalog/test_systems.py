"""Systems and what they are built from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import World


def rows(built: World, *argv: str) -> list[tuple[str, list[tuple[str, int]]]]:
    """(id, parts) of the systems told."""
    told = json.loads(built.run("systems", *argv, "--json").stdout)["rows"]
    return [(row["id"], [(part["accelerator"], part["count"]) for part in row["built_from"]]) for row in told]


def test_every_system_with_its_parts(built: World) -> None:
    """Without names all systems are told, each with the accelerators it counts."""
    assert rows(built) == [("acme/rack", [("acme/a1", 384)])]


def test_an_accelerator_leads_to_its_systems(built: World) -> None:
    """Named accelerators, and families of them, give the systems built from them; a system gives itself."""
    assert [one for one, _ in rows(built, "a1")] == ["acme/rack"]
    assert [one for one, _ in rows(built, "A")] == ["acme/rack"]
    assert [one for one, _ in rows(built, "Acme Rack 384")] == ["acme/rack"]


def test_an_accelerator_in_no_system(built: World) -> None:
    """Nothing fits: exit 1; an unknown name: exit 3."""
    assert built.run("systems", "b100").returncode == 1
    assert built.run("systems", "b1000").returncode == 3


def test_conditions_and_parts_in_a_table(built: World) -> None:
    """A condition with units filters; the table and CSV say what a system is built from."""
    assert "384 × A1" in built.run("systems", "--where", "memory > 1 TB").stdout
    assert built.run("systems", "--where", "memory > 100 TB").returncode == 1
    assert "built_from" in built.run("systems", "--format", "csv").stdout.splitlines()[0]
