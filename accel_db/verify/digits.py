"""Reads the numbers that stand in a text, in every way they are written: grouped, spaced, full-width, with an exponent.

Whole numbers only: 979 is never found in 1,979, nor 100 in A100. What a number means is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

SEAM = "\u2063"
"""Where two pieces of text meet that a page may show apart or joined: neither a space nor nothing."""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile(r"(?<=10)[⁰¹²³⁴-⁹]+")
_SIGNS = re.compile(r"[⁰¹²³⁴-⁹₀-₉①-⑳]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_HARD_GROUP = re.compile(r"(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_BLANKS = re.compile(r"[^\S\n]+")

_PIECE = re.compile(r"[0-9]+(?:[.,'’][0-9]+)*")
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]{1,2})(?![0-9A-Za-z])|\s?[x×*·]\s?10\^([+-]?[0-9]{1,2})(?![0-9])")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.I)
_WORD_BEFORE = re.compile(r"[^\W_]+$")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,'’][0-9]{3})+(?:\.[0-9]+)?")
_POINTS_GROUP = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|\.[0-9]{3},[0-9]+)")
_LONGEST = 40
"""Digits and signs of a number; what is longer is no figure."""


class Token(NamedTuple):
    """A number in a text: where it stands, and the plain decimals it may be read as."""

    start: int
    end: int
    readings: frozenset[str]


def plain(text: str) -> str:
    """A text as it is compared: ordinary digits, letters and blanks; footnote signs and invisible characters gone."""
    text = _POWER.sub(lambda match: "^" + match[0].translate(SUPERSCRIPTS), text)
    text = _INVISIBLE.sub("", _SIGNS.sub(" ", text))
    # A hard blank between groups of three joins them; an ordinary one may also stand between two cells.
    text = _HARD_GROUP.sub(",", text)
    text = unicodedata.normalize("NFKC", text).replace("\u2010", "-").replace("−", "-")
    return _BLANKS.sub(" ", text)


def numbers(text: str, *, decimal_comma: bool = False) -> list[Token]:
    """The numbers of a `plain` text in order of where they begin. ``decimal_comma`` adds the reading of 1,979 as 1.979."""
    pieces = [token for match in _PIECE.finditer(text) for token in _piece(match, text, decimal_comma)]
    found = list(pieces)
    for i, first in enumerate(pieces):
        found += _spaced(text, pieces, i, first)
    return sorted(found, key=lambda token: (token.start, -token.end))


def _piece(match: re.Match[str], text: str, decimal_comma: bool) -> list[Token]:
    """The numbers of one run of digits, points and commas: one, or several where it can only be a list."""
    start, end, run = match.start(), match.end(), match[0]
    if _in_a_name(text, start) or _ORDINAL.match(text, end) or len(run) > _LONGEST:
        return []
    readings = _readings(run, decimal_comma)
    if not readings and re.search(r"[,'’]", run):
        parts = re.finditer(r"[0-9.]+", run)
        return [Token(start + one.start(), start + one.end(), _readings(one[0], False)) for one in parts]
    if start and text[start - 1] == "." and run.isdigit() and not text[max(start - 2, 0)].isalnum():
        return [Token(start - 1, end, frozenset({_decimal("0." + run)}))]
    exponent = _EXPONENT.match(text, end)
    if exponent:
        power = Decimal(10) ** int(exponent[1] or exponent[2])
        return [Token(start, exponent.end(), frozenset(_shown(Decimal(one) * power) for one in readings))]
    return [Token(start, end, readings)] if readings else []


def _in_a_name(text: str, start: int) -> bool:
    """Whether the digits belong to a word: the 100 of A100, the 13 of MI300-13; but x8 and 为128 are numbers."""
    before = text[start - 1] if start else " "
    if before == "-":
        word = _WORD_BEFORE.search(text, max(start - _LONGEST, 0), start - 1)
        return word is not None and _latin(word[0][0])
    if before in "x×":
        return start > 1 and _latin(text[start - 2])
    return _latin(before)


def _latin(char: str) -> bool:
    return char.isalpha() and ord(char) < 0x370


def _readings(run: str, decimal_comma: bool) -> frozenset[str]:
    """The plain decimals a run may be read as; none for a version, a date or a list."""
    found = set()
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", run):
        found.add(_decimal(run))
        if decimal_comma and re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", run):
            found.add(_decimal(run.replace(".", "")))
    if _GROUPED.fullmatch(run):
        found.add(_decimal(re.sub(r"[,'’]", "", run)))
    if _POINTS_GROUP.fullmatch(run):
        found.add(_decimal(run.replace(".", "").replace(",", ".")))
    if re.fullmatch(r"[0-9]+,[0-9]+" if decimal_comma else r"[0-9]+,[0-9]{1,2}", run):
        found.add(_decimal(run.replace(",", ".")))
    return frozenset(found)


def _spaced(text: str, pieces: list[Token], i: int, first: Token) -> list[Token]:
    """The numbers that begin with a piece and go on in groups of three after ordinary blanks, as in 1 979 000."""
    if not re.fullmatch(r"[0-9]{1,3}", text[first.start : first.end]):
        return []
    found, digits, end = [], text[first.start : first.end], first.end
    for token in pieces[i + 1 : i + 5]:
        group = re.fullmatch(r"([0-9]{3})(\.[0-9]+)?", text[token.start : token.end])
        if token.start != end + 1 or text[end] != " " or not group:
            break
        digits, end = digits + group[0], token.end
        found.append(Token(first.start, end, frozenset({_decimal(digits)})))
        if group[2]:
            break
    return found


def _decimal(text: str) -> str:
    return _shown(Decimal(text))


def _shown(number: Decimal) -> str:
    """One spelling a number: no exponent, no zeros that say nothing."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.lstrip("0") if text.lstrip("0") and not text.lstrip("0").startswith(".") else text
