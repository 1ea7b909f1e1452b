"""Accelerators under the rules of a day, beside what their makers publish: from spec files to answers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from accel_db.catalog.controls import controls, every
from accel_db.catalog.controls_check import checked
from accel_db.catalog.store import Store
from accel_db.catalog.timeline import timeline
from accel_db.words.errors import NoAnswer, NotFound, UsageError
from tests.conftest import World
from tests.ruled_world import accelerator, figure

NOW = date(2026, 11, 22)
SILICON = figure("die.area", "600 mm²") + figure("process.node", "4N")


def store_of(world: World) -> Store:
    world.build()
    return Store(str(world.data))


def answers(store: Store, name: str, rule: str, day: date = NOW, datacentre: str | None = None) -> dict[str, Any]:
    """What a rule of a day says of a part, by use: as computed, within the tolerance, with the maker's TPP."""
    (found,) = controls(store, [name], day, datacentre)["reports"]
    told = next(one for one in found["rules"] if one["id"] == rule)
    return {one["datacentre"]: (one["paragraph"], one["possible"], one["makers"]) for one in told["branches"]}


def test_both_branches_unless_the_use_is_given(ruled: World) -> None:
    """A part below 4,800 is controlled in a data centre and free elsewhere; with the use given there is one answer."""
    accelerator(ruled, "x1", figure("matrix.int8.dense", "400 TOPS") + SILICON)
    store = store_of(ruled)
    controlled = (["3A090.b.1"], ["3A090.b.1"], None)
    assert answers(store, "x1", "us-2023-11") == {
        "yes": controlled,
        "no": (["Note 2 to 3A090"], ["Note 2 to 3A090"], None),
    }
    assert answers(store, "x1", "us-2023-11", datacentre="yes") == {"yes": controlled}


def test_the_usual_spread_makes_a_close_answer_undecidable(ruled: World) -> None:
    """Of 4,700 a maker may have 4,800 and more (-6 %), of 4,500 not; of 4,850 it may have less (+3 %), of 4,950 not."""
    for name, rate in (("x1", "587.5"), ("x2", "562.5"), ("x3", "606.25"), ("x4", "618.75")):
        accelerator(ruled, name, figure("matrix.int8.dense", f"{rate} TOPS"))
    store = store_of(ruled)
    found = {name: answers(store, name, "us-2023-11")["no"][1] for name in ("x1", "x2", "x3", "x4")}
    note, over = "Note 2 to 3A090", "3A090.a.1"
    assert found == {"x1": [note, over], "x2": [note], "x3": [note, over], "x4": [over]}


def test_the_makers_own_tpp_stands_beside_and_has_no_spread(ruled: World) -> None:
    """Ours is 2,395, within the spread of 2,400; the maker's 2,392 is below it."""
    figures = figure("matrix.int8.dense", "299.4 TOPS") + SILICON + figure("export.tpp", "2,392")
    accelerator(ruled, "x1", figures)
    assert answers(store_of(ruled), "x1", "us-2023-11")["yes"] == (
        ["3A090.b.2"],
        ["3A090.b.1", "3A090.b.2"],
        ["3A090.b.2"],
    )


def test_the_same_part_under_the_rules_of_two_days(ruled: World) -> None:
    """A slower link freed a part until 2023-11-16; from the next day its TPP alone counts."""
    figures = figure("matrix.int8.dense", "624 TOPS") + figure("scale_up.bandwidth.both_ways", "400 GB/s")
    accelerator(ruled, "x1", figures)
    store = store_of(ruled)
    assert answers(store, "x1", "us-2022-10", date(2023, 11, 16))["yes"] == ([None], [None], None)
    assert answers(store, "x1", "us-2023-11", date(2023, 11, 17))["yes"] == (["3A090.a.1"], ["3A090.a.1"], None)
    with pytest.raises(StopIteration):
        answers(store, "x1", "us-2022-10", date(2023, 11, 17))


def test_tpp_is_low_value_and_high_in_json(ruled: World) -> None:
    """The document carries all three, numbers open at an end as null, the caution and the sources of the rules."""
    ruled.build()
    done = ruled.run("controls", "b100", "--json", "--as-of", "2023-12-01")
    document = json.loads(done.stdout)
    (report,) = document["reports"]
    assert report["tpp"] == {"low": 15832, "value": 15832, "high": 15832}
    assert report["density"] == {"low": None, "value": None, "high": None}
    assert [rule["id"] for rule in report["rules"]] == ["us-2023-11", "us-2023-11-nac"]
    assert "no legal advice" in document["caution"]
    assert document["sources"]["press/2025-a1"]["url"] == "https://dailychip.example/2025/a1"


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "md"])
def test_every_form_is_written(ruled: World, form: str) -> None:
    """Of one part, of all, and of the dated list; nothing but data on stdout."""
    accelerator(ruled, "x1", figure("matrix.int8.dense", "400 TOPS") + figure("export.eccn", "4A090.b"))
    ruled.build()
    for argv in (["controls", "x1"], ["controls", "--all"], ["controls", "--check"], ["timeline"], ["timeline", "x1"]):
        done = ruled.run(*argv, "--format", form)
        assert (done.returncode, done.stderr) == (0, ""), argv
        assert "2026.1" in done.stdout
        if form == "table":
            assert "no legal advice" in done.stdout


def test_the_terminal_shows_inputs_paragraph_and_margins(ruled: World) -> None:
    """A whole answer: candidates with the printed figure, measures, rules, margins, sources."""
    figures = figure("matrix.int8.dense", "296 TOPS") + SILICON + figure("memory.bandwidth", "4 TB/s")
    accelerator(ruled, "x1", figures)
    ruled.build()
    told = ruled.run("controls", "x1", "--as-of", "2023-12-01").stdout.splitlines()
    assert told[:4] == [
        "X1  (bolt/x1) under the rules of 2023-12-01",
        "",
        "format  engine  dense TFLOPS/TOPS  bits    TPP  as printed",
        'INT8    matrix                296     8  2,368  "296 TOPS" [1]',
    ]
    (density,) = [line.split() for line in told if line.startswith("density ")]
    assert density[:4] == ["density", "3.95", "[1]", "TPP"]
    assert any(line.startswith("us-2023-11      in force  3A090.b.2; not decidable: 3A090.b.1 within") for line in told)
    assert ["us-2023-11", "tpp", "2,400", "-32", "-1.3", "%", "not", "decidable"] in [line.split() for line in told]


def test_what_is_no_accelerator_is_refused(ruled: World) -> None:
    """A system offers its accelerators; a family is expanded; an unknown name has near ones; without rules there is no answer."""
    store = store_of(ruled)
    with pytest.raises(UsageError, match="rules ask for accelerators, per package; built from acme/a1"):
        controls(store, ["rack"], NOW)
    with pytest.raises(NotFound):
        controls(store, ["a3"], NOW)
    assert [one["id"] for one in controls(store, ["a"], NOW)["reports"]] == ["acme/a1", "acme/a2"]
    assert [one["id"] for one in every(store, NOW)["reports"]] == ["acme/a1", "acme/a2", "bolt/b100"]


def test_a_build_without_rules_says_so(built: World) -> None:
    """The command answers no, with a reason."""
    with pytest.raises(NoAnswer, match="no rules of export control"):
        every(Store(str(built.data)), NOW)
    done = built.run("controls", "--all")
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "controls needs names, --all or --check, and one of them only"),
        (["b100", "--all"], "controls needs names, --all or --check, and one of them only"),
        (["b100", "--as-of", "yesterday"], "--as-of 'yesterday' is no day such as 2023-12-01"),
        (["b100", "--datacentre", "maybe"], "'maybe' is not one of yes, no"),
    ],
)
def test_mistakes_are_usage_errors(ruled: World, argv: list[str], message: str) -> None:
    """Exit 2 and a sentence."""
    ruled.build()
    done = ruled.run("controls", *argv)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_makers_figures_and_labels_are_checked(ruled: World) -> None:
    """Within the tolerance or not, labels by use, a family's label for its members; what contradicts makes the exit code 1."""
    accelerator(ruled, "near", figure("matrix.int8.dense", "624 TOPS") + figure("export.tpp", "4,989"))
    accelerator(ruled, "far", figure("matrix.int8.dense", "624 TOPS") + figure("export.tpp", "4,000"))
    accelerator(ruled, "label", figure("matrix.int8.dense", "400 TOPS") + SILICON + figure("export.eccn", "4A090.b"))
    accelerator(ruled, "wrong", figure("matrix.int8.dense", "900 TOPS") + figure("export.eccn", "4A994.l"))
    store = store_of(ruled)
    rows = {one["id"]: one for one in checked(store, NOW)["rows"]}
    assert [(rows[f"bolt/{name}"]["difference"], rows[f"bolt/{name}"]["within"]) for name in ("near", "far")] == [
        (0.06, True),
        (24.8, False),
    ]
    assert rows["bolt/label"]["agreement"] == {"yes": "agrees", "no": "contradicts"}
    assert rows["bolt/label"]["verdict"] == "agrees: in a data centre"
    assert rows["bolt/wrong"]["verdict"] == "contradicts"
    done = ruled.run("controls", "--check")
    assert done.returncode == 1
    assert "1 of 2 figures within -6 % to +3 % of the maker's own" in done.stdout


def test_the_timeline_tells_what_each_rule_said_on_its_day(ruled: World) -> None:
    """Rules, their announcement and end, launches, and of a part asked for the answer of every rule as it took effect."""
    figures = figure("matrix.int8.dense", "624 TOPS") + figure("scale_up.bandwidth.both_ways", "400 GB/s")
    accelerator(ruled, "x1", figures + figure("date.announced", "March 2022"))
    entries = timeline(store_of(ruled), ["x1"], NOW)["entries"]
    assert [one["on"] for one in entries] == sorted(one["on"] for one in entries)
    assert (entries[0]["kind"], entries[0]["what"], entries[0]["on"]) == ("launch", "X1: announced", "2022-03")
    said = {one["rule"]: one["answers"][0]["rule"]["branches"][0]["paragraph"] for one in entries if one.get("answers")}
    assert (said["us-2022-10"], said["us-2023-11"]) == ([None], ["3A090.a.1"])
    assert sum("superseded by" in one["what"] for one in entries) == 2
    told = ruled.run("timeline", "x1").stdout
    assert "bolt/x1: 3A090.a.1" in told
