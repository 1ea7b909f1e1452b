"""``claims``, ``sources``, ``metrics`` and ``resolve``: plain tables of what is there. On the fast path."""

from __future__ import annotations

from accel_db.catalog.evidence import asked
from accel_db.catalog.resolve import expand, find, one_id, unknown
from accel_db.render.answer import CLAIM_COLUMNS, Answer, Table, edition_line, per_words, quoted, unit_words
from accel_db.words.errors import Ambiguous, NoAnswer, UsageError
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.catalog.store import Store


def claims(store: Store, names: Sequence[str], metric: str | None = None) -> Answer:
    """Every claim on each subject, in rank order, with all published columns."""
    cards, notes = expand(store, names, keep_family=True)
    rows = [
        {"subject": card["id"], "subject_kind": card["kind"], **claim} for card in cards for claim in card["claims"]
    ]
    if metric:
        row = asked([*store.rows("metrics"), *_prefixes(metric, store)], metric)
        wanted = set(row["metrics"])
        rows = [
            one
            for one in rows
            if one["metric"] in wanted or any(name.startswith(one["metric"] + ".") for name in wanted)
        ]
    if not rows:
        raise NoAnswer(f"no claim on {metric or 'anything'} of {', '.join(card['name'] for card in cards)}")
    lines = [
        [
            one["subject"],
            one["metric"],
            per_words(one, ""),
            one["rank"],
            ("✗ " if one["deprecated"] else "") + one["shown"],
            unit_words(one),
            quoted(one),
            "d" if one["derived"] else "",
            one["stage"],
            f"{one['source']}: {one['locator']}",
        ]
        for one in rows
    ]
    table = Table(
        ["subject", "metric", "per, variant", "rank", "value", "unit", "as printed", "", "stage", "where"],
        lines,
        "lllrrlllll",
        [2, 6, 9],
    )
    return Answer(
        {"command": "claims", "claims": [{key: one.get(key) for key in CLAIM_COLUMNS} for one in rows]},
        CLAIM_COLUMNS,
        rows,
        [table, "", f"{len(rows)} claims", edition_line()],
        notes,
    )


def _prefixes(metric: str, store: Store) -> list[dict[str, Any]]:
    below = [
        name
        for row in store.rows("metrics")
        if row["of"] == "metric" and (name := row["name"]).startswith(metric + ".")
    ]
    return [{"name": metric, "of": "prefix", "metrics": below}] if below else []


def sources(store: Store, names: Sequence[str] = ()) -> Answer:
    """The documents behind some subjects, or all, with how each was read."""
    notes: list[str] = []
    if names:
        cards, notes = expand(store, names, keep_family=True)
        rows = list({key: {"key": key, **source} for card in cards for key, source in card["sources"].items()}.values())
    else:
        rows = store.rows("sources")
    lines = [
        [row["key"], row["kind_short"], row["published"] or "", row["access"], row["title"], row["url"]] for row in rows
    ]
    table = Table(["key", "kind", "published", "read as", "title", "address"], lines, "llllll", [4, 5])
    columns = [
        "key",
        "title",
        "url",
        "publisher",
        "author",
        "kind",
        "published",
        "revision",
        "read",
        "access",
        "via",
        "format",
        "language",
        "replaced_by",
        "note",
    ]
    return Answer(
        {"command": "sources", "sources": rows},
        columns,
        rows,
        [table, "", f"{len(rows)} documents", edition_line()],
        notes,
    )


def metrics(store: Store, group: str | None = None) -> Answer:
    """The vocabulary: headlines, derived metrics and metrics with units and definitions."""
    rows = store.rows("metrics")
    if group:
        groups = list(dict.fromkeys(row["group"] for row in rows))
        rows = [row for row in rows if row["group"].lower() == group.lower()]
        if not rows:
            raise UsageError(f"no group {clipped(group)!r}; one of: {', '.join(groups)}")
    lines = [[row["name"], row["label"], unit_words(row), row["group"], row["definition"]] for row in rows]
    table = Table(["name", "label", "unit", "group", "definition"], lines, "lllll", [4, 1])
    return Answer(
        {"command": "metrics", "metrics": rows},
        ["name", "of", "label", "unit", "group", "definition"],
        rows,
        [table, edition_line()],
    )


def resolve(store: Store, names: Sequence[str]) -> Answer:
    """One id a line for exact names; `NotFound` for the first batch of bad ones, `Ambiguous` for a family."""
    bad = [name for name in names if find(store, name) is None]
    if bad:
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
