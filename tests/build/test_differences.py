"""What differs between two states: every kind of fact, matched by what it is about, never by where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accel_db.build.builder import check_tree
from accel_db.build.differences import State, differences
from accel_db.render.differences import line
from tests.conftest import make_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import World


def state(world: World) -> State:
    """The world as it now is."""
    curated, judged, _ = check_tree(world.specs)
    return State(curated, judged)


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., list[str]]:
    """What is told of a change of the tiny world, in words."""
    world = make_world(tmp_path)
    before = state(world)

    def tell(change: Callable[[World], object]) -> list[str]:
        change(world)
        return [line(one.row()) for one in differences(before, state(world))]

    return tell


A1, A2, B100 = "accelerators/acme/a1.toml", "accelerators/acme/a2.toml", "accelerators/bolt/b100.toml"


def test_nothing_differs_from_itself(told: Callable[..., list[str]]) -> None:
    """Comments, blank lines and the order of readings are no facts."""

    def shuffle(world: World) -> None:
        world.append("vendors.toml", "# a comment\n")
        text = (world.specs / A1).read_text(encoding="utf-8")
        head, *readings = text.split("[[reading]]\n")
        (world.specs / A1).write_text("[[reading]]\n".join([head, *reversed(readings)]), encoding="utf-8")

    assert told(shuffle) == []


CASES = {
    "a figure added": (
        lambda world: world.append(
            A2,
            '[[reading]]\nsource = "acme/a1-paper"\nat = "table 9"\nfigures = [{ metric = "die.count", printed = "2" }]\n',
        ),
        ['+ acme/a2: die.count 2 ("2", acme/a1-paper: table 9)'],
    ),
    "a figure removed": (
        lambda world: world.replace(A1, '  { metric = "die.count", printed = "2", row = "Dies" },\n', ""),
        [
            '- acme/a1: die.count 2 ("2", acme/a1-datasheet: p. 2, table 1)',
            "leading",
        ],
    ),
    "a figure printed otherwise": (
        lambda world: world.replace(A1, '"64 GB", row', '"65 GB", row'),
        [
            '~ acme/a1: memory.capacity 64 GB "64 GB" → 65 GB "65 GB" (acme/a1-datasheet: p. 2, table 1)',
            "~ A1 memory: 64 GB, verdict agreed → 65 GB, verdict disputed",
            "~ Acme Rack 384 memory: 24,576 GB, verdict agreed → 24,960 GB, verdict disputed",
        ],
    ),
    "the same value in other characters": (
        lambda world: world.replace(B100, '"80GB"', '"80 GB"'),
        [
            '~ bolt/b100: memory.capacity 80 GB "80GB" → 80 GB "80 GB" (bolt/b100-page: table Specifications; rows marked * with sparsity)',
        ],
    ),
    "a figure deprecated": (
        lambda world: world.replace(A1, 'printed = "64GB"', 'printed = "64GB", deprecated = "copied"'),
        [
            '~ acme/a1: memory.capacity 64 GB, no deprecated → 64 GB, deprecated copied ("64GB", press/2025-a1: third paragraph)',
            "~ A1 memory: verdict agreed → verdict sole",
            "~ Acme Rack 384 memory: verdict agreed → verdict sole",
        ],
    ),
    "a stage": (
        lambda world: world.replace(A1, 'at = "third paragraph"', 'at = "third paragraph"\nstage = "rumour"'),
        [
            '~ acme/a1: memory.capacity 64 GB, stage plain → 64 GB, stage rumour ("64GB", press/2025-a1: third paragraph)',
            "~ A1 memory: verdict agreed → verdict sole",
            "~ Acme Rack 384 memory: verdict agreed → verdict sole",
        ],
    ),
    "another place is another figure": (
        lambda world: world.replace(A2, "section 5, outlook", "section 6"),
        [
            '+ acme/a2: memory.capacity 128 GB ("128 GB", acme/a1-paper: section 6)',
            '- acme/a2: memory.capacity 128 GB ("128 GB", acme/a1-paper: section 5, outlook)',
            "+ acme/a2: power.tdp not published (acme/a1-paper: section 6)",
            "- acme/a2: power.tdp not published (acme/a1-paper: section 5, outlook)",
        ],
    ),
    "per, variant and accumulate are told": (
        lambda world: world.append(
            A2,
            '[[reading]]\nsource = "acme/a1-paper"\nat = "table 9"\nfigures = ['
            '{ metric = "compute.bf16.unstated", printed = "9 TFLOPS", per = "die", variant = "X", accumulate = "fp32" }]\n',
        ),
        [
            '+ acme/a2: compute.bf16.unstated [per die, X, FP32 accumulate] 9 TFLOPS ("9 TFLOPS", acme/a1-paper: table 9)',
        ],
    ),
    "values that are all true": (
        lambda world: world.append(
            A2,
            '[[reading]]\nsource = "acme/a1-paper"\nat = "table 9"\nfigures = ['
            '{ metric = "clock.boost", printed = "1.8 GHz", variant = "X" }, { metric = "memory.bandwidth", printed = "1 TB/s", variant = "X" }, '
            '{ metric = "memory.bandwidth", printed = "2 TB/s", variant = "Y" }]\n',
        ),
        [
            '+ acme/a2: clock.boost [X] 1,800 MHz ("1.8 GHz", acme/a1-paper: table 9)',
            '+ acme/a2: memory.bandwidth [X] 1,000 GB/s ("1 TB/s", acme/a1-paper: table 9)',
            '+ acme/a2: memory.bandwidth [Y] 2,000 GB/s ("2 TB/s", acme/a1-paper: table 9)',
            "+ A2 bandwidth: 1,000–2,000 GB/s",
        ],
    ),
    "an alias": (
        lambda world: world.replace(A1, '"甲1", ', '"乙1", '),
        ["- acme/a1: alias 甲1", "+ acme/a1: alias 乙1"],
    ),
    "what a subject is": (
        lambda world: world.replace(A1, 'kind = "npu"', 'kind = "gpu"'),
        ["~ acme/a1: kind npu → kind gpu"],
    ),
    "a subject added": (
        lambda world: world.write("accelerators/acme/a3.toml", 'name = "A3"\nkind = "npu"\naliases = ["A3X"]\n'),
        ["+ acme/a3: accelerator A3, kind npu"],
    ),
    "a subject removed": (
        lambda world: (world.specs / A2).unlink(),
        [
            "- acme/a2: accelerator A2, kind npu, family acme/a",
            '- acme/a2: memory.capacity 128 GB ("128 GB", acme/a1-paper: section 5, outlook)',
            "- acme/a2: power.tdp not published (acme/a1-paper: section 5, outlook)",
            "- acme/a2: looked for memory.bandwidth in acme/a1-paper, press/2025-a1 on 2026-01-02",
        ],
    ),
    "a ruling": (
        lambda world: world.append(A1, '[[ruling]]\nheadline = "half"\nprefer = "acme/a1-paper"\nwhy = "Theirs."\n'),
        ["+ acme/a1: ruling on half: acme/a1-paper, why Theirs.", "leading"],
    ),
    "where one looked": (
        lambda world: world.replace(A2, '"acme/a1-paper", "press/2025-a1"', '"acme/a1-paper"'),
        [
            "~ acme/a2: looked for memory.bandwidth in acme/a1-paper, press/2025-a1 on 2026-01-02 → in acme/a1-paper on 2026-01-02"
        ],
    ),
    "a source": (
        lambda world: world.replace("sources/press.toml", 'kind = "press"', 'kind = "analyst"\nby = "Someone"'),
        ["~ source press/2025-a1: kind press, no by → kind analyst, by Someone"],
    ),
    "a vendor": (
        lambda world: world.replace("vendors.toml", '"Bolt"', '"Bolt Inc."'),
        ["~ vendor bolt: Bolt → Bolt Inc."],
    ),
    "a part of a system": (
        lambda world: world.replace("systems/acme/rack.toml", "count = 384", 'count = 384, note = "as binned"'),
        ["~ acme/rack: built_from acme/a1 384 → built_from acme/a1 384 as binned"],
    ),
    "a fact of an architecture": (
        lambda world: world.replace("architectures/bolt/beta.toml", '"2:4"', '"4:8"'),
        ['~ architecture:bolt/beta: sparsity.pattern 2:4 "2:4" → 4:8 "4:8" (bolt/b100-page: table Sparsity)'],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_change_is_one_line(told: Callable[..., list[str]], case: str) -> None:
    """The line says what was and what is now; values that lead otherwise follow, where a case is not about them."""
    change, expected = CASES[case]

    found = told(change)

    if "leading" in expected:
        expected = [one for one in expected if one != "leading"]
        found = found[: len(expected)]
    assert sorted(found) == sorted(expected)


def test_two_figures_in_one_place_are_paired_after_what_stayed(told: Callable[..., list[str]]) -> None:
    """Of two figures under one key only the one that was changed is told."""

    def change(world: World) -> None:
        world.replace(
            A1, 'printed = "64GB" },', 'printed = "64GB" }, { metric = "memory.capacity", printed = "65GB" },'
        )

    def again(world: World) -> None:
        world.replace(A1, '"65GB"', '"66GB"')

    place = "press/2025-a1: third paragraph"
    assert told(change)[0] == f'+ acme/a1: memory.capacity 65 GB ("65GB", {place})'
    assert told(again)[0] == f'+ acme/a1: memory.capacity 66 GB ("66GB", {place})'


def test_the_order_is_fixed_and_documents_come_last(tmp_path: Path) -> None:
    """By subject, then by what the fact is about; the same two states always give the same rows."""
    world = make_world(tmp_path)
    before = state(world)
    world.replace(A1, '"64 GB", row', '"65 GB", row')
    world.replace("sources/acme.toml", '"Inside A1"', '"Inside the A1"')
    world.replace(B100, '"700 W"', '"710 W"')
    after = state(world)

    rows = [one.row() for one in differences(before, after)]

    assert rows == [one.row() for one in differences(before, after)]
    assert [(row["what"], row["subject"], row["metric"]) for row in rows if row["what"] != "headline"] == [
        ("claim", "acme/a1", "memory.capacity"),
        ("claim", "bolt/b100", "power.tdp"),
        ("source", "acme/a1-paper", None),
    ]


def test_there_and_back_are_mirror_images(tmp_path: Path) -> None:
    """What one way adds the other removes, and was and now change places."""
    world = make_world(tmp_path)
    before = state(world)
    world.replace(A1, '"64 GB", row', '"65 GB", row')
    world.append(
        A2,
        '[[reading]]\nsource = "acme/a1-paper"\nat = "table 9"\nfigures = [{ metric = "die.count", printed = "2" }]\n',
    )
    after = state(world)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}

    there, back = differences(before, after), differences(after, before)

    assert len(there) >= 3
    assert [(turned[one.kind], one.key, one.now, one.was) for one in there] == [tuple(one) for one in back]
