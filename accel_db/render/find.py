"""``find``: the claims that print a figure, by subject, with who said it first. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.render.answer import CLAIM_COLUMNS, Answer, Footnotes, Table, edition_line, per_words, quoted, unit_words
from accel_db.words.shown import clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]
COLUMNS = ("name", *CLAIM_COLUMNS)
"""The flat form: one row a claim, the subject's name before the published columns."""
OWN = {"accelerator": "accelerator", "family": "accelerator", "system": "system"}
"""The level that goes without saying."""


def find_view(found: Row, *, sources: bool = False) -> Answer:
    """The answer of a search; ``sources`` adds titles and addresses to the footnotes."""
    notes = Footnotes()
    blocks: list[str | Table] = [_summary(found)]
    for group in found["groups"]:
        blocks += ["", _title(group), _table(group, notes)]
    blocks += ["", *notes.blocks(sources), edition_line()]
    return Answer({"command": "find", **found}, COLUMNS, _flat(found["groups"]), blocks, _said(found))


def _said(found: Row) -> list[str]:
    """What goes to stderr: how the text was taken, where that is not plain."""
    text = clipped(found["text"])
    if found["searched"] == "number":
        return [f"{text!r} has no unit: found as a number in any unit"]
    if found["searched"] == "text":
        return [f"{text!r} is no figure ({found['why']}): searched in what is printed, texts and rows"]
    return []


def _summary(found: Row) -> str:
    text, subjects = clipped(found["text"]), len(found["groups"])
    return f"{text}: {_count(found['claims'], 'claim')} on {_count(subjects, 'subject')}, {_count(found['origins'], 'origin')}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def _title(group: Row) -> str:
    who = f": {', '.join(group['origins'])}" if group["origins"] else " that stands"
    return f"{group['name']} ({group['subject']}), {_count(len(group['origins']), 'origin')}{who}"


def _table(group: Row, notes: Footnotes) -> Table:
    lines = []
    for line in group["lines"]:
        style = "dim" if line["deprecated"] else ""
        stage = f", {line['stage']}" if line["stage"] != "plain" else ""
        cells = (
            "✗" if line["deprecated"] else "",
            f"{line['shown']} {unit_words(line)}".rstrip() + (" d" if line["derived"] else ""),
            ", ".join(line["metrics"]),
            per_words(line, OWN[group["subject_kind"]]),
            quoted(line) + _row_words(line),
            line["origin"],
            f"{line['kind_short']}{stage} [{notes.cite(group, line)}]",
            line["deprecated"] or line["expression"] or "",
        )
        lines.append([(cell, style) for cell in cells])
    header = ["", "value", "metric", "per, variant", "as printed", "origin", "who", "why"]
    return Table(header, lines, "lrllllll", [2, 4, 6, 7])


def _row_words(line: Row) -> str:
    """The row or cell around the figure, where it says more."""
    return f" ({line['row']})" if line["row"] and line["row"] not in (line["printed"] or "") else ""


def _flat(groups: Sequence[Row]) -> list[Row]:
    return [
        {"name": group["name"], **line, "metric": metric}
        for group in groups
        for line in group["lines"]
        for metric in line["metrics"]
    ]
