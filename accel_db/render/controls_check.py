"""``controls --check``: makers' own TPP and class labels beside ours. Words only."""

from __future__ import annotations

from typing import Any

from accel_db.render.answer import Answer, Table, edition_line
from accel_db.render.controls import BRANCHES, span_words

Row = dict[str, Any]
COLUMNS = (
    "id",
    "name",
    "tpp_low",
    "tpp_value",
    "tpp_high",
    "makers_tpp",
    "difference",
    "within",
    "explained",
    "label",
    "label_of",
    "label_class",
    "agreement",
    "verdict",
)


def check_view(found: Row) -> Answer:
    """One line a part; exit code 1 where a figure is off without an explanation or a label contradicts."""
    low, high = found["tolerance"]
    lines = [
        [
            one["id"],
            span_words(one["tpp"]),
            "—" if one["makers_tpp"] is None else f"{one['makers_tpp']:,}",
            "" if one["difference"] is None else (f"{one['difference']:+.1f} %", "" if one["within"] else "bad"),
            (one["label"] or "—") + ("" if one["label_of"] in (None, one["id"]) else " of its family"),
            *(one["agreement"].get(use, "") for use in BRANCHES),
        ]
        for one in found["rows"]
    ]
    header = ["id", "TPP", "maker's TPP", "difference", "maker's class", *BRANCHES.values()]
    blocks: list[str | Table] = [Table(header, lines, "lrrrl" + "l" * len(BRANCHES)), ""]
    blocks += [f"{one['id']}: {one['explained']}" for one in found["rows"] if one["explained"]]
    blocks += [
        f"{found['within']} of {found['compared']} figures within {low:g} % to +{high:g} % of the maker's own; rules of {found['as_of']}",
        found["caution"],
        edition_line(),
    ]
    document = {"command": "controls", **found}
    return Answer(document, COLUMNS, [_flat(one) for one in found["rows"]], blocks, (), int(_off(found)))


def _off(found: Row) -> bool:
    return any(
        not one["explained"]
        and ((one["makers_tpp"] is not None and not one["within"]) or one["verdict"] == "contradicts")
        for one in found["rows"]
    )


def _flat(one: Row) -> Row:
    return {**one, **{f"tpp_{end}": one["tpp"][end] for end in ("low", "value", "high")}}
