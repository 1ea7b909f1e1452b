"""Damaged spec files: whatever is done to the tiny world's files, the answer is a list of problems or a clean tree, and no wrong unit gets in.

The mutations are random but seeded: a failure names its seed, and the same seed gives the same file.
"""

from __future__ import annotations

import copy
import functools
import random
import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from accel_db.build.builder import check_tree
from accel_db.curate import load
from accel_db.curate.problems import Problem
from accel_db.words import expression
from accel_db.words.errors import AccelError
from accel_db.words.printed import read_figure
from tests.conftest import FILES, make_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from accel_db.curate.read import Curated
    from accel_db.words.vocabulary import Vocabulary
    from tests.conftest import World

MUTANTS = 350
"""Mutated files for each way of mutating."""
VOCABULARY_MUTANTS = 60
"""Mutations of each file of the vocabulary."""
BATCHES, BATCH = 16, 250
"""Rounds of mutated figures, and figures in each."""
VOCABULARY = ("vendors.toml", "metrics.toml", "units.toml", "derived.toml")
"""Without it the tree cannot be read at all: such damage is one error, not a list of problems."""

TOKENS = (
    *("[[reading]]", "[reading]", "[", "]", "[[", "]]", "{", "}", "=", ",", ".", '"', "'", '"""', "#", "\\", "\n", "\r", "\0", "\ufeff"),
    *("true", "nan", "-inf", "1e999", "0x7f", "2026-01-02", "1979-05-27T07:32:00Z", "07:32:00", "9" * 5000, "''", '""', "[]", "{}", "-1"),
    *('"\\ud800"', '"\\u0000"', '"甲"', '"６４ GB"', '"NaN GB"', '"1e999999 GB"', '"-64 GB"', '"∞ GB"', '"64 GB GB"', "figures", "metric"),
    *("printed", "absent", "source", "per", "variant", "built_from", "ruling", "looked", "aliases", "family", "architecture", "acme/a1"),
)  # fmt: skip
KEY = re.compile(r"(?m)^(\s*)([a-z_]+)(\s*=)")
VALUE = re.compile(r'= ("[^"\n]*"|\d[\w-]*|\[[^\n]*\])')
FIGURE = re.compile(r'printed = "([^"]*)"')
TOKEN = re.compile(r'"[^"\n]*"|\w+|\s+|.', re.S)


def some_bytes(rng: random.Random, text: str) -> bytes:
    """Bytes changed, dropped, doubled or cut off."""
    raw = bytearray(text.encode())
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(raw) + 1)
        choice = rng.randrange(4)
        if choice == 0:
            raw[at : at + 1] = bytes([rng.randrange(256)])
        elif choice == 1:
            del raw[at : at + rng.randint(1, 9)]
        elif choice == 2:
            raw[at:at] = raw[at : at + rng.randint(1, 40)]
        elif rng.random() < 0.2:
            del raw[at:]
    return bytes(raw)


def some_tokens(rng: random.Random, text: str) -> str:
    """Words and signs dropped, doubled, swapped or replaced."""
    tokens = TOKEN.findall(text)
    for _ in range(rng.randint(1, 4)):
        at, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
        choice = rng.randrange(4)
        if choice == 0:
            tokens[at] = rng.choice(TOKENS)
        elif choice == 1:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif choice == 2:
            tokens[at] = ""
        else:
            tokens[at] += rng.choice([tokens[other], *TOKENS])
    return "".join(tokens)


def a_key(rng: random.Random, text: str) -> str:
    """One key renamed, doubled or dropped with its line."""
    found = rng.choice([*KEY.finditer(text)] or [None])
    if found is None:
        return text
    other = rng.choice(
        ["printd", "metric", "absent", "name", "per", "via", "replaced_by", "count", "a.b", '""', "as_of", "deprecated"]
    )
    end = text.find("\n", found.end())
    line = text[found.start() : end]
    new = rng.choice([f"{found[1]}{other}{found[3]}{line[found.end() - found.start() :]}", f"{line}\n{line}", ""])
    return text[: found.start()] + new + text[end:]


def nesting(rng: random.Random, text: str) -> str:
    """One value wrapped in lists or tables, sometimes deeper than anybody reads."""
    found = rng.choice([*VALUE.finditer(text)] or [None])
    if found is None:
        return text
    depth = rng.choice([1, 2, 5, 400])
    opening, closing = rng.choice([("[", "]"), ("{ a = ", " }"), ("{ metric = ", " }"), ("[[", "]]")])
    return f"{text[: found.start(1)]}{opening * depth}{found[1]}{closing * depth}{text[found.end(1) :]}"


def a_value(rng: random.Random, text: str) -> str:
    """One value replaced by another of the file, or by one of another kind."""
    values = [*VALUE.finditer(text)]
    if not values:
        return text
    found, other = rng.choice(values), rng.choice(values)
    new = rng.choice([other[1], *TOKENS[-38:], f'"{rng.choice(list(FILES))}"'])
    return text[: found.start(1)] + new + text[found.end(1) :]


def a_figure(rng: random.Random, text: str) -> str:
    """The characters of one printed figure changed, dropped or added."""
    figures = [*FIGURE.finditer(text)]
    if not figures:
        return a_value(rng, text)
    found = rng.choice(figures)
    signs = list(found[1])
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(signs) + 1)
        signs[at : at + rng.randint(0, 1)] = rng.choice(
            ["", *"0123456789.,-–~ /kMGTPimbBsFLOPSWHz%×²²万亿$€", " GB", "1e9"]
        )
    return text[: found.start(1)] + "".join(signs) + text[found.end(1) :]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What most mutations leave as it is, the vocabulary and the expressions, is read once for each content."""
    parse, parsed = load._vocabulary_file, {}

    def remembered(name: str, text: str) -> dict[str, Any]:
        if text not in parsed:
            parsed[text] = parse(name, text)
        return copy.deepcopy(parsed[text]) if name in VOCABULARY else parsed[text]

    read, vocabularies = load.read_vocabulary, {}

    def vocabulary_of(data: dict[str, Any]) -> Vocabulary:
        if id(data) not in vocabularies:  # the parsed data is kept above, so the id stays its own
            vocabularies[id(data)] = read(data)
        return vocabularies[id(data)]

    monkeypatch.setattr(load, "_vocabulary_file", remembered)
    monkeypatch.setattr(load, "read_vocabulary", vocabulary_of)
    monkeypatch.setattr(expression, "parse", functools.cache(expression.parse))


def agree_with_the_parser(curated: Curated) -> int:
    """Every number taken in is what its own text and unit say, converted by declared factors; returns how many."""
    tree, numbers = curated.tree, 0
    raw = {row["name"]: row for row in tree.unit_rows}
    for claim in curated.claims:
        if claim.value is None or claim.unit not in raw:
            continue
        key = ("architecture:" if claim.subject_kind == "architecture" else "") + claim.subject
        figure = tree.subjects[key].spec.reading[claim.path[1]].figures[claim.path[3]]
        read = read_figure(
            figure.printed, tree.units, figure.unit, default={"one": "one", "bit": "bit"}.get(claim.unit)
        )
        factor, canonical = (Decimal(str(raw[name]["factor"])) for name in (read.unit.name, claim.unit))
        assert claim.value == read.value * factor / canonical, f"{figure.printed!r} became {claim.value} {claim.unit}"
        assert raw[read.unit.name]["dimension"] == raw[claim.unit]["dimension"], figure.printed
        numbers += 1
    return numbers


def checked(world: World, file: str, content: str | bytes, label: str) -> tuple[int, int]:
    """Check the world with one file as given; the number of its problems and of numbers taken in (0, 0 for a refusal)."""
    path = world.specs / file
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    try:
        curated, _, problems = check_tree(world.specs)
        texts = [str(problem) for problem in problems]
        assert all(isinstance(one, Problem) and one.line >= 1 and one.message and one.cure for one in problems), label
        assert all("Traceback" not in text for text in texts), label
        return len(problems), agree_with_the_parser(curated)
    except AccelError:
        if file in VOCABULARY:
            return 1, 0
        raise
    except Exception as error:
        error.add_note(f"{label}:\n{content!r}")
        raise


@pytest.mark.parametrize("mutate", [some_bytes, some_tokens, a_key, nesting, a_value, a_figure])
def test_damaged_files_give_problems_and_never_a_traceback(
    quick: None, tmp_path: Path, mutate: Callable[..., Any]
) -> None:
    """However a file is damaged, checking the tree ends, says where and what, and every number it keeps is as printed."""
    world = make_world(tmp_path)
    files = sorted(file for file in FILES if FILES[file].strip())
    texts = {file: (world.specs / file).read_text(encoding="utf-8") for file in files}
    refused = kept = 0
    for seed in range(MUTANTS):
        rng = random.Random(f"{mutate.__name__} {seed}")
        file = rng.choice(files)
        problems, numbers = checked(world, file, mutate(rng, texts[file]), f"{mutate.__name__}, seed {seed}, {file}")
        refused += bool(problems)
        kept += bool(numbers)
        (world.specs / file).write_text(texts[file], encoding="utf-8")

    assert refused > MUTANTS // 10, "the mutations hurt nothing: this test would prove nothing"
    assert kept > MUTANTS // 2, "the mutations left nothing to read: this test would prove nothing"
    assert world.problems() == []


@pytest.mark.parametrize("file", ["metrics.toml", "units.toml", "derived.toml"])
def test_a_damaged_vocabulary_is_refused_or_read_and_never_a_traceback(tmp_path: Path, file: str) -> None:
    """However the vocabulary is damaged, checking ends with a fault that names the file, or goes on."""
    world = make_world(tmp_path)
    text = (world.specs / file).read_text(encoding="utf-8")
    refused = 0
    for seed in range(VOCABULARY_MUTANTS):
        rng = random.Random(f"{file} {seed}")
        mutate = rng.choice([some_bytes, some_tokens, a_key, nesting, a_value])
        refused += checked(world, file, mutate(rng, text), f"{mutate.__name__}, seed {seed}, {file}")[0] > 0

    assert refused > VOCABULARY_MUTANTS // 10


def spelled(rng: random.Random, spellings: list[str]) -> str:
    """A unit's spelling, mostly damaged: case, prefix, per second, or a sign too many."""
    unit = rng.choice(spellings)
    choice = rng.randrange(6)
    if choice == 0:
        return unit.swapcase()
    if choice == 1:
        return rng.choice("kKMGTPm") + unit[1:]
    if choice == 2:
        return unit + rng.choice(["/s", "ps", "i", "s", ".", "²"])
    if choice == 3:
        at = rng.randrange(len(unit))
        return (unit[:at] + unit[at + 1 :]).strip() or unit
    return unit


def test_no_mutated_unit_is_taken_for_another(quick: None, tmp_path: Path) -> None:
    """A figure is taken in only if its unit is spelled exactly as declared, for a metric of that dimension, and then by the declared factor."""
    world = make_world(tmp_path)
    declared = tomllib.loads((world.specs / "units.toml").read_text(encoding="utf-8"))["unit"]
    by_spelling = {word: row for row in declared for word in [row["name"], *row.get("spellings", [])]}
    by_name = {row["name"]: row for row in declared}
    metrics = {
        "memory.capacity": "GB",
        "memory.bandwidth": "GB/s",
        "power.tdp": "W",
        "matrix.bf16.dense": "TFLOPS",
        "clock.boost": "MHz",
    }
    taken = refused = 0
    for batch in range(BATCHES):
        rng = random.Random(f"units {batch}")
        cases = []
        for _ in range(BATCH):
            unit, number = spelled(rng, list(by_spelling)), f"{rng.randint(1, 900)}{rng.choice(['', '.5', '.25'])}"
            fitting = [
                one
                for one in metrics
                if by_spelling.get(unit, {}).get("dimension") == by_name[metrics[one]]["dimension"]
            ]
            metric = rng.choice(fitting if fitting and rng.random() < 0.5 else list(metrics))
            apart = rng.random() < 0.5 or unit[0] in "万亿"  # within the figure these would count ten thousands
            cases.append((metric, number, unit, apart))
        world.write("accelerators/bolt/b100.toml", file_of(cases))
        curated, _, problems = check_tree(world.specs)
        claims = {claim.locator: claim for claim in curated.claims if claim.subject == "bolt/b100"}
        lines = {problem.line for problem in problems if problem.check in UNREADABLE}
        for i, (metric, number, unit, _) in enumerate(cases):
            row = by_spelling.get(" ".join(unit.split()))
            fits = row is not None and row["dimension"] == by_name[metrics[metric]]["dimension"]
            claim = claims.get(f"table {i}")
            if claim is None:
                assert not fits, f"{number} {unit} is {metric}, yet it was refused"
                assert FIRST_LINE + LINES * i in lines, f"{number} {unit} was dropped without a problem"
                refused += 1
                continue
            assert fits, f"{number} {unit} was taken in as {metric} = {claim.value} {claim.unit}"
            factors = Decimal(row["factor"]) / Decimal(by_name[metrics[metric]]["factor"])
            assert claim.value == Decimal(number) * factors, f"{number} {unit}"
            taken += 1

    assert min(taken, refused) > 200


UNREADABLE = ("unknown-unit", "wrong-dimension", "unreadable-figure")
FIRST_LINE, LINES = 6, 4
"""Where the first figure stands in the file below, and the lines from one to the next."""


def file_of(cases: list[tuple[str, str, str, bool]]) -> str:
    """A spec file with one reading a case: the unit within the figure, or beside it."""
    readings = [
        f'[[reading]]\nsource = "bolt/b100-page"\nat = "table {i}"\nfigures = [{{ metric = "{metric}", '
        + (f'printed = "{number}", unit = "{unit}"' if apart else f'printed = "{number} {unit}"')
        + " }]"
        for i, (metric, number, unit, apart) in enumerate(cases)
    ]
    return 'name = "B100"\nkind = "gpu"\n' + "\n".join(readings) + "\n"
