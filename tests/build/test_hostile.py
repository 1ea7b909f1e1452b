"""Hostile spec files: huge, deep, tangled, or full of characters that act. They are problems or data, never a traceback, a wait or a command."""

from __future__ import annotations

import json
import time
import unicodedata
from typing import TYPE_CHECKING

import pytest

from accel_db.words.hidden import RANGES, visible

if TYPE_CHECKING:
    from tests.conftest import World

A1 = "accelerators/acme/a1.toml"
SOON = 20
"""Seconds within which any of this must be over, on the busiest machine."""


def soon(world: World) -> list[str]:
    """The problems, found in reasonable time."""
    start = time.monotonic()
    found = world.problems()
    assert time.monotonic() - start < SOON
    return found


@pytest.mark.parametrize("file", [A1, "sources/press.toml", "waivers.toml"])
def test_a_huge_file_is_not_read(world: World, file: str) -> None:
    """Its size is the problem, told at once; a file that holds no more than data is far below it."""
    world.append(file, "# " + "x" * 3_000_000 + "\n")
    (told,) = [line for line in soon(world) if file in line]
    assert told == f"{file}:1: toml: 3.0 MB, and a spec file has no more than 2 MB; split it, or see what went into it"


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000,
        "x = " + "{a=" * 50_000,
        "x." * 100_000 + "y = 1",
        "[" + "a." * 100_000 + "b]",
        "x = 1e" + "9" * 5_000,
    ],
)
def test_deep_and_endless_values(world: World, text: str) -> None:
    """Nesting beyond all bounds, and names and numbers of any length, are problems with a line."""
    world.append(A1, text + "\n")
    assert [line for line in soon(world) if line.startswith(f"{A1}:")]


def test_a_tangle_of_copies(world: World) -> None:
    """Thousands of sources that copy one another, in chains, circles and diamonds: every circle is told, and soon."""
    rows = [
        f'["s{n}"]\ntitle = "S"\nurl = "https://x.example/{n}"\nkind = "press"\nread = 2026-01-02\nhow = "quoted"\n'
        f'via = ["press/s{(n + 1) % 3_000}", "press/s{(n + 2) % 3_000}"]\n'
        for n in range(3_000)
    ]
    world.append("sources/press.toml", "\n".join(rows))
    world.append(
        A1,
        '[[reading]]\nsource = "press/s0"\nat = "table 1, column A1"\nfigures = [{ metric = "memory.stacks", printed = "4" }]\n',
    )
    assert any("cyclic-via: via goes round: " in line and "→" in line for line in soon(world))


def test_thousands_of_unknown_names(world: World) -> None:
    """Each is told; near names are looked for only so often."""
    where = ", ".join(f'"press/nothing-{n}"' for n in range(20_000))
    world.append(A1, f'[[looked]]\nmetrics = ["power.tdp"]\nwhere = [{where}]\non = 2026-01-02\n')
    assert len([line for line in soon(world) if "unknown-source" in line]) == 20_000


def test_thousands_of_figures(world: World) -> None:
    """A file may be full: every figure is read, disagreement and all."""
    lines = "\n".join(f'  {{ metric = "memory.stacks", printed = "{n % 9 + 1}", row = "{n}" }},' for n in range(10_000))
    world.append(A1, f'[[reading]]\nsource = "press/2025-a1"\nat = "table 1, column A1"\nfigures = [\n{lines}\n]\n')
    soon(world)


def test_folders_that_lead_back_to_themselves(world: World) -> None:
    """A link to a folder above is not followed for ever."""
    (world.specs / "accelerators" / "acme" / "loop").symlink_to(world.specs, target_is_directory=True)
    soon(world)
    world.build()
    assert world.run("show", "a1").returncode == 0


HOSTILE = {
    "an escape": "\x1b[2J\x1b]0;owned\x07",
    "a bell": "\x07",
    "a C1 control": "\x9b31m",
    "a turned direction": "\u202e004\u202c",
    "an isolate": "\u2066x\u2069",
    "an invisible character": "ze\u200bro",
    "a line separator": "a\u2028b",
    "a tag": "x\U000e0041",
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("field", ["name", "row", "url", "key"])
def test_characters_that_act_are_problems(world: World, what: str, field: str) -> None:
    """Wherever they stand, as themselves or escaped; the message shows them as text."""
    text = f'"{HOSTILE[what]}"' if what == "a tag" else json.dumps(HOSTILE[what])
    if field == "name":
        world.replace(A1, 'name = "A1"', f"name = {text}")
    elif field == "row":
        world.replace(A1, 'row = "HBM"', f"row = {text}")
    elif field == "url":
        world.replace("sources/press.toml", '"A1 launched"', text)
    else:
        world.append(A1, f"{text} = 1\n")
    told = [line for line in soon(world) if "hidden-character" in line]
    assert told
    assert all(visible(line) == line for line in told)
    assert all(line.endswith("; write the text without it") for line in told)


def test_no_answer_carries_them_raw(world: World) -> None:
    """Data that was built elsewhere may hold anything: no format brings it to a terminal as it is."""
    folder = world.build()
    nasty = "".join(HOSTILE.values())
    for path in [*folder.glob("cards/acme/a1.json"), *folder.glob("briefs/acme/a1.json")]:
        card = json.loads(path.read_text(encoding="utf-8"))
        card["name"] = card["note"] = nasty
        card["aliases"] = [nasty]
        for claim in card["claims"]:
            claim["row"] = claim["note"] = nasty
        path.write_text(json.dumps(card), encoding="utf-8")
    for argv in (
        ["show", "a1"],
        ["show", "a1", "--all", "--sources"],
        ["compare", "a1", "b100"],
        ["why", "a1", "memory"],
        ["claims", "a1"],
    ):
        for form in ("table", "json", "jsonl", "csv", "tsv", "md"):
            done = world.run(*argv, "--format", form)
            assert done.returncode == 0
            assert visible(done.stdout, "\n\t") == done.stdout, (argv, form)
    done = world.run("show", nasty, nasty + "2", "--json")
    assert (done.returncode, visible(done.stderr, "\n")) == (3, done.stderr)
    done = world.run("list", "--vendor", nasty)
    assert visible(done.stderr, "\n") == done.stderr


def test_every_hidden_character_is_known() -> None:
    """The ranges are Unicode's controls, format characters, surrogates and separators of lines and paragraphs; nothing that shows is among them."""
    known = {code for first, last in RANGES for code in range(first, last + 1)}
    hidden = {code for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert hidden <= known
    assert {unicodedata.category(chr(code)) for code in known - hidden} <= {"Cn", "Mn", "Lo"}


@pytest.mark.parametrize("text", ["", "plain", "昇腾 910C　×2", "a\u00a0b", "é\u0301", "①②"])
def test_what_shows_is_left_alone(text: str) -> None:
    """Spaces of every width, accents and other scripts are no hidden characters."""
    assert visible(text) == text


@pytest.mark.parametrize("text", [*HOSTILE.values(), "\ud800", "\u202e\n"])
def test_escapes_are_those_of_json(text: str) -> None:
    """What was hidden can be read back exactly."""
    assert json.loads(f'"{visible(text)}"') == text
