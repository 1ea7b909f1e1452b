"""Checks of the rules of export control: sourced, dated, and asking only for what is measured."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from accel_db.curate.checks.registry import World, check, near_or
from accel_db.curate.rule_files import DEFINITIONS, EVENTS
from accel_db.words.dates import read_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accel_db.curate.lines import Path
    from accel_db.curate.problems import Problem
    from accel_db.curate.rule_models import Cite, Need, Quantity
    from accel_db.curate.tree import RuleEntry, Tree

Cited = tuple[str, "Path", "Cite"]


def cited(tree: Tree) -> Iterator[Cited]:
    """Every citation of the rules, events and definitions, with its place."""
    for one in tree.rules.rules.values():
        rule = one.rule
        yield from _cites(one.file, (), rule.cites)
        for i, test in enumerate(rule.test):
            yield from _cites(one.file, ("test", i), test.cites)
        for i, status in enumerate(rule.status):
            yield from _cites(one.file, ("status", i), status.cites)
    for i, event in enumerate(tree.rules.events):
        yield from _cites(EVENTS, ("event", i), event.cites)
    definitions = tree.rules.definitions
    if definitions:
        yield from _cites(DEFINITIONS, ("tpp",), definitions.tpp.cites)
        yield from _cites(DEFINITIONS, ("density",), definitions.density.cites)
        for i, bits in enumerate(definitions.bits):
            yield from _cites(DEFINITIONS, ("bits", i), bits.cites)


def _cites(file: str, path: Path, cites: list[Cite]) -> Iterator[Cited]:
    for i, cite in enumerate(cites):
        yield file, (*path, "cites", i), cite


def used_by_rules(tree: Tree) -> set[str]:
    """Keys of the sources that the rules rest on or were copied from."""
    return {key for _, _, cite in cited(tree) for key in (cite.source, *(cite.via or []))}


@check("rule-source", "tree")
def rule_source(world: World) -> Iterator[Problem]:
    """Rules, tests, states, events and definitions name sources that exist, and copies that are sources or public files."""
    tree = world.tree
    for file, path, cite in cited(tree):
        named = [cite.source, *(key for key in cite.via or [] if not key.startswith("public file "))]
        for key in named:
            if key not in tree.sources and not tree.unreadable.intersection((key, key.split("/")[0])):
                cure = near_or(world, key, tree.sources, "add it under specs/sources/")
                yield tree.problem(file, path, "rule-source", key, f"no source {key!r}", cure)


@check("rule-date", "tree")
def rule_date(world: World) -> Iterator[Problem]:
    """A rule takes effect no earlier than it is announced, is no news from the future, and its states stand in order, none before it."""
    tree = world.tree
    for one in tree.rules.rules.values():
        rule = one.rule
        dates: list[tuple[Path, str]] = [(("announced",), rule.announced), (("effective",), rule.effective)]
        if read_date(rule.effective).end < read_date(rule.announced).start:
            message = f"effective {rule.effective}, before it was announced on {rule.announced}"
            yield tree.problem(one.file, ("effective",), "rule-date", rule.effective, message, "correct one of them")
        if read_date(rule.announced).start > world.today:
            message = f"announced on {rule.announced}, which is in the future"
            yield tree.problem(one.file, ("announced",), "rule-date", rule.announced, message, "correct the date")
        dates = dates[:1] + [(("status", i, "on"), status.on) for i, status in enumerate(rule.status)]
        for (_, before), (path, day) in itertools.pairwise(dates):
            if read_date(day).start < read_date(before).start:
                message = f"a state of {day} stands after {before}"
                yield tree.problem(one.file, path, "rule-date", day, message, "oldest first, none before the rule")
    for i, event in enumerate(tree.rules.events):
        if read_date(event.on).start > world.today:
            message = f"on = {event.on} is in the future"
            yield tree.problem(EVENTS, ("event", i, "on"), "rule-date", event.on, message, "correct the date")


@check("rule-test", "tree")
def rule_test(world: World) -> Iterator[Problem]:
    """A test names quantities that definitions.toml declares, bounds numbers, and picks words that exist; its id is the only one in its rule."""
    tree = world.tree
    definitions = tree.rules.definitions
    if definitions is None:
        return
    known = {one.name: one for one in definitions.quantity}
    for one in tree.rules.rules.values():
        ids = [test.id for test in one.rule.test]
        for i, test in enumerate(one.rule.test):
            if test.id in ids[:i]:
                message = f"two tests are called {test.id!r}"
                yield tree.problem(one.file, ("test", i, "id"), "rule-test", test.id, message, "rename one")
            for j, need in enumerate(test.needs):
                fault = _fault(world, one, need, known)
                if fault:
                    yield tree.problem(one.file, ("test", i, "needs", j), "rule-test", need.quantity, *fault)


def _fault(world: World, one: RuleEntry, need: Need, known: dict[str, Quantity]) -> tuple[str, str] | None:
    """What is wrong with a condition, and the cure."""
    tree, quantity = world.tree, known.get(need.quantity)
    if quantity is None:
        return f"no quantity {need.quantity!r}", near_or(world, need.quantity, known, f"declare it in {DEFINITIONS}")
    if quantity.numeric:
        return (
            ("a number needs bounds, not `one_of`", "write at_least, above, at_most or below") if need.one_of else None
        )
    if need.one_of is None:
        return f"{need.quantity} is a word, not a number", "write one_of = [ … ]"
    allowed = quantity.values
    if quantity.kind == "paragraph":
        base = tree.rules.rules.get(one.rule.upon or "")
        if base is None and one.rule.upon:
            return None  # told by rule-order, or where that rule could not be read
        allowed = [test.id for test in base.rule.test] if base else []
    wrong = next((word for word in need.one_of if word not in allowed), None)
    if wrong is None:
        return None
    return (
        f"{need.quantity} is never {wrong!r}",
        f"one of: {', '.join(allowed) or 'none, as the rule builds upon no other'}",
    )


@check("rule-order", "tree")
def rule_order(world: World) -> Iterator[Problem]:
    """What a rule supersedes or builds upon exists, and following either never leads back to it."""
    tree = world.tree
    rules = tree.rules.rules
    for one in rules.values():
        for key, named in (("supersedes", one.rule.supersedes), ("upon", [one.rule.upon] if one.rule.upon else [])):
            for other in named:
                if other not in rules and other not in tree.rules.unreadable:
                    cure = near_or(world, other, rules, "name the file of a rule without .toml")
                    yield tree.problem(one.file, (key,), "rule-order", other, f"no rule {other!r}", cure)
            if one.id in _reached(tree, one.id, key):
                message = f"{key} leads back to {one.id}"
                yield tree.problem(one.file, (key,), "rule-order", one.id, message, "break the circle")


def _reached(tree: Tree, start: str, key: str) -> set[str]:
    """All rules that following ``key`` leads to."""
    found: set[str] = set()
    todo = [start]
    while todo:
        one = tree.rules.rules.get(todo.pop())
        given = getattr(one.rule, key) if one else None
        for after in [given] if isinstance(given, str) else given or []:
            if after not in found:
                found.add(after)
                todo.append(after)
    return found


@check("rule-subject", "tree")
def rule_subject(world: World) -> Iterator[Problem]:
    """Events and explanations name subjects that exist, sums name metrics and totals quantities of the vocabulary, formats are known once."""
    tree = world.tree
    definitions = tree.rules.definitions
    named: list[tuple[str, Path, str]] = [
        (EVENTS, ("event", i, "subjects", j), subject)
        for i, event in enumerate(tree.rules.events)
        for j, subject in enumerate(event.subjects)
    ]
    named += [
        (DEFINITIONS, ("explained", i, "subject"), one.subject)
        for i, one in enumerate(definitions.explained if definitions else [])
    ]
    for file, path, subject in named:
        if subject not in tree.known:
            cure = near_or(world, subject, tree.known, "name a subject of this tree")
            yield tree.problem(file, path, "rule-subject", subject, f"no subject {subject!r}", cure)
    for path, word, names in _vocabulary_named(tree):
        if word not in names:
            yield tree.problem(
                DEFINITIONS,
                path,
                "rule-subject",
                word,
                f"{word!r} is not known",
                near_or(world, word, names, "see specs/metrics.toml"),
            )


def _vocabulary_named(tree: Tree) -> Iterator[tuple[Path, str, list[str]]]:
    """Every word of the definitions that another file or list declares."""
    definitions = tree.rules.definitions
    if definitions is None:
        return
    formats, metrics = list(tree.vocabulary.formats), list(tree.vocabulary.metrics)
    summable = [one.name for one in definitions.quantity if one.kind == "sum"]
    for i, bits in enumerate(definitions.bits):
        yield from ((("bits", i, "formats", j), word, formats) for j, word in enumerate(bits.formats))
    for i, one in enumerate(definitions.quantity):
        yield from ((("quantity", i, "of", j), word, summable) for j, word in enumerate(one.of))
        for j, part in enumerate(one.part):
            for k, term in enumerate(part.of):
                yield ("quantity", i, "part", j, "of", k), term.metric, metrics
