"""Waivers: a check waived in one place, with its reason; one that waives nothing is a problem itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accel_db.curate.load import Tree
    from accel_db.curate.problems import Problem


def apply_waivers(tree: Tree, problems: list[Problem]) -> list[Problem]:
    """The problems left after waivers, with one more for every waiver that waives nothing."""
    used: set[int] = set()
    left = []
    for problem in problems:
        hit = [
            i
            for i, waiver in enumerate(tree.waivers)
            if (waiver.check, waiver.file, waiver.text) == (problem.check, problem.file, problem.text)
        ]
        used.update(hit)
        if not hit:
            left.append(problem)
    for i, waiver in enumerate(tree.waivers):
        if i not in used:
            left.append(
                tree.problem(
                    "waivers.toml",
                    ("waiver", i),
                    "needless-waiver",
                    waiver.text,
                    f"nothing to waive: {waiver.check} in {waiver.file}",
                    "delete the waiver",
                )
            )
    return left
