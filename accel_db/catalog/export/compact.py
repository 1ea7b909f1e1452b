"""JSON as exports hold it: without spaces, every script as it is."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def compact(value: Any, other: Callable[[Any], Any] | None = None) -> str:
    """JSON without spaces; what JSON does not know is first made plain by ``other``."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=other)
