"""Flattens readings to claims: parses each printed figure, converts it, and attaches all that is known of its source.

A figure that cannot be read becomes a problem, never a claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accel_db.curate.problems import Problem
from accel_db.words.claim import Claim
from accel_db.words.dates import PartialDate, read_date
from accel_db.words.errors import Unreadable
from accel_db.words.intervals import Interval, around
from accel_db.words.names import fold
from accel_db.words.printed import Printed, read_figure

if TYPE_CHECKING:
    from accel_db.curate.models import Figure, Reading
    from accel_db.curate.tree import SourceEntry, Subject, Tree
    from accel_db.words.vocabulary import Kind, Metric

OTHERS_PRODUCT = "paper"
"""A maker's document on another maker's product counts as an independent paper, whatever its kind."""

WORKLOAD = ("model", "precision", "scenario", "count")
"""What a measured figure says of the work it was measured on."""

DEFAULT_UNIT = {"number": "one", "width": "bit"}
"""The unit of a bare number, by dimension."""


@dataclass(frozen=True)
class Place:
    """One figure with everything around it."""

    tree: Tree
    subject: Subject
    reading: Reading
    figure: Figure
    path: tuple[str | int, ...]
    order: int

    def problem(self, check: str, key: str, text: object, message: str, cure: str) -> Problem:
        """A problem at this figure."""
        return self.tree.problem(self.subject.file, (*self.path, key), check, text, message, cure)


def flatten(tree: Tree) -> tuple[list[Claim], list[Problem]]:
    """Every claim of the tree, in file and figure order, and the problems of those that could not be made."""
    claims: list[Claim] = []
    problems: list[Problem] = []
    for subject in tree.subjects.values():
        order = 0
        for i, reading in enumerate(subject.spec.reading):
            for j, figure in enumerate(reading.figures):
                place = Place(tree, subject, reading, figure, ("reading", i, "figures", j), order)
                for metric in figure.metrics:
                    made = _claims(place, metric)
                    order += 1
                    if isinstance(made, Problem):
                        problems.append(made)
                    elif made is not None:
                        claims.append(made)
    return claims, problems


def own_per(kind: str) -> str:
    """What a subject's claims are per, unless they say otherwise."""
    return "accelerator" if kind == "family" else kind


def _claims(place: Place, name: str) -> Claim | Problem | None:
    vocabulary = place.tree.vocabulary
    figure = place.figure
    if figure.absent is not None:
        if name not in vocabulary.metrics and name not in vocabulary.prefixes:
            return _unknown_metric(place, name)
        if figure.absent not in vocabulary.absent:
            return place.problem(
                "form",
                "absent",
                figure.absent,
                f"absent = {figure.absent!r}",
                f"one of: {', '.join(vocabulary.absent)}",
            )
        return _attach(place, name, {"absent": figure.absent})
    if name not in vocabulary.metrics:
        return _unknown_metric(place, name)
    metric = vocabulary.metrics[name]
    try:
        value = _value(place, metric)
    except Unreadable as error:
        check = "unknown-unit" if error.message.startswith("unknown unit") else "unreadable-figure"
        if " is " in error.message and ", not " in error.message:
            check = "wrong-dimension"
        return place.problem(check, "printed", figure.printed, error.message, error.cure)
    return _attach(place, name, value)


def _unknown_metric(place: Place, name: str) -> Problem:
    try:
        place.tree.vocabulary.metric(name)
    except Unreadable as error:
        check = "missing-basis" if "lacks" in error.message else "unknown-metric"
        return place.problem(check, "metric", name, error.message, error.cure)
    raise AssertionError(name)


def _value(place: Place, metric: Metric) -> dict[str, Any]:
    """The fields of a claim that come from what was printed."""
    printed = place.figure.printed or ""
    if metric.type == "date":
        when = read_date(printed)
        return {"when": when, "text": when.text}
    if metric.type == "text":
        if metric.values and printed not in metric.values:
            raise Unreadable(
                f"{metric.name} = {printed!r}",
                f"one of: {', '.join(metric.values)}; the document's own words go into `row`",
            )
        return {"text": " ".join(part for part in (printed.strip(), place.figure.unit) if part)}
    units = place.tree.units
    if metric.type == "price":
        read = read_figure(printed, units, place.figure.unit)
        if read.unit.base not in {((code, 1),) for code in ("usd", "cny", "eur")}:
            raise Unreadable(f"{printed!r} is {read.unit.dimension}, not a price", "write the currency")
        interval = Interval(around(read.low).low, around(read.high).high)
        return _number_fields(read, read.value, read.value, interval, read.unit.name, 1)
    canonical = units.by_name[str(metric.unit)]
    read = read_figure(printed, units, place.figure.unit, DEFAULT_UNIT.get(canonical.dimension))
    value = units.convert(read.value, read.unit, canonical)
    marketed = units.convert(read.value, read.unit, canonical, marketed=metric.marketed)
    scale = units.convert(Decimal(1), read.unit, canonical, marketed=metric.marketed)
    return _number_fields(read, value, marketed, _interval(read, metric, scale), canonical.name, scale)


def _interval(read: Printed, metric: Metric, scale: Decimal) -> Interval:
    """What the figure stands for. Counts are exact; so are sizes, unless printed in a unit larger than the metric's own."""
    if metric.exact or (metric.marketed and scale <= 1):
        return Interval(read.low * scale, read.high * scale)
    low = around(read.low, zeros_count=metric.marketed)
    high = around(read.high, zeros_count=metric.marketed)
    return Interval(low.low * scale, high.high * scale)


def _number_fields(
    read: Printed, value: Decimal, marketed: Decimal, interval: Interval, unit: str, scale: Decimal | int
) -> dict[str, Any]:
    return {
        "value": value.normalize(),
        "marketed": marketed.normalize(),
        "interval": interval,
        "ends": (read.low * scale, read.high * scale) if read.low != read.high else None,
        "unit": unit,
        "hedge": read.hedge,
    }


def _attach(place: Place, name: str, value: dict[str, Any]) -> Claim | None:
    tree, subject, reading, figure = place.tree, place.subject, place.reading, place.figure
    source = tree.sources.get(reading.source)
    if source is None:
        return None  # the unknown-source check says so, once a reading
    vocabulary = tree.vocabulary
    kind = vocabulary.kinds.get(source.entry.kind)
    if kind is None or reading.stage not in vocabulary.stages:
        return None  # the form checks say so
    kind = effective_kind(kind, source, subject, tree)
    workload = {key: getattr(figure, key) or getattr(reading, key) for key in WORKLOAD}
    via = tuple(reading.via or source.entry.via or ())
    how = reading.how or ("quoted" if reading.via else source.entry.how)
    return Claim(
        subject=subject.id,
        subject_kind=subject.kind,
        metric=name,
        per=figure.per or reading.per or own_per(subject.kind),
        source=reading.source,
        locator=reading.at,
        variant=_variant(workload, figure.variant or reading.variant),
        accumulate=figure.accumulate or reading.accumulate,
        printed=figure.printed if figure.unit is None else f"{figure.printed} {figure.unit}",
        term=figure.term,
        unit_name=figure.unit_name,
        **workload,
        row=figure.row,
        mark=figure.mark,
        via=via,
        origin=reading.origin or organisation(source, tree),
        counted=how != "quoted" or unrelated(via, tree) >= 2,
        kind=kind.name,
        kind_rank=kind.rank,
        maker=kind.maker,
        stage=reading.stage,
        stage_rank=vocabulary.stages.index(reading.stage),
        access=how,
        access_rank=vocabulary.access.index(how),
        as_of=figure.as_of or reading.as_of,
        published=published(source),
        replaced=source.entry.replaced_by is not None,
        deprecated=figure.deprecated,
        note=figure.note or reading.note,
        file=subject.file,
        path=place.path,
        order=place.order,
        **value,
    )


def _variant(workload: dict[str, Any], stated: str | None) -> str | None:
    """A measured figure's workload is its variant: values under other workloads are all true."""
    if not any(workload.values()):
        return stated
    count = f"{workload['count']} accelerators" if workload["count"] else None
    return ", ".join(
        part for part in (workload["model"], workload["precision"], workload["scenario"], count, stated) if part
    )


def organisation(source: SourceEntry, tree: Tree) -> str:
    """Who wrote the document: the origin of what it says, unless a reading names another."""
    by = source.entry.by or source.publisher
    return tree.vendors[by].name if by in tree.vendors else by


def published(source: SourceEntry) -> PartialDate | None:
    """The document's own date."""
    return read_date(source.entry.published) if source.entry.published else None


def effective_kind(kind: Kind, source: SourceEntry, subject: Subject, tree: Tree) -> Kind:
    """The kind as it counts for this subject: a maker is a maker only of its own products."""
    if not kind.maker:
        return kind
    by = source.entry.by or source.publisher
    vendor = tree.vendors.get(subject.vendor)
    own = by == subject.vendor or fold(by) in (fold(subject.vendor), fold(vendor.name) if vendor else "")
    return kind if own else tree.vocabulary.kinds[OTHERS_PRODUCT]


def unrelated(via: tuple[str, ...], tree: Tree) -> int:
    """How many of the copies do not go back to one another."""
    groups: list[set[str]] = []
    for copy in via:
        reached, todo = {copy}, [copy]
        originals = {copy}
        while todo:
            source = tree.sources.get(todo.pop())
            for further in (source.entry.via or []) if source else []:
                if further not in reached:
                    reached.add(further)
                    todo.append(further)
        for name in reached:
            entry = tree.sources.get(name)
            if entry is None or not entry.entry.via:
                originals.add(name)
        if not any(originals & group for group in groups):
            groups.append(originals)
    return len(groups)
