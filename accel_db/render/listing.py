"""``list``: one row a subject. On the fast path."""

from __future__ import annotations

from accel_db.catalog.resolve import expand
from accel_db.render.answer import Answer, Table, edition_line, legend, unit_words
from accel_db.words.errors import NoAnswer, UsageError
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.catalog.store import Store


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

    ``shape`` is how the rows are shown: ``columns``, ``sort``, ``desc``, ``limit``.
    """
    rows = store.rows("list")
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names, keep_family=True, brief=True)
        wanted = {card["id"] for card in cards}
        rows = [row for row in rows if row["id"] in wanted]
    elif kind is None:
        rows = [row for row in rows if row["kind"] != "family"]
    if kind:
        rows = [row for row in rows if kind.lower() in (row["kind"], row["type"])]
    return _drawn(store, "list", _filtered(rows, vendor, country, keep), notes, **shape)


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
    rows = [row for row in store.rows("list") if row["kind"] == "system"]
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names, keep_family=True, brief=True)
        wanted = {card["id"] for card in cards}
        rows = [row for row in rows if wanted & {row["id"], *(part["accelerator"] for part in row["built_from"])}]
    return _drawn(store, "systems", _filtered(rows, vendor, country, keep), notes, **shape)


def _filtered(
    rows: list[dict[str, Any]], vendor: str | None, country: str | None, keep: set[str] | None
) -> list[dict[str, Any]]:
    if keep is not None:
        rows = [row for row in rows if row["id"] in keep]
    if vendor:
        rows = [row for row in rows if vendor.lower() in (row["vendor"].lower(), row["id"].split("/")[0])]
    if country:
        rows = [row for row in rows if row["country"].lower() == country.lower()]
    if not rows:
        raise NoAnswer("nothing in the database fits that")
    return rows


def _drawn(
    store: Store,
    command: str,
    rows: list[dict[str, Any]],
    notes: Sequence[str],
    *,
    columns: Sequence[str] = (),
    sort: str | None = None,
    desc: bool = False,
    limit: int | None = None,
) -> Answer:
    """The rows as a table: who they are, of systems what they are built from, and their headlines."""
    headlines = _list_headlines(rows, columns, store)
    if sort:
        rows = _sorted(rows, sort, desc, headlines)
    rows = rows if limit is None else rows[:limit]
    of_systems = command == "systems"
    flat = [_list_flat(row, headlines) for row in rows]
    if of_systems:
        flat = [{**one, "built_from": row["built_from"]} for one, row in zip(flat, rows, strict=True)]
    heads = [" ".join(word for word in (head["label"], unit_words(head)) if word) for head in headlines]
    who = ["id", "name", "kind", *(["built from"] if of_systems else [])]
    table = Table(
        [*who, *heads],
        [[*_who(row, of_systems), *(_list_cell(row, head["headline"]) for head in headlines)] for row in rows],
        "l" * len(who) + "r" * len(headlines),
        [1, 3] if of_systems else [1],
    )
    used = {letter for row in rows for head in row["headlines"] for letter in head["marks"]}
    disputed = any(head["verdict"] == "disputed" for row in rows for head in row["headlines"])
    foot = [f"{len(rows)} {'systems' if of_systems else 'subjects'}", *legend(used, store.marks(), disputed)]
    blocks: list[str | Table] = [table, "", "  ".join(foot), edition_line()]
    return Answer({"command": command, "rows": rows}, list(flat[0]), flat, blocks, notes)


def _who(row: dict[str, Any], of_systems: bool) -> list[str]:
    parts = " + ".join(f"{part['count']} × {part['name']}" for part in row["built_from"])
    return [row["id"], row["name"], row["type"] or row["kind"], *([parts] if of_systems else [])]


def _list_headlines(rows: Sequence[dict[str, Any]], columns: Sequence[str], store: Store) -> list[dict[str, Any]]:
    """The headlines that make columns: those asked for, or the usual ones that any row answers."""
    known: dict[str, dict[str, Any]] = {}
    for row in rows:
        for head in row["headlines"]:
            known.setdefault(head["headline"], head)
    if not columns:
        return [known[name] for name in USUAL if name in known]
    for row in store.rows("metrics"):
        if row["of"] != "metric" and row["default"]:
            known.setdefault(row["name"], {"headline": row["name"], "label": row["label"], "unit": row["unit"]})
    bad = [name for name in columns if name not in known]
    if bad:
        raise UsageError(f"no column {', '.join(map(repr, map(clipped, bad[:4])))}; one of: {', '.join(known)}")
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


def _sorted(
    rows: list[dict[str, Any]], sort: str, desc: bool, headlines: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    plain = ("id", "name", "kind", "type", "vendor", "country", "status")
    if sort in plain:
        return sorted(rows, key=lambda row: str(row[sort] or ""), reverse=desc)
    if sort not in [head["headline"] for head in headlines]:
        raise UsageError(
            f"--sort {clipped(sort)!r}: one of {', '.join([*plain, *(head['headline'] for head in headlines)])}"
        )
    valued = [(head["value"], row) for row in rows if (head := _list_head(row, sort)) and head["value"] is not None]
    empty = [row for row in rows if not any(row is one for _, one in valued)]
    return [row for _, row in sorted(valued, key=lambda pair: pair[0], reverse=desc)] + empty
