"""What a command answers, apart from how it is written: rows for machines, blocks for people, notes for stderr. On the fast path."""

from __future__ import annotations

from accel_db import SCHEMA, __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


CLAIM_COLUMNS = (
    "subject",
    "subject_kind",
    "metric",
    "per",
    "variant",
    "accumulate",
    "value",
    "unit",
    "low",
    "high",
    "text",
    "date",
    "printed",
    "hedge",
    "term",
    "source",
    "locator",
    "row",
    "via",
    "origin",
    "kind",
    "stage",
    "access",
    "as_of",
    "rank",
    "verdict",
    "reason",
    "deprecated",
    "absent",
    "derived",
    "note",
    "model",
    "precision",
    "scenario",
    "count",
)
"""The published columns of a claim, in order."""


class Table:
    """A table for people: a header, rows of cells, and per column ``l`` or ``r``. A cell may be ``(text, style)``.

    ``wraps`` are the columns that may be wrapped on a narrow terminal; a row of None draws an empty line.
    """

    def __init__(
        self, header: Sequence[str], rows: Sequence[Sequence[Any] | None], aligns: str, wraps: Sequence[int] = ()
    ) -> None:
        self.header = header
        self.rows = rows
        self.aligns = aligns
        self.wraps = wraps


class Answer:
    """One answer. ``document`` is the JSON, ``columns`` and ``rows`` the flat form (read once), ``blocks`` (texts and `Table`) the human one."""

    def __init__(
        self,
        document: dict[str, Any],
        columns: Sequence[str],
        rows: Iterable[dict[str, Any]],
        blocks: Sequence[str | Table],
        notes: Sequence[str] = (),
        exit_code: int = 0,
    ) -> None:
        self.document = {"edition": __version__, "schema": SCHEMA, **document}
        self.columns = columns
        self.rows = rows
        self.blocks = blocks
        self.notes = notes
        self.exit_code = exit_code


def edition_line() -> str:
    """The last line of every human answer."""
    return f"edition {__version__}"


class Footnotes:
    """Numbers sources in the order in which an answer cites them."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str], int] = {}
        self.rows: list[dict[str, Any]] = []

    def cite(self, card: dict[str, Any], claim: dict[str, Any]) -> int:
        """The number of the source and place of a claim."""
        key = (claim["source"], claim["locator"])
        if key not in self.numbers:
            source = card["sources"][claim["source"]]
            self.numbers[key] = len(self.numbers) + 1
            self.rows.append(
                {
                    "number": self.numbers[key],
                    "source": claim["source"],
                    "locator": claim["locator"],
                    "claim_kind": claim["kind_short"],
                    "claim_access": claim["access"],
                    "claim_via": claim["via"],
                    "claim_stage": claim.get("stage", "plain"),
                    "claim_origin": claim.get("origin", source["author"]),
                    **source,
                }
            )
        return self.numbers[key]

    def blocks(self, full: bool) -> list[str]:
        """One line a footnote; with ``full`` the title and address below it."""
        lines = []
        for row in self.rows:
            lines.append(f"[{row['number']}] {source_words(row)}: {row['locator']}")
            if full:
                lines += [f"    {row['title']}", f"    {row['url']}" + (f"  (read {row['read']}{_via(row)})")]
        return lines


def _via(row: dict[str, Any]) -> str:
    return f", via {', '.join(row['claim_via'])}" if row["claim_via"] else ""


def source_words(row: dict[str, Any]) -> str:
    """``NVIDIA, 2023-05 (maker's data sheet, quoted)``; of a claim also its stage and whom the page credits."""
    dated = f", {row['published']}" if row["published"] else ""
    publisher = row["author"] if row["author"] == row["publisher"] else f"{row['author']} at {row['publisher']}"
    told = [row.get("claim_kind") or row["kind_short"], row.get("claim_access") or row["access"]]
    if row.get("claim_stage", "plain") != "plain":
        told.append(row["claim_stage"])
    if row.get("claim_origin", row["author"]) != row["author"]:
        told.append(f"origin {row['claim_origin']}")
    return f"{publisher}{dated} ({', '.join(told)})"


def per_words(row: dict[str, Any], own: str) -> str:
    """What distinguishes a quantity besides its metric: level, variant, accumulation."""
    parts = []
    if row["per"] != own:
        parts.append(f"per {row['per']}")
    if row["variant"]:
        parts.append(row["variant"])
    if row["accumulate"]:
        parts.append(f"{row['accumulate'].upper()} accumulate")
    return ", ".join(parts)


def unit_words(row: dict[str, Any]) -> str:
    """The unit as a header shows it: sizes are as marketed, counts have none."""
    unit = row["unit"] or ""
    if unit == "one":
        return ""
    return f"{unit} as marketed" if row.get("marketed") else unit


def legend(used: Iterable[str], marks: dict[str, str], disputed: bool) -> list[str]:
    """The line that explains the marks an answer shows; empty where it shows none."""
    parts = [f"{letter} {marks[letter]}" for letter in marks if letter in used]
    if disputed:
        parts.insert(0, "⚡ disputed: see accel why")
    return ["  ".join(parts)] if parts else []


def quoted(claim: dict[str, Any]) -> str:
    """The figure as printed, in quotation marks."""
    return f'"{claim["printed"]}"' if claim["printed"] else ""
