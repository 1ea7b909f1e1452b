"""Lists in pages: all of it through a pipe, a page at a time on a terminal or when asked."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import clean_environment

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


def ids(world: World, *argv: str) -> list[str]:
    """The ids that a list gives through a pipe."""
    return [row["id"] for row in json.loads(world.run("list", *argv, "--json").stdout)["rows"]]


def test_pages_together_are_the_whole(fuller: World) -> None:
    """Page after page gives every row once, in order, sorted or not; the answer says how many there are."""
    for order in ([], ["--sort", "memory", "--desc"]):
        whole = ids(fuller, *order)
        pages = [ids(fuller, *order, "--limit", "5", "--page", str(n)) for n in range(1, 4)]
        assert [one for page in pages for one in page] == whole[:15]
    answer = json.loads(fuller.run("list", "--limit", "5", "--page", "2", "--json").stdout)
    assert (answer["total"], answer["first"], len(answer["rows"])) == (len(whole), 6, 5)


def test_through_a_pipe_nothing_is_held_back(fuller: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --page or --limit every row comes, however many."""
    assert "of" not in fuller.run("list").stdout.splitlines()[-2].split("  ")[0]
    assert len(ids(fuller)) == len(ids(fuller, "--limit", "1000"))


def test_what_a_page_says(fuller: World) -> None:
    """Which rows these are, of how many, and how to go on; the last page does not go on."""
    whole = len(ids(fuller))
    assert f"subjects 1–5 of {whole}; --page 2 goes on" in fuller.run("list", "--limit", "5", "--page", "1").stdout
    assert f"subjects 1–5 of {whole}  " in fuller.run("list", "--limit", "5").stdout
    last = fuller.run("list", "--limit", "5", "--page", str(-(-whole // 5))).stdout
    assert "goes on" not in last
    beyond = fuller.run("list", "--limit", "5", "--page", "99")
    assert (beyond.returncode, beyond.stdout) == (1, "")
    assert beyond.stderr == f"accel: no page 99: {whole} rows end with page {-(-whole // 5)}\n"


@pytest.mark.parametrize("word", ["0", "-1", "x", "1.5"])
def test_a_page_is_a_number(fuller: World, word: str) -> None:
    """Anything else is a mistake of usage."""
    assert fuller.run("list", f"--page={word}").returncode == 2


def test_a_terminal_starts_with_the_first_page(fuller: World) -> None:
    """A list longer than a page is cut on a terminal, and says so; JSON is never cut."""
    code = "import accel_db.render.listing as l, sys; l.PAGE = 4; from accel_db.cli.door import main; sys.argv[0] = 'accel'; main()"

    def on_terminal(*argv: str) -> str:
        ours, theirs = pty.openpty()
        environment = {**clean_environment(), "ACCEL_DB_DATA": str(fuller.data), "COLUMNS": "200", "TERM": "dumb"}
        with subprocess.Popen([sys.executable, "-c", code, *argv], stdout=theirs, env=environment) as process:
            os.close(theirs)
            text = b""
            while True:
                try:
                    part = os.read(ours, 65536)
                except OSError:
                    break
                text += part
                if not part:
                    break
        os.close(ours)
        assert process.returncode == 0
        return text.decode()

    assert "subjects 1–4 of" in on_terminal("list")
    assert len(json.loads(on_terminal("list", "--json"))["rows"]) > 4
    assert "subjects 5–8 of" in on_terminal("list", "--page", "2")
