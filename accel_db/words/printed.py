"""Reads one figure as printed in a document: hedge, number or range, unit. The whole string or nothing.

Returns what stands there, in the printed unit; conversion and judging are done elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from accel_db.words.errors import Unreadable

if TYPE_CHECKING:
    from accel_db.words.units import Unit, Units

PLAIN_LIMITS = (
    "up to",
    "upto",
    "max.",
    "max",
    "maximum",
    "≤",
    "<=",
    "最大",
    "最高",
    "高达",
    "可达",
    "最多",
    "至多",
    "bis zu",
    "jusqu'à",
)
"""Words before a peak, a capacity or a limit that leave it a plain figure."""

HEDGES = (
    "approximately",
    "approx.",
    "approx",
    "about",
    "around",
    "roughly",
    "nearly",
    "almost",
    "close to",
    "over",
    "more than",
    "at least",
    "less than",
    "under",
    "below",
    "circa",
    "ca.",
    "~",
    "≈",
    "∼",
    "≃",
    "≥",
    ">=",
    ">",
    "<",
    "约",
    "大约在",
    "大约",
    "近",
    "超过",
    "超",
    "逾",
    "不低于",
)
"""Words that make a figure a hedge: it is kept and shown, and disputes nothing."""

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][+-]?\d+|\s?[x×*]\s?10\^?[+-]?\d+)?"
_SEPARATOR = r"\s*(?:–|—|~|～|-|−|至|\bto\b)\s*"
_FIGURE = re.compile(
    rf"(?P<currency>[$€¥£]|US\$|USD|CNY|RMB|EUR)?\s*(?P<first>{_NUMBER})\s*(?P<first_unit>(?!to\b)[^\d\s–—~～−至+-][^\d–—~～−至]*?)?"
    rf"(?:{_SEPARATOR}(?P<second>{_NUMBER}))?(?P<plus>\+)?\s*(?P<unit>.*)"
)
_TEN_THOUSANDS = re.compile(r"\d\s*[万亿萬億]")


@dataclass(frozen=True)
class Printed:
    """One figure as printed: both ends of a range (equal otherwise), in ``unit``; ``hedge`` holds the hedging word."""

    low: Decimal
    high: Decimal
    unit: Unit
    hedge: str | None

    @property
    def value(self) -> Decimal:
        """The number it is counted as: of a range, the upper end."""
        return self.high


def read_figure(printed: str, units: Units, unit: str | None = None, default: str | None = None) -> Printed:
    """Read ``printed``; ``unit`` is the heading's, ``default`` the one of a bare number (a count, a ratio).

    Raises `Unreadable` with a cure for anything that is not exactly one figure.
    """
    text = _plain(printed)
    if _TEN_THOUSANDS.search(text):
        raise Unreadable(
            f"{printed!r} counts in 万 (10,000) or 亿 (100,000,000)",
            "enter the figure where a document prints it in digits with a declared unit, and keep this cell in `row`",
        )
    hedge, text = _prefix(text)
    match = _FIGURE.fullmatch(text)
    if match is None:
        raise Unreadable(f"cannot read {printed!r} as one figure", _cure(text))
    if match["plus"]:
        hedge = hedge or "+"
    return Printed(
        low=_number(match["first"]),
        high=_number(match["second"] or match["first"]),
        unit=_unit(match, printed, units, unit, default),
        hedge=hedge,
    )


def _plain(printed: str) -> str:
    """Full-width digits and signs made ordinary, spaces folded; signs that NFKC would change for the worse are kept."""
    text = unicodedata.normalize("NFKC", printed)
    return re.sub(r"\s?/\s?", "/", re.sub(r"\s+", " ", text)).strip()


def _prefix(text: str) -> tuple[str | None, str]:
    """Split leading limits and hedges off."""
    hedge = None
    while True:
        low = text.lower()
        for word in sorted((*PLAIN_LIMITS, *HEDGES), key=len, reverse=True):
            if low.startswith(word) and not (
                word[-1].isascii() and word[-1].isalpha() and low[len(word) : len(word) + 1].isalpha()
            ):
                if word in HEDGES:
                    hedge = hedge or word
                text = text[len(word) :].lstrip(" :")
                break
        else:
            return hedge, text


def _number(text: str) -> Decimal:
    text = re.sub(r"\s?[x×*]\s?10\^?", "e", text)
    return Decimal(text.replace(",", "").replace(" ", ""))


def _unit(match: re.Match[str], printed: str, units: Units, heading: str | None, default: str | None) -> Unit:
    """The one unit of the figure; every place that names one must name the same."""
    after = match["unit"].strip()
    if match["second"] is None and match["first_unit"]:
        # Without a second number the lazy group may hold the beginning of the unit itself.
        after = (match["first_unit"] + match["unit"]).strip()
    named = [text for text in (after, match["currency"]) if text]
    if match["second"] is not None and match["first_unit"]:
        named.append(match["first_unit"].strip())
    found = []
    for text in named:
        try:
            found.append(units.find(text))
        except Unreadable as error:
            cure = _cure(text) if re.search(r"[\d*†‡¹²³]", text) else error.cure
            raise Unreadable(f"{error.message} in {printed!r}", cure) from None
    if heading is not None:
        found.append(units.find(_plain(heading)))
    if not found and default is not None:
        found.append(units.find(default))
    if not found:
        raise Unreadable(f"{printed!r} has no unit", "write the unit that stands in the heading as `unit`")
    if len({unit.name for unit in found}) > 1:
        raise Unreadable(
            f"{printed!r} has two units: {', '.join(dict.fromkeys(unit.name for unit in found))}",
            "leave `unit` out where the figure prints its own",
        )
    return found[0]


def _cure(text: str) -> str:
    """What to do about a text that is not one figure."""
    if re.search(r"\d,\d{1,2}(?!\d)|\d,\d{4,}", text):
        return (
            "a comma groups three digits here; a decimal comma goes into `row`, and the figure is written with a point"
        )
    if re.search(r"[*†‡]|\[\d+\]|[¹²³]", text):
        return "put the footnote sign into `mark`"
    if re.search(r"\d.*[|/(;,].*\d", text) or re.search(r"\d\s*[x×]\s*\d", text):
        return "`printed` is one figure: put the whole cell into `row` and enter each figure on its own line"
    if not re.search(r"\d", text):
        return "a figure has digits; words such as 'not supported' belong in `absent`"
    return "write the number with its unit only; keep the rest of the cell in `row`"
