"""``why``: the evidence behind one answer. On the fast path."""

from __future__ import annotations

from accel_db.catalog.evidence import asked, evidence
from accel_db.catalog.resolve import expand
from accel_db.render.answer import CLAIM_COLUMNS, Answer, Table, edition_line, legend, quoted, source_words, unit_words
from accel_db.words.errors import NoAnswer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.catalog.store import Store


def why(store: Store, names: Sequence[str], metric: str, *, sources: bool = False) -> Answer:
    """All claims behind one answer, in rank order, with the verdict, its reason, derivations and the totals of systems."""
    row = asked(store.rows("metrics"), metric)
    cards, notes = expand(store, names, keep_family=True)
    blocks: list[str | Table] = []
    parts, silent = [], []
    for card in cards:
        try:
            found = evidence(card, row)
        except NoAnswer as error:
            silent.append(error)
            continue
        parts.append((card, found))
    if not parts:
        raise NoAnswer("\n".join(error.message for error in silent), subjects=[error.facts for error in silent])
    for card, found in parts:
        if blocks:
            blocks.append("")
        blocks += _why_derived(card, found) if row["of"] == "derived" else _why_one(card, found, sources)
    document = {
        "command": "why",
        "metric": metric,
        "subjects": [
            {
                "id": card["id"],
                "name": card["name"],
                "answer": found["answer"],
                "claims": found["claims"],
                "totals": found["totals"],
                "looked": found["looked"],
                "inputs": found["inputs"],
                "sources": {line["source"]: card["sources"][line["source"]] for line in found["claims"]},
            }
            for card, found in parts
        ],
    }
    rows = [
        {"subject": card["id"], "subject_kind": card["kind"], **line}
        for card, found in parts
        for line in found["claims"]
    ]
    return Answer(
        document,
        [*CLAIM_COLUMNS, "gap", "voice"],
        rows,
        [*blocks, edition_line()],
        [*notes, *(error.message for error in silent)],
    )


def _why_one(card: dict[str, Any], found: dict[str, Any], full: bool) -> list[str | Table]:
    answer, row = found["answer"], found["row"]
    unit = unit_words(answer) if answer else ""
    verdict = _verdict_words(answer) if answer else ""
    label = row["label"] + (f" {unit}" if unit else "")
    blocks: list[str | Table] = [f"{card['name']} · {label} · per {card['own_per']}    {verdict}".rstrip()]
    lines, rank = [], 0
    for line in found["claims"]:
        rank += 0 if line["deprecated"] else 1
        lines.append(_why_line(card, line, str(rank)))
    blocks.append(Table(["", "value", "as printed", "who", "where", "beside the first"], lines, "rrllll", [2, 4, 5]))
    if answer and answer["reason"] and found["claims"] and not found["claims"][0]["deprecated"]:
        blocks.append(f"{found['claims'][0]['shown']} leads {_led(answer['reason'])}")
    blocks += [_total_words(total) for total in found["totals"]]
    blocks += [
        f"° looked in {', '.join(one['where'])} on {one['on']}: {', '.join(one['metrics'])}" for one in found["looked"]
    ]
    used = set(answer["marks"]) if answer else set()
    blocks += legend(used, card["marks"], False)
    if full:
        for key in dict.fromkeys(line["source"] for line in found["claims"]):
            source = card["sources"][key]
            blocks += [
                f"{key}: {source_words(source)}",
                f"    {source['title']}",
                f"    {source['url']}  (read {source['read']})",
            ]
    return blocks


def _led(reason: str) -> str:
    return reason if reason.startswith("by ruling") else f"({reason})"


def _verdict_words(answer: dict[str, Any]) -> str:
    if answer["verdict"] is None:
        return (
            (answer["absent"] or "NO STANDING CLAIM").upper()
            if not answer.get("shown")
            else str(answer["shown"]).upper()
        )
    words = {
        "sole": "SOLE ORIGIN",
        "agreed": "AGREED",
        "disputed": "DISPUTED",
        "listed": "LISTED",
        "variants": "VARIANTS",
    }[answer["verdict"]]
    spread = f" {answer['spread']}" if answer["spread"] else ""
    marks = " " + " ".join(answer["marks"]) if answer["marks"] else ""
    return words + spread + (", ruled" if answer["ruled"] else "") + marks


def _why_line(card: dict[str, Any], line: dict[str, Any], rank: str) -> list[Any]:
    dead = line["deprecated"] is not None
    source = card["sources"][line["source"]]
    said = quoted(line) or (f"{line['absent']}" if line["absent"] else "")
    if line["row"] and line["row"] not in said:
        said += f" ({line['row']})"
    if line["derived"]:
        said = (
            f"{line['expression']}, {said}"
            if line["expression"] and line["expression"] != line["printed"]
            else f"{line['derived']}: {said}"
        )
    dated = source["published"] or "undated"
    who = f"{line['kind_short']}, {dated}, {line['access']}" + (
        f", origin {line['origin']}" if line["origin"] != source["author"] else ""
    )
    who += f", {line['stage']}" if line["stage"] != "plain" else ""
    gap = f"{line['gap']:+.1%} " if line["gap"] is not None and abs(line["gap"]) > 0.0004 else ""
    style = "dim" if dead else ""
    where = f"{source['publisher']}: {line['locator']}"
    return [
        ("✗" if dead else rank, style),
        (line["shown"], style),
        (said, style),
        (who, style),
        (where, style),
        (f"{gap}{line['voice']}".strip(), "bad" if "disputes" in line["voice"] else style),
    ]


def _total_words(total: dict[str, Any]) -> str:
    one = total["total"]
    said = f"{total['name']} says {quoted(one)} in all ({one['metric']}, {one['source']})"
    if total["explained_by"]:
        return f"{said}: confirms {total['count']} × {', '.join(total['explained_by'])}"
    return f"{said}: no claim here times {total['count']} gives that"


def _why_derived(card: dict[str, Any], found: dict[str, Any]) -> list[str | Table]:
    answer = found["answer"]
    if not answer or answer["shown"] is None:
        missing = [row["headline"] for row in card["headlines"] if found["row"]["name"] == row["headline"]]
        return [
            f"{card['name']} · {found['row']['label']}: not computable, an input is missing ({', '.join(missing) and found['row']['definition']})"
        ]
    lines = []
    for name in found["inputs"]:
        row = next(one for one in card["headlines"] if one["headline"] == name)
        lines.append(
            [
                name,
                row["shown"],
                unit_words(row),
                " ".join(row["marks"]),
                row["verdict"] or "",
                f"accel why {card['id'].split('/')[1]} {name}",
            ]
        )
    title = f"{card['name']} · {found['row']['label']} = {answer['expression']} = {answer['shown']} {answer['unit']}    {_verdict_words(answer)}"
    return [
        title,
        Table(["input", "value", "unit", "marks", "verdict", "its evidence"], lines, "lrllll"),
        *legend(answer["marks"], card["marks"], False),
    ]
