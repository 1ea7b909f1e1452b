"""Ranks and filters by expressions over headlines, derived metrics and metrics, compiled to one SQL query."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.catalog.comparing import joined_marks
from accel_db.catalog.measures import units_of
from accel_db.words import expression
from accel_db.words.errors import NoAnswer, UsageError
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accel_db.catalog.catalog import Catalog
    from accel_db.words.units import Base

TEXTS = {
    "id": "s.id",
    "name": "s.name",
    "vendor": "s.vendor",
    "country": "v.country",
    "kind": "s.kind",
    "status": "s.status",
}
"""Names a condition may compare with a text."""


class Names:
    """What the names of expressions stand for in one catalogue: each used name becomes a column of one pivot."""

    def __init__(self, catalog: Catalog, table: str) -> None:
        self.catalog, self.table = catalog, table
        self.units, self.shown = units_of(catalog.store)
        self.metrics = {row["name"]: row for row in catalog.store.rows("metrics")}
        self.used: dict[str, str] = {}

    def lookup(self, name: str) -> expression.Known:
        """A name's unit and its SQL. Raises `UsageError` with near names."""
        if name in TEXTS:
            return expression.Known(None, TEXTS[name])
        row = self.metrics.get(name)
        if row is None or not row["unit"]:
            below = [one for one in self.metrics if one.startswith(name + ".")][:5]
            near = below or near_names(name, [one for one in (*self.metrics, *TEXTS) if one != name])
            reason = "is not a number" if row else "is not known"
            raise UsageError(f"{name!r} {reason}" + (f"; near: {', '.join(near)}" if near else "; see: accel metrics"))
        column = self.used.setdefault(name, f"x{len(self.used)}")
        return expression.Known(self.units.by_name[row["unit"]], f"{column}.value")

    def joins(self) -> str:
        """The joins that bring every used name in, as an inner or left join of one row a subject."""
        parts = []
        for name, column in self.used.items():
            if self.metrics[name]["of"] == "metric":
                inner = (
                    f"SELECT subject, arg_min(value, (variant IS NOT NULL, accumulate IS NOT NULL)) AS value, arg_min(marks, (variant IS NOT NULL, accumulate IS NOT NULL)) AS marks, "
                    f"arg_min(verdict, (variant IS NOT NULL, accumulate IS NOT NULL)) AS verdict FROM verdict WHERE metric = '{name}' AND per = '{self.table}' "
                    f"GROUP BY subject HAVING count(*) FILTER (WHERE variant IS NULL AND accumulate IS NULL) = 1 OR count(*) = 1"
                )
            else:
                inner = f"SELECT subject, value, marks, verdict FROM headline WHERE headline = '{name}'"
            parts.append(f"LEFT JOIN ({inner}) {column} ON {column}.subject = s.id")
        return " ".join(parts)


def matching(
    catalog: Catalog, condition: str, tables: Sequence[str] = ("accelerator", "system")
) -> tuple[set[str], list[str]]:
    """The ids of accelerators, systems or both that a condition lets through, and notes on what it could not decide."""
    found: set[str] = set()
    left_out: list[dict[str, Any]] = []
    for table in tables:
        names = Names(catalog, table)
        where = _condition(condition, names)
        _, rows = catalog.ask(
            f'SELECT s.id FROM "{table}" s JOIN vendor v ON v.id = s.vendor {names.joins()} WHERE {where}'
        )
        found.update(row[0] for row in rows)
        left_out += _left_out(names, f"({where}) IS NULL")
    return found, left_out_words(left_out)


def rank(
    catalog: Catalog,
    text: str,
    *,
    where: str | None = None,
    systems: bool = False,
    desc: bool = False,
    limit: int | None = None,
) -> dict[str, Any]:
    """Subjects ordered by an expression. The answer has ``unit`` and rows of id, name, value, marks, verdict and the inputs' values.

    Raises `UsageError` for units that do not fit and `NoAnswer` where no subject has every input.
    """
    names = Names(catalog, "system" if systems else "accelerator")
    node = expression.parse(text, Path(catalog.store.folder))
    typed = expression.check(node, names.lookup, names.units)
    if typed.yields != "number":
        raise UsageError(f"{text!r} is a {typed.yields}, not a number to rank by; a condition goes into --where")
    inputs = list(names.used)
    condition = _condition(where, names) if where else "true"
    unit, factor = _result_unit(node, typed.base, names)
    columns = [f"{names.used[name]}.{part}" for name in inputs for part in ("value", "marks", "verdict")]
    query = (
        f"SELECT s.id, s.name, s.vendor, {typed.sql} / {factor} AS value{''.join(', ' + column for column in columns)} "
        f'FROM "{names.table}" s JOIN vendor v ON v.id = s.vendor {names.joins()} WHERE {condition} AND {typed.sql} IS NOT NULL '
        f"ORDER BY value {'DESC' if desc else 'ASC'}, s.id" + (f" LIMIT {int(limit)}" if limit else "")
    )
    _, rows = catalog.ask(query)
    if any(not isfinite(row[3]) for row in rows):
        raise UsageError(f"{text!r} goes beyond any number; use smaller ones")
    if not rows:
        raise NoAnswer(
            f"no {names.table} has every input of {text!r}{' and a divisor that is not 0' if '/' in text else ''}"
            + (f" and fits {where!r}" if where else "")
        )
    left_out = _left_out(names, f"({condition}) IS NOT FALSE")
    return {
        "left_out": left_out,
        "expression": text,
        "unit": unit,
        "inputs": [
            {"name": name, "label": names.metrics[name]["label"], "unit": names.metrics[name]["unit"]}
            for name in inputs
        ],
        "rows": [_row(row, inputs) for row in rows],
    }


def _left_out(names: Names, undecided: str) -> list[dict[str, Any]]:
    """Subjects of which a used headline has several true values and none ruled to lead: they can be neither ranked nor filtered.

    Only those that ``undecided``, a condition in SQL, holds for: one that another part of a condition shuts out is none of them.
    """
    wanted = [name for name in names.used if names.metrics[name]["of"] != "metric"]
    if not wanted:
        return []
    marks = ", ".join("?" for _ in wanted)
    columns, rows = names.catalog.ask(
        f'SELECT h.subject AS id, h.headline AS name, h.low, h.high FROM "{names.table}" s JOIN vendor v ON v.id = s.vendor '
        f"{names.joins()} JOIN headline h ON h.subject = s.id "
        f"WHERE h.verdict = 'variants' AND h.headline IN ({marks}) AND ({undecided}) ORDER BY ALL",
        wanted,
    )
    return [dict(zip(columns, row, strict=True)) for row in rows]


TOLD = 12
"""Subjects that a note names; of more it gives the number."""


def left_out_words(left_out: list[dict[str, Any]]) -> list[str]:
    """A note for stderr; none where nothing was left out."""
    told = ", ".join(f"{one['id']} ({one['name']} {one['low']:g}–{one['high']:g})" for one in left_out[:TOLD])
    more = f" and {len(left_out) - TOLD:,} more" if len(left_out) > TOLD else ""
    return [f"left out, several values are true: {told}{more}"] if told else []


def _condition(text: str, names: Names) -> str:
    typed = expression.check(expression.parse(text, Path(names.catalog.store.folder)), names.lookup, names.units)
    if typed.yields != "truth":
        raise UsageError(f"{text!r} is a {typed.yields}, not a condition; write it like memory >= 96 GB")
    return typed.sql


def _result_unit(node: expression.Node, base: Base, names: Names) -> tuple[str, str]:
    """The unit in which a result is shown, and the factor to it: the name's own, the dimension's usual one, or base units."""
    if node.kind == "name":
        unit = names.units.by_name[names.metrics[node.parts[0]]["unit"]]
        return unit.name, f"{unit.marketed:E}"
    if not base:
        return "", "1"
    for name in names.shown:
        unit = names.units.by_name[name]
        if unit.base == base:
            return unit.name, f"{unit.factor:E}"
    return expression.show_base(base), "1"


def _row(row: tuple[Any, ...], inputs: Iterable[str]) -> dict[str, Any]:
    subject, name, vendor, value, *rest = row
    parts = {
        one: {"value": rest[i * 3], "marks": rest[i * 3 + 1] or "", "verdict": rest[i * 3 + 2]}
        for i, one in enumerate(inputs)
    }
    marks = joined_marks(*(part["marks"] for part in parts.values()))
    disputed = any(part["verdict"] == "disputed" for part in parts.values())
    return {
        "id": subject,
        "name": name,
        "vendor": vendor,
        "value": value,
        "marks": marks,
        "verdict": "disputed" if disputed else "undisputed",
        "inputs": parts,
    }
