"""The checks of a spec tree. Each is a small named function whose docstring says what must hold; it yields problems.

A check sees one scope: the whole ``tree``, each ``source``, each ``subject`` file, or each ``claim``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from accel_db.curate.flatten import WORKLOAD, own_per
from accel_db.words.dates import read_date, sortable
from accel_db.words.names import fold
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from accel_db.curate.lines import Path
    from accel_db.curate.load import SourceEntry, Subject, Tree
    from accel_db.curate.models import Figure, Reading
    from accel_db.curate.problems import Problem
    from accel_db.words.claim import Claim


class Check(NamedTuple):
    """A registered check."""

    name: str
    scope: str
    says: str
    run: Callable[..., Iterator[Problem]]


CHECKS: dict[str, Check] = {}


def check(name: str, scope: str) -> Callable[[Callable[..., Iterator[Problem]]], Callable[..., Iterator[Problem]]]:
    """Register a check under a short stable name."""

    def register(run: Callable[..., Iterator[Problem]]) -> Callable[..., Iterator[Problem]]:
        CHECKS[name] = Check(name, scope, (run.__doc__ or "").strip(), run)
        return run

    return register


class World(NamedTuple):
    """What a check may look at: the tree, its claims, and the day it is run."""

    tree: Tree
    claims: list[Claim]
    today: date
    statuses: Mapping[str, str]
    """The newest sourced state of each subject."""
    available: frozenset[str]
    """Subjects that a standing `date.available` says could be had by today."""
    whole: bool
    """False when some file could not be read, so that checks of absence keep quiet."""


def run_checks(world: World) -> list[Problem]:
    """Every problem that every check finds."""
    scopes: dict[str, Iterable[Any]] = {
        "tree": [None],
        "source": world.tree.sources.values(),
        "subject": world.tree.subjects.values(),
        "claim": world.claims,
    }
    found: list[Problem] = []
    for one in CHECKS.values():
        for item in scopes[one.scope]:
            found += one.run(world) if item is None else one.run(world, item)
    return found


# ------------------------------------------------------------------ sources


@check("unknown-source", "subject")
def unknown_source(world: World, subject: Subject) -> Iterator[Problem]:
    """Every reading, ruling and look names a source that exists."""
    tree = world.tree
    named: list[tuple[Path, str]] = [
        (("reading", i, "source"), reading.source) for i, reading in enumerate(subject.spec.reading)
    ]
    named += [(("ruling", i, "prefer"), ruling.prefer) for i, ruling in enumerate(subject.spec.ruling) if ruling.prefer]
    named += [
        (("looked", i, "where", j), key)
        for i, looked in enumerate(subject.spec.looked)
        for j, key in enumerate(looked.where)
    ]
    named += [
        (("reading", i, "via", j), key)
        for i, reading in enumerate(subject.spec.reading)
        for j, key in enumerate(reading.via or [])
        if not key.startswith("public file ")
    ]
    for path, key in named:
        if key not in tree.sources and not tree.unreadable.intersection((key, key.split("/")[0])):
            yield tree.problem(
                subject.file,
                path,
                "unknown-source",
                key,
                f"no source {key!r}",
                _near(key, tree.sources, "add it under specs/sources/"),
            )


@check("unused-source", "tree")
def unused_source(world: World) -> Iterator[Problem]:
    """Every source is read, looked into, copied from or replaces another."""
    if not world.whole:
        return
    tree = world.tree
    used: set[str] = set()
    for subject in tree.subjects.values():
        used.update(key for reading in subject.spec.reading for key in [reading.source, *(reading.via or [])])
        used.update(key for looked in subject.spec.looked for key in looked.where)
    for source in tree.sources.values():
        used.update([*(source.entry.via or []), source.entry.replaced_by or ""])
    for key, source in tree.sources.items():
        if key not in used:
            yield _source_problem(
                world,
                source,
                None,
                "unused-source",
                key,
                f"source {key!r} is used nowhere",
                "delete it, or enter what was read in it",
            )


@check("source-form", "source")
def source_form(world: World, source: SourceEntry) -> Iterator[Problem]:
    """A source has a known kind, and `via` exactly where it was read only in copies."""
    entry, kinds = source.entry, world.tree.vocabulary.kinds
    if entry.kind not in kinds:
        yield _source_problem(
            world,
            source,
            "kind",
            "source-form",
            entry.kind,
            f"unknown kind {entry.kind!r}",
            f"one of: {', '.join(kinds)}",
        )
    if entry.how == "quoted" and not entry.via:
        yield _source_problem(
            world,
            source,
            "how",
            "source-form",
            source.key,
            "read as quoted, but no copy is named",
            'add via = ["public file N"]',
        )
    for copy in entry.via or []:
        if copy not in world.tree.sources and not re.fullmatch(r"public file \d+", copy):
            yield _source_problem(
                world,
                source,
                "via",
                "source-form",
                copy,
                f"via {copy!r} is neither a source nor a public file",
                'a source key or "public file N"',
            )
    if entry.replaced_by and entry.replaced_by not in world.tree.sources:
        yield _source_problem(
            world,
            source,
            "replaced_by",
            "unknown-source",
            entry.replaced_by,
            f"no source {entry.replaced_by!r}",
            _near(entry.replaced_by, world.tree.sources, "add it"),
        )


@check("cyclic-via", "source")
def cyclic_via(world: World, source: SourceEntry) -> Iterator[Problem]:
    """Following `via` or `replaced_by` never leads back to the same source."""
    sources = world.tree.sources
    for key in ("via", "replaced_by"):
        seen: list[str] = []
        todo = [source.key]
        while todo:
            at = todo.pop()
            given = getattr(sources[at].entry, key) if at in sources else None
            after = [given] if isinstance(given, str) else list(given or [])
            if source.key in after:
                chain = " → ".join([*seen, at, source.key])
                yield _source_problem(
                    world,
                    source,
                    key,
                    "cyclic-via",
                    source.key,
                    f"{key} goes round: {chain}",
                    "break the circle: one of them is the original",
                )
                break
            todo += [step for step in after if step not in seen and step != at]
            seen.append(at)


@check("home-page", "source")
def home_page(world: World, source: SourceEntry) -> Iterator[Problem]:
    """An address leads to the document, not to the front door of a site."""
    try:
        url = urlsplit(source.entry.url)
    except ValueError:
        url = urlsplit("")
    if url.scheme not in ("http", "https") or not url.netloc:
        yield _source_problem(
            world,
            source,
            "url",
            "home-page",
            source.entry.url,
            f"{source.entry.url!r} is no web address",
            "give the document's http(s) address",
        )
    elif not url.path.strip("/") and not url.query:
        yield _source_problem(
            world,
            source,
            "url",
            "home-page",
            source.entry.url,
            f"{source.entry.url!r} is a home page",
            "give the address of the document itself",
        )


@check("future-date", "tree")
def future_date(world: World) -> Iterator[Problem]:
    """Nothing was read, published or looked for after today, and nothing read before it was published."""
    for source in world.tree.sources.values():
        entry = source.entry
        for key, day in (
            ("read", entry.read),
            ("published", read_date(entry.published).start if entry.published else None),
        ):
            if day and day > world.today:
                yield _source_problem(
                    world, source, key, "future-date", day, f"{key} = {day} is in the future", "correct the date"
                )
        if entry.published and read_date(entry.published).start > entry.read:
            yield _source_problem(
                world,
                source,
                "published",
                "future-date",
                entry.published,
                "published after it was read",
                "correct one of the dates",
            )
    for subject in world.tree.subjects.values():
        for i, looked in enumerate(subject.spec.looked):
            if looked.on > world.today:
                yield world.tree.problem(
                    subject.file,
                    ("looked", i, "on"),
                    "future-date",
                    looked.on,
                    f"on = {looked.on} is in the future",
                    "correct the date",
                )


# ------------------------------------------------------------------ subjects


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
            _near(subject.vendor, tree.vendors, "add it to specs/vendors.toml"),
        )
    architecture = getattr(spec, "architecture", None)
    if architecture and f"architecture:{architecture}" not in tree.subjects:
        known = [one.id for one in tree.of_kind("architecture")]
        yield tree.problem(
            subject.file,
            ("architecture",),
            "unknown-reference",
            architecture,
            f"no architecture {architecture!r}",
            _near(architecture, known, "add it under specs/architectures/"),
        )
    for i, family in enumerate(getattr(spec, "family", [])):
        if family not in tree.subjects or tree.subjects[family].kind != "family":
            known = [one.id for one in tree.of_kind("family")]
            yield tree.problem(
                subject.file,
                ("family", i),
                "unknown-reference",
                family,
                f"no family {family!r}",
                _near(family, known, "add it under specs/families/"),
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
                    _near(name, tree.vocabulary.metrics, "see specs/metrics.toml"),
                )


@check("built-from", "subject")
def built_from(world: World, subject: Subject) -> Iterator[Problem]:
    """The parts of a system exist, and each count is a sourced `count.accelerators` figure of that system."""
    parts = getattr(subject.spec, "built_from", [])
    counts = {
        claim.value
        for claim in world.claims
        if claim.subject == subject.id and claim.metric == "count.accelerators" and claim.standing
    }
    for i, part in enumerate(parts):
        found = world.tree.subjects.get(part.accelerator)
        if found is None or found.kind not in ("accelerator", "family"):
            known = [one.id for one in world.tree.of_kind("accelerator")]
            yield world.tree.problem(
                subject.file,
                ("built_from", i),
                "unknown-reference",
                part.accelerator,
                f"no accelerator {part.accelerator!r}",
                _near(part.accelerator, known, "add it under specs/accelerators/"),
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
    taken: dict[str, Subject] = {}
    for subject in world.tree.subjects.values():
        if subject.kind == "architecture":
            continue
        for path, name in names_of(subject):
            key = fold(name)
            other = taken.setdefault(key, subject)
            if other is not subject:
                yield world.tree.problem(
                    subject.file,
                    path,
                    "duplicate-alias",
                    name,
                    f"{name!r} already leads to {other.id}",
                    "drop it from one; a name of several is a family's",
                )


def names_of(subject: Subject) -> list[tuple[tuple[str | int, ...], str]]:
    """Every name a subject answers to, with its place: name, aliases, id and the id without its vendor."""
    return [
        (("name",), subject.spec.name),
        *((("aliases", i), alias) for i, alias in enumerate(subject.spec.aliases)),
        ((), subject.id),
        ((), subject.id.split("/", 1)[1]),
    ]


# ------------------------------------------------------------------ claims


@check("duplicate-claim", "tree")
def duplicate_claim(world: World) -> Iterator[Problem]:
    """One place in one source says a thing once."""
    seen: dict[tuple[object, ...], Claim] = {}
    for claim in world.claims:
        key = (claim.quantity, claim.source, claim.locator, claim.printed, claim.absent, claim.term, claim.as_of)
        first = seen.setdefault(key, claim)
        if first is not claim:
            yield _claim_problem(
                world,
                claim,
                "duplicate-claim",
                claim.printed or claim.absent,
                f"{claim.metric} = {claim.printed or claim.absent!r} is entered twice from {claim.source}",
                "delete one",
            )


@check("per", "claim")
def per_fits(world: World, claim: Claim) -> Iterator[Problem]:
    """`per` names a level of its subject: a system's figures are the system's, a die is never a system."""
    own = own_per(claim.subject_kind)
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    allowed: tuple[str, ...] = ("die", "chip", "accelerator") if own == "accelerator" else (own,)
    if metric and metric.per:
        allowed = metric.per
    if claim.per not in allowed and claim.per in world.tree.vocabulary.per:
        cure = (
            "a figure per accelerator goes into the accelerator's file"
            if own == "system"
            else f"one of: {', '.join(allowed)}"
        )
        yield _claim_problem(
            world, claim, "per", claim.per, f"per = {claim.per!r} in the file of {_a(claim.subject_kind)}", cure
        )


@check("metric-subject", "claim")
def metric_subject(world: World, claim: Claim) -> Iterator[Problem]:
    """A metric stands in the file of a subject it is for."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric and claim.subject_kind not in metric.subjects:
        yield _claim_problem(
            world,
            claim,
            "metric-subject",
            claim.metric,
            f"{claim.metric} is for {' and '.join(metric.subjects)}, not for {_a(claim.subject_kind)}",
            "move it to the right file",
        )


@check("implausible", "claim")
def implausible(world: World, claim: Claim) -> Iterator[Problem]:
    """A value lies within its metric's plausible range: catches slips by thousands and bits taken for bytes."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric is None or claim.value is None or claim.deprecated:
        return
    limits = metric.system_range if claim.subject_kind == "system" else metric.range
    if limits and not limits[0] <= claim.value <= limits[1]:
        yield _claim_problem(
            world,
            claim,
            "implausible",
            claim.printed,
            f"{claim.metric} = {claim.printed!r} is {claim.value:f} {claim.unit}, outside {limits[0]}–{limits[1]}",
            "check unit and digits; a right figure is waived in waivers.toml",
        )


@check("undated", "claim")
def undated(world: World, claim: Claim) -> Iterator[Problem]:
    """Prices and states carry `as_of`."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric and metric.dated and not claim.as_of and claim.absent is None:
        yield _claim_problem(
            world,
            claim,
            "undated",
            claim.printed,
            f"{claim.metric} without `as_of`",
            'add as_of = "2026-03", the date it was true',
        )


@check("plain-before-available", "claim")
def plain_before_available(world: World, claim: Claim) -> Iterator[Problem]:
    """Figures of a part that its maker has not yet made available are preliminary, estimates or rumours."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric is None or claim.stage != "plain" or metric.group in STATED_EARLY or claim.deprecated:
        return
    state = world.statuses.get(claim.subject)
    if claim.subject in world.available:
        return
    if state in ("announced", "roadmap", "rumoured", "sampling") and claim.absent is None:
        yield _claim_problem(
            world,
            claim,
            "plain-before-available",
            claim.printed,
            f"{claim.subject} is {state}, yet {claim.metric} = {claim.printed!r} is entered as plain",
            'stage = "preliminary" (or estimate, rumour) on the reading',
        )


STATED_EARLY = ("Product", "Count", "Architecture", "Export control", "Achieved")


def latest_statuses(claims: Iterable[Claim]) -> dict[str, str]:
    """The newest standing status of each subject, by its `as_of`."""
    newest: dict[str, tuple[int, str]] = {}
    for claim in claims:
        if claim.metric == "status" and claim.standing and claim.as_of and claim.text:
            newest[claim.subject] = max(newest.get(claim.subject, (0, "")), (sortable(claim.as_of), claim.text))
    return {subject: state for subject, (_, state) in newest.items()}


def available_by(claims: Iterable[Claim], today: date) -> frozenset[str]:
    """Subjects whose sourced availability lies in the past."""
    return frozenset(
        claim.subject
        for claim in claims
        if claim.metric == "date.available"
        and claim.standing
        and claim.stage == "plain"
        and claim.when
        and claim.when.end <= today
    )


@check("workload", "claim")
def workload_stated(world: World, claim: Claim) -> Iterator[Problem]:
    """A measured throughput says model, precision, scenario and count, and its reading is staged measured; no other figure says so."""
    metric = world.tree.vocabulary.metrics.get(claim.metric)
    if metric is None or claim.absent is not None:
        return
    said = [key for key in WORKLOAD if getattr(claim, key) is not None]
    if not metric.workload:
        if said:
            cure = "move it to an achieved.* metric, or drop the keys"
            yield _claim_problem(
                world,
                claim,
                "workload",
                said[0],
                f"{claim.metric} is no measured throughput, yet has {', '.join(said)}",
                cure,
            )
        return
    missing = [key for key in WORKLOAD if key not in said]
    if missing:
        cure = 'such as model = "DeepSeek-R1", precision = "fp8", scenario = "decode, 4k input", count = 8'
        yield _claim_problem(
            world, claim, "workload", claim.printed, f"{claim.metric} without {', '.join(missing)}", cure
        )
    if claim.stage != "measured":
        yield _claim_problem(
            world,
            claim,
            "workload",
            claim.stage,
            f"{claim.metric} at stage {claim.stage!r}",
            'stage = "measured" on the reading',
        )


# ------------------------------------------------------------------ waivers


def apply_waivers(tree: Tree, problems: list[Problem]) -> list[Problem]:
    """The problems left after waivers, with one more for every waiver that waives nothing."""
    used: set[int] = set()
    left = []
    for problem in problems:
        hit = [
            i
            for i, waiver in enumerate(tree.waivers)
            if (waiver.check, waiver.file, waiver.text) == (problem.check, problem.file, problem.text)
        ]
        used.update(hit)
        if not hit:
            left.append(problem)
    for i, waiver in enumerate(tree.waivers):
        if i not in used:
            left.append(
                tree.problem(
                    "waivers.toml",
                    ("waiver", i),
                    "needless-waiver",
                    waiver.text,
                    f"nothing to waive: {waiver.check} in {waiver.file}",
                    "delete the waiver",
                )
            )
    return left


def _near(name: str, known: Iterable[str], otherwise: str) -> str:
    near = near_names(name, list(known))
    return f"near: {', '.join(near)}" if near else otherwise


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _source_problem(
    world: World, source: SourceEntry, key: str | None, name: str, text: object, message: str, cure: str
) -> Problem:
    path = (source.key.split("/", 1)[1],)
    return world.tree.problem(source.file, path if key is None else (*path, key), name, text, message, cure)


def _claim_problem(world: World, claim: Claim, name: str, text: object, message: str, cure: str) -> Problem:
    return world.tree.problem(claim.file, claim.path, name, text, message, cure)
