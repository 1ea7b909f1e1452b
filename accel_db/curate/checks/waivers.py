"""Waivers: a check waived in one place, with its reason; one that waives nothing is a problem itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Tree


def waive(tree: Tree, problems: list[Problem]) -> tuple[list[Problem], set[int]]:
    """The problems left after waivers, and which waivers were needed."""
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
    return left, used


def needless_waivers(tree: Tree, used: set[int]) -> list[Problem]:
    """A problem for every waiver that nothing needed."""
    return [
        tree.problem(
            "waivers.toml",
            ("waiver", i),
            "needless-waiver",
            waiver.text,
            f"nothing to waive: {waiver.check} in {waiver.file}",
            "delete the waiver",
        )
        for i, waiver in enumerate(tree.waivers)
        if i not in used
    ]
