"""A problem in a spec file: where, what, and the cure."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One problem. ``text`` is the offending text; ``line`` is 1 where no line is to blame."""

    file: str
    line: int
    check: str
    text: str
    message: str
    cure: str

    def __str__(self) -> str:
        shown = f" [{self.text}]" if self.text and self.text not in self.message else ""
        return f"{self.file}:{self.line}: {self.check}: {self.message}{shown}; {self.cure}"
