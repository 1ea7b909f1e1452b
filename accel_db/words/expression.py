"""The grammar of expressions and conditions: ``bandwidth / power.tdp``, ``memory.capacity >= 96 GB and country = "CN"``.

Parses with lark, checks and reduces units, evaluates on numbers or compiles to SQL. Which names exist is the caller's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import lark
from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from accel_db.words.errors import Unreadable, UsageError
from accel_db.words.shown import clipped
from accel_db.words.units import Base, Units, combine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from accel_db.words.units import Unit

SMALLEST, LARGEST = Decimal("1e-100"), Decimal("1e100")
"""Between these a number of an expression must be: what comes of two is still a number for the database."""
GRAMMAR = r"""
start: condition
?condition: conjunction (_OR conjunction)*         -> any_of
?conjunction: negation (_AND negation)*            -> all_of
?negation: _NOT negation                           -> negate
         | comparison
?comparison: sum [COMPARE sum]                     -> compare
?sum: product (SIGN product)*                      -> chain
?product: power (TIMES power)*                     -> chain
?power: SIGN power                                 -> signed
      | atom
?atom: NUMBER UNIT?                                -> number
     | NAME                                        -> name
     | TEXT                                        -> text
     | "(" condition ")"
_OR.3: /or\b/i
_AND.3: /and\b/i
_NOT.3: /not\b/i
COMPARE: ">=" | "<=" | "!=" | "==" | "=" | ">" | "<"
SIGN: "+" | "-"
TIMES: "*" | "/"
NUMBER.2: /\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?([eE][+-]?\d+)?/
UNIT: /[A-Za-z%²$]+(\/[A-Za-z²]+)*[0-9]?/
NAME: /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*/
TEXT: /"[^"]*"|'[^']*'/
%ignore /\s+/
"""


class Node(NamedTuple):
    """A parsed expression: an operation and its parts."""

    kind: str
    parts: tuple[Any, ...]


class _Build(Transformer[Token, Node]):
    def start(self, parts: list[Any]) -> Node:
        node: Node = parts[0]
        return node

    def any_of(self, parts: list[Any]) -> Node:
        return Node("or", tuple(parts)) if len(parts) > 1 else parts[0]

    def all_of(self, parts: list[Any]) -> Node:
        return Node("and", tuple(parts)) if len(parts) > 1 else parts[0]

    def negate(self, parts: list[Any]) -> Node:
        return Node("not", (parts[0],))

    def compare(self, parts: list[Any]) -> Node:
        kept = [part for part in parts if part is not None]
        if len(kept) == 1:
            node: Node = kept[0]
            return node
        sign = {"==": "=", "!=": "<>"}.get(str(kept[1]), str(kept[1]))
        return Node("compare", (sign, kept[0], kept[2]))

    def chain(self, parts: list[Any]) -> Node:
        node: Node = parts[0]
        for sign, after in zip(parts[1::2], parts[2::2], strict=True):
            node = Node("op", (str(sign), node, after))
        return node

    def signed(self, parts: list[Any]) -> Node:
        return Node("minus", (parts[1],)) if str(parts[0]) == "-" else parts[1]

    def number(self, parts: list[Any]) -> Node:
        unit = str(parts[1]) if len(parts) > 1 and parts[1] is not None else None
        return Node("number", (Decimal(str(parts[0]).replace(",", "")), unit))

    def name(self, parts: list[Any]) -> Node:
        return Node("name", (str(parts[0]),))

    def text(self, parts: list[Any]) -> Node:
        return Node("text", (str(parts[0])[1:-1],))


def saved_name() -> str:
    """File name of a saved parser: one version of lark reads only its own."""
    return f"expression-{lark.__version__}.bin"


def save_parser(folder: Path) -> None:
    """Save the built parser; building it takes longer than any parse."""
    with (folder / saved_name()).open("wb") as file:
        _parser(None).save(file)


@lru_cache(maxsize=4)
def _parser(folder: Path | None = None) -> Lark:
    """The parser: loaded from ``folder`` where the lark in use saved it there, else built."""
    saved = folder / saved_name() if folder else None
    if saved and saved.is_file():
        try:
            with saved.open("rb") as file:
                return Lark.load(file)
        except Exception:  # noqa: BLE001  whatever a cut or foreign file makes of unpickling: the parser can be built anew
            return _parser(None)
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=False)


def parse(text: str, folder: Path | None = None) -> Node:
    """Parse an expression or condition. Raises `UsageError` that shows where it went wrong. ``folder`` may hold a saved parser."""
    if len(text) > LONGEST:
        raise UsageError(f"the expression has {len(text)} characters, more than {LONGEST}")
    try:
        tree = _parser(folder).parse(text)
        node: Node = _Build().transform(tree)
    except UnexpectedInput as error:
        at = max(0, error.column - 1) if isinstance(error.column, int) and error.column > 0 else len(text)
        raise UsageError(
            f"cannot read {text!r} at position {at + 1} (…{text[at : at + 20]!r}); write it like 'bandwidth / power' or 'memory >= 96 GB'"
        ) from None
    except (VisitError, RecursionError):
        raise UsageError(f"cannot read {text[:80]!r}; write it like 'bandwidth / power' or 'memory >= 96 GB'") from None
    if _depth(node) > DEEPEST:
        raise UsageError(f"cannot read {text[:40]!r}…: it is nested more than {DEEPEST} deep; write it shorter")
    return node


def _depth(node: Node) -> int:
    deepest, todo = 0, [(node, 1)]
    while todo:
        one, depth = todo.pop()
        deepest = max(deepest, depth)
        todo += [(part, depth + 1) for part in one.parts if isinstance(part, Node)]
    return deepest


DEEPEST = 100
LONGEST = 2_000


def names(node: Node) -> list[str]:
    """The names an expression uses, in order, each once."""
    if node.kind == "name":
        return [node.parts[0]]
    found = [name for part in node.parts if isinstance(part, Node) for name in names(part)]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Known:
    """What a name stands for: a number in a unit, or (``unit`` None) a text."""

    unit: Unit | None
    sql: str = ""


class Typed(NamedTuple):
    """An expression with what it yields: a number of some dimension, a text or a truth; and its SQL in base units."""

    yields: str
    base: Base
    sql: str
    wants_unit: bool = False


def check(node: Node, lookup: Callable[[str], Known], units: Units) -> Typed:
    """Check an expression's units and compile it to SQL. Raises `UsageError` naming the part that makes no sense."""
    handler: Callable[..., Typed] = {
        "name": _name,
        "number": _literal,
        "text": _text,
        "op": _operation,
        "minus": _minus,
        "compare": _comparison,
    }.get(node.kind, _logic)
    return handler(node, lookup, units)


def _name(node: Node, lookup: Callable[[str], Known], _units: Units) -> Typed:
    known = lookup(node.parts[0])
    if known.unit is None:
        return Typed("text", (), known.sql)
    return Typed("number", known.unit.base, f"({known.sql} * {_sql_number(known.unit.marketed)})")


def _literal(node: Node, _lookup: Callable[[str], Known], units: Units) -> Typed:
    value, spelling = node.parts
    if value and not SMALLEST < abs(value) < LARGEST:
        raise UsageError(
            f"{clipped(str(value))} is beyond any figure; use a number between {SMALLEST:e} and {LARGEST:e}"
        )
    if spelling is None:
        return Typed("number", (), _sql_number(value), wants_unit=True)
    try:
        unit = units.find(spelling)
    except Unreadable as error:
        raise UsageError(f"{error.message}; {error.cure}") from None
    return Typed("number", unit.base, _sql_number(value * unit.marketed))


def _text(node: Node, _lookup: Callable[[str], Known], _units: Units) -> Typed:
    quoted = str(node.parts[0]).replace("'", "''")
    return Typed("text", (), f"'{quoted}'")


def _operation(node: Node, lookup: Callable[[str], Known], units: Units) -> Typed:
    sign, left_node, right_node = node.parts
    left, right = check(left_node, lookup, units), check(right_node, lookup, units)
    if left.yields != "number" or right.yields != "number":
        raise UsageError(f"'{sign}' needs numbers on both sides")
    if sign in "+-":
        if left.base != right.base:
            raise UsageError(
                f"cannot {'add' if sign == '+' else 'subtract'} {show_base(right.base)} and {show_base(left.base)}"
            )
        return Typed("number", left.base, f"({left.sql} {sign} {right.sql})", left.wants_unit and right.wants_unit)
    base = combine(left.base, right.base, 1 if sign == "*" else -1)
    divisor = f"nullif({right.sql}, 0)" if sign == "/" else right.sql
    return Typed("number", base, f"({left.sql} {sign} {divisor})", left.wants_unit and right.wants_unit)


def _minus(node: Node, lookup: Callable[[str], Known], units: Units) -> Typed:
    part = check(node.parts[0], lookup, units)
    if part.yields != "number":
        raise UsageError("'-' needs a number")
    return Typed("number", part.base, f"(- {part.sql})", part.wants_unit)


def _comparison(node: Node, lookup: Callable[[str], Known], units: Units) -> Typed:
    sign, left_node, right_node = node.parts
    left, right = check(left_node, lookup, units), check(right_node, lookup, units)
    if left.yields == "text" and right.yields == "text":
        if sign not in ("=", "<>"):
            raise UsageError(f"texts compare with = or !=, not {sign}")
        return Typed("truth", (), f"(lower({left.sql}) {sign} lower({right.sql}))")
    if left.yields != "number" or right.yields != "number":
        raise UsageError(f"'{sign}' compares a number with a number or a text with a text; a text stands in quotes")
    if left.base != right.base:
        for bare, other, other_node in ((left, right, right_node), (right, left, left_node)):
            if bare.wants_unit and other.base:
                example = _example(other_node, other.base, lookup, units)
                raise UsageError(f"a number compared with {show_base(other.base)} needs a unit, such as {example}")
        raise UsageError(f"cannot compare {show_base(left.base)} with {show_base(right.base)}")
    return Typed("truth", (), f"({left.sql} {sign} {right.sql})")


def _logic(node: Node, lookup: Callable[[str], Known], units: Units) -> Typed:
    parts = [check(part, lookup, units) for part in node.parts]
    if any(part.yields != "truth" for part in parts):
        raise UsageError(f"'{node.kind}' joins conditions, such as memory >= 96 GB")
    if node.kind == "not":
        return Typed("truth", (), f"(not {parts[0].sql})")
    return Typed("truth", (), "(" + f" {node.kind} ".join(part.sql for part in parts) + ")")


def _sql_number(value: Decimal) -> str:
    return f"{value:E}"


def _example(node: Node, base: Base, lookup: Callable[[str], Known], units: Units) -> str:
    """A number with the unit of the name it is compared with, or else with any unit of the dimension."""
    own = lookup(node.parts[0]).unit if node.kind == "name" else None
    fitting = [own.name] if own else [unit.name for unit in units.by_name.values() if unit.base == base]
    return f"96 {fitting[-1]}" if fitting else "one of its dimension"


def show_base(base: Base) -> str:
    """A dimension in words: ``byte/s``."""
    above = "·".join(name + (f"^{power}" if power > 1 else "") for name, power in base if power > 0)
    below = "/".join(name + (f"^{-power}" if power < -1 else "") for name, power in base if power < 0)
    return (above or "1") + (f"/{below}" if below else "") if base else "a bare number"


class Range(NamedTuple):
    """A value with the ends of what it may be."""

    low: Decimal
    value: Decimal
    high: Decimal


def evaluate(node: Node, values: Mapping[str, Range]) -> Range | None:
    """The value of a numeric expression with its range; None where a name has no value. Positive quantities throughout."""
    if node.kind == "name":
        return values.get(node.parts[0])
    if node.kind == "number":
        return Range(node.parts[0], node.parts[0], node.parts[0])
    if node.kind == "minus":
        part = evaluate(node.parts[0], values)
        return Range(-part.high, -part.value, -part.low) if part else None
    sign, left_node, right_node = node.parts
    left, right = evaluate(left_node, values), evaluate(right_node, values)
    if left is None or right is None:
        return None
    if sign == "+":
        return Range(left.low + right.low, left.value + right.value, left.high + right.high)
    if sign == "-":
        return Range(left.low - right.high, left.value - right.value, left.high - right.low)
    if sign == "*":
        return Range(left.low * right.low, left.value * right.value, left.high * right.high)
    if not right.low or not right.value or not right.high:
        return None
    return Range(left.low / right.high, left.value / right.value, left.high / right.low)
