"""Decimals as JSON numbers."""

from __future__ import annotations

import json
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.build.numbers import number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_a_number_is_written_and_read_as_it_is_to_a_doubles_precision(value: Decimal) -> None:
    read = json.loads(orjson.dumps(number(value)))

    assert float(read) == float(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("152", "152"),
        ("152.0", "152"),
        ("0.5", "0.5"),
        ("9007199254740992", "9007199254740992"),
        ("1.2E+20", "1.2e+20"),
    ],
)
def test_integers_stay_integers_as_far_as_doubles_hold_them(value: str, written: str) -> None:
    assert orjson.dumps(number(Decimal(value))).decode() == written
