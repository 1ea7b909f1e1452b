"""Whatever is typed, piped in or lying damaged on disk: a clear message, the right exit code, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

LONG = "x" * 100_000
"""The system takes no single argument above 128 kB; longer ones come through standard input."""


def raw(world: World, *argv: str | bytes, stdin: bytes | None = b"", **options: object) -> tuple[int, bytes, str]:
    """Exit code, stdout and stderr of a command line of any bytes."""
    environment = {**clean_environment(), "ACCEL_DB_DATA": str(world.data)}
    done = subprocess.run(
        [sys.executable, "-m", "accel_db", *argv],
        input=stdin,
        capture_output=True,
        check=False,
        env=environment,
        **options,
    )  # type: ignore[call-overload]
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["show", LONG], 3, "no accelerator, system or family 'xxx"),
        (["compare", "h20", LONG, "--json"], 3, "(100000 characters)"),
        (["why", "h20", LONG], 2, "no metric 'xxx"),
        (["list", "--columns", LONG], 2, "no column 'xxx"),
        (["list", "--sort", LONG], 2, "--sort 'xxx"),
        (["metrics", "--group", LONG], 2, "no group 'xxx"),
        (["compare", "h20", "h200", "--metrics", LONG], 2, "no metric 'xxx"),
        (["list", "--where", LONG], 2, "the expression has 100000 characters, more than 2000"),
        (["rank", LONG], 2, "the expression has 100000 characters, more than 2000"),
        (["list", "--vendor", LONG], 2, "no maker 'xxxx"),
        (["list", "--country", "China"], 2, "no country 'China' here; codes of ISO 3166: "),
        (["show", "h20", "--format", LONG], 2, "is not one of table, json, jsonl, csv, tsv, md"),
        (["sql", LONG], 2, "SQL: "),
        ([LONG], 2, "No such command"),
        (["show", *["h2o"] * 500], 3, "near: cobalt/h20"),
        (["show", b"\xff\xfe"], 3, "no accelerator, system or family"),
        (["show", b"\xff", "--json"], 3, "no accelerator, system or family"),
        (["why", "h20", b"\xff"], 2, "no metric"),
        (["sql", b"select '\xff'"], 2, "SQL"),
        (["list", "--where", b"name = '\xff'"], 2, ""),
        (["show", "h20", "--format", "nonsense"], 2, "'nonsense' is not one of table, json, jsonl, csv, tsv, md"),
        (["show", "h20", "--color", "nonsense"], 2, "'nonsense' is not one of auto, always, never"),
        (["show"], 2, "Missing argument"),
        (["show", "h20", "--nosuch"], 2, "No such option"),
        (["list", "--limit", "x"], 2, "--limit"),
        (["rank", "half", "--limit", "0"], 2, "--limit"),
        (["sql", "select * from nosuch"], 2, "SQL: Catalog Error: Table with name nosuch does not exist!"),
        (["sql", "insert into vendor values ('x', 'y', 'z')"], 2, "INSERT is no question"),
        (["sql", ""], 2, ""),
        (["rank", "1" + "+1" * 990], 2, "cannot read"),
        (["rank", "half", "--where", "memory >= 96"], 2, "needs a unit"),
        (["rank", "half * 1e999"], 2, "1E+999 is beyond any figure"),
        (["rank", "half / 1e-400"], 2, "1E-400 is beyond any figure"),
        (["rank", "half * " + "9" * 400], 2, "is beyond any figure"),
        (["rank", "half" + " * 1e90" * 4], 2, "goes beyond any number"),
        (["rank", "half" + " * 1e90" * 4, "--json"], 2, "goes beyond any number"),
        (["sql", "select 1; select 2"], 2, "one query at a time"),
    ],
    ids=lambda value: None if not isinstance(value, list) else " ".join(str(word)[:24] for word in value[:4]),
)
def test_bad_arguments(fuller: World, argv: list[str | bytes], code: int, said: str) -> None:
    """A mistake has its exit code, nothing on stdout, and a short sentence on stderr that says what is wrong."""
    done, out, err = raw(fuller, *argv)
    assert "Traceback" not in err
    assert (done, out) == (code, b"")
    assert said in err
    assert 0 < len(err) < 4_000 or argv in (
        ["sql", LONG],
        [LONG],
        ["show", "h20", "--format", LONG],
        ["show", *["h2o"] * 500],
    )


@pytest.mark.parametrize(
    ("argv", "stdin", "code", "said"),
    [
        (["resolve", "-"], b"", 2, "no names on standard input"),
        (["resolve", "-", "--json"], b"\n \n\t\n", 2, "no names on standard input"),
        (["resolve", "-"], b"h20\nx\0y\n", 3, "no accelerator, system or family 'x\\x00y'"),
        (["resolve", "-"], b"\0", 3, "'\\x00'"),
        (["resolve", "-"], b"h20\n\xff\xfe\n", 3, "no accelerator, system or family"),
        (["resolve", "-"], b"x" * 200_000, 3, "(200000 characters)"),
        (["resolve", "-"], b"h20\nh\n", 3, "'h' is a family; one of: cobalt/h20, cobalt/h200"),
        (["sql", "-"], b"", 2, ""),
        (["sql", "-"], b"select \xff", 2, ""),
        (["sql", "-"], b"select '" + b"x" * 200_000, 2, "SQL: "),
    ],
)
def test_bad_standard_input(fuller: World, argv: list[str], stdin: bytes, code: int, said: str) -> None:
    """Empty, endless and binary input is told for what it is."""
    done, out, err = raw(fuller, *argv, stdin=stdin)
    assert "Traceback" not in err
    assert (done, out) == (code, b"")
    assert said in err
    assert len(err) < 4_000


def test_names_from_standard_input(fuller: World) -> None:
    """`resolve -` reads one name a line, empty lines apart."""
    assert raw(fuller, "resolve", "-", stdin="H 20\n\n 甲1 \r\n".encode()) == (0, b"cobalt/h20\nacme/a1\n", "")


@pytest.mark.parametrize("argv", [["resolve", "-"], ["sql", "-"]])
def test_no_standard_input(fuller: World, argv: list[str]) -> None:
    """With standard input closed `-` is a usage error."""
    done, out, err = raw(fuller, *argv, stdin=None, preexec_fn=lambda: os.close(0))
    assert "Traceback" not in err
    assert (done, out) == (2, b"")


@pytest.mark.parametrize(
    "argv",
    [
        ["show", "h20"],
        ["list"],
        ["metrics"],
        ["sql", "select 1"],
        ["rank", "half"],
        ["list", "--where", "memory > 1 GB"],
    ],
)
def test_no_data(tmp_path: Path, argv: list[str]) -> None:
    """Without built data every command says so, in words or as JSON, and what to do."""
    from tests.conftest import World

    world = World(tmp_path)
    done = world.run(*argv)
    assert (done.returncode, done.stdout, done.stderr) == (
        4,
        "",
        f"accel: no built data in {world.data}; run: accel build\n",
    )
    error = json.loads(world.run(*argv, "--json").stderr)["error"]
    assert error == {"code": "data", "exit_code": 4, "message": f"no built data in {world.data}; run: accel build"}


@pytest.mark.parametrize(
    ("file", "content", "argv"),
    [
        ("cards/cobalt/h20.json", b"{", ["show", "h20"]),
        ("briefs/cobalt/h20.json", b"[]", ["compare", "h20", "h200"]),
        ("cards/cobalt/h20.json", b'{"schema": 99}', ["why", "h20", "half"]),
        ("cards/cobalt/h20.json", b"\xff\0", ["sources", "h20"]),
        ("names.tsv", b"\xff\xfe\n", ["show", "h20"]),
        ("names.tsv", b"h20\n", ["resolve", "h20"]),
        ("list.tsv", b"{", ["list"]),
        ("list.tsv", b"1\n", ["list"]),
        ("list.jsonl", b"{", ["list"]),
        ("list.jsonl", None, ["list"]),
        ("metrics.jsonl", b"\0", ["metrics"]),
        ("marks.json", b"{", ["list"]),
        ("accel.duckdb", b"x" * 9_000, ["sql", "select 1"]),
        ("accel.duckdb", None, ["rank", "half"]),
        ("cards/cobalt/h20.json", None, ["show", "h20"]),
        ("names.tsv", None, ["show", "h20"]),
        ("../current", b"", ["list"]),
    ],
)
def test_damaged_data(copied: World, file: str, content: bytes | None, argv: list[str]) -> None:
    """A damaged or missing file is a fault that names the file, in words and as JSON, whoever asks."""
    from tests.fuller_world import build_folder

    path = (build_folder(copied) / file).resolve()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for done in (copied.run(*argv), copied.run(*argv, "--json")):
        assert "Traceback" not in done.stderr
        assert (done.returncode, done.stdout) == (4, "")
        assert path.name in done.stderr
        assert "run: accel build" in done.stderr


@pytest.mark.parametrize(
    ("argv", "code", "exit_code"),
    [
        (["show", "h2o", "--json"], "not_found", 3),
        (["resolve", "h", "--format", "json"], "ambiguous", 3),
        (["why", "t1", "half", "--format=json"], "no_answer", 1),
        (["list", "--where", "memory > 5", "--json"], "usage", 2),
        (["sql", "selekt", "--json"], "usage", 2),
        (["rank", "--json"], "usage", 2),
        (["compare", "h20", "node", "--format", "jsonl"], "usage", 2),
        (["rank", "--format", "jsonl"], "usage", 2),
        (["list", "--limit", "x", "--format=jsonl"], "usage", 2),
    ],
)
def test_with_json_errors_are_json(fuller: World, argv: list[str], code: str, exit_code: int) -> None:
    """Where answers are JSON an error is one JSON object on stderr with edition, schema, a stable code and the exit code."""
    done = fuller.run(*argv)
    document = json.loads(done.stderr)
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert (
        document["error"]["code"],
        document["error"]["exit_code"],
        document["schema"],
        bool(document["edition"]),
    ) == (code, exit_code, 1, True)
    assert document["error"]["message"]


def test_an_error_carries_its_facts(fuller: World) -> None:
    """A JSON error has the bad names with their near ones and the corrected line."""
    error = json.loads(fuller.run("compare", "b100", "h2o", "--metrics", "half,memory", "--json").stderr)["error"]
    assert error["names"] == [{"name": "h2o", "near": ["cobalt/h20"]}]
    assert error["try"] in (
        "accel compare b100 h20 --json --metrics half,memory",
        "accel compare b100 h20 --metrics half,memory --json",
    )


@pytest.mark.parametrize(
    "argv", [["list"], ["metrics", "--json"], ["show", "h"], ["sql"], ["rank", "half"], ["show", "h2o"]]
)
def test_a_reader_that_leaves(fuller: World, argv: list[str]) -> None:
    """A reader who closes the pipe at once, like `head -0`, is no fault: exit 0 (or the error's own code), and nothing on stderr about pipes."""
    environment = {**clean_environment(), "ACCEL_DB_DATA": str(fuller.data)}
    with subprocess.Popen(
        [sys.executable, "-m", "accel_db", *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
        assert process.wait() == (3 if "h2o" in argv else 0)
    assert not any(word in said for word in ("Traceback", "BrokenPipe", "Broken pipe", "Exception ignored"))


@pytest.mark.parametrize("argv", [["list"], ["show", "h20", "--json"], ["sql", "select 1"], ["--version"]])
def test_nowhere_to_write(fuller: World, argv: list[str]) -> None:
    """With standard output closed, or on a full disk, the answer is a fault told in one sentence."""
    done, _, err = raw(fuller, *argv, preexec_fn=lambda: os.close(1))
    assert "Traceback" not in err
    assert done == 4
    if os.path.exists("/dev/full"):  # noqa: PTH110
        with open("/dev/full", "wb") as full:  # noqa: PTH123
            environment = {**clean_environment(), "ACCEL_DB_DATA": str(fuller.data)}
            filled = subprocess.run(
                [sys.executable, "-m", "accel_db", *argv],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
                env=environment,
                text=True,
            )
        assert (filled.returncode, "cannot write the answer: No space left on device" in filled.stderr) == (4, True)
        assert "Exception ignored" not in filled.stderr


def test_nowhere_to_talk(fuller: World) -> None:
    """With standard error closed the exit code still tells, as JSON or not."""
    for argv in (["show", "h2o"], ["show", "h2o", "--json"]):
        done, out, _ = raw(fuller, *argv, preexec_fn=lambda: os.close(2))
        assert (done, out) == (3, b"")


def test_a_fault_of_the_program_is_told_as_one(copied: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody thought of ends with exit 4 and one line that says how to report it; with ACCEL_DB_DEBUG it shows where it is."""
    for path in copied.data.glob("*/cards/cobalt/h20.json"):
        card = json.loads(path.read_text(encoding="utf-8"))
        card["sources"] = 5
        path.write_text(json.dumps(card), encoding="utf-8")
    done = copied.run("show", "h20")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("accel: a fault of the program, TypeError: ")
    assert done.stderr.endswith("; please report it, with what ACCEL_DB_DEBUG=1 adds\n")
    assert json.loads(copied.run("show", "h20", "--json").stderr)["error"]["exit_code"] == 4
    assert "Traceback" in copied.run("show", "h20", env={"ACCEL_DB_DEBUG": "1"}).stderr
