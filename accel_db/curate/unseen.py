"""Finds characters in spec files that act instead of showing. One rule for every file and key; what else a text may be is not asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.curate.lines import find_line
from accel_db.curate.problems import Problem
from accel_db.words.hidden import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accel_db.curate.lines import Path

PROSE = frozenset({"note", "row", "why", "reason", "deprecated", "definition", "summary", "was", "now"})
"""Keys whose texts may have several lines. No name may: names stand in lines and columns of their own."""
MARKS = ("\\", "\t", '"""', "'''")
"""What a file's text has one of, unless everything in it shows and stands on one line. Escapes are seen only when they are read."""


def unseen(file: str, data: dict[str, Any], text: str) -> list[Problem]:
    """A problem for every key and text of a file that has a hidden character: a tab anywhere, a line end outside `PROSE`, any other everywhere."""
    if visible(text, "\n") == text and not any(mark in text for mark in MARKS):
        return []
    return [_problem(file, at, value, text) for at, value in _found(data)]


def _found(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    todo: list[tuple[Path, Any, str]] = [((), data, "")]
    while todo:
        at, value, keep = todo.pop()
        if isinstance(value, dict):
            for key, one in value.items():
                todo.append(((*at, key), one, "\n" if key in PROSE else ""))
                todo.append(((*at, key), key, ""))
        elif isinstance(value, list):
            todo += [((*at, i), one, keep) for i, one in enumerate(value)]
        elif isinstance(value, str) and visible(value, keep) != value:
            yield at, value


def _problem(file: str, at: Path, value: str, text: str) -> Problem:
    shown = visible(value)
    if visible(value, "\t\n") == value:
        message, cure = "a tab, or a line end where no text of several lines may stand", "write the text in one line"
    else:
        message = (
            "a character that acts instead of showing: a control, a terminal escape or a mark of reading direction"
        )
        cure = "write the text without it"
    return Problem(file, find_line(text, at), "hidden-character", shown[:80], message, cure)
