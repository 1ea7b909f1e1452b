"""Makers and countries in the words people use; unknown ones are mistakes, not empty answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import World


@pytest.mark.parametrize("word", ["acme", "Acme", "ACME", "顶点", "Acme Chips"])
def test_a_maker_by_any_of_its_names(world: World, word: str) -> None:
    """Id, name or other name, in any case and script; `coverage` asks alike."""
    world.replace("vendors.toml", 'name = "Acme"', 'name = "Acme"\naliases = ["顶点", "Acme Chips"]')
    world.build()
    rows = json.loads(world.run("list", "--vendor", word, "--json").stdout)["rows"]
    assert {row["vendor"] for row in rows} == {"Acme"}
    assert world.run("coverage", "--vendor", word).returncode == 0
    assert world.run("resolve", f"{word} A1").stdout == "acme/a1\n"


def test_unknown_makers_and_countries(world: World) -> None:
    """Exit 2 with what there is."""
    world.build()
    for command in ("list", "coverage"):
        refused = world.run(command, "--vendor", "acne")
        assert (refused.returncode, refused.stderr) == (2, "accel: no maker 'acne'; near: Acme\n")
        refused = world.run(command, "--country", "China")
        said = "accel: no country 'China' here; codes of ISO 3166: CN, US\n"
        assert (refused.returncode, refused.stderr) == (2, said)
    assert world.run("list", "--country", "cn").returncode == 0
