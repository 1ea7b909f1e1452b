"""Reads ``specs/rules/``: a file a rule, beside them what they measure and the events around them. Form only; what they say is checked elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.curate.forms import parse, validate
from accel_db.curate.problems import Problem
from accel_db.curate.rule_models import Definitions, Events, Rule
from accel_db.curate.tree import RuleEntry

if TYPE_CHECKING:
    from accel_db.curate.tree import Rules, Tree

FOLDER = "rules"
DEFINITIONS, EVENTS = f"{FOLDER}/definitions.toml", f"{FOLDER}/events.toml"


def read_rules(tree: Tree) -> None:
    """Read all rules of a tree into it, by id; a tree without the folder has none."""
    for path in sorted((tree.root / FOLDER).glob("**/*.toml")):
        file = path.relative_to(tree.root).as_posix()
        if path.parent.name != FOLDER:
            cure = "one file a rule, directly in rules/"
            tree.problems.append(Problem(file, 1, "file-name", file, "a file in a folder of rules/ is not read", cure))
            continue
        data = parse(tree, file)
        if data is None:
            tree.rules.unreadable.add(path.stem)
        else:
            _read(tree, file, path.stem, data)
    if tree.rules.rules and tree.rules.definitions is None and not tree.problems:
        message = "there are rules, and nothing says what they measure"
        tree.problems.append(Problem(DEFINITIONS, 1, "form", "", message, "write what their tests name there"))


def _read(tree: Tree, file: str, name: str, data: dict[str, Any]) -> None:
    if file == DEFINITIONS:
        tree.rules.definitions = validate(tree, Definitions, data, file)
    elif file == EVENTS:
        events = validate(tree, Events, data, file)
        tree.rules.events = events.event if events else []
    else:
        rule = validate(tree, Rule, data, file)
        if rule:
            tree.rules.rules[name] = RuleEntry(name, rule, file)
        else:
            tree.rules.unreadable.add(name)


def rule_rows(rules: Rules) -> dict[str, Any]:
    """Definitions, rules and events as plain JSON values, rules by their dates."""
    told = sorted(rules.rules.values(), key=lambda one: (one.rule.effective, one.id))
    events = sorted(rules.events, key=lambda one: (one.on, one.what))
    return {
        "definitions": rules.definitions.model_dump(mode="json", by_alias=True) if rules.definitions else None,
        "rules": [{"id": one.id, **one.rule.model_dump(mode="json", by_alias=True)} for one in told],
        "events": [one.model_dump(mode="json") for one in events],
    }
