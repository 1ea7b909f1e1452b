"""One part of a tree from spec files to cards and rows: whatever is done subject by subject. Knows nothing of other parts or of processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import orjson

from accel_db import SCHEMA, __version__
from accel_db.build.cards import make_cards
from accel_db.build.duck import read_tables, write_rows
from accel_db.build.rows import subject_rows
from accel_db.curate.checks.subjects import implied_names
from accel_db.curate.checks.waivers import waive
from accel_db.curate.groups import Head, known_kinds, read_heads
from accel_db.curate.load import read_ground
from accel_db.curate.read import Curated, curate_part
from accel_db.derive.arithmetic import Finding, findings
from accel_db.derive.named import check_expressions
from accel_db.derive.world import Judged, judge_world
from accel_db.words.lean import brief, lean
from accel_db.words.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from accel_db.build.cards import Card
    from accel_db.curate.checks import Trace
    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Tree


@dataclass
class Examined:
    """Some spec files read, checked and judged; ``problems`` are those that no waiver covers."""

    curated: Curated
    world: dict[str, Judged]
    found: list[Finding]
    problems: list[Problem]
    waived: set[int]


class Outcome(NamedTuple):
    """What is left of a part when it is done: small enough for a catalogue of any size."""

    problems: list[Problem]
    waived: set[int]
    trace: Trace
    figures: int
    subjects: int
    counts: dict[str, int]
    """Rows written, by table."""
    names: list[str]
    """Lines of the name table."""
    implied: list[str]
    """More of them, for names that nothing else is called."""
    listed: list[str]
    """Lines for ``list``: columns, and the rest as JSON."""


def read_specs(specs: Path) -> tuple[Tree, list[Head]]:
    """All of a tree but its subjects, and what its subjects' files name. Raises `DataFault` for a vocabulary that cannot be used."""
    ground = read_ground(specs)
    check_expressions(ground)
    heads = read_heads(specs)
    ground.known = known_kinds(heads)
    return ground, heads


def examine(ground: Tree, files: Sequence[str], known: Mapping[str, str]) -> Examined:
    """Read, check and judge some spec files that name no others."""
    curated = curate_part(ground, files, known)
    world, ruling_problems = judge_world(curated)
    found = findings(world, ground.vocabulary)
    arithmetic = [finding_problem(one, curated.tree) for one in found if not (one.own or one.settled)]
    problems, waived = waive(ground, [*curated.problems, *ruling_problems, *arithmetic])
    return Examined(curated, world, found, problems, waived)


def finding_problem(finding: Finding, tree: Tree) -> Problem:
    """A finding of arithmetic as a problem, at the place of its first claim; its text is the checked quantity."""
    claim = finding.claims[0]
    cure = "one of them is wrong, on another basis or another product's; a true contradiction is waived with its reason"
    text = f"{finding.subject.id} {claim.metric}"
    return tree.problem(claim.file, claim.path, finding.check, text, finding.message, cure)


def work(ground: Tree, files: Sequence[str], known: Mapping[str, str], folder: Path | None, name: str) -> Outcome:
    """Examine a part and, unless it has problems, write its cards to ``folder`` and its rows, under ``name``, beside them."""
    done = examine(ground, files, known)
    tree = done.curated.tree
    counts: dict[str, int] = {}
    cards: dict[str, Card] = {}
    names: list[str] = []
    implied: list[str] = []
    if folder is not None and not done.problems:
        cards = make_cards(done.world, tree, __version__, SCHEMA, done.found)
        _write_cards(folder, cards)
        rows = subject_rows(done.world, cards, tree)
        names = [_name_line(row["alias"], row["subject"], cards[row["subject"]]["kind"]) for row in rows["alias"]]
        implied = [
            _name_line(name, one.subject.id, one.subject.kind)
            for one in done.world.values()
            if one.subject.kind != "architecture"
            for name in implied_names(one.subject, tree)
        ]
        counts = write_rows(folder / ROWS, name, rows, read_tables())
    return Outcome(
        done.problems,
        done.waived,
        done.curated.trace,
        len({(claim.file, claim.path) for claim in done.curated.claims}),
        len(tree.subjects),
        counts,
        names,
        implied,
        [_list_line(card) for card in cards.values()],
    )


ROWS = "rows"
"""The folder in which rows wait for DuckDB."""


def _write_cards(folder: Path, cards: Mapping[str, Card]) -> None:
    for kind, form in (("cards", lean), ("briefs", brief)):
        for vendor in {key.rpartition("/")[0] for key in cards}:
            (folder / kind / vendor).mkdir(parents=True, exist_ok=True)
        for key, card in cards.items():
            (folder / kind / f"{key}.json").write_bytes(orjson.dumps(form(card)))


def _name_line(name: str, subject: str, kind: str) -> str:
    """A line of ``names.tsv``: the folded name, what it leads to, and the name."""
    return "\t".join([fold(name), kind, subject, name])


def _list_line(card: Card) -> str:
    """A subject's line for ``list``: what is filtered by as columns, the rest as JSON."""
    keys = ("headline", "label", "shown", "value", "unit", "marketed", "marks", "verdict", "spread", "ruled")
    answered = (row for row in card["headlines"] if row["default"] and row["shown"] is not None)
    rest = {
        "status": card["status"],
        "built_from": card["built_from"],
        "headlines": [{key: row[key] for key in keys} for row in answered],
    }
    vendor = card["vendor"]
    answers = " ".join(row["headline"] for row in rest["headlines"])
    columns = [card["id"], card["kind"], card["type"] or "", vendor["name"], vendor["country"], card["name"], answers]
    return "\t".join([*columns, orjson.dumps(rest).decode()])
