"""``list``: one row a subject. On the fast path."""

from __future__ import annotations

from accel_db.catalog.makers import made_by
from accel_db.catalog.resolve import expand
from accel_db.render.answer import Answer, Table, edition_line, legend, unit_words
from accel_db.words.errors import NoAnswer, UsageError
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.catalog.store import Listed, Store


USUAL = ("half", "memory", "bandwidth", "scale_up", "power", "system_power", "accelerators")
"""The headlines a list shows unless others are asked for."""


def listing(
    store: Store,
    names: Sequence[str] = (),
    *,
    vendor: str | None = None,
    country: str | None = None,
    kind: str | None = None,
    keep: set[str] | None = None,
    **shape: Any,
) -> Answer:
    """One row a subject with its default headlines. ``keep`` restricts to ids that a condition let through.

    ``shape`` is how the rows are shown: ``columns``, ``sort``, ``desc``, ``limit`` (rows, or rows of a page), ``page``.
    """
    found = store.listed(keep)
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names, keep_family=True, brief=True)
        wanted = {card["id"] for card in cards}
        found = [one for one in found if one.id in wanted]
    elif kind is None:
        found = [one for one in found if one.kind != "family"]
    if kind:
        found = [one for one in found if kind.lower() in (one.kind, one.type)]
    return _drawn(store, "list", _filtered(store, found, vendor, country), notes, **shape)


def systems(
    store: Store,
    names: Sequence[str] = (),
    *,
    vendor: str | None = None,
    country: str | None = None,
    keep: set[str] | None = None,
    **shape: Any,
) -> Answer:
    """One row a system with what it is built from; of named accelerators, the systems built from them."""
    found = [one for one in store.listed(keep) if one.kind == "system"]
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names, keep_family=True, brief=True)
        wanted = {card["id"] for card in cards}
        parts = {one.id: {part["accelerator"] for part in one.row()["built_from"]} for one in found}
        found = [one for one in found if wanted & {one.id, *parts[one.id]}]
    return _drawn(store, "systems", _filtered(store, found, vendor, country), notes, **shape)


def _filtered(store: Store, found: list[Listed], vendor: str | None, country: str | None) -> list[Listed]:
    if vendor is not None or country is not None:
        fits = made_by(store, vendor, country)
        found = [one for one in found if fits(one)]
    if not found:
        raise NoAnswer("nothing in the database fits that")
    return found


def _drawn(
    store: Store,
    command: str,
    found: list[Listed],
    notes: Sequence[str],
    *,
    columns: Sequence[str] = (),
    sort: str | None = None,
    desc: bool = False,
    limit: int | None = None,
    page: int | None = None,
) -> Answer:
    """The rows as a table: who they are, of systems what they are built from, and their headlines."""
    headlines = _list_headlines(found, columns, store)
    if sort:
        found = _sorted(found, sort, desc, headlines)
    first, last = _span(len(found), limit, page)
    rows = [one.row() for one in found[first:last]]
    of_systems = command == "systems"
    told_of = [{head["headline"]: head for head in row["headlines"]} for row in rows]
    heads = [" ".join(word for word in (head["label"], unit_words(head)) if word) for head in headlines]
    who = ["id", "name", "kind", *(["built from"] if of_systems else [])]
    table = Table(
        [*who, *heads],
        [
            [*_who(row, of_systems), *(_list_cell(heads.get(head["headline"])) for head in headlines)]
            for row, heads in zip(rows, told_of, strict=True)
        ],
        "l" * len(who) + "r" * len(headlines),
        [1, 3] if of_systems else [1],
    )
    used = {letter for row in rows for head in row["headlines"] for letter in head["marks"]}
    disputed = any(head["verdict"] == "disputed" for row in rows for head in row["headlines"])
    what = "systems" if of_systems else "subjects"
    told = f"{len(rows)} {what}"
    if len(rows) < len(found):
        told = f"{what} {first + 1:,}–{last:,} of {len(found):,}"
        told += f"; --page {last // (last - first) + 1} goes on" if page and last < len(found) else ""
    foot = [told, *legend(used, store.marks(), disputed)]
    blocks: list[str | Table] = [table, "", "  ".join(foot), edition_line()]
    document = {"command": command, "total": len(found), "first": first + 1, "rows": rows}
    flat = (_list_flat(row, heads, headlines, of_systems) for row, heads in zip(rows, told_of, strict=True))
    return Answer(document, list(_list_flat(rows[0], told_of[0], headlines, of_systems)), flat, blocks, notes)


PAGE = 100
"""Rows of a page, unless --limit says otherwise."""


def _span(total: int, limit: int | None, page: int | None) -> tuple[int, int]:
    """The rows that are shown, from and up to: all of them, so many, or a page. Raises `NoAnswer` beyond the last page."""
    length = limit or (PAGE if page else total)
    first = ((page or 1) - 1) * length
    if first >= total:
        raise NoAnswer(f"no page {page}: {total:,} rows end with page {-(-total // length):,}")
    return first, min(first + length, total)


def _who(row: dict[str, Any], of_systems: bool) -> list[str]:
    parts = " + ".join(f"{part['count']} × {part['name']}" for part in row["built_from"])
    return [row["id"], row["name"], row["type"] or row["kind"], *([parts] if of_systems else [])]


def _list_headlines(found: Sequence[Listed], columns: Sequence[str], store: Store) -> list[dict[str, Any]]:
    """The headlines that make columns: those asked for, or the usual ones that any subject answers."""
    known: dict[str, dict[str, Any]] = {}
    for row in store.rows("metrics"):
        if row["of"] == "metric" or not row["default"]:
            continue
        first = next((one for one in found if row["name"] in one.answers.split(" ")), None)
        if first is not None:
            known[row["name"]] = _list_head(first.row(), row["name"]) or row
        elif columns:
            known[row["name"]] = {"headline": row["name"], "label": row["label"], "unit": row["unit"]}
    if not columns:
        return [known[name] for name in USUAL if name in known]
    bad = [name for name in columns if name not in known]
    if bad:
        raise UsageError(f"no column {', '.join(map(repr, map(clipped, bad[:4])))}; one of: {', '.join(known)}")
    return [known[name] for name in columns]


def _list_head(row: dict[str, Any], name: str) -> dict[str, Any] | None:
    return next((head for head in row["headlines"] if head["headline"] == name), None)


def _list_cell(head: dict[str, Any] | None) -> Any:
    if head is None or head["shown"] is None:
        return ("—", "dim")
    text = head["shown"] + (" ⚡" if head["verdict"] == "disputed" else "")
    return (" ".join([text, *head["marks"]]), "bad" if head["verdict"] == "disputed" else "")


def _list_flat(
    row: dict[str, Any], heads: dict[str, dict[str, Any]], headlines: Sequence[dict[str, Any]], of_systems: bool
) -> dict[str, Any]:
    flat = {key: row[key] for key in ("id", "name", "kind", "type", "vendor", "country", "status")}
    for column in headlines:
        head = heads.get(column["headline"])
        flat[f"{column['headline']} ({column['unit']})"] = head["value"] if head else None
        flat[f"{column['headline']} marks"] = head["marks"] if head else None
        flat[f"{column['headline']} verdict"] = head["verdict"] if head else None
    return {**flat, "built_from": row["built_from"]} if of_systems else flat


def _sorted(found: list[Listed], sort: str, desc: bool, headlines: Sequence[dict[str, Any]]) -> list[Listed]:
    plain = ("id", "name", "kind", "type", "vendor", "country", "status")
    rows = [(one, one.row()) for one in found]
    if sort in plain:
        return [one for one, _ in sorted(rows, key=lambda pair: str(pair[1][sort] or ""), reverse=desc)]
    if sort not in [head["headline"] for head in headlines]:
        raise UsageError(
            f"--sort {clipped(sort)!r}: one of {', '.join([*plain, *(head['headline'] for head in headlines)])}"
        )
    values = [(one, (_list_head(row, sort) or {}).get("value")) for one, row in rows]
    valued = [(one, value) for one, value in values if value is not None]
    ordered = [one for one, _ in sorted(valued, key=lambda pair: pair[1], reverse=desc)]
    return ordered + [one for one, value in values if value is None]
