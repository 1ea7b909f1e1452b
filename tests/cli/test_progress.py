"""The progress bar: only on a terminal, only after a second, and gone when the work is."""

from __future__ import annotations

import io

import pytest

from accel_db.cli.progress import Bar


class Terminal(io.StringIO):
    """Text that says whether it is a terminal."""

    def __init__(self, tty: bool, encoding: str | None = None) -> None:
        super().__init__()
        self.tty, self.told = tty, encoding

    @property
    def encoding(self) -> str | None:
        """Whatever it was told."""
        return self.told

    def isatty(self) -> bool:
        """Whatever it was told."""
        return self.tty


@pytest.mark.parametrize(
    ("tty", "seconds", "shown"),
    [
        (True, 1.5, "\raccel: ━━━━━━━━━━━━━━━───────────────  50 %\r" + " " * 43 + "\r"),
        (True, 0.9, ""),
        (False, 60, ""),
    ],
)
def test_when_a_bar_is_drawn(monkeypatch: pytest.MonkeyPatch, tty: bool, seconds: float, shown: str) -> None:
    """Half the work is half the bar; short work and pipes see nothing."""
    err = Terminal(tty)
    monkeypatch.setattr("sys.stderr", err)
    times = iter([0.0, seconds])
    with Bar(lambda: next(times)) as bar:
        bar(5, 10)
    assert err.getvalue() == shown


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "━━━━━━━━━━━━━━━───────────────"),
        ("ascii", "###############---------------"),
        ("x-none", "#" * 15 + "-" * 15),
    ],
)
def test_a_bar_in_characters_that_the_terminal_has(monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str) -> None:
    """Plain ones where stderr cannot write lines; no escape anywhere, as a dumb terminal would show it."""
    err = Terminal(True, encoding)
    monkeypatch.setattr("sys.stderr", err)
    times = iter([0.0, 2.0])
    with Bar(lambda: next(times)) as bar:
        bar(5, 10)
    assert err.getvalue().startswith(f"\raccel: {shown}  50 %\r ")
    assert "\x1b" not in err.getvalue()


def test_a_failing_work_leaves_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is wiped before anything else is said."""
    err = Terminal(True)
    monkeypatch.setattr("sys.stderr", err)
    times = iter([0.0, 2.0])

    def failing() -> None:
        with Bar(lambda: next(times)) as bar:
            bar(10, 10)
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        failing()
    assert err.getvalue().endswith("100 %\r" + " " * 43 + "\r")
