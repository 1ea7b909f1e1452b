"""How a date may be printed in a document. It reads none."""

from __future__ import annotations

import re

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905


def spellings(printed: str, date: str | None) -> list[str]:
    """A text as printed; for a day or month also the usual ways to write it."""
    match = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", date or "")
    if not match:
        return [printed]
    year, number, day = match[1], int(match[2]), match[3]
    names = {MONTHS[number - 1], MONTHS[number - 1][:3]} if 1 <= number <= 12 else set()
    if day is None:
        written = [f"{year}-{number:02}", f"{year}年{number}月", *(f"{name} {year}" for name in sorted(names))]
        return list(dict.fromkeys([printed, *written]))
    plain_day = int(day)
    written = [f"{year} {number:02} {day}", f"{year} {number} {plain_day}", f"{year}年{number}月{plain_day}日"]
    for name in sorted(names):
        written += [f"{name} {one} {year}" for one in (str(plain_day), day)] + [f"{plain_day} {name} {year}"]
    return list(dict.fromkeys([printed, *written]))
