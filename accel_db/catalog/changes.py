"""The recorded changes of the editions, as built: which of them a reader asks for. Finds no changes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.words.dates import read_date
from accel_db.words.errors import NoAnswer, Unreadable, UsageError

if TYPE_CHECKING:
    from accel_db.catalog.store import Store


def changes(store: Store, since: str | None = None) -> list[dict[str, Any]]:
    """The editions dated on or after ``since`` (a date, may be partial) or after the edition of that name, newest first.

    Each has ``name``, ``date``, ``summary`` and ``change``, a list. Raises `NoAnswer` when there is none, `UsageError` for a bad date.
    """
    editions = [row for row in store.rows("changes") if row]
    editions.reverse()
    names = [edition["name"] for edition in editions]
    if since is None:
        kept = editions
    elif since in names:
        kept = editions[: names.index(since)]
    else:
        first = _first_day(since, names)
        kept = [edition for edition in editions if edition["date"] >= first]
    if not kept:
        newest = f"; the newest is {names[0]} of {editions[0]['date']}" if editions else ""
        raise NoAnswer(f"no edition{f' since {since}' if since else ' has recorded changes'}{newest}")
    return kept


def _first_day(since: str, names: list[str]) -> str:
    try:
        return read_date(since).start.isoformat()
    except Unreadable:
        known = f" or one of the editions {', '.join(names)}" if names else ""
        raise UsageError(f"--since {since!r} is neither a date such as 2026-10-01{known}") from None
