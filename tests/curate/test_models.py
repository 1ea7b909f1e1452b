"""The shape of a spec file: nothing unknown, nothing coerced, nothing changed later."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from accel_db.curate import models

FIGURE = {"metric": "memory.capacity", "printed": "64 GB"}
SOURCE = {"title": "T", "url": "https://a.example/t", "kind": "press", "read": date(2026, 1, 2)}
READING = {"source": "a/b", "at": "table 1", "figures": [FIGURE]}


def faults(model: type[models.Strict], data: dict[str, Any]) -> list[tuple[str, str]]:
    """Where and of what type the faults are."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return [(".".join(map(str, fault["loc"])), fault["type"]) for fault in caught.value.errors()]


@pytest.mark.parametrize(
    ("model", "data", "expected"),
    [
        (models.Figure, {"metric": "a"}, [("", "value_error")]),
        (models.Figure, FIGURE | {"absent": "none"}, [("", "value_error")]),
        (models.Figure, FIGURE | {"printed": 64}, [("printed", "string_type")]),
        (models.Figure, FIGURE | {"printed": ""}, [("printed", "string_too_short")]),
        (models.Figure, FIGURE | {"colour": "red"}, [("colour", "extra_forbidden")]),
        (models.Figure, FIGURE | {"as_of": "March 2026"}, [("as_of", "string_pattern_mismatch")]),
        (models.Reading, READING | {"figures": []}, [("figures", "too_short")]),
        (models.Reading, READING | {"how": "skimmed"}, [("how", "literal_error")]),
        (models.Reading, READING | {"via": []}, [("via", "too_short")]),
        (models.Reading, {"source": "a/b", "figures": [FIGURE]}, [("at", "missing")]),
        (models.Ruling, {"why": "w", "prefer": "a/b"}, [("", "value_error")]),
        (models.Ruling, {"why": "w", "headline": "bf16", "metric": "m", "prefer": "a/b"}, [("", "value_error")]),
        (models.Ruling, {"why": "w", "headline": "bf16"}, [("", "value_error")]),
        (models.Looked, {"metrics": [], "where": ["a/b"], "on": date(2026, 1, 2)}, [("metrics", "too_short")]),
        (models.Looked, {"metrics": ["m"], "where": ["a/b"], "on": "2026-01-02"}, [("on", "date_type")]),
        (models.Part, {"accelerator": "a/b", "count": 0}, [("count", "greater_than_equal")]),
        (models.Part, {"accelerator": "a/b", "count": "8"}, [("count", "int_type")]),
        (models.Source, SOURCE | {"read": "2026-01-02"}, [("read", "date_type")]),
        (models.Source, SOURCE | {"format": "docx"}, [("format", "literal_error")]),
        (models.Source, SOURCE | {"published": "2026-Q5"}, [("published", "string_pattern_mismatch")]),
        (models.Vendor, {"name": "A", "country": "China"}, [("country", "string_pattern_mismatch")]),
        (models.Family, {"name": "A", "kind": "npu"}, [("kind", "extra_forbidden")]),
        (models.Accelerator, {"name": "A", "kind": "npu", "built_from": []}, [("built_from", "extra_forbidden")]),
    ],
)
def test_what_is_refused(model: type[models.Strict], data: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Each wrong key, type, form or combination is one fault at its place."""
    assert faults(model, data) == expected


@pytest.mark.parametrize("published", ["2026", "2026-03", "2026-03-18", "2026-Q1", "2026-H2", None])
def test_partial_dates_are_kept_as_written(published: str | None) -> None:
    """Partial dates stay the text they are, and what is left out has its default."""
    source = models.Source.model_validate(SOURCE | {"published": published})
    assert (source.published, source.how, source.format, source.via) == (published, "full", "web", None)


def test_one_metric_or_several() -> None:
    """A figure is entered under one metric or under each of a list."""
    assert [
        models.Figure.model_validate({"metric": metric, "absent": "none"}).metrics for metric in ("a", ["a", "b"])
    ] == [["a"], ["a", "b"]]


def test_nothing_changes_later() -> None:
    """A model cannot be changed once it is read."""
    figure = models.Figure.model_validate(FIGURE)
    with pytest.raises(ValidationError):
        figure.printed = "80 GB"  # type: ignore[misc]
