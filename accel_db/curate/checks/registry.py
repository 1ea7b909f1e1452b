"""What a check is, what it may look at, and how it says what it found. Owns no check itself."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from accel_db.curate.tree import subject_key
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import SourceEntry, Tree
    from accel_db.words.claim import Claim


class Check(NamedTuple):
    """A registered check."""

    name: str
    scope: str
    says: str
    run: Callable[..., Iterator[Problem]]


CHECKS: dict[str, Check] = {}


def check(name: str, scope: str) -> Callable[[Callable[..., Iterator[Problem]]], Callable[..., Iterator[Problem]]]:
    """Register a check under a short stable name."""

    def register(run: Callable[..., Iterator[Problem]]) -> Callable[..., Iterator[Problem]]:
        CHECKS[name] = Check(name, scope, (run.__doc__ or "").strip(), run)
        return run

    return register


class Named(NamedTuple):
    """A name that a subject answers to, and where it stands."""

    place: tuple[int, str]
    """Sorts names as their files are read: by kind, then file."""
    name: str
    subject: str
    file: str
    path: tuple[str | int, ...]


class Trace(NamedTuple):
    """What subjects leave for the checks of the whole tree."""

    names: list[Named]
    used: set[str]
    """Keys of the sources they read, look into or copy from."""
    whole: bool
    """False when some file could not be read, so that checks of absence keep quiet."""


class World(NamedTuple):
    """What a check may look at: the tree, its claims, and the day it is run."""

    tree: Tree
    claims: list[Claim]
    of_subject: Mapping[str, list[Claim]]
    """The claims by the subject's key."""
    today: date
    statuses: Mapping[str, str]
    """The newest sourced state of each subject."""
    available: frozenset[str]
    """Subjects that a standing `date.available` says could be had by today."""
    trace: Trace
    hints: Iterator[int]
    """Counts the names that near ones were looked for."""

    @classmethod
    def of(
        cls,
        tree: Tree,
        claims: list[Claim],
        today: date,
        statuses: Mapping[str, str],
        available: frozenset[str],
        trace: Trace,
    ) -> World:
        """A world, its claims sorted by subject."""
        of_subject: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            of_subject[subject_key(claim.subject_kind, claim.subject)].append(claim)
        return cls(tree, claims, of_subject, today, statuses, available, trace, itertools.count())


MOST_HINTS = 200
"""Names that are looked for among the known ones in each part of a tree: a file with ten thousand wrong names is not worth a minute."""
LONGEST_HINT = 200
"""Characters of a name that are compared with the known ones."""


def near_or(world: World, name: str, known: Iterable[str], otherwise: str) -> str:
    """The cure: near names, or what else to do."""
    if next(world.hints) >= MOST_HINTS:
        return otherwise
    near = near_names(name[:LONGEST_HINT], list(known))
    return f"near: {', '.join(near)}" if near else otherwise


def with_article(kind: str) -> str:
    """The kind with its article."""
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def source_problem(
    world: World, source: SourceEntry, key: str | None, name: str, text: object, message: str, cure: str
) -> Problem:
    """A problem at a source, or at one of its keys."""
    path = (source.key.split("/", 1)[1],)
    return world.tree.problem(source.file, path if key is None else (*path, key), name, text, message, cure)


def claim_problem(world: World, claim: Claim, name: str, text: object, message: str, cure: str) -> Problem:
    """A problem at a claim's figure."""
    return world.tree.problem(claim.file, claim.path, name, text, message, cure)
