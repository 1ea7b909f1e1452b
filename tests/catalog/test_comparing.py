"""Subjects side by side: ratios, open disputes, best marks, division per chip, watt and rack, and comparisons that make no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from accel_db.catalog.comparing import check_comparable, compare, ratio_words, wanted_rows
from accel_db.catalog.resolve import expand
from accel_db.catalog.store import Store
from accel_db.words.errors import UsageError

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


@pytest.fixture
def store(fuller: World) -> Store:
    """The fuller world's data."""
    return Store(str(fuller.data))


def side_by_side(
    store: Store, names: list[str], metrics: list[str] | None = None, **options: Any
) -> dict[str, list[dict[str, Any]]]:
    """The cells of a comparison by row name; ratios are to the first."""
    cards, _ = expand(store, names)
    wanted = wanted_rows(store.rows("metrics"), metrics, None) if metrics else None
    return {row["name"]: row["cells"] for row in compare(cards, cards[0]["id"], wanted, **options)}


def test_ratios_are_to_the_reference(store: Store) -> None:
    """A settled cell's ratio is its value over the reference's, with no range; a negative and a gap have none."""
    rows = side_by_side(store, ["h20", "h200", "a1"], ["half", "fp4"])
    assert [cell["ratio"] for cell in rows["half"]] == [[1, 1, 1], [989 / 148] * 3, [752 / 148] * 3]
    assert [cell["ratio"] for cell in rows["fp4"]] == [None, None, None]
    assert rows["fp4"][0]["absent"] == "not supported"
    cards, _ = expand(store, ["h20", "h200"])
    to_second = compare(cards, "cobalt/h200", None)[0]["cells"]
    assert [cell["ratio"] for cell in to_second] == [[148 / 989] * 3, [1, 1, 1]]


def test_an_open_dispute_gives_a_range(store: Store) -> None:
    """A ratio to or of a cell in open dispute spans every value it may take; a ruled one is a single number."""
    assert [cell["ratio"] for cell in side_by_side(store, ["h20", "h200"], ["memory"])["memory"]] == [
        [1, 1, 1],
        [141 / 100, 141 / 96, 141 / 96],
    ]
    assert [cell["ratio"] for cell in side_by_side(store, ["h200", "h20"], ["memory"])["memory"]][1] == [
        96 / 141,
        96 / 141,
        100 / 141,
    ]
    power = side_by_side(store, ["h20", "h200"], ["power"])["power"]
    assert (power[1]["verdict"], power[1]["ruled"], power[1]["ratio"]) == ("disputed", True, [1.75] * 3)


def test_ratio_words_carry_marks_of_both_sides(store: Store) -> None:
    """A ratio in words has two digits, a range where a dispute is open, and the marks of both its cells; no ratio is no words."""
    assert [ratio_words(cell) for cell in side_by_side(store, ["h20", "a1", "b100"], ["half"])["half"]] == [
        "1×",
        "5.1× d u e",
        "6.7× d",
    ]
    assert [ratio_words(cell) for cell in side_by_side(store, ["a1", "b100"], ["half"])["half"]] == ["1×", "1.3× d u e"]
    assert [
        ratio_words(cell) for cell in side_by_side(store, ["h20", "h200", "a1"], ["memory", "bandwidth"])["memory"]
    ] == ["1×", "1.4–1.5×", "0.64–0.67×"]
    assert [ratio_words(cell) for cell in side_by_side(store, ["h20", "h200"], ["bandwidth"])["bandwidth"]] == ["", ""]


def test_the_best_of_a_row(store: Store) -> None:
    """The highest value is best, equal ones are best together, one that an open dispute may lift to the top is too; power has no best."""

    def best(names: list[str], metric: str, **options: Any) -> list[bool]:
        return [cell["best"] for cell in side_by_side(store, names, [metric], **options)[metric]]

    assert best(["h20", "h200", "a1"], "half") == [False, True, False]
    assert best(["h20", "h200", "a1"], "scale_up") == [True, True, False]
    assert best(["h20", "h200"], "power") == [False, False]
    assert best(["h20", "a1"], "fp8") == [False, False]
    assert best(["node", "rack"], "half", per="chip") == [True, True]


def test_per_chip(store: Store) -> None:
    """An accelerator is divided by its chips (one if nobody counts them), a system by its accelerators; what may not be divided is empty; all is derived."""
    rows = side_by_side(store, ["h20", "h200"], ["half", "memory", "flops_per_watt", "power"], per="chip")
    assert [(cell["value"], cell["marks"]) for cell in rows["half"]] == [(148, "d"), (494.5, "d")]
    assert [(cell["value"], cell["low"], cell["high"]) for cell in rows["memory"]] == [
        (96, 96, 100),
        (70.5, 70.5, 70.5),
    ]
    assert set(rows) == {"half", "memory"}
    assert [cell["value"] for cell in side_by_side(store, ["node", "rack"], ["memory"], per="chip")["memory"]] == [
        141,
        64,
    ]


def test_per_watt_and_per_rack(store: Store) -> None:
    """Per watt divides by the design power (a system's by its whole power), per rack by its racks; where that is unknown the cell is empty; a disputed divisor disputes."""
    half = side_by_side(store, ["h20", "h200", "a2"], ["half"], per="W")["half"]
    assert [(cell["value"], cell["verdict"]) for cell in half] == [
        (0.37, "sole"),
        (989 / 700, "disputed"),
        (None, None),
    ]
    cards, _ = expand(store, ["node", "rack"])
    rows = {row["name"]: row for row in compare(cards, "cobalt/node", per="rack")}
    assert [(cell["value"], cell["low"], cell["high"], cell["shown"]) for cell in rows["half"]["cells"]] == [
        (3000, 3000, 3956, "3,000"),
        (None, None, None, None),
    ]
    assert rows["half"]["unit"] == "TFLOPS/rack"
    assert [cell["value"] for cell in side_by_side(store, ["node", "rack"], ["half"], per="W")["half"]] == [
        None,
        289_000 / 559_000,
    ]


def test_an_empty_cell_carries_no_marks(store: Store) -> None:
    """A cell that --per empties has no marks left to explain and no negative it never had."""
    cell = side_by_side(store, ["node", "rack"], ["half"], per="rack")["half"][1]
    assert (cell["value"], cell["shown"], cell["marks"]) == (None, None, "")


def test_what_does_not_add_up_is_not_divided(store: Store) -> None:
    """--per divides a full metric only if the vocabulary calls it additive, like its headline: never power or clocks per chip."""
    assert (
        side_by_side(store, ["h200", "h20"], ["power.tdp"], per="chip")
        == side_by_side(store, ["h200", "h20"], ["power"], per="chip")
        == {}
    )
    assert [
        cell["value"]
        for cell in side_by_side(store, ["h200", "h20"], ["matrix.bf16.dense"], per="chip")["matrix.bf16.dense"]
    ] == [494.5, 148]


def test_only_common(store: Store) -> None:
    """With only-common a row that one subject cannot fill is left out, a gap or not."""
    assert set(side_by_side(store, ["h20", "h200"], common=True)) == {
        "half",
        "memory",
        "scale_up",
        "power",
        "flops_per_watt",
    }
    assert {"bandwidth", "fp8", "fp4", "int8"} <= set(side_by_side(store, ["h20", "h200"]))
    assert side_by_side(store, ["t1", "t2"], ["half"]) == {}


def test_metrics_by_full_name(store: Store) -> None:
    """A full metric shows the subject's own quantity; several variants without a ruling show all and give no ratio."""
    rows = side_by_side(store, ["h200", "h20"], ["matrix.int8.dense", "memory.technology", "matrix.bf16.dense"])
    int8 = rows["matrix.int8.dense"]
    assert (int8[0]["shown"], int8[0]["verdict"], int8[0]["value"], int8[0]["low"], int8[0]["high"]) == (
        "1,000 (base) / 1,400 (boost)",
        "variants",
        None,
        1000,
        1400,
    )
    assert int8[1]["shown"] is None
    assert [cell["shown"] for cell in rows["memory.technology"]] == [None, "HBM3"]
    assert [cell["ratio"][1] for cell in rows["matrix.bf16.dense"]] == [1, 148 / 989]
    assert side_by_side(store, ["a1", "b100"], ["compute.bf16.unstated"])["compute.bf16.unstated"][0]["value"] == 752


def test_prefixes_and_groups(store: Store) -> None:
    """A prefix stands for the metrics below it, a group for its rows whatever its case."""
    known = store.rows("metrics")
    assert [row["name"] for row in wanted_rows(known, ["matrix.bf16"], None)] == [
        "matrix.bf16.dense",
        "matrix.bf16.sparse",
        "matrix.bf16.unstated",
    ]
    assert [row["name"] for row in wanted_rows(known, ["half"], "power")] == [
        "half",
        *(row["name"] for row in known if row["group"] == "Power"),
    ]


def test_unknown_metrics_and_groups_at_once(store: Store) -> None:
    """Every unknown metric and group is in one message, with near names or where to look."""
    with pytest.raises(UsageError) as caught:
        wanted_rows(store.rows("metrics"), ["halff", "half", "qqq"], "Colour")
    first, second, third = caught.value.message.split("\n")
    assert (first, second) == ("no metric 'halff'; near: half", "no metric 'qqq'; see: accel metrics")
    assert third.startswith("no group 'Colour'; one of: Headlines, ")


@pytest.mark.parametrize(
    ("names", "said", "corrected"),
    [
        (["h20", "node"], "Cobalt Node is a system and the others are accelerators", ["h20", "h200"]),
        (
            ["rack", "node", "b100"],
            "Acme Rack 384, Cobalt Node is a system and the others are accelerators",
            ["a1", "h200", "b100"],
        ),
        (
            ["a", "b100", "h", "t"],
            "8 columns are more than 6; name the ones you mean",
            ["a1", "a2", "b100", "h20", "h200", "t1"],
        ),
        (["h20"], "a comparison needs two subjects or more", []),
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, names: list[str], said: str, corrected: list[str]) -> None:
    """Systems beside accelerators, more than six columns and a single one are refused, with one corrected list of names where there is one."""
    cards, _ = expand(store, names)
    with pytest.raises(UsageError) as caught:
        check_comparable(cards)
    assert caught.value.message.startswith(said)
    assert caught.value.facts["try_"] == corrected


def test_the_corrected_list_is_itself_accepted(store: Store) -> None:
    """Pasting the corrected names gives a comparison."""
    for names in (["h20", "node"], ["a", "b100", "h", "t"]):
        with pytest.raises(UsageError) as caught:
            check_comparable(expand(store, names)[0])
        check_comparable(expand(store, caught.value.facts["try_"])[0])


def test_a_system_and_its_own_accelerator_get_no_useless_correction(store: Store) -> None:
    """A corrected line is never one that would be refused in turn: a system beside its only accelerator leaves one name."""
    with pytest.raises(UsageError) as caught:
        check_comparable(expand(store, ["h200", "node"])[0])
    assert caught.value.facts["try_"] == []
