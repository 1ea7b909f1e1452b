"""What a check is, what it may look at, and how it says what it found. Owns no check itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from accel_db.curate.load import SourceEntry, Tree
    from accel_db.curate.problems import Problem
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


class World(NamedTuple):
    """What a check may look at: the tree, its claims, and the day it is run."""

    tree: Tree
    claims: list[Claim]
    today: date
    statuses: Mapping[str, str]
    """The newest sourced state of each subject."""
    available: frozenset[str]
    """Subjects that a standing `date.available` says could be had by today."""
    whole: bool
    """False when some file could not be read, so that checks of absence keep quiet."""


def near_or(name: str, known: Iterable[str], otherwise: str) -> str:
    """The cure: near names, or what else to do."""
    near = near_names(name, list(known))
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
