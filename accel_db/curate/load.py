"""Reads a ``specs/`` tree, or some of its subjects, into models, collecting every problem of form on the way."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from accel_db.curate import models
from accel_db.curate.forms import parse, validate
from accel_db.curate.groups import known_kinds, read_heads
from accel_db.curate.problems import Problem
from accel_db.curate.rule_files import read_rules
from accel_db.curate.toml import BadSpec, parse_spec, read_spec
from accel_db.curate.tree import SourceEntry, Subject, Tree
from accel_db.curate.unseen import unseen
from accel_db.curate.vocabulary_files import vocabulary_faults
from accel_db.words.errors import DataFault
from accel_db.words.near import near_names
from accel_db.words.units import Units
from accel_db.words.vocabulary import read_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


VOCABULARY_FILES = ("metrics.toml", "units.toml", "derived.toml", "vendors.toml")
FILE_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


def read_ground(root: Path) -> Tree:
    """Read all but the subjects. Raises `DataFault` when it is no specs tree or its vocabulary cannot be read; everything else is a problem."""
    if not (root / "metrics.toml").is_file():
        raise DataFault(f"no spec files at {root}: {root / 'metrics.toml'} is missing; name the folder with --specs")
    read = {name: _vocabulary_file(root, name) for name in VOCABULARY_FILES}
    texts = {name: text for name, (text, _) in read.items()}
    parsed = {name: data for name, (_, data) in read.items()}
    faults = vocabulary_faults(parsed, texts)
    if faults:
        raise DataFault("\n".join([f"the vocabulary in {root} cannot be used:", *faults]))
    try:
        vocabulary = read_vocabulary(parsed["metrics.toml"])
        units = Units(parsed["units.toml"]["dimensions"], parsed["units.toml"]["unit"])
        tree = Tree(
            root=root,
            vocabulary=vocabulary,
            units=units,
            unit_rows=parsed["units.toml"]["unit"],
            dimensions=parsed["units.toml"]["dimensions"],
            derived=parsed["derived.toml"].get("derived", []),
            shown_units=parsed["units.toml"].get("shown", {}),
            vendors={},
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise DataFault(
            f"the vocabulary in {root} {'lacks' if isinstance(error, KeyError) else 'is faulty:'} {error}; "
            "see metrics.toml and units.toml of the project"
        ) from error
    for name, (text, data) in read.items():
        tree.problems += unseen(name, data, text)
    _read_vendors(tree, parsed["vendors.toml"])
    _read_waivers(tree)
    _stray_files(tree)
    read_rules(tree)
    for path in sorted((root / "sources").glob("*.toml")):
        _read_sources(tree, path)
    return tree


def read_subjects(ground: Tree, files: Iterable[str], known: Mapping[str, str]) -> Tree:
    """Read these spec files over a ``ground`` read before; ``known`` has the kind of every subject of the whole tree.

    The result holds the problems of these files alone.
    """
    tree = replace(ground, subjects={}, problems=[], texts=dict(ground.texts), known=known)
    for file in files:
        _read_subject(tree, file)
    return tree


def read_tree(root: Path) -> Tree:
    """Read all of ``root``, with every problem of form. Raises `DataFault` as `read_ground` does."""
    ground = read_ground(root)
    heads = read_heads(root)
    tree = read_subjects(ground, [head.file for head in heads], known_kinds(heads))
    tree.problems[:0] = ground.problems
    return tree


def _vocabulary_file(root: Path, name: str) -> tuple[str, dict[str, Any]]:
    """A file that nothing can be done without: its text and data."""
    try:
        text = read_spec(root / name)
        return text, parse_spec(text)
    except BadSpec as bad:
        raise DataFault(f"{name}:{bad.line}: {bad.message}; {bad.cure}") from None


def _read_vendors(tree: Tree, data: dict[str, Any]) -> None:
    for key, row in data.items():
        vendor = validate(tree, models.Vendor, row, "vendors.toml", (key,))
        if vendor:
            tree.vendors[key] = vendor


def _read_waivers(tree: Tree) -> None:
    file = "waivers.toml"
    if not os.path.lexists(tree.root / file):
        return
    data = parse(tree, file)
    rows = (data or {}).pop("waiver", [])
    for key in data or {}:
        tree.problems.append(tree.problem(file, (key,), "form", key, f"unknown key {key!r}", "did you mean 'waiver'?"))
    if not isinstance(rows, list):
        tree.problems.append(
            tree.problem(file, ("waiver",), "form", rows, "waiver is no list of tables", "write [[waiver]]")
        )
        return
    for i, row in enumerate(rows):
        waiver = validate(tree, models.Waiver, row, file, ("waiver", i))
        if waiver:
            tree.waivers.append(waiver)


def _stray_files(tree: Tree) -> None:
    """Files and folders of a specs tree that nothing reads: a misspelt folder would lose its chips in silence."""
    known = {"sources", "rules", *models.KINDS}
    for path in sorted(tree.root.iterdir()):
        if path.is_dir() and path.name not in known and any(path.glob("**/*.toml")):
            near = near_names(path.name, known)
            cure = f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(sorted(known))}"
            tree.problems.append(Problem(path.name, 1, "file-name", path.name, "no folder of that name is read", cure))
    for path in sorted((tree.root / "sources").glob("*/**/*.toml")):
        file = path.relative_to(tree.root).as_posix()
        cure = "one file a publisher, directly in sources/"
        tree.problems.append(Problem(file, 1, "file-name", file, "a file in a folder of sources/ is not read", cure))


def _read_sources(tree: Tree, path: Path) -> None:
    file = f"sources/{path.name}"
    data = parse(tree, file)
    if data is None:
        tree.unreadable.add(path.stem)
        return
    if not FILE_NAME.fullmatch(path.stem):
        cure = "rename it; its name is part of its sources' keys"
        message = "a file of sources is <publisher>.toml, lower case with hyphens"
        tree.problems.append(Problem(file, 1, "file-name", file, message, cure))
        tree.unreadable.add(path.stem)
        return
    publisher = data.pop("publisher", None)
    if not isinstance(publisher, str) or not publisher:
        tree.problems.append(
            Problem(
                file, 1, "form", "", "key 'publisher' is missing", "name the site or organisation in the first line"
            )
        )
        publisher = path.stem
    for name, row in data.items():
        if not isinstance(row, dict):
            tree.problems.append(
                tree.problem(file, (name,), "form", name, f"{name!r} is not a source", 'write a table: ["key"]')
            )
            continue
        key = f"{path.stem}/{name}"
        entry = validate(tree, models.Source, row, file, (name,))
        if entry:
            tree.sources[key] = SourceEntry(key, publisher, entry, file)
        else:
            tree.unreadable.add(key)


def _read_subject(tree: Tree, file: str) -> None:
    data = parse(tree, file)
    if data is None:
        return
    folder, *parts = file.removesuffix(".toml").split("/")
    if len(parts) != 2 or not all(FILE_NAME.fullmatch(part) for part in parts):
        tree.problems.append(
            Problem(
                file,
                1,
                "file-name",
                file,
                "a spec file is <vendor>/<name>.toml, lower case with hyphens",
                "rename it; its path is its id",
            )
        )
        return
    spec = validate(tree, models.KINDS[folder], data, file)
    if spec is None:
        return
    subject = Subject(models.SINGULAR[folder], "/".join(parts), parts[0], spec, file)
    taken = tree.subjects.get(subject.key)
    if taken:
        tree.problems.append(
            Problem(
                file, 1, "duplicate-id", subject.id, f"{taken.file} has the same id", "an id is one subject: rename one"
            )
        )
        return
    tree.subjects[subject.key] = subject
