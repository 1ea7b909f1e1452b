"""``peak("h100-sxm5", "bf16")``: one importable peak table, in FLOP/s, that refuses to guess. Imports neither duckdb nor pydantic."""

from __future__ import annotations

from accel_db.catalog.cells import cell_of
from accel_db.catalog.resolve import find, unknown
from accel_db.catalog.store import Store
from accel_db.words.errors import Ambiguous, Disputed, NoAnswer, UsageError
from accel_db.words.near import near_names
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FACTORS = {"TFLOPS": 1e12, "TOPS": 1e12}
"""Units a peak may be in, to operations a second."""
ENGINES = ("matrix", "vector", "compute", "combined")
"""Families of metrics that are peak rates."""
MARKED = "ufecpmsr"
"""Marks of a stand-in, or of what is not plainly stated: what ``strict`` refuses besides disputes."""
FEWEST_MEMBERS = 2
"""A family of which only one member is known cannot be said to agree."""


class Peak(float):
    """A peak rate in FLOP/s (integer formats: OP/s) that says where it comes from.

    Attributes: ``subject`` (id), ``metric``, ``basis`` (dense, unstated …), ``verdict`` (sole, agreed, disputed), ``marks``
    (d derived, u sparsity unstated, f other format, e engine unstated, c engines combined; p preliminary, m measured, s estimated, r rumoured), ``low`` and ``high`` in FLOP/s,
    ``source`` (key), ``url``, ``locator``, ``printed``, ``note``.
    """

    subject: str
    metric: str
    basis: str | None
    verdict: str
    marks: str
    low: float
    high: float
    source: str
    url: str
    locator: str
    printed: str | None
    note: str | None


def peak(name: str, metric: str = "half", *, strict: bool = False, data: str | None = None) -> Peak:
    """The peak rate of one accelerator or system.

    Args:
        name: an id, name, alias, or what ``torch.cuda.get_device_name()`` returns; case, spaces and hyphens do not count.
        metric: a peak headline ("half", "bf16", "fp8", "int8", "fp32" …) or a full metric ("matrix.bf16.dense").
        strict: refuse disputed values, stand-ins, and what is preliminary, estimated or rumoured.
        data: folder of built data; the package's own by default.

    Returns:
        A `Peak`: a float in FLOP/s with its basis, verdict and source.

    Raises:
        NotFound: nothing answers to the name; the message has near names.
        Ambiguous: a family whose members differ, or several variants are true.
        Disputed: ``strict``, and the value is disputed or stood in for.
        NoAnswer: no value is known.
        UsageError: the metric is no peak rate.
        DataFault: there is no built data.

    """
    store = Store(data)
    found = find(store, name)
    if found is None:
        raise unknown(store, [name])
    kind, subject = found
    card = store.card(subject)
    if kind != "family" or not card["members"]:
        return _peak(card, metric, strict)
    peaks, gaps = [], []
    for member in card["members"]:
        try:
            peaks.append(_peak(store.card(member["id"]), metric, strict))
        except NoAnswer as error:
            gaps.append(error)
    if not peaks:
        raise gaps[0]
    agree = len(set(peaks)) == 1
    if gaps or len(peaks) < FEWEST_MEMBERS or not agree:
        listed = ", ".join(f"{one.subject} {one / 1e12:g}" for one in peaks)
        raise Ambiguous(
            f"{name!r} is a family; {metric} in TFLOPS: {listed}",
            name=name,
            candidates=[member["id"] for member in card["members"]],
        )
    # The same number on bases of which some are unstated: answered by the one that claims least.
    least = max(peaks, key=lambda one: len(one.marks))
    least.note = f"{name} is a family; all its members agree: {', '.join(one.subject for one in peaks)}"
    return least


def _peak(card: dict[str, Any], metric: str, strict: bool) -> Peak:
    row, claim = _answer(card, metric)
    if row["verdict"] == "variants":
        raise Ambiguous(
            f"{metric} of {card['name']} has several true values: {row['shown']}; name the variant",
            name=card["id"],
            candidates=[],
        )
    stand_in = [card["marks"][letter] for letter in row["marks"] if letter in MARKED]
    if strict and (row["verdict"] == "disputed" or stand_in):
        why = (
            f"disputed, {row['spread'] or row['shown']} {row['unit']}"
            if row["verdict"] == "disputed"
            else ", ".join(stand_in)
        )
        raise Disputed(
            f"{metric} of {card['name']} is {why}",
            name=card["id"],
            claims=[card["claims"][place] for place in _places(card, row)],
        )
    factor = FACTORS[row["unit"]]
    value = Peak(row["value"] * factor)
    value.subject, value.metric, value.basis = card["id"], row["metric"], row["basis"]
    value.verdict, value.marks = row["verdict"], row["marks"]
    value.low, value.high = (row["low"] or row["value"]) * factor, (row["high"] or row["value"]) * factor
    value.source, value.locator, value.printed = claim["source"], claim["locator"], claim["printed"]
    value.url, value.note = card["sources"][claim["source"]]["url"], claim["note"]
    return value


def _answer(card: dict[str, Any], metric: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The cell that answers, with its leading claim."""
    cell = cell_of(card, metric)
    known = [row["headline"] for row in card["headlines"] if row["unit"] in FACTORS]
    rates = [row["metric"] for row in card["quantities"] if row["unit"] in FACTORS and row["per"] == card["own_per"]]
    if metric not in known and metric.partition(".")[0] not in ENGINES:
        near = near_names(metric, [*known, *rates])
        listed = f"near: {', '.join(near)}" if near else f"one of: {', '.join(known)}"
        raise UsageError(f"{clipped(metric)!r} is no peak rate; {listed}")
    if cell["claim"] is None or cell["absent"]:
        told = cell["absent"] or f"not known; known: {', '.join(dict.fromkeys(rates)) or 'none'}"
        raise NoAnswer(f"{clipped(metric)} of {card['name']} is {told}", name=card["id"])
    return cell, card["claims"][cell["claim"]]


def _places(card: dict[str, Any], row: dict[str, Any]) -> list[int]:
    return [
        place for quantity in card["quantities"] if quantity["metric"] == row["metric"] for place in quantity["claims"]
    ]
