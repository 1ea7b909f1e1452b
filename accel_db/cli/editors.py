"""The editors' commands: check and build. They import the rooms that read spec files inside their bodies."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from accel_db.cli.progress import Bar
from accel_db.cli.run import say
from accel_db.words.errors import SpecProblems, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accel_db.render.answer import Answer

PACKAGE = Path(__file__).resolve().parents[1]


def find_specs(given: str | None) -> Path:
    """The spec files: those named, else the checkout's. Raises `UsageError` in an installed wheel."""
    if given:
        return Path(given)
    specs = PACKAGE.parent / "specs"
    if not (specs / "metrics.toml").is_file():
        raise UsageError(
            "an installed accel-db has no spec files: name a folder with --specs, or in a checkout run: pip install -e ."
        )
    return specs


@contextmanager
def unwinding() -> Iterator[None]:
    """Within, SIGTERM ends the command as Ctrl-C does: what it began is cleared away."""

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(128 + signal.SIGTERM)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def check(specs: str | None, paths: list[str]) -> Answer:
    """Every problem of the tree, or of some of its files."""
    from accel_db.build.builder import check as check_specs
    from accel_db.render.answer import Answer

    root = find_specs(specs)
    with unwinding(), Bar() as bar:
        whole = check_specs(root, bar)
    problems = whole.problems
    if paths:
        wanted = [_within(path, root) for path in paths]
        problems = [
            one
            for one in problems
            if any(one.file == path or one.file.startswith(path.rstrip("/") + "/") or path == "." for path in wanted)
        ]
    rows = [one._asdict() for one in problems]
    documents = len(whole.ground.sources)
    said = (
        f"{len(problems)} problems"
        if problems
        else f"clean: {whole.figures} figures from {documents} documents on {whole.subjects} subjects"
    )
    document = {"command": "check", "problems": rows, "figures": whole.figures, "documents": documents}
    columns = ["file", "line", "check", "text", "message", "cure"]
    shown = os.path.relpath(root)
    return Answer(
        document, columns, rows, [*(f"{shown}/{one}" for one in problems), said], exit_code=1 if problems else 0
    )


def _within(path: str, root: Path) -> str:
    """A path as the tree names it, whether given from here or from the tree's root."""
    full = Path(path).resolve()
    if full.is_relative_to(root.resolve()):
        return full.relative_to(root.resolve()).as_posix()
    if not (root / path).exists():
        raise UsageError(f"{path!r} is neither in {root} nor a path within it")
    return path


def checks() -> Answer:
    """The checks, with scope and demand."""
    from accel_db.curate.checks import CHECKS
    from accel_db.derive.arithmetic import RULES
    from accel_db.render.answer import Answer, Table

    rows = [{"check": one.name, "scope": one.scope, "demands": one.says} for one in CHECKS.values()]
    rows += [{"check": one.name, "scope": " and ".join(one.kinds), "demands": one.says} for one in RULES.values()]
    table = Table(["check", "scope", "demands"], [list(row.values()) for row in rows], "lll", [2])
    return Answer({"command": "check", "checks": rows}, ["check", "scope", "demands"], rows, [table])


def build(specs: str | None, data: str | None) -> int:
    """Build; say what was done on stderr, and every problem when the tree is refused."""
    from accel_db.build.builder import build as build_tree

    root = find_specs(specs)
    if specs and not data:
        raise UsageError("--specs without --data would replace the package's own data: name a folder with --data")
    target = Path(data) if data else PACKAGE / "data"
    try:
        with unwinding(), Bar() as bar:
            folder, built = build_tree(root, target, bar)
    except SpecProblems as error:
        for problem in error.problems:
            say(f"{os.path.relpath(root)}/{problem}")
        raise
    say(f"{'built' if built else 'unchanged:'} {os.path.relpath(folder)}")
    return 0
