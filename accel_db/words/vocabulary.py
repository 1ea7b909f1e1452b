"""The metric vocabulary, read from the data of ``specs/metrics.toml``: what a dotted metric name means.

It walks families and axes; no metric is known here by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accel_db.words.errors import Unreadable
from accel_db.words.near import near_names
from accel_db.words.units import exact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

SUBJECTS = ("accelerator", "family", "system")


@dataclass(frozen=True)
class Metric:
    """One metric: a family with every axis filled in."""

    name: str
    family: str
    label: str
    definition: str
    group: str
    type: str
    unit: str | None
    additive: bool
    exact: bool
    marketed: bool
    dated: bool
    workload: bool
    per: tuple[str, ...]
    engine: str | None
    format: str | None
    sparsity: str | None
    direction: str | None
    range: tuple[Decimal, Decimal] | None
    system_range: tuple[Decimal, Decimal] | None
    subjects: tuple[str, ...]
    values: tuple[str, ...]
    spellings: tuple[tuple[str, ...], ...]
    order: int

    @property
    def basis(self) -> str | None:
        """The word that says on which basis the value stands: dense, sparse, one_way, both_ways or unstated."""
        return self.sparsity or self.direction

    def with_basis(self, basis: str) -> str:
        """The name of this metric on another basis."""
        return self.name.removesuffix(str(self.basis)) + basis


@dataclass(frozen=True)
class Headline:
    """A short name a person asks for, and which metrics may answer it, best first."""

    name: str
    label: str
    better: str | None
    default: bool
    subjects: tuple[str, ...]
    formats: tuple[str, ...]
    metrics: tuple[str, ...]
    any_of: tuple[str, ...]
    unit: str
    order: int


@dataclass(frozen=True)
class Kind:
    """A kind of source and how high it ranks."""

    name: str
    rank: int
    label: str
    short: str
    maker: bool


@dataclass
class Vocabulary:
    """All that ``metrics.toml`` declares."""

    groups: list[str]
    per: list[str]
    stages: list[str]
    access: list[str]
    absent: list[str]
    axes: dict[str, list[str]]
    formats: dict[str, dict[str, str]]
    kinds: dict[str, Kind]
    marks: dict[str, str]
    ceilings: dict[str, Decimal]
    metrics: dict[str, Metric]
    headlines: dict[str, Headline]
    prefixes: dict[str, Metric] = field(default_factory=dict)
    """By every prefix of a metric's name, the first metric under it."""

    def metric(self, name: str) -> Metric:
        """The metric of that name, or `Unreadable` with what is missing or near."""
        found = self.metrics.get(name)
        if found is not None:
            return found
        longer = sorted(metric for metric in self.metrics if metric.startswith(name + "."))
        if longer:
            shown = ", ".join(longer[:6]) + (" …" if len(longer) > 6 else "")
            raise Unreadable(f"metric {name!r} lacks its basis", f"say which; 'unstated' is a legal word: {shown}")
        near = near_names(name, self.metrics)
        raise Unreadable(f"unknown metric {name!r}", f"near: {', '.join(near)}" if near else "see specs/metrics.toml")


def read_vocabulary(data: Mapping[str, Any]) -> Vocabulary:
    """Build the vocabulary from the parsed ``metrics.toml``. Raises `KeyError` for a key that is missing."""
    formats = {row["name"]: row for row in data["format"]}
    axes = {"format": list(formats), **data["axes"]}
    vocabulary = Vocabulary(
        groups=data["groups"],
        per=data["per"],
        stages=data["stages"],
        access=data["access"],
        absent=data["absent"],
        axes=axes,
        formats=formats,
        kinds={
            row["name"]: Kind(row["name"], row["rank"], row["label"], row["short"], row.get("maker", False))
            for row in data["kind"]
        },
        marks=data["marks"],
        ceilings={name: exact(text, f"ceiling of {name}") for name, text in data.get("ceilings", {}).items()},
        metrics={},
        headlines={},
    )
    for family in data["family"]:
        for slots in _fillings(family["name"], axes):
            metric = _metric(family, slots, formats, len(vocabulary.metrics))
            vocabulary.metrics[metric.name] = metric
            parts = metric.name.split(".")
            for i in range(1, len(parts)):
                vocabulary.prefixes.setdefault(".".join(parts[:i]), metric)
    for order, row in enumerate(data["headline"]):
        vocabulary.headlines[row["name"]] = _headline(row, vocabulary, order)
    return vocabulary


def _fillings(pattern: str, axes: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """Every way to fill the axes of a pattern, in declared order."""
    fillings: list[dict[str, str]] = [{}]
    for part in pattern.split("."):
        if part.startswith("<"):
            axis = part.strip("<>")
            fillings = [{**filling, axis: value} for filling in fillings for value in axes[axis]]
    return fillings


def _metric(
    family: Mapping[str, Any], slots: dict[str, str], formats: Mapping[str, Mapping[str, str]], order: int
) -> Metric:
    name = family["name"]
    for axis, value in slots.items():
        name = name.replace(f"<{axis}>", value)
    words = {axis: value.replace("_", " ") for axis, value in slots.items()}
    if "format" in slots:
        words["format"] = formats[slots["format"]]["label"]
    if words.get("sparsity") == "unstated":
        words["sparsity"] = "sparsity unstated"
    if words.get("direction") == "unstated":
        words["direction"] = "direction unstated"
    unit = family.get("unit")
    if unit == "TFLOPS" and "format" in slots:
        unit = formats[slots["format"]].get("unit", unit)
    head = family["name"].split(".")[0]
    return Metric(
        name=name,
        family=family["name"],
        label=family["label"].format(**words),
        definition=family["definition"],
        group=family["group"],
        type=family.get("type", "number"),
        unit=unit,
        additive=family.get("additive", False),
        exact=family.get("exact", False),
        marketed=family.get("marketed", False),
        dated=family.get("dated", False),
        workload=family.get("workload", False),
        per=tuple(family.get("per", ())),
        engine=head if "sparsity" in slots or head == "vector" else None,
        format=slots.get("format"),
        sparsity=slots.get("sparsity"),
        direction=slots.get("direction"),
        range=_range(family.get("range")),
        system_range=_range(family.get("system_range")),
        subjects=tuple(family.get("subjects", SUBJECTS)),
        values=tuple(family.get("values", ())),
        spellings=tuple(tuple(group) for group in family.get("spellings", ())),
        order=order,
    )


def _range(ends: list[str] | None) -> tuple[Decimal, Decimal] | None:
    return (exact(ends[0], "range"), exact(ends[1], "range")) if ends else None


PEAK_ENGINES = ("matrix", "compute", "combined")
"""Which engines may answer a peak headline, best first."""


def _headline(row: Mapping[str, Any], vocabulary: Vocabulary, order: int) -> Headline:
    formats = tuple(row.get("formats", ()))
    metrics = tuple(row.get("metrics", ())) or tuple(
        f"{engine}.{fmt}.{basis}" for basis in ("dense", "unstated") for fmt in formats for engine in PEAK_ENGINES
    )
    any_of = tuple(row.get("any_of", ()))
    unit = vocabulary.headlines[any_of[0]].unit if any_of and any_of[0] in vocabulary.headlines else ""
    if metrics:
        unit = str(vocabulary.metrics[metrics[0]].unit)
    return Headline(
        name=row["name"],
        label=row["label"],
        better=row.get("better"),
        default=row.get("default", False),
        subjects=tuple(row.get("subjects", SUBJECTS)),
        formats=formats,
        metrics=metrics,
        any_of=any_of,
        unit=unit or "TFLOPS",
        order=order,
    )
