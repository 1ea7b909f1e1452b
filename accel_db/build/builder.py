"""Builds ``data/<digest>/`` and last replaces the text file ``data/current``, so that a reader sees the old build or the new one whole.

Light until there is something to build: an unchanged tree costs reading it once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db import SCHEMA, __version__
from accel_db.words.errors import DataFault, SpecProblems
from accel_db.words.files import read_regular
from accel_db.words.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accel_db.build.parts import Progress, Whole
    from accel_db.curate.problems import Problem
    from accel_db.curate.read import Curated
    from accel_db.curate.tree import Tree
    from accel_db.derive.world import Judged

PACKAGE = Path(__file__).resolve().parents[1]
KEPT = 2
"""Builds kept: the current one, and the one a reader may still have open."""
STALE_TEMPORARY = 3600
"""Seconds after which a build's leftover folder is no longer somebody's."""


def check_tree(specs: Path) -> tuple[Curated, dict[str, Judged], list[Problem]]:
    """Read, check and judge a tree as one, all of it in memory. The problems are sorted by place; waivers are applied."""
    from accel_db.build.part import examine, read_specs
    from accel_db.build.parts import all_problems
    from accel_db.curate.groups import known_kinds

    ground, heads = read_specs(specs)
    done = examine(ground, [head.file for head in heads], known_kinds(heads))
    return done.curated, done.world, all_problems(ground, done.problems, [done.curated.trace], done.waived)


def check(specs: Path, progress: Progress | None = None) -> Whole:
    """What `check_tree` finds, part by part, in memory that does not grow with the tree."""
    from accel_db.build.parts import work_through

    return work_through(specs, None, progress)


def build(specs: Path, data: Path, progress: Progress | None = None) -> tuple[Path, bool]:
    """Build ``specs`` into ``data``; return the build's folder and whether anything had to be built.

    Raises `SpecProblems` for a tree with problems and `DataFault` where the folder cannot be written; the old build then stands.
    """
    if not (specs / "metrics.toml").is_file():
        raise DataFault(f"no spec files at {specs}: metrics.toml is missing; name the folder with --specs")
    digest = tree_digest(specs)
    target = data / digest
    if (target / "complete").is_file():
        _switch(data, digest, specs)
        return target, False
    try:
        data.mkdir(parents=True, exist_ok=True)
        temporary = data / f".building-{os.getpid()}-{time.time_ns()}"
        temporary.mkdir()
        try:
            _make(specs, temporary, progress)
            _move(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        _switch(data, digest, specs)
        _sweep(data, digest)
    except OSError as error:
        raise DataFault(
            f"cannot write the build to {data}: {error.strerror or error}; choose another folder with --data"
        ) from error
    return target, True


def _make(specs: Path, folder: Path, progress: Progress | None) -> None:
    from accel_db.build.parts import work_through

    whole = work_through(specs, folder, progress)
    if whole.problems:
        raise SpecProblems(f"{len(whole.problems)} problems in {specs}; the build is refused", whole.problems)
    _write(folder, whole)


def tree_digest(specs: Path) -> str:
    """A name for the outcome: the spec files and the code that reads them."""
    digest = hashlib.sha256(f"{SCHEMA} {__version__}".encode())
    code = sorted(
        path
        for room in ("words", "curate", "derive", "build")
        for path in (PACKAGE / room).rglob("*.*")
        if path.suffix in (".py", ".toml")
    )
    for path in [*sorted(specs.glob("**/*.toml")), *code]:
        name = path.relative_to(specs if path.is_relative_to(specs) else PACKAGE).as_posix()
        digest.update(b"\0" + os.fsencode(name) + b"\0")
        try:
            digest.update(read_regular(path))  # what is longer is refused by whoever reads it
        except OSError:  # a link that hangs, a pipe, a folder: whoever reads it says so
            digest.update(b"\0unreadable\0")
    return digest.hexdigest()[:16]


def _write(folder: Path, whole: Whole) -> None:
    """All that is not written part by part."""
    from orjson import dumps, loads

    from accel_db.build.duck import read_tables, write_duckdb, write_json_lines, write_rows
    from accel_db.build.part import ROWS
    from accel_db.build.rows import ground_rows, info_rows
    from accel_db.curate.changes import change_rows
    from accel_db.curate.rule_files import rule_rows
    from accel_db.words.expression import save_parser

    tree, tables = whole.ground, read_tables()
    rows = ground_rows(tree)
    headings = rows.pop("headline_unit")
    rows["info"] = info_rows({**whole.counts, "source": len(rows["source"])}, __version__, SCHEMA)
    # Sorted as bytes, so that a reader may bisect the file.
    _lines(folder / "names.tsv", sorted([*whole.names, *_unambiguous(whole)], key=str.encode))
    _write_list(folder, whole.listed)
    (folder / "marks.json").write_bytes(dumps(tree.vocabulary.marks))
    (folder / "rules.json").write_bytes(dumps(rule_rows(tree.rules)))
    save_parser(folder)
    write_json_lines(folder / "units.jsonl", ({**row, "base": loads(row["base"])} for row in rows["unit"]))
    write_json_lines(folder / "sources.jsonl", rows["source"])
    makers = [{"aliases": tree.vendors[row["id"]].aliases, **row} for row in rows["vendor"]]
    write_json_lines(folder / "vendors.jsonl", makers)
    write_json_lines(folder / "metrics.jsonl", _metric_rows(tree))
    write_json_lines(folder / "changes.jsonl", change_rows(tree.root))
    write_rows(folder / ROWS, "0", rows, tables)
    write_duckdb(folder / "accel.duckdb", folder / ROWS, headings, tables)
    shutil.rmtree(folder / ROWS)
    size = (folder / "names.tsv").stat().st_size  # a cut table would say no where the answer is yes
    (folder / "complete").write_text(f"{SCHEMA} {__version__} {size}\n", encoding="utf-8")


def _write_list(folder: Path, listed: list[str]) -> None:
    """``list.tsv``: the columns, and where in ``list.jsonl`` the rest of a subject stands, so that only what is shown is read."""
    at = 0
    with (
        (folder / "list.tsv").open("w", encoding="utf-8", newline="\n") as columns,
        (folder / "list.jsonl").open("wb") as rests,
    ):
        for line in sorted(listed, key=lambda line: line.split("\t", 1)[0]):
            told, _, rest = line.rpartition("\t")
            data = rest.encode() + b"\n"
            columns.write(f"{told}\t{at}\t{len(data)}\n")
            rests.write(data)
            at += len(data)


def _unambiguous(whole: Whole) -> list[str]:
    """The implied names that nothing is called outright, and no two subjects by implication."""
    taken = {line.split("\t", 1)[0] for line in whole.names}
    leads: dict[str, set[str]] = {}
    for line in whole.implied:
        key, _, subject, _ = line.split("\t")
        if key not in taken:
            leads.setdefault(key, set()).add(subject)
    first: dict[str, str] = {}
    for line in whole.implied:
        first.setdefault(line.split("\t", 1)[0], line)
    return [first[key] for key, subjects in leads.items() if len(subjects) == 1]


def _lines(path: Path, rows: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(row + "\n" for row in rows)


def _metric_rows(tree: Tree) -> list[dict[str, Any]]:
    """Headlines and named derived metrics first, then metrics: what ``metrics``, ``why`` and completion need to know."""
    from accel_db.build.cards import headline_metrics

    vocabulary = tree.vocabulary
    rows = [
        {
            "name": one.name,
            "of": "headline",
            "label": one.label,
            "unit": one.unit,
            "group": "Headlines",
            "default": one.default,
            "better": one.better,
            "definition": f"first of {', '.join(one.any_of)}"
            if one.any_of
            else f"answered from {', '.join(one.metrics[:4])}{' …' if len(one.metrics) > 4 else ''}",
            "metrics": headline_metrics(one, vocabulary),
            "any_of": list(one.any_of),
        }
        for one in vocabulary.headlines.values()
    ]
    rows += [
        {
            "name": row["name"],
            "of": "derived",
            "label": row["label"],
            "unit": row["unit"],
            "group": "Derived",
            "default": row.get("default", False),
            "better": row.get("better"),
            "definition": f"{row['definition']} {row['expression']}",
            "metrics": [],
            "any_of": [],
        }
        for row in tree.derived
    ]
    rows += [
        {
            "name": one.name,
            "of": "metric",
            "label": one.label,
            "unit": one.unit,
            "group": one.group,
            "default": False,
            "better": None,
            "definition": one.definition,
            "metrics": [one.name],
            "any_of": [],
            "additive": one.additive,
        }
        for one in vocabulary.metrics.values()
    ]
    return rows


def _move(temporary: Path, target: Path) -> None:
    """Put a finished build in its place; another build of the same tree may have been quicker."""
    if target.exists() and not (target / "complete").is_file():
        shutil.rmtree(target, ignore_errors=True)
    try:
        temporary.rename(target)
    except OSError:
        if not (target / "complete").is_file():
            raise


def _switch(data: Path, digest: str, specs: Path) -> None:
    """The one switch: ``current`` names the build that readers use."""
    text = f"{digest}\n{stamp(str(specs))}\n"
    current = data / "current"
    try:
        if current.is_file() and current.read_text(encoding="utf-8") == text:
            return
        temporary = data / f".current-{os.getpid()}"
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(current)
    except OSError as error:
        raise DataFault(f"cannot write {current}: {error.strerror}; choose another folder with --data") from error


def _sweep(data: Path, digest: str) -> None:
    """Remove older builds but the newest of them, and what killed builds left behind."""
    old = [path for path in data.iterdir() if path.is_dir() and not path.name.startswith(".") and path.name != digest]
    old.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    left = [path for path in data.glob(".building-*") if time.time() - path.stat().st_mtime > STALE_TEMPORARY]
    for path in [*old[KEPT - 1 :], *left]:
        shutil.rmtree(path, ignore_errors=True)
