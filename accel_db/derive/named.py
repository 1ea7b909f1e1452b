"""Named derived metrics (``specs/derived.toml``): expressions over headlines, with marks and ranges carried along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from accel_db.words import expression
from accel_db.words.errors import DataFault, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from accel_db.curate.tree import Tree
    from accel_db.derive.headline import Answer


@dataclass(frozen=True)
class NamedAnswer:
    """A derived metric of one subject, in its declared unit. ``inputs`` are the headlines it rests on."""

    name: str
    value: Decimal | None
    low: Decimal
    high: Decimal
    unit: str
    marks: str
    verdict: str | None
    ruled: bool
    inputs: tuple[str, ...]
    expression: str


def named_answers(headlines: Mapping[str, Answer], kind: str, tree: Tree) -> dict[str, NamedAnswer]:
    """Compute every declared derived metric that this subject's headlines allow."""
    found = {}
    for row in tree.derived:
        if kind in row.get("subjects", ("accelerator", "family", "system")):
            made = _compute(row["name"], row["expression"], row["unit"], headlines, tree)
            if made:
                found[made.name] = made
    return found


_parsed = lru_cache(maxsize=256)(expression.parse)
"""Every subject asks for the same few expressions."""


def _compute(name: str, text: str, unit_name: str, headlines: Mapping[str, Answer], tree: Tree) -> NamedAnswer | None:
    node = _parsed(text)
    used = expression.names(node)
    answers = {one: headlines.get(one) for one in used}
    values = {}
    for one, found in answers.items():
        if (
            found is None
            or found.claim is None
            or found.claim.marketed is None
            or found.low is None
            or found.high is None
        ):
            return None
        factor = tree.units.by_name[tree.vocabulary.headlines[one].unit].factor
        low, high = (found.claim.marketed,) * 2 if found.ruled else (found.low, found.high)
        values[one] = expression.Range(low * factor, found.claim.marketed * factor, high * factor)
    result = expression.evaluate(node, values)
    if result is None:
        return None
    factor = tree.units.by_name[unit_name].factor
    letters = {"d"}.union(*(found.marks for found in answers.values() if found))
    verdicts = [found.verdict for found in answers.values() if found]
    verdict = next((word for word in ("variants", "disputed", "sole") if word in verdicts), "agreed")
    return NamedAnswer(
        name=name,
        value=None if verdict == "variants" else result.value / factor,
        low=result.low / factor,
        high=result.high / factor,
        unit=unit_name,
        marks="".join(letter for letter in tree.vocabulary.marks if letter in letters),
        verdict=verdict,
        ruled=verdict == "disputed"
        and all(found.ruled for found in answers.values() if found and found.verdict == "disputed"),
        inputs=tuple(used),
        expression=text,
    )


def check_expressions(tree: Tree) -> None:
    """Refuse a ``derived.toml`` whose expressions name no headline or whose units do not reduce to the declared one."""
    for row in tree.derived:

        def lookup(name: str) -> expression.Known:
            headline = tree.vocabulary.headlines.get(name)
            if headline is None:
                raise UsageError(f"no headline {name!r}")
            return expression.Known(tree.units.by_name[headline.unit])

        try:
            typed = expression.check(expression.parse(row["expression"]), lookup, tree.units)
            unit = tree.units.by_name[row["unit"]]
        except (UsageError, KeyError) as error:
            raise DataFault(f"derived.toml: {row.get('name')}: {error}") from error
        if typed.base != unit.base:
            raise DataFault(f"derived.toml: {row['name']} is {expression.show_base(typed.base)}, not {row['unit']}")
