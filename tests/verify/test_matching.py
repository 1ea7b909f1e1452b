"""A figure is found near its label or on its page, elsewhere, or not: never by halves and never in another unit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.verify.dates import spellings
from accel_db.verify.digits import plain
from accel_db.verify.documents import Document, Line, Page
from accel_db.verify.matching import ELSEWHERE, FOUND, NEAR, NOT_FOUND, Figure, Look
from tests.verify.conftest import figure

FAR = "and so on " * (NEAR // 8)


def page(*lines: str, table: bool = False, names: tuple[str, ...] = ()) -> Page:
    return Page(tuple(Line(plain(line), table) for line in lines), frozenset(names))


def state(units: Any, wanted: Figure, *pages: Page | str, **kwargs: bool) -> tuple[str, str]:
    """Where a figure is found in a document of some pages."""
    document = Document(tuple(page(one) if isinstance(one, str) else one for one in pages))
    return tuple(Look(document, units, **kwargs).find(wanted))


@pytest.mark.parametrize(
    ("printed", "row", "text", "expected"),
    [
        ("1,979 teraFLOPS", "BF16 Tensor Core", "BF16 Tensor Core: 1979 TFLOPS*", FOUND),
        ("1979 TFLOPS", "BF16 Tensor Core", "BF16 Tensor Core 1,979²", FOUND),
        ("1979 TFLOPS", "BF16 Tensor Core", f"1979 TFLOPS {FAR} BF16 Tensor Core", ELSEWHERE),
        ("1979 TFLOPS", "BF16 Tensor Core", "BF16 Tensor Core: 11979 TFLOPS", NOT_FOUND),
        ("700 W", "TDP", "TDP 700 GB", NOT_FOUND),
        ("700 W", "TDP", "TDP 700 kW", NOT_FOUND),
        ("700 W", "TDP", "TDP 700 W/chip", FOUND),
        ("700 W", "TDP", "TDP 700 whatever", FOUND),
        ("141GB", "Memory", "Memory 141 GiB", NOT_FOUND),
        ("3.35TB/s", "Bandwidth", "bandwidth of 3.35 TB per second", FOUND),
        ("350–400 W", "TDP", "TDP: 350 W to 400 W", FOUND),
        ("350–400 W", "TDP", "TDP: 350 W, with some other words 400 W", NOT_FOUND),
        ("700 W", "TDP 700 W", "we ask for 700 W", ELSEWHERE),
        ("700 W", "700W", "a table of 700 W", ELSEWHERE),
        ("80 GB", "单模组最大80 GB", "单模组最大容量 80GB", FOUND),
        ("80 GB", "单模组最大80 GB", "内存 80GB", ELSEWHERE),
        ("BF16 is 8", "x", "x eight", NOT_FOUND),
        ("—", "TDP", "TDP —", NOT_FOUND),
    ],
)
def test_figures(units: Any, printed: str, row: str, text: str, expected: str) -> None:
    """Number, unit and nearness decide; a figure's own presence in its label proves nothing."""
    assert state(units, figure(printed, row), text)[0] == expected


@given(
    number=st.integers(100, 10**9),
    other=st.integers(100, 10**9),
    sign=st.sampled_from(["", ",", "\u00a0", "\u202f", "'"]),
    gap=st.sampled_from(["", " ", "\u00a0", "\n"]),
)
def test_the_number_decides(units: Any, number: int, other: int, sign: str, gap: str) -> None:
    """Beside its label, a figure is found when the number is the same however written, and otherwise not."""
    text = f"TDP {f'{other:,}'.replace(',', sign)}{gap}W"
    assert state(units, figure(f"{number} W", "TDP"), text)[0] == (FOUND if number == other else NOT_FOUND)
    assert state(units, figure(f"{other:,} W", "TDP"), text)[0] == FOUND


@given(before=st.text(max_size=30), after=st.text(max_size=30), row=st.text(max_size=20), printed=st.text(max_size=20))
def test_any_text_can_be_looked_through(units: Any, before: str, after: str, row: str, printed: str) -> None:
    """Whatever the figure, its label and the page hold, the search ends in one of three states."""
    assert state(units, figure(printed, row), before + printed + after)[0] in (FOUND, ELSEWHERE, NOT_FOUND)


def test_bare_numbers_and_units(units: Any) -> None:
    """A number printed bare takes its unit from a heading, so any may follow; a count is never followed by a unit of measure."""
    assert state(units, figure("148", "fp16"), "fp16 148 TFLOPS")[0] == FOUND
    assert state(units, figure("148", "links", counted=True), "links 148 TFLOPS")[0] == NOT_FOUND
    assert state(units, figure("148", "links", counted=True), "links 148 GPUs")[0] == FOUND


def test_a_table_row_is_its_own_neighbourhood(units: Any) -> None:
    """In a table the label must stand in the figure's row, in text within some characters."""
    wanted = figure("80 GB", "GPU Memory")
    assert state(units, wanted, page("GPU Memory | 80 GB", "TDP | 700 W", table=True))[0] == FOUND
    assert state(units, wanted, page("GPU Memory | 94 GB", "Other | 80 GB", table=True))[0] == ELSEWHERE
    assert state(units, wanted, page("GPU Memory", "80 GB"))[0] == FOUND


def test_most_words_of_a_label_suffice(units: Any) -> None:
    """Three words of five are enough, two are not; words that say nothing do not count."""
    wanted = figure("80 GB", "the HBM3 memory capacity of accelerator card")
    assert state(units, wanted, "memory capacity, HBM3: 80 GB")[0] == FOUND
    assert state(units, wanted, "memory of the HBM3: 80 GB")[0] == ELSEWHERE


def test_pages(units: Any) -> None:
    """A figure on the page its locator names is found there by number or by printed label; on another page it needs its label."""
    first, second = page("80 GB and more", names=("1",)), page("other", names=("2", "10"))
    for locator in ("p. 1, table 2", "page 1", "pages 1-3", "pp. 7 and 1", "p. 0 to 4"):
        assert state(units, figure("80 GB", "Memory", locator), first, second) == (FOUND, "on p. 1")
    assert state(units, figure("80 GB", "Memory", "p. 2"), first, second) == (ELSEWHERE, "p. 1")
    assert state(units, figure("80 GB", "more", "p. 2"), first, second) == (FOUND, "near its row label, p. 1")
    assert state(units, figure("80 GB", "Memory", "p. 10"), second, page("80 GB", names=("3", "10"))) == (
        FOUND,
        "on p. 3",
    )
    assert state(units, figure("80 GB", "Memory", "p. 123456789"), first, second)[0] == ELSEWHERE


def test_a_bare_digit_needs_its_label(units: Any) -> None:
    """One or two digits without a unit are on any page: being on the named one proves nothing."""
    there = page("it is 8 o'clock", names=("1",))
    assert state(units, figure("8", "links", "p. 1", counted=True), there) == (ELSEWHERE, "p. 1")
    assert state(units, figure("8", "clock", "p. 1", counted=True), there)[0] == FOUND
    assert state(units, figure("2024", None, "p. 1", text=True), page("in 2024", names=("1",))) == (FOUND, "on p. 1")


@pytest.mark.parametrize(
    ("printed", "text", "expected"),
    [
        ("2", "two reticle sized dies", FOUND),
        ("2", "两颗 dies", FOUND),
        ("3", "two dies", NOT_FOUND),
        ("2", f"two {FAR} dies", NOT_FOUND),
        ("2 GB", "two dies", NOT_FOUND),
    ],
)
def test_counts_in_words(units: Any, printed: str, text: str, expected: str) -> None:
    """A count may be written in words, near its label only; other figures may not."""
    assert state(units, figure(printed, "dies", counted=True), text)[0] == expected


def test_without_a_row_the_locator_is_the_label(units: Any) -> None:
    """A figure without row label is looked for near the words of its locator; without those it cannot be near."""
    text = "NVIDIA H100 SXM: 3.35 TB/s"
    assert state(units, figure("3.35 TB/s", None, "entry NVIDIA H100 SXM"), text) == (
        FOUND,
        "near words of its locator",
    )
    assert state(units, figure("3.35 TB/s", None, "table"), text) == (ELSEWHERE, "on the page")


@pytest.mark.parametrize(
    ("printed", "row", "text", "expected"),
    [
        ("HBM3e", "Memory type", "Memory type: HBM3E", FOUND),
        ("PCIe Gen5", "Host", "Host interface: PCIe\u00a0Gen-5 x16", FOUND),
        ("HBM3", "Memory type", "Memory type: HBM3E", NOT_FOUND),
        ("HBM3", "80 GB HBM3", "96 HBM3", ELSEWHERE),
        ("昇腾", "名", "名：昇腾910", FOUND),
        ("***", "Memory type", "Memory type ***", NOT_FOUND),
    ],
)
def test_texts(units: Any, printed: str, row: str, text: str, expected: str) -> None:
    """A text is found as whole words, whatever case, blanks or hyphens it is written with."""
    assert state(units, figure(printed, row, text=True), text)[0] == expected


@pytest.mark.parametrize(
    "text", ["2023-11-13", "November 13, 2023", "13 Nov 2023", "Nov. 13, 2023", "2023年11月13日", "2023/11/13"]
)
def test_dates(units: Any, text: str) -> None:
    """A day is found in the usual ways of writing it; another day is not."""
    wanted = figure("2023-11-13", "released", date="2023-11-13")
    assert state(units, wanted, f"released {text}")[0] == FOUND
    assert state(units, wanted, f"released {text.replace('13', '14')}")[0] == NOT_FOUND


def test_spellings_of_dates() -> None:
    """Months have names and numbers; what is no day or month of a calendar is only itself."""
    assert spellings("April 2024", "2024-04") == ["April 2024", "2024-04", "2024年4月", "Apr 2024"]
    assert spellings("Q1 2024", "2024-Q1") == ["Q1 2024"]
    assert spellings("2024-13", "2024-13") == ["2024-13", "2024年13月"]
    assert spellings("SXM5", None) == ["SXM5"]


def test_letters_that_grow(units: Any) -> None:
    """A letter that folds into two does not shift places: what stands after it is found where it is."""
    assert state(units, figure("80 GB", "Größe Maß"), "ß" * 300 + " Maß Größe 80 GB")[0] == FOUND
    assert state(units, figure("80 GB", "memory"), "İ" * 300 + " memory 80 GB")[0] == FOUND
