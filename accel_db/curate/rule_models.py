"""The shape of the files in ``specs/rules/``, as pydantic models: rules, events, and what they measure. Knows no rule and judges nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from accel_db.curate.models import PartialDateText, Strict, Text, Texts

LARGEST = 12
"""Digits that a number of a rule may have."""


def _plain_number(text: str) -> str:
    if len(text) > LARGEST:
        raise ValueError(f"a number has at most {LARGEST} digits")
    return text


NumberText = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$"), AfterValidator(_plain_number)]
State = Literal["announced", "in force", "superseded", "announced not enforced", "reported and unpublished"]
Class = Literal["a", "b", "none"]


class Cite(Strict):
    """A document and the place in it that says so."""

    source: Text
    at: Text
    via: Texts | None = None


Cites = Annotated[list[Cite], Field(min_length=1)]


class Need(Strict):
    """One condition of a test: a quantity within bounds, or one of some words."""

    quantity: Text
    at_least: NumberText | None = None
    above: NumberText | None = None
    at_most: NumberText | None = None
    below: NumberText | None = None
    one_of: Texts | None = None

    @model_validator(mode="after")
    def demands_something(self) -> Self:
        """A condition has bounds or words, at most one lower and one upper bound, and something fits."""
        lower, upper = [self.at_least, self.above], [self.at_most, self.below]
        bounds = [bound for bound in (*lower, *upper) if bound is not None]
        if bool(bounds) == (self.one_of is not None):
            raise ValueError("a condition has either bounds (`at_least`, `above`, `at_most`, `below`) or `one_of`")
        if None not in lower or None not in upper:
            raise ValueError("one lower and one upper bound at most")
        low, high = ([Decimal(one) for one in ends if one is not None] for ends in (lower, upper))
        if low and high and low[0] >= high[0]:
            raise ValueError(f"nothing is {low[0]} or more and {high[0]} or less")
        return self

    @property
    def bounds(self) -> list[tuple[str, Decimal]]:
        """Its bounds, by their word."""
        words = ("at_least", "above", "at_most", "below")
        return [(word, Decimal(value)) for word in words if (value := getattr(self, word)) is not None]


class Test(Strict):
    """One paragraph of a rule: all its conditions must hold."""

    __test__ = False  # no test of ours

    id: Text
    result: Text
    class_: Annotated[Class | None, Field(alias="class")] = None
    needs: Annotated[list[Need], Field(min_length=1)]
    cites: Cites


class Status(Strict):
    """What a rule has been since a day, where its dates alone do not say so."""

    on: PartialDateText
    state: State
    note: Text | None = None
    cites: Cites


class Rule(Strict):
    """``rules/<id>.toml``. Its tests stand in the order in which they are tried: the first that is met answers."""

    name: Text
    citation: Text
    authority: Text
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    announced: PartialDateText
    effective: PartialDateText
    state: State = "in force"
    supersedes: list[Text] = []
    upon: Text | None = None
    binds: Text
    effect: Text
    note: Text | None = None
    cites: Cites
    status: list[Status] = []
    test: list[Test] = []


class Event(Strict):
    """Something dated that is no rule."""

    on: PartialDateText
    by: Text
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    what: Text
    reported: bool = False
    subjects: list[Text] = []
    cites: Cites


class Events(Strict):
    """``rules/events.toml``."""

    event: list[Event] = []


class Tpp(Strict):
    """What total processing performance is, and how far from a maker's own one computed from data sheets may lie, in per cent."""

    definition: Text
    tolerance: Annotated[list[NumberText], Field(min_length=2, max_length=2)]
    spread: Text
    note: Text | None = None
    cites: Cites


class Bits(Strict):
    """The bit length of an operation in some formats; several where the text leaves it open, the first one usual."""

    formats: Texts
    lengths: Annotated[list[Annotated[int, Field(ge=1, le=128)]], Field(min_length=1)]
    why: Text | None = None
    cites: list[Cite] = []


class Density(Strict):
    """What performance density is, and up to how many nanometres a process counts as non-planar."""

    definition: Text
    non_planar_up_to: NumberText
    note: Text | None = None
    cites: Cites


class Process(Strict):
    """Names of processes that do not print their nanometres."""

    names: Texts
    nanometres: NumberText
    why: Text


class Term(Strict):
    """A metric that may stand for a part of a quantity, times something; several factors where the metric leaves it open."""

    metric: Text
    times: Annotated[list[NumberText], Field(min_length=1)]


class QuantityPart(Strict):
    """A part of a sum: the first metric with a figure stands for it."""

    label: Text
    of: Annotated[list[Term], Field(min_length=1)]
    unknown_up_to: NumberText | None = None
    why: Text | None = None


class Quantity(Strict):
    """Something that a test may name."""

    name: Text
    label: Text
    kind: Literal["tpp", "density", "sum", "total", "choice", "paragraph", "outside"]
    unit: Text | None = None
    note: Text | None = None
    values: list[Text] = []
    part: list[QuantityPart] = []
    of: list[Text] = []

    @property
    def numeric(self) -> bool:
        """Whether a test may bound it."""
        return self.kind not in ("choice", "paragraph")

    @model_validator(mode="after")
    def has_its_parts(self) -> Self:
        """Each kind says what it is made of, and nothing else."""
        made = {"choice": self.values, "sum": self.part, "total": self.of}
        for kind, parts in made.items():
            if bool(parts) != (self.kind == kind):
                key = {"choice": "values", "sum": "part", "total": "of"}[kind]
                raise ValueError(f"`{key}` belongs to a quantity of kind {kind!r}, and only to that")
        return self


class Label(Strict):
    """What a maker's class label amounts to."""

    texts: Texts
    class_: Annotated[Class, Field(alias="class")]
    why: Text


class Explained(Strict):
    """A published figure that ours does not meet, and why: a needless one is a problem of the data suite."""

    subject: Text
    metric: Text
    why: Text


class Definitions(Strict):
    """``rules/definitions.toml``."""

    tpp: Tpp
    density: Density
    bits: list[Bits] = []
    process: list[Process] = []
    quantity: list[Quantity] = []
    label: list[Label] = []
    explained: list[Explained] = []


NESTED: dict[str, type[BaseModel]] = {
    "bits": Bits,
    "cites": Cite,
    "density": Density,
    "event": Event,
    "explained": Explained,
    "label": Label,
    "needs": Need,
    "of": Term,
    "part": QuantityPart,
    "process": Process,
    "quantity": Quantity,
    "status": Status,
    "test": Test,
    "tpp": Tpp,
}
"""The model of a table by the key it stands under."""
