"""accel-db: publicly documented AI accelerators and the systems built from them, every number with its source.

``peak("h100-sxm5", "bf16")`` and ``open()`` are the public entry points; nothing is imported until one is used.
"""

from __future__ import annotations

__version__ = "2026.1"
"""Edition of the data, and version of the package."""

SCHEMA = 1
"""Number of the card and table layout."""

_WHERE = {
    "open": "accel_db.catalog.catalog",
    "Catalog": "accel_db.catalog.catalog",
    "peak": "accel_db.catalog.peaks",
    "Peak": "accel_db.catalog.peaks",
    "AccelError": "accel_db.words.errors",
    "NotFound": "accel_db.words.errors",
    "Ambiguous": "accel_db.words.errors",
    "Disputed": "accel_db.words.errors",
    "NoAnswer": "accel_db.words.errors",
    "DataFault": "accel_db.words.errors",
    "UsageError": "accel_db.words.errors",
}

__all__ = [
    "AccelError",
    "Ambiguous",
    "Catalog",
    "DataFault",
    "Disputed",
    "NoAnswer",
    "NotFound",
    "Peak",
    "UsageError",
    "open",
    "peak",
]


def __getattr__(name: str) -> object:
    if name in _WHERE:
        module = __import__(_WHERE[name], fromlist=[name])
        found: object = getattr(module, name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
