"""``accel new``: skeletons that pass every check, explain every key, and never touch what is there."""

from __future__ import annotations

import io
import re
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
import typer

from accel_db.cli import app as program
from accel_db.cli import new_command
from accel_db.curate import models
from accel_db.curate.skeletons import FOLDERS, most_used, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import World

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def accel(world: World, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``accel new`` in this process on the tiny world: exit code, stdout, stderr."""
    fresh = typer.Typer(pretty_exceptions_enable=False)
    new_command.register(fresh)
    fresh.callback()(lambda: None)
    monkeypatch.setattr(program, "app", fresh)
    monkeypatch.chdir(world.root)

    def run(*argv: str) -> tuple[int, str, str]:
        code = program.serve(["new", *argv, "--specs", str(world.specs)])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


def files_of(world: World) -> dict[Path, bytes]:
    """Every file of the world."""
    return {path: path.read_bytes() for path in world.specs.rglob("*") if path.is_file()}


def uncommented(text: str) -> str:
    """The text with every key in force: a ``#`` without a space behind it is taken away."""
    return re.sub(r"(?m)^#(?=  \{|[^ ])", "", text)


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_skeleton_passes_every_check(accel: Run, world: World, kind: str) -> None:
    """It is a file of its place, with a name to correct, and lacks figures only."""
    code, out, err = accel(kind, "bolt/b200-xl")

    assert (code, out) == (0, "")
    assert err == f"accel: wrote specs/{FOLDERS[kind]}/bolt/b200-xl.toml; fill in what it asks for, then: accel check\n"
    assert world.checks() == ({"no-figures"} if kind in ("accelerator", "system") else set())
    assert (
        tomllib.loads((world.specs / FOLDERS[kind] / "bolt/b200-xl.toml").read_text(encoding="utf-8"))["name"]
        == "B200 XL"
    )


def test_the_kind_is_a_guess_from_the_same_vendor(accel: Run, world: World) -> None:
    """A vendor's commonest kind, else the commonest of all."""
    accel("accelerator", "bolt/b200")
    accel("accelerator", "acme/a9")
    accel("system", "bolt/pod")

    kinds = [
        tomllib.loads((world.specs / file).read_text(encoding="utf-8"))["kind"]
        for file in ("accelerators/bolt/b200.toml", "accelerators/acme/a9.toml", "systems/bolt/pod.toml")
    ]
    assert kinds == ["gpu", "npu", "pod"]


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_key_of_a_file_is_explained(accel: Run, world: World, kind: str) -> None:
    """With the signs taken away the skeleton is a valid file that uses every key there is."""
    accel(kind, "bolt/b200")
    data = tomllib.loads(uncommented((world.specs / FOLDERS[kind] / "bolt/b200.toml").read_text(encoding="utf-8")))

    spec = models.KINDS[FOLDERS[kind]].model_validate(data)

    workload = set() if kind == "architecture" else {"model", "precision", "scenario", "count"}
    assert set(data) == set(type(spec).model_fields)
    for name, model, unused in (
        ("reading", models.Reading, {"figures", "model", "precision", "scenario", "count"} - workload - {"figures"}),
        ("ruling", models.Ruling, {"metric", "per", "variant"}),
        ("looked", models.Looked, set()),
    ):
        assert {key for row in data[name] for key in row} == set(model.model_fields) - unused
    figures = [figure for reading in data["reading"] for figure in reading["figures"]]
    left_out = {"model", "precision", "scenario", "count"} - workload
    assert {key for figure in figures for key in figure} == set(models.Figure.model_fields) - left_out


def test_the_examples_of_a_skeleton_are_figures_that_can_be_read(accel: Run, world: World) -> None:
    """Metrics, units and levels of the examples are the vocabulary's: only sources and references are missing."""
    for kind in ("accelerator", "system", "architecture"):
        accel(kind, f"bolt/x-{kind}")  # the same words in every file, so that only references can be missing
        path = world.specs / FOLDERS[kind] / f"bolt/x-{kind}.toml"
        text = uncommented(path.read_text(encoding="utf-8"))
        text = text.replace("bolt/some-document", "bolt/b100-page").replace("bolt/some-measurement", "bolt/b100-page")
        path.write_text(text.replace('"public file 1"', '"acme/a1-paper"'), encoding="utf-8")

    assert world.checks() == {"unknown-reference", "needless-ruling"}


def test_a_source_lacks_only_what_was_read_in_it(accel: Run, world: World) -> None:
    """A new table in the publisher's file, or a new file; the one complaint is that nothing uses it."""
    before = (world.specs / "sources/bolt.toml").read_text(encoding="utf-8")
    assert accel("source", "bolt/2026-b200")[0] == 0
    assert accel("source", "chipnews/2026-b200")[0] == 0

    after = (world.specs / "sources/bolt.toml").read_text(encoding="utf-8")
    fresh = tomllib.loads((world.specs / "sources/chipnews.toml").read_text(encoding="utf-8"))
    assert after.startswith(before.rstrip("\n"))
    assert [tomllib.loads(after)["2026-b200"]["kind"], fresh["2026-b200"]["kind"]] == ["datasheet", "press"]
    assert [tomllib.loads(after)["publisher"], fresh["publisher"]] == ["Bolt", "Chipnews"]
    assert world.checks() == {"home-page", "unused-source"}


def test_every_key_of_a_source_is_explained(accel: Run, world: World) -> None:
    """With the signs taken away the table is a valid source that uses every key there is."""
    accel("source", "acme-labs/paper")
    text = uncommented((world.specs / "sources/acme-labs.toml").read_text(encoding="utf-8"))

    row = tomllib.loads(text)["paper"]

    assert set(row) == set(models.Source.model_fields)
    assert models.Source.model_validate(row).kind == "press"


def test_a_publisher_that_is_a_vendor_has_its_name(accel: Run, world: World) -> None:
    """The first line of a maker's own file is the maker's name."""
    world.append("vendors.toml", '[cog]\nname = "Cog Inc."\ncountry = "US"\n')
    accel("source", "cog/c1-page")

    assert tomllib.loads((world.specs / "sources/cog.toml").read_text(encoding="utf-8"))["publisher"] == "Cog Inc."


TAKEN = {
    ("accelerator", "acme/a1"): "specs/accelerators/acme/a1.toml is there already; nothing was written",
    ("architecture", "acme/one"): "specs/architectures/acme/one.toml is there already",
    ("source", "acme/a1-paper"): "source 'acme/a1-paper' is in specs/sources/acme.toml already; nothing was written",
    ("system", "acme/a1"): "'A1' already leads to acme/a1 (accelerators/acme/a1.toml); nothing was written",
    ("accelerator", "bolt/a-1"): "'A1' already leads to acme/a1",
    ("family", "bolt/bolt-b100-80gb"): "'BOLT B100 80GB' already leads to bolt/b100",
}


@pytest.mark.parametrize("argv", TAKEN)
def test_what_is_there_is_never_touched(accel: Run, world: World, argv: tuple[str, str]) -> None:
    """An id, a name or a source that is taken is exit 1 with whose it is, and no file changes."""
    before = files_of(world)
    code, _, err = accel(*argv)

    assert (code, TAKEN[argv] in err) == (1, True), err
    assert before == files_of(world)


def test_a_link_to_nowhere_is_there_too(accel: Run, world: World) -> None:
    """A dangling link is not written through, nor a file that appears while the tree is read."""
    (world.specs / "accelerators/acme/a9.toml").symlink_to(world.root / "elsewhere")

    assert accel("accelerator", "acme/a9")[0] == 1
    assert not (world.root / "elsewhere").exists()
    with pytest.raises(new_command.NoAnswer, match="is there already"):
        new_command._create(world.specs / "vendors.toml", "")


WRONG = {
    ("chip", "acme/a9"): "'chip' is not one of accelerator, system, family, architecture, source",
    (
        "accelerator",
        "Acme/A 9 (64GB)",
    ): "'Acme/A 9 (64GB)' is no id: write vendor/name in lower case with hyphens, such as acme/a-9-64gb",
    ("accelerator", "a9"): "'a9' is no id: write vendor/name in lower case with hyphens\n",
    ("accelerator", "acme/../../a9"): "is no id",
    ("source", "acme/"): "'acme/' is no id: write publisher/document in lower case with hyphens\n",
}


@pytest.mark.parametrize("argv", WRONG)
def test_an_id_that_is_none_is_refused_with_one_that_would_do(accel: Run, world: World, argv: tuple[str, str]) -> None:
    """Usage, exit 2, and nothing written, within the folder or outside it."""
    before = files_of(world)
    code, _, err = accel(*argv)

    assert (code, WRONG[argv] in err) == (2, True), err
    assert before == files_of(world)


def test_an_unknown_vendor_is_written_with_a_warning(accel: Run, world: World) -> None:
    """Near names are offered; a publisher's likewise; the file is written all the same."""
    code, _, err = accel("accelerator", "acmee/x1")
    assert (code, "no vendor 'acmee' is known: did you mean acme? Else add it to vendors.toml" in err) == (0, True)
    code, _, err = accel("accelerator", "zenith/z1")
    assert (code, "no vendor 'zenith' is known: so add it to vendors.toml" in err) == (0, True)
    code, _, err = accel("source", "acmee/page")
    assert (code, "'acmee' is a new publisher; did you mean acme?" in err) == (0, True)

    assert world.checks() == {"home-page", "no-figures", "unknown-reference", "unused-source"}


def test_a_publishers_file_that_cannot_be_read_is_left_alone(accel: Run, world: World) -> None:
    """Adding to broken TOML would help nobody."""
    world.write("sources/bolt.toml", "publisher = \n")
    code, _, err = accel("source", "bolt/2026-b200")

    assert (code, "specs/sources/bolt.toml cannot be read, see accel check; nothing was written" in err) == (1, True)
    assert (world.specs / "sources/bolt.toml").read_text() == "publisher = \n"


def test_a_full_disk_leaves_nothing_half_written(accel: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither half a new file nor half a publisher's file."""
    before = files_of(world)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(world.specs), "replace", full)
    code, _, err = accel("source", "bolt/2026-b200")
    assert (code, "cannot write" in err and "No space left on device" in err) == (4, True)
    with monkeypatch.context() as patched:
        patched.setattr(type(world.specs), "open", opened_on_a_full_disk)
        with pytest.raises(new_command.DataFault, match=r"cannot write .*: No space left on device"):
            new_command._create(world.specs / "accelerators/acme/a9.toml", "text")
    assert before == files_of(world)


def opened_on_a_full_disk(path: Path, *_: object, **__: object) -> FullDisk:
    """A file that is made, and then meets the end of the disk."""
    path.touch()
    return FullDisk()


class FullDisk(io.StringIO):
    """A file that cannot be written."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


def test_guesses_at_names_and_kinds() -> None:
    """Initials and numbers in capitals, other words with one; the commonest kind, the first by name among equals."""
    assert [shown_name(name) for name in ("h200-sxm", "cloudmatrix-384", "mi300x", "b40")] == [
        "H200 SXM",
        "Cloudmatrix 384",
        "MI300X",
        "B40",
    ]
    assert [most_used(["npu", "gpu", "npu"], "x"), most_used(["npu", "gpu"], "x"), most_used([], "x")] == [
        "npu",
        "gpu",
        "x",
    ]
