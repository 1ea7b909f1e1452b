"""The checks of a spec tree. Each is a small named function whose docstring says what must hold; it yields problems.

A check sees one scope: the whole ``tree``, each ``source``, each ``subject`` file, or each ``claim``. Importing this registers them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.curate.checks.registry import CHECKS, Check, Trace, World

# In the order in which problems are told: documents, files, claims, rules.
# isort: off
from accel_db.curate.checks import sources
from accel_db.curate.checks import subjects
from accel_db.curate.checks import claims
from accel_db.curate.checks import rules
# isort: on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accel_db.curate.checks.registry import Named
    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Tree

__all__ = [
    "CHECKS",
    "Check",
    "Trace",
    "World",
    "claims",
    "merged",
    "rules",
    "run_checks",
    "sources",
    "subjects",
    "trace_of",
]


def run_checks(world: World, *wanted: str) -> list[Problem]:
    """Every problem that the checks of the ``wanted`` scopes find."""
    scopes: dict[str, Iterable[Any]] = {
        "tree": [None],
        "source": world.tree.sources.values(),
        "subject": world.tree.subjects.values(),
        "claim": world.claims,
    }
    found: list[Problem] = []
    for one in CHECKS.values():
        for item in scopes[one.scope] if one.scope in wanted else ():
            found += one.run(world) if item is None else one.run(world, item)
    return found


def trace_of(tree: Tree) -> Trace:
    """What the subjects of a tree leave for the checks of the whole."""
    return Trace(subjects.all_names(tree), sources.used_by(tree), not tree.problems)


def merged(traces: Iterable[Trace], ground: Tree) -> Trace:
    """The trace of a whole tree from those of its parts, in whatever order they come."""
    names: list[Named] = []
    used: set[str] = set()
    whole = not ground.problems
    for trace in traces:
        names += trace.names
        used |= trace.used
        whole = whole and trace.whole
    return Trace(sorted(names, key=lambda one: one.place), used, whole)
