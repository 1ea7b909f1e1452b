"""Partial dates: "2025", "2026-Q1", "2025-09", "18 March 2024", "2025年9月18日" and their intervals."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from accel_db.words.errors import Unreadable

_MONTHS = (
    {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
    | {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
    | {"sept": 9}
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_HALVES = {"1": (1, 6), "2": (7, 12), "first": (1, 6), "second": (7, 12), "上": (1, 6), "下": (7, 12)}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "一": 1, "二": 2, "三": 3, "四": 4}
_FORMS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?"),
    re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})"),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<name>{_MONTH})\.?,? (?P<y>\d{{4}})", re.I),
    re.compile(rf"(?P<name>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})", re.I),
    re.compile(rf"(?P<name>{_MONTH})\.?,? (?P<y>\d{{4}})", re.I),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})[- ]?Q(?P<q>[1-4])", re.I),
    re.compile(r"Q(?P<q>[1-4])[ ,/-]*(?P<y>\d{4})", re.I),
    re.compile(r"(?P<qname>first|second|third|fourth) quarter(?: of)? (?P<y>\d{4})", re.I),
    re.compile(r"(?P<y>\d{4})年第?(?P<qname>[一二三四])季度"),
    re.compile(r"(?P<y>\d{4})[- ]?H(?P<h>[12])", re.I),
    re.compile(r"H(?P<h>[12])[ ,]*(?P<y>\d{4})", re.I),
    re.compile(r"(?P<h>first|second) half(?: of)? (?P<y>\d{4})", re.I),
    re.compile(r"(?P<y>\d{4})年(?P<h>[上下])半年"),
    re.compile(r"(?P<y>\d{4})"),
)


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date known to the day, month, quarter, half or year, as the interval from ``start`` to ``end``."""

    start: date
    end: date
    text: str

    def meets(self, other: PartialDate) -> bool:
        """Whether the two can be the same day."""
        return self.start <= other.end and other.start <= self.end


@lru_cache(maxsize=8192)
def read_date(text: str) -> PartialDate:
    """Read a printed date; ``text`` of the answer is its ISO-like form ("2026-Q1"). Raises `Unreadable`."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match:
            try:
                return _partial(match.groupdict())
            except ValueError:
                break
    raise Unreadable(
        f"cannot read {text!r} as a date", 'write it as "2025", "2025-09", "2025-09-18", "2026-Q1" or "18 March 2024"'
    )


def _partial(parts: dict[str, str | None]) -> PartialDate:
    year = int(parts["y"] or "")
    month = int(parts["m"] or "") if parts.get("m") else None
    if parts.get("name"):
        month = _MONTHS[(parts["name"] or "").lower()]
    quarter = int(parts["q"] or "") if parts.get("q") else None
    if parts.get("qname"):
        quarter = _ORDINALS[(parts["qname"] or "").lower()]
    if parts.get("d"):
        day = date(year, month or 0, int(parts["d"] or ""))
        return PartialDate(day, day, day.isoformat())
    if quarter:
        return PartialDate(date(year, 3 * quarter - 2, 1), _last(year, 3 * quarter), f"{year}-Q{quarter}")
    if parts.get("h"):
        first, last = _HALVES[(parts["h"] or "").lower()]
        return PartialDate(date(year, first, 1), _last(year, last), f"{year}-H{1 if first == 1 else 2}")
    if month is not None:
        return PartialDate(date(year, month, 1), _last(year, month), f"{year}-{month:02}")
    return PartialDate(date(year, 1, 1), date(year, 12, 31), f"{year}")


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def sortable(text: str | None) -> int:
    """A number that sorts partial ISO dates by their last day: "2025" after "2025-09", none before all."""
    return read_date(text).end.toordinal() if text else 0
