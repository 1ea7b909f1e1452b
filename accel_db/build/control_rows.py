"""What rules of export control ask of an accelerator, as JSON for its card and as rows; and the rows of the rules themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.build.numbers import number
from accel_db.curate.rule_files import rule_rows
from accel_db.derive.headline import marks_of
from accel_db.words.vocabulary import Headline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accel_db.build.duck import Rows
    from accel_db.curate.tree import Tree
    from accel_db.derive.controls import Candidate, Controls, Measured
    from accel_db.derive.spans import Span

Block = dict[str, Any]


def controls_block(controls: Controls | None, index: Mapping[int, int], tree: Tree) -> Block | None:
    """The block ``controls`` of a card; claims are places in its list of claims."""
    definitions = tree.rules.definitions
    if controls is None or definitions is None:
        return None
    units = {one.name: one.unit for one in definitions.quantity}
    return {
        "per": controls.per,
        "candidates": [_candidate(one, index, tree) for one in controls.candidates],
        "refused": controls.refused,
        "area": {"unit": "mm²", **_measured(controls.area, index)},
        "quantities": {
            name: {"unit": units[name], **_measured(one, index)} for name, one in controls.quantities.items()
        },
    }


def _span(span: Span) -> Block:
    return {"low": number(span.low), "value": number(span.value), "high": number(span.high)}


def _measured(one: Measured, index: Mapping[int, int]) -> Block:
    return {**_span(one.span), "claims": [index[id(claim)] for claim in one.claims], "why": one.why}


def _candidate(one: Candidate, index: Mapping[int, int], tree: Tree) -> Block:
    claim = one.found.claim
    assert claim is not None
    metric = tree.vocabulary.metrics[claim.metric]
    by_matrix = one.engine == "matrix"
    asked = Headline("", "", None, False, (), (one.format,) if by_matrix else (), (), (), "", 0)
    return {
        "format": one.format,
        "label": tree.vocabulary.formats[one.format]["label"],
        "engine": one.engine,
        "accumulate": one.accumulate,
        "rate": {**_span_of(one), "unit": metric.unit},
        "bits": list(one.lengths),
        **{f"tpp_{end}": value for end, value in _span(one.tpp).items()},
        "marks": marks_of(claim, metric, asked),
        "verdict": one.found.verdict,
        "stage": claim.stage,
        "claim": index[id(claim)],
    }


def _span_of(one: Candidate) -> Block:
    claim = one.found.claim
    open_ = one.found.verdict == "variants" or claim is None
    value = None if open_ or claim is None else claim.marketed
    return {"low": number(one.found.low), "value": number(value), "high": number(one.found.high)}


def control_rows(card: Mapping[str, Any]) -> list[Block]:
    """Rows of table ``control``: one a quantity of an accelerator of which anything is known."""
    block = card["controls"] or {"quantities": {}}
    return [
        {"subject": card["id"], "quantity": name, **{key: one[key] for key in ("low", "value", "high", "unit", "why")}}
        for name, one in block["quantities"].items()
        if any(one[end] is not None for end in ("low", "value", "high"))
    ]


def rule_tables(tree: Tree) -> Rows:
    """Rows of the tables ``rule``, ``rule_test`` and ``event``."""
    told = rule_rows(tree.rules)
    return {
        "rule": [{**row, "sources": _sources(row)} for row in told["rules"]],
        "rule_test": [
            {"rule": row["id"], "place": place, **test, "sources": _sources(test), "needs": _needs(test)}
            for row in told["rules"]
            for place, test in enumerate(row["test"], 1)
        ],
        "event": [{**row, "sources": _sources(row)} for row in told["events"]],
    }


def _sources(row: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(cite["source"] for cite in row["cites"]))


SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<"}


def _needs(test: Mapping[str, Any]) -> str:
    """The conditions of a test in one line."""
    told = []
    for need in test["needs"]:
        told += [f"{need['quantity']} {sign} {need[key]}" for key, sign in SIGNS.items() if need[key] is not None]
        if need["one_of"]:
            told.append(f"{need['quantity']} in {', '.join(need['one_of'])}")
    return " and ".join(told)
