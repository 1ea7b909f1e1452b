r"""A text as a cell of a CSV file: it starts no formula, moves no cursor and turns no reading direction, and can be taken back exactly.

A control character is written as in JSON, ``\u202e``, so a backslash is doubled; a cell that could start a formula, or starts
with an apostrophe, gets an apostrophe in front.
"""

from __future__ import annotations

import re
import unicodedata

FORMULA = "=+-@＝＋－＠"
"""What starts a formula in a spreadsheet, full-width forms included; tabs and returns are control characters."""
HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of characters that act instead of showing: controls, bidi marks and other invisible ones, line separators."""
NEGATIVE = re.compile(r"-\d+(\.\d+)?([eE][+-]?\d+)?")


def cell(text: str) -> str:
    """A text, safe in a cell."""
    shown = visible(text.replace("\\", "\\\\"))
    start = shown.lstrip()[:1]
    guarded = start != "" and start in FORMULA + "'" and not NEGATIVE.fullmatch(shown)
    return "'" + shown if guarded else shown


def visible(text: str) -> str:
    """A text with every hidden character written as JSON writes it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(one) if unicodedata.category(one) in HIDDEN else one for one in text)


def _escaped(character: str) -> str:
    r"""``\u`` and four digits; beyond the first plane, as in JSON, the two halves of a pair."""
    pairs = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pairs[i]:02x}{pairs[i + 1]:02x}" for i in range(0, len(pairs), 2))
