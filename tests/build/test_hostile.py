"""Hostile spec files: huge, deep, tangled, or full of characters that act. They are problems or data, never a traceback, a wait or a command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import unicodedata
from typing import TYPE_CHECKING

import pytest

from accel_db.words.errors import DataFault
from accel_db.words.hidden import RANGES, visible
from tests.conftest import clean_environment

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


@pytest.mark.parametrize("file", ["changes.toml", "vendors.toml", "metrics.toml"])
def test_no_file_of_the_tree_may_be_huge(world: World, file: str) -> None:
    """The files that everything needs are as bounded as the others; what cannot be used is one sentence."""
    with (world.specs / file).open("a", encoding="utf-8") as out:
        out.write("\n# " + "x" * 3_000_000 + "\n")
    told = f"{file}:1: (toml: )?3.0 MB, and a spec file has no more than 2 MB; split it"
    try:
        (line,) = [line for line in soon(world) if file in line]
        assert re.match(told, line)
    except DataFault as fault:
        assert re.search(told, fault.message)  # noqa: PT017


SPECIAL = {
    "no end": lambda path: path.symlink_to("/dev/zero"),
    "no writer": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "a link to nowhere": lambda path: path.symlink_to("nobody@nowhere.1234"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.skipif(sys.platform == "win32", reason="special files are POSIX")
@pytest.mark.parametrize("what", SPECIAL)
@pytest.mark.parametrize(
    "file", ["accelerators/acme/zz.toml", "accelerators/acme/.#a1.toml", "sources/zz.toml", "changes.toml"]
)
def test_what_is_no_file_is_told_and_not_waited_for(world: World, what: str, file: str) -> None:
    """Devices, pipes, folders and hanging links are problems of their own, in a check and in a build, soon and in little memory."""
    SPECIAL[what](world.specs / file)
    (told,) = soon(world)
    assert told.startswith(f"{file}:1: toml: cannot be read: ")
    done = subprocess.run(
        [sys.executable, "-c", FRUGAL, "build", "--specs", str(world.specs), "--data", str(world.data)],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
    )
    assert (done.returncode, told in done.stderr) == (1, True), done


FRUGAL = """
import resource, sys
from accel_db.cli.app import serve
resource.setrlimit(resource.RLIMIT_DATA, (600_000_000, 600_000_000))
sys.exit(serve(sys.argv[1:]))
"""
"""A command that has not memory for a file without end."""


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text are Linux's")
@pytest.mark.parametrize("file", [b"accelerators/acme/\xff.toml", b"sources/\xff.toml"])
def test_a_file_name_that_is_no_text(world: World, file: bytes) -> None:
    """It is a problem, with the name shown as far as it can be."""
    path = world.specs / os.fsdecode(file)
    with path.open("wb") as out:
        out.write(b'name = "X"\nkind = "npu"\n' if file.startswith(b"acc") else b'publisher = "X"\n')
    for command in (["check"], ["build", "--data", str(world.data)]):
        done = world.run(*command, "--specs", str(world.specs))
        assert (done.returncode, "file-name: " in done.stdout + done.stderr) == (1, True), done


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


LAID_OUT = {
    "a tab in a name": (A1, 'name = "A1"', 'name = "A1\tX"'),
    "a tab in a row": (A1, 'row = "HBM"', 'row = "HBM\tX"'),
    "an escaped tab in a row": (A1, 'row = "HBM"', 'row = "HBM\\tX"'),
    "a line end in a name": (A1, 'name = "A1"', 'name = """A1\nX"""'),
    "a line end in a literal": (A1, 'name = "A1"', "name = '''A1\nX'''"),
    "a line end in an alias": (A1, '"甲1"', '"foo\\nbar"'),
    "a line end in a key": ("sources/press.toml", '["2025-a1"]', '["x\\ny"]\n["2025-a1"]'),
    "a tab in a maker's name": ("vendors.toml", '"Bolt"', '"Bolt\tX"'),
    "an escape in a maker's name": ("vendors.toml", '"Bolt"', '"Bolt\\u001b[31m"'),
    "a maker's alias": ("vendors.toml", 'country = "US"', 'country = "US"\naliases = ["a\\nb"]'),
    "a unit": ("units.toml", '"GByte"', '"GByte\\u200b"'),
    "a label": ("metrics.toml", 'label = "', 'label = "\\u202e'),
    "a definition": ("derived.toml", 'definition = "', 'definition = "\\t'),
    "a waiver": ("waivers.toml", "", '[[waiver]]\ncheck = "x"\nfile = "y"\ntext = "a\\tb"\nreason = "w"\n'),
    "an edition": ("changes.toml", "", '[[edition]]\nname = "2026.1"\ndate = 2026-01-01\nsummary = "a\\tb"\n'),
}


@pytest.mark.parametrize("what", LAID_OUT)
def test_tabs_and_line_ends_are_refused_where_they_would_break_a_line(world: World, what: str) -> None:
    """In every file: a tab anywhere, a line end in names and keys, so that no table of ours can be torn."""
    file, old, new = LAID_OUT[what]
    if old:
        world.replace(file, old, new)
    else:
        (world.specs / file).write_text(new, encoding="utf-8")
    told = [line for line in world.problems() if "hidden-character" in line]
    assert told
    assert all(line.startswith(f"{file}:") and visible(line) == line for line in told)


def test_prose_may_have_several_lines(world: World) -> None:
    """A note, a table's cell; and a file may be laid out with tabs. The list can be read afterwards."""
    world.replace(A1, 'name = "A1"', 'name\t=\t"A1"\t# a\tremark\nnote = """One.\nTwo."""')
    world.replace(A1, 'row = "HBM"', 'row = """HBM\n3"""')
    assert world.problems() == []
    world.build()
    assert (world.run("list").returncode, world.run("show", "a1").returncode) == (0, 0)


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
