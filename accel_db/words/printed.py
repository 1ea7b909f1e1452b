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
    "約",
    "大约在",
    "大约",
    "近",
    "超过",
    "超",
    "逾",
    "不低于",
)
"""Words that make a figure a hedge: it is kept and shown, and disputes nothing."""

_NUMBER = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+(?!,?\d)|\d{1,3}(?: \d{3})+(?!\d)|\d+(?!,\d))(?:\.\d+)?"
    r"(?:[eE][+-]?\d{1,3}(?!\d)|\s?[x×*]\s?10\s?\^\s?[+-]?\d{1,3}(?!\d))?"
)
_SEPARATOR = re.compile(r"\s*(?:–|—|~|～|-|−|至|\bto\b)\s*(?P<currency>[$€¥£])?\s*(?=\d)")
_CURRENCY = re.compile(r"US\$|[$€¥£]|(?:USD|CNY|RMB|EUR)(?=[\s\d])")
_LIMIT_AFTER = re.compile(r"\s*\(?\bmax(?:imum|\.)?\)?$", re.I)
_TEN_THOUSANDS = re.compile(r"\d\s*[万亿萬億]")
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_POWER_OF_TEN = re.compile(r"([x×*]\s?10)([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+)")
_AREA = re.compile(r"(?<=mm)²")


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
    currency = _CURRENCY.match(text)
    rest = text[currency.end() :].lstrip() if currency else text
    first = _NUMBER.match(rest)
    if first is None:
        raise Unreadable(f"cannot read {printed!r} as one figure", _cure(text))
    rest = rest[first.end() :].strip()
    low = high = _number(first.group())
    named = [currency.group()] if currency else []
    ranged = _range(rest, units)
    if ranged:
        high, between, rest = ranged
        named += between
    if rest.startswith("+") or rest.endswith("+"):
        hedge, rest = hedge or "+", rest.strip("+").strip()
    found = _one_unit([rest, *named], printed, units, unit, default)
    if low > high:
        raise Unreadable(
            f"{printed!r} is a range that falls", "a range goes from its lower to its upper end; keep the cell in `row`"
        )
    return Printed(low, high, found, hedge)


def _range(rest: str, units: Units) -> tuple[Decimal, list[str], str] | None:
    """Of "W – 400 W" behind a first number: the upper end, the units between, and what follows; None where no range goes on."""
    for separator in _SEPARATOR.finditer(rest):
        before = rest[: separator.start()].strip()
        second = _NUMBER.match(rest, separator.end())
        if second and (not before or before in units.by_spelling):
            between = [word for word in (before, separator["currency"]) if word]
            return _number(second.group()), between, rest[second.end() :].strip()
    return None


def _plain(printed: str) -> str:
    """Full-width digits and signs made ordinary, spaces folded; signs that NFKC would change for the worse are kept."""
    text = _POWER_OF_TEN.sub(lambda found: f"{found[1]}^{''.join(_RAISED[sign] for sign in found[2])}", printed)
    text = _AREA.sub("2", text)
    if any(sign in _RAISED for sign in text):
        raise Unreadable(f"{printed!r} has a raised sign", "put the footnote sign into `mark`")
    text = unicodedata.normalize("NFKC", text)
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
    text = re.sub(r"\s?[x×*]\s?10\s?\^\s?", "e", text)
    return Decimal(text.replace(",", "").replace(" ", ""))


def _one_unit(named: list[str], printed: str, units: Units, heading: str | None, default: str | None) -> Unit:
    """The one unit of the figure; every place that names one must name the same."""
    found = []
    for word in named:
        plain = word if word in units.by_spelling else _LIMIT_AFTER.sub("", word)
        if not plain:
            continue
        try:
            found.append(units.find(plain))
        except Unreadable as error:
            cure = _cure(printed) if re.search(r"[\d,;|/(*†‡\[]", word) else error.cure
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
    if re.search(r"\d.*(?:[|(;,]|\s/\s).*\d", text) or re.search(r"\d\s*[x×]\s*\d", text):
        return "`printed` is one figure: put the whole cell into `row` and enter each figure on its own line"
    if not re.search(r"\d", text):
        return "a figure has digits; words such as 'not supported' belong in `absent`"
    return "write the number with its unit only; keep the rest of the cell in `row`"
