"""Reads, checks and writes ``specs/changes.toml``: what each edition of the data added, removed and changed.

Owns the file's form and order; what the changes are is found elsewhere.
"""

from __future__ import annotations

import datetime  # noqa: TC003  pydantic reads it at run time
import itertools
import json
import os
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from accel_db.curate import lines
from accel_db.curate.models import Strict, Text
from accel_db.curate.problems import Problem
from accel_db.curate.toml import BadSpec, parse_spec, read_spec
from accel_db.curate.unseen import PROSE, unseen
from accel_db.words.hidden import visible

if TYPE_CHECKING:
    from pathlib import Path

FILE = "changes.toml"
HEADER = """\
# What each edition added, removed and changed. The list of an edition is written by `accel diff REV --record EDITION`, sorted;
# names, dates and summaries may be edited by hand, other comments are not kept. See docs/decisions.md.
"""
What = Literal["subject", "alias", "claim", "headline", "ruling", "looked", "source", "vendor"]
EDITION = re.compile(r"[0-9]{4}\.[1-9][0-9]{0,3}")
EditionName = Annotated[str, Field(pattern=f"^{EDITION.pattern}$")]


class EditionChange(Strict):
    """One fact that an edition changed; ``was`` and ``now`` in words."""

    kind: Literal["added", "removed", "changed"]
    what: What = "claim"
    subject: Text
    metric: Text | None = None
    per: Text | None = None
    variant: Text | None = None
    accumulate: Text | None = None
    was: Text | None = None
    now: Text | None = None
    source: Text | None = None
    locator: Text | None = None
    row: Text | None = None

    @model_validator(mode="after")
    def says_both_sides(self) -> Self:
        """What was added has no past, what was removed no present."""
        expected = {"added": (False, True), "removed": (True, False), "changed": (True, True)}[self.kind]
        if (self.was is not None, self.now is not None) != expected:
            raise ValueError(f"{self.kind} has {' and '.join(_sides(expected))} only")
        return self


def _sides(expected: tuple[bool, bool]) -> list[str]:
    return [f"`{name}`" for name, there in zip(("was", "now"), expected, strict=True) if there]


class Edition(Strict):
    """One edition of the data."""

    name: EditionName
    date: datetime.date
    summary: Text
    change: list[EditionChange] = Field(default_factory=list)


def read_changes(root: Path) -> tuple[list[Edition], list[Problem]]:
    """The editions in ``root``'s changes.toml, oldest first, and every problem of that file. No file is no edition."""
    path = root / FILE
    if not os.path.lexists(path):
        return [], []
    try:
        text = read_spec(path)
        data = parse_spec(text)
    except BadSpec as bad:
        return [], [Problem(FILE, bad.line, "toml", bad.shown, bad.message, bad.cure)]
    hidden = unseen(FILE, data, text)
    editions, problems = _validated(data, text)
    return editions, [*hidden, *problems, *_order_problems(editions, text)]


def _validated(data: dict[str, Any], text: str) -> tuple[list[Edition], list[Problem]]:
    rows = data.pop("edition", [])
    problems = [_problem(text, (key,), key, f"unknown key {key!r}", "write [[edition]]") for key in data]
    if not isinstance(rows, list):
        return [], [*problems, _problem(text, ("edition",), "edition", "edition is no list of tables", "[[edition]]")]
    editions = []
    for i, row in enumerate(rows):
        try:
            editions.append(Edition.model_validate(row))
        except ValidationError as error:
            problems += [_form_problem(text, i, fault) for fault in error.errors()]
    return editions, problems


def _form_problem(text: str, i: int, fault: Any) -> Problem:
    name = ".".join(str(part) for part in fault["loc"]) or "edition"
    message = fault["msg"].removeprefix("Value error, ")
    cure = f"an edition has {', '.join(Edition.model_fields)}; a change {', '.join(EditionChange.model_fields)}"
    return _problem(text, ("edition", i, *fault["loc"]), name, f"{name}: {message}", cure)


def _problem(text: str, path: lines.Path, shown: str, message: str, cure: str) -> Problem:
    return Problem(FILE, lines.find_line(text, path), "changes", shown, message, cure)


def _order_problems(editions: list[Edition], text: str) -> list[Problem]:
    """Editions stand once, in order; so do the changes of each."""
    problems = []
    for i, (before, after) in enumerate(itertools.pairwise(editions), 1):
        if edition_order(before.name) >= edition_order(after.name):
            message = f"edition {after.name} stands after {before.name}"
            problems.append(_problem(text, ("edition", i), after.name, message, "each edition once, oldest first"))
    for i, edition in enumerate(editions):
        if edition.change != sorted(set(edition.change), key=_order):
            cure = "accel diff REV --record EDITION writes it anew"
            message = f"the changes of {edition.name} are out of order, or one is there twice"
            problems.append(_problem(text, ("edition", i), edition.name, message, cure))
    return problems


def edition_order(name: str) -> tuple[int, ...]:
    """Sorts editions: 2026.2 before 2026.10."""
    return tuple(int(part) for part in name.split("."))


def _order(change: EditionChange) -> tuple[str, ...]:
    return tuple(getattr(change, key) or "" for key in ("subject", "what", "metric", *EditionChange.model_fields))


def counted(changes: list[EditionChange]) -> str:
    """A summary in numbers: ``12 figures added, 3 changed; 1 subject added``."""
    parts = []
    for what, word in (
        ("claim", "figure"),
        ("subject", "subject"),
        ("source", "source"),
        ("headline", "leading value"),
    ):
        of_it = [change.kind for change in changes if change.what == what]
        told = [f"{n} {kind}" for kind in ("added", "removed", "changed") if (n := of_it.count(kind))]
        if told:
            first, *rest = told
            number, kind = first.split(" ")
            parts.append(", ".join([f"{number} {word}{'' if number == '1' else 's'} {kind}", *rest]))
    return "; ".join(parts) or "no figure changed"


def with_recorded(
    editions: list[Edition], name: str, rows: list[dict[str, Any]], today: datetime.date, summary: str | None = None
) -> list[Edition]:
    """The editions with the list of one made anew from ``rows``; its date and hand-written summary stay, a counted one is counted again."""
    fields = EditionChange.model_fields
    shown = [{key: _shown(key, row[key]) for key in fields if row.get(key)} for row in rows]
    made = {EditionChange.model_validate(row) for row in shown}
    changes = sorted(made, key=_order)
    old = next((one for one in editions if one.name == name), None)
    kept = old.summary if old and old.summary != counted(old.change) else None
    new = Edition(
        name=name, date=old.date if old else today, summary=summary or kept or counted(changes), change=changes
    )
    return sorted([*(one for one in editions if one.name != name), new], key=lambda one: edition_order(one.name))


def _shown(key: str, value: str) -> str:
    """A text as this file may hold it: an older tree may have had characters that are refused today."""
    return visible(value, "\n" if key in PROSE else "")


def toml_of(editions: list[Edition]) -> str:
    """The text of changes.toml."""
    blocks = [HEADER]
    for edition in editions:
        blocks.append(
            f"[[edition]]\nname    = {_quoted(edition.name)}\ndate    = {edition.date}\nsummary = {_quoted(edition.summary)}\n"
        )
        for change in edition.change:
            pairs = [f"{key} = {_quoted(value)}" for key, value in change.model_dump(exclude_defaults=True).items()]
            blocks.append("\n".join(["[[edition.change]]", *pairs]) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def change_rows(root: Path) -> list[dict[str, Any]]:
    """The rows of ``changes.jsonl``: one an edition, oldest first, as plain JSON values."""
    return [one.model_dump(mode="json", exclude_none=True) for one in read_changes(root)[0]]
