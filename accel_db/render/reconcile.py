"""``reconcile``: stated totals of systems, the totals computed beside them, and which claim explains which. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.catalog.reconcile import SYSTEM_POWER, pairs
from accel_db.render.answer import Answer, Footnotes, Table, edition_line, quoted, unit_words
from accel_db.words.shown import plain, significant

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]
COLUMNS = (
    "system",
    "metric",
    "unit",
    "total",
    "variant",
    "printed",
    "sources",
    "origins",
    "stages",
    "hedged",
    "deprecated",
    "expression",
    "computed",
    "claimed_by",
    "difference",
    "explains",
    "binary",
    "share",
    "why_not",
)
"""The flat form: one row a stated total beside a computed one."""
MOST_CITED = 4
"""Claims of one value that a line tells; the machine formats hold all of them."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALLEST = 0.00005
"""A difference below this share is none."""


def reconcile_view(found: Row, *, sources: bool = False) -> Answer:
    """The answer of a reconciliation; ``sources`` adds titles and addresses to the footnotes."""
    notes = Footnotes()
    blocks: list[str | Table] = []
    for system in found["systems"]:
        blocks += [""] if blocks else []
        blocks += _system(system, notes)
    if notes.rows:
        blocks += ["", *notes.blocks(sources)]
    document = {"command": "reconcile", "systems": found["systems"]}
    return Answer(document, COLUMNS, [_flat(*one) for one in pairs(found)], [*blocks, edition_line()], found["notes"])


def _system(system: Row, notes: Footnotes) -> list[str | Table]:
    parts = [f"{part['count']:,} × {part['name']} ({part['accelerator']})" for part in system["built_from"]]
    built = " = " + " + ".join(parts) if parts else ": names no accelerators it is built from (no built_from)"
    blocks: list[str | Table] = [f"{system['name']}{built}"]
    if not system["metrics"]:
        blocks.append("no total is stated")
    for section in _sections(system["metrics"]):
        blocks += ["", *_section(section, system, notes)]
    return blocks


def _sections(metrics: Sequence[Row]) -> list[list[Row]]:
    """Metrics that the same computed totals stand beside are told together."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for one in metrics:
        sums = tuple(row["expression"] for row in one["computed"])
        found.setdefault((one["group"], one["unit"], sums, one["why_not"]), []).append(one)
    return list(found.values())


def _section(metrics: Sequence[Row], system: Row, notes: Footnotes) -> list[str | Table]:
    """Stated totals, lettered; then each computed total with how it differs from each of them."""
    first = metrics[0]
    labels = "; ".join(one["label"] for one in metrics)
    unit = unit_words(first)
    totals = [(one, total) for one in metrics for total in one["totals"]]
    letters = [_letter(place) for place in range(len(totals))]
    stated = [_stated(letter, *pair, system, notes) for letter, pair in zip(letters, totals, strict=True)]
    head = ["", "stated", "metric", "variant", "as printed", "who", "explained by"]
    blocks: list[str | Table] = [f"{labels} {unit}".rstrip(), Table(head, stated, "lrlllll", [4, 5, 6])]
    if first["why_not"]:
        return [*blocks, f"nothing computed: {first['why_not']}"]
    lines = []
    for place, one in enumerate(first["computed"]):
        cells = [cell for metric in metrics for cell in _cells(metric["computed"][place], first["metric"])]
        lines.append([one["expression"], plain(one["value"]), *cells, _claimed(one, system, notes)])
    aligns = "rr" + "r" * len(letters) + "l"
    heads = [f"of {letter}" for letter in letters] if first["metric"] == SYSTEM_POWER else letters
    return [*blocks, Table(["computed", unit, *heads, "from"], lines, aligns, [len(letters) + 2])]


def _letter(place: int) -> str:
    """A, B … Z, AA, AB …"""
    before, last = divmod(place, len(LETTERS))
    return (_letter(before - 1) if before else "") + LETTERS[last]


def _stated(letter: str, metric: Row, total: Row, system: Row, notes: Footnotes) -> list[Any]:
    dead = total["deprecated"] is not None
    style = "dim" if dead else ""
    printed = dict.fromkeys(quoted(claim) for claim in total["claims"])
    if dead:
        told = total["deprecated"]
    elif total["explained_by"]:
        binary = [one["binary"] for one in _besides(metric, total) if one["explains"]]
        told = ", ".join(total["explained_by"]) + (" counted in 1,024s" if all(binary) else "")
    else:
        told = "" if metric["metric"] == SYSTEM_POWER or metric["why_not"] else "no claim"
    return [
        ("✗ " if dead else "") + letter,
        (total["shown"], style),
        (metric["metric"], style),
        (total["variant"] or "", style),
        (" ".join(printed), style),
        (_who(total["claims"], system, notes), style),
        (told, style if total["explained_by"] or dead else "bad"),
    ]


def _besides(metric: Row, total: Row) -> list[Row]:
    place = next(i for i, one in enumerate(metric["totals"]) if one is total)
    return [one["against"][place] for one in metric["computed"]]


def _who(claims: Sequence[Row], system: Row, notes: Footnotes) -> str:
    words = []
    for claim in claims[:MOST_CITED]:
        stage = f", {claim['stage']}" if claim["stage"] != "plain" else ""
        words.append(f"{claim['kind_short']}{stage} [{notes.cite(system, claim)}]")
    more = [f"{len(claims) - MOST_CITED} more"] if len(claims) > MOST_CITED else []
    return "; ".join([*words, *more])


def _claimed(one: Row, system: Row, notes: Footnotes) -> str:
    """The claims a computed total rests on: metrics and footnotes; of a count, nothing."""
    words = []
    for part in one["parts"]:
        claims = part["claims"]
        if not claims:
            words.append("built_from")
            continue
        names = dict.fromkeys(claim["metric"] for claim in claims)
        derived = " d" if all(claim["derived"] for claim in claims) else ""
        cited = dict.fromkeys(f"[{notes.cite(system, claim)}]" for claim in claims[:MOST_CITED])
        more = f" and {len(claims) - MOST_CITED} more" if len(claims) > MOST_CITED else ""
        words.append(f"{', '.join(names)}{derived} {''.join(cited)}{more}")
    return " + ".join(words)


def _cells(one: Row, metric: str) -> list[Any]:
    """How a computed total stands to each stated one of its metric: the difference, ✓ where it explains; of power, its share."""
    if metric == SYSTEM_POWER:
        return [_share(share) for share in one["shares"]]
    cells: list[Any] = []
    for beside in one["against"]:
        sign = " ✓" if beside["explains"] else ""
        cells.append((_percent(beside["difference"]) + sign, "good" if sign else ""))
    return cells


def _share(share: float | None) -> Any:
    """The accelerators' part of the system's power; more than all of it cannot be right."""
    return "" if share is None else (f"{significant(share * 100, 2)} %", "bad" if share > 1 else "")


def _percent(difference: float | None) -> str:
    if difference is None:
        return ""
    if abs(difference) < SMALLEST:
        return "0 %"
    return f"{'+' if difference > 0 else ''}{significant(difference * 100, 2)} %"


def _flat(system: Row, metric: Row, total: Row, one: Row | None, place: int) -> Row:
    beside = one["against"][place] if one else None
    claims = total["claims"]
    return {
        "system": system["id"],
        "metric": metric["metric"],
        "unit": metric["unit"],
        "total": total["value"],
        "variant": total["variant"],
        "printed": list(dict.fromkeys(claim["printed"] for claim in claims)),
        "sources": list(dict.fromkeys(claim["source"] for claim in claims)),
        "origins": list(dict.fromkeys(claim["origin"] for claim in claims)),
        "stages": list(dict.fromkeys(claim["stage"] for claim in claims)),
        "hedged": all(claim["hedge"] for claim in claims),
        "deprecated": total["deprecated"],
        "expression": one["expression"] if one else None,
        "computed": one["value"] if one else None,
        "claimed_by": list(dict.fromkeys(claim["source"] for part in one["parts"] for claim in part["claims"]))
        if one
        else [],
        "difference": beside["difference"] if beside else None,
        "explains": beside["explains"] if beside else None,
        "binary": beside["binary"] if beside else None,
        "share": one["shares"][place] if one and one["shares"] else None,
        "why_not": metric["why_not"],
    }
