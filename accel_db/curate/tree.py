"""What a ``specs/`` tree holds, as values: subjects, sources, the vocabulary, and the problems found on the way. Reads nothing but a line asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accel_db.curate import lines
from accel_db.curate.problems import Problem
from accel_db.curate.toml import BadSpec, read_spec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from accel_db.curate import models, rule_models
    from accel_db.words.units import Units
    from accel_db.words.vocabulary import Vocabulary


ARCHITECTURE = "architecture:"
"""Before an architecture's id: the one kind whose ids may repeat another's."""


def subject_key(kind: str, id_: str) -> str:
    """What a subject is filed under: its id, an architecture's marked as one."""
    return ARCHITECTURE + id_ if kind == "architecture" else id_


@dataclass
class Subject:
    """One spec file: an accelerator, family, system or architecture."""

    kind: str
    id: str
    vendor: str
    spec: models.SpecFile
    file: str

    @property
    def key(self) -> str:
        """What it is filed under in a tree."""
        return subject_key(self.kind, self.id)


@dataclass
class SourceEntry:
    """One source with its key, publisher and place."""

    key: str
    publisher: str
    entry: models.Source
    file: str


@dataclass
class RuleEntry:
    """One rule of export control with its id and place."""

    id: str
    rule: rule_models.Rule
    file: str


@dataclass
class Rules:
    """What ``rules/`` holds: rules by id, the events around them, and what they measure, where that could be read."""

    definitions: rule_models.Definitions | None = None
    rules: dict[str, RuleEntry] = field(default_factory=dict)
    events: list[rule_models.Event] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    """Ids of rules that are there but could not be read."""


@dataclass
class Tree:
    """A whole ``specs/`` tree as read. ``problems`` holds what was wrong with its form."""

    root: Path
    vocabulary: Vocabulary
    units: Units
    unit_rows: list[dict[str, Any]]
    dimensions: dict[str, dict[str, int]]
    derived: list[dict[str, Any]]
    shown_units: dict[str, str]
    vendors: dict[str, models.Vendor]
    sources: dict[str, SourceEntry] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    waivers: list[models.Waiver] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    """Keys of sources that are there but could not be read, or publishers whose whole file could not."""

    known: Mapping[str, str] = field(default_factory=dict)
    """The kind of every subject of the whole tree by its key, also of those that are not read here."""
    texts: dict[str, str] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Subject]:
        """The subjects of one kind, by id."""
        return [subject for subject in self.subjects.values() if subject.kind == kind]

    def problem(self, file: str, path: lines.Path, check: str, text: object, message: str, cure: str) -> Problem:
        """A problem at a path in a file, with its line."""
        return Problem(file, lines.find_line(self._text(file), path), check, str(text), message, cure)

    def known_of(self, kind: str) -> list[str]:
        """The ids of one kind in the whole tree."""
        return [key.removeprefix(ARCHITECTURE) for key, one in self.known.items() if one == kind]

    def _text(self, file: str) -> str:
        """The text of a file that was read before; nothing where it cannot be read, or has gone since."""
        if file not in self.texts:
            try:
                self.texts[file] = read_spec(self.root / file)
            except BadSpec:
                self.texts[file] = ""
        return self.texts[file]
