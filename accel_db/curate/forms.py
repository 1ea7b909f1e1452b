"""Parses one TOML file of a tree and fits its tables to models; what does not fit is a problem in our words, with file, line and cure.

Knows no folder: who calls says which model a table has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from accel_db.curate import models, rule_models
from accel_db.curate.problems import Problem
from accel_db.curate.toml import BadSpec, parse_spec, read_spec
from accel_db.curate.unseen import unseen
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accel_db.curate import lines
    from accel_db.curate.tree import Tree

M = TypeVar("M", bound=BaseModel)
NESTED: dict[str, type[BaseModel]] = {
    "reading": models.Reading,
    "figures": models.Figure,
    "ruling": models.Ruling,
    "looked": models.Looked,
    "built_from": models.Part,
    **rule_models.NESTED,
}
"""The model of a table by the key it stands under."""


def parse(tree: Tree, file: str) -> dict[str, Any] | None:
    """The file's data, unless it is no TOML."""
    try:
        text = read_spec(tree.root / file)
        data = parse_spec(text)
    except BadSpec as bad:
        tree.problems.append(Problem(file, bad.line, "toml", bad.shown, bad.message, bad.cure))
        return None
    tree.problems += unseen(file, data, text)
    return data


def validate(tree: Tree, model: type[M], data: Mapping[str, Any], file: str, at: lines.Path = ()) -> M | None:
    """The data as a model, or its problems told."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        tree.problems += [_form_problem(tree, model, file, at, fault) for fault in error.errors()]
        return None


def _form_problem(tree: Tree, model: type[BaseModel], file: str, at: lines.Path, fault: Any) -> Problem:
    """A pydantic error in our words: what stands there and what to write."""
    where = tuple(
        part for part in fault["loc"] if not (isinstance(part, str) and ("[" in part or part in ("str", "list")))
    )
    path = (*at, *where)
    name = ".".join(str(part) for part in where) or "file"
    given = fault.get("input")
    shown = "" if isinstance(given, dict | list) else repr(given)
    if fault["type"] == "extra_forbidden":
        known = _known_keys(model, where)
        near = near_names(str(where[-1]), known)
        return tree.problem(
            file,
            path,
            "form",
            where[-1],
            f"unknown key {where[-1]!r}",
            f"did you mean {near[0]!r}?" if near else f"allowed: {', '.join(known)}",
        )
    if fault["type"] == "missing":
        return tree.problem(file, path, "form", where[-1], f"key {where[-1]!r} is missing", "add it")
    message = fault["msg"].removeprefix("Value error, ")
    return tree.problem(file, path, "form", shown, f"{name}: {message}", "see CONTRIBUTING.md for the file format")


def _known_keys(model: type[BaseModel], where: tuple[str | int, ...]) -> list[str]:
    holders = [NESTED[str(part)] for part in where[:-1] if part in NESTED]
    return list((holders[-1] if holders else model).model_fields)
