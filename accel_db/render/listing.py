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
    columns: Sequence[str] = (),
    sort: str | None = None,
    desc: bool = False,
    limit: int | None = None,
    keep: set[str] | None = None,
) -> Answer:
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
            rows = [
                row
                for row in rows
                if row[key].lower() == value.lower() or (key == "vendor" and row["id"].split("/")[0] == value.lower())
            ]
    if kind:
        rows = [row for row in rows if kind.lower() in (row["kind"], row["type"])]
    if not rows:
        raise NoAnswer("nothing in the database fits that")
    headlines = _list_headlines(rows, columns, store)
    if sort:
        rows = _sorted(rows, sort, desc, headlines)
    rows = rows if limit is None else rows[:limit]
    flat = [_list_flat(row, headlines) for row in rows]
    table = Table(
        [
            "id",
            "name",
            "kind",
            *(" ".join(word for word in (head["label"], unit_words(head)) if word) for head in headlines),
        ],
        [
            [
                row["id"],
                row["name"],
                row["type"] or row["kind"],
                *(_list_cell(row, head["headline"]) for head in headlines),
            ]
            for row in rows
        ],
        "lll" + "r" * len(headlines),
        [1],
    )
    used = {letter for row in rows for head in row["headlines"] for letter in head["marks"]}
    foot = [
        f"{len(rows)} subjects",
        *legend(used, store.marks(), any(head["verdict"] == "disputed" for row in rows for head in row["headlines"])),
    ]
    return Answer(
        {"command": "list", "rows": rows}, list(flat[0]), flat, [table, "", "  ".join(foot), edition_line()], notes
    )


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
