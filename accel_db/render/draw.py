"""The one table drawer: aligns columns by the width characters take on a terminal, colours only when told to, wraps only when told how wide.

On the fast path: imports nothing but ``unicodedata`` for text that is not plain.
"""

from __future__ import annotations

from accel_db.words.hidden import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.render.answer import Table

GAP = "  "
STYLES = {"head": "1", "dim": "2", "bad": "33", "good": "32", "wrong": "31;9"}
"""What a style looks like on a terminal: bold, faint, yellow, green, struck out in red."""
NARROWEST = 12
"""No column is wrapped to fewer characters."""
NARROW = {"×", "–", "—", "°", "▲", "⚡", "✗", "·", "²", "≤", "≥", "…", "→", "÷", "±", "≈", "µ", "’", "“", "”"}
"""Signs we draw ourselves, or meet daily, that take one cell."""


def width(text: str) -> int:
    """Cells a text takes on a terminal: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    cells = _cells.get(text)
    if cells is None:
        cells = _cells[text] = _counted(text)
    return cells


_cells: dict[str, int] = {}
"""Widths of texts that are not plain: a table has the same few over and over."""


def _counted(text: str) -> int:
    import unicodedata

    cells = 0
    for char in text:
        if char == "⚡":
            cells += 2
        elif char in NARROW or char.isascii():
            cells += 1
        elif unicodedata.combining(char) or unicodedata.category(char) == "Cf":
            continue
        else:
            cells += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return cells


def draw(table: Table, *, color: bool = False, columns: int | None = None) -> str:
    """The table as text, one line a row. ``columns`` is the width of a terminal; None means no limit."""
    texts = [[_text(cell) for cell in row] if row is not None else None for row in table.rows]
    styles = [[_style(cell) for cell in row] if row is not None else None for row in table.rows]
    header = [visible(head) for head in table.header]
    widths = [max([width(header[i]), *(width(row[i]) for row in texts if row is not None)]) for i in range(len(header))]
    if columns is not None:
        _fold_header(widths, header, texts, columns)
        _narrow(widths, table.wraps, columns)
    lines = []
    if any(header):
        lines += _row(header, ["head"] * len(widths), widths, table.aligns, color)
    for row, styled in zip(texts, styles, strict=True):
        lines += [""] if row is None or styled is None else _row(row, styled, widths, table.aligns, color)
    return "\n".join(lines)


def _text(cell: Any) -> str:
    """What a cell shows: one line, whatever somebody's text would do to a terminal."""
    text = cell[0] if isinstance(cell, tuple) else cell
    return "" if text is None else visible(str(text))


def _style(cell: Any) -> str:
    return cell[1] if isinstance(cell, tuple) else ""


def _fold_header(widths: list[int], header: Sequence[str], texts: Sequence[list[str] | None], columns: int) -> None:
    """Let headers wrap to what their column's cells need, where the table is wider than the terminal."""
    for i, head in enumerate(header):
        if sum(widths) + len(GAP) * (len(widths) - 1) <= columns:
            return
        cells = max([width(row[i]) for row in texts if row is not None], default=0)
        widths[i] = max([cells, *(width(word) for word in head.split(" "))])


def _narrow(widths: list[int], wraps: Sequence[int], columns: int) -> None:
    """Take cells from the widest columns that may wrap until the table fits, or they are as narrow as they get."""
    over = sum(widths) + len(GAP) * (len(widths) - 1) - columns
    while over > 0:
        widest = max(wraps, key=lambda i: widths[i], default=None)
        if widest is None or widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1
        over -= 1


def _row(cells: Sequence[str], styles: Sequence[str], widths: Sequence[int], aligns: str, color: bool) -> list[str]:
    """The lines of one row: more than one where a cell had to be wrapped."""
    if all(width(cell) <= limit for cell, limit in zip(cells, widths, strict=True)):
        return [_line(cells, styles, widths, aligns, color)]
    wrapped = [_wrap(cell, limit) for cell, limit in zip(cells, widths, strict=True)]
    return [
        _line([parts[i] if i < len(parts) else "" for parts in wrapped], styles, widths, aligns, color)
        for i in range(max(len(parts) for parts in wrapped))
    ]


def _line(cells: Sequence[str], styles: Sequence[str], widths: Sequence[int], aligns: str, color: bool) -> str:
    parts = []
    for cell, style, limit, align in zip(cells, styles, widths, aligns, strict=False):
        space, shown = " " * (limit - width(cell)), paint(cell, style, color)
        parts.append(space + shown if align == "r" else shown + space)
    return GAP.join(parts).rstrip()


def paint(text: str, style: str, color: bool) -> str:
    """A text in a style, if colours are on."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if color and style and text else text


def _wrap(text: str, limit: int) -> list[str]:
    """Break a text into parts of at most ``limit`` cells, at spaces where there are any."""
    if width(text) <= limit:
        return [text]
    parts, line = [], ""
    for word in text.split(" "):
        glued = f"{line} {word}" if line else word
        if width(glued) <= limit:
            line = glued
            continue
        if line:
            parts.append(line)
        line = word
        while width(line) > limit:
            cut = next(i for i in range(len(line), 0, -1) if width(line[:i]) <= limit)
            parts.append(line[:cut])
            line = line[cut:]
    return [*parts, line]


def draw_markdown(table: Table) -> str:
    """The table as Markdown."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    rule = "|" + "|".join(" ---: " if align == "r" else " --- " for align in table.aligns) + "|"
    return "\n".join(
        [
            line([visible(head) for head in table.header]),
            rule,
            *(line([_text(cell) for cell in row]) for row in table.rows if row is not None),
        ]
    )
