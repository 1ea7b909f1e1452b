"""`accel_db.peak`: a float in FLOP/s that says where it comes from, or an exception that says why there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import accel_db
from accel_db import Ambiguous, Disputed, NoAnswer, NotFound, Peak, UsageError, peak
from tests.conftest import clean_environment

if TYPE_CHECKING:
    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


def ask(world: World, name: str, metric: str = "half", *, strict: bool = False) -> Peak:
    """A peak of a world."""
    return peak(name, metric, strict=strict, data=str(world.data))


def test_a_peak_says_everything(fuller: World) -> None:
    """A peak is a float in FLOP/s with subject, metric, basis, verdict, marks, range, source and figure as printed."""
    value = ask(fuller, "B100", "fp8")
    assert (value, isinstance(value, float), value / 2) == (1.979e15, True, 0.9895e15)
    assert vars(value) == {
        "subject": "bolt/b100",
        "metric": "matrix.fp8.dense",
        "basis": "dense",
        "verdict": "sole",
        "marks": "d",
        "low": 1.979e15,
        "high": 1.979e15,
        "source": "bolt/b100-page",
        "url": "https://bolt.example/b100",
        "locator": "table Specifications; rows marked * with sparsity",
        "printed": "3,958 teraFLOPS",
        "note": None,
    }


@pytest.mark.parametrize(
    ("name", "metric", "flops", "basis", "verdict", "marks"),
    [
        ("h20", "half", 148e12, "dense", "sole", ""),
        ("h20", "matrix.bf16.dense", 148e12, "dense", "sole", ""),
        ("h20", "fp32", 44e12, None, "sole", ""),
        ("h20", "vector.fp32", 44e12, None, "sole", ""),
        ("h20", "compute.bf16.unstated", 148e12, "unstated", "sole", ""),
        ("甲1", "bf16", 752e12, "unstated", "sole", "due"),
        ("b100", "matrix.bf16.sparse", 1979e12, "sparse", "sole", ""),
        ("acme rack 384", "half", 289e15, "unstated", "sole", "ue"),
        ("node", "half", 6e15, "dense", "disputed", ""),
        ("bare", "half", 10e12, "dense", "sole", ""),
    ],
)
def test_peaks(
    fuller: World, name: str, metric: str, flops: float, basis: str | None, verdict: str, marks: str
) -> None:
    """Headlines and full metrics answer in FLOP/s, whatever the unit printed, with basis, verdict and marks; a family without members answers for itself."""
    value = ask(fuller, name, metric)
    assert (value, value.basis, value.verdict, value.marks) == (flops, basis, verdict, marks)


def test_a_disputed_peak_has_its_range(fuller: World) -> None:
    """Without strict a disputed value is given with the ends of its dispute."""
    value = ask(fuller, "node")
    assert (value.low, value.high) == (6e15, 7.912e15)


def test_names_that_nothing_answers_to(fuller: World) -> None:
    """An unknown name is not found, with near names; H2 never becomes H20."""
    with pytest.raises(
        NotFound, match=r"no accelerator, system or family 'H2'; near: cobalt/h20, cobalt/h200, cobalt/h$"
    ):
        ask(fuller, "H2")


def test_a_family_is_ambiguous(fuller: World) -> None:
    """A family whose members differ, or of which only one is known, is ambiguous, and the message has their values."""
    with pytest.raises(Ambiguous) as caught:
        ask(fuller, "h")
    assert caught.value.message == "'h' is a family; half in TFLOPS: cobalt/h20 148, cobalt/h200 989"
    assert caught.value.facts["candidates"] == ["cobalt/h20", "cobalt/h200"]
    with pytest.raises(Ambiguous):
        ask(fuller, "solo")


def test_a_family_whose_members_agree_answers(fuller: World) -> None:
    """Where all members agree on value and basis the family answers, and the note says so."""
    value = ask(fuller, "h", "fp32")
    assert (value, value.note) == (44e12, "h is a family; all its members agree: cobalt/h20, cobalt/h200")


def test_a_family_of_which_one_member_has_no_value(fuller: World) -> None:
    """A member without a value does not agree: the family fails as a family, naming its members."""
    with pytest.raises(Ambiguous) as caught:
        ask(fuller, "a")
    assert caught.value.facts["candidates"] == ["acme/a1", "acme/a2"]


@pytest.mark.parametrize("metric", ["int8", "matrix.int8.dense"])
@pytest.mark.parametrize("strict", [False, True])
def test_several_true_variants_are_ambiguous(fuller: World, metric: str, strict: bool) -> None:
    """Where several variants are true none of them is picked, by headline or by full metric."""
    with pytest.raises(Ambiguous, match=r"H200 has several true values: .*1,000.*1,400"):
        ask(fuller, "h200", metric, strict=strict)


@pytest.mark.parametrize(
    ("name", "metric", "said", "claims"),
    [
        ("node", "half", "half of Cobalt Node is disputed, 6,000–7,912 TFLOPS", 2),
        ("a1", "half", "half of A1 is sparsity unstated, engine unstated", 2),
        ("rack", "bf16", "bf16 of Acme Rack 384 is sparsity unstated, engine unstated", 2),
    ],
)
def test_strict(fuller: World, name: str, metric: str, said: str, claims: int) -> None:
    """Strict refuses disputed values and stand-ins, says why and carries the claims; a derived value alone is no stand-in."""
    with pytest.raises(Disputed) as caught:
        ask(fuller, name, metric, strict=True)
    assert (caught.value.message, len(caught.value.facts["claims"])) == (said, claims)
    assert ask(fuller, "b100", "half", strict=True).marks == "d"


@pytest.mark.parametrize(
    ("name", "metric", "said"),
    [
        ("h20", "fp4", "fp4 of H20 is not supported"),
        ("h20", "matrix.fp4.dense", "matrix.fp4.dense of H20 is not supported"),
        ("h20", "int8", "int8 of H20 is not known"),
        ("t1", "half", "half of T1 is not known"),
        ("h200", "matrix.fp4.dense", "matrix.fp4.dense of H200 is not known; known: "),
        ("t1", "vector.fp32", "vector.fp32 of T1 is not known; known: none"),
    ],
)
def test_no_answer(fuller: World, name: str, metric: str, said: str) -> None:
    """A gap and a sourced negative are told apart; neither gives a number."""
    with pytest.raises(NoAnswer) as caught:
        ask(fuller, name, metric)
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize(
    ("metric", "said"),
    [("memory", "'memory' is no peak rate; one of: half, bf16, "), ("bf1", "'bf1' is no peak rate; near: bf16")],
)
def test_what_is_no_peak(fuller: World, metric: str, said: str) -> None:
    """A metric that is no rate is a mistake of the caller's."""
    with pytest.raises(UsageError) as caught:
        ask(fuller, "h20", metric)
    assert caught.value.message.startswith(said)


def test_peak_is_light(fuller: World) -> None:
    """Importing and calling accel_db.peak in a fresh interpreter loads neither duckdb nor pydantic nor the command line."""
    code = "import json, sys; from accel_db import peak; value = peak('h20'); print(json.dumps([value, sorted(sys.modules)]))"
    environment = {**clean_environment(), "ACCEL_DB_DATA": str(fuller.data)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    value, modules = json.loads(done.stdout)
    assert value == 148e12
    assert {"duckdb", "pydantic", "typer", "rich", "lark", "decimal", "dataclasses", "typing"} & set(modules) == set()


def test_the_package_offers_what_it_lists() -> None:
    """Every public name can be had, and another is an AttributeError."""
    assert all(getattr(accel_db, name) is not None for name in accel_db.__all__)
    assert set(accel_db.__all__) <= set(dir(accel_db))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        accel_db.nothing  # noqa: B018
