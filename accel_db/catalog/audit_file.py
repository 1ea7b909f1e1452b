"""Reads somebody else's table from a file: encoding, separator, header, rows, all bounded. Knows nothing of chips or metrics."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from accel_db.words.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 32 * 2**20
MOST_ROWS = 10_000
MOST_COLUMNS = 500
SEPARATORS = ",;\t|"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""What a file may begin with, and how it is then decoded."""


_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
"""Line ends would break the report's lines, and escapes of a stranger's file have no business on a terminal."""


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in a file. ``rows`` are (line, cells); ``overlong`` the lines with more cells than the header."""

    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]
    overlong: list[tuple[int, int]]
    encoding: str
    separator: str


def read_sheet(file: str) -> Sheet:
    """Read a CSV file. Raises `UsageError` for a file that is missing, not CSV, empty or beyond the bounds."""
    text, encoding = _decoded(file, _bytes(file))
    if "\0" in text:
        raise UsageError(f"{file} is not CSV: it holds zero bytes; save the table as CSV first")
    separator = _separator(text)
    records = list(_records(file, text, separator))
    if not records:
        raise UsageError(f"{file} is empty: a table has a header and one row a chip")
    (_, header), *rest = records
    if len(header) > MOST_COLUMNS:
        raise UsageError(f"{file} has {len(header)} columns, more than {MOST_COLUMNS}")
    if not rest:
        raise UsageError(f"{file} has a header and no rows")
    # A cell too many moves every figure behind it into the wrong column: such a row is told, not read.
    overlong = [(line, len(cells)) for line, cells in rest if any(cell.strip() for cell in cells[len(header) :])]
    dropped = {line for line, _ in overlong}
    rows = [(line, cells + [""] * (len(header) - len(cells))) for line, cells in rest if line not in dropped]
    return Sheet(file, header, rows, overlong, encoding, separator)


def _bytes(file: str) -> bytes:
    try:
        with Path(file).open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"no such file: {file}") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {file!r}: {getattr(error, 'strerror', None) or error}") from None
    if len(raw) > MOST_BYTES:
        raise UsageError(f"{file} is larger than {MOST_BYTES // 2**20} MiB; a table of chips is not")
    return raw


def _decoded(file: str, raw: bytes) -> tuple[str, str]:
    """The text and its encoding: what its first bytes say, else UTF-8, else Latin-1, which never fails."""
    for bom, encoding in BOMS:
        if raw.startswith(bom):
            try:
                return raw.decode(encoding), encoding
            except UnicodeDecodeError:
                raise UsageError(f"{file} is not CSV: it begins as {encoding} and is not") from None
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("latin-1"), "latin-1"


def _separator(text: str) -> str:
    """The separator of the header line: sentences in the rows below would mislead the sniffer."""
    header = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    try:
        return csv.Sniffer().sniff(header[:10_000] + "\n", SEPARATORS).delimiter
    except csv.Error:
        return max(SEPARATORS, key=header.count)


def _records(file: str, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The records with the line each begins on, without empty ones and the comments before the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found, line = 0, 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells) or (not found and cells[0].startswith("#")):
                continue
            found += 1
            if found > MOST_ROWS + 1:
                raise UsageError(f"{file} has more than {MOST_ROWS} rows")
            yield begins, [_CONTROL.sub(" ", cell).strip() for cell in cells]
    except csv.Error as error:
        raise UsageError(f"{file} is not CSV, line {reader.line_num}: {error}") from None
