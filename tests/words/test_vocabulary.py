"""What a dotted metric name means, walked from data."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accel_db.words.errors import Unreadable
from accel_db.words.vocabulary import SUBJECTS, Headline, Kind, Metric, read_vocabulary

REAL = read_vocabulary(
    tomllib.loads((Path(__file__).resolve().parents[2] / "specs" / "metrics.toml").read_text(encoding="utf-8"))
)


def small() -> dict[str, Any]:
    """The data of a vocabulary of two families and three headlines."""
    return {
        "groups": ["Compute", "Links"],
        "per": ["chip"],
        "stages": ["plain"],
        "access": ["full"],
        "absent": ["none"],
        "axes": {"sparsity": ["dense", "unstated"], "direction": ["one_way", "unstated"]},
        "format": [{"name": "bf16", "label": "BF16"}, {"name": "int8", "label": "INT8", "unit": "TOPS"}],
        "kind": [
            {"name": "datasheet", "rank": 1, "label": "data sheet", "short": "sheet", "maker": True},
            {"name": "press", "rank": 9, "label": "press", "short": "press"},
        ],
        "marks": {"d": "derived"},
        "family": [
            {
                "name": f"{engine}.<format>.<sparsity>",
                "label": "{format}, {sparsity}",
                "definition": "Peak.",
                "group": "Compute",
                "unit": "TFLOPS",
                "additive": True,
                "range": ["0.1", "9"],
            }
            for engine in ("matrix", "compute", "combined")
        ]
        + [
            {
                "name": "link.<direction>",
                "label": "Link, {direction}",
                "definition": "Link.",
                "group": "Links",
                "unit": "GB/s",
                "subjects": ["system"],
                "system_range": ["1", "2"],
            },
            {
                "name": "vector.<format>",
                "label": "{format} vector",
                "definition": "Other.",
                "group": "Compute",
                "unit": "TFLOPS",
                "exact": True,
                "marketed": True,
            },
            {
                "name": "memory.kind",
                "label": "Kind",
                "definition": "Kind.",
                "group": "Links",
                "type": "text",
                "dated": True,
                "values": ["a", "b"],
                "spellings": [["a", "A"], ["b"]],
            },
        ],
        "headline": [
            {"name": "int8", "label": "INT8", "formats": ["int8"], "better": "higher", "default": True},
            {"name": "any", "label": "Any", "any_of": ["int8"]},
            {"name": "link", "label": "Link", "metrics": ["link.one_way"], "subjects": ["system"]},
            {"name": "late", "label": "Late", "any_of": ["later"]},
        ],
    }


def metric(**changes: Any) -> Metric:
    """The metric ``matrix.int8.unstated`` of the small vocabulary, with changes."""
    fields: dict[str, Any] = {
        "name": "matrix.int8.unstated",
        "family": "matrix.<format>.<sparsity>",
        "label": "INT8, sparsity unstated",
        "definition": "Peak.",
        "group": "Compute",
        "type": "number",
        "unit": "TOPS",
        "additive": True,
        "exact": False,
        "marketed": False,
        "dated": False,
        "engine": "matrix",
        "format": "int8",
        "sparsity": "unstated",
        "direction": None,
        "range": (Decimal("0.1"), Decimal(9)),
        "system_range": None,
        "subjects": SUBJECTS,
        "values": (),
        "spellings": (),
        "order": 3,
        "workload": False,
        "per": (),
    }
    return Metric(**fields | changes)


def test_a_family_fills_its_axes_in_order() -> None:
    """Every filling of the axes is one metric, in declared order, with its label, unit, engine and range."""
    read = read_vocabulary(small())
    assert list(read.metrics)[:4] == [
        "matrix.bf16.dense",
        "matrix.bf16.unstated",
        "matrix.int8.dense",
        "matrix.int8.unstated",
    ]
    assert read.metrics["matrix.int8.unstated"] == metric()


@pytest.mark.parametrize(
    "expected",
    [
        metric(
            name="link.unstated",
            family="link.<direction>",
            label="Link, direction unstated",
            definition="Link.",
            group="Links",
            unit="GB/s",
            additive=False,
            engine=None,
            format=None,
            sparsity=None,
            direction="unstated",
            range=None,
            system_range=(Decimal(1), Decimal(2)),
            subjects=("system",),
            order=13,
        ),
        metric(
            name="vector.bf16",
            family="vector.<format>",
            label="BF16 vector",
            definition="Other.",
            unit="TFLOPS",
            additive=False,
            exact=True,
            marketed=True,
            engine="vector",
            format="bf16",
            sparsity=None,
            range=None,
            order=14,
        ),
        metric(
            name="memory.kind",
            family="memory.kind",
            label="Kind",
            definition="Kind.",
            group="Links",
            type="text",
            unit=None,
            additive=False,
            dated=True,
            engine=None,
            format=None,
            sparsity=None,
            range=None,
            values=("a", "b"),
            spellings=(("a", "A"), ("b",)),
            order=16,
        ),
    ],
    ids=lambda expected: expected.name,
)
def test_each_sort_of_family(expected: Metric) -> None:
    """Directions, vector engines and texts keep all that their family declares."""
    assert read_vocabulary(small()).metrics[expected.name] == expected


def test_headlines_list_their_candidates() -> None:
    """A headline of formats is answered dense before unstated, exact format first, by matrix, compute, combined; others by what they name."""
    tops = tuple(
        f"{engine}.int8.{basis}" for basis in ("dense", "unstated") for engine in ("matrix", "compute", "combined")
    )
    assert read_vocabulary(small()).headlines == {
        "int8": Headline("int8", "INT8", "higher", True, SUBJECTS, ("int8",), tops, (), "TOPS", 0),
        "any": Headline("any", "Any", None, False, SUBJECTS, (), (), ("int8",), "TOPS", 1),
        "link": Headline("link", "Link", None, False, ("system",), (), ("link.one_way",), (), "GB/s", 2),
        "late": Headline("late", "Late", None, False, SUBJECTS, (), (), ("later",), "TFLOPS", 3),
    }


def test_kinds_and_prefixes() -> None:
    """Kinds keep rank and maker; every beginning of a metric's name is a prefix."""
    read = read_vocabulary(small())
    assert read.kinds == {
        "datasheet": Kind("datasheet", 1, "data sheet", "sheet", True),
        "press": Kind("press", 9, "press", "press", False),
    }
    assert set(read.prefixes) == {
        f"{engine}{rest}" for engine in ("matrix", "compute", "combined") for rest in ("", ".bf16", ".int8")
    } | {"link", "vector", "memory"}
    assert read.prefixes["matrix"] is next(one for name, one in read.metrics.items() if name.startswith("matrix."))


@pytest.mark.parametrize("key", ["groups", "axes", "format", "kind", "family", "headline", "marks"])
def test_a_missing_key_is_named(key: str) -> None:
    """A vocabulary without one of its parts raises the name of the part."""
    data = small()
    del data[key]
    with pytest.raises(KeyError, match=key):
        read_vocabulary(data)


@pytest.mark.parametrize(
    ("name", "message", "cure"),
    [
        (
            "matrix.bf16",
            "metric 'matrix.bf16' lacks its basis",
            "say which; 'unstated' is a legal word: matrix.bf16.dense, matrix.bf16.sparse, matrix.bf16.unstated",
        ),
        (
            "memory",
            "metric 'memory' lacks its basis",
            "say which; 'unstated' is a legal word: memory.bandwidth, memory.bus_width, memory.capacity, memory.fast, memory.pin_rate, memory.stacks …",
        ),
        (
            "memory.capasity",
            "unknown metric 'memory.capasity'",
            "near: memory.capacity, far_memory.capacity, memory.fast, memory.pin_rate",
        ),
        ("zzz", "unknown metric 'zzz'", "see specs/metrics.toml"),
    ],
)
def test_a_name_that_is_no_metric(name: str, message: str, cure: str) -> None:
    """A name without its basis lists the bases; an unknown one lists what is near."""
    with pytest.raises(Unreadable) as caught:
        REAL.metric(name)
    assert (caught.value.message, caught.value.cure) == (message, cure)


@pytest.mark.parametrize(
    ("name", "basis", "other"),
    [
        ("matrix.bf16.sparse", "sparse", "matrix.bf16.dense"),
        ("matrix.unstated.unstated", "unstated", "matrix.unstated.dense"),
    ],
)
def test_another_basis(name: str, basis: str, other: str) -> None:
    """A metric knows its basis and the name of itself on another one."""
    found = REAL.metric(name)
    assert (found.basis, found.with_basis("dense")) == (basis, other)


def test_the_real_vocabulary_holds_together() -> None:
    """Every headline's metrics exist, are of one unit, and any_of names headlines."""
    loose = [
        one.name
        for one in REAL.headlines.values()
        if {REAL.metric(name).unit for name in one.metrics} - {one.unit}
        or any(name not in REAL.headlines for name in one.any_of)
        or not (one.metrics or one.any_of)
    ]
    assert loose == []
