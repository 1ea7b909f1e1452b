"""Which spec files are read together: those that name one another, found from their heads alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accel_db.curate.groups import known_kinds, parts, read_heads

if TYPE_CHECKING:
    import pytest

    from tests.conftest import World

FILES = [
    ("accelerators/acme/x1.toml", 'name = "X1"\nkind = "npu"\narchitecture = "acme/x"\nfamily = ["acme/xs"]\n'),
    ("accelerators/bolt/y1.toml", 'name = "Y1"\nkind = "gpu"\n'),
    ("architectures/acme/x.toml", 'name = "X"\n'),
    ("families/acme/xs.toml", 'name = "Xs"\n'),
    (
        "systems/acme/tray.toml",
        'name = "Tray"\nkind = "board"\nbuilt_from = [\n  { accelerator = "acme/x1", count = 2 },\n]\n',
    ),
]


def written(world: World) -> None:
    """Only these files, nothing of the tiny world's own."""
    for folder in ("accelerators", "architectures", "families", "systems"):
        for path in (world.specs / folder).glob("**/*.toml"):
            path.unlink()
    for file, text in FILES:
        world.write(file, text)


def test_files_that_name_one_another_are_one_part(world: World) -> None:
    """An accelerator goes with its architecture, family and system; a stranger goes alone. Each part is in reading order."""
    written(world)
    heads = read_heads(world.specs)
    assert parts(heads, size=1) == [
        ["architectures/acme/x.toml", "accelerators/acme/x1.toml", "families/acme/xs.toml", "systems/acme/tray.toml"],
        ["accelerators/bolt/y1.toml"],
    ]
    assert parts(heads) == [[head.file for head in heads]]
    assert known_kinds(heads) == {
        "architecture:acme/x": "architecture",
        "acme/x1": "accelerator",
        "bolt/y1": "accelerator",
        "acme/xs": "family",
        "acme/tray": "system",
    }


def test_every_file_is_in_one_part(world: World) -> None:
    """Whatever the size of a part."""
    heads = read_heads(world.specs)
    for size in (1, 300, 10**9):
        files = [file for part in parts(heads, size) for file in part]
        assert sorted(files) == sorted(head.file for head in heads)


def test_a_head_with_a_line_like_a_heading(world: World) -> None:
    """A text of several lines may look like a heading: then the file is read whole to know what it names."""
    written(world)
    world.write(
        "systems/acme/tray.toml",
        'name = """\n[Tray]"""\nkind = "board"\nbuilt_from = [{ accelerator = "bolt/y1", count = 2 }]\n',
    )
    tray = next(head for head in read_heads(world.specs) if head.kind == "system")
    assert tray.names == ("bolt/y1",)


def test_broken_and_odd_heads_name_nothing(world: World) -> None:
    """What cannot be read names nobody here; who reads the file whole says what is wrong with it."""
    written(world)
    world.write("systems/acme/tray.toml", "name = [broken")
    (world.specs / "accelerators/acme/x1.toml").write_bytes(b"\xff\xfe")
    world.write("accelerators/bolt/y1.toml", 'name = 1\nfamily = "acme/xs"\nbuilt_from = [1, { accelerator = 2 }]\n')
    assert {head.names for head in read_heads(world.specs)} == {()}


def test_two_files_of_one_id_are_read_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the second is told of the first."""
    monkeypatch.setattr("accel_db.curate.groups.PART", 1)
    written(world)
    world.write("families/bolt/y1.toml", 'name = "Y1 too"\n')
    assert any("duplicate-id" in line for line in world.problems())
