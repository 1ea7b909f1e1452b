"""What bash, zsh and fish are offered: commands, ids, aliases, metrics, options and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accel_db.cli.grammar import COMMANDS, OTHERS, options_of

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


def complete(world: World, shell: str, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A shell's request to complete a line whose last word (perhaps empty) is being typed."""
    words = line.split(" ")
    asked = (
        {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)} if shell == "bash" else {"_TYPER_COMPLETE_ARGS": line}
    )
    return world.run(env={"_ACCEL_COMPLETE": f"complete_{shell}", **asked, **more})


def offers(world: World, shell: str, line: str) -> list[str]:
    """The words offered, whatever the shell's form."""
    done = complete(world, shell, line)
    assert (done.returncode, done.stderr) == (0, "")
    if shell != "zsh":
        return done.stdout.split()
    if done.stdout.strip() == "_files":
        return []
    assert done.stdout.startswith("_arguments '*: :((")
    assert done.stdout.endswith("))'\n")
    return [word.strip('"') for word in done.stdout.removeprefix("_arguments '*: :((").removesuffix("))'\n").split()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("accel ", [*COMMANDS, *OTHERS]),
        ("accel s", ["show", "sources", "sql", "systems"]),
        ("accel show h2", ["h20", "h200"]),
        ("accel show H2", ["h20", "h200"]),
        ("accel show cobalt/h", ["cobalt/h", "cobalt/h20", "cobalt/h200"]),
        ("accel compare h20 甲", ["甲1"]),
        ("accel show j1", ["j1-pro"]),
        ("accel show zzz", []),
        ("accel why h20 ban", ["bandwidth", "bandwidth_per_watt"]),
        ("accel why h20 matrix.bf16.d", ["matrix.bf16.dense"]),
        ("accel compare h20 --o", ["--only-common"]),
        ("accel compare h20 --", list(options_of("compare"))),
        ("accel compare h20 --per ", ["chip", "W", "rack"]),
        ("accel list --format j", ["json", "jsonl"]),
        ("accel show h20 --color a", ["auto", "always"]),
        ("accel compare h20 --metrics flops_per_w", ["flops_per_watt"]),
        ("accel list --sort memory.ca", ["memory.capacity"]),
        ("accel list --vendor ", []),
        ("accel metrics ", []),
        ("accel nosuch ", []),
    ],
)
def test_offers(fuller: World, shell: str, line: str, words: list[str]) -> None:
    """Every shell is offered what fits the place and the beginning typed, and nothing else; names in either case."""
    assert {word.lower() for word in offers(fuller, shell, line)} == {word.lower() for word in words}


def test_names_offered_resolve(fuller: World) -> None:
    """Every name offered answers when it is asked for."""
    names = offers(fuller, "bash", "accel show ")
    assert {"h20", "a1", "甲1", "rack"} <= {name.lower() for name in names}
    assert fuller.run("show", *names, "--json").returncode == 0


def test_fish_asks_whether_there_is_anything(fuller: World) -> None:
    """Fish's question whether there are arguments is answered by the exit code alone."""
    asked = {"_TYPER_COMPLETE_FISH_ACTION": "is-args"}
    assert [
        (done.returncode, done.stdout)
        for done in (complete(fuller, "fish", f"accel show {word}", **asked) for word in ("h2", "zzz"))
    ] == [(0, ""), (1, "")]


def test_the_other_commands_are_typers(fuller: World) -> None:
    """Options of the commands that Typer alone serves are offered too."""
    assert {"--where", "--systems", "--desc"} <= set(offers(fuller, "bash", "accel rank --"))


def test_completion_without_data(tmp_path: Path) -> None:
    """Without a build, or with a name table that is gone, completion offers nothing and leaves no traceback on the screen."""
    from tests.conftest import World

    done = complete(World(tmp_path), "bash", "accel show h")
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (4, "", False)


def test_completion_with_a_missing_name_table(copied: World) -> None:
    """A missing name table is a fault in the data, told as such."""
    from tests.fuller_world import build_folder

    (build_folder(copied) / "names.tsv").unlink()
    done = complete(copied, "fish", "accel show h")
    assert (done.returncode, done.stdout) == (4, "")
    assert "names.tsv" in done.stderr
    assert "run: accel build" in done.stderr
