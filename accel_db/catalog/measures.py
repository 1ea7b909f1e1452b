"""The units of a built database, for those who read somebody's figures at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accel_db.words.units import Units

if TYPE_CHECKING:
    from accel_db.catalog.store import Store


def units_of(store: Store) -> tuple[Units, list[str]]:
    """The units that the build declares, and those in which computed values are shown."""
    rows = store.rows("units")
    return Units({row["dimension"]: row["base"] for row in rows}, rows), [row["name"] for row in rows if row["shown"]]
