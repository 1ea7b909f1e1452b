"""The shape of a spec file, as pydantic models. One base class: unknown keys fail, nothing is coerced, nothing changes later.

What a field means is design prose in CONTRIBUTING.md; what a metric means is specs/metrics.toml.
"""

from __future__ import annotations

import datetime  # noqa: TC003  pydantic reads it at run time
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from accel_db.words.dates import read_date
from accel_db.words.errors import Unreadable

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], Field(min_length=1)]


def _real_date(text: str) -> str:
    """A partial date that the calendar has."""
    try:
        return read_date(text).text
    except Unreadable as error:
        raise ValueError(error.message) from None


PartialDateText = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?|-Q[1-4]|-H[12])?$"), AfterValidator(_real_date)]
Count = Annotated[int, Field(ge=1)]
How = Literal["full", "excerpt", "quoted"]


class Strict(BaseModel):
    """The one base class."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Source(Strict):
    """One document in one revision."""

    title: Text
    url: Text
    kind: Text
    by: Text | None = None
    published: PartialDateText | None = None
    revision: Text | None = None
    read: datetime.date
    how: How = "full"
    via: Texts | None = None
    format: Literal["web", "pdf", "repository"] = "web"
    language: Text | None = None
    replaced_by: Text | None = None
    note: Text | None = None


class Figure(Strict):
    """One printed number, text or date, or one absence."""

    metric: Text | Texts
    printed: Text | None = None
    absent: Text | None = None
    unit: Text | None = None
    row: Text | None = None
    mark: Text | None = None
    note: Text | None = None
    per: Text | None = None
    variant: Text | None = None
    accumulate: Text | None = None
    term: Text | None = None
    unit_name: Text | None = None
    as_of: PartialDateText | None = None
    model: Text | None = None
    precision: Text | None = None
    scenario: Text | None = None
    count: Count | None = None
    deprecated: Text | None = None

    @model_validator(mode="after")
    def one_of_two(self) -> Self:
        """A figure is printed or absent."""
        if (self.printed is None) == (self.absent is None):
            raise ValueError("a figure has either `printed` or `absent`")
        return self

    @property
    def metrics(self) -> list[str]:
        """The metrics it is entered under."""
        return [self.metric] if isinstance(self.metric, str) else self.metric


class Reading(Strict):
    """One place in one source, transcribed."""

    source: Text
    at: Text
    per: Text | None = None
    variant: Text | None = None
    accumulate: Text | None = None
    origin: Text | None = None
    stage: Text = "plain"
    how: How | None = None
    via: Texts | None = None
    as_of: PartialDateText | None = None
    model: Text | None = None
    precision: Text | None = None
    scenario: Text | None = None
    count: Count | None = None
    note: Text | None = None
    figures: Annotated[list[Figure], Field(min_length=1)]


class Ruling(Strict):
    """An editor's written choice."""

    headline: Text | None = None
    metric: Text | None = None
    per: Text | None = None
    variant: Text | None = None
    prefer: Text | None = None
    why: Text

    @model_validator(mode="after")
    def says_what(self) -> Self:
        """A ruling is on one headline or metric and prefers something."""
        if (self.headline is None) == (self.metric is None):
            raise ValueError("a ruling names either a `headline` or a `metric`")
        if self.prefer is None and self.variant is None:
            raise ValueError("a ruling prefers a source (`prefer`) or picks a `variant`")
        return self


class Looked(Strict):
    """Where editors looked and found nothing."""

    metrics: Texts
    where: Texts
    on: datetime.date
    note: Text | None = None


class Part(Strict):
    """One kind of accelerator in a system."""

    accelerator: Text
    count: Count
    note: Text | None = None


class SpecFile(Strict):
    """What every subject's file may hold."""

    name: Text
    aliases: list[Text] = []
    note: Text | None = None
    reading: list[Reading] = []
    ruling: list[Ruling] = []
    looked: list[Looked] = []


class Accelerator(SpecFile):
    """``accelerators/<vendor>/<name>.toml``."""

    kind: Text
    architecture: Text | None = None
    family: list[Text] = []


class Family(SpecFile):
    """``families/<vendor>/<name>.toml``. Its members name it; it names nobody."""


class System(SpecFile):
    """``systems/<vendor>/<name>.toml``."""

    kind: Text
    family: list[Text] = []
    built_from: list[Part] = []


class Architecture(SpecFile):
    """``architectures/<vendor>/<name>.toml``."""


class Vendor(Strict):
    """A table of ``vendors.toml``."""

    name: Text
    aliases: list[Text] = []
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Waiver(Strict):
    """A check waived in one place."""

    check: Text
    file: Text
    text: Text
    reason: Text


KINDS: dict[str, type[SpecFile]] = {
    "architectures": Architecture,
    "accelerators": Accelerator,
    "families": Family,
    "systems": System,
}
"""Folder of ``specs/`` to the model of its files."""

SINGULAR = {"architectures": "architecture", "accelerators": "accelerator", "families": "family", "systems": "system"}
