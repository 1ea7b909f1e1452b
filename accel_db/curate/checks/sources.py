"""Checks of the documents: known, used, dated, addressed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from accel_db.curate.checks.registry import World, check, near_or, source_problem
from accel_db.curate.checks.rules import used_by_rules
from accel_db.words.dates import read_date
from accel_db.words.shown import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accel_db.curate.lines import Path
    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import SourceEntry, Subject, Tree


@check("unknown-source", "subject")
def unknown_source(world: World, subject: Subject) -> Iterator[Problem]:
    """Every reading, ruling and look names a source that exists."""
    tree = world.tree
    named: list[tuple[Path, str]] = [
        (("reading", i, "source"), reading.source) for i, reading in enumerate(subject.spec.reading)
    ]
    named += [(("ruling", i, "prefer"), ruling.prefer) for i, ruling in enumerate(subject.spec.ruling) if ruling.prefer]
    named += [
        (("looked", i, "where", j), key)
        for i, looked in enumerate(subject.spec.looked)
        for j, key in enumerate(looked.where)
    ]
    named += [
        (("reading", i, "via", j), key)
        for i, reading in enumerate(subject.spec.reading)
        for j, key in enumerate(reading.via or [])
        if not key.startswith("public file ")
    ]
    for path, key in named:
        if key not in tree.sources and not tree.unreadable.intersection((key, key.split("/")[0])):
            yield tree.problem(
                subject.file,
                path,
                "unknown-source",
                key,
                f"no source {key!r}",
                near_or(world, key, tree.sources, "add it under specs/sources/"),
            )


@check("unused-source", "tree")
def unused_source(world: World) -> Iterator[Problem]:
    """Every source is read, looked into, cited by a rule, copied from or replaces another."""
    if not world.trace.whole:
        return
    used = {*world.trace.used, *used_by_rules(world.tree)}
    for source in world.tree.sources.values():
        used.update([*(source.entry.via or []), source.entry.replaced_by or ""])
    for key, source in world.tree.sources.items():
        if key not in used:
            yield source_problem(
                world,
                source,
                None,
                "unused-source",
                key,
                f"source {key!r} is used nowhere",
                "delete it, or enter what was read in it",
            )


def used_by(tree: Tree) -> set[str]:
    """Keys of the sources that the subjects of a tree read, look into or copy from."""
    used: set[str] = set()
    for subject in tree.subjects.values():
        used.update(key for reading in subject.spec.reading for key in [reading.source, *(reading.via or [])])
        used.update(key for looked in subject.spec.looked for key in looked.where)
    return used


@check("source-form", "source")
def source_form(world: World, source: SourceEntry) -> Iterator[Problem]:
    """A source has a known kind, and `via` exactly where it was read only in copies."""
    entry, kinds = source.entry, world.tree.vocabulary.kinds
    if entry.kind not in kinds:
        yield source_problem(
            world,
            source,
            "kind",
            "source-form",
            entry.kind,
            f"unknown kind {entry.kind!r}",
            f"one of: {', '.join(kinds)}",
        )
    if entry.how == "quoted" and not entry.via:
        yield source_problem(
            world,
            source,
            "how",
            "source-form",
            source.key,
            "read as quoted, but no copy is named",
            'add via = ["public file N"]',
        )
    for copy in entry.via or []:
        if copy not in world.tree.sources and not re.fullmatch(r"public file \d+", copy):
            yield source_problem(
                world,
                source,
                "via",
                "source-form",
                copy,
                f"via {copy!r} is neither a source nor a public file",
                'a source key or "public file N"',
            )
    if entry.replaced_by and entry.replaced_by not in world.tree.sources:
        yield source_problem(
            world,
            source,
            "replaced_by",
            "unknown-source",
            entry.replaced_by,
            f"no source {entry.replaced_by!r}",
            near_or(world, entry.replaced_by, world.tree.sources, "add it"),
        )


@check("cyclic-via", "tree")
def cyclic_via(world: World) -> Iterator[Problem]:
    """Following `via` or `replaced_by` never leads back to the same source."""
    sources = world.tree.sources
    for key in ("via", "replaced_by"):
        steps = {name: _steps(getattr(one.entry, key), sources) for name, one in sources.items()}
        for circle in _circles(steps):
            for i, name in enumerate(circle):
                chain = " → ".join(clipped(one) for one in [*circle[i:], *circle[: i + 1]][:LONGEST_CHAIN])
                yield source_problem(
                    world,
                    sources[name],
                    key,
                    "cyclic-via",
                    name,
                    f"{key} goes round: {chain}",
                    "break the circle: one of them is the original",
                )


LONGEST_CHAIN = 12
"""Sources of a circle that a message names."""


def _steps(given: str | list[str] | None, sources: Mapping[str, SourceEntry]) -> list[str]:
    """The known sources that a source names."""
    return [one for one in ([given] if isinstance(given, str) else given or []) if one in sources]


def _circles(steps: Mapping[str, list[str]]) -> list[list[str]]:
    """Ways round that lead back to their start, one at least in every tangle. Time grows with the nodes, not with the ways."""
    left = {name: set(after) for name, after in steps.items()}
    before: dict[str, list[str]] = {name: [] for name in steps}
    for name, after in steps.items():
        for one in after:
            before[one].append(name)
    ends = [name for name, after in left.items() if not after]
    while ends:  # what only leads out of the tangle is in no circle
        end = ends.pop()
        del left[end]
        for name in before[end]:
            if name in left and end in left[name]:
                left[name].discard(end)
                if not left[name]:
                    ends.append(name)
    found: list[list[str]] = []
    done: set[str] = set()
    for start in left:
        way: dict[str, int] = {}
        at = start
        while at not in done and at not in way:
            way[at] = len(way)
            at = min(left[at])
        if at in way:
            found.append(list(way)[way[at] :])
        done.update(way)
    return found


@check("home-page", "source")
def home_page(world: World, source: SourceEntry) -> Iterator[Problem]:
    """An address leads to the document, not to the front door of a site."""
    try:
        url = urlsplit(source.entry.url)
    except ValueError:
        url = urlsplit("")
    if (url.hostname or "").endswith(".invalid"):
        yield source_problem(
            world,
            source,
            "url",
            "home-page",
            source.entry.url,
            f"{source.entry.url!r} is not filled in",
            "give the document's address",
        )
    elif url.scheme not in ("http", "https") or not url.netloc:
        yield source_problem(
            world,
            source,
            "url",
            "home-page",
            source.entry.url,
            f"{source.entry.url!r} is no web address",
            "give the document's http(s) address",
        )
    elif not url.path.strip("/") and not url.query:
        yield source_problem(
            world,
            source,
            "url",
            "home-page",
            source.entry.url,
            f"{source.entry.url!r} is a home page",
            "give the address of the document itself",
        )


@check("future-date", "source")
def future_date(world: World, source: SourceEntry) -> Iterator[Problem]:
    """Nothing was read or published after today, and nothing read before it was published."""
    entry = source.entry
    for key, day in (
        ("read", entry.read),
        ("published", read_date(entry.published).start if entry.published else None),
    ):
        if day and day > world.today:
            yield source_problem(
                world, source, key, "future-date", day, f"{key} = {day} is in the future", "correct the date"
            )
    if entry.published and read_date(entry.published).start > entry.read:
        yield source_problem(
            world,
            source,
            "published",
            "future-date",
            entry.published,
            "published after it was read",
            "correct one of the dates",
        )


@check("future-look", "subject")
def future_look(world: World, subject: Subject) -> Iterator[Problem]:
    """Nothing was looked for after today."""
    for i, looked in enumerate(subject.spec.looked):
        if looked.on > world.today:
            yield world.tree.problem(
                subject.file,
                ("looked", i, "on"),
                "future-look",
                looked.on,
                f"on = {looked.on} is in the future",
                "correct the date",
            )
