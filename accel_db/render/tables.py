"""Answers that come from DuckDB: rankings, SQL results, the schema. Off the fast path."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from accel_db.catalog.query import left_out_words
from accel_db.render.answer import Answer, Table, edition_line
from accel_db.words.shown import plain, significant

if TYPE_CHECKING:
    from collections.abc import Sequence


def ranking(ranked: dict[str, Any], marks: dict[str, str]) -> Answer:
    """A ranking as a table with its inputs beside."""
    inputs = [one for one in ranked["inputs"] if one["name"] != ranked["expression"].strip()]
    head = f"{ranked['expression']}" + (f" ({ranked['unit']})" if ranked["unit"] not in ("", "one") else "")
    header = [
        "",
        "id",
        head,
        *(f"{one['name']}" + (f" ({one['unit']})" if one["unit"] != "one" else "") for one in inputs),
    ]
    lines = []
    for place, row in enumerate(ranked["rows"], 1):
        told = " ".join(
            [significant(row["value"], 4), *row["marks"], *(["⚡"] if row["verdict"] == "disputed" else [])]
        )
        lines.append([str(place), row["id"], told, *(_input(row["inputs"][one["name"]]) for one in inputs)])
    used = {letter for row in ranked["rows"] for letter in row["marks"]}
    legend = [f"{letter} {meaning}" for letter, meaning in marks.items() if letter in used]
    if any(row["verdict"] == "disputed" for row in ranked["rows"]):
        legend.insert(0, "⚡ rests on a disputed value: see accel why")
    flat = [
        {
            "place": place,
            "id": row["id"],
            "name": row["name"],
            "value": row["value"],
            "unit": ranked["unit"],
            "marks": row["marks"],
            "verdict": row["verdict"],
            **{f"{one['name']} ({one['unit']})": row["inputs"][one["name"]]["value"] for one in inputs},
        }
        for place, row in enumerate(ranked["rows"], 1)
    ]
    table = Table(header, lines, "rl" + "r" * (len(header) - 2))
    return Answer(
        {"command": "rank", **ranked},
        list(flat[0]),
        flat,
        [table, "", *(["  ".join(legend)] if legend else []), edition_line()],
        left_out_words(ranked["left_out"]),
    )


def _input(part: dict[str, Any]) -> str:
    return " ".join([plain(part["value"]), *part["marks"]])


PLAN = ["explain_key", "explain_value"]
"""The columns of EXPLAIN: a drawing of many lines, no table."""


def result(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Answer:
    """The result of a query; columns of one name are told apart by a number."""
    columns = _distinct(columns)
    dicts = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    numeric = [
        bool(rows)
        and all(isinstance(row[i], int | float) and not isinstance(row[i], bool) for row in rows if row[i] is not None)
        for i in range(len(columns))
    ]
    lines = [["" if value is None else str(_plain(value)) for value in row] for row in rows]
    table = Table(
        list(columns),
        lines,
        "".join("r" if one else "l" for one in numeric),
        [i for i, one in enumerate(numeric) if not one],
    )
    shown: str | Table = "\n".join(str(row[1]) for row in rows) if columns == PLAN else table
    blocks: list[str | Table] = [shown, "", f"{len(rows)} rows", edition_line()]
    return Answer({"command": "sql", "columns": list(columns), "rows": dicts}, list(columns), dicts, blocks)


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _distinct(columns: Sequence[str]) -> list[str]:
    named: list[str] = []
    for column in columns:
        number = 2
        name = column
        while name in named:
            name, number = f"{column}_{number}", number + 1
        named.append(name)
    return named


SCHEMA_QUERY = """
SELECT t.name AS "table", c.column_name AS "column", c.data_type AS type, coalesce(c.comment, '') AS meaning, coalesce(t.comment, '') AS table_meaning, t.kind
FROM (SELECT table_name AS name, comment, 'table' AS kind FROM duckdb_tables() UNION ALL SELECT view_name, comment, 'view' FROM duckdb_views() WHERE NOT internal) t
JOIN duckdb_columns() c ON c.table_name = t.name AND NOT c.internal
ORDER BY t.kind DESC, t.name, c.column_index
"""


def schema(rows: Sequence[dict[str, Any]]) -> Answer:
    """The tables and views with their columns and what each means, views first."""
    lines: list[Sequence[Any] | None] = []
    table = None
    for row in rows:
        if row["table"] != table:
            table = row["table"]
            lines += [None] if lines else []
            lines.append([(table, "head"), row["kind"], row["table_meaning"]])
        lines.append([f"  {row['column']}", row["type"], row["meaning"]])
    blocks: list[str | Table] = [
        Table(["", "", ""], lines, "lll", [2, 1]),
        "",
        'ask: accel sql "select id, half_tflops, power_w from accelerators order by id"',
        edition_line(),
    ]
    return Answer(
        {"command": "sql", "schema_of": list(rows)}, ["table", "column", "type", "meaning", "kind"], list(rows), blocks
    )
