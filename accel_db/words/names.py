"""How names are compared: case, spaces and hyphens do not count, nothing else is forgiven.

On the fast path: imports nothing but, for a name that is not ASCII, ``unicodedata``.
"""

from __future__ import annotations

_DROPPED = dict.fromkeys(map(ord, " -\t\u00a0\u2010\u2011\u2012\u2013\u2014\u2212\u3000\u00ae\u2122\u200b"))


def fold(name: str) -> str:
    """The key two spellings of one name share: ``"Ascend 910C"`` and ``"ascend-910c"`` give ``"ascend910c"``."""
    if not name.isascii():
        import unicodedata

        # Dropping a space can let an accent join the letter before it: hence twice.
        for _ in range(2):
            name = unicodedata.normalize("NFKC", name.translate(_DROPPED)).casefold()
    return name.translate(_DROPPED).casefold()
