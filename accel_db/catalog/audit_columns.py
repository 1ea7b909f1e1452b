"""Which column of somebody else's table is which headline or metric of ours, and in which unit. Never guesses a unit or a name."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.catalog.evidence import asked
from accel_db.words.errors import Unreadable, UsageError
from accel_db.words.names import fold
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accel_db.catalog.audit_file import Sheet
    from accel_db.words.units import Unit, Units

Row = dict[str, Any]
MOST_NEAR = 50
"""Columns for which near names are looked up; comparing words is slow."""


@dataclass(frozen=True)
class Column:
    """A column that is compared. ``targets`` are rows of the metric table; ``unit`` is that of a bare number, if known."""

    index: int
    header: str
    targets: tuple[Row, ...]
    unit: str | None
    mapped: bool


@dataclass(frozen=True)
class Columns:
    """What the columns of a sheet are. ``left`` are those not compared, each with why, where there is more to say, and near names."""

    name: int
    compared: list[Column]
    left: list[Row]


def read_layouts() -> Row:
    """The data of ``audit_layouts.toml``."""
    return tomllib.loads(Path(__file__).with_name("audit_layouts.toml").read_text(encoding="utf-8"))


def find_columns(
    sheet: Sheet, layouts: Row, known: Sequence[Row], units: Units, maps: Iterable[str], name: str | None
) -> Columns:
    """Sort the columns of a sheet. ``known`` are the rows of the metric table, ``maps`` texts ``their column=our metric``.

    Raises `UsageError` where no column holds names, none can be compared, or a ``maps`` text makes no sense.
    """
    named = _name_column(sheet, layouts, name)
    chosen = {column.index: column for column in _mapped(sheet, known, units, maps)}
    left: list[Row] = []
    for index, header in enumerate(sheet.header):
        if index == named or index in chosen or not header:
            continue
        try:
            column = _by_layout(index, header, layouts, known, units)
        except Unreadable as error:
            left.append({"column": header, "why": f"{error.message}: {error.cure}", "near": []})
            continue
        if column:
            chosen[index] = column
        else:
            left.append({"column": header, "why": None, "near": _near(header, known) if len(left) < MOST_NEAR else []})
    if not chosen:
        raise UsageError(
            f"no column of {sheet.file} is known: {_listed(sheet.header)}; say what one is with --map 'column=memory GB'"
            + "".join(f"\n{one['column']}: {one['why']}" for one in left if one["why"])
        )
    return Columns(named, [chosen[index] for index in sorted(chosen)], left)


def _name_column(sheet: Sheet, layouts: Row, name: str | None) -> int:
    if name is not None:
        return _index(sheet, name, "--name")
    labels = [_label(header) for header in sheet.header]
    for wanted in layouts["name"]:
        if wanted in labels:
            return labels.index(wanted)
    raise UsageError(
        f"no column of {sheet.file} looks like names: {_listed(sheet.header)}; say which with --name COLUMN"
    )


def _index(sheet: Sheet, column: str, option: str) -> int:
    """The place of a column the user names; case, spaces and hyphens do not count where that leaves one."""
    same = [i for i, header in enumerate(sheet.header) if header == column.strip()]
    same = same or [i for i, header in enumerate(sheet.header) if header and fold(header) == fold(column)]
    if not same:
        near = near_names(column[:200], sheet.header)
        hint = f"near: {', '.join(near)}" if near else f"its columns: {_listed(sheet.header)}"
        raise UsageError(f"{option}: {sheet.file} has no column {column[:200]!r}; {hint}")
    if len(same) > 1:
        raise UsageError(f"{option}: {sheet.file} has {len(same)} columns {column!r}; rename one")
    return same[0]


def _mapped(sheet: Sheet, known: Sequence[Row], units: Units, maps: Iterable[str]) -> list[Column]:
    """The columns that ``--map`` names."""
    columns: dict[int, Column] = {}
    for text in maps:
        theirs, equals, ours = text.rpartition("=")
        target, _, unit = ours.strip().partition(" ")
        if not (equals and theirs.strip() and target):
            raise UsageError(
                f"--map {text!r}: write it as 'their column=our headline or metric', a unit behind it if need be"
            )
        index = _index(sheet, theirs, "--map")
        if index in columns:
            raise UsageError(f"--map: column {sheet.header[index]!r} is mapped twice")
        try:
            row = _number(asked(known, target))
            spelled = (
                (_spelled(unit, units) or units.find(unit.strip())) if unit.strip() else _heading(sheet, index, units)
            )
            columns[index] = Column(index, sheet.header[index], (row,), _fitting(spelled, row, units), mapped=True)
        except Unreadable as error:
            raise UsageError(f"--map {text!r}: {error.message}; {error.cure}") from None
        except UsageError as error:
            raise UsageError(f"--map {text!r}: {error.message}") from None
    return list(columns.values())


def _heading(sheet: Sheet, index: int, units: Units) -> Unit | None:
    _, unit, problem = _split(sheet.header[index], units)
    if problem:
        raise problem
    return unit


def _number(row: Row) -> Row:
    if row["of"] == "derived":
        raise UsageError(f"{row['name']} is computed ({row['definition']}); map the figures it is computed from")
    if not row["unit"]:
        raise UsageError(f"{row['name']} is not a number, and only numbers are compared")
    return row


def _by_layout(index: int, header: str, layouts: Row, known: Sequence[Row], units: Units) -> Column | None:
    """The column as the layouts know it; None if they do not. Raises `Unreadable` for a unit that is unclear or does not fit."""
    plain = _label(header)
    label, unit, problem = _split(header, units)
    for declared in layouts["column"]:
        whole = _fits(plain, declared["header"])
        if not whole and not _fits(label, declared["header"]):
            continue
        if problem and not whole:
            raise problem
        rows = tuple(asked(known, target) for target in declared["target"])
        bare = _fitting(None if whole else unit, rows[0], units) or declared.get("unit")
        return Column(index, header, rows, bare, mapped=False)
    return None


def _fits(label: str, patterns: Iterable[str]) -> bool:
    return any(re.fullmatch(pattern, label) for pattern in patterns)


def _fitting(unit: Unit | None, row: Row, units: Units) -> str | None:
    """The name of a header's unit, refused where it measures something else; counts have their own without saying."""
    target = units.by_name[row["unit"]]
    if unit is None:
        return target.name if not target.base else None
    units.convert(target.factor, unit, target)
    return unit.name


def _split(header: str, units: Units) -> tuple[str, Unit | None, Unreadable | None]:
    """A header's label and unit, which stands in brackets or as its last words; and what is wrong with the unit."""
    text = _plain(header)
    bracketed = re.fullmatch(r"(.*\S)\s*[(\[]([^()\[\]]+)[)\]]", text)
    words = re.split(r"[\s_,:]+", text)
    tries = [(bracketed[1], bracketed[2])] if bracketed else []
    tries += [(" ".join(words[:-last]), "/".join(words[-last:])) for last in (2, 1) if len(words) > last]
    for label, spelling in tries:
        try:
            unit = _spelled(spelling, units)
        except Unreadable as error:
            return _label(label), None, error
        if unit:
            return _label(label), unit, None
    if bracketed:
        unknown = Unreadable(f"unknown unit {bracketed[2]!r}", "say it with --map 'column=metric unit'")
        return _label(bracketed[1]), None, unknown
    return _label(text), None, None


def _spelled(text: str, units: Units) -> Unit | None:
    """The unit a text spells; case counts only where it must (Gb is not GB). Raises `Unreadable` for a spelling of two units."""
    text = text.strip()
    if text in units.by_spelling:
        return units.by_spelling[text]
    found = {unit.name: unit for spelling, unit in units.by_spelling.items() if spelling.casefold() == text.casefold()}
    if len(found) > 1:
        raise Unreadable(f"{text!r} may be {' or '.join(sorted(found))}", "say which with --map 'column=metric unit'")
    return next(iter(found.values()), None)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _label(header: str) -> str:
    return " ".join(_plain(header).casefold().replace("_", " ").split())


def _near(header: str, known: Sequence[Row]) -> list[str]:
    """Our headlines whose name or label looks like a header, its brackets aside."""
    words: dict[str, str] = {}
    for row in known:
        if row["of"] == "headline":
            words |= {row["name"]: row["name"], row["label"]: row["name"]}
    label = _label(header.partition("(")[0])
    return list(dict.fromkeys(words[near] for near in near_names(label[:100], words, 2)))


def _listed(header: Sequence[str], most: int = 12) -> str:
    shown = [cell[:60] for cell in header[:most] if cell]
    return ", ".join(shown) + (f" and {len(header) - most} more" if len(header) > most else "")
