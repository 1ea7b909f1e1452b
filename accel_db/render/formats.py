"""Writes an answer in the format asked for. On the fast path; csv is imported only for CSV and TSV."""

from __future__ import annotations

import json
from functools import partial

from accel_db.render.answer import Table
from accel_db.render.draw import draw, draw_markdown
from accel_db.words.hidden import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from accel_db.render.answer import Answer

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")


def write(answer: Answer, form: str, *, color: bool = False, columns: int | None = None) -> str:
    """The text of an answer in one of `FORMATS`, ending in a newline. ``color`` and ``columns`` matter to tables only."""
    if form == "json":
        return visible(json.dumps(answer.document, ensure_ascii=False, indent=2), "\n") + "\n"
    if form == "jsonl":
        carried = {"edition": answer.document["edition"], "schema": answer.document["schema"]}
        return "".join(visible(json.dumps({**row, **carried}, ensure_ascii=False)) + "\n" for row in answer.rows)
    if form in ("csv", "tsv"):
        return _separated(answer, "," if form == "csv" else "\t")
    if form == "md":
        return "\n\n".join(_block(block, draw_markdown) for block in answer.blocks if block) + "\n"
    return "\n".join(_block(block, partial(draw, color=color, columns=columns)) for block in answer.blocks) + "\n"


def _block(block: str | Table, drawn: Callable[[Table], str]) -> str:
    """A table as it is drawn; a text with nothing in it that a terminal would obey."""
    return drawn(block) if isinstance(block, Table) else visible(block, "\n")


def _separated(answer: Answer, delimiter: str) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*map(_flat, answer.columns), "edition", "schema"])
    for row in answer.rows:
        writer.writerow(
            [*(_flat(row.get(key)) for key in answer.columns), answer.document["edition"], answer.document["schema"]]
        )
    return out.getvalue()


def _flat(value: Any) -> Any:
    from accel_db.words.cells import cell

    if isinstance(value, list | dict):
        return visible(json.dumps(value, ensure_ascii=False))
    return cell(value) if isinstance(value, str) else value
