"""What is to be verified: the sources asked for, each with the printed figures that rest on it. Reads the built database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accel_db.catalog.measures import units_of
from accel_db.catalog.resolve import expand, find, unknown
from accel_db.verify.matching import Figure
from accel_db.words.errors import DataFault, NotFound
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accel_db.catalog.catalog import Catalog
    from accel_db.words.units import Unit

QUERY = """
SELECT subject, metric, printed, coalesce(row, term) AS row, locator, source, text, CAST(date AS VARCHAR) AS date, unit
FROM claim WHERE derived IS NULL AND printed IS NOT NULL ORDER BY source, locator, subject, printed, 4, metric
"""
DECIMAL_COMMA = frozenset("cs da de es fi fr hu id it nl no pl pt ro ru sv tr uk vi".split())  # noqa: SIM905
"""Languages that write 1,979 for what is 1.979 in English."""


@dataclass(frozen=True)
class Task:
    """One source, and the figures to look for in it."""

    key: str
    source: Mapping[str, Any]
    figures: tuple[Figure, ...]

    @property
    def decimal_comma(self) -> bool:
        """Whether the document's language writes decimals with a comma."""
        return self.source["language"] in DECIMAL_COMMA


def tasks(catalog: Catalog, names: Sequence[str] = ()) -> tuple[list[Task], list[str]]:
    """The sources to verify, and notes on families expanded.

    A name is a subject or family (its sources, its figures only) or a source key (every figure of it); none means all.
    Raises one `NotFound` for all names that are neither.
    """
    sources = {row["key"]: row for row in catalog.store.rows("sources")}
    keys = [name for name in names if name in sources and find(catalog.store, name) is None]
    others = [name for name in names if name not in keys]
    cards, notes = _expanded(catalog, others, sources)
    subjects = {card["id"] for card in cards}
    by_source: dict[str, dict[tuple[Any, ...], Figure]] = {key: {} for key in (keys if names else sources)}
    columns, rows = catalog.ask(QUERY)
    for claim in (dict(zip(columns, row, strict=True)) for row in rows):
        key = claim["source"]
        if key not in sources:
            raise DataFault(f"claims name a source {key!r} that is not in the build; run: accel build")
        if names and key not in keys and claim["subject"] not in subjects:
            continue
        figures = by_source.setdefault(key, {})
        place = (claim["subject"], claim["printed"], claim["row"], claim["locator"])
        figures[place] = _figure(claim, figures.get(place))
    return [Task(key, sources[key], tuple(figures.values())) for key, figures in sorted(by_source.items())], notes


def _expanded(
    catalog: Catalog, names: Sequence[str], sources: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    bad = [name for name in names if find(catalog.store, name) is None]
    if not bad:
        return expand(catalog.store, names, keep_family=True)
    error = unknown(catalog.store, bad, names)
    facts, lines = [], []
    for said, fact in zip(error.message.split("\n"), error.facts["names"], strict=True):
        near = near_names(fact["name"], sources, 3)
        facts.append({**fact, "near_sources": near})
        lines.append(said.replace("no accelerator, system or family", "no accelerator, system, family or source", 1))
        lines[-1] += f"; sources near it: {', '.join(near)}" if near else ""
    raise NotFound("\n".join(lines), names=facts, try_=error.facts["try_"])


def _figure(claim: Mapping[str, Any], before: Figure | None) -> Figure:
    """The figure of a claim; entered under several metrics it is one figure."""
    metrics = (*before.metrics, claim["metric"]) if before else (claim["metric"],)
    return Figure(
        subject=claim["subject"],
        metrics=tuple(dict.fromkeys(metrics)),
        printed=claim["printed"],
        row=claim["row"],
        locator=claim["locator"],
        text=claim["text"] is not None,
        date=claim["date"],
        counted=claim["unit"] == "one",
    )


def unit_spellings(catalog: Catalog) -> dict[str, Unit]:
    """Every declared spelling of a unit."""
    return units_of(catalog.store)[0].by_spelling
