"""Builds ``data/<digest>/`` and last replaces the text file ``data/current``, so that a reader sees the old build or the new one whole.

Light until there is something to build: an unchanged tree costs reading it once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db import SCHEMA, __version__
from accel_db.words.errors import DataFault, SpecProblems
from accel_db.words.lean import brief, lean
from accel_db.words.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accel_db.build.cards import Card
    from accel_db.curate.load import Tree
    from accel_db.curate.problems import Problem
    from accel_db.curate.read import Curated
    from accel_db.derive.arithmetic import Finding
    from accel_db.derive.world import Judged

PACKAGE = Path(__file__).resolve().parents[1]
KEPT = 2
"""Builds kept: the current one, and the one a reader may still have open."""
STALE_TEMPORARY = 3600
"""Seconds after which a build's leftover folder is no longer somebody's."""


def check_tree(specs: Path) -> tuple[Curated, dict[str, Judged], list[Problem]]:
    """Read, check and judge a tree. The problems are sorted by place; waivers are applied."""
    from accel_db.curate.changes import read_changes
    from accel_db.curate.checks.waivers import apply_waivers
    from accel_db.curate.read import curate
    from accel_db.derive.arithmetic import findings
    from accel_db.derive.named import check_expressions
    from accel_db.derive.world import judge_world

    curated = curate(specs)
    check_expressions(curated.tree)
    world, ruling_problems = judge_world(curated)
    found = findings(world, curated.tree.vocabulary)
    arithmetic = [finding_problem(one, curated.tree) for one in found if not (one.own or one.settled)]
    recorded = read_changes(specs)[1]
    problems = apply_waivers(curated.tree, [*curated.problems, *ruling_problems, *arithmetic, *recorded])
    return curated, world, sorted(set(problems))


def finding_problem(finding: Finding, tree: Tree) -> Problem:
    """A finding of arithmetic as a problem, at the place of its first claim; its text is the checked quantity."""
    claim = finding.claims[0]
    cure = "one of them is wrong, on another basis or another product's; a true contradiction is waived with its reason"
    text = f"{finding.subject.id} {claim.metric}"
    return tree.problem(claim.file, claim.path, finding.check, text, finding.message, cure)


def build(specs: Path, data: Path) -> tuple[Path, bool]:
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
    curated, world, problems = check_tree(specs)
    if problems:
        raise SpecProblems(f"{len(problems)} problems in {specs}; the build is refused", problems)
    try:
        data.mkdir(parents=True, exist_ok=True)
        temporary = data / f".building-{os.getpid()}-{time.time_ns()}"
        temporary.mkdir()
        try:
            _write(temporary, curated.tree, world)
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
        digest.update(f"\0{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _write(folder: Path, tree: Tree, world: dict[str, Judged]) -> None:
    from accel_db.build.cards import make_cards
    from accel_db.build.duck import write_duckdb
    from accel_db.build.rows import make_rows
    from accel_db.curate.changes import change_rows
    from accel_db.derive.arithmetic import findings
    from accel_db.words.expression import save_parser

    cards = make_cards(world, tree, __version__, SCHEMA, findings(world, tree.vocabulary))
    for key, card in cards.items():
        path = folder / "cards" / f"{key}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_json(lean(card)), encoding="utf-8")
        path = folder / "briefs" / f"{key}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_json(brief(card)), encoding="utf-8")
    rows = make_rows(world, cards, tree, __version__, SCHEMA)
    _lines(
        folder / "names.tsv",
        (
            "\t".join([row["key"], cards[row["subject"]]["kind"], row["subject"], row["alias"]])
            for row in _by_key(rows["alias"])
        ),
    )
    _lines(folder / "list.jsonl", (_json(_list_row(card)) for _, card in sorted(cards.items())))
    (folder / "marks.json").write_text(_json(tree.vocabulary.marks), encoding="utf-8")
    save_parser(folder)
    _lines(folder / "units.jsonl", (_json({**row, "base": json.loads(row["base"])}) for row in rows["unit"]))
    _lines(folder / "sources.jsonl", (_json(row) for row in rows["source"]))
    _lines(folder / "metrics.jsonl", (_json(row) for row in _metric_rows(tree)))
    _lines(folder / "changes.jsonl", (_json(row) for row in change_rows(tree.root)))
    write_duckdb(folder / "accel.duckdb", rows, folder)
    (folder / "complete").write_text(f"{SCHEMA} {__version__}\n", encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(path: Path, rows: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(row + "\n" for row in rows)


def _by_key(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sorted as bytes, so that a reader may bisect the file."""
    return sorted(rows, key=lambda row: (row["key"].encode(), row["subject"]))


def _list_row(card: Card) -> dict[str, Any]:
    """What ``list`` shows of a subject."""
    keys = ("headline", "label", "shown", "value", "unit", "marketed", "marks", "verdict", "spread", "ruled")
    return {
        **{key: card[key] for key in ("id", "kind", "name", "type", "status", "built_from")},
        "vendor": card["vendor"]["name"],
        "country": card["vendor"]["country"],
        "headlines": [
            {key: row[key] for key in keys} for row in card["headlines"] if row["default"] and row["shown"] is not None
        ],
    }


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
