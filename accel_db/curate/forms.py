"""Parses one TOML file of a tree and fits its tables to models; what does not fit is a problem in our words, with file, line and cure.

Knows no folder: who calls says which model a table has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from accel_db.curate import models, rule_models
from accel_db.curate.problems import Problem
from accel_db.curate.toml import LARGEST, read_toml
from accel_db.words.hidden import visible
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
LAYOUT = "\t\n\r"
"""Hidden characters that lay a file out."""


def error_line(error: Exception, last: int = 1) -> int:
    """The line that a parser's error names."""
    match = re.search(r"line (\d+)", str(error))
    return int(match.group(1)) if match else last


def parse(tree: Tree, file: str) -> dict[str, Any] | None:
    """The file's data, unless it is no TOML."""
    try:
        size = (tree.root / file).stat().st_size
        if size > LARGEST:
            message = f"{size / 1e6:.1f} MB, and a spec file has no more than {LARGEST / 1e6:.0f} MB"
            tree.problems.append(Problem(file, 1, "toml", "", message, "split it, or see what went into it"))
            return None
        text = (tree.root / file).read_bytes().decode("utf-8")
        data = read_toml(text)
    except UnicodeDecodeError as error:
        tree.problems.append(
            Problem(file, 1, "toml", "", f"not UTF-8: {error.reason} at byte {error.start}", "save it as UTF-8")
        )
    except OSError as error:
        tree.problems.append(
            Problem(file, 1, "toml", "", f"cannot be read: {error.strerror}", "mend the file's permissions")
        )
    except ValueError as error:  # no TOML, or a number with more digits than Python reads
        rows = text.split("\n")
        line = min(error_line(error, len(rows)), len(rows))
        shown = rows[line - 1].strip()[:80]
        tree.problems.append(Problem(file, line, "toml", shown, f"broken TOML: {error}", "mend the TOML at that place"))
    except RecursionError:
        tree.problems.append(Problem(file, 1, "toml", "", "broken TOML: nested too deeply", "mend the TOML"))
    else:
        tree.problems += [_hidden_problem(tree, file, at, text) for at, text in _hidden(data, text)]
        return data
    return None


def _hidden(data: dict[str, Any], text: str) -> Iterator[tuple[lines.Path, str]]:
    """Every text in a file's data that has a character which acts instead of showing, and where it stands."""
    if "\\" not in text and visible(text, LAYOUT) == text:
        return
    todo: list[tuple[lines.Path, Any]] = [((), data)]
    while todo:
        at, value = todo.pop()
        if isinstance(value, dict):
            todo += [((*at, key), one) for key, one in value.items()]
            todo += [((*at, key), key) for key in value]
        elif isinstance(value, list):
            todo += [((*at, i), one) for i, one in enumerate(value)]
        elif isinstance(value, str) and visible(value, "\n") != value:
            yield at, value


def _hidden_problem(tree: Tree, file: str, at: lines.Path, text: str) -> Problem:
    shown = visible(text)[:80]
    message = "a character that acts instead of showing: a control, a terminal escape or a mark of reading direction"
    return tree.problem(file, at, "hidden-character", shown, message, "write the text without it")


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
