"""What the database answers and what it does not, one state a cell."""

from __future__ import annotations

from typing import Any

import pytest

from accel_db.catalog.coverage import ANSWERED, MAKERS, STATES, coverage
from accel_db.catalog.store import Store
from accel_db.words.errors import NoAnswer, UsageError
from tests.conftest import ROOT, World

pytest_plugins = ["tests.fuller_world"]


def found_in(world: World, **options: Any) -> dict[str, Any]:
    return coverage(Store(str(world.data)), **options)


def states(found: dict[str, Any]) -> dict[str, dict[str, str]]:
    """State by subject and headline, what is unknown left out."""
    return {
        one["id"]: {name: cell["state"] for name, cell in one["cells"].items() if cell["state"] != "unknown"}
        for one in found["subjects"]
    }


def test_every_state_is_read_off_the_cards(built: World) -> None:
    """The tiny world's cells: maker's, derived, a negative and looked for; families are no rows."""
    assert states(found_in(built)) == {
        "acme/a1": {"half": "derived", "memory": "maker", "bandwidth": "maker", "power": "maker"},
        "acme/a2": {"memory": "maker", "bandwidth": "looked", "power": "negative"},
        "bolt/b100": {
            "half": "derived",
            "fp8": "derived",
            "memory": "maker",
            "bandwidth": "maker",
            "scale_up": "maker",
            "power": "maker",
        },
        "acme/rack": {
            "half": "derived",
            "memory": "derived",
            "bandwidth": "derived",
            "system_power": "maker",
            "accelerators": "maker",
        },
    }


def test_disputed_second_hand_and_ruled_cells(fuller: World) -> None:
    """A dispute shows although a ruling settles it; what only the press says is second-hand; a negative stays one."""
    found = states(found_in(fuller, vendor="cobalt works"))
    assert found["cobalt/h20"]["memory"] == "disputed"
    assert found["cobalt/h20"]["fp4"] == "negative"
    assert found["cobalt/h200"]["power"] == "disputed"
    assert found["cobalt/j1-pro"]["scale_up_unstated"] == "second"
    assert found["cobalt/h200"]["int8"] == "maker"


def test_totals_add_up(fuller: World) -> None:
    """States add up to cells, vendors and kinds to the whole, and the share is of answered cells."""
    totals = found_in(fuller)["totals"]
    whole = totals["all"]
    assert sum(whole[state] for state in STATES) == whole["cells"]
    assert sum(whole[state] for state in ANSWERED) == whole["answered"]
    assert whole["independent_share"] == whole["independent"] / whole["answered"]
    for part in ("vendors", "kinds"):
        for key in ("subjects", "cells", *STATES, "answered", "independent"):
            assert sum(one[key] for one in totals[part]) == whole[key]
    assert [one["name"] for one in totals["vendors"]] == ["Acme", "Bolt", "Cobalt Works"]
    assert [one["name"] for one in totals["kinds"]] == ["asic", "gpu", "npu", "pod", "rack"]


def test_two_independent_origins(built: World) -> None:
    """A1's memory has the maker and the press; its derived peak goes back to one document."""
    found = found_in(built, headlines=["half", "memory"])
    cells = next(one["cells"] for one in found["subjects"] if one["id"] == "acme/a1")
    assert (cells["memory"]["origins"], cells["memory"]["independent"]) == (2, True)
    assert cells["half"]["independent"] is False
    assert found["totals"]["all"]["independent"] == sum(
        cell["independent"] for one in found["subjects"] for cell in one["cells"].values()
    )


def test_filters(fuller: World) -> None:
    """Vendor by id or name, country and kind without case; families only when asked for."""
    assert list(states(found_in(fuller, vendor="BOLT"))) == ["bolt/b100"]
    assert list(states(found_in(fuller, country="cn"))) == ["acme/a1", "acme/a2", "acme/rack"]
    assert list(states(found_in(fuller, kind="system"))) == ["acme/rack", "cobalt/node"]
    assert list(states(found_in(fuller, kind="POD"))) == ["acme/rack"]
    families = found_in(fuller, kind="family", headlines=["memory"])
    assert states(families)["cobalt/t"] == {"memory": "maker"}
    assert {one["type"] for one in families["subjects"]} == {"family"}
    with pytest.raises(NoAnswer):
        found_in(fuller, vendor="acme", kind="gpu")


def test_headlines_are_those_asked_for_once_each(built: World) -> None:
    """A computed headline may be asked for and is derived; an unknown one is refused with near names."""
    found = found_in(built, headlines=["bytes_per_flop", "power", "power"], kind="gpu")
    assert [one["headline"] for one in found["headlines"]] == ["bytes_per_flop", "power"]
    assert states(found) == {"bolt/b100": {"bytes_per_flop": "derived", "power": "maker"}}
    with pytest.raises(UsageError, match=r"^no headline 'bandwith'; near: bandwidth"):
        found_in(built, headlines=["bandwith"])
    with pytest.raises(UsageError, match=r"^no headline 'zzzzzz'; near: half, bf16"):
        found_in(built, headlines=["zzzzzz"])


def test_a_share_of_nothing_is_none(built: World) -> None:
    """Where no headline is answered there is no share to give."""
    total = found_in(built, headlines=["fp4"])["totals"]["all"]
    assert (total["answered"], total["independent_share"]) == (0, None)


def test_the_makers_kinds_are_those_of_the_vocabulary() -> None:
    """The kinds counted as the maker's own are exactly those that metrics.toml declares so."""
    import tomllib

    declared = tomllib.loads((ROOT / "specs" / "metrics.toml").read_text(encoding="utf-8"))["kind"]
    assert set(MAKERS) == {one["name"] for one in declared if one.get("maker")}
