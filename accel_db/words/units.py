"""Units of measurement: printed spellings, exact factors, and the reduction of products and quotients.

The units themselves are data (``specs/units.toml``, or the ``unit`` table of a built database); nothing here knows one by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from accel_db.words.errors import Unreadable
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Base = tuple[tuple[str, int], ...]
"""A dimension as sorted powers of base units: bytes per second is ``(("byte", 1), ("s", -1))``."""


@dataclass(frozen=True)
class Unit:
    """One unit. ``factor`` takes it to base units exactly; ``marketed`` does so with GB and GiB made equal."""

    name: str
    dimension: str
    factor: Decimal
    marketed: Decimal
    base: Base


class Units:
    """All declared units, by every printed spelling."""

    def __init__(self, dimensions: Mapping[str, Mapping[str, int]], rows: Iterable[Mapping[str, object]]) -> None:
        """Take the dimensions (name to powers of base units) and one mapping per unit.

        A row has ``name``, ``dimension``, ``factor`` (text), optional ``marketed`` (text) and ``spellings``.
        """
        self.dimensions: dict[str, Base] = {name: tuple(sorted(powers.items())) for name, powers in dimensions.items()}
        self.by_name: dict[str, Unit] = {}
        self.by_spelling: dict[str, Unit] = {}
        for row in rows:
            factor = exact(str(row["factor"]), f"factor of {row['name']}")
            unit = Unit(
                name=str(row["name"]),
                dimension=str(row["dimension"]),
                factor=factor,
                marketed=exact(str(row.get("marketed") or factor), f"marketed of {row['name']}"),
                base=self.dimensions[str(row["dimension"])],
            )
            self.by_name[unit.name] = unit
            spellings = row.get("spellings")
            for spelling in [unit.name, *(spellings if isinstance(spellings, list) else [])]:
                self.by_spelling[spelling] = unit

    def find(self, spelling: str) -> Unit:
        """The unit a text spells, or `Unreadable` with the nearest spellings."""
        unit = self.by_spelling.get(spelling)
        if unit is None:
            near = near_names(spelling, self.by_spelling)
            hint = f"near: {', '.join(near)}" if near else "declare it in specs/units.toml"
            raise Unreadable(f"unknown unit {spelling!r}", hint)
        return unit

    def convert(self, value: Decimal, unit: Unit, to: Unit, *, marketed: bool = False) -> Decimal:
        """``value`` of ``unit`` in ``to``; `Unreadable` when the dimensions differ."""
        if unit.base != to.base:
            raise Unreadable(
                f"{unit.name} is {unit.dimension}, not {to.dimension}",
                f"give it in {to.name} or another unit of {to.dimension}",
            )
        if marketed:
            return value * unit.marketed / to.marketed
        return value * unit.factor / to.factor


def exact(text: str, what: str) -> Decimal:
    """A declared number. Raises `ValueError` that names it."""
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{what} = {text!r} is no number") from None


def combine(left: Base, right: Base, sign: int) -> Base:
    """The dimension of a product (``sign`` 1) or quotient (``sign`` -1)."""
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))
