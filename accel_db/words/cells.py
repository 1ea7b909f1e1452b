r"""A text as a cell of a CSV file: it starts no formula, moves no cursor and turns no reading direction, and can be taken back exactly.

A control character is written as in JSON, ``\u202e``, so a backslash is doubled; a cell that could start a formula, or starts
with an apostrophe, gets an apostrophe in front.
"""

from __future__ import annotations

import re

from accel_db.words.hidden import visible

FORMULA = "=+-@＝＋－＠"
"""What starts a formula in a spreadsheet, full-width forms included; tabs and returns are control characters."""
NEGATIVE = re.compile(r"-\d+(\.\d+)?([eE][+-]?\d+)?")


def cell(text: str) -> str:
    """A text, safe in a cell."""
    shown = visible(text.replace("\\", "\\\\"))
    start = shown.lstrip()[:1]
    guarded = start != "" and start in FORMULA + "'" and not NEGATIVE.fullmatch(shown)
    return "'" + shown if guarded else shown
