"""``timeline``: rules, events and launches as one dated table. Words only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.render.answer import Answer, Table, edition_line
from accel_db.render.controls import BRANCHES, branch_words

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]
COLUMNS = ("on", "kind", "country", "by", "what", "reported", "rule", "subjects", "sources", "answers")


def timeline_view(found: Row) -> Answer:
    """One line an entry; below a rule, what it said of each accelerator asked about."""
    lines: list[list[Any]] = []
    for one in found["entries"]:
        reported = " (as reported)" if one["reported"] else ""
        lines.append([one["on"], one["kind"], one["country"], one["by"], one["what"] + reported, _sources(one)])
        lines += [["", "", "", "", f"  {told}", ""] for told in _answers(one)]
    table = Table(["date", "", "", "by", "what", "source"], lines, "llllll", (4,))
    flat = [{**one, "sources": _keys(one), "answers": _answers(one)} for one in found["entries"]]
    document = {"command": "timeline", "caution": found["caution"], "entries": found["entries"]}
    return Answer(document, COLUMNS, flat, [table, "", found["caution"], edition_line()], found["notes"])


def _answers(one: Row) -> list[str]:
    """``h20-96gb: none in a data centre, …`` — once where the use makes no difference."""
    told = []
    for answer in one.get("answers", []):
        rule = answer["rule"]
        words = {BRANCHES[branch["datacentre"]]: branch_words(rule, branch) for branch in rule["branches"]}
        same = len(set(words.values())) == 1
        parts: Sequence[str] = (
            [next(iter(words.values()))] if same else [f"{use}: {word}" for use, word in words.items()]
        )
        told.append(f"{answer['id']}: {' | '.join(parts)}")
    return told


def _keys(one: Row) -> list[str]:
    return list(dict.fromkeys(cite["source"] for cite in one["cites"]))


def _sources(one: Row) -> str:
    return ", ".join(_keys(one))
