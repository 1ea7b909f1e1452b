"""How a verification is told: a line a source, then every figure that was not found where it should be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from accel_db.render.answer import Answer, Table, edition_line
from accel_db.verify.matching import ELSEWHERE, NOT_FOUND
from accel_db.verify.verify import CHANGED, SKIPPED, STATES, UNREACHABLE, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

STYLES = {NOT_FOUND: "bad", UNREACHABLE: "bad", CHANGED: "bad", ELSEWHERE: "dim", SKIPPED: "dim"}
COLUMNS = (
    "source",
    "address",
    "subject",
    "metrics",
    "printed",
    "row",
    "locator",
    "state",
    "where",
    "checked",
    "changed_since",
    "kept",
)


def verified(results: Sequence[Result], notes: Sequence[str] = ()) -> Answer:
    """The answer of ``verify``. Its exit code is 1 when a figure was not found or a source not reached."""
    rows = [row for result in results for row in _rows(result)]
    sources = [_source(result) for result in results]
    counts = Counter(result.state for result in results)
    figures = Counter(row["state"] for row in rows)
    failed = any(result.state in (NOT_FOUND, UNREACHABLE) for result in results)
    document = {
        "command": "verify",
        "sources": [
            {**one, "figures": [_own(row) for row in _rows(result)]}
            for one, result in zip(sources, results, strict=True)
        ],
        "counts": {
            "sources": {state: counts[state] for state in STATES},
            "figures": {state: figures[state] for state in STATES if state != CHANGED},
        },
    }
    return Answer(document, COLUMNS, rows, _blocks(results, counts, rows), notes, exit_code=1 if failed else 0)


def _rows(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "source": result.task.key,
            "address": result.address,
            "subject": figure.subject,
            "metrics": list(figure.metrics),
            "printed": figure.printed,
            "row": figure.row,
            "locator": figure.locator,
            "state": finding.state,
            "where": finding.where,
            "checked": result.checked,
            "changed_since": result.changed_since,
            "kept": result.kept,
        }
        for figure, finding in zip(result.task.figures, result.findings, strict=True)
    ]


def _own(row: dict[str, Any]) -> dict[str, Any]:
    """What a figure's row says besides what its source's says."""
    return {key: row[key] for key in ("subject", "metrics", "printed", "row", "locator", "state", "where")}


def _source(result: Result) -> dict[str, Any]:
    return {
        "source": result.task.key,
        "title": result.task.source["title"],
        "address": result.address,
        "state": result.state,
        "reason": result.reason or None,
        "checked": result.checked,
        "changed_since": result.changed_since,
        "kept": result.kept,
    }


def _blocks(results: Sequence[Result], counts: Counter[str], rows: Sequence[dict[str, Any]]) -> list[str | Table]:
    lines = [[(result.state, STYLES.get(result.state, "")), result.task.key, _said(result)] for result in results]
    blocks: list[str | Table] = [Table(["state", "source", ""], lines, "lll", [2])]
    missed = [row for row in rows if row["state"] in (NOT_FOUND, ELSEWHERE)]
    if missed:
        cells = [
            [
                (row["state"], STYLES[row["state"]]),
                row["printed"],
                row["row"] or "",
                row["subject"],
                row["source"],
                row["locator"],
            ]
            for row in missed
        ]
        blocks += [
            "",
            Table(["state", "printed", "row", "subject", "source", "where it was read"], cells, "llllll", [2, 5]),
        ]
    told = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])
    return [*blocks, "", f"{len(results)} sources" + (f": {told}" if told else ""), edition_line()]


def _said(result: Result) -> str:
    """One line on a source: why it was not read, or how many of its figures were found, and whether it changed."""
    if result.reason:
        return result.reason
    counts = Counter(finding.state for finding in result.findings)
    parts = [f"{counts[state]} {state}" for state in reversed(STATES) if counts[state]]
    if result.changed_since:
        parts.append(f"the document changed since {result.changed_since}")
    if result.kept:
        parts.append(f"as checked {result.checked}")
    return ", ".join(parts)
