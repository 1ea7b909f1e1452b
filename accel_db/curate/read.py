"""The calls into this room: read a part of a tree or all of it, flatten it, check it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accel_db.curate.checks import Trace, World, merged, run_checks, trace_of
from accel_db.curate.checks.claims import available_by, latest_statuses
from accel_db.curate.flatten import flatten
from accel_db.curate.groups import known_kinds, read_heads
from accel_db.curate.load import read_ground, read_subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Tree
    from accel_db.words.claim import Claim


@dataclass
class Curated:
    """Subjects read together, their claims, every problem found in them (waivers not yet applied), and what the rest of the tree must know of them."""

    tree: Tree
    claims: list[Claim]
    problems: list[Problem]
    trace: Trace


def curate_part(ground: Tree, files: Iterable[str], known: Mapping[str, str], today: date | None = None) -> Curated:
    """Read and check some spec files that name no others (`groups.parts`), as of ``today``."""
    tree = read_subjects(ground, files, known)
    claims, unreadable = flatten(tree)
    day = today or date.today()
    trace = trace_of(tree)
    world = World.of(tree, claims, day, latest_statuses(claims), available_by(claims, day), trace)
    return Curated(tree, claims, [*tree.problems, *unreadable, *run_checks(world, "subject", "claim")], trace)


def check_ground(ground: Tree, trace: Trace, today: date | None = None) -> list[Problem]:
    """The problems of the documents and of the tree as a whole, given the ``trace`` of all its subjects."""
    world = World.of(ground, [], today or date.today(), {}, frozenset(), trace)
    return [*ground.problems, *run_checks(world, "source", "tree")]


def curate(root: Path, today: date | None = None) -> Curated:
    """Read and check the whole tree at ``root`` as of ``today``. Raises `DataFault` if it is no specs tree."""
    ground, heads = read_ground(root), read_heads(root)
    ground.known = known_kinds(heads)
    curated = curate_part(ground, [head.file for head in heads], ground.known, today)
    curated.problems[:0] = check_ground(ground, merged([curated.trace], ground), today)
    return curated
