"""Both doors give one answer: the fast door and Typer agree byte for byte, and accept the same options."""

from __future__ import annotations

import shlex
import subprocess
import sys
import typing
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import typer.main

from accel_db.cli.app import app
from accel_db.cli.grammar import CHOICES, COMMANDS, FLAG, LIST, NUMBER, OTHERS, VALUE, options_of, recognise
from tests.conftest import clean_environment

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

FORMS = ("table", "json", "jsonl", "csv", "tsv", "md")
ASKED = (
    "show h20 甲1 --all --sources",
    "list --sort bandwidth --desc --limit 3",
    "why h half --sources",
    "compare h20 h200 a1 --to h200 --sources",
    "claims h20 --metric memory",
    "sources h200",
    "resolve H-20 '甲 1'",
    "metrics --group memory",
)
LINES = (
    *(f"{line} --format {form}" for line in ASKED for form in FORMS),
    *(
        "show h",
        "show t --json",
        "list",
        "list h --columns memory,half",
        "list --columns memory --columns half --format=csv",
        "list --vendor bolt --country us --kind gpu",
    ),
    *(
        "compare h20 h200 --metrics memory --metrics power,half --only-common",
        "compare node rack --per chip",
        "compare h20 h200 --group power",
        "why a1 flops_per_watt --json",
    ),
    *(
        "metrics",
        "sources",
        "claims t1 -- t2",
        "show h20 --color always",
        "systems",
        "systems rack --format json",
        "systems h20 h200",
        "systems --country CN --sort memory --desc --limit 1",
        "systems nosuch",
        "list --limit 2",
        "list --kind family",
        "why h200 matrix.int8.dense",
    ),
    *(
        "list --where 'memory >= 96 GB' --json",
        "list --where 'memory >= 96'",
        "list --vendor nobody",
        "list --sort colour",
        "list --columns colour --json",
        "metrics --group colour",
    ),
    *(
        "show h2o",
        "show h2o zzz --json",
        "show h2o --all --color never",
        "show ''",
        "show -- -x",
        "resolve h",
        "resolve h zzz --format jsonl",
        "resolve -",
        "why h2o half",
        "why h20 halff",
    ),
    *(
        "why t1 half",
        "why a2 bandwidth --json",
        "compare h20",
        "compare h20 node",
        "compare a b100 h t --json",
        "compare h20 h2o --metrics half,memory --format table",
        "show h2o --color auto",
    ),
    *(
        "compare h20 b100 --to h2o",
        "compare h20 b100 --to a1",
        "compare t1 t2 --metrics half",
        "compare h20 h200 --strict",
        "claims t1 --metric half",
        "claims h20 --metric halff",
    ),
)
FORCED = "import sys; from accel_db.cli.app import serve; sys.exit(serve(sys.argv[1:]))"

Outcome = tuple[int, bytes, str]


@pytest.fixture(scope="module")
def outcomes(fuller: World) -> dict[str, tuple[Outcome, Outcome]]:
    """Every line through the fast door and through Typer."""
    environment = {**clean_environment(), "ACCEL_DB_DATA": str(fuller.data)}

    def through(*command: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, *command], capture_output=True, check=False, env=environment, input=b"h20\n\nB100\n"
        )
        return done.returncode, done.stdout, done.stderr.decode()

    with ThreadPoolExecutor(8) as pool:
        fast = list(pool.map(lambda line: through("-m", "accel_db", *shlex.split(line)), LINES))
        slow = list(pool.map(lambda line: through("-c", FORCED, *shlex.split(line)), LINES))
    return dict(zip(LINES, zip(fast, slow, strict=True), strict=True))


@pytest.mark.parametrize("line", LINES)
def test_both_doors_give_one_answer(outcomes: dict[str, tuple[Outcome, Outcome]], line: str) -> None:
    """A command line that the fast door recognises has the same stdout bytes, stderr and exit code through Typer."""
    assert recognise(shlex.split(line)) is not None
    fast, slow = outcomes[line]
    assert fast == slow
    assert "Traceback" not in fast[2]
    assert (fast[0] == 0) == bool(fast[1])


def test_the_lines_cover_answers_and_errors(outcomes: dict[str, tuple[Outcome, Outcome]]) -> None:
    """The lines compared hold answers in every format and each exit code that a card can lead to."""
    assert {fast[0] for fast, _ in outcomes.values()} == {0, 1, 2, 3}
    assert sum(fast[0] == 0 for fast, _ in outcomes.values()) > 48


def test_the_grammar_is_typers() -> None:
    """For every reading command the grammar has Typer's options, taking their values the same way; the rest are the others."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert set(commands) == {*COMMANDS, *OTHERS}
    for command in COMMANDS:
        taken: dict[str, str] = {}
        hints = typing.get_type_hints(commands[command].callback)
        for option in commands[command].params:
            if option.param_type_name == "option" and "--help" not in option.opts:
                how = (
                    FLAG
                    if option.is_flag
                    else LIST
                    if option.multiple
                    else NUMBER
                    if hints[option.name] == int | None
                    else VALUE
                )
                taken.update(dict.fromkeys([*option.opts, *option.secondary_opts], how))
        assert {name: how for name, (_, how) in options_of(command).items()} == taken, command


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nosuch",
        "rank half half",
        "show",
        "why h20",
        "show h20 --nosuch",
        "show h20 --json=yes",
        "list --limit",
        "list --limit x",
        "list --limit -1",
        "list --vendor --json",
        "show h20 --help",
        "show h20 -h",
        "metrics half",
        *(f"compare h20 h200 {name} nonsense" for name in CHOICES),
    ],
)
def test_the_fast_door_leaves_what_it_does_not_know(line: str) -> None:
    """Help, unknown options and commands, missing or wrong values are Typer's to answer."""
    assert recognise(shlex.split(line)) is None


def test_choices_are_typers(fuller: World) -> None:
    """Every choice of the grammar is accepted, another is refused with the choices listed."""
    for name, choices in CHOICES.items():
        assert [recognise(["compare", "h20", "h200", name, choice]) is not None for choice in choices] == [True] * len(
            choices
        )
        refused = fuller.run("compare", "h20", "h200", name, "nonsense")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert f"'nonsense' is not one of {', '.join(choices)}" in refused.stderr


def test_the_corrected_line_is_accepted(fuller: World) -> None:
    """The one line offered after an error can be pasted and answers."""
    for line in (
        "show h2o",
        "compare b100 h2o --metrics half,memory",
        "compare h20 node",
        "compare a b100 h t",
        "why h2o half",
        "compare h20 h200 --to h2o",
        "compare h20 h200 --to h",
    ):
        failed = fuller.run(*shlex.split(line))
        tries = [
            said.removeprefix("accel: try: accel ")
            for said in failed.stderr.splitlines()
            if said.startswith("accel: try: ")
        ]
        assert len(tries) == 1, line
        assert fuller.run(*shlex.split(tries[0])).returncode == 0, line
