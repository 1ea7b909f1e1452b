"""Every check: one tree that fails it and one that passes, told whole."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import TYPE_CHECKING

import pytest

from accel_db.curate.checks import CHECKS
from accel_db.curate.checks.waivers import needless_waivers, waive
from accel_db.curate.read import curate
from tests.conftest import FILES
from tests.curate.test_rules import WRONG

if TYPE_CHECKING:
    from tests.conftest import World

TODAY = date(2026, 6, 30)
A1, A2, B100, RACK = (
    "accelerators/acme/a1.toml",
    "accelerators/acme/a2.toml",
    "accelerators/bolt/b100.toml",
    "systems/acme/rack.toml",
)
B100_READING = textwrap.dedent(FILES[B100]).strip("\n").split("\n\n", 1)[1]
ACME, PRESS = "sources/acme.toml", "sources/press.toml"
SPEED, STATUS = 'metric = "memory.bandwidth", printed = "{}"', 'metric = "status", printed = "{}", as_of = "{}"'
AVAILABLE = 'metric = "date.available", printed = "{}"'
ALL_KINDS = "datasheet, documentation, software, filing, announcement, paper, operator, analyst, press, aggregator"
PAGE = 'a PDF needs a page, section, slide, figure or table number: at = "p. 3, table 1"'
WORK = 'model = "M", precision = "fp8", scenario = "decode"'
HEADING = "name the heading, table, column or paragraph where the figure stands"
EARLY = 'stage = "preliminary" (or estimate, rumour) on the reading'


def reading(*figures: str, source: str = "acme/a1-paper", more: str = "") -> str:
    """A reading to append to a file."""
    return (
        f'[[reading]]\nsource = "{source}"\nat = "section 9"\n{more}\nfigures = [\n'
        + "".join(f"  {{ {figure} }},\n" for figure in figures)
        + "]\n"
    )


def source(key: str, more: str = "") -> str:
    """A source to append to a file."""
    return f'["{key}"]\ntitle = "S"\nurl = "https://s.example/{key}"\nkind = "press"\nread = 2026-01-02\n{more}\n'


def problems(world: World) -> list[str]:
    """Every problem as of a fixed day, waivers applied, as printed."""
    curated = curate(world.specs, TODAY)
    left, used = waive(curated.tree, curated.problems)
    return [str(problem) for problem in [*left, *needless_waivers(curated.tree, used)]]


# check, file, what stands there (or None to append), what fails, what passes, the problems
CASES = [
    (
        "unknown-source",
        A2,
        'source = "acme/a1-paper"',
        'source = "acme/a1-papr"',
        'source = "acme/a1-datasheet"',
        [f"{A2}:6: unknown-source: no source 'acme/a1-papr'; near: acme/a1-paper, acme/a1-datasheet"],
    ),
    (
        "unknown-source",
        A2,
        '"press/2025-a1"]',
        '"zzz"]',
        '"bolt/b100-page"]',
        [f"{A2}:15: unknown-source: no source 'zzz'; add it under specs/sources/"],
    ),
    (
        "unknown-source",
        A1,
        'at = "third',
        'via = ["zzz"]\nat = "third',
        'via = ["public file 3"]\nat = "third',
        [f"{A1}:27: unknown-source: no source 'zzz'; add it under specs/sources/"],
    ),
    (
        "unknown-source",
        A2,
        None,
        '[[ruling]]\nheadline = "bf16"\nprefer = "zzz"\nwhy = "w"\n',
        '[[ruling]]\nheadline = "bf16"\nprefer = "press/2025-a1"\nwhy = "w"\n',
        [f"{A2}:20: unknown-source: no source 'zzz'; add it under specs/sources/"],
    ),
    (
        "no-figures",
        B100,
        B100_READING,
        "",
        B100_READING,
        [
            f"{B100}:1: no-figures: bolt/b100 has no figure yet; enter a [[reading]], or a [[looked]] with the documents that were looked into"
        ],
    ),
    (
        "home-page",
        PRESS,
        "https://dailychip.example/2025/a1",
        "https://example.invalid/FILL-IN",
        "https://dailychip.example/2025/a1",
        [f"{PRESS}:5: home-page: 'https://example.invalid/FILL-IN' is not filled in; give the document's address"],
    ),
    (
        "unused-source",
        PRESS,
        None,
        source("b"),
        'via = ["press/b"]\n' + source("b"),
        [f"{PRESS}:10: unused-source: source 'press/b' is used nowhere; delete it, or enter what was read in it"],
    ),
    (
        "source-form",
        PRESS,
        'kind = "press"',
        'kind = "prss"',
        'kind = "analyst"',
        [f"{PRESS}:6: source-form: unknown kind 'prss'; one of: {ALL_KINDS}"],
    ),
    (
        "source-form",
        PRESS,
        'kind = "press"',
        'kind = "press"\nhow = "quoted"',
        'kind = "press"\nhow = "quoted"\nvia = ["acme/a1-paper"]',
        [f'{PRESS}:7: source-form: read as quoted, but no copy is named [press/2025-a1]; add via = ["public file N"]'],
    ),
    (
        "source-form",
        PRESS,
        'kind = "press"',
        'kind = "press"\nvia = ["file 3"]',
        'kind = "press"\nvia = ["public file 3"]',
        [
            f"{PRESS}:7: source-form: via 'file 3' is neither a source nor a public file; a source key or \"public file N\""
        ],
    ),
    (
        "source-form",
        PRESS,
        'kind = "press"',
        'kind = "press"\nreplaced_by = "zzz"',
        'kind = "press"\nreplaced_by = "acme/a1-paper"',
        [f"{PRESS}:7: unknown-source: no source 'zzz'; add it"],
    ),
    (
        "cyclic-via",
        PRESS,
        'kind = "press"',
        'kind = "press"\nvia = ["press/2025-a1"]',
        'kind = "press"\nvia = ["acme/a1-paper"]',
        [
            f"{PRESS}:7: cyclic-via: via goes round: press/2025-a1 → press/2025-a1; break the circle: one of them is the original"
        ],
    ),
    (
        "home-page",
        PRESS,
        "dailychip.example/2025/a1",
        "dailychip.example/",
        "dailychip.example/?id=1",
        [f"{PRESS}:5: home-page: 'https://dailychip.example/' is a home page; give the address of the document itself"],
    ),
    (
        "home-page",
        PRESS,
        "https://dailychip.example/2025/a1",
        "ftp://dailychip/a1",
        "http://dailychip.example/a1",
        [f"{PRESS}:5: home-page: 'ftp://dailychip/a1' is no web address; give the document's http(s) address"],
    ),
    (
        "home-page",
        PRESS,
        "https://dailychip.example/2025/a1",
        "https://[x/y",
        "https://[::1]/y",
        [f"{PRESS}:5: home-page: 'https://[x/y' is no web address; give the document's http(s) address"],
    ),
    (
        "future-date",
        PRESS,
        "read = 2026-01-02",
        "read = 2026-07-01",
        "read = 2026-06-30",
        [f"{PRESS}:8: future-date: read = 2026-07-01 is in the future; correct the date"],
    ),
    (
        "future-date",
        PRESS,
        '"2025-04-20"',
        '"2026-02"',
        '"2026-Q1"',
        [f"{PRESS}:7: future-date: published after it was read [2026-02]; correct one of the dates"],
    ),
    (
        "future-date",
        PRESS,
        '"2025-04-20"',
        '"2027"',
        '"2026"',
        [
            f"{PRESS}:7: future-date: published = 2027-01-01 is in the future; correct the date",
            f"{PRESS}:7: future-date: published after it was read [2027]; correct one of the dates",
        ],
    ),
    (
        "future-look",
        A2,
        "on = 2026-01-02",
        "on = 2027-01-02",
        "on = 2026-06-30",
        [f"{A2}:16: future-look: on = 2027-01-02 is in the future; correct the date"],
    ),
    (
        "reading-form",
        A1,
        'per = "die"',
        'per = "wafer"',
        'per = "chip"',
        [f"{A1}:20: reading-form: unknown per 'wafer'; one of: die, chip, accelerator, system, architecture"],
    ),
    (
        "reading-form",
        A1,
        'per = "die"',
        'stage = "plan"',
        'stage = "preliminary"',
        [f"{A1}:20: reading-form: unknown stage 'plan'; one of: plain, preliminary, measured, estimate, rumour"],
    ),
    (
        "reading-form",
        A1,
        'per = "die"',
        'how = "quoted"',
        'how = "quoted"\nvia = ["public file 3"]',
        [f'{A1}:20: reading-form: read as quoted, but no copy is named [acme/a1-paper]; add via = ["public file N"]'],
    ),
    (
        "reading-form",
        A1,
        'row = "BF16/FP16"',
        'accumulate = "fp31"',
        'accumulate = "fp32"',
        [
            f"{A1}:22: reading-form: unknown format 'fp31'; one of: fp64, fp32, tf32, bf16, fp16, fp8, mxfp8, hif8, cfp8, fp6, mxfp6, fp4, mxfp4, nvfp4, int32, int16, int8, int4, mxint16, mxint8, mxint4, blockfp8, unstated"
        ],
    ),
    *[
        (
            "vague-locator",
            A1,
            "p. 2, table 1",
            at,
            good,
            [f"{A1}:9: vague-locator: at = {at!r} does not lead to the figure; {PAGE}"],
        )
        for at, good in (
            ("table of contents", "Table 3"),
            ("data sheet overview", "第 3 页"),
            ("front", "pp. 3-4"),
            ("front page", "p.3"),
            ("back", "表1"),
        )
    ],
    (
        "vague-locator",
        A1,
        "third paragraph",
        "Specifications",
        "Specifications, row Memory",
        [f"{A1}:27: vague-locator: at = 'Specifications' does not lead to the figure; {HEADING}"],
    ),
    (
        "unknown-reference",
        A1,
        '"acme/one"',
        '"acme/on"',
        '"bolt/beta"',
        [f"{A1}:3: unknown-reference: no architecture 'acme/on'; near: acme/one"],
    ),
    (
        "unknown-reference",
        A1,
        '["acme/a"]',
        '["acme/a1"]',
        "[]",
        [f"{A1}:5: unknown-reference: no family 'acme/a1'; near: acme/a"],
    ),
    (
        "unknown-reference",
        A2,
        '["memory.bandwidth"]',
        '["memory.bandwith"]',
        '["matrix.fp8"]',
        [
            f"{A2}:14: unknown-metric: unknown metric 'memory.bandwith'; near: memory.bandwidth, memory.bus_width, far_memory.bandwidth.one_way, memory.fast"
        ],
    ),
    (
        "unknown-reference",
        "vendors.toml",
        "[bolt]",
        "[bolts]",
        "[bolt] # x",
        [
            f"{file}:1: unknown-reference: no vendor 'bolt'; near: bolts"
            for file in ("architectures/bolt/beta.toml", B100)
        ],
    ),
    (
        "unknown-reference",
        RACK,
        '"acme/a1"',
        '"acme/a9"',
        '"acme/a2"',
        [f"{RACK}:3: unknown-reference: no accelerator 'acme/a9'; near: acme/a2, acme/a1"],
    ),
    (
        "built-from",
        RACK,
        "count = 384 }",
        "count = 383 }",
        "count = 384 } ",
        [
            f'{RACK}:3: built-from: count 383 is no sourced figure of this system; enter it as a figure: metric = "count.accelerators"'
        ],
    ),
    (
        "duplicate-alias",
        B100,
        '"BOLT B100 80GB"',
        '"a-2"',
        '"a-3"',
        [
            f"{B100}:4: duplicate-alias: 'a-2' already leads to acme/a2; drop it from one; a name of several is a family's"
        ],
    ),
    (
        "duplicate-claim",
        A1,
        None,
        reading(SPEED.format("1 TB/s"), SPEED.format("1 TB/s")),
        reading(SPEED.format("1 TB/s"), SPEED.format("1.0 TB/s")),
        [f"{A1}:38: duplicate-claim: memory.bandwidth = '1 TB/s' is entered twice from acme/a1-paper; delete one"],
    ),
    (
        "per",
        A2,
        None,
        reading(SPEED.format("1 TB/s"), more='per = "system"'),
        reading(SPEED.format("1 TB/s"), more='per = "chip"'),
        [f"{A2}:23: per: per = 'system' in the file of an accelerator; one of: die, chip, accelerator"],
    ),
    (
        "per",
        RACK,
        None,
        reading(SPEED.format("1 TB/s"), more='per = "accelerator"'),
        reading(SPEED.format("1 TB/s"), more='per = "system"'),
        [
            f"{RACK}:19: per: per = 'accelerator' in the file of a system; a figure per accelerator goes into the accelerator's file"
        ],
    ),
    (
        "metric-subject",
        A2,
        None,
        reading('metric = "power.system", printed = "5 kW"'),
        reading('metric = "power.peak", printed = "5 kW"'),
        [f"{A2}:23: metric-subject: power.system is for system, not for an accelerator; move it to the right file"],
    ),
    (
        "implausible",
        A1,
        "1.6 TB/s",
        "1.6 PB/s",
        "60 TB/s",
        [
            f"{A1}:12: implausible: memory.bandwidth = '1.6 PB/s' is 1600000 GB/s, outside 10–60000; check unit and digits; a right figure is waived in waivers.toml"
        ],
    ),
    (
        "undated",
        A2,
        None,
        reading('metric = "price.list", printed = "$5"'),
        reading('metric = "price.list", printed = "$5", as_of = "2026"'),
        [f'{A2}:23: undated: price.list without `as_of` [$5]; add as_of = "2026-03", the date it was true'],
    ),
    (
        "workload",
        A2,
        None,
        reading('metric = "achieved.decode", printed = "9 tok/s", ' + WORK),
        reading('metric = "achieved.decode", printed = "9 tok/s", count = 8, ' + WORK, more='stage = "measured"'),
        [
            f'{A2}:23: workload: achieved.decode without count [9 tok/s]; such as model = "DeepSeek-R1", precision = "fp8", scenario = "decode, 4k input", count = 8',
            f'{A2}:23: workload: achieved.decode at stage \'plain\'; stage = "measured" (of a projection: "estimate") on the reading',
        ],
    ),
    (
        "workload",
        A2,
        None,
        reading(SPEED.format("1 TB/s") + ", count = 8"),
        reading('metric = "achieved.decode", absent = "not published"'),
        [
            f"{A2}:23: workload: memory.bandwidth is no measured throughput, yet has count; move it to an achieved.* metric, or drop the keys"
        ],
    ),
    *[
        (
            "plain-before-available",
            A2,
            None,
            reading(STATUS.format("announced", "2025"), AVAILABLE.format(late)),
            reading(STATUS.format("announced", "2025"), AVAILABLE.format(early)),
            [
                f"{A2}:9: plain-before-available: acme/a2 is announced, yet memory.capacity = '128 GB' is entered as plain; {EARLY}"
            ],
        )
        for early, late in (("2026-06", "2026-07"), ("2026-Q2", "2026-H2"))
    ],
    *[
        (
            "plain-before-available",
            A2,
            None,
            reading(STATUS.format("shipping", early), STATUS.format("announced", late)),
            reading(STATUS.format("announced", early), STATUS.format("shipping", late)),
            [
                f"{A2}:9: plain-before-available: acme/a2 is announced, yet memory.capacity = '128 GB' is entered as plain; {EARLY}"
            ],
        )
        for early, late in (("2025", "2026-05"), ("2026-Q1", "2026-05"))
    ],
]


@pytest.mark.parametrize(
    ("file", "old", "bad", "good", "expected"),
    [case[1:] for case in CASES],
    ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)],
)
def test_each_check_fails_and_passes(
    world: World, file: str, old: str | None, bad: str, good: str, expected: list[str]
) -> None:
    """The failing tree has exactly its problems, with file, line, text and cure; mended, it has none."""
    before = (world.specs / file).read_text(encoding="utf-8")
    found = []
    for new in (bad, good):
        world.write(file, before)
        world.append(file, new) if old is None else world.replace(file, old, new)
        found.append(problems(world))
    assert found == [expected, []]


def test_no_check_lacks_its_cases() -> None:
    """Every registered check has a failing and a passing tree above (those of rules: with the rules), and says what must hold."""
    assert {case[0] for case in CASES} | {
        case[3].split(":")[0] for case in WRONG if case[3].startswith("rule-")
    } == set(CHECKS)
    assert [one.name for one in CHECKS.values() if not one.says.endswith(".")] == []


@pytest.mark.parametrize("key", ["via", "replaced_by"])
def test_circles_of_sources(world: World, key: str) -> None:
    """A circle of three is told at each of them; a source that only leads into it is not to blame."""
    for name, after in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        world.append(PRESS, source(name, f'{key} = ["press/{after}"]' if key == "via" else f'{key} = "press/{after}"'))
    world.append(A2, reading(SPEED.format("1 TB/s"), source="press/d"))
    assert [line.split(";")[0] for line in problems(world)] == [
        f"{PRESS}:{line}: cyclic-via: {key} goes round: {chain}"
        for line, chain in (
            (15, "press/a → press/b → press/c → press/a"),
            (22, "press/b → press/c → press/a → press/b"),
            (29, "press/c → press/a → press/b → press/c"),
        )
    ]


def test_a_copy_of_a_pdf_may_lack_pages(world: World) -> None:
    """Where a PDF was read in a copy, the name of a table will do."""
    world.replace(A1, 'at = "p. 2, table 1"', 'at = "table Specifications"\nvia = ["public file 3"]')
    assert problems(world) == []


@pytest.mark.parametrize(
    "figure",
    [
        f'{SPEED.format("1 PB/s")}, deprecated = "a slip"',
        'metric = "price.list", absent = "not published"',
        'metric = "matrix.fp8", absent = "not supported"',
    ],
)
def test_what_no_check_minds(world: World, figure: str) -> None:
    """Deprecated figures may be implausible, absences need no date, and a prefix may be absent."""
    world.append(A2, reading(figure))
    assert problems(world) == []


@pytest.mark.parametrize("file", [A2, PRESS])
def test_dates_that_do_not_exist(world: World, file: str) -> None:
    """A date of the right form that does not exist is a problem of its file, and the run goes on."""
    world.replace(PRESS, '"2025-04-20"', '"2025-13"') if file == PRESS else world.append(
        A2, reading(STATUS.format("shipping", "2025-13"))
    )
    world.replace(RACK, "count = 384 }", "count = 383 }")
    assert [line.split(":")[0] for line in problems(world)] in ([file, RACK], [RACK, file])


def test_a_broken_file_keeps_checks_of_absence_quiet(world: World) -> None:
    """While a file cannot be read, nothing is called unused on its account."""
    world.append(PRESS, source("b"))
    world.append(A2, "[broken\n")
    assert [line.split(": ")[1] for line in problems(world)] == ["toml"]


def test_every_problem_of_several_files_in_one_run(world: World) -> None:
    """Faults of form, figures and checks in four files all come out of one run."""
    world.append("families/acme/a.toml", "[broken\n")
    world.replace(B100, '"700 W"', '"700 zork"')
    world.replace(A1, '"1.6 TB/s"', '"1.6 PB/s"')
    world.replace(PRESS, "/2025/a1", "/")
    found = [tuple(line.split(": ")[:2]) for line in problems(world)]
    family = [(f"{file}:{line}", "unknown-reference") for file, line in ((A1, 5), (A2, 3))]
    assert sorted(found) == sorted(
        [
            ("families/acme/a.toml:3", "toml"),
            (f"{B100}:15", "unknown-unit"),
            (f"{PRESS}:5", "home-page"),
            *family,
            (f"{A1}:12", "implausible"),
        ]
    )


def test_waivers(world: World) -> None:
    """A waiver takes away exactly its problem; one that waives nothing is a problem itself."""
    world.replace(A1, '"1.6 TB/s"', '"1.6 PB/s"')
    waiver = '[[waiver]]\ncheck = "implausible"\nfile = "{}"\ntext = "1.6 PB/s"\nreason = "r"\n'
    world.write("waivers.toml", waiver.format(A1))
    assert problems(world) == []
    world.append("waivers.toml", waiver.format(A2))
    assert problems(world) == [
        f"waivers.toml:7: needless-waiver: nothing to waive: implausible in {A2} [1.6 PB/s]; delete the waiver"
    ]
