"""Where in a TOML text a value stands. tomllib gives no positions, so a valid text is scanned once more, when a line is asked for.

Owns positions only: values are tomllib's.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import lru_cache

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"""(?!")', re.S),
    re.compile(r"'''.*?'''(?!')", re.S),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


def find_line(text: str, path: Path) -> int:
    """The line (from 1) of the value at ``path`` in a valid TOML ``text``, or of the nearest part of the path that stands there."""
    lines = _scanned(text)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


@lru_cache(maxsize=256)
def _scanned(text: str) -> dict[Path, int]:
    return _Scanner(text).lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self.starts = [match.start() for match in re.finditer(r"^", text, re.M)]
        self.arrays: dict[Path, int] = {}
        self.document()

    def mark(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, bisect_right(self.starts, at))

    def document(self) -> None:
        table: Path = ()
        at = self.skip(_BLANK, 0)
        while at < len(self.text):
            if self.text[at] == "[":
                table, at = self.header(at)
            else:
                at = self.pair(table, at)
            at = self.skip(_BLANK, at)

    def header(self, at: int) -> tuple[Path, int]:
        many = self.text.startswith("[[", at)
        start = at
        keys, at = self.keys(at + (2 if many else 1))
        path: Path = ()
        for i, key in enumerate(keys):
            path = (*path, key)
            last = i == len(keys) - 1
            if last and many:
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
        self.mark(path, start)
        return path, self.text.index("]" * (2 if many else 1), at) + (2 if many else 1)

    def keys(self, at: int) -> tuple[list[str], int]:
        keys: list[str] = []
        while True:
            at = self.skip(_SPACE, at)
            match = self.string(at) or _BARE.match(self.text, at)
            if match is None:
                return keys, at
            quoted = match.group()[0] in "\"'"
            keys.append(tomllib.loads(f"key = {match.group()}")["key"] if quoted else match.group())
            at = self.skip(_SPACE, match.end())
            if self.text[at : at + 1] != ".":
                return keys, at
            at += 1

    def pair(self, table: Path, at: int) -> int:
        start = at
        keys, at = self.keys(at)
        path = (*table, *keys)
        self.mark(path, start)
        at = self.text.index("=", at) + 1
        return self.value(path, self.skip(_SPACE, at))

    def value(self, path: Path, at: int) -> int:
        self.mark(path, at)
        opening = self.text[at : at + 1]
        if opening == "[":
            at = self.skip(_BLANK, at + 1)
            index = 0
            while self.text[at] != "]":
                at = self.skip(_BLANK, self.value((*path, index), at))
                if self.text[at] == ",":
                    at = self.skip(_BLANK, at + 1)
                index += 1
            return at + 1
        if opening == "{":
            at = self.skip(_BLANK, at + 1)
            while self.text[at] != "}":
                at = self.skip(_BLANK, self.pair(path, at))
                if self.text[at] == ",":
                    at = self.skip(_BLANK, at + 1)
            return at + 1
        match = self.string(at) or _SCALAR.match(self.text, at)
        return match.end() if match else at + 1

    def string(self, at: int) -> re.Match[str] | None:
        if self.text[at : at + 1] not in ('"', "'"):
            return None
        return next((match for pattern in _STRINGS if (match := pattern.match(self.text, at))), None)

    def skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at)
        return match.end() if match else at
