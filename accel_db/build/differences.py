"""Compares two judged trees, fact by fact: figures, names, sources, rulings, looks, and the values that lead.

Pure: knows neither git nor files. What a fact is called and how it is matched stands here; how it is shown does not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from accel_db.build.cards import shown_claim, shown_spread
from accel_db.curate.tree import subject_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from accel_db.curate.models import Looked, Reading
    from accel_db.curate.read import Curated
    from accel_db.curate.tree import Subject, Tree
    from accel_db.derive.headline import Answer
    from accel_db.derive.world import Judged
    from accel_db.words.claim import Claim

Fields = dict[str, str | None]
"""What a fact says, field by field, as text. The first, ``value``, is what a reader sees."""


class Key(NamedTuple):
    """Which fact it is: two facts with one key are the same fact, whatever they say."""

    what: str
    subject: str
    metric: str | None = None
    per: str | None = None
    variant: str | None = None
    accumulate: str | None = None
    source: str | None = None
    locator: str | None = None
    row: str | None = None


class State(NamedTuple):
    """One state of the spec files: read, and judged."""

    curated: Curated
    world: Mapping[str, Judged]


class Difference(NamedTuple):
    """One fact that is in only one state (``added``, ``removed``) or says something else (``changed``)."""

    kind: str
    key: Key
    was: Fields
    now: Fields

    def row(self) -> dict[str, Any]:
        """The difference as a flat row; ``was`` and ``now`` hold the value and every other field that differs."""
        changed = [name for name in dict.fromkeys([*self.was, *self.now]) if self.was.get(name) != self.now.get(name)]
        others = [name for name in changed if name not in ("value", "name")] if self._both else self._worth_telling()
        fields = [{"field": name, "was": self.was.get(name), "now": self.now.get(name)} for name in others]
        said = self.now or self.was
        with_value = self.key.what == "claim" or "value" in changed
        return {
            "kind": self.kind,
            **self.key._asdict(),
            "name": said.get("name"),
            "was": _told(self.was, others, with_value),
            "now": _told(self.now, others, with_value),
            "printed": None if "printed" in others else said.get("printed"),
            "fields": fields,
        }

    @property
    def _both(self) -> bool:
        return bool(self.was and self.now)

    def _worth_telling(self) -> list[str]:
        """Of a fact that is only in one state: what else is told of it, where it is not as usual."""
        said = self.now or self.was
        return [name for name in ALONE.get(self.key.what, ()) if said.get(name) not in (None, "plain")]


ALONE = {
    "claim": ("stage", "deprecated"),
    "subject": ("kind", "architecture", "family", "built_from"),
    "ruling": ("why",),
}
"""What is told of an added or removed fact besides its value."""
WHATS = ("subject", "alias", "claim", "headline", "ruling", "looked", "source", "vendor")
"""What facts are about, in the order in which differences are told."""


def differences(old: State, new: State) -> list[Difference]:
    """Every fact added, removed or changed from ``old`` to ``new``, in a fixed order: by subject, then by what it is about."""
    before, after = _facts(old), _facts(new)
    common = old.world.keys() & new.world.keys()
    found: list[Difference] = []
    for key in sorted({*before, *after}, key=_order):
        if key.what in ("alias", "headline") and key.subject not in common:
            continue  # a new subject's names stand in its own line, and its leading values follow from its figures
        found += _compare(key, before.get(key, []), after.get(key, []))
    return found


def _order(key: Key) -> tuple[Any, ...]:
    about_documents = key.what in ("source", "vendor")
    return (about_documents, key.subject, WHATS.index(key.what), *(part or "" for part in key[2:]))


def _compare(key: Key, before: list[Fields], after: list[Fields]) -> Iterator[Difference]:
    """Facts under one key: what both states say is left out, the rest is paired in order."""
    old = _without(before, after)
    new = _without(after, before)
    for i in range(max(len(old), len(new))):
        was, now = old[i : i + 1], new[i : i + 1]
        kind = "changed" if was and now else "added" if now else "removed"
        yield Difference(kind, key, *(was or [{}]), *(now or [{}]))


def _without(some: list[Fields], others: list[Fields]) -> list[Fields]:
    rest, left = [*others], []
    for one in some:
        if one in rest:
            rest.remove(one)
        else:
            left.append(one)
    return left


def _told(fields: Fields, others: list[str], with_value: bool) -> str | None:
    """``64 GB "64 GB", stage preliminary``: the value, then the other fields that differ."""
    if not fields:
        return None
    parts = [fields["value"] or ""] if with_value else []
    if "printed" in others and fields.get("printed"):
        parts = [f'{fields["value"]} "{fields["printed"]}"']
    parts += [f"{name} {fields[name]}" if fields.get(name) else f"no {name}" for name in others if name != "printed"]
    return ", ".join(part for part in parts if part) or "nothing"


def _facts(state: State) -> dict[Key, list[Fields]]:
    facts: dict[Key, list[Fields]] = defaultdict(list)
    tree = state.curated.tree
    for claim in state.curated.claims:
        key = subject_key(claim.subject_kind, claim.subject)
        facts[_claim_key(key, claim)].append(_claim_fields(claim, tree))
    for name, subject in tree.subjects.items():
        for fact, fields in _subject_facts(name, subject):
            facts[fact].append(fields)
        for headline, answer in state.world[name].headlines.items():
            facts[Key("headline", name, headline)].append(_headline_fields(subject, answer))
    for name, source in tree.sources.items():
        facts[Key("source", name)].append(
            {"value": source.entry.title, "publisher": source.publisher, **_dump(source.entry, "title")}
        )
    for name, vendor in tree.vendors.items():
        facts[Key("vendor", name)].append({"value": vendor.name, "country": vendor.country})
    return facts


def _claim_key(subject: str, claim: Claim) -> Key:
    return Key("claim", subject, *claim.quantity[1:], claim.source, claim.locator, claim.row)


def _claim_fields(claim: Claim, tree: Tree) -> Fields:
    """What the spec file says of a figure, and what it was converted to; what follows from its source is the source's own fact."""
    reading: Reading = tree.subjects[subject_key(claim.subject_kind, claim.subject)].spec.reading[int(claim.path[1])]
    return {
        "value": _with_unit(shown_claim(claim), claim),
        "printed": None if claim.absent else claim.printed,
        "stage": claim.stage,
        "deprecated": claim.deprecated,
        "term": claim.term,
        "unit_name": claim.unit_name,
        "mark": claim.mark,
        "as_of": claim.as_of,
        "origin": reading.origin,
        "how": reading.how,
        "via": _line(reading.via),
        "note": claim.note,
    }


def _with_unit(shown: str, claim: Claim) -> str:
    return shown if claim.value is None or claim.unit in (None, "one") else f"{shown} {claim.unit}"


def _subject_facts(key: str, subject: Subject) -> Iterator[tuple[Key, Fields]]:
    """The subject itself, its aliases, its rulings, and each metric looked for in vain."""
    spec = subject.spec
    listed = ("name", "aliases", "reading", "ruling", "looked")
    yield Key("subject", key), {"value": f"{subject.kind} {spec.name}", **_dump(spec, *listed)}
    for alias in spec.aliases:
        yield Key("alias", key, alias), {"value": alias}
    for ruling in spec.ruling:
        picked = ruling.variant if ruling.prefer else None
        value = ruling.prefer or f"variant {ruling.variant}"
        yield (
            Key("ruling", key, ruling.headline or ruling.metric, ruling.per, picked),
            {"value": value, "why": ruling.why},
        )
    for looked in spec.looked:
        for metric in looked.metrics:
            yield Key("looked", key, metric), _looked_fields(looked)


def _looked_fields(looked: Looked) -> Fields:
    return {"value": f"in {_line(looked.where)} on {looked.on}", "note": looked.note}


def _headline_fields(subject: Subject, answer: Answer) -> Fields:
    """The value that leads a headline, as people are shown it, and what stands behind it."""
    value = answer.absent.absent if answer.absent else None
    if answer.variants:
        first = answer.variants[0]
        value = _with_unit(shown_spread(answer.low, answer.high) or shown_claim(first), first)
    elif answer.claim:
        value = _with_unit(shown_claim(answer.claim), answer.claim)
    leads = answer.claim or answer.absent
    return {
        "value": value,
        "name": subject.spec.name,
        "verdict": answer.verdict,
        "metric": leads.metric if leads else None,
    }


def _dump(model: BaseModel, *without: str) -> Fields:
    return {key: _line(value) for key, value in model.model_dump(exclude=set(without)).items()}


def _line(value: Any) -> str | None:
    """A value of a spec file as one line of text; empty ones as None."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, dict):
        return " ".join(text for key in value if (text := _line(value[key])))
    if isinstance(value, list):
        return ", ".join(str(_line(one)) for one in value)
    return " ".join(str(value).split())
