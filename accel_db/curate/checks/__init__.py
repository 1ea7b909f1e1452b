"""The checks of a spec tree. Each is a small named function whose docstring says what must hold; it yields problems.

A check sees one scope: the whole ``tree``, each ``source``, each ``subject`` file, or each ``claim``. Importing this registers them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.curate.checks.registry import CHECKS, Check, World

# In the order in which problems are told: documents, files, claims.
# isort: off
from accel_db.curate.checks import sources
from accel_db.curate.checks import subjects
from accel_db.curate.checks import claims
# isort: on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accel_db.curate.problems import Problem

__all__ = ["CHECKS", "Check", "World", "claims", "run_checks", "sources", "subjects"]


def run_checks(world: World) -> list[Problem]:
    """Every problem that every check finds."""
    scopes: dict[str, Iterable[Any]] = {
        "tree": [None],
        "source": world.tree.sources.values(),
        "subject": world.tree.subjects.values(),
        "claim": world.claims,
    }
    found: list[Problem] = []
    for one in CHECKS.values():
        for item in scopes[one.scope]:
            found += one.run(world) if item is None else one.run(world, item)
    return found
