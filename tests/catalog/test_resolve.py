"""From names to subjects: exact in any spelling of case, spaces and hyphens; never by guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accel_db.catalog.resolve import expand, find, one_id
from accel_db.catalog.store import Store
from accel_db.words.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


@pytest.fixture
def store(fuller: World) -> Store:
    """The fuller world's data."""
    return Store(str(fuller.data))


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("cobalt/h20", "cobalt/h20"),
        ("h20", "cobalt/h20"),
        ("H20", "cobalt/h20"),
        ("h 20", "cobalt/h20"),
        ("H-20", "cobalt/h20"),
        ("h\u201120", "cobalt/h20"),
        ("Cobalt / H20", "cobalt/h20"),
        ("\uff28\uff12\uff10", "cobalt/h20"),
        ("h200", "cobalt/h200"),
        ('hopper "plus"', "cobalt/h200"),
        ("Acme A1 64GB", "acme/a1"),
        ("acme-a1-64gb", "acme/a1"),
        ("甲1", "acme/a1"),
        ("甲 1", "acme/a1"),
        ("acme rack-384", "acme/rack"),
        ("rack", "acme/rack"),
    ],
)
def test_exact_names_answer(store: Store, name: str, subject: str) -> None:
    """An id, its last part, a name or an alias answers, whatever its case, spaces and hyphens, in any script."""
    assert one_id(store, name) == subject


@pytest.mark.parametrize(
    "name",
    [
        "H2",
        "H2O",
        "H20 0 0",
        "h20-96gb",
        "cobalt",
        "cobalt/",
        "A10",
        "甲",
        "b100 80",
        "h20/",
        "",
        " ",
        "h20\t",
        "x" * 201,
        "h20" + " " * 300,
    ],
)
def test_nothing_else_answers(store: Store, name: str) -> None:
    """A part of a name, a longer name or a near name answers nothing; a tab counts as a space, and 200 characters are the most."""
    if name == "h20\t":
        assert find(store, name) == ("accelerator", "cobalt/h20")
        return
    assert find(store, name) is None
    with pytest.raises(NotFound):
        one_id(store, name)


def test_h20_never_becomes_h200(store: Store, copied: World) -> None:
    """Without an H20 in the data, H20 is not found; H200 is only suggested."""
    from tests.fuller_world import build_folder

    table = build_folder(copied) / "names.tsv"
    lines = table.read_bytes().splitlines(keepends=True)
    table.write_bytes(b"".join(line for line in lines if b"cobalt/h20\t" not in line))
    (build_folder(copied) / "complete").write_text(f"1 x {table.stat().st_size}\n")
    assert one_id(store, "h20") == "cobalt/h20"
    with pytest.raises(NotFound) as caught:
        one_id(Store(str(copied.data)), "h20")
    assert caught.value.facts["names"] == [{"name": "h20", "near": ["cobalt/h200"]}]


def test_all_bad_names_at_once(store: Store) -> None:
    """Every bad name is in one error, each with its near ids; no corrected line where one of them has none."""
    with pytest.raises(NotFound) as caught:
        expand(store, ["h2o", "h200", "zzz", "b10"])
    assert caught.value.message.split("\n") == [
        "no accelerator, system or family 'h2o'; near: cobalt/h20",
        "no accelerator, system or family 'zzz'",
        "no accelerator, system or family 'b10'; near: bolt/b100",
    ]
    assert caught.value.facts["try_"] == []
    assert caught.value.exit_code == 3


def test_one_corrected_line(store: Store) -> None:
    """Where every bad name has a near one, the corrected list keeps the good names and the order."""
    with pytest.raises(NotFound) as caught:
        expand(store, ["b10", "acme/a1", "h2o"])
    assert caught.value.facts["try_"] == ["b100", "a1", "h20"]


def test_long_names_are_not_repeated_whole(store: Store) -> None:
    """A message about an endless name stays short and says how long the name was."""
    with pytest.raises(NotFound) as caught:
        one_id(store, "x" * 200_000)
    assert caught.value.message == f"no accelerator, system or family '{'x' * 40}… (200000 characters)'"
    assert len(caught.value.facts["names"][0]["name"]) == 200


@pytest.mark.parametrize(
    ("name", "members", "said"),
    [
        ("h", ["cobalt/h20", "cobalt/h200"], "'h' is a family; one of: cobalt/h20, cobalt/h200"),
        ("BARE", [], "'BARE' is a family; none of its members is told apart yet"),
    ],
)
def test_a_family_fails_with_its_members(store: Store, name: str, members: list[str], said: str) -> None:
    """Where one subject is needed a family is ambiguous, and the error lists what it covers."""
    with pytest.raises(Ambiguous) as caught:
        one_id(store, name)
    assert (caught.value.message, caught.value.facts["candidates"], caught.value.exit_code) == (said, members, 3)


@pytest.mark.parametrize(
    ("names", "keep", "ids", "notes"),
    [
        (["h200", "h"], False, ["cobalt/h200", "cobalt/h20"], ["h is a family: cobalt/h20, cobalt/h200"]),
        (["t"], False, ["cobalt/t1", "cobalt/t2", "cobalt/t3"], ["t is a family: cobalt/t1, cobalt/t2, cobalt/t3"]),
        (
            ["t", "h20", "T"],
            True,
            ["cobalt/t", "cobalt/t1", "cobalt/t2", "cobalt/t3", "cobalt/h20"],
            ["t is a family: cobalt/t1, cobalt/t2, cobalt/t3", "T is a family: cobalt/t1, cobalt/t2, cobalt/t3"],
        ),
        (["h"], True, ["cobalt/h20", "cobalt/h200"], ["h is a family: cobalt/h20, cobalt/h200"]),
        (["bare", "bare"], False, ["cobalt/bare"], []),
    ],
)
def test_families_expand_once_each(
    store: Store, names: list[str], keep: bool, ids: list[str], notes: list[str]
) -> None:
    """Families become their members in order, each subject once; a family with figures comes first when it is to be kept."""
    cards, said = expand(store, names, keep_family=keep)
    assert ([card["id"] for card in cards], said) == (ids, notes)
