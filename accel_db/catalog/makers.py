"""From the words people use for makers and countries to the ids and codes of the data. On the fast path."""

from __future__ import annotations

from accel_db.words.errors import UsageError
from accel_db.words.names import fold
from accel_db.words.near import near_names
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from accel_db.catalog.store import Listed, Store


def made_by(store: Store, vendor: str | None, country: str | None) -> Callable[[Listed], bool]:
    """Whether a subject is of that maker (id, name or other name) and country (code). Raises `UsageError` for one that is not known."""
    rows = store.rows("vendors")
    wanted = None
    if vendor is not None:
        names = {fold(name): row["id"] for row in rows for name in (row["id"], row["name"], *row["aliases"])}
        wanted = names.get(fold(vendor))
        if wanted is None:
            near = near_names(vendor, [row["name"] for row in rows])
            hint = f"near: {', '.join(near)}" if near else f"one of: {', '.join(sorted(row['id'] for row in rows))}"
            raise UsageError(f"no maker {clipped(vendor)!r}; {hint}")
    codes = sorted({row["country"] for row in rows})
    if country is not None and country.upper() not in codes:
        raise UsageError(f"no country {clipped(country)!r} here; codes of ISO 3166: {', '.join(codes)}")
    return lambda one: (
        (wanted is None or one.id.startswith(f"{wanted}/")) and (country is None or one.country == country.upper())
    )
