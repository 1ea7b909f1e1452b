"""What can go wrong, as exceptions that carry facts.

The exit code is a plain attribute. This module prints nothing and imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class AccelError(Exception):
    """Base of every error accel-db raises on purpose.

    ``exit_code`` is what the command line ends with; ``code`` is a stable word for JSON; ``facts`` holds
    what a caller may want besides the sentence.
    """

    exit_code = 4
    code = "fault"

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class UsageError(AccelError):
    """The question itself makes no sense, as asked."""

    exit_code = 2
    code = "usage"


class NotFound(AccelError):
    """A name that nothing answers to. Facts: ``names`` (each with its near names), ``try`` (a corrected line)."""

    exit_code = 3
    code = "not_found"


class Ambiguous(NotFound):
    """One subject is needed and the name covers several. Facts: ``candidates``."""

    code = "ambiguous"


class NoAnswer(AccelError):
    """The answer is no: nothing matched, or the value asked for is not known."""

    exit_code = 1
    code = "no_answer"


class Disputed(NoAnswer):
    """Strict was asked for and the value is disputed or only stood in for. Facts: ``claims``."""

    code = "disputed"


class SpecProblems(AccelError):
    """A tree of spec files that may not be built. ``problems`` is a list of `Problem`."""

    exit_code = 1
    code = "problems"

    def __init__(self, message: str, problems: Sequence[Any]) -> None:
        super().__init__(message, problems=problems)
        self.problems = problems


class DataFault(AccelError):
    """The built data is missing, of another version or damaged."""

    code = "data"


class Unreadable(AccelError):
    """A text the parser refuses. ``cure`` says what to do about it."""

    exit_code = 2
    code = "unreadable"

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message, cure=cure)
        self.cure = cure
