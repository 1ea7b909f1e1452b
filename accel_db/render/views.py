"""One function a reading command: from cards to an `Answer`. On the fast path."""

from __future__ import annotations

from accel_db.catalog.comparing import LEVELS, check_comparable, compare, ratio_words, wanted_rows
from accel_db.catalog.evidence import asked, evidence
from accel_db.catalog.resolve import expand, find, one_id
from accel_db.render.answer import Answer, Footnotes, Table, edition_line, per_words, source_words, unit_words
from accel_db.words.errors import Ambiguous, NoAnswer, NotFound, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from accel_db.catalog.store import Store

CLAIM_COLUMNS = (
    "subject", "subject_kind", "metric", "per", "variant", "accumulate", "value", "unit", "low", "high", "text", "date", "printed", "hedge", "term", "source",
    "locator", "row", "via", "origin", "kind", "stage", "access", "as_of", "rank", "verdict", "reason", "deprecated", "absent", "derived", "note",
)


# ------------------------------------------------------------------ show


def show(store: Store, names: Sequence[str], *, everything: bool = False, sources: bool = False) -> Answer:
    """Every quantity of each subject in groups, with marks and sources; ``everything`` adds lower-ranked and deprecated claims."""
    cards, notes = expand(store, names, keep_family=True)
    blocks: list[str | Table] = []
    rows: list[dict[str, Any]] = []
    for card in cards:
        if blocks:
            blocks.append("")
        shown, flat = _show_one(card, everything, sources)
        blocks += shown
        rows += flat
    columns = ["subject", "group", "metric", "label", "per", "variant", "accumulate", "value", "unit", "basis", "shown", "verdict", "low", "high", "marks", "source", "locator", "joins"]
    return Answer({"command": "show", "subjects": cards}, columns, rows, [*blocks, edition_line()], notes)


def _show_one(card: dict[str, Any], everything: bool, full: bool) -> tuple[list[str | Table], list[dict[str, Any]]]:
    notes, rows, drawn = Footnotes(), [], []
    group = None
    used: set[str] = set()
    for quantity in card["quantities"]:
        claims = [card["claims"][place] for place in quantity["claims"]]
        if quantity["joins"] and not everything:
            continue
        if quantity["verdict"] is None and not everything:
            continue
        rows.append({"subject": card["id"], **{key: quantity[key] for key in quantity if key != "claims"}, "source": claims[0]["source"], "locator": claims[0]["locator"]})
        if quantity["group"] != group:
            group = quantity["group"]
            drawn += [None, [(group, "head"), "", "", ""]] if drawn else [[(group, "head"), "", "", ""]]
        drawn.append(_quantity_line(card, quantity, claims, notes, used))
        drawn += [_claim_line(card, claim, notes) for claim in claims[1:]] if everything else []
        if everything and quantity["verdict"] is None:
            drawn.append(_claim_line(card, claims[0], notes))
    looked = [f"° {', '.join(one['metrics'])}: looked in {len(one['where'])} documents on {one['on']}" for one in card["looked"]]
    blocks: list[str | Table] = [*_title(card), Table(["", "", "", ""], drawn, "lrll", [3])]
    legend = _legend(used, card["marks"], any(row["verdict"] == "disputed" for row in rows))
    blocks += ["", *looked, *legend, *notes.blocks(full)]
    return blocks, rows


def _title(card: dict[str, Any]) -> list[str]:
    facts = [card["vendor"]["name"], card["type"] or card["kind"], card["architecture"] or "", card["status"] or ""]
    lines = [f"{card['name']}  ({card['id']})", " · ".join(fact for fact in facts if fact)]
    if card["aliases"]:
        lines.append("also: " + ", ".join(card["aliases"]))
    if card["built_from"]:
        lines.append("built from " + ", ".join(f"{part['count']} × {part['name']}" for part in card["built_from"]))
    if card["members"]:
        lines.append("covers " + ", ".join(member["id"] for member in card["members"]))
    if card["note"]:
        lines.append(card["note"])
    return [*lines, ""]


def _quantity_line(card: dict[str, Any], quantity: dict[str, Any], claims: list[dict[str, Any]], notes: Footnotes, used: set[str]) -> list[Any]:
    where = per_words(quantity, card["own_per"])
    label = quantity["label"] + (f" ({where})" if where else "")
    unit = unit_words(quantity)
    if quantity["verdict"] is None:
        return [f"  {label}", ("—", "dim"), unit, ("only deprecated claims", "dim")]
    used.update(quantity["marks"])
    told = [" ".join(quantity["marks"])] if quantity["marks"] else []
    if quantity["verdict"] == "disputed":
        told.append(f"⚡ {quantity['spread'] or 'disputed'}" + (", ruled" if quantity["ruled"] else ""))
    elif quantity["verdict"] == "agreed":
        told.append(f"{quantity['origins']} origins agree")
    first = claims[0]
    extra = [first["term"] or "", first["unit_name"] or "", first["as_of"] or ""]
    told = [f"[{notes.cite(card, first)}]", *told, *(word for word in extra if word)]
    text = quantity["text"] is not None or quantity["absent"] is not None
    style = "bad" if quantity["verdict"] == "disputed" else ""
    if text:
        return [f"  {label}", "", (quantity["shown"], style), " ".join(told)]
    return [f"  {label}", (quantity["shown"], style), unit, " ".join(told)]


def _claim_line(card: dict[str, Any], claim: dict[str, Any], notes: Footnotes) -> list[Any]:
    word = "✗ " + claim["deprecated"] if claim["deprecated"] else (claim["derived"] or (claim["stage"] if claim["stage"] != "plain" else ""))
    return [("", "dim"), (claim["shown"], "dim"), "", (f"[{notes.cite(card, claim)}] {_printed(claim)} {word}".rstrip(), "dim")]


def _legend(used: Iterable[str], marks: dict[str, str], disputed: bool) -> list[str]:
    parts = [f"{letter} {marks[letter]}" for letter in marks if letter in used]
    if disputed:
        parts.insert(0, "⚡ disputed: see accel why")
    return ["  ".join(parts)] if parts else []


def _printed(claim: dict[str, Any]) -> str:
    return f'"{claim["printed"]}"' if claim["printed"] else ""


# ------------------------------------------------------------------ compare


def compare_view(
    store: Store,
    names: Sequence[str],
    *,
    to: str | None = None,
    metrics: Sequence[str] = (),
    group: str | None = None,
    only_common: bool = False,
    per: str | None = None,
    sources: bool = False,
    strict: bool = False,
) -> Answer:
    """Subjects side by side on the same bases, with ratios to the first or to ``to``."""
    cards, notes = expand(store, names)
    check_comparable(cards)
    if per is not None and per not in LEVELS:
        raise UsageError(f"--per {per!r}: one of {', '.join(LEVELS)}")
    reference = one_id(store, to) if to else cards[0]["id"]
    if reference not in [card["id"] for card in cards]:
        raise UsageError(f"--to {to!r} is not among the subjects compared", try_=[])
    wanted = wanted_rows(cards, store.rows("metrics"), metrics, group) if metrics or group else None
    rows = compare(cards, reference, wanted, common=only_common, per=per)
    if not rows:
        raise NoAnswer("nothing is known of all of these on the same basis" if only_common or per else "nothing is known of these on what is asked")
    if strict:
        _be_strict(cards, rows)
    footnotes = Footnotes()
    drawn = [line for row in rows for line in _compare_lines(cards, row, footnotes)]
    table = Table(["", *(card["name"] for card in cards)], drawn, "l" + "l" * len(cards), [0])
    blocks = [table, *_compare_foot(cards, rows), *footnotes.blocks(sources), edition_line()]
    flat = [_compare_flat(row, cards) for row in rows]
    document = {
        "command": "compare",
        "reference": reference,
        "per": per,
        "subjects": [{key: card[key] for key in ("id", "name", "kind", "vendor", "status")} for card in cards],
        "rows": [{**row, "cells": [_cell_json(card, cell) for card, cell in zip(cards, row["cells"], strict=True)]} for row in rows],
        "sources": {key: source for card in cards for key, source in card["sources"].items() if any(key == row["source"] for row in footnotes.rows)},
    }
    return Answer(document, list(flat[0]), flat, blocks, notes)


def _be_strict(cards: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> None:
    """Refuse stand-ins and disputed cells, all at once."""
    refused = [
        f"{row['label']} of {card['name']}: {'disputed' if cell['verdict'] == 'disputed' else ', '.join(card['marks'][letter] for letter in cell['marks'])}"
        for row in rows
        for card, cell in zip(cards, row["cells"], strict=True)
        if cell["value"] is not None and (cell["verdict"] == "disputed" or set(cell["marks"]) & set("ufec"))
    ]
    if refused:
        raise NoAnswer("--strict refuses stand-ins and disputed values:\n" + "\n".join(refused))


def _cell_json(card: dict[str, Any], cell: dict[str, Any]) -> dict[str, Any]:
    kept = ("subject", "value", "low", "high", "shown", "unit", "basis", "metric", "marks", "verdict", "ruled", "variant", "absent", "looked", "ratio", "ratio_marks", "best", "source")
    claim = card["claims"][cell["claim"]] if cell["claim"] is not None else None
    return {**{key: cell[key] for key in kept}, "locator": claim["locator"] if claim else None, "printed": claim["printed"] if claim else None}


def _compare_flat(row: dict[str, Any], cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    flat = {key: row[key] for key in ("name", "label", "unit", "basis")}
    for card, cell in zip(cards, row["cells"], strict=True):
        flat[card["id"]] = cell["value"] if cell["value"] is not None else cell["absent"] or (cell["shown"] if cell["verdict"] else None)
        for key in ("marks", "verdict", "low", "high", "source"):
            flat[f"{card['id']} {key}"] = cell[key]
        flat[f"{card['id']} ratio"] = cell["ratio"][1] if cell["ratio"] else None
    return flat


def _compare_lines(cards: Sequence[dict[str, Any]], row: dict[str, Any], footnotes: Footnotes) -> list[Sequence[Any]]:
    """The line of values, and below it the line of ratios where there are any."""
    values: list[Any] = [" ".join(word for word in (row["label"], unit_words(row)) if word)]
    ratios: list[Any] = [""]
    for card, cell in zip(cards, row["cells"], strict=True):
        values.append(_cell_text(card, cell, footnotes))
        spread = f" ⚡{cell['spread']}" if cell["verdict"] == "disputed" and cell["spread"] else ""
        ratios.append((("  " + ratio_words(cell) if cell["ratio"] else "  " if spread else "") + spread, "bad" if spread else "dim"))
    told = sum(1 for cell in row["cells"] if cell["ratio"]) > 1 or any("⚡" in text for text, _ in ratios[1:])
    return [values, ratios] if told else [values]


def _cell_text(card: dict[str, Any], cell: dict[str, Any], footnotes: Footnotes) -> Any:
    if cell["shown"] is None:
        return ("  —" + (" °" if cell["looked"] else ""), "dim")
    text = ("▲ " if cell["best"] else "  ") + cell["shown"]
    if cell["claim"] is not None:
        text += f" [{footnotes.cite(card, card['claims'][cell['claim']])}]"
    if cell["variant"]:
        text += f" ({cell['variant']})"
    if cell["verdict"] == "disputed" and not cell["spread"]:
        text += " ⚡"
    if cell["verdict"] == "variants":
        text += " variants"
    return (" ".join([text, *cell["marks"]]), "good" if cell["best"] else "")


def _compare_foot(cards: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[str]:
    cells = [(card, row, cell) for row in rows for card, cell in zip(cards, row["cells"], strict=True)]
    parts = []
    dispute = next(((card, row) for card, row, cell in cells if cell["verdict"] == "disputed" and not cell["expression"]), None)
    if dispute:
        parts.append(f"⚡ disputed: accel why {dispute[0]['id'].split('/')[1]} {dispute[1]['name']}")
    used = {letter for _, _, cell in cells for letter in cell["marks"] + cell["ratio_marks"]}
    parts += [f"{letter} {meaning}" for letter, meaning in cards[0]["marks"].items() if letter in used]
    looked = [cell["looked"] for _, _, cell in cells if cell["looked"] and cell["shown"] is None]
    if looked:
        most = max(looked, key=lambda one: (one["on"], one["documents"]))
        parts.append(f"° looked in {'up to ' if len(looked) > 1 else ''}{most['documents']} documents, {most['on']}")
    if any(cell["best"] for _, _, cell in cells):
        parts.append("▲ best of the row")
    return ["", "  ".join(parts)] if parts else [""]


# ------------------------------------------------------------------ why


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
            {"id": card["id"], "name": card["name"], "answer": found["answer"], "claims": found["claims"], "totals": found["totals"], "looked": found["looked"], "inputs": found["inputs"],
             "sources": {line["source"]: card["sources"][line["source"]] for line in found["claims"]}}
            for card, found in parts
        ],
    }
    rows = [{"subject": card["id"], "subject_kind": card["kind"], **line} for card, found in parts for line in found["claims"]]
    return Answer(document, [*CLAIM_COLUMNS, "gap", "voice"], rows, [*blocks, edition_line()], [*notes, *(error.message for error in silent)])


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
    blocks += [f"° looked in {', '.join(one['where'])} on {one['on']}: {', '.join(one['metrics'])}" for one in found["looked"]]
    used = set(answer["marks"]) if answer else set()
    blocks += _legend(used, card["marks"], False)
    if full:
        for key in dict.fromkeys(line["source"] for line in found["claims"]):
            source = card["sources"][key]
            blocks += [f"{key}: {source_words(source)}", f"    {source['title']}", f"    {source['url']}  (read {source['read']})"]
    return blocks


def _led(reason: str) -> str:
    return reason if reason.startswith("by ruling") else f"({reason})"


def _verdict_words(answer: dict[str, Any]) -> str:
    if answer["verdict"] is None:
        return (answer["absent"] or "NO STANDING CLAIM").upper() if not answer.get("shown") else str(answer["shown"]).upper()
    words = {"sole": "SOLE ORIGIN", "agreed": "AGREED", "disputed": "DISPUTED", "listed": "LISTED", "variants": "VARIANTS"}[answer["verdict"]]
    spread = f" {answer['spread']}" if answer["spread"] else ""
    marks = " " + " ".join(answer["marks"]) if answer["marks"] else ""
    return words + spread + (", ruled" if answer["ruled"] else "") + marks


def _why_line(card: dict[str, Any], line: dict[str, Any], rank: str) -> list[Any]:
    dead = line["deprecated"] is not None
    source = card["sources"][line["source"]]
    said = _printed(line) or (f"{line['absent']}" if line["absent"] else "")
    if line["row"] and line["row"] not in said:
        said += f" ({line['row']})"
    if line["derived"]:
        said = f"{line['expression']}, {said}" if line["expression"] and line["expression"] != line["printed"] else f"{line['derived']}: {said}"
    dated = source["published"] or "undated"
    who = f"{line['kind_short']}, {dated}, {line['access']}" + (f", origin {line['origin']}" if line["origin"] != source["author"] else "")
    who += f", {line['stage']}" if line["stage"] != "plain" else ""
    gap = f"{line['gap']:+.1%} " if line["gap"] is not None and abs(line["gap"]) > 0.0004 else ""
    style = "dim" if dead else ""
    where = f"{source['publisher']}: {line['locator']}"
    return [("✗" if dead else rank, style), (line["shown"], style), (said, style), (who, style), (where, style), (f"{gap}{line['voice']}".strip(), "bad" if line["voice"] == "disputes" else style)]


def _total_words(total: dict[str, Any]) -> str:
    one = total["total"]
    said = f"{total['name']} says {_printed(one)} in all ({one['metric']}, {one['source']})"
    if total["explained_by"]:
        return f"{said}: confirms {total['count']} × {', '.join(total['explained_by'])}"
    return f"{said}: no claim here times {total['count']} gives that"


def _why_derived(card: dict[str, Any], found: dict[str, Any]) -> list[str | Table]:
    answer = found["answer"]
    if not answer or answer["shown"] is None:
        missing = [row["headline"] for row in card["headlines"] if found["row"]["name"] == row["headline"]]
        return [f"{card['name']} · {found['row']['label']}: not computable, an input is missing ({', '.join(missing) and found['row']['definition']})"]
    lines = []
    for name in found["inputs"]:
        row = next(one for one in card["headlines"] if one["headline"] == name)
        lines.append([name, row["shown"], unit_words(row), " ".join(row["marks"]), row["verdict"] or "", f"accel why {card['id'].split('/')[1]} {name}"])
    title = f"{card['name']} · {found['row']['label']} = {answer['expression']} = {answer['shown']} {answer['unit']}    {_verdict_words(answer)}"
    return [title, Table(["input", "value", "unit", "marks", "verdict", "its evidence"], lines, "lrllll"), *_legend(answer["marks"], card["marks"], False)]


# ------------------------------------------------------------------ list, claims, sources, metrics, resolve


def listing(store: Store, names: Sequence[str] = (), *, vendor: str | None = None, country: str | None = None, kind: str | None = None, columns: Sequence[str] = (),
            sort: str | None = None, desc: bool = False, limit: int | None = None, keep: set[str] | None = None) -> Answer:
    """One row a subject with its default headlines. ``keep`` restricts to ids that a condition let through."""
    rows = store.rows("list")
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names, keep_family=True)
        wanted = {card["id"] for card in cards}
        rows = [row for row in rows if row["id"] in wanted]
    elif kind is None:
        rows = [row for row in rows if row["kind"] != "family"]
    if keep is not None:
        rows = [row for row in rows if row["id"] in keep]
    for key, value in (("vendor", vendor), ("country", country)):
        if value:
            rows = [row for row in rows if row[key].lower() == value.lower() or (key == "vendor" and row["id"].split("/")[0] == value.lower())]
    if kind:
        rows = [row for row in rows if kind.lower() in (row["kind"], row["type"])]
    if not rows:
        raise NoAnswer("nothing in the database fits that")
    headlines = _list_headlines(rows, columns, store)
    if sort:
        rows = _sorted(rows, sort, desc, headlines)
    rows = rows[: limit or None]
    flat = [_list_flat(row, headlines) for row in rows]
    table = Table(
        ["id", "name", "kind", *(" ".join(word for word in (head["label"], unit_words(head)) if word) for head in headlines)],
        [[row["id"], row["name"], row["type"] or row["kind"], *(_list_cell(row, head["headline"]) for head in headlines)] for row in rows],
        "lll" + "r" * len(headlines),
        [1],
    )
    used = {letter for row in rows for head in row["headlines"] for letter in head["marks"]}
    foot = [f"{len(rows)} subjects", *_legend(used, store.card(rows[0]["id"])["marks"], any("disputed" == head["verdict"] for row in rows for head in row["headlines"]))]
    return Answer({"command": "list", "rows": rows}, list(flat[0]), flat, [table, "", "  ".join(foot), edition_line()], notes)


def _list_headlines(rows: Sequence[dict[str, Any]], columns: Sequence[str], store: Store) -> list[dict[str, Any]]:
    """The headlines that make columns: those asked for, or the usual ones that any row answers."""
    known: dict[str, dict[str, Any]] = {}
    for row in rows:
        for head in row["headlines"]:
            if head["shown"] is not None or columns:
                known.setdefault(head["headline"], head)
    if not columns:
        usual = ("half", "memory", "bandwidth", "scale_up", "power", "system_power", "accelerators")
        return [known[name] for name in usual if name in known]
    bad = [name for name in columns if name not in known]
    if bad:
        raise UsageError(f"no column {', '.join(map(repr, bad))}; one of: {', '.join(known)}")
    return [known[name] for name in columns]


def _list_head(row: dict[str, Any], name: str) -> dict[str, Any] | None:
    return next((head for head in row["headlines"] if head["headline"] == name), None)


def _list_cell(row: dict[str, Any], name: str) -> Any:
    head = _list_head(row, name)
    if head is None or head["shown"] is None:
        return ("—", "dim")
    text = head["shown"] + (" ⚡" if head["verdict"] == "disputed" else "")
    return (" ".join([text, *head["marks"]]), "bad" if head["verdict"] == "disputed" else "")


def _list_flat(row: dict[str, Any], headlines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    flat = {key: row[key] for key in ("id", "name", "kind", "type", "vendor", "country", "status")}
    for column in headlines:
        head = _list_head(row, column["headline"])
        flat[f"{column['headline']} ({column['unit']})"] = head["value"] if head else None
        flat[f"{column['headline']} marks"] = head["marks"] if head else None
        flat[f"{column['headline']} verdict"] = head["verdict"] if head else None
    return flat


def _sorted(rows: list[dict[str, Any]], sort: str, desc: bool, headlines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    plain = ("id", "name", "kind", "type", "vendor", "country", "status")
    if sort in plain:
        return sorted(rows, key=lambda row: str(row[sort] or ""), reverse=desc)
    if sort not in [head["headline"] for head in headlines]:
        raise UsageError(f"--sort {sort!r}: one of {', '.join([*plain, *(head['headline'] for head in headlines)])}")
    valued = [(head["value"], row) for row in rows if (head := _list_head(row, sort)) and head["value"] is not None]
    empty = [row for row in rows if not any(row is one for _, one in valued)]
    return [row for _, row in sorted(valued, key=lambda pair: pair[0], reverse=desc)] + empty


def claims(store: Store, names: Sequence[str], metric: str | None = None) -> Answer:
    """Every claim on each subject, in rank order, with all published columns."""
    cards, notes = expand(store, names, keep_family=True)
    rows = [{"subject": card["id"], "subject_kind": card["kind"], **claim} for card in cards for claim in card["claims"]]
    if metric:
        row = asked([*store.rows("metrics"), *_prefixes(metric, store)], metric)
        wanted = set(row["metrics"])
        rows = [one for one in rows if one["metric"] in wanted or any(name.startswith(one["metric"] + ".") for name in wanted)]
    if not rows:
        raise NoAnswer(f"no claim on {metric or 'anything'} of {', '.join(card['name'] for card in cards)}")
    lines = [
        [one["subject"], one["metric"], per_words(one, ""), one["rank"], ("✗ " if one["deprecated"] else "") + one["shown"], "" if one["unit"] == "one" else one["unit"] or "", _printed(one), "d" if one["derived"] else "", one["stage"], f"{one['source']}: {one['locator']}"]
        for one in rows
    ]
    table = Table(["subject", "metric", "per, variant", "rank", "value", "unit", "as printed", "", "stage", "where"], lines, "lllrrlllll", [2, 6, 9])
    return Answer({"command": "claims", "claims": [{key: one.get(key) for key in CLAIM_COLUMNS} for one in rows]}, CLAIM_COLUMNS, rows, [table, "", f"{len(rows)} claims", edition_line()], notes)


def _prefixes(metric: str, store: Store) -> list[dict[str, Any]]:
    below = [name for row in store.rows("metrics") if row["of"] == "metric" and (name := row["name"]).startswith(metric + ".")]
    return [{"name": metric, "of": "prefix", "metrics": below}] if below else []


def sources(store: Store, names: Sequence[str] = ()) -> Answer:
    """The documents behind some subjects, or all, with how each was read."""
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names, keep_family=True)
        rows = list({key: {"key": key, **source} for card in cards for key, source in card["sources"].items()}.values())
    else:
        rows = store.rows("sources")
    lines = [[row["key"], row["kind_short"], row["published"] or "", row["access"], row["title"], row["url"]] for row in rows]
    table = Table(["key", "kind", "published", "read as", "title", "address"], lines, "llllll", [4, 5])
    columns = ["key", "title", "url", "publisher", "author", "kind", "published", "revision", "read", "access", "via", "format", "language", "replaced_by", "note"]
    return Answer({"command": "sources", "sources": rows}, columns, rows, [table, "", f"{len(rows)} documents", edition_line()], notes)


def metrics(store: Store, group: str | None = None) -> Answer:
    """The vocabulary: headlines, derived metrics and metrics with units and definitions."""
    rows = store.rows("metrics")
    if group:
        groups = list(dict.fromkeys(row["group"] for row in rows))
        rows = [row for row in rows if row["group"].lower() == group.lower()]
        if not rows:
            raise UsageError(f"no group {group!r}; one of: {', '.join(groups)}")
    lines = [[row["name"], row["label"], "" if row["unit"] == "one" else row["unit"] or "", row["group"], row["definition"]] for row in rows]
    table = Table(["name", "label", "unit", "group", "definition"], lines, "lllll", [4, 1])
    return Answer({"command": "metrics", "metrics": rows}, ["name", "of", "label", "unit", "group", "definition"], rows, [table, edition_line()])


def resolve(store: Store, names: Sequence[str]) -> Answer:
    """One id a line for exact names; `NotFound` for the first batch of bad ones, `Ambiguous` for a family."""
    bad = [name for name in names if find(store, name) is None]
    if bad:
        from accel_db.catalog.resolve import unknown

        raise unknown(store, bad, names)
    ids, families = [], []
    for name in names:
        try:
            ids.append(one_id(store, name))
        except Ambiguous as error:
            families.append(error)
    if families:
        candidates = [one for error in families for one in error.facts["candidates"]]
        raise Ambiguous("\n".join(error.message for error in families), candidates=candidates, try_=[])
    rows = [{"name": name, "id": one} for name, one in zip(names, ids, strict=True)]
    return Answer({"command": "resolve", "rows": rows}, ["name", "id"], rows, ["\n".join(ids)])


__all__ = ["NotFound", "claims", "compare_view", "listing", "metrics", "resolve", "show", "sources", "why"]
