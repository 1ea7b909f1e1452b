"""Decimals as JSON numbers and as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accel_db.words.shown import grouped, significant

if TYPE_CHECKING:
    from decimal import Decimal


EXACT = 2**53
"""Integers beyond it are not every JSON reader's."""


def number(value: Decimal | None) -> int | float | None:
    """A JSON number of a Decimal: an integer where it is one that every reader of JSON holds exactly."""
    if value is None:
        return None
    close = float(value)
    return int(value) if close.is_integer() and abs(close) <= EXACT and value == int(value) else close


def shown_number(value: Decimal) -> str:
    """The digits of a value for people: stated ones as they are, long computed ones to six significant digits."""
    text = f"{value:f}"
    if len(text.replace(".", "").replace("-", "").strip("0")) > 7:
        return significant(float(value), 6)
    return grouped(text)
