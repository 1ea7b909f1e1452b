"""``coverage``: the matrix of what is known, one character a cell, its totals, and the page of the docs made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.catalog.coverage import STATES, coverage
from accel_db.render.answer import Answer, Table, edition_line
from accel_db.render.formats import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accel_db.catalog.catalog import Catalog

Row = dict[str, Any]
COLUMNS = (
    "id",
    "name",
    "kind",
    "type",
    "vendor",
    "country",
    "headline",
    "state",
    "shown",
    "marks",
    "verdict",
    "ruled",
    "source",
    "origins",
    "independent",
)
"""The flat form: one row a cell."""
STYLES = {"disputed": "bad", "maker": "good", "unknown": "dim", "looked": "dim"}
PAGE = """\
# What the database covers

Generated from the built data (`accel coverage` prints it too): every subject with its usual headlines, one character a cell."""


def coverage_view(found: Row) -> Answer:
    """The answer: the matrix, its legend, totals by vendor and by kind."""
    names = [one["headline"] for one in found["headlines"]]
    lines = [[one["id"], one["type"], *(_sign(one["cells"].get(name)) for name in names)] for one in found["subjects"]]
    blocks: list[str | Table] = [Table(["subject", "kind", *names], lines, "ll" + "l" * len(names)), ""]
    blocks += _legend(found)
    totals = found["totals"]
    blocks += ["", _table("vendor", [*totals["vendors"], totals["all"]])]
    blocks += ["", _table("kind", [*totals["kinds"], totals["all"]])]
    blocks += ["", _share(totals["all"]), edition_line()]
    return Answer({"command": "coverage", **found}, COLUMNS, _flat(found), blocks)


def coverage_page(catalog: Catalog) -> str:
    """The text of docs/coverage.md."""
    return f"{PAGE}\n\n{write(coverage_view(coverage(catalog.store)), 'md')}"


def _sign(cell: Row | None) -> Any:
    """The character of a cell; nothing where a kind of subject cannot have the headline."""
    if cell is None:
        return ""
    return STATES[cell["state"]][0], STYLES.get(cell["state"], "")


def _legend(found: Row) -> list[str | Table]:
    lines = [[one["sign"], one["means"]] for one in found["states"]]
    return [Table(["sign", "means"], [*lines, ["", "does not apply to this kind of subject"]], "ll")]


def _table(what: str, totals: Sequence[Row]) -> Table:
    """Cells by state of each vendor or kind, the share answered, and the share of those with two independent origins."""
    header = [what, "subjects", *STATES, "answered", "by two origins"]
    lines = [
        [
            one["name"],
            *(f"{one[key]:,}" for key in ("subjects", *STATES)),
            _percent(one["answered"], one["cells"]),
            _percent(one["independent"], one["answered"]),
        ]
        for one in totals
    ]
    return Table(header, lines, "l" + "r" * (len(header) - 1))


def _share(total: Row) -> str:
    return (
        f"{total['answered']:,} of {total['cells']:,} headlines are answered with a figure ({_percent(total['answered'], total['cells'])}); "
        f"{total['independent']:,} of those by two independent origins ({_percent(total['independent'], total['answered'])})"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "—"


def _flat(found: Row) -> list[Row]:
    return [
        {**{key: one[key] for key in ("id", "name", "type", "vendor", "country")}, "headline": name, **cell}
        | {"kind": one["kind"]}
        for one in found["subjects"]
        for name, cell in one["cells"].items()
    ]
