"""A bar on a terminal for work that takes longer than a second. Counts what it is told; says nothing through a pipe."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 1.0
"""Seconds of work before a bar is drawn."""
WIDTH = 30
LINES, PLAIN = ("━", "─"), ("#", "-")


class Bar:
    """Drawn on stderr, over itself; wiped when the work is done or has failed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.started = clock()
        self.drawn = 0

    def __call__(self, done: int, all_: int) -> None:
        """So much of all is done."""
        if sys.stderr is None or not sys.stderr.isatty() or self.clock() - self.started < PATIENCE:
            return
        cells = WIDTH * done // max(all_, 1)
        full, empty = _characters(getattr(sys.stderr, "encoding", None))
        line = f"accel: {full * cells}{empty * (WIDTH - cells)} {100 * done // max(all_, 1):3d} %"
        sys.stderr.write("\r" + line)
        sys.stderr.flush()
        self.drawn = len(line)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.drawn:
            sys.stderr.write(f"\r{' ' * self.drawn}\r")  # every terminal knows blanks
            sys.stderr.flush()


def _characters(encoding: str | None) -> tuple[str, str]:
    """What is done and what is not, in characters that the terminal is told of."""
    try:
        "".join(LINES).encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return LINES
