"""Near names for messages. Never used to answer a question, only to suggest one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def near_names(word: str, candidates: Iterable[str], most: int = 4) -> list[str]:
    """Up to ``most`` of ``candidates`` that look like ``word``, nearest first. difflib loads only when called."""
    import difflib

    low: dict[str, str] = {}
    for candidate in candidates:
        low.setdefault(candidate.lower(), candidate)
    return [low[match] for match in difflib.get_close_matches(word.lower(), list(low), most, 0.6)]
