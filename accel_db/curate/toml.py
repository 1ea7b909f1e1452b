"""Reads TOML that somebody wrote, and refuses at once what would take tomllib for ever. Owns no meaning of any file."""

from __future__ import annotations

import re
import tomllib
from typing import Any

LARGEST = 2_000_000
"""Bytes of the largest file that is read: some forty times the largest there is."""
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}\.[ \t]*+){{50}}")
"""A dotted key of fifty parts: tomllib's time grows with the square of them."""


def read_toml(text: str) -> dict[str, Any]:
    """The data of a TOML text. Raises `ValueError` with the line in its message, or `RecursionError`."""
    found = LONG_KEY.search(text)
    if found:
        raise ValueError(f"a key of more than 50 parts (at line {text.count(chr(10), 0, found.start()) + 1}, column 1)")
    return tomllib.loads(text)
