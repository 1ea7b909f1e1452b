"""Where in a TOML text a value stands."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.curate.lines import Path, find_line

PLAIN = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('a = """\n[x]\n# no " ]\n"""\nb = 1\n', {("a",): 1, ("b",): 5}),
        ('a = """q"""""\nb = """\\"""" # """\nc = 1\n', {("b",): 2, ("c",): 3}),
        ("a = '''it''s ]'''\nb = '''\nx'''' # '\nc = 1\n", {("b",): 2, ("c",): 4}),
        ('a = "] } # \\" \\\\"\nb = \'#"\'\nc = ""\nd = 1 # "\n', {("b",): 2, ("c",): 3, ("d",): 4}),
        (
            "a.b.c = 1\na . d = 2\n[t.u]\nv = 3\n",
            {("a", "b", "c"): 1, ("a", "d"): 2, ("t", "u"): 3, ("t", "u", "v"): 4},
        ),
        ('"a.b" = 1\n\'x y\' = 2\n["q/r" . s]\nz = 3\n', {("a.b",): 1, ("x y",): 2, ("q/r", "s", "z"): 4}),
        (
            'x = [ # c ]\n 1, # "\n [2,\n 3], ]\ny = []\nz = {}\nw = 1\n',
            {("x", 0): 2, ("x", 1, 0): 3, ("x", 1, 1): 4, ("y",): 5, ("w",): 7},
        ),
        (
            'f = [\n {m = "a", p = "]"},\n # {\n {m = "b", q = { r = [ 1,\n 2 ] } }\n]\ng = 1\n',
            {("f", 0, "p"): 2, ("f", 1, "m"): 4, ("f", 1, "q", "r", 1): 5, ("g",): 7},
        ),
        (
            "[[r]]\nx = 1\n[[r.f]]\ny = 1\n[[r.f]]\ny = 2\n[[r]]\n[[r.f]]\ny = 3\n[r.g]\nz = 1\n",
            {("r", 0): 1, ("r", 0, "f", 1, "y"): 6, ("r", 1): 7, ("r", 1, "f", 0, "y"): 9, ("r", 1, "g", "z"): 11},
        ),
        (
            "[[a]]\n[a.b]\n[[a.b.c]]\nd = 1\n[[a]]\n[[a.b.c]]\nd = 2\n",
            {("a", 0, "b", "c", 0, "d"): 4, ("a", 1, "b", "c", 0, "d"): 7},
        ),
        (
            'a = 1\r\nb = """x\r\ny"""\r\nc = 2979-05-27 07:32:00 # x\r\n[d]\r\ne = 1\r\n',
            {("b",): 2, ("c",): 4, ("d", "e"): 6},
        ),
        ('a = "\u2028" # \u2028\nb = 1', {("b",): 2}),
        ('"q\\"t" = 1\n"e\\u0041" = 2\n"\'n\'" = 3\n', {('q"t',): 1, ("eA",): 2, ("'n'",): 3}),
    ],
)
def test_tricky_texts(text: str, places: dict[Path, int]) -> None:
    """Strings over lines, comments with brackets, dotted and quoted keys, nested arrays and tables, CRLF: each value has its line."""
    assert tomllib.loads(text)
    assert {path: find_line(text, path) for path in places} == places


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("r", 0, "figures", 1, "printed"), 4),
        (("r", 0, "figures", 9, "printed"), 2),
        (("r", 0, "nothing"), 1),
        (("r", 7), 1),
        (("zzz",), 1),
        ((), 1),
    ],
)
def test_the_nearest_part_that_stands_there(path: Path, line: int) -> None:
    """A path that does not stand in the text has the line of its longest part that does, at worst the first."""
    assert find_line('[[r]]\nfigures = [\n  {metric = "a"},\n  {metric = "b", printed = "c"},\n]\n', path) == line


@given(st.lists(st.tuples(PLAIN, st.integers(0, 3), PLAIN), max_size=12))
def test_any_strings_and_comments(rows: list[tuple[str, int, str]]) -> None:
    """Whatever stands in the strings and comments around them, each of many inline tables has its own line."""
    text, lines = "figures = [ # ]\n", []
    for value, blanks, comment in rows:
        lines.append(text.count("\n") + 1)
        text += (
            f"  {{ printed = {json.dumps(value, ensure_ascii=False)}, row = ']}}#' }}, # {comment}\n" + "\n" * blanks
        )
    text += "]\n"
    assert [figure["printed"] for figure in tomllib.loads(text)["figures"]] == [value for value, _, _ in rows]
    assert [find_line(text, ("figures", i, "printed")) for i in range(len(rows))] == lines
