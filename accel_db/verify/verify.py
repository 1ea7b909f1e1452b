"""Verifies sources: fetches them many at once, looks their figures up, keeps the findings. Prints nothing and judges no claim."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from accel_db.verify.addresses import Unreached, document_address
from accel_db.verify.documents import Document, NoText, read_document
from accel_db.verify.fetching import Fetcher, Limits
from accel_db.verify.kept import Record
from accel_db.verify.matching import ELSEWHERE, FOUND, NOT_FOUND, Figure, Finding, Look
from accel_db.words.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from accel_db.verify.fetching import Fetched
    from accel_db.verify.kept import Kept
    from accel_db.verify.wanted import Task
    from accel_db.words.units import Unit

UNREACHABLE, CHANGED, SKIPPED = "unreachable", "changed since", "skipped"
STATES = (NOT_FOUND, UNREACHABLE, CHANGED, ELSEWHERE, FOUND, SKIPPED)
"""Every state of a source, the worst first."""
EXTRA = ("httpx", "pypdf", "bs4", "platformdirs", "rich")


@dataclass(frozen=True)
class Result:
    """What became of one source. ``findings`` stand in the order of the task's figures.

    ``changed_since`` is when the document was last seen otherwise; ``checked`` when it was reached; ``kept`` that both were
    looked up and not fetched anew.
    """

    task: Task
    address: str
    findings: tuple[Finding, ...]
    state: str
    reason: str = ""
    checked: str | None = None
    changed_since: str | None = None
    kept: bool = False


@dataclass(frozen=True)
class Run:
    """What a run works with. ``since`` is the time after which kept findings need not be looked for again."""

    limits: Limits
    kept: Kept
    units: Mapping[str, Unit]
    now: datetime
    since: datetime | None = None
    done: Callable[[Result], None] = lambda _: None


def need_extra() -> None:
    """Raise `UsageError` with the cure unless the packages of the extra are installed."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"verify needs packages that are not installed ({', '.join(missing)}); run: pip install 'accel-db[verify]'"
        )


def since(now: datetime, days: int | None) -> datetime | None:
    """The time so many days ago; None where nothing kept may stand in."""
    return None if days is None else now - timedelta(days=days)


def verify(tasks: Sequence[Task], run: Run) -> list[Result]:
    """Verify sources; each result is kept, and told to ``run.done``, as it comes. In the order of the tasks."""
    return asyncio.run(_verify(tasks, run))


async def _verify(tasks: Sequence[Task], run: Run) -> list[Result]:
    reading = asyncio.Lock()
    async with Fetcher(run.limits) as fetcher:

        async def one(task: Task) -> Result:
            result = _without_fetching(task, run) or await _fetched(task, run, fetcher, reading)
            run.done(result)
            return result

        return await asyncio.gather(*map(one, tasks))


def _without_fetching(task: Task, run: Run) -> Result | None:
    """The result of a source that need not be fetched; None for one that must."""
    address = document_address(task.source["url"])
    if task.source["access"] == "quoted":
        copies = ", ".join(task.source["via"]) or "copies"
        return _skipped(task, address, f"read only in copies, as quoted by {copies}: its own address was never read")
    if not task.figures:
        return _skipped(task, address, "no printed figure of what was asked rests on it")
    record = run.kept.load(task.key, address)
    if run.since is None or record is None or _when(record.checked) < run.since:
        return None
    found = [record.findings.get(_name(figure)) for figure in task.figures]
    findings = tuple(Finding(*one) for one in found if one)
    if len(findings) < len(found):
        return None
    state = _worst(findings, record.changed_since)
    return Result(task, address, findings, state, "", record.checked, record.changed_since, kept=True)


def _skipped(task: Task, address: str, reason: str) -> Result:
    return Result(task, address, tuple(Finding(SKIPPED, reason) for _ in task.figures), SKIPPED, reason)


def _unreachable(task: Task, address: str, reason: str) -> Result:
    return Result(task, address, tuple(Finding(UNREACHABLE, reason) for _ in task.figures), UNREACHABLE, reason)


async def _fetched(task: Task, run: Run, fetcher: Fetcher, reading: asyncio.Lock) -> Result:
    """Fetch a source and look its figures up; one document is read at a time, off the loop that fetches."""
    address = document_address(task.source["url"])
    try:
        fetched = await fetcher.fetch(address)
        async with reading:
            document, findings = await asyncio.to_thread(_read, task, fetched, run)
    except (Unreached, NoText) as error:
        return _unreachable(task, address, error.message)
    except Exception as error:  # noqa: BLE001  whatever somebody's server or document leads to, it stops no other
        return _unreachable(task, address, f"unexpected {type(error).__name__}: {str(error)[:200]}")
    checked = run.now.isoformat(timespec="seconds")
    before = run.kept.load(task.key, address)
    same = before is not None and before.digest == document.digest
    changed = before.checked if before and not same else None
    named = {_name(figure): tuple(finding) for figure, finding in zip(task.figures, findings, strict=True)}
    known = {**before.findings, **named} if before and same else named
    run.kept.save(Record(task.key, address, checked, document.digest, changed, known))  # type: ignore[arg-type]
    return Result(task, fetched.address, findings, _worst(findings, changed), "", checked, changed)


def _read(task: Task, fetched: Fetched, run: Run) -> tuple[Document, tuple[Finding, ...]]:
    document = read_document(fetched.content, fetched.content_type, fetched.charset, fetched.address)
    look = Look(document, run.units, decimal_comma=task.decimal_comma)
    return document, tuple(look.find(figure) for figure in task.figures)


def _worst(findings: Sequence[Finding], changed: str | None) -> str:
    states = {finding.state for finding in findings} | ({CHANGED} if changed else set())
    return next(state for state in STATES if state in states)


def _name(figure: Figure) -> str:
    """What a figure's finding is kept under."""
    return json.dumps(
        [figure.printed, figure.row, figure.locator, figure.text, figure.date, figure.counted], ensure_ascii=False
    )


def _when(checked: str) -> datetime:
    """A kept time; a damaged one is long ago."""
    try:
        when = datetime.fromisoformat(checked)
    except ValueError:
        when = datetime.min
    return when if when.tzinfo else datetime.fromisoformat("1970-01-01T00:00:00+00:00")
