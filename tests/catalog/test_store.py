"""The built data on disk: the bisected name table, and what is said when files are missing, damaged or of another schema."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from accel_db.catalog import store as store_module
from accel_db.catalog.store import Store
from accel_db.words.errors import DataFault

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

KEYS = ["".join(letters) for size in (1, 2, 3, 4) for letters in itertools.product("h02é甲", repeat=size)]


def store_with_names(data: Path, lines: list[tuple[str, str, str, str]]) -> Store:
    """A build that holds nothing but a name table."""
    (data / "build").mkdir(parents=True)
    (data / "current").write_text("build\n", encoding="utf-8")
    encoded = sorted("\t".join(line).encode() + b"\n" for line in lines)
    (data / "build" / "names.tsv").write_bytes(b"".join(encoded))
    return Store(str(data))


@pytest.mark.parametrize("count", [1, 2, 3, len(KEYS)])
def test_bisection_finds_every_key_and_nothing_else(tmp_path: Path, count: int) -> None:
    """Each key of a table is found alone, the first, the last and the prefixes of others too; keys not in it find nothing."""
    keys = KEYS[:count]
    lines = [(key, "accelerator", f"v/{key}" + "x" * (place % 37), f"Name {key}") for place, key in enumerate(keys)]
    store = store_with_names(tmp_path, lines)
    assert {key: [tuple(entry) for entry in store.lookup(key)] for key in keys} == {line[0]: [line] for line in lines}
    absent = ["", "\0", "h3", "h20h20", "h2 ", "zzz", "~", "龍", *(key + "0" for key in keys if len(key) == 4)]
    assert [key for key in absent if store.lookup(key)] == []


def test_a_prefix_is_not_its_longer_neighbour(tmp_path: Path) -> None:
    """h20 leads to h20 alone though h2, h200 and h20-like keys stand around it."""
    store = store_with_names(
        tmp_path, [(key, "accelerator", f"v/{key}", key) for key in ("h2", "h20", "h200", "h2000", "h20a", "h21")]
    )
    assert [store.lookup(key)[0][2] for key in ("h2", "h20", "h200", "h2000")] == ["v/h2", "v/h20", "v/h200", "v/h2000"]
    assert store.lookup("h") == []


def test_several_lines_of_one_key_are_all_found(tmp_path: Path) -> None:
    """Every line with the key asked for is returned, in the table's order."""
    store = store_with_names(
        tmp_path,
        [
            ("a", "family", "v/a", "A"),
            ("b", "accelerator", "v/b1", "B"),
            ("b", "accelerator", "v/b2", "B"),
            ("c", "system", "v/c", "C"),
        ],
    )
    assert [entry[2] for entry in store.lookup("b")] == ["v/b1", "v/b2"]


def test_an_empty_name_table_finds_nothing(tmp_path: Path) -> None:
    """A table without lines answers nothing and raises nothing."""
    store = store_with_names(tmp_path, [])
    (Path(store.folder) / "complete").write_text("1 x 0\n")
    assert store.lookup("a") == []
    assert list(store.names()) == []


def test_every_name_of_a_real_build_is_found(fuller: World) -> None:
    """Bisection finds exactly the lines that a plain walk through a built table finds."""
    store = Store(str(fuller.data))
    walked: dict[str, list[tuple[str, ...]]] = {}
    for entry in store.names():
        walked.setdefault(entry[0], []).append(tuple(entry))
    assert len(walked) > 20
    assert {key: [tuple(entry) for entry in store.lookup(key)] for key in walked} == walked


def test_no_build_says_what_to_do(tmp_path: Path) -> None:
    """A folder without a build is a fault in the data, and the message says how to get one."""
    with pytest.raises(DataFault) as caught:
        Store(str(tmp_path))
    assert caught.value.message == f"no built data in {tmp_path}; run: accel build"
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("content", [b"", b"\n", b"nosuch\n", b"a\0b\n"])
def test_current_that_names_no_build(tmp_path: Path, content: bytes) -> None:
    """A `current` that is empty or names a build that is not there is a fault, never a build of another kind."""
    (tmp_path / "current").write_bytes(content)
    with pytest.raises(DataFault, match="names a build that is not there; run: accel build"):
        Store(str(tmp_path))


def test_current_that_is_no_text(tmp_path: Path) -> None:
    """A `current` that is not UTF-8, or no file, is a fault that names the file."""
    (tmp_path / "current").write_bytes(b"\xff\xfe")
    with pytest.raises(DataFault, match=r"cannot read .*current: .*run: accel build"):
        Store(str(tmp_path))
    (tmp_path / "current").unlink()
    (tmp_path / "current").mkdir()
    with pytest.raises(DataFault, match=r"cannot read .*current: Is a directory; run: accel build"):
        Store(str(tmp_path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is damaged"),
        (b"", "is damaged"),
        (b"[]", "is damaged"),
        (b"null", "is damaged"),
        (b'{"schema": 1}', "is damaged"),
        (b"\xff", "cannot read"),
        (b'{"schema": 99}', "has schema 99, this accel-db reads 1"),
        (b"{}", "has schema None, this accel-db reads 1"),
    ],
)
def test_a_card_that_cannot_be_used(copied: World, content: bytes, said: str) -> None:
    """A damaged card, or one of another schema, is a fault that names the file and the cure."""
    from tests.fuller_world import build_folder

    card = build_folder(copied) / "cards" / "cobalt" / "h20.json"
    card.write_bytes(content)
    with pytest.raises(DataFault) as caught:
        Store(str(copied.data)).card("cobalt/h20")
    assert said in caught.value.message
    assert str(card) in caught.value.message
    assert caught.value.message.endswith("; run: accel build")


def test_a_missing_card_and_a_missing_table(copied: World) -> None:
    """Files that are gone are faults that name them."""
    from tests.fuller_world import build_folder

    store, folder = Store(str(copied.data)), build_folder(copied)
    for file in ("cards/cobalt/h20.json", "names.tsv", "list.tsv"):
        (folder / file).unlink()
    for ask in (
        lambda: store.card("cobalt/h20"),
        lambda: store.lookup("h20"),
        lambda: list(store.names()),
        store.listed,
    ):
        with pytest.raises(DataFault, match="run: accel build"):
            ask()


def test_damaged_rows_and_names(copied: World) -> None:
    """Rows, names and marks that cannot be read are faults, not Python errors."""
    from tests.fuller_world import build_folder

    store, folder = Store(str(copied.data)), build_folder(copied)
    (folder / "list.tsv").write_text("{x\n", encoding="utf-8")
    (folder / "names.tsv").write_bytes(b"\xff garbage\nh20\n")
    (folder / "marks.json").write_text("{", encoding="utf-8")
    for ask in (store.listed, lambda: list(store.names()), store.marks):
        with pytest.raises(DataFault, match="run: accel build"):
            ask()


def test_rows_are_those_written(fuller: World) -> None:
    """The rows of `list` are one a subject, in the order of their ids."""
    ids = [one.id for one in Store(str(fuller.data)).listed()]
    assert ids == sorted(ids)
    assert {"acme/a1", "cobalt/h", "cobalt/node"} <= set(ids)


def test_the_environment_names_the_data(fuller: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACCEL_DB_DATA is read when no folder is given, and an argument wins over it."""
    monkeypatch.setenv("ACCEL_DB_DATA", str(fuller.data))
    assert Store().data == str(fuller.data)
    monkeypatch.setenv("ACCEL_DB_DATA", os.devnull)
    assert Store(str(fuller.data)).card("cobalt/h20")["name"] == "H20"


def test_stale_speaks_only_in_a_checkout(copied: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other data is never stale; a checkout's is when its spec files differ from those it was built from."""
    assert Store(str(copied.data)).stale() is None
    package = tmp_path / "checkout" / "accel_db"
    package.mkdir(parents=True)
    (copied.data).rename(package / "data")
    monkeypatch.setattr(store_module, "PACKAGE", str(package))
    store = Store(str(package / "data"))
    assert store.stale() is None
    (tmp_path / "checkout" / "specs").mkdir()
    (tmp_path / "checkout" / "specs" / "metrics.toml").write_text("", encoding="utf-8")
    assert store.stale() == "the build is older than specs/: run accel build"
    store.stamp = store_module.stamp(str(tmp_path / "checkout" / "specs"))
    assert store.stale() is None


def test_cards_carry_schema_and_edition(fuller: World) -> None:
    """Every card on disk is JSON with the schema and the edition of the package."""
    from accel_db import SCHEMA, __version__
    from tests.fuller_world import build_folder

    cards = sorted((build_folder(fuller) / "cards").rglob("*.json"))
    assert len(cards) > 10
    assert {
        (card["schema"], card["edition"]) for card in (json.loads(path.read_text(encoding="utf-8")) for path in cards)
    } == {(SCHEMA, __version__)}


def test_a_cut_name_table_is_a_fault(copied: World) -> None:
    """Half a table would say that half the names are unknown: its size is known, and compared before a name is called unknown."""
    from accel_db.catalog.resolve import unknown
    from tests.fuller_world import build_folder

    path = build_folder(copied) / "names.tsv"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2].rpartition(b"\n")[0] + b"\n")
    with pytest.raises(DataFault, match=r"names\.tsv is damaged"):
        raise unknown(Store(str(copied.data)), ["t3"])
