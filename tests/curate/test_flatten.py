"""From readings to claims: values, units, origins, kinds, counting."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from accel_db.curate.flatten import flatten
from accel_db.curate.load import read_tree
from accel_db.words.claim import Quantity
from accel_db.words.intervals import Interval

if TYPE_CHECKING:
    from accel_db.words.claim import Claim
    from tests.conftest import World

FILE = "accelerators/acme/a2.toml"


def reading(figure: str, source: str = "acme/a1-paper", more: str = "") -> str:
    """A file of one reading of one figure."""
    return f'name = "A2"\nkind = "npu"\n[[reading]]\nsource = "{source}"\nat = "section 5"\n{more}\nfigures = [\n  {{ {figure} }},\n]\n'


def claims(world: World, text: str, file: str = FILE) -> list[Claim]:
    """The claims of one file with that text; it must have no problems."""
    world.write(file, text)
    tree = read_tree(world.specs)
    found, problems = flatten(tree)
    assert (tree.problems, problems) == ([], [])
    return [claim for claim in found if claim.file == file]


@pytest.mark.parametrize(
    ("figure", "value", "marketed", "low", "high", "unit"),
    [
        ('metric = "memory.capacity", printed = "96 GB"', "96", "96", "96", "96", "GB"),
        ('metric = "memory.capacity", printed = "96 GiB"', "103.079215104", "96", "96", "96", "GB"),
        ('metric = "memory.capacity", printed = "1.1 TB"', "1100", "1100", "1072.5", "1127.5", "GB"),
        (
            'metric = "memory.usable", printed = "96 GiB"',
            "103.079215104",
            "103.079215104",
            "102.5423441920",
            "103.6160860160",
            "GB",
        ),
        ('metric = "memory.bandwidth", printed = "3.35", unit = "TB/s"', "3350", "3350", "3345", "3355", "GB/s"),
        ('metric = "scale_up.bandwidth.one_way", printed = "400 Gbps"', "50", "50", "49.375", "50.625", "GB/s"),
        ('metric = "power.tdp", printed = "350–400 W"', "400", "400", "345", "405", "W"),
        ('metric = "die.count", printed = "2"', "2", "2", "2", "2", "one"),
        ('metric = "memory.bus_width", printed = "5120"', "5120", "5120", "5120", "5120", "bit"),
        ('metric = "price.list", printed = "$25,000", as_of = "2026"', "25000", "25000", "24500", "25500", "USD"),
        (
            'metric = "price.list", printed = "$25,000–30,000", as_of = "2026"',
            "30000",
            "30000",
            "24500",
            "30500",
            "USD",
        ),
    ],
)
def test_numbers(world: World, figure: str, value: str, marketed: str, low: str, high: str, unit: str) -> None:
    """A figure is converted exactly; counts and sizes in the metric's own unit stand for themselves, others for their last digit, ranges for both ends."""
    (claim,) = claims(world, reading(figure))
    assert (claim.value, claim.marketed, claim.interval, claim.unit) == (
        Decimal(value),
        Decimal(marketed),
        Interval(Decimal(low), Decimal(high)),
        unit,
    )


def test_texts_dates_and_absences(world: World) -> None:
    """Texts are kept, dates read, absences may cover a prefix; none of them has a value."""
    figures = (
        'metric = "memory.technology", printed = "HBM3e "',
        'metric = "date.announced", printed = "Q1 2026"',
        'metric = "matrix.fp8", absent = "not supported", row = "–"',
    )
    found = claims(world, reading(" },\n  { ".join(figures)))
    assert [(one.metric, one.text, one.when and one.when.text, one.absent, one.value) for one in found] == [
        ("memory.technology", "HBM3e", None, None, None),
        ("date.announced", "2026-Q1", "2026-Q1", None, None),
        ("matrix.fp8", None, None, "not supported", None),
    ]


def test_a_list_of_metrics(world: World) -> None:
    """One figure under several metrics is as many claims, in order, alike but for the metric."""
    found = claims(
        world,
        reading(
            'metric = ["compute.bf16.unstated", "compute.fp16.unstated"], printed = "~376", unit = "TFLOPS", row = "BF16/FP16", mark = "*"'
        ),
    )
    assert [(one.quantity, one.printed, one.hedge, one.row, one.mark, one.path, one.standing) for one in found] == [
        (
            Quantity("acme/a2", f"compute.{name}.unstated", "accelerator", None, None),
            "~376 TFLOPS",
            "~",
            "BF16/FP16",
            "*",
            ("reading", 0, "figures", 0),
            True,
        )
        for name in ("bf16", "fp16")
    ]


def test_the_figure_overrides_its_reading(world: World) -> None:
    """Level, variant, accumulate, date and note come from the figure, else from the reading."""
    more = 'per = "die"\nvariant = "1 GHz"\naccumulate = "fp32"\nas_of = "2025"\nnote = "n"\norigin = "SemiAnalysis"\nstage = "estimate"'
    own = 'per = "chip", variant = "2 GHz", accumulate = "fp16", as_of = "2026", note = "m", deprecated = "wrong"'
    figure = 'metric = "matrix.fp16.dense", printed = "9 TFLOPS"'
    found = [claims(world, reading(text, more=more))[0] for text in (figure, f"{figure}, {own}")]
    assert [
        (one.per, one.variant, one.accumulate, one.as_of, one.note, one.origin, one.stage, one.stage_rank, one.standing)
        for one in found
    ] == [
        ("die", "1 GHz", "fp32", "2025", "n", "SemiAnalysis", "estimate", 3, True),
        ("chip", "2 GHz", "fp16", "2026", "m", "SemiAnalysis", "estimate", 3, False),
    ]


@pytest.mark.parametrize(
    ("file", "source", "expected"),
    [
        (FILE, "acme/a1-paper", ("documentation", True, "Acme", "excerpt")),
        (FILE, "bolt/b100-page", ("paper", False, "Bolt", "full")),
        ("accelerators/bolt/b100.toml", "bolt/b100-page", ("datasheet", True, "Bolt", "full")),
        (FILE, "press/2025-a1", ("press", False, "The Daily Chip", "full")),
    ],
)
def test_the_effective_kind(world: World, file: str, source: str, expected: tuple[str, bool, str, str]) -> None:
    """A maker's document is a maker's only for its own products, an independent paper for another's; its origin is who wrote it."""
    (claim,) = claims(world, reading('metric = "die.count", printed = "2"', source), file)
    assert (claim.kind, claim.maker, claim.origin, claim.access) == expected


@pytest.mark.parametrize(
    ("via", "counted"),
    [
        ('["press/2025-a1"]', False),
        ('["press/2025-a1", "bolt/b100-page"]', True),
        ('["press/2025-a1", "press/2025-a1"]', False),
        ('["press/2025-a1", "press/copy"]', False),
        ('["press/copy", "press/copy-of-copy"]', False),
        ('["press/copy-of-copy", "bolt/b100-page"]', True),
        ('["press/round"]', False),
    ],
)
def test_only_unrelated_copies_count(world: World, via: str, counted: bool) -> None:
    """A quoted figure counts with two copies that do not go back to one another, and copies that go round do not hang."""
    for key, of in (
        ("copy", "press/2025-a1"),
        ("copy-of-copy", "press/copy"),
        ("round", "press/trip"),
        ("trip", "press/round"),
    ):
        world.append(
            "sources/press.toml",
            f'["{key}"]\ntitle = "C"\nurl = "https://c.example/{key}"\nkind = "press"\nread = 2026-01-02\nhow = "quoted"\nvia = ["{of}"]\n',
        )
    (claim,) = claims(world, reading('metric = "die.count", printed = "2"', more=f"via = {via}"))
    assert (claim.access, claim.counted, list(claim.via)) == (
        "quoted",
        counted,
        [key.strip(' "') for key in via.strip("[]").split(",")],
    )


def test_a_replaced_source(world: World) -> None:
    """A claim from a source with a newer revision no longer stands."""
    world.replace("sources/press.toml", 'kind = "press"', 'kind = "press"\nreplaced_by = "acme/a1-paper"')
    (claim,) = claims(world, reading('metric = "die.count", printed = "2"', "press/2025-a1"))
    assert (claim.replaced, claim.standing, claim.published and claim.published.text) == (True, False, "2025-04-20")


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (
            'metric = "memory.capasity", printed = "64 GB"',
            "unknown-metric: unknown metric 'memory.capasity'; near: memory.capacity, far_memory.capacity, memory.fast, memory.pin_rate",
        ),
        (
            'metric = "memory.capasity", absent = "none"',
            "unknown-metric: unknown metric 'memory.capasity'; near: memory.capacity, far_memory.capacity, memory.fast, memory.pin_rate",
        ),
        (
            'metric = "matrix.bf16", printed = "1 TFLOPS"',
            "missing-basis: metric 'matrix.bf16' lacks its basis; say which; 'unstated' is a legal word: matrix.bf16.dense, matrix.bf16.sparse, matrix.bf16.unstated",
        ),
        (
            'metric = "memory.capacity", absent = "no idea"',
            "form: absent = 'no idea'; one of: not supported, none, not published",
        ),
        (
            'metric = "memory.capacity", printed = "64 W"',
            "wrong-dimension: W is power, not size [64 W]; give it in GB or another unit of size",
        ),
        (
            'metric = "price.list", printed = "64 W"',
            "wrong-dimension: '64 W' is power, not a price; write the currency",
        ),
        (
            'metric = "memory.capacity", printed = "64 zork"',
            "unknown-unit: unknown unit 'zork' in '64 zork'; declare it in specs/units.toml",
        ),
        (
            'metric = "memory.capacity", printed = "64"',
            "unreadable-figure: '64' has no unit; write the unit that stands in the heading as `unit`",
        ),
        (
            'metric = "date.announced", printed = "soon"',
            'unreadable-figure: cannot read \'soon\' as a date; write it as "2025", "2025-09", "2025-09-18", "2026-Q1" or "18 March 2024"',
        ),
        (
            'metric = "status", printed = "on sale"',
            "unreadable-figure: status = 'on sale'; one of: announced, sampling, shipping, discontinued, roadmap, rumoured; the document's own words go into `row`",
        ),
    ],
)
def test_figures_that_cannot_be_read(world: World, figure: str, expected: str) -> None:
    """A figure that cannot be read is a problem at its line, never a claim."""
    world.write(FILE, reading(figure))
    found, problems = flatten(read_tree(world.specs))
    assert ([one for one in found if one.file == FILE], [str(problem) for problem in problems]) == (
        [],
        [f"{FILE}:8: {expected}"],
    )


@pytest.mark.parametrize(("source", "more"), [("acme/nothing", ""), ("press/2025-a1", 'stage = "guess"')])
def test_what_the_checks_will_say(world: World, source: str, more: str) -> None:
    """A reading of no known source or stage makes no claim; the checks say so once."""
    assert claims(world, reading('metric = "die.count", printed = "2"', source, more)) == []
