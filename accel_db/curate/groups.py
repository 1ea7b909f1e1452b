"""Which spec files have to be read together. Reads only the heads of files, and finds no fault with them: whoever reads a file whole does.

A system's totals come of its accelerators, an accelerator's dense peaks of its architecture, a family's members name it: files
that name one another make a group, and a part of the work is one group or several small ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from accel_db.curate.models import SINGULAR
from accel_db.curate.toml import BadSpec, read_spec, read_toml
from accel_db.curate.tree import subject_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HEADING = re.compile(r"^\[", re.M)
PART = 60_000
"""Characters of spec files that are worth a part of the work."""


class Head(NamedTuple):
    """A spec file by what stands before its first table."""

    file: str
    key: str
    kind: str
    size: int
    names: tuple[str, ...]
    """Keys of the subjects it names."""


def read_heads(root: Path) -> list[Head]:
    """The head of every spec file, by kind and file."""
    return [
        _head(path.relative_to(root).as_posix(), folder, kind, path)
        for folder, kind in SINGULAR.items()
        for path in sorted((root / folder).glob("**/*.toml"))
    ]


def known_kinds(heads: Sequence[Head]) -> dict[str, str]:
    """The kind of every subject by its key."""
    return {head.key: head.kind for head in heads}


def parts(heads: Sequence[Head], size: int = PART) -> list[list[str]]:
    """All files, in parts of about ``size`` characters that name nothing outside themselves, largest first; the same parts for the same tree."""
    packed: list[list[Head]] = [[]]
    for group in _groups(heads):
        if sum(head.size for head in packed[-1]) >= size:
            packed.append([])
        packed[-1] += group
    packed.sort(key=lambda part: -sum(head.size for head in part))
    order = {head.file: i for i, head in enumerate(heads)}
    return [sorted((head.file for head in part), key=order.__getitem__) for part in packed if part]


def _head(file: str, folder: str, kind: str, path: Path) -> Head:
    key = subject_key(kind, file.removesuffix(".toml").removeprefix(f"{folder}/"))
    try:
        text = read_spec(path)
    except BadSpec:
        return Head(file, key, kind, 0, ())
    first = HEADING.search(text)
    for part in (text[: first.start()] if first else text, text):
        try:
            return Head(file, key, kind, len(text), tuple(_named(read_toml(part))))
        except (ValueError, RecursionError):  # a text in the head may have a line like a heading: then the whole
            continue
    return Head(file, key, kind, len(text), ())


def _named(data: dict[str, Any]) -> Iterator[str]:
    """The keys of the subjects that a head names, whatever else is wrong with it."""
    if isinstance(data.get("architecture"), str):
        yield subject_key("architecture", data["architecture"])
    families, built_from = data.get("family"), data.get("built_from")
    yield from (one for one in (families if isinstance(families, list) else ()) if isinstance(one, str))
    for one in built_from if isinstance(built_from, list) else ():
        if isinstance(one, dict) and isinstance(one.get("accelerator"), str):
            yield one["accelerator"]


def _groups(heads: Sequence[Head]) -> list[list[Head]]:
    """Heads that name one another, directly or through others; in the order of their first files."""
    by_key: dict[str, list[Head]] = {}
    for head in heads:
        by_key.setdefault(head.key, []).append(head)
    leader = {head.key: head.key for head in heads}

    def lead(key: str) -> str:
        while leader[key] != key:
            leader[key] = key = leader[leader[key]]
        return key

    for head in heads:
        for name in head.names:
            if name in leader:
                leader[lead(name)] = lead(head.key)
    groups: dict[str, list[Head]] = {}
    for key, same in by_key.items():
        groups.setdefault(lead(key), []).extend(same)
    return list(groups.values())
