"""Texts in CSV cells: nothing hostile survives, nothing is lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accel_db.words.cells import cell
from tests.conftest import ROOT


def documented() -> Callable[[str], str]:
    """The function of docs/export.md that takes an escaped cell back."""
    page = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "def exact" in block]
    space: dict[str, Callable[[str], str]] = {}
    exec(code, space)
    return space["exact"]


exact = documented()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H20 96GB", "H20 96GB"),
        ("昇腾910C", "昇腾910C"),
        ("~2 × 376", "~2 × 376"),
        ("", ""),
        ("-40", "-40"),
        ("-1.5e3", "-1.5e3"),
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1+1", "'  =1+1"),
        ("\N{NO-BREAK SPACE}=1+1", "'\N{NO-BREAK SPACE}=1+1"),
        ("\N{FULLWIDTH EQUALS SIGN}1+1", "'\N{FULLWIDTH EQUALS SIGN}1+1"),
        ("'quoted", "''quoted"),
        ("\t=1+1", r"\u0009=1+1"),
        ("\r=1+1", r"\u000d=1+1"),
        ("two\nlines", r"two\u000alines"),
        ("\x1b[31mred", r"\u001b[31mred"),
        ("\x9b31m", r"\u009b31m"),
        ("H20\u202e069", r"H20\u202e069"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\U000e0041", r"\udb40\udc41"),
        (r"C:\u202e", r"C:\\u202e"),
    ],
)
def test_what_a_text_becomes(text: str, expected: str) -> None:
    """Formulas get an apostrophe, hidden characters and backslashes are spelled out, everything else stays."""
    assert cell(text) == expected
    assert exact(expected) == text


@given(st.text())
@example("'=\\u0041")
@example("\\\u202e'")
def test_any_text_is_harmless_and_comes_back(text: str) -> None:
    """Of any text: no hidden character, no start of a formula but that of a negative number, and the exact text again."""
    made = cell(text)

    assert {unicodedata.category(one) for one in made}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert made.lstrip()[:1] not in set("=+@＝＋－＠")
    assert not made.lstrip().startswith("-") or float(made) <= 0
    assert exact(made) == text
