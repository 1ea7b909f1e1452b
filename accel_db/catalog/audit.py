"""Sets somebody else's table of chips beside ours: each disagreement with its evidence, what only they have, what could not be read.

Their table is judged by our rules for names and intervals; nothing of theirs is taken over, and no name is guessed.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from accel_db.catalog.audit_causes import CLAIM_KEYS, DEPRECATED, NO_FIGURE, Causes, Theirs, our_answer
from accel_db.catalog.audit_columns import find_columns, read_layouts
from accel_db.catalog.audit_file import read_sheet
from accel_db.catalog.evidence import concerns
from accel_db.catalog.measures import units_of
from accel_db.catalog.resolve import LONGEST, find, one_id, unknown
from accel_db.words.errors import Ambiguous, Unreadable
from accel_db.words.intervals import Interval, around
from accel_db.words.printed import Printed, read_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accel_db.catalog.audit_causes import Ours
    from accel_db.catalog.audit_columns import Column
    from accel_db.catalog.catalog import Catalog
    from accel_db.words.units import Unit, Units

Row = dict[str, Any]
DIGITS = 12
"""Digits a machine's floating-point number is read to; what stands behind them is rounding, not knowledge."""
SMALLEST, LARGEST = Decimal("1e-30"), Decimal("1e30")
"""Between these a figure can be computed with, in whatever unit of ours."""
MOST_NEAR = 100
"""Unknown names for which near ones are looked up; comparing words is slow."""


def audit(catalog: Catalog, file: str, maps: Sequence[str] = (), name: str | None = None) -> dict[str, Any]:
    """Compare the table in ``file`` with ours. ``maps`` are texts ``their column=our headline or metric [unit]``.

    The answer has ``disagreements``, ``lacking`` (figures we have nothing for), ``hedged``, ``unreadable``, ``unresolved``,
    ``ambiguous``, ``columns``, ``unmapped`` and counts. Raises `UsageError` for a file or mapping that makes no sense.
    """
    sheet = read_sheet(file)
    layouts, units = read_layouts(), units_of(catalog.store)[0]
    columns = find_columns(sheet, layouts, catalog.store.rows("metrics"), units, maps, name)
    work = _Audit(catalog, units, Causes(catalog.store, layouts, units), frozenset(layouts["blank"]))
    for line, count in sheet.overlong:
        said = f"{count} cells, the header has {len(sheet.header)}: quote cells that hold the separator"
        work.unreadable.append({"line": line, "name": None, "column": None, "printed": None, "why": said})
    for line, cells in sheet.rows:
        work.row(line, cells, columns.name, columns.compared)
    return {
        "file": file,
        "encoding": sheet.encoding,
        "separator": sheet.separator,
        "rows": len(sheet.rows),
        "name_column": sheet.header[columns.name],
        "columns": [
            {
                "column": one.header,
                "asked": [row["name"] for row in one.targets],
                "unit": one.unit,
                "mapped": one.mapped,
            }
            for one in columns.compared
        ],
        "unmapped": columns.left,
        **work.results(),
    }


class _Audit:
    """The findings while the rows are walked."""

    def __init__(self, catalog: Catalog, units: Units, causes: Causes, blank: frozenset[str]) -> None:
        self.store, self.units, self.causes, self.blank = catalog.store, units, causes, blank
        self.subjects: dict[str, Row | None] = {}
        self.answers: dict[tuple[str, int], Ours | None] = {}
        self.found: dict[tuple[str, int, str], list[Row]] = {}
        self.agreed = 0
        self.disagreements: list[Row] = []
        self.lacking: list[Row] = []
        self.hedged: list[Row] = []
        self.unreadable: list[Row] = []
        self.unresolved: list[Row] = []
        self.ambiguous: list[Row] = []
        self.sources: dict[str, Row] = {}

    def results(self) -> Row:
        compared = self.agreed + len(self.disagreements) + len(self.hedged)
        return {
            "subjects": len({card["id"] for card in self.subjects.values() if card}),
            "compared": compared,
            "agreed": self.agreed,
            "disagreements": self.disagreements,
            "lacking": self.lacking,
            "hedged": self.hedged,
            "unreadable": self.unreadable,
            "unresolved": self.unresolved,
            "ambiguous": self.ambiguous,
            "sources": self.sources,
        }

    def row(self, line: int, cells: list[str], named: int, columns: Sequence[Column]) -> None:
        """Judge one row of theirs."""
        name = cells[named].strip()
        if not name:
            if any(not self._blank(cells[column.index]) for column in columns):
                said = {
                    "line": line,
                    "name": None,
                    "column": None,
                    "printed": None,
                    "why": "the row has figures and no name",
                }
                self.unreadable.append(said)
            return
        card = self._subject(line, name)
        for column in columns if card else ():
            cell = cells[column.index].strip()
            if card and not self._blank(cell):
                place = {"line": line, "name": name[:LONGEST], "column": column.header, "printed": cell[:LONGEST]}
                self._cell(place, card, column, cell)

    def _blank(self, cell: str) -> bool:
        return cell.strip().lower() in self.blank

    def _subject(self, line: int, name: str) -> Row | None:
        """The card a name leads to; a name that leads to none or to several is listed, never guessed."""
        shown = {"line": line, "name": name[:LONGEST]}
        if name not in self.subjects or self.subjects[name] is None:
            self.subjects[name] = None
            try:
                if find(self.store, name):
                    self.subjects[name] = self.store.card(one_id(self.store, name))
                else:
                    self.unresolved.append({**shown, "near": self._near(name)})
            except Ambiguous as error:
                self.ambiguous.append({**shown, "candidates": error.facts["candidates"]})
        return self.subjects[name]

    def _near(self, name: str) -> list[str]:
        if len(self.unresolved) >= MOST_NEAR:
            return []
        near: list[str] = unknown(self.store, [name]).facts["names"][0]["near"]
        return near

    def _cell(self, place: Row, card: Row, column: Column, cell: str) -> None:
        """Judge one figure of theirs."""
        key = card["id"], column.index
        if key not in self.answers:
            self.answers[key] = our_answer(card, column.targets)
        ours = self.answers[key]
        row = ours.row if ours else column.targets[0]
        unit = self.units.by_name[(ours.answer["unit"] if ours else None) or row["unit"]]
        try:
            read, theirs = self._read(cell, column.unit, unit, bool(ours and ours.answer["marketed"]))
        except Unreadable as error:
            self.unreadable.append({**place, "why": error.message})
            return
        finding = {
            **place,
            "subject": card["id"],
            "subject_name": card["name"],
            "asked": row["name"],
            "label": row["label"],
        }
        finding |= {"theirs": float(theirs.value), "unit": unit.name}
        if ours and (_agree(ours, theirs) or (_denied(ours) and not theirs.value)):
            self.agreed += 1
            return
        # Copied tables repeat themselves: the same cell of the same chip is looked into once.
        told = (*key, cell)
        if ours and told not in self.found:
            self.found[told] = self.causes.find(card, ours, theirs, column.targets)
        causes = self.found.get(told, [])
        held_dead = any(one["cause"] == DEPRECATED for one in causes)
        if ours and (ours.intervals or _denied(ours) or held_dead):
            found = {**finding, **self._against(card, ours, theirs, causes)}
            (self.hedged if read.hedge else self.disagreements).append(found)
        else:
            self.lacking.append({**finding, "looked": _looked(card, row)})

    def _read(self, cell: str, bare: str | None, unit: Unit, marketed: bool) -> tuple[Printed, Theirs]:
        """One cell, as printed and in our unit. Raises `Unreadable`; ``bare`` is the unit of a number that has none."""
        if len(cell) > LONGEST:
            raise Unreadable(f"a cell of {len(cell)} characters is no figure", "")
        read = read_figure(_machine(cell), self.units, None, bare)
        theirs = self._theirs(read, unit, marketed)
        if theirs.value and not SMALLEST < theirs.value < LARGEST:
            raise Unreadable(f"{cell!r} is beyond all bounds", "")
        return read, theirs

    def _theirs(self, read: Printed, unit: Unit, marketed: bool) -> Theirs:
        """Their figure in our unit. Counts are exact, and sizes unless given in a unit larger than ours, as in our own claims."""
        value = self.units.convert(read.value, read.unit, unit, marketed=marketed)
        scale = self.units.convert(Decimal(1), read.unit, unit, marketed=marketed)
        low, high = around(read.low, zeros_count=marketed), around(read.high, zeros_count=marketed)
        loose = Interval(low.low, high.high).scaled(scale)
        exact = not unit.base or (marketed and scale <= 1)
        interval = Interval(read.low, read.high).scaled(scale) if exact else loose
        rough = Interval(around(read.low).low, around(read.high).high).scaled(scale)
        return Theirs(value, interval, rough if unit.base else interval, unit)

    def _against(self, card: Row, ours: Ours, theirs: Theirs, causes: Sequence[Row]) -> Row:
        """Our side of a disagreement."""
        answer = ours.answer
        # A cause may rest on a claim outside the answer's own; every source that is told is given.
        for line in (*ours.claims, *(one["claim"] for one in causes if one["claim"])):
            self.sources[line["source"]] = card["sources"][line["source"]]
        value = answer["value"]
        return {
            "ours": value,
            "low": answer["low"],
            "high": answer["high"],
            "shown": answer["shown"],
            "spread": answer["spread"],
            "marketed": answer["marketed"],
            "marks": answer["marks"],
            "verdict": answer["verdict"],
            "ruled": answer["ruled"],
            "reason": answer["reason"],
            "absent": answer["absent"],
            "basis": answer["basis"],
            "metric": ours.leader["metric"] if ours.leader else answer["metric"],
            "gap": float(theirs.value) / value - 1 if value else None,
            "claims": [{key: line[key] for key in (*CLAIM_KEYS, "leads", "gap", "voice")} for line in ours.claims],
            "causes": list(causes),
        }


def _machine(cell: str) -> str:
    """A bare floating-point number as a program writes it, without the digits that only its notation adds."""
    if not re.fullmatch(r"\d+(\.\d+)?([eE][+-]?\d{1,3})?", cell):
        return cell
    number = Decimal(cell)
    whole = "." in cell and number == number.to_integral_value() and "e" not in cell.lower()
    if whole or len(number.as_tuple().digits) > DIGITS:
        return str(number.normalize(Context(prec=DIGITS)))
    return cell


def _agree(ours: Ours, theirs: Theirs) -> bool:
    return any(one.meets(theirs.interval) for one in ours.intervals)


def _denied(ours: Ours) -> bool:
    """Whether a source of ours says that there is no such figure."""
    return bool(ours.answer["absent"]) and ours.answer["absent"] != NO_FIGURE


def _looked(card: Row, row: Row) -> list[Row]:
    """Where our editors looked for the figure, in vain."""
    return [one for one in card["looked"] if any(concerns(metric, row["metrics"]) for metric in one["metrics"])]
