"""Partial dates and their intervals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.words.dates import PartialDate, read_date
from accel_db.words.errors import Unreadable

CURE = 'write it as "2025", "2025-09", "2025-09-18", "2026-Q1" or "18 March 2024"'
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
TEXTS = st.one_of(
    DAYS.map(lambda day: day.isoformat()),
    DAYS.map(lambda day: f"{day:%Y-%m}"),
    DAYS.map(lambda day: f"{day:%Y}"),
    DAYS.map(lambda day: f"{day:%Y}-Q{(day.month + 2) // 3}"),
    DAYS.map(lambda day: f"{day:%Y}-H{1 + day.month // 7}"),
)


@pytest.mark.parametrize(
    ("texts", "iso", "start", "end"),
    [
        (
            [
                "2024-03-18",
                "18 March 2024",
                "18th Mar 2024",
                "March 18, 2024",
                "Mar. 18th 2024",
                "2024年3月18日",
                "2024/3/18",
                "２０２４-03-18",
                " 18  march 2024 ",
            ],
            "2024-03-18",
            date(2024, 3, 18),
            date(2024, 3, 18),
        ),
        (
            ["2025-09", "2025-9", "September 2025", "Sept. 2025", "Sep, 2025", "2025年9月"],
            "2025-09",
            date(2025, 9, 1),
            date(2025, 9, 30),
        ),
        (["2024-02", "February 2024"], "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (["2025", "2025年"], "2025", date(2025, 1, 1), date(2025, 12, 31)),
        (
            [
                "2026-Q1",
                "2026Q1",
                "Q1 2026",
                "q1, 2026",
                "first quarter of 2026",
                "First Quarter 2026",
                "2026年第一季度",
                "2026年一季度",
            ],
            "2026-Q1",
            date(2026, 1, 1),
            date(2026, 3, 31),
        ),
        (["2026-Q4", "fourth quarter 2026"], "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (["2026-H1", "H1 2026", "first half of 2026", "2026年上半年"], "2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        (["2026-H2", "2026 H2", "Second half 2026", "2026年下半年"], "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
    ],
)
def test_every_form(texts: list[str], iso: str, start: date, end: date) -> None:
    """Every printed form of a date gives the one interval and its ISO-like text."""
    assert {text: read_date(text) for text in texts} == dict.fromkeys(texts, PartialDate(start, end, iso))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2025-13",
        "2025-00",
        "2025年0月",
        "2025-02-30",
        "2025-00-10",
        "0000",
        "2025-Q5",
        "FY2025",
        "25",
        "32 March 2024",
        "2025-09-18T00:00",
    ],
)
def test_what_is_no_date(text: str) -> None:
    """What is no date, or a date that does not exist, is refused with the forms to write."""
    with pytest.raises(Unreadable) as caught:
        read_date(text)
    assert (caught.value.message, caught.value.cure) == (f"cannot read {text!r} as a date", CURE)


@given(TEXTS)
def test_the_text_of_a_date_reads_back(text: str) -> None:
    """The ISO-like text of a date is its own reading, and its interval is not empty."""
    read = read_date(text)
    assert (read.text, read_date(read.text)) == (text, read)
    assert read.start <= read.end


@given(DAYS)
def test_a_day_lies_in_its_month_and_year(day: date) -> None:
    """A day meets its own month, quarter, half and year, and none of them a day just outside."""
    exact = read_date(day.isoformat())
    wider = [
        read_date(text)
        for text in (
            f"{day:%Y-%m}",
            f"{day:%Y}-Q{(day.month + 2) // 3}",
            f"{day:%Y}-H{1 + day.month // 7}",
            f"{day:%Y}",
        )
    ]
    after = [read_date((one.end + timedelta(days=1)).isoformat()) for one in wider]
    assert [
        (one.meets(exact), exact.meets(one), one.meets(later)) for one, later in zip(wider, after, strict=True)
    ] == [(True, True, False)] * 4
