"""Tries rules of export control on numbers: which paragraph is met, which may be, and how far every threshold is. Knows no rule by name.

A number is known as its lowest and highest value. A rule is tried at every value at which its answer could change, so the answers
found are all that the numbers allow and none besides.
"""

from __future__ import annotations

import itertools
import math
import operator
from typing import TYPE_CHECKING, Any

from accel_db.words.dates import read_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

Row = dict[str, Any]
Ends = tuple[float | None, float | None]
BOUNDS = {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le, "below": operator.lt}
"""What the words of a condition demand."""
ANNOUNCED, SUPERSEDED = "announced", "superseded"


def state_of(rule: Row, rules: Sequence[Row], day: date) -> str | None:
    """What a rule is on a day: announced, in force, superseded or whatever it says of itself; None before it was known."""
    if day < read_date(rule["announced"]).start:
        return None
    if day < read_date(rule["effective"]).start:
        return ANNOUNCED
    if any(rule["id"] in one["supersedes"] and read_date(one["effective"]).start <= day for one in rules):
        return SUPERSEDED
    later = [one["state"] for one in rule["status"] if read_date(one["on"]).start <= day]
    return str(later[-1] if later else rule["state"])


def computable(rule: Row, quantities: Mapping[str, Row]) -> bool:
    """Whether a rule asks for anything of an accelerator."""
    asked = [need["quantity"] for test in rule["test"] for need in test["needs"]]
    return bool(asked) and all(quantities[name]["kind"] != "outside" for name in asked)


def tried(
    rule: Row, base: Row | None, known: Mapping[str, Ends], words: Mapping[str, str]
) -> tuple[list[str | None], dict[str, str]]:
    """The ids of every test that may answer, in order, None (last) where none may; and of each test: met, not met, not decidable.

    ``known`` has the ends of each number, ``words`` the words; ``base`` is the rule whose paragraphs this one builds upon.
    """
    found: set[str | None] = set()
    tests, below = _compiled(rule["test"]), _compiled(base["test"] if base else [])
    held: dict[str, set[bool]] = {id_: set() for id_, _ in tests}
    for point in _points([*rule["test"], *(base["test"] if base else [])], known):
        here: dict[str, Any] = {**words, **point}
        here["paragraph"] = next((id_ for id_, clauses in below if _met(clauses, here)), "")
        met = [_met(clauses, here) for _, clauses in tests]
        for (id_, _), one in zip(tests, met, strict=True):
            held[id_].add(one)
        found.add(next((id_ for (id_, _), one in zip(tests, met, strict=True) if one), None))
    order = list(held)
    told = {
        one: "not decidable" if len(seen) > 1 else "met" if True in seen else "not met" for one, seen in held.items()
    }
    return sorted(found, key=lambda one: len(order) if one is None else order.index(one)), told


Clause = tuple[str, "Callable[[Any, Any], bool]", Any]


def _compiled(tests: Sequence[Row]) -> list[tuple[str, list[Clause]]]:
    """Tests as clauses: a name, what must hold, and the bound or the words; a rule is tried at many points."""
    made = []
    for test in tests:
        clauses: list[Clause] = []
        for need in test["needs"]:
            if need["one_of"]:
                clauses.append((need["quantity"], _among, need["one_of"]))
            bounds = ((holds, need[word]) for word, holds in BOUNDS.items())
            clauses += [(need["quantity"], holds, float(bound)) for holds, bound in bounds if bound is not None]
        made.append((test["id"], clauses))
    return made


def _among(word: str, words: Sequence[str]) -> bool:
    return word in words


def _met(clauses: Sequence[Clause], values: Mapping[str, Any]) -> bool:
    return all(holds(values[name], bound) for name, holds, bound in clauses)


def bounds_of(tests: Sequence[Row]) -> list[tuple[str, str, float]]:
    """Every bound of some tests once: quantity, word, number; by quantity and number."""
    found = {
        (need["quantity"], word, float(need[word]))
        for test in tests
        for need in test["needs"]
        for word in BOUNDS
        if need[word] is not None
    }
    return sorted(found, key=lambda one: (one[0], one[2], one[1]))


def _points(tests: Sequence[Row], known: Mapping[str, Ends]) -> Iterator[dict[str, float]]:
    """Every combination of values at which some test may turn out otherwise."""
    limits: dict[str, list[float]] = {}
    for name, _, number in bounds_of(tests):
        limits.setdefault(name, []).append(number)
    names = list(limits)
    for values in itertools.product(*(_values(known.get(name, (None, None)), limits[name]) for name in names)):
        yield dict(zip(names, values, strict=True))


def _values(ends: Ends, limits: Sequence[float]) -> list[float]:
    """The ends of a number, every limit between them, and a value between any two of these."""
    low = 0.0 if ends[0] is None else ends[0]
    high = math.inf if ends[1] is None else ends[1]
    marks = sorted({low, *(limit for limit in limits if low <= limit <= high)})
    if high not in marks:
        marks.append(high)
    between = [left + 1 if right == math.inf else (left + right) / 2 for left, right in itertools.pairwise(marks)]
    return [*marks, *between]


def margins(tests: Sequence[Row], measured: Mapping[str, Row], within: Mapping[str, Ends]) -> list[Row]:
    """How far each number is from every bound of some tests, in its unit and per cent; both ends where it has two.

    ``within`` has the ends of each number with its usual spread: they say on which ``side`` it is, or that this is not decidable.
    """
    rows = []
    for name, number in dict.fromkeys((name, number) for name, _, number in bounds_of(tests)):
        one = measured.get(name)
        if one is None:
            continue
        rows.append(
            {
                "quantity": name,
                "threshold": _plain(number),
                **{key: _margin(one[key], number) for key in ("low", "value", "high")},
                "percent": None if one["value"] is None else round(100 * (one["value"] / number - 1), 2),
                "side": _side(within[name], number),
            }
        )
    return rows


def _margin(value: float | None, number: float) -> float | None:
    return None if value is None else _plain(round(value - number, 6))


def _side(ends: Ends, number: float) -> str:
    """On which side of a threshold a number lies, if both its ends do."""
    low, high = ends
    if low is not None and low >= number:
        return "at or above"
    if high is not None and high < number:
        return "below"
    return "not decidable"


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number
