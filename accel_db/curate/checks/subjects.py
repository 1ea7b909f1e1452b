"""Checks of the files of accelerators, systems, families and architectures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from accel_db.curate.checks.registry import Named, World, check, near_or
from accel_db.curate.models import SINGULAR
from accel_db.curate.tree import subject_key
from accel_db.words.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accel_db.curate.lines import Path
    from accel_db.curate.models import Figure, Reading
    from accel_db.curate.problems import Problem
    from accel_db.curate.tree import Subject, Tree


@check("no-figures", "subject")
def no_figures(world: World, subject: Subject) -> Iterator[Problem]:
    """An accelerator or system has at least one reading, or says where editors looked in vain."""
    if subject.kind in ("accelerator", "system") and not subject.spec.reading and not subject.spec.looked:
        cure = "enter a [[reading]], or a [[looked]] with the documents that were looked into"
        yield world.tree.problem(subject.file, (), "no-figures", subject.id, f"{subject.id} has no figure yet", cure)


@check("reading-form", "subject")
def reading_form(world: World, subject: Subject) -> Iterator[Problem]:
    """Stages, levels and copies are words of the vocabulary."""
    tree, vocabulary = world.tree, world.tree.vocabulary
    for i, reading in enumerate(subject.spec.reading):
        path = ("reading", i)
        if reading.stage not in vocabulary.stages:
            yield tree.problem(
                subject.file,
                (*path, "stage"),
                "reading-form",
                reading.stage,
                f"unknown stage {reading.stage!r}",
                f"one of: {', '.join(vocabulary.stages)}",
            )
        lines: list[tuple[Path, Reading | Figure]] = [(path, reading)]
        lines += [((*path, "figures", j), figure) for j, figure in enumerate(reading.figures)]
        for here, figure in lines:
            if figure.per is not None and figure.per not in vocabulary.per:
                yield tree.problem(
                    subject.file,
                    (*here, "per"),
                    "reading-form",
                    figure.per,
                    f"unknown per {figure.per!r}",
                    f"one of: {', '.join(vocabulary.per)}",
                )
            if figure.accumulate is not None and figure.accumulate not in vocabulary.formats:
                yield tree.problem(
                    subject.file,
                    (*here, "accumulate"),
                    "reading-form",
                    figure.accumulate,
                    f"unknown format {figure.accumulate!r}",
                    f"one of: {', '.join(vocabulary.formats)}",
                )
        source = tree.sources.get(reading.source)
        if reading.how == "quoted" and not (reading.via or (source and source.entry.via)):
            yield tree.problem(
                subject.file,
                (*path, "how"),
                "reading-form",
                reading.source,
                "read as quoted, but no copy is named",
                'add via = ["public file N"]',
            )


@check("vague-locator", "subject")
def vague_locator(world: World, subject: Subject) -> Iterator[Problem]:
    """`at` leads to the figure: a PDF needs a page, section or table number (read in a copy, a table's or heading's name), a web page a heading, table or paragraph."""
    for i, reading in enumerate(subject.spec.reading):
        source = world.tree.sources.get(reading.source)
        if source is None:
            continue
        at = reading.at.strip()
        quoted = (reading.how or ("quoted" if reading.via else source.entry.how)) == "quoted"
        placed = PDF_PLACE.search(at)
        if source.entry.format == "pdf" and not placed and not (quoted and QUOTED_PLACE.search(at)):
            cure = 'a PDF needs a page, section, slide, figure or table number: at = "p. 3, table 1"'
        elif (len(at) < SHORTEST_PLACE and not placed) or at.lower() in VAGUE:
            cure = "name the heading, table, column or paragraph where the figure stands"
        else:
            continue
        yield world.tree.problem(
            subject.file,
            ("reading", i, "at"),
            "vague-locator",
            reading.at,
            f"at = {reading.at!r} does not lead to the figure",
            cure,
        )


PDF_PLACE = re.compile(
    r"(?i:\bpp?\. ?\d|\bpages? \d|\b(?:sections?|tables?|slides?|figures?|fig\.|chapter|appendix|sheet|annex|note) ?\d|abstract)"
    r"|\b(?i:section|table|appendix|annex) [A-Z]\b|§ ?\d|第 ?\d+ ?[页頁]|[表图圖] ?\d"
)
QUOTED_PLACE = re.compile(r"\b(?:table|column|section|heading|slide|row|footnote)s?\b|表|栏", re.I)
"""A copy of a PDF may have lost its page numbers: then a named table, column or heading will do."""
SHORTEST_PLACE = 4
VAGUE = {
    "page",
    "website",
    "web page",
    "text",
    "table",
    "body",
    "site",
    "document",
    "specs",
    "specifications",
    "article",
    "here",
    "various",
    "passim",
}


@check("unknown-reference", "subject")
def unknown_reference(world: World, subject: Subject) -> Iterator[Problem]:
    """Vendor, architecture, families and parts of a subject exist."""
    tree, spec = world.tree, subject.spec
    if subject.vendor not in tree.vendors:
        yield tree.problem(
            subject.file,
            (),
            "unknown-reference",
            subject.vendor,
            f"no vendor {subject.vendor!r}",
            near_or(world, subject.vendor, tree.vendors, "add it to specs/vendors.toml"),
        )
    architecture = getattr(spec, "architecture", None)
    if architecture and subject_key("architecture", architecture) not in tree.subjects:
        known = tree.known_of("architecture")
        yield tree.problem(
            subject.file,
            ("architecture",),
            "unknown-reference",
            architecture,
            f"no architecture {architecture!r}",
            near_or(world, architecture, known, "add it under specs/architectures/"),
        )
    for i, family in enumerate(getattr(spec, "family", [])):
        if family not in tree.subjects or tree.subjects[family].kind != "family":
            known = tree.known_of("family")
            yield tree.problem(
                subject.file,
                ("family", i),
                "unknown-reference",
                family,
                f"no family {family!r}",
                near_or(world, family, known, "add it under specs/families/"),
            )
    for i, looked in enumerate(spec.looked):
        for j, name in enumerate(looked.metrics):
            if name not in tree.vocabulary.metrics and name not in tree.vocabulary.prefixes:
                yield tree.problem(
                    subject.file,
                    ("looked", i, "metrics", j),
                    "unknown-metric",
                    name,
                    f"unknown metric {name!r}",
                    near_or(world, name, tree.vocabulary.metrics, "see specs/metrics.toml"),
                )


@check("built-from", "subject")
def built_from(world: World, subject: Subject) -> Iterator[Problem]:
    """The parts of a system exist, and each count is a sourced `count.accelerators` figure of that system."""
    parts = getattr(subject.spec, "built_from", [])
    counts = {
        claim.value
        for claim in world.of_subject.get(subject.key, ())
        if claim.metric == "count.accelerators" and claim.standing
    }
    for i, part in enumerate(parts):
        found = world.tree.subjects.get(part.accelerator)
        if found is None or found.kind not in ("accelerator", "family"):
            known = world.tree.known_of("accelerator")
            yield world.tree.problem(
                subject.file,
                ("built_from", i),
                "unknown-reference",
                part.accelerator,
                f"no accelerator {part.accelerator!r}",
                near_or(world, part.accelerator, known, "add it under specs/accelerators/"),
            )
        if part.count not in counts:
            yield world.tree.problem(
                subject.file,
                ("built_from", i),
                "built-from",
                part.count,
                f"count {part.count} is no sourced figure of this system",
                'enter it as a figure: metric = "count.accelerators"',
            )


@check("duplicate-alias", "tree")
def duplicate_alias(world: World) -> Iterator[Problem]:
    """A name leads to one subject."""
    taken: dict[str, str] = {}
    for one in world.trace.names:
        other = taken.setdefault(fold(one.name), one.subject)
        if other != one.subject:
            yield world.tree.problem(
                one.file,
                one.path,
                "duplicate-alias",
                one.name,
                f"{one.name!r} already leads to {other}",
                "drop it from one; a name of several is a family's",
            )


def all_names(tree: Tree) -> list[Named]:
    """Every name of every subject but architectures."""
    return [
        Named((KIND_ORDER.index(subject.kind), subject.file), name, subject.id, subject.file, path)
        for subject in tree.subjects.values()
        if subject.kind != "architecture"
        for path, name in names_of(subject)
    ]


KIND_ORDER = list(SINGULAR.values())


def names_of(subject: Subject) -> list[tuple[tuple[str | int, ...], str]]:
    """Every name a subject answers to, with its place: name, aliases, id and the id without its vendor."""
    return [
        (("name",), subject.spec.name),
        *((("aliases", i), alias) for i, alias in enumerate(subject.spec.aliases)),
        ((), subject.id),
        ((), subject.id.split("/", 1)[1]),
    ]


def implied_names(subject: Subject, tree: Tree) -> list[str]:
    """Its names with the maker's before them: they answer where no subject is called so outright."""
    vendor = tree.vendors.get(subject.vendor)
    makers = [vendor.name, *vendor.aliases] if vendor else []
    stated = [subject.spec.name, *subject.spec.aliases]
    return [f"{maker} {name}" for maker in makers for name in stated if not fold(name).startswith(fold(maker))]
