"""A whole tree, part by part: in as many processes as help, in memory that does not grow with the tree, with the same outcome however it is done."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.build.part import Outcome, read_specs, work
from accel_db.curate.changes import read_changes
from accel_db.curate.checks import merged
from accel_db.curate.checks.waivers import needless_waivers, waive
from accel_db.curate.groups import known_kinds, parts
from accel_db.curate.read import check_ground
from accel_db.words.errors import DataFault

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from accel_db.curate.checks import Trace
    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Tree

    Progress = Callable[[int, int], None]

WORTH_A_PROCESS = 400_000
"""Characters of spec files below which a second process costs more than it saves."""
MOST_PROCESSES = 8
"""More would cost memory and gain little: the rest of a build is one process's work."""


@dataclass
class Whole:
    """What all parts of a tree come to."""

    ground: Tree
    processes: int = 1
    """How many worked on it."""
    problems: list[Problem] = field(default_factory=list)
    figures: int = 0
    subjects: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    implied: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)


def work_through(specs: Path, folder: Path | None = None, progress: Progress | None = None) -> Whole:
    """Examine the tree at ``specs`` and, given a ``folder``, write cards and rows there; ``progress`` is told characters done and all.

    The problems are sorted by place; waivers are applied.
    """
    ground, heads = read_specs(specs)
    sizes = {head.file: head.size for head in heads}
    planned = parts(heads)
    if waive(ground, ground.problems)[0]:
        folder = None  # what cannot be read would be missing where its readings are written
    traces, waived = [], set()
    done, all_ = 0, sum(sizes.values())
    whole = Whole(ground, _processes(len(planned), all_))
    with closing(_outcomes(ground, planned, known_kinds(heads), folder, whole.processes)) as outcomes:
        for files, outcome in outcomes:
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
    whole.problems = all_problems(ground, whole.problems, traces, waived)
    return whole


def all_problems(ground: Tree, found: Iterable[Problem], traces: Iterable[Trace], waived: set[int]) -> list[Problem]:
    """What was ``found`` in the parts and what concerns the tree as a whole, waivers applied, sorted by place."""
    left, used = waive(ground, [*check_ground(ground, merged(traces, ground)), *read_changes(ground.root)[1]])
    return sorted({*found, *left, *needless_waivers(ground, waived | used)})


def _outcomes(
    ground: Tree, planned: list[list[str]], known: Mapping[str, str], folder: Path | None, processes: int
) -> Generator[tuple[list[str], Outcome], None, None]:
    """Every part with its outcome, as they are done."""
    width = len(str(len(planned)))
    tasks = [(files, f"{i:0{width}}") for i, files in enumerate(planned)]
    if processes < 2:
        for files, name in tasks:
            yield files, work(ground, files, known, folder, name)
        return
    others, finished = set(active_children()), False
    gc.freeze()  # what the processes share is not walked, and so not copied, by each one's collector
    pool = ProcessPoolExecutor(processes, get_context("fork"), _begin, ([ground, known, folder],))
    try:
        waiting = {pool.submit(_one, task): task[0] for task in tasks}
        for future in as_completed(waiting):
            yield waiting.pop(future), future.result()
        finished = True
    except BrokenProcessPool:
        raise DataFault(
            "a process of the build was ended from outside, perhaps for want of memory; run the command again"
        ) from None
    finally:
        if not finished:  # nobody waits for what the processes have begun
            for child in set(active_children()) - others:
                child.kill()
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


_SHARED: list[Any] = []
"""In a forked process: the ground, the kinds of all subjects, the folder to write to. Inherited, never pickled."""


def _begin(shared: list[Any]) -> None:
    """Take what is shared; end when the process that forked this one is gone, whatever ended it, and leave Ctrl-C to it."""
    _SHARED.extend(shared)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


def _one(task: tuple[list[str], str]) -> Outcome:
    ground, known, folder = _SHARED
    files, name = task
    return work(ground, files, known, folder, name)


def _processes(parts: int, size: int) -> int:
    """How many processes help with so many parts of so many characters in all."""
    count = min(_processors(), parts, MOST_PROCESSES)
    return 1 if count < 2 or size < WORTH_A_PROCESS or not _may_fork() else count


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _may_fork() -> bool:
    """Whether this process may be forked: it is Linux's, and nothing else runs in it."""
    try:
        return threading.active_count() == 1 and len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False
