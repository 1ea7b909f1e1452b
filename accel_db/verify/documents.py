"""Turns the bytes of a document into pages of text and tables, through libraries that know HTML, PDF and charsets.

It looks for nothing in them, and refuses what has no text.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from accel_db.verify.digits import SEAM, plain
from accel_db.words.errors import AccelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bs4 import BeautifulSoup, Tag

_BLOCKS = """
address article aside blockquote body br button caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr html li main nav ol option p pre section summary table tbody td tfoot th thead title tr ul
"""
BLOCKS = frozenset(_BLOCKS.split())
UNREAD = frozenset({"script", "style", "template"})
MOST_PAGES = 1000
MOST_CELLS = 20_000
"""Cells of a table that are also written with the headings of their column and row; a longer table keeps its rows."""
MOST_SPAN = 50
_SIGN = "\ue000"
"""Marks a line of a table while it travels through the text of a page."""
TO_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class NoText(AccelError):
    """A document that was fetched and cannot be read. ``message`` says why."""

    exit_code = 1
    code = "no_text"


class Line(NamedTuple):
    """A line of text, or a row of a table."""

    text: str
    in_table: bool = False


@dataclass(frozen=True)
class Page:
    """A page of a PDF, under the numbers it goes by; or a whole web page, which has none."""

    lines: tuple[Line, ...]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Document:
    """What can be read of a document."""

    pages: tuple[Page, ...]

    @property
    def digest(self) -> str:
        """A hash of the words, so that markup that changes at every visit does not count as a change."""
        words = "\n".join(line.text for page in self.pages for line in page.lines)
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def read_document(content: bytes, content_type: str = "", charset: str | None = None, address: str = "") -> Document:
    """The text of a document: PDF by its first bytes, else by its content type. Raises `NoText`."""
    if b"%PDF-" in content[:1024]:
        pages = _pdf(content)
    elif "html" in content_type or (not content_type and content.lstrip()[:1] == b"<"):
        pages = [Page(tuple(_html(content, charset)))]
    elif _is_text(content_type, content):
        text = _decode(content, charset)
        is_csv = "csv" in content_type or address.partition("?")[0].endswith(".csv")
        pages = [Page(tuple(_csv(text) if is_csv else _text(text)))]
    else:
        raise NoText(f"neither HTML nor PDF nor text: {content_type or 'no content type'}")
    if not any(line.text.strip() for page in pages for line in page.lines):
        raise NoText("there is no text in it; a scan, or a page that needs a browser")
    return Document(tuple(pages))


def _is_text(content_type: str, content: bytes) -> bool:
    known = ("text/", "json", "xml", "yaml", "javascript")
    return any(word in content_type for word in known) or b"\0" not in content[:4096]


def _decode(content: bytes, charset: str | None) -> str:
    from bs4.dammit import UnicodeDammit

    text = UnicodeDammit(content, known_definite_encodings=_charsets(charset)).unicode_markup
    if text is None:
        raise NoText("its characters are in no known charset")
    return text


def _charsets(charset: str | None) -> list[str]:
    """What to try first. Pages that say GB2312 are written in its superset."""
    if not charset:
        return []
    return ["gb18030"] if charset.lower() in ("gb2312", "gbk", "x-gbk") else [charset]


def _pdf(content: bytes) -> list[Page]:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            reader.decrypt("")
        labels = _labels(reader)
        texts = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
    except Exception as error:  # noqa: BLE001  a broken PDF raises whatever its brokenness leads to
        raise NoText(f"the PDF cannot be read: {str(error) or type(error).__name__}") from None
    return [
        Page(tuple(_text(text)), frozenset({str(number), *labels[number - 1 : number]}))
        for number, text in enumerate(texts, 1)
    ]


def _labels(reader: Any) -> list[str]:
    """The numbers printed on the pages, where the file says them."""
    try:
        return list(reader.page_labels)
    except Exception:  # noqa: BLE001  broken labels are no reason to leave the pages unread
        return []


def _text(text: str) -> list[Line]:
    """Plain text in lines; rows of a Markdown table as table."""
    lines: list[Line] = []
    for in_table, group in groupby(text.splitlines(), key=lambda line: line.lstrip().startswith("|")):
        if in_table:
            rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in group]
            lines += _table([row for row in rows if not all(re.fullmatch(r":?-*:?", cell) for cell in row)])
        else:
            lines += [Line(said) for line in group if (said := plain(line).strip())]
    return lines


def _csv(text: str) -> list[Line]:
    try:
        return _table(list(csv.reader(io.StringIO(text, newline=""))))
    except csv.Error:
        return _text(text)


def _table(rows: Sequence[Sequence[str]]) -> list[Line]:
    """Every row whole, and every cell with the headings of its column and row, so that near means within one line."""
    written = []
    small = sum(map(len, rows)) <= MOST_CELLS
    section = ""
    for place, row in enumerate(rows):
        cells = [cell for cell in row if cell]
        if len(set(cells)) == 1 and len(row) > 1:
            section = cells[0]
        written.append(" | ".join(row))
        if not small or not place:
            continue
        for i in range(1, len(row)):
            heading = rows[0][i] if i < len(rows[0]) else ""
            if row[i] and heading:
                written.append(" | ".join([section, heading, row[0], row[i]]).removeprefix(" | "))
    return [Line(said, in_table=True) for line in written if (said := plain(line).strip())]


def _html(content: bytes, charset: str | None) -> list[Line]:
    from bs4 import BeautifulSoup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(content, "html.parser", from_encoding=next(iter(_charsets(charset)), None))
    lines = (line.strip(f"{SEAM} \t\r") for line in _flow(soup).split("\n"))
    read = [Line(plain(line.removeprefix(_SIGN)).strip(f"{SEAM} "), line.startswith(_SIGN)) for line in lines]
    return [line for line in read if line.text] + _unshown(soup)


def _unshown(soup: BeautifulSoup) -> list[Line]:
    """What a page says without showing it: data in scripts, its description, the texts of pictures."""
    said = [tag.get_text() for tag in soup.find_all("script") if "json" in str(tag.get("type", ""))]
    said += [str(tag.get("content", "")) for tag in soup.find_all("meta") if tag.get("name") == "description"]
    said += [str(tag.get("alt", "")) for tag in soup.find_all("img")]
    return [line for text in said for line in _text(text)]


def _flow(root: Tag) -> str:
    """The text of an element as it is shown: blocks on lines of their own, a seam between inline pieces, tables as rows.

    Walks without recursion: pages may be nested as deep as their authors like.
    """
    from bs4 import CData, Tag
    from bs4.element import NavigableString

    written: list[str] = []
    waiting: list[object] = [*reversed(root.contents)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, NavigableString):
            # Comments, scripts and the like are strings of other kinds.
            if type(node) in (NavigableString, CData):
                written.append(node.replace("\n", " "))
        elif not isinstance(node, Tag):
            written.append(str(node))
        elif node.name == "sup":
            written.append(_raised(node.get_text().strip()))
        elif node.name == "table" and node.find("table") is None:
            written += ["\n", *(f"{_SIGN}{line.text}\n" for line in _table(_grid(node)))]
        elif node.name not in UNREAD:
            end = "\n" if node.name in BLOCKS else SEAM
            written.append(end)
            waiting += [end, *reversed(node.contents)]
    return re.sub(rf"{SEAM}*(\s){SEAM}*|{SEAM}+", lambda match: match[1] or SEAM, "".join(written))


def _raised(text: str) -> str:
    """Raised digits as the signs for them; other raised words apart from what they stand at."""
    return text.translate(TO_SUPERSCRIPT) if text.isascii() and text.isdigit() else f" {text} "


def _grid(table: Tag) -> list[list[str]]:
    """The cells of a table, spans filled in."""
    rows: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    for tr in table.find_all("tr"):
        row: list[str] = []
        for cell in tr.find_all(["td", "th"]):
            _fill(row, below)
            text = " ".join(_flow(cell).split()).strip(f"{SEAM} ")
            for _ in range(_span(cell, "colspan")):
                below[len(row)] = (_span(cell, "rowspan") - 1, text)
                row.append(text)
        _fill(row, below)
        rows.append(row)
    return [row for row in rows if any(row)]


def _fill(row: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Put cells of rows above that reach down to where the row has come."""
    while below.get(len(row), (0, ""))[0] > 0:
        left, text = below[len(row)]
        below[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: Tag, name: str) -> int:
    said = str(cell.get(name, "1"))
    return max(1, min(int(said), MOST_SPAN)) if said.isascii() and said.isdigit() and len(said) < 9 else 1
