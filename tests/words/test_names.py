"""How names are compared, near names, and the stamp of a tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accel_db.words.names import fold
from accel_db.words.near import near_names
from accel_db.words.stamp import stamp

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (
            [
                "Ascend 910C",
                "ascend-910c",
                "ASCEND910C",
                "Ascend‑910C",
                "Ascend　９１０Ｃ",
                "Ascend–910C",
                " ascend 910c\t",
                "Ascend® 910C™",
            ],
            "ascend910c",
        ),
        (["昇腾910C", "昇腾 910c", "昇腾-９１０Ｃ"], "昇腾910c"),
        (["H20", "h 20", "H-20", "h\u200b20"], "h20"),
        (["nvidia/h20-96gb", "NVIDIA/H20 96GB"], "nvidia/h2096gb"),
        (["Größe", "GRÖSSE", "gro\u0308sse"], "größe".casefold()),
    ],
)
def test_what_counts_as_one_name(names: list[str], key: str) -> None:
    """Case, spaces, hyphens, width and trade marks do not count, in any script."""
    assert {name: fold(name) for name in names} == dict.fromkeys(names, key)


@pytest.mark.parametrize(
    ("one", "other"),
    [("H20", "H200"), ("910B", "910C"), ("a1", "a.1"), ("MI300X", "MI300A"), ("a/b", "ab"), ("a_1", "a1")],
)
def test_nothing_else_is_forgiven(one: str, other: str) -> None:
    """A letter, a digit or another sign more makes another name."""
    assert fold(one) != fold(other)


@given(st.text())
@example("a´")
def test_folding_is_idempotent(name: str) -> None:
    """A folded name folds to itself."""
    assert fold(fold(name)) == fold(name)


@given(
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)),
    st.sampled_from(" -\t\u2013\u3000"),
    st.integers(0, 20),
)
def test_case_and_gaps_never_matter(name: str, gap: str, at: int) -> None:
    """Changing case and putting a space or hyphen anywhere leaves the key alone."""
    assert fold(name[:at].upper() + gap + name[at:].lower()) == fold(name)


@pytest.mark.parametrize(
    ("word", "most", "expected"), [("H20", 4, ["H200", "h2", "B20"]), ("h20", 1, ["H200"]), ("zzz", 4, []), ("", 4, [])]
)
def test_near_names(word: str, most: int, expected: list[str]) -> None:
    """Near names come nearest first, spelled as declared, at most so many, case not counting."""
    assert near_names(word, ["H200", "B20", "h2", "A100", "h200"], most) == expected


def test_the_stamp_sees_toml_files_only(tmp_path: Path) -> None:
    """The stamp counts the TOML files of all folders and carries the newest change, whatever else lies there."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name, when in (("a.toml", 5), ("deep/er/b.toml", 7), ("deep/note.txt", 9)):
        (tmp_path / name).write_text("", encoding="utf-8")
        os.utime(tmp_path / name, ns=(when, when))
    assert stamp(str(tmp_path)) == "2 7"
