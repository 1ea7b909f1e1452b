"""The built data on disk: finds the current build, looks names up in the sorted table, reads cards. On the fast path."""

from __future__ import annotations

import json
import os

from accel_db import SCHEMA
from accel_db.words.errors import DataFault
from accel_db.words.lean import full
from accel_db.words.stamp import stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NamedTuple

    class Entry(NamedTuple):
        """A line of the name table."""

        key: str
        kind: str
        id: str
        name: str
else:
    Entry = tuple


class Listed:
    """A subject as listed: the columns that lists are filtered by; the rest stays on disk until it is asked for.

    ``type`` is empty for a family, ``vendor`` the maker's name, ``answers`` the default headlines that are answered.
    """

    __slots__ = ("answers", "at", "country", "id", "kind", "name", "size", "store", "type", "vendor")

    def __init__(self, line: str, store: Store) -> None:
        try:
            self.id, self.kind, self.type, self.vendor, self.country, self.name, self.answers, at, size = line.split(
                "\t"
            )
            self.at, self.size = int(at), int(size)
        except ValueError:
            raise _damaged(os.path.join(store.folder, "list.tsv")) from None
        self.store = store

    def row(self) -> dict[str, Any]:
        """All that ``list`` may show: the columns, ``status``, ``built_from`` and the default ``headlines``."""
        columns = {name: getattr(self, name) for name in ("id", "kind", "name", "vendor", "country")}
        return {**columns, "type": self.type or None, **self.store.rest(self.at, self.size)}


PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CURE = (
    "run: accel build"
    if os.path.isfile(os.path.join(os.path.dirname(PACKAGE), "specs", "metrics.toml"))
    else "install accel-db again"
)
"""What mends built data: a checkout builds its own, an installed package has it from the wheel."""
READ_WHOLE = 4_000_000
"""Bytes of a file that are read at once rather than row by row."""
COLUMNS = 4
"""Columns of the name table: key, kind, id, name."""
VARIABLE = "ACCEL_DB_DATA"
"""Environment variable that names another folder of built data."""


class Store:
    """One build, opened for reading. Raises `DataFault` when there is none."""

    def __init__(self, data: str | None = None) -> None:
        self.data = data or os.environ.get(VARIABLE) or os.path.join(PACKAGE, "data")
        current = self._read(os.path.join(self.data, "current"), f"no built data in {self.data}; {CURE}")
        self.digest, _, self.stamp = current.rstrip("\n").partition("\n")
        self.folder = os.path.join(self.data, self.digest)
        self._rests: bytes | None = None
        if not self.digest or not os.path.isdir(self.folder):
            raise DataFault(f"{os.path.join(self.data, 'current')} names a build that is not there; {CURE}")

    def _read(self, path: str, missing: str) -> str:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            raise DataFault(missing) from None
        except (OSError, UnicodeDecodeError) as error:
            raise DataFault(f"cannot read {path}: {getattr(error, 'strerror', None) or error}; {CURE}") from None

    def stale(self) -> str | None:
        """One line for stderr when the spec files of this checkout are newer than the build; None elsewhere."""
        specs = os.path.join(os.path.dirname(PACKAGE), "specs")
        if self.data != os.path.join(PACKAGE, "data") or not os.path.isfile(os.path.join(specs, "metrics.toml")):
            return None
        return "the build is older than specs/: run accel build" if stamp(specs) != self.stamp else None

    def card(self, subject: str, *, brief: bool = False) -> dict[str, Any]:
        """The card of an id; ``brief`` leaves all out but the headlines with their leading claims and sources."""
        path = os.path.join(self.folder, "briefs" if brief else "cards", subject + ".json")
        card: dict[str, Any] = _parsed(path, self._read(path, f"the card {path} is missing; {CURE}"), dict)
        if card.get("schema") != SCHEMA:
            raise DataFault(f"the card {path} has schema {card.get('schema')}, this accel-db reads {SCHEMA}; {CURE}")
        try:
            return full(card)
        except (KeyError, TypeError, IndexError, AttributeError):
            raise _damaged(path) from None

    def marks(self) -> dict[str, str]:
        """The letters that warn, with what they mean."""
        path = os.path.join(self.folder, "marks.json")
        marks: dict[str, str] = _parsed(path, self._read(path, f"{path} is missing; {CURE}"), dict)
        return marks

    def rules(self) -> dict[str, Any]:
        """The rules of export control: ``definitions`` (None in a build without rules), ``rules`` by date, ``events``."""
        path = os.path.join(self.folder, "rules.json")
        told: dict[str, Any] = _parsed(path, self._read(path, f"{path} is missing; run: accel build"), dict)
        return told

    def lookup(self, key: str) -> list[Entry]:
        """The lines of the name table with exactly this folded key, found by bisection."""
        wanted = key.encode("utf-8", "replace") + b"\t"
        path = os.path.join(self.folder, "names.tsv")
        try:
            with open(path, "rb") as file:
                low, high = 0, os.fstat(file.fileno()).st_size
                while low < high:
                    middle = (low + high) // 2
                    file.seek(middle)
                    if middle:
                        file.readline()
                    line = file.readline()
                    if line and line < wanted:
                        low = middle + 1
                    else:
                        high = middle
                file.seek(low)
                if low:
                    file.readline()
                found = []
                for line in file:
                    if not line.startswith(wanted):
                        break
                    found.append(_entry(line.decode("utf-8", "replace").rstrip("\n"), path))
                return found
        except OSError as error:
            raise DataFault(f"cannot read {path}: {error.strerror}; {CURE}") from None

    def names(self) -> Iterator[Entry]:
        """Every line of the name table. Only for messages and completion."""
        path = os.path.join(self.folder, "names.tsv")
        text = self._read(path, f"{path} is missing; {CURE}")
        whole = self._read(os.path.join(self.folder, "complete"), f"{path} is damaged; {CURE}").split()
        if whole[-1:] != [str(len(text.encode("utf-8")))]:
            raise _damaged(path)
        for line in text.split("\n"):
            if line:
                yield _entry(line, path)

    def listed(self, keep: set[str] | None = None) -> list[Listed]:
        """Every subject, or those of some ids, sorted by id."""
        path = os.path.join(self.folder, "list.tsv")
        lines = self._read(path, f"{path} is missing; {CURE}").split("\n")
        return [Listed(line, self) for line in lines if line and (keep is None or line[: line.find("\t")] in keep)]

    def rest(self, at: int, size: int) -> dict[str, Any]:
        """What `Listed` leaves on disk of one subject."""
        path = os.path.join(self.folder, "list.jsonl")
        try:
            if self._rests is None and os.path.getsize(path) <= READ_WHOLE:
                with open(path, "rb") as file:
                    self._rests = file.read()
            if self._rests is not None:
                text = self._rests[at : at + size].decode("utf-8")
            else:
                with open(path, "rb") as file:
                    file.seek(at)
                    text = file.read(size).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise _damaged(path) from None
        row: dict[str, Any] = _parsed(path, text, dict)
        return row

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of ``metrics``, ``sources``, ``units`` or ``changes``."""
        path = os.path.join(self.folder, name + ".jsonl")
        lines = self._read(path, f"{path} is missing; {CURE}").rstrip("\n").split("\n")
        rows: list[dict[str, Any]] = _parsed(path, "[" + ",".join(lines) + "]", list)
        if not all(isinstance(row, dict) for row in rows):
            raise _damaged(path)
        return rows


def _parsed(path: str, text: str, kind: type) -> Any:
    """JSON of the kind expected, or the fault that says which file is damaged."""
    try:
        found = json.loads(text)
    except ValueError:
        raise _damaged(path) from None
    if not isinstance(found, kind):
        raise _damaged(path)
    return found


def _damaged(path: str) -> DataFault:
    return DataFault(f"{path} is damaged; {CURE}")


def _entry(line: str, path: str) -> Entry:
    parts = line.split("\t")
    if len(parts) != COLUMNS:
        raise _damaged(path)
    return Entry(parts)  # type: ignore[arg-type,call-arg]
