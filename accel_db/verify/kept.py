"""Keeps what was found, one file a source, so that a run can go on where another stopped and a changed document shows.

It is a cache: what is damaged or of another layout counts as absent.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from accel_db.verify.matching import Finding
from accel_db.words.errors import UsageError

LAYOUT = 1


@dataclass(frozen=True)
class Record:
    """The last time a source was reached: when (ISO 8601, UTC), from where, its hash, whether and since when it had changed, the findings."""

    key: str
    url: str
    checked: str
    digest: str
    changed_since: str | None = None
    findings: dict[str, tuple[str, str]] = field(default_factory=dict)
    layout: int = LAYOUT


class Kept:
    """The folder of records."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"cannot keep results in {folder}: {error.strerror}; name another folder with --cache"
            ) from None

    def _path(self, key: str) -> Path:
        return self.folder / (quote(key, safe="") + ".json")

    def load(self, key: str, url: str) -> Record | None:
        """The record of a source at this address; None where there is none that can be read."""
        try:
            raw: dict[str, Any] = json.loads(self._path(key).read_text(encoding="utf-8"))
            findings = {str(name): Finding(*map(str, one)) for name, one in raw.pop("findings").items()}
            record = Record(**raw, findings={name: tuple(one) for name, one in findings.items()})  # type: ignore[misc]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        texts = (record.checked, record.digest, record.changed_since or "")
        fits = (record.layout, record.key, record.url) == (LAYOUT, key, url) and all(
            isinstance(one, str) for one in texts
        )
        return record if fits else None

    def save(self, record: Record) -> None:
        """Write a record whole or not at all. Raises `UsageError` where the folder cannot be written."""
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(record), file, ensure_ascii=False)
            Path(name).replace(self._path(record.key))
        except OSError as error:
            raise UsageError(
                f"cannot keep results in {self.folder}: {error.strerror}; name another folder with --cache"
            ) from None


def default_folder() -> Path:
    """Where results are kept unless told otherwise."""
    import platformdirs

    return platformdirs.user_cache_path("accel-db", appauthor=False) / "verify"
