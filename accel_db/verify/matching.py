"""Looks one printed figure up in a document: found near its row label or on its page, found elsewhere, or not found.

It compares what is printed and converts nothing: 141 GB is not found in 141 GiB.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from accel_db.verify.dates import spellings
from accel_db.verify.digits import SEAM, Token, numbers, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from accel_db.verify.documents import Document, Page
    from accel_db.words.units import Unit

FOUND, ELSEWHERE, NOT_FOUND = "found", "found elsewhere", "not found"
NEAR = 240
"""Characters on either side of a figure that count as near, outside tables."""
ROW = 2000
"""Characters of a table's row that are looked at on either side of a figure."""
SHARE = 0.6
"""Share of a label's words that must stand near."""
MOST = 5000
"""Places of one figure that are looked at on a page."""
_SILENT = """
a an and as at by for from in is its of on or per the to up with without p pp page pages table column columns row rows section entry
entries field fields paragraph paragraphs heading list text line lines first second third
"""
NO_LABEL = frozenset(_SILENT.split())
"""Words of labels and locators that say nothing about where a figure stands."""
COUNTED = {
    "1": ("one", "single", "一", "单"),
    "2": ("two", "dual", "both", "两", "二", "双", "雙", "兩"),
    "3": ("three", "三"),
    "4": ("four", "quad", "四"),
    "5": ("five", "五"),
    "6": ("six", "六"),
    "7": ("seven", "七"),
    "8": ("eight", "八"),
    "9": ("nine", "九"),
    "10": ("ten", "十"),
    "12": ("twelve", "十二"),
    "16": ("sixteen", "十六"),
}
"""Counts that documents write in words; they are looked for near the label only."""
_HAN = r"\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af"
_WORDS = re.compile(rf"[^\W_{_HAN}]+|[{_HAN}]+")
_PAGES = re.compile(r"\b(?:pp?|pages?)\b\.?\s*((?:\d+(?:\s*(?:-|–|to|and|,|&)\s*)?)+)")


@dataclass(frozen=True)
class Figure:
    """One printed figure of a reading: what is looked for, beside which words, and what it is claimed of."""

    subject: str
    metrics: tuple[str, ...]
    printed: str
    row: str | None
    locator: str
    text: bool = False
    date: str | None = None
    counted: bool = False


class Finding(NamedTuple):
    """How the search for a figure ended, and on what that rests."""

    state: str
    where: str


class Look:
    """A document made ready for looking up many figures. ``units`` are the declared spellings."""

    def __init__(self, document: Document, units: Mapping[str, Unit], *, decimal_comma: bool = False) -> None:
        self.pages = [PageText(page, decimal_comma) for page in document.pages]
        self.units = {plain(spelling).strip(): unit for spelling, unit in units.items()}
        self.decimal_comma = decimal_comma
        longest_first = sorted(self.units, key=len, reverse=True)
        self.unit = re.compile(rf"[\s{SEAM}]*({'|'.join(map(re.escape, longest_first))})(?![^\W\d_]|\s?/|\sper\b)")

    def find(self, figure: Figure) -> Finding:
        """Where a figure stands; the best place decides."""
        label, from_row = _label(figure, self)
        named = _pages(figure.locator)
        elsewhere = ""
        for page in self.pages:
            on_page = f"p. {min(page.names, key=len)}" if page.names else ""
            for start, end in self._places(figure, page):
                if label and page.near(start, end, label):
                    what = "near its row label" if from_row else "near words of its locator"
                    return Finding(FOUND, f"{what}, {on_page}" if on_page else what)
                if page.names & named and not _weak(figure, self):
                    return Finding(FOUND, f"on {on_page}")
                elsewhere = elsewhere or on_page or "on the page"
            if label and any(page.near(start, end, label) for start, end in page.words(_in_words(figure, self))):
                return Finding(FOUND, "in words, near its row label")
        return Finding(ELSEWHERE, elsewhere) if elsewhere else Finding(NOT_FOUND, "")

    def _places(self, figure: Figure, page: PageText) -> Iterator[tuple[int, int]]:
        """Every place on a page where the figure stands as printed."""
        if figure.date or figure.text:
            for spelling in spellings(figure.printed, figure.date):
                yield from page.phrases(spelling)
            return
        wanted, unit = self.parts(figure)
        for token in page.tokens.get(wanted[0], ()) if wanted else ():
            last = page.follow(token, wanted[1:])
            if last and self._unit_fits(page.text, last.end, unit, figure.counted):
                yield token.start, last.end

    def parts(self, figure: Figure) -> tuple[list[str], Unit | None]:
        """The numbers of a printed figure, both ends of a range, and its unit where it prints one."""
        text = plain(figure.printed).strip()
        tokens = [token for token in numbers(text, decimal_comma=False) if token.readings]
        wanted, end = [], 0
        for token in tokens:
            if token.start >= end:
                wanted.append(sorted(token.readings)[0])
                end = token.end
        match = self.unit.match(text, end)
        return wanted, self.units[match[1]] if match else None

    def _unit_fits(self, text: str, end: int, unit: Unit | None, counted: bool) -> bool:
        """Whether what follows a number is not plainly another unit. A number without unit may have it in a heading."""
        match = self.unit.match(text, end)
        if not match or (unit is None and not counted):
            return True
        there = self.units[match[1]]
        if unit is None:
            return there.dimension == "number"
        return (there.base, there.factor) == (unit.base, unit.factor)


class PageText:
    """A page as one text, with its numbers by value, and the bounds within which things are near."""

    def __init__(self, page: Page, decimal_comma: bool) -> None:
        self.names = page.names
        self.text = "\n".join(line.text for line in page.lines)
        self.folded = _folded(self.text)
        self.starts, place = [], 0
        for line in page.lines:
            self.starts.append(place)
            place += len(line.text) + 1
        self.in_table = [line.in_table for line in page.lines]
        self.tokens: dict[str, list[Token]] = {}
        self.following: list[Token] = numbers(self.text, decimal_comma=decimal_comma)
        self.token_starts = [token.start for token in self.following]
        for token in self.following:
            for reading in token.readings:
                held = self.tokens.setdefault(reading, [])
                if len(held) < MOST:
                    held.append(token)

    def follow(self, token: Token, wanted: Sequence[str]) -> Token | None:
        """The last of the numbers ``wanted``, each standing right after the one before, as the ends of a range do."""
        for value in wanted:
            place = bisect_left(self.token_starts, token.end)
            after = [
                one
                for one in self.following[place : place + 3]
                if value in one.readings and one.start <= token.end + 12
            ]
            if not after:
                return None
            token = after[0]
        return token

    def phrases(self, phrase: str) -> Iterator[tuple[int, int]]:
        """Where a text stands, whatever signs and blanks are between its words, as whole words."""
        pattern = _pattern(phrase)
        for match in re.finditer(pattern, self.folded) if pattern else ():
            yield match.start(), match.end()

    def words(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where any of some words stands."""
        for word in words:
            if word.isascii():
                yield from self.phrases(word)
            else:
                yield from ((match.start(), match.end()) for match in re.finditer(re.escape(word), self.folded))

    def near(self, start: int, end: int, label: Sequence[str]) -> bool:
        """Whether enough words of a label stand near a place: in its row of a table, or within `NEAR` characters."""
        line = bisect_left(self.starts, start + 1) - 1
        if self.in_table[line]:
            low = self.starts[line]
            high = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
            window = self.folded[max(low, start - ROW) : start] + " " + self.folded[end : min(high, end + ROW)]
        else:
            window = self.folded[max(start - NEAR, 0) : start] + " " + self.folded[end : end + NEAR]
        there = {*_words(window.replace(SEAM, " ")), *_words(window.replace(SEAM, ""))}
        return sum(word in there for word in label) >= SHARE * len(label)


def _folded(text: str) -> str:
    """A text in small letters, every sign in its place: a letter that would become two is left."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def _pattern(phrase: str) -> str:
    """What a text looks like as whole words, whatever blanks and signs stand between them; empty for one without words."""
    pieces: list[str] = re.findall(r"[^\W\d_]+|\d+", _folded(plain(phrase)))
    if not pieces:
        return ""
    pattern: str = re.escape(pieces[0])
    for before, piece in itertools.pairwise(pieces):
        pattern += rf"[\W_]{{{int(before.isdigit() and piece.isdigit())},4}}{re.escape(piece)}"
    head = r"(?<![a-z0-9])" if pieces[0].isascii() else ""
    return head + pattern + (r"(?![a-z0-9])" if pieces[-1].isascii() else "")


def _words(text: str) -> list[str]:
    """The words of a text; of scripts without blanks, every two signs that follow each other."""
    found = []
    for word in _WORDS.findall(text):
        if word.isascii() or not re.match(rf"[{_HAN}]", word):
            found.append(word)
        else:
            found += [word[i : i + 2] for i in range(max(len(word) - 1, 1))]
    return found


def _label(figure: Figure, look: Look) -> tuple[list[str], bool]:
    """The words that must stand near a figure: its row label's without the figure itself, else its locator's."""
    for text in (figure.row, figure.locator):
        said = _folded(plain(text or ""))
        for start, end in sorted(_own(figure, said, look), reverse=True):
            said = said[:start] + " " + said[end:]
        words = list(dict.fromkeys(word for word in _words(said) if word not in NO_LABEL))
        if words:
            return words, text is figure.row
    return [], False


def _own(figure: Figure, label: str, look: Look) -> Iterator[tuple[int, int]]:
    """Where the figure itself stands in its label, its unit included: that it is near itself proves nothing."""
    if figure.text or figure.date:
        pattern = _pattern(figure.printed)
        for match in re.finditer(pattern, label) if pattern else ():
            yield match.span()
        return
    wanted, _ = look.parts(figure)
    for token in numbers(label, decimal_comma=look.decimal_comma):
        if token.readings & set(wanted):
            unit = re.compile(r"\s?[^\W\d_]*(?:/[^\W\d_]+)?").match(label, token.end)
            yield token.start, unit.end() if unit and _says_unit(unit[0], figure.printed) else token.end


def _says_unit(word: str, printed: str) -> bool:
    """Whether a word right after a number is the unit the figure is printed with."""
    return bool(word.strip()) and word.strip() in _folded(plain(printed))


def _weak(figure: Figure, look: Look) -> bool:
    """Whether a figure is so short that any page has it: one or two bare digits."""
    wanted, unit = look.parts(figure)
    return not (figure.text or figure.date) and unit is None and len("".join(wanted)) < 3


def _in_words(figure: Figure, look: Look) -> Sequence[str]:
    """How a count may be written in words; of nothing else."""
    if figure.text or figure.date or not figure.counted:
        return ()
    wanted, unit = look.parts(figure)
    return COUNTED.get(wanted[0], ()) if len(wanted) == 1 and (unit is None or unit.dimension == "number") else ()


def _pages(locator: str) -> frozenset[str]:
    """The pages a locator names: ``p. 2``, ``pages 25-26``, ``p. 23 to 25``."""
    found: set[str] = set()
    for match in _PAGES.finditer(locator.lower()):
        for low, high in re.findall(r"(\d+)(?:\s*(?:-|–|to)\s*(\d+))?", match[1]):
            last = int(high or low) if len(high) < 6 else int(low)
            found.update(map(str, range(int(low), min(last, int(low) + 100) + 1)) if len(low) < 6 else ())
    return frozenset(found)
