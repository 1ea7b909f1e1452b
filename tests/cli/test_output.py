"""What reaches the screen: plain and whole off a terminal, coloured and wrapped on one, aligned in every script."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from accel_db.render.draw import width
from tests.conftest import clean_environment

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

ESCAPE = "\x1b["
ASKED = (
    ["show", "h20", "--all", "--sources"],
    ["list"],
    ["why", "h20", "half"],
    ["compare", "h20", "h200"],
    ["claims", "h20"],
    ["metrics"],
    ["sql", "select * from vendor"],
    ["rank", "half"],
)


def on_terminal(world: World, *argv: str, columns: int = 80, **environment: str) -> str:
    """What a command writes to a terminal so many columns wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    settings = {**clean_environment(), "TERM": "xterm-256color", "ACCEL_DB_DATA": str(world.data), **environment}
    with subprocess.Popen(
        [sys.executable, "-m", "accel_db", *argv],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=settings,
    ) as process:
        os.close(theirs)
        read = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            read += part
        assert process.wait() == 0
    os.close(ours)
    return read.decode().replace("\r\n", "\n")


def plain(text: str) -> str:
    """A text without its colours."""
    parts = text.split(ESCAPE)
    return parts[0] + "".join(part.partition("m")[2] for part in parts[1:])


@pytest.mark.parametrize("argv", ASKED, ids=lambda argv: argv[0])
def test_off_a_terminal_all_is_plain_and_whole(fuller: World, argv: list[str]) -> None:
    """Through a pipe there are no escapes, no boxes, no trailing blanks, and the width asked for by COLUMNS or TERM cuts nothing."""
    done = fuller.run(*argv)
    assert done.returncode == 0
    assert not any(sign in done.stdout for sign in ("\x1b", "│", "─"))
    assert [line for line in done.stdout.splitlines() if line != line.rstrip()] == []
    assert done.stdout.endswith("\n")
    assert fuller.run(*argv, env={"COLUMNS": "20", "TERM": "xterm"}).stdout == done.stdout
    assert fuller.run(*argv, env={"LC_ALL": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0"}).stdout == done.stdout


@pytest.mark.parametrize(
    ("argv", "environment", "colour"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": ""}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color=never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "auto"], {"FORCE_COLOR": "1"}, True),
        (["--color", "always", "--format", "json"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always", "--format", "csv"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always", "--format", "md"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_when_there_is_colour(fuller: World, argv: list[str], environment: dict[str, str], colour: bool) -> None:
    """--color decides over NO_COLOR, that over FORCE_COLOR, that over the pipe; only tables are coloured, and colours change no letter."""
    done = fuller.run("compare", "h20", "h200", *argv, env=environment)
    assert (ESCAPE in done.stdout) == colour
    if colour:
        assert plain(done.stdout) == fuller.run("compare", "h20", "h200").stdout


@pytest.mark.parametrize(
    ("argv", "environment", "colour"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        ([], {"TERM": "dumb"}, False),
        ([], {"TERM": ""}, False),
        (["--color", "never"], {}, False),
    ],
)
def test_colour_on_a_terminal(fuller: World, argv: list[str], environment: dict[str, str], colour: bool) -> None:
    """A terminal that knows colours gets them, unless told otherwise."""
    assert (ESCAPE in on_terminal(fuller, "show", "h20", *argv, **environment)) == colour


@pytest.mark.parametrize(
    "argv",
    [
        ["metrics", "--group", "Memory"],
        ["sources"],
        ["claims", "h20"],
        ["why", "h20", "half"],
        ["sql", "select title, url, title || ' ' || url as twice from source"],
    ],
    ids=lambda argv: argv[0],
)
def test_a_terminal_wraps_and_loses_nothing(fuller: World, argv: list[str]) -> None:
    """A narrow terminal gets more lines, none wider than a wide one's, with every word still there; a wide one gets what a pipe gets."""
    whole = fuller.run(*argv).stdout
    narrow, wide = (plain(on_terminal(fuller, *argv, columns=columns)) for columns in (100, 1000))
    assert wide == whole
    assert len(narrow.splitlines()) > len(whole.splitlines())
    assert max(map(width, narrow.splitlines())) < max(map(width, whole.splitlines()))
    assert sorted("".join(narrow.split())) == sorted("".join(whole.split()))


def test_a_table_that_can_fits_the_terminal(fuller: World) -> None:
    """The vocabulary on 100 columns takes no line wider than that, and COLUMNS wins over the terminal's own width."""
    assert max(map(width, plain(on_terminal(fuller, "metrics", "--group", "Memory", columns=100)).splitlines())) <= 100
    asked = on_terminal(fuller, "metrics", "--group", "Memory", columns=60, COLUMNS="100")
    assert asked == on_terminal(fuller, "metrics", "--group", "Memory", columns=100)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("H20 96GB", 8),
        ("甲1", 3),
        ("昇腾910C", 8),
        ("Ａ", 2),
        ("e\u0301", 1),
        ("a\u200bb", 2),
        ("⚡752–800", 9),
        ("▲ 989 ≥ 5.1×", 12),
        ("°", 1),
        ("한국", 4),
    ],
)
def test_width(text: str, cells: int) -> None:
    """Wide characters take two cells, combining marks and zero-width signs none, our own signs as terminals draw them."""
    assert width(text) == cells


def test_wide_characters_align(fuller: World) -> None:
    """A column after one with Chinese in it starts at the same cell in every row."""
    lines = fuller.run(
        "sql", "SELECT name, 'x' AS mark FROM (VALUES ('甲乙丙丁'), ('H20'), ('é')) AS t (name)"
    ).stdout.splitlines()
    assert {width(line[: line.index("x")]) for line in lines[1:4]} == {10}
    assert lines[0] == "name" + " " * 6 + "mark"
