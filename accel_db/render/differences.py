"""Draws what differs between two states of the data, and what editions changed: one line a fact, or tables in Markdown.

Takes plain rows, from a comparison or from a build; finds nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.render.answer import Answer, Table, edition_line, per_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

KINDS = ("added", "removed", "changed")
SIGNS = {"added": "+", "removed": "-", "changed": "~"}
COLUMNS = (
    *("kind", "what", "subject", "metric", "per", "variant", "accumulate", "source", "locator", "row"),
    *("was", "now", "printed"),
)
"""The columns of a difference in CSV."""
GROUPS = {
    "Figures": ("claim",),
    "Leading values": ("headline",),
    "Subjects": ("subject", "alias", "vendor"),
    "Rulings and looks": ("ruling", "looked"),
    "Sources": ("source",),
}
USUAL_PER = ("accelerator", "system", "architecture")
"""Levels that go without saying: the subject's own."""


def differences(
    rows: Sequence[Row], old: str, new: str, notes: Sequence[str] = (), *, markdown: bool = False
) -> Answer:
    """What ``accel diff`` answers: every row a difference from the state called ``old`` to the one called ``new``."""
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in KINDS}
    summary = f"{old} → {new}: {_counted(rows)}"
    document = {"command": "diff", "from": old, "to": new, "counts": counts, "differences": list(rows)}
    blocks = _tables(rows, "###") if markdown else _lines(rows)
    headed = [f"## Facts: {summary}"] if markdown else []
    return Answer(
        document, COLUMNS, [dict(row) for row in rows], [*headed, *blocks, *([] if markdown else [summary])], notes
    )


def changes(editions: Sequence[Mapping[str, Any]], since: str | None, *, markdown: bool = False) -> Answer:
    """What ``accel changes`` answers: editions with their changes, newest first."""
    rows: list[dict[str, Any]] = []
    blocks: list[str | Table] = []
    for edition in editions:
        carried = {"changed_in": edition["name"], "date": edition["date"]}
        rows += [{**carried, "kind": "edition", "now": edition["summary"]}]
        rows += [{**carried, **change} for change in edition["change"]]
        title = f"{edition['name']}, {edition['date']}: {edition['summary']}"
        blocks += [f"## {title}", *_tables(edition["change"], "###")] if markdown else [title]
        if not markdown:
            blocks += [f"  {line}" for line in _lines(edition["change"])]
    document = {"command": "changes", "since": since, "editions": list(editions)}
    return Answer(document, ("changed_in", "date", *COLUMNS[:-1]), rows, [*blocks, edition_line()])


def line(row: Row) -> str:
    """One fact in words: ``+ acme/a1: memory.bandwidth 1,600 GB/s ("1.6 TB/s", acme/a1-datasheet: p. 2)``."""
    sign, said = SIGNS[row["kind"]], _said(row)
    if row["what"] == "headline":
        return f"{sign} {row.get('name') or row['subject']} {row['metric']}: {said}"
    where = [f'"{row["printed"]}"'] if row.get("printed") else []
    where += [_place(row)] if row.get("source") and row["what"] == "claim" else []
    told = f" ({', '.join(where)})" if where else ""
    return " ".join(f"{sign} {_about(row)} {said}{told}".split())


def _said(row: Row) -> str:
    return " → ".join(text for text in (row.get("was"), row.get("now")) if text)


def _about(row: Row) -> str:
    what, subject = row["what"], row["subject"]
    if what in ("source", "vendor"):
        return f"{what} {subject}:"
    return f"{subject}: {_topic(row)}"


def _topic(row: Row) -> str:
    what, metric = row["what"], row.get("metric") or ""
    return {"alias": "alias", "ruling": f"ruling on {metric}:", "looked": f"looked for {metric}"}.get(
        what, f"{metric} {_level(row)}".strip()
    )


def _level(row: Row) -> str:
    told = {key: row.get(key) or "" for key in ("per", "variant", "accumulate")}
    words = per_words(told, told["per"] if told["per"] in USUAL_PER else "")
    return f"[{words}]" if words else ""


def _place(row: Row) -> str:
    return f"{row['source']}: {row['locator']}" if row.get("locator") else str(row["source"])


def _lines(rows: Sequence[Row]) -> list[str]:
    """Facts first, then the values that lead otherwise because of them."""
    leading = [line(row) for row in rows if row["what"] == "headline"]
    facts = [line(row) for row in rows if row["what"] != "headline"]
    return [*facts, *(["leading values:", *leading] if leading else [])]


def _tables(rows: Sequence[Row], heading: str) -> list[str | Table]:
    blocks: list[str | Table] = []
    for title, whats in GROUPS.items():
        these = [row for row in rows if row["what"] in whats]
        if these:
            cells = [
                [SIGNS[row["kind"]], row["subject"], _cell_topic(row), row.get("was"), _now(row), _cell_place(row)]
                for row in these
            ]
            blocks += [f"{heading} {title}", Table(["", "subject", "what", "was", "now", "where"], cells, "llllll")]
    return blocks


def _cell_topic(row: Row) -> str:
    return row["what"] if row["what"] in ("source", "vendor", "subject") else _topic(row)


def _cell_place(row: Row) -> str:
    return _place(row) if row["what"] == "claim" and row.get("source") else ""


def _now(row: Row) -> str:
    printed = f' "{row["printed"]}"' if row.get("printed") and row["kind"] == "added" else ""
    return f"{row.get('now') or ''}{printed}"


def _counted(rows: Sequence[Row]) -> str:
    """``2 facts added, 1 changed; 1 leading value changed``; the values that lead are counted apart, for they follow from facts."""
    parts = []
    for word, leading in (("fact", False), ("leading value", True)):
        kinds = [row["kind"] for row in rows if (row["what"] == "headline") is leading]
        told = [(n, kind) for kind in KINDS if (n := kinds.count(kind))]
        if told:
            number, kind = told[0]
            more = [f"{n} {other}" for n, other in told[1:]]
            parts.append(", ".join([f"{number} {word}{'' if number == 1 else 's'} {kind}", *more]))
    return "; ".join(parts) or "no difference"
