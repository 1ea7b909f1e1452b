"""From names to subjects. Never by guess: an exact id, name or alias answers, a family expands or fails, all else is an error."""

from __future__ import annotations

from accel_db.words.errors import Ambiguous, NotFound
from accel_db.words.names import fold
from accel_db.words.near import near_names
from accel_db.words.shown import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from accel_db.catalog.store import Store

KIND, ID, NAME = 1, 2, 3
"""Columns of the name table."""
SHORTEST_PART = 3
"""Characters a name must have to be looked for within others."""
LONGEST = 200
"""Characters of a name that is looked for."""
MOST_LOOKED_FOR = 40
"""Unknown names that near ones are looked for."""


def find(store: Store, name: str) -> tuple[str, str] | None:
    """The (kind, id) that a name leads to; None when nothing answers to it."""
    entries = store.lookup(fold(name)) if 0 < len(name) <= LONGEST else []
    return (entries[0][KIND], entries[0][ID]) if entries else None


def one_id(store: Store, name: str) -> str:
    """The id of one subject. Raises `NotFound`, or `Ambiguous` for a family, with its members."""
    found = find(store, name)
    if found is None:
        raise unknown(store, [name])
    kind, subject = found
    if kind == "family":
        members = [member["id"] for member in store.card(subject, brief=True)["members"]]
        listed = f"one of: {', '.join(members)}" if members else "none of its members is told apart yet"
        raise Ambiguous(f"{name!r} is a family; {listed}", name=name, candidates=members, try_=members[:1])
    return subject


def expand(
    store: Store, names: Sequence[str], *, keep_family: bool = False, brief: bool = False
) -> tuple[list[dict[str, Any]], list[str]]:
    """The cards of several names, families expanded to their members, each once; and notes on what was expanded.

    With ``keep_family`` a family that has figures of its own comes before its members; ``brief`` reads headlines only.
    All bad names raise one `NotFound`.
    """
    found = [find(store, name) for name in names]
    bad = [name for name, one in zip(names, found, strict=True) if one is None]
    if bad:
        raise unknown(store, bad, names)
    cards: dict[str, dict[str, Any]] = {}
    notes = []
    for name, one in zip(names, found, strict=True):
        kind, subject = one  # type: ignore[misc]
        card = store.card(subject, brief=brief)
        members = [member["id"] for member in card["members"]]
        if kind != "family" or not members:
            cards.setdefault(subject, card)
            continue
        if keep_family and card["claims"]:
            cards.setdefault(subject, card)
        for member in members:
            cards.setdefault(member, store.card(member, brief=brief))
        notes.append(f"{name} is a family: {', '.join(members)}")
    return list(cards.values()), notes


def unknown(store: Store, bad: Sequence[str], given: Sequence[str] = ()) -> NotFound:
    """The error for names that nothing answers to: all at once, each with near names, and one corrected list of names.

    A name that stands within several others is not corrected: which of them is meant is not ours to guess.
    """
    known: dict[str, str] = {}
    for entry in store.names():
        known.setdefault(entry[NAME], entry[ID])
    facts: list[dict[str, Any]] = []
    parts: list[str] = []
    corrected: dict[str, str] = {}
    for name in dict.fromkeys(bad):
        if len(facts) >= MOST_LOOKED_FOR:
            facts.append({"name": name[:LONGEST], "near": []})
            parts.append(f"no accelerator, system or family {clipped(name)!r}")
            continue
        within = _within(name[:LONGEST], known)
        spelled = list(dict.fromkeys(known[near] for near in near_names(name[:LONGEST], known, 6)))
        ids = list(dict.fromkeys([*within, *spelled]))[:4]
        names_of = [one for one, subject in known.items() if ids and subject == ids[0]]
        facts.append({"name": name[:LONGEST], "near": ids})
        parts.append(
            f"no accelerator, system or family {clipped(name)!r}" + (f"; near: {', '.join(ids)}" if ids else "")
        )
        if ids and len(within) < 2 and (within or any(_same_model(name, one) for one in names_of)):
            corrected[name] = ids[0]
    line = list(dict.fromkeys(corrected.get(name, name).split("/")[-1] for name in given or bad))
    tried = line if len(corrected) == len(set(bad)) else []
    return NotFound("\n".join(parts), names=facts, try_=tried)


def _same_model(name: str, other: str) -> bool:
    """Whether two names have the same words with digits in them: "H100 SMX5" may be a slip for "H100 SXM5", "L20" never for "T20"."""
    numbered = [_numbered(one) for one in (name, other)]
    return numbered[0] == numbered[1]


def _numbered(name: str) -> set[str]:
    words = "".join(char if char.isalnum() else " " for char in name.casefold()).split()
    return {word for word in words if any(char.isdigit() for char in word)}


def _within(name: str, known: dict[str, str]) -> list[str]:
    """The ids with a name that holds this one as a whole: "h800" in "h800-sxm5"."""
    key = fold(name)
    if len(key) < SHORTEST_PART:
        return []
    return list(dict.fromkeys(subject for one, subject in known.items() if key in fold(one)))
