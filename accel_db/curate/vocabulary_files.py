"""The form of the vocabulary's own files: metrics.toml, units.toml, derived.toml. A fault there stops everything, so all are told at once.

Owns their shape and what they name of each other; their meaning is `accel_db.words.vocabulary`'s.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from accel_db.curate.lines import find_line
from accel_db.curate.models import Strict, Text, Texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accel_db.curate.lines import Path

Number = Annotated[str, Field(pattern=r"^\d+(\.\d+)?([eE][+-]?\d{1,3})?$")]
Range = Annotated[list[Number], Field(min_length=2, max_length=2)]
SubjectKind = Literal["accelerator", "family", "system", "architecture"]


class Format(Strict):
    """A number format."""

    name: Text
    label: Text
    unit: Text | None = None


class KindRow(Strict):
    """A kind of source."""

    name: Text
    rank: Annotated[int, Field(ge=1)]
    label: Text
    short: Text
    maker: bool = False


class FamilyRow(Strict):
    """A family of metrics."""

    name: Text
    label: Text
    definition: Text
    group: Text
    type: Literal["number", "text", "date", "price"] = "number"
    unit: Text | None = None
    additive: bool = False
    exact: bool = False
    marketed: bool = False
    dated: bool = False
    workload: bool = False
    per: list[Text] = []
    range: Range | None = None
    system_range: Range | None = None
    subjects: list[SubjectKind] = ["accelerator", "family", "system"]
    values: list[Text] = []
    spellings: list[Texts] = []


class HeadlineRow(Strict):
    """A short name and what answers it."""

    name: Text
    label: Text
    formats: list[Text] = []
    metrics: list[Text] = []
    any_of: list[Text] = []
    better: Literal["higher", "lower"] | None = None
    default: bool = False
    subjects: list[SubjectKind] = ["accelerator", "family", "system"]


class MetricsFile(Strict):
    """``metrics.toml``."""

    groups: Texts
    per: Texts
    stages: Texts
    access: Texts
    absent: Texts
    axes: dict[str, Texts]
    format: list[Format]
    kind: list[KindRow]
    marks: dict[str, Text]
    ceilings: dict[str, Number] = {}
    family: list[FamilyRow]
    headline: list[HeadlineRow]


class UnitRow(Strict):
    """A unit."""

    name: Text
    dimension: Text
    factor: Number
    marketed: Number | None = None
    spellings: list[Text] = []


class UnitsFile(Strict):
    """``units.toml``."""

    dimensions: dict[str, dict[str, int]]
    shown: dict[str, Text] = {}
    unit: list[UnitRow]


class DerivedRow(Strict):
    """A named derived metric."""

    name: Text
    label: Text
    definition: Text
    expression: Text
    unit: Text
    better: Literal["higher", "lower"] | None = None
    default: bool = False
    subjects: list[SubjectKind] = ["accelerator", "family", "system"]


class DerivedFile(Strict):
    """``derived.toml``."""

    derived: list[DerivedRow] = []


FILES: dict[str, type[BaseModel]] = {"metrics.toml": MetricsFile, "units.toml": UnitsFile, "derived.toml": DerivedFile}


def vocabulary_faults(parsed: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str]) -> list[str]:
    """Every fault of the vocabulary's files, as ``file:line: what is wrong``; empty when they can be used."""
    faults: list[str] = []
    for file, model in FILES.items():
        try:
            model.model_validate(parsed[file])
        except ValidationError as error:
            faults += [_told(file, texts[file], fault) for fault in error.errors()]
    return faults or [
        f"{file}:{find_line(texts[file], path)}: {message}" for file, path, message in _references(parsed)
    ]


def _told(file: str, text: str, fault: Any) -> str:
    path = tuple(part for part in fault["loc"] if not (isinstance(part, str) and "[" in part))
    message = {"missing": "is missing", "extra_forbidden": "is no key of this file"}.get(fault["type"], fault["msg"])
    name = ".".join(map(str, path))
    given = fault.get("input")
    shown = "" if isinstance(given, dict | list) else f", not {str(given)[:60]!r}"
    return f"{file}:{find_line(text, path)}: {name} {message}{shown if fault['type'] != 'missing' else ''}"


def _references(parsed: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Path, str]]:
    """What one row names and no other declares."""
    metrics, units = parsed["metrics.toml"], parsed["units.toml"]
    declared = {row["name"] for row in units["unit"]}
    for i, row in enumerate(units["unit"]):
        if row["dimension"] not in units["dimensions"]:
            yield "units.toml", ("unit", i, "dimension"), f"unit {row['name']}: no dimension {row['dimension']!r}"
    for dimension, name in units.get("shown", {}).items():
        if name not in declared or dimension not in units["dimensions"]:
            yield "units.toml", ("shown", dimension), f"shown: no unit {name!r} of a dimension {dimension!r}"
    axes = {"format", *metrics["axes"]}
    for i, row in enumerate(metrics["family"]):
        for axis in re.findall(r"<([^>]*)>", row["name"]):
            if axis not in axes:
                yield "metrics.toml", ("family", i, "name"), f"{row['name']}: no axis {axis!r}"
        if row.get("type", "number") == "number" and row.get("unit") not in declared:
            yield "metrics.toml", ("family", i), f"{row['name']}: no unit {row.get('unit')!r}"
        if row["group"] not in metrics["groups"]:
            yield "metrics.toml", ("family", i, "group"), f"{row['name']}: no group {row['group']!r}"
        words = set(re.findall(r"\{(\w*)\}", row["label"])) - axes
        if words or row["label"].count("{") != row["label"].count("}"):
            yield "metrics.toml", ("family", i, "label"), f"{row['name']}: the label names no axis {sorted(words)}"
    yield from _headline_references(metrics)
    for i, row in enumerate(parsed["derived.toml"].get("derived", [])):
        if row["unit"] not in declared:
            yield "derived.toml", ("derived", i, "unit"), f"{row['name']}: no unit {row['unit']!r}"


def _headline_references(metrics: Mapping[str, Any]) -> Iterator[tuple[str, Path, str]]:
    formats = {row["name"] for row in metrics["format"]}
    for i, row in enumerate(metrics["format"]):
        if row.get("unit") not in (None, "TOPS", "TFLOPS"):
            yield (
                "metrics.toml",
                ("format", i, "unit"),
                f"{row['name']}: a rate is in TFLOPS or TOPS, not {row['unit']!r}",
            )
    families = {part for row in metrics["family"] for part in [row["name"], row["name"].partition(".<")[0]]}
    headlines = {row["name"] for row in metrics["headline"]}
    for i, row in enumerate(metrics["headline"]):
        path = ("headline", i)
        if not (row.get("formats") or row.get("metrics") or row.get("any_of")):
            yield "metrics.toml", path, f"{row['name']}: a headline needs formats, metrics or any_of"
        for name in row.get("formats", []):
            if name not in formats:
                yield "metrics.toml", path, f"{row['name']}: no format {name!r}"
        for name in row.get("any_of", []):
            if name not in headlines:
                yield "metrics.toml", path, f"{row['name']}: no headline {name!r}"
        for name in row.get("metrics", []):
            if name not in families and name.rpartition(".")[0] not in families:
                yield "metrics.toml", path, f"{row['name']}: no metric {name!r}"
