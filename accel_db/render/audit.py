"""The report of an audit: their figures beside ours, likely causes, our sources, and all that could not be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.render.answer import Answer, Footnotes, Table, edition_line, legend
from accel_db.words.shown import plain, significant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = dict[str, Any]
COLUMNS = (
    "finding",
    "line",
    "name",
    "subject",
    "column",
    "printed",
    "asked",
    "theirs",
    "unit",
    "ours",
    "low",
    "high",
    "marks",
    "verdict",
    "gap",
    "cause",
    "says",
    "cause_source",
    "source",
    "locator",
    "why",
    "near",
)
"""The flat form: one row a finding."""
MOST_LINES = 200
"""Lines of one section for people; the machine formats hold all of them."""
LARGE_GAP = 10
"""From this factor on a gap is told as one: +99,900 % says less than 1,000×."""


def report(found: dict[str, Any], marks: dict[str, str], *, sources: bool = False) -> Answer:
    """The answer of an audit; its exit code is 1 when a figure disagrees. ``sources`` adds titles and addresses."""
    notes = Footnotes()
    blocks: list[str | Table] = [_summary(found)]
    blocks += _differences("They disagree with us:", found["disagreements"], found, notes)
    blocks += _differences("Hedged by them, so not judged:", found["hedged"], found, notes)
    blocks += _section(
        "They have, we lack:", found["lacking"], ["line", "name", "column", "theirs", "we looked in"], _lacking
    )
    blocks += _section("Names that cover several of ours:", found["ambiguous"], ["line", "name", "ours"], _ambiguous)
    blocks += _section("Names we do not know:", found["unresolved"], ["line", "name", "near"], _unresolved)
    blocks += _section(
        "Could not be read:", found["unreadable"], ["line", "name", "column", "cell", "why"], _unreadable
    )
    blocks += _columns(found["unmapped"])
    if notes.rows:
        blocks += ["", *notes.blocks(sources)]
    told = [*found["disagreements"], *found["hedged"]]
    used = {letter for one in told for letter in one["marks"]}
    open_ = any(one["verdict"] == "disputed" for one in told)
    blocks += ["", *legend(used, marks, open_), edition_line()]
    said = [] if found["compared"] else ["no figure of theirs could be set beside one of ours"]
    code = 1 if found["disagreements"] else 0
    return Answer({"command": "audit", **found}, COLUMNS, _flat(found), blocks, said, code)


def _summary(found: Row) -> str:
    return (
        f"{found['file']}: {found['rows']} rows, {found['subjects']} of our subjects; {found['compared']} figures compared, "
        f"{found['agreed']} agree, {len(found['disagreements'])} disagree; {len(found['lacking'])} we lack"
    )


def _differences(title: str, rows: Sequence[Row], found: Row, notes: Footnotes) -> list[str | Table]:
    def line(one: Row) -> list[Any]:
        return [
            str(one["line"]),
            one["name"],
            one["column"],
            f"{plain(one['theirs'])} {_unit(one)}".rstrip(),
            _ours(one, found, notes),
            (_gap(one["gap"]), "bad"),
            _verdict(one),
            _causes(one, found, notes),
        ]

    head = ["line", "name", "column", "theirs", "ours", "gap", "our verdict", "likely cause"]
    return _section(title, rows, head, line, "rllrrrll", [1, 2, 7])


def _section(
    title: str,
    rows: Sequence[Row],
    head: list[str],
    line: Callable[[Row], list[Any]],
    aligns: str | None = None,
    wraps: Sequence[int] = (1, 2, 4),
) -> list[str | Table]:
    """A titled table, left out where it is empty and cut, saying so, where it is long."""
    if not rows:
        return []
    lines = [line(one) for one in rows[:MOST_LINES]]
    kept = [place for place in wraps if place < len(head)]
    blocks: list[str | Table] = ["", title, Table(head, lines, aligns or "r" + "l" * (len(head) - 1), kept)]
    if len(rows) > MOST_LINES:
        blocks.append(f"and {len(rows) - MOST_LINES:,} more; --format csv has all of them")
    return blocks


def _ours(one: Row, found: Row, notes: Footnotes) -> str:
    """Our answer with its marks, its sources as footnotes, and the spread where a dispute is open."""
    shown = one["shown"] or "—"
    leading = [line for line in one["claims"] if line["leads"]]
    same = [line for line in one["claims"] if not line["leads"] and line["voice"].startswith("agrees")]
    spread = f"⚡{one['spread']}" if one["spread"] else ""
    cited = dict.fromkeys(f"[{notes.cite(found, line)}]" for line in (leading + same)[:3])
    return " ".join(word for word in (shown, *one["marks"], spread, *cited) if word)


def _verdict(one: Row) -> str:
    if one["absent"]:
        return str(one["absent"])
    return (one["verdict"] or "no standing claim") + (", ruled" if one["ruled"] else "")


def _causes(one: Row, found: Row, notes: Footnotes) -> str:
    """The causes in words; a claim of ours that holds their figure is cited by its number."""
    words = []
    for cause in one["causes"]:
        number = f" [{notes.cite(found, cause['claim'])}]" if cause["claim"] else ""
        more = f" and {cause['more']} more of ours" if cause["more"] else ""
        words.append(f"{cause['cause']}: {cause['says']}{number}{more}")
    return "; ".join(words)


def _gap(gap: float | None) -> str:
    if gap is None:
        return ""
    if not 1 / LARGE_GAP < gap + 1 < LARGE_GAP:
        return f"{significant(gap + 1)}×"
    return f"{'+' if gap > 0 else ''}{significant(gap * 100, 2)} %"


def _unit(one: Row) -> str:
    return "" if one["unit"] == "one" else str(one["unit"])


def _lacking(one: Row) -> list[str]:
    looked = "; ".join(f"{len(place['where'])} documents, {place['on']}" for place in one["looked"])
    value = f"{plain(one['theirs'])} {_unit(one)}".rstrip()
    return [str(one["line"]), one["name"], one["column"], value, looked]


def _ambiguous(one: Row) -> list[str]:
    return [str(one["line"]), one["name"], ", ".join(one["candidates"]) or "none of its members is told apart yet"]


def _unresolved(one: Row) -> list[str]:
    return [str(one["line"]), one["name"], ", ".join(one["near"])]


def _unreadable(one: Row) -> list[str]:
    return [str(one["line"]), one["name"] or "", one["column"] or "", one["printed"] or "", one["why"]]


def _columns(left: Sequence[Row]) -> list[str | Table]:
    """The columns that were not compared: those with a reason or near names one by one, the others in one line."""
    if not left:
        return []
    plain = [one["column"] for one in left if not one["why"] and not one["near"]]
    told = [
        f"  {one['column']}: "
        + (one["why"] or f"near our {', '.join(one['near'])}; if so: --map '{one['column']}={one['near'][0]}'")
        for one in left
        if one["why"] or one["near"]
    ]
    return ["", "Columns not compared:", *told, *([f"  {', '.join(plain)}"] if plain else [])]


def _flat(found: Row) -> list[Row]:
    """One row a finding, whatever it is."""
    rows: list[Row] = []
    for kind, key in (("disagreement", "disagreements"), ("hedged", "hedged")):
        for one in found[key]:
            lead: Row = next((line for line in one["claims"] if line["leads"]), {})
            first = one["causes"][0] if one["causes"] else {"cause": None, "says": None, "claim": None}
            cause = {
                "cause": first["cause"],
                "says": first["says"],
                "cause_source": (first["claim"] or {}).get("source"),
            }
            where = {"source": lead.get("source"), "locator": lead.get("locator")}
            rows.append({**one, **where, **cause, "finding": kind})
    rows += [{**one, "finding": "lacking"} for one in found["lacking"]]
    rows += [{**one, "finding": "ambiguous", "near": one["candidates"]} for one in found["ambiguous"]]
    rows += [{**one, "finding": "unresolved"} for one in found["unresolved"]]
    rows += [{**one, "finding": "unreadable"} for one in found["unreadable"]]
    rows += [{**one, "finding": "unmapped column"} for one in found["unmapped"]]
    return [{key: one.get(key) for key in COLUMNS} for one in rows]
