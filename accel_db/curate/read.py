"""The one call into this room: read a tree, flatten it, check it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accel_db.curate.checks import World, run_checks
from accel_db.curate.checks.claims import available_by, latest_statuses
from accel_db.curate.flatten import flatten
from accel_db.curate.load import Tree, read_tree

if TYPE_CHECKING:
    from pathlib import Path

    from accel_db.curate.problems import Problem
    from accel_db.words.claim import Claim


@dataclass
class Curated:
    """A tree, its claims, and every problem found in it (waivers not yet applied)."""

    tree: Tree
    claims: list[Claim]
    problems: list[Problem]


def curate(root: Path, today: date | None = None) -> Curated:
    """Read and check the tree at ``root`` as of ``today``. Raises `DataFault` if it is no specs tree."""
    tree = read_tree(root)
    whole = not tree.problems
    claims, unreadable = flatten(tree)
    day = today or date.today()
    world = World(tree, claims, day, latest_statuses(claims), available_by(claims, day), whole)
    return Curated(tree, claims, [*tree.problems, *unreadable, *run_checks(world)])
