"""Plain claims for tests: each shows only what it changes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from typing import Any

from accel_db.derive.judge import judge
from accel_db.words.claim import Claim, Quantity
from accel_db.words.dates import read_date
from accel_db.words.intervals import Interval, around
from accel_db.words.printed import read_figure
from accel_db.words.units import Units
from accel_db.words.vocabulary import read_vocabulary
from tests.conftest import ROOT

VOCABULARY = read_vocabulary(tomllib.loads((ROOT / "specs" / "metrics.toml").read_text(encoding="utf-8")))
_UNITS = tomllib.loads((ROOT / "specs" / "units.toml").read_text(encoding="utf-8"))
UNITS = Units(_UNITS["dimensions"], _UNITS["unit"])


def claim(metric: str, printed: str, /, **changed: Any) -> Claim:
    """A plain claim of a maker's data sheet by "Acme", unless told otherwise; ``kind`` and ``stage`` set their ranks."""
    described = VOCABULARY.metrics[metric]
    base: dict[str, Any] = {
        "subject": "acme/a1",
        "subject_kind": "accelerator",
        "metric": metric,
        "per": "accelerator",
        "source": "acme/sheet",
        "locator": "p. 1, table 1",
        "printed": printed,
        "origin": "Acme",
        "kind": "datasheet",
        "order": next(_order),
    }
    if described.type == "text":
        base["text"] = printed
    elif described.type == "date":
        base["when"] = read_date(printed)
        base["text"] = base["when"].text
    else:
        base |= _number(described, printed)
    base |= changed
    kind = VOCABULARY.kinds[base["kind"]]
    base |= {
        "kind_rank": kind.rank,
        "maker": kind.maker,
        "stage_rank": VOCABULARY.stages.index(base.get("stage", "plain")),
    }
    base["access_rank"] = VOCABULARY.access.index(base.get("access", "full"))
    if isinstance(base.get("published"), str):
        base["published"] = read_date(base["published"])
    return Claim(**base)


def _number(metric: Any, printed: str) -> dict[str, Any]:
    unit = UNITS.by_name[metric.unit]
    read = read_figure(printed, UNITS, None, "one")
    scale = UNITS.convert(Decimal(1), read.unit, unit, marketed=metric.marketed)
    exact = metric.exact or (metric.marketed and scale <= 1)
    low = Interval(read.low, read.low) if exact else around(read.low, zeros_count=metric.marketed)
    high = Interval(read.high, read.high) if exact else around(read.high, zeros_count=metric.marketed)
    return {
        "value": UNITS.convert(read.value, read.unit, unit),
        "marketed": read.value * scale,
        "unit": unit.name,
        "hedge": read.hedge,
        "interval": Interval(low.low * scale, high.high * scale),
        "ends": (read.low * scale, read.high * scale) if read.low != read.high else None,
    }


def _counting():
    number = 0
    while True:
        yield number
        number += 1


_order = _counting()


def judged(*claims: Claim, **rules: Any) -> dict[Quantity, Any]:
    """Judgements of some claims, by quantity."""
    groups: dict[Quantity, list[Claim]] = {}
    for one in claims:
        groups.setdefault(one.quantity, []).append(one)
    return {quantity: judge(group, VOCABULARY, **rules) for quantity, group in groups.items()}


__all__ = ["UNITS", "VOCABULARY", "claim", "judged", "replace"]
