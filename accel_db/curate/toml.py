"""Reads TOML that somebody wrote, and refuses at once what would take for ever or fill the memory. Owns no meaning of any file."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from accel_db.words.files import LARGEST, read_regular

if TYPE_CHECKING:
    from pathlib import Path

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
MOST_PARTS = 50
LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}\.[ \t]*+){{{MOST_PARTS}}}")
"""A dotted key of fifty parts: tomllib's time grows with the square of them."""


class BadSpec(Exception):
    """Why a spec file cannot be read: the line and what stands there, and the cure."""

    def __init__(self, message: str, cure: str, line: int = 1, shown: str = "") -> None:
        super().__init__(message)
        self.message, self.cure, self.line, self.shown = message, cure, line, shown


def read_spec(path: Path) -> str:
    """The text of a spec file, its line ends plain. Raises `BadSpec` for what is no file of a bearable size in UTF-8."""
    try:
        raw = read_regular(path)
        size = path.stat().st_size if len(raw) > LARGEST else 0
    except OSError as error:
        raise BadSpec(f"cannot be read: {error.strerror}", "mend the file or its permissions") from None
    if len(raw) > LARGEST:
        told = f"{max(size, len(raw)) / 1e6:.1f} MB, and a spec file has no more than {LARGEST / 1e6:.0f} MB"
        raise BadSpec(told, "split it, or see what went into it")
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadSpec(f"not UTF-8: {error.reason} at byte {error.start}", "save it as UTF-8") from None


def parse_spec(text: str) -> dict[str, Any]:
    """The data of a spec file's text. Raises `BadSpec`."""
    try:
        return read_toml(text)
    except ValueError as error:  # no TOML, or a number with more digits than Python reads
        rows = text.split("\n")
        found = re.search(r"line (\d+)", str(error))
        line = min(int(found[1]), len(rows)) if found else len(rows) if "end of document" in str(error) else 1
        raise BadSpec(
            f"broken TOML: {error}", "mend the TOML at that place", line, rows[line - 1].strip()[:80]
        ) from None
    except RecursionError:
        raise BadSpec("broken TOML: nested too deeply", "mend the TOML") from None


def read_toml(text: str) -> dict[str, Any]:
    """The data of a TOML text. Raises `ValueError` with the line in its message, or `RecursionError`."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") >= MOST_PARTS and LONG_KEY.search(line):
            raise ValueError(f"a key of more than {MOST_PARTS} parts (at line {number}, column 1)")
    return tomllib.loads(text)
