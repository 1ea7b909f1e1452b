"""A whole tree, part by part: in as many processes as help, in memory that does not grow with the tree, with the same outcome however it is done."""

from __future__ import annotations

import gc
import os
import threading
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.build.part import Outcome, read_specs, work
from accel_db.curate.changes import read_changes
from accel_db.curate.checks import merged
from accel_db.curate.checks.waivers import needless_waivers, waive
from accel_db.curate.groups import known_kinds, parts
from accel_db.curate.read import check_ground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Tree

    Progress = Callable[[int, int], None]

WORTH_A_PROCESS = 400_000
"""Characters of spec files below which a second process costs more than it saves."""


@dataclass
class Whole:
    """What all parts of a tree come to."""

    ground: Tree
    problems: list[Problem] = field(default_factory=list)
    figures: int = 0
    subjects: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    names: list[list[str]] = field(default_factory=list)
    implied: list[list[str]] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)


def work_through(specs: Path, folder: Path | None = None, progress: Progress | None = None) -> Whole:
    """Examine the tree at ``specs`` and, given a ``folder``, write cards and rows there; ``progress`` is told characters done and all.

    The problems are sorted by place; waivers are applied.
    """
    ground, heads = read_specs(specs)
    sizes = {head.file: head.size for head in heads}
    planned = parts(heads)
    whole, traces, waived = Whole(ground), [], set()
    done, all_ = 0, sum(sizes.values())
    for files, outcome in _outcomes(ground, planned, known_kinds(heads), folder, all_):
        traces.append(outcome.trace)
        waived |= outcome.waived
        whole.problems += outcome.problems
        whole.figures += outcome.figures
        whole.subjects += outcome.subjects
        whole.counts.update(outcome.counts)
        whole.names += outcome.names
        whole.implied += outcome.implied
        whole.listed += outcome.listed
        done += sum(sizes[file] for file in files)
        if progress:
            progress(done, all_)
    left, used = waive(ground, [*check_ground(ground, merged(traces, ground)), *read_changes(specs)[1]])
    whole.problems = sorted({*whole.problems, *left, *needless_waivers(ground, waived | used)})
    return whole


def _outcomes(
    ground: Tree, planned: list[list[str]], known: Mapping[str, str], folder: Path | None, size: int
) -> Iterator[tuple[list[str], Outcome]]:
    """Every part with its outcome, as they are done."""
    width = len(str(len(planned)))
    tasks = [(files, f"{i:0{width}}") for i, files in enumerate(planned)]
    count = min(_processors(), len(tasks))
    if count < 2 or size < WORTH_A_PROCESS or not _may_fork():
        for files, name in tasks:
            yield files, work(ground, files, known, folder, name)
        return
    gc.freeze()  # what the processes share is not walked, and so not copied, by each one's collector
    try:
        with ProcessPoolExecutor(count, get_context("fork"), _SHARED.extend, ([ground, known, folder],)) as pool:
            waiting = {pool.submit(_one, task): task[0] for task in tasks}
            for future in as_completed(waiting):
                yield waiting.pop(future), future.result()
    finally:
        gc.unfreeze()


_SHARED: list[Any] = []
"""In a forked process: the ground, the kinds of all subjects, the folder to write to. Inherited, never pickled."""


def _one(task: tuple[list[str], str]) -> Outcome:
    ground, known, folder = _SHARED
    files, name = task
    return work(ground, files, known, folder, name)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _may_fork() -> bool:
    """Whether this process may be forked: it is Linux's, and nothing else runs in it."""
    try:
        return threading.active_count() == 1 and len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False
