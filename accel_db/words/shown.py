"""How numbers are written for people: digits grouped, no more of them than are known. Light: the fast path uses it."""

from __future__ import annotations

LONGEST = 120
"""Characters of somebody's text that a message repeats."""


def clipped(text: str) -> str:
    """A text for a message: whole, or its beginning with its length."""
    return text if len(text) <= LONGEST else f"{text[:40]}… ({len(text)} characters)"


def grouped(digits: str) -> str:
    """A plain decimal text with thousands separators: ``"49152"`` gives ``"49,152"``."""
    whole, point, rest = digits.partition(".")
    sign = whole[: len(whole) - len(whole.lstrip("-"))]
    return sign + f"{int(whole.lstrip('-') or 0):,}" + point + rest


def plain(number: float) -> str:
    """A number with every digit it has, up to ten, grouped; a very large or small one as it is written."""
    digits = f"{number:.10g}"
    return grouped(digits) if "e" not in digits else digits


def significant(number: float, digits: int = 3) -> str:
    """A number rounded to so many significant digits, whole digits never dropped: 0.0274, 5.08, 1,234."""
    if number == 0:
        return "0"
    exponent = int(f"{abs(number):e}".partition("e")[2])
    decimals = max(0, digits - 1 - exponent)
    text = f"{number:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return grouped(text)
