"""Reading a whole tree: every problem of form, in every file, in one run."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from accel_db.curate.load import read_tree
from accel_db.words.errors import DataFault

if TYPE_CHECKING:
    from tests.conftest import World

SEE = "see CONTRIBUTING.md for the file format"
A2 = "accelerators/acme/a2.toml"


def form(world: World) -> list[str]:
    """The problems of form, as printed."""
    return [str(problem) for problem in read_tree(world.specs).problems]


def test_a_sound_tree(world: World) -> None:
    """A sound tree has no problems; subjects go by id, architectures apart, sources by publisher and key."""
    tree = read_tree(world.specs)
    assert tree.problems == []
    assert list(tree.subjects) == [
        "architecture:acme/one",
        "architecture:bolt/beta",
        "acme/a1",
        "acme/a2",
        "bolt/b100",
        "acme/a",
        "acme/rack",
    ]
    assert {key: source.publisher for key, source in tree.sources.items()} == {
        "acme/a1-datasheet": "Acme",
        "acme/a1-paper": "Acme",
        "bolt/b100-page": "Bolt",
        "press/2025-a1": "The Daily Chip",
    }
    assert ([one.id for one in tree.of_kind("system")], tree.vendors["bolt"].country, tree.waivers) == (
        ["acme/rack"],
        "US",
        [],
    )


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        (
            A2,
            'name = "A2"\nkind = "npu\n',
            [
                "2: toml: broken TOML: Illegal character '\\n' (at line 2, column 12) [kind = \"npu]; mend the TOML at that place"
            ],
        ),
        (
            A2,
            'name = "A2"\nkind = "npu"\nkind = "gpu"\n',
            [
                '3: toml: broken TOML: Cannot overwrite a value (at line 3, column 13) [kind = "gpu"]; mend the TOML at that place'
            ],
        ),
        (
            A2,
            'name = "\u2028"\nkind = = 3\n',
            ["2: toml: broken TOML: Invalid value (at line 2, column 8) [kind = = 3]; mend the TOML at that place"],
        ),
        (A2, "name = " + "[" * 5000, ["1: toml: broken TOML: nested too deeply; mend the TOML"]),
        (A2, 'kind = "npu"\n', ["1: form: key 'name' is missing; add it"]),
        (A2, 'name = 3\nkind = "npu"\n', [f"1: form: name: Input should be a valid string [3]; {SEE}"]),
        (A2, 'name = "A2"\nkind = "npu"\nfamly = []\n', ["3: form: unknown key 'famly'; did you mean 'family'?"]),
        (
            A2,
            'name = "A2"\nkind = "npu"\nzzz = 1\n',
            [
                "3: form: unknown key 'zzz'; allowed: name, aliases, note, reading, ruling, looked, kind, architecture, family"
            ],
        ),
        (
            A2,
            'name = "A2"\nkind = "npu"\n[[reading]]\nsource = "a/b"\nat = "x"\nfigures = [\n  {metric = "m", print = "3"},\n]\n',
            ["7: form: unknown key 'print'; did you mean 'printed'?"],
        ),
        (
            A2,
            'name = "A2"\nkind = "npu"\n[[reading]]\nsource = "a/b"\nat = "x"\nfigures = [\n  {metric = "m"},\n]\n',
            [f"7: form: reading.0.figures.0: a figure has either `printed` or `absent`; {SEE}"],
        ),
        (
            "families/acme/a.toml",
            'name = "A"\nkind = "npu"\n',
            ["2: form: unknown key 'kind'; allowed: name, aliases, note, reading, ruling, looked"],
        ),
        (
            "systems/acme/rack.toml",
            'name = "R"\nkind = "pod"\nbuilt_from = [{ accelerator = "a/b", counts = 1 }]\n',
            ["3: form: key 'count' is missing; add it", "3: form: unknown key 'counts'; did you mean 'count'?"],
        ),
        (
            "sources/press.toml",
            '["x"]\ntitle = "X"\nurl = "https://x.example/x"\nkind = "press"\nread = 2026-01-02\n',
            ["1: form: key 'publisher' is missing; name the site or organisation in the first line"],
        ),
        (
            "sources/press.toml",
            'publisher = "P"\nyear = 2025\n',
            ["2: form: 'year' is not a source; write a table: [\"key\"]"],
        ),
        (
            "sources/press.toml",
            'publisher = "P"\n["x"]\ntitle = "X"\nurl = "u"\nknd = "press"\nread = 2026-01-02\n',
            ["2: form: key 'kind' is missing; add it", "5: form: unknown key 'knd'; did you mean 'kind'?"],
        ),
        (
            "vendors.toml",
            '[bolt]\nname = "Bolt"\ncountry = "USA"\n',
            [f"3: form: country: String should match pattern '^[A-Z]{{2}}$' ['USA']; {SEE}"],
        ),
        (
            "vendors.toml",
            '[bolt]\nname = "Bolt"\ncountry = "US"\ncuntry = "US"\n',
            ["4: form: unknown key 'cuntry'; did you mean 'country'?"],
        ),
        (
            "waivers.toml",
            '[[waiver]]\ncheck = "per"\nfile = "f"\ntext = "t"\nreason = "r"\nresaon = "r"\n',
            ["6: form: unknown key 'resaon'; did you mean 'reason'?"],
        ),
        ("waivers.toml", '[[waivers]]\ncheck = "per"\n', ["1: form: unknown key 'waivers'; did you mean 'waiver'?"]),
        (
            "waivers.toml",
            "[[waiver\n",
            [
                "1: toml: broken TOML: Expected ']]' at the end of an array declaration (at line 1, column 9) [[[waiver]; mend the TOML at that place"
            ],
        ),
        (
            "accelerators/acme/A 2.toml",
            'name = "A2"\n',
            [
                "1: file-name: a spec file is <vendor>/<name>.toml, lower case with hyphens [accelerators/acme/A 2.toml]; rename it; its path is its id"
            ],
        ),
        (
            "accelerators/a2.toml",
            'name = "A2"\n',
            [
                "1: file-name: a spec file is <vendor>/<name>.toml, lower case with hyphens [accelerators/a2.toml]; rename it; its path is its id"
            ],
        ),
        (
            "systems/acme/a2.toml",
            'name = "A2"\nkind = "pod"\n',
            ["1: duplicate-id: accelerators/acme/a2.toml has the same id; an id is one subject: rename one"],
        ),
    ],
)
def test_problems_of_form(world: World, file: str, text: str, expected: list[str]) -> None:
    """Each fault of form is one problem with its file, line, text and cure."""
    world.write(file, text)
    assert form(world) == [f"{file}:{line}" for line in expected]


def test_waivers_of_a_wrong_type(world: World) -> None:
    """Waivers that are no list of tables are a problem of form, not a crash."""
    world.write("waivers.toml", "waiver = 3\n")
    assert [line.split(": ")[:2] for line in form(world)] == [["waivers.toml:1", "form"]]


def test_one_key_from_two_source_files(world: World) -> None:
    """A second source file of the same name never silently replaces the first one's sources."""
    (world.specs / "sources" / "old").mkdir()
    shutil.copy(world.specs / "sources" / "press.toml", world.specs / "sources" / "old" / "press.toml")
    assert [line.split(":")[0] for line in form(world)] in (["sources/old/press.toml"], ["sources/press.toml"])


def test_what_is_not_utf_8_or_no_file(world: World) -> None:
    """A file in another encoding, and a folder that is named like a file, are problems of that file."""
    (world.specs / A2).write_bytes(b'name = "A2"\nkind = "\xff"\n')
    (world.specs / "families/acme/b.toml").mkdir()
    assert form(world) == [
        f"{A2}:1: toml: not UTF-8: invalid start byte at byte 20; save it as UTF-8",
        "families/acme/b.toml:1: toml: cannot be read: Is a directory; mend the file or its permissions",
    ]


def test_windows_line_ends(world: World) -> None:
    """A file with Windows line ends reads the same, and its problems have the right lines."""
    (world.specs / A2).write_bytes(b'name = "A2"\r\nnote = """x\r\ny"""\r\nkind = 3\r\n')
    assert form(world) == [f"{A2}:4: form: kind: Input should be a valid string [3]; {SEE}"]


def test_every_problem_of_several_files_in_one_run(world: World) -> None:
    """Problems in four files all come out of one run."""
    for file in ("accelerators/acme/a1.toml", A2, "sources/press.toml"):
        world.append(file, "[broken\n")
    world.replace("vendors.toml", '"CN"', '"cn"')
    assert [(problem.file, problem.check) for problem in read_tree(world.specs).problems] == [
        ("vendors.toml", "form"),
        ("sources/press.toml", "toml"),
        ("accelerators/acme/a1.toml", "toml"),
        (A2, "toml"),
    ]


@pytest.mark.parametrize("file", ["metrics.toml", "units.toml", "derived.toml", "vendors.toml"])
def test_a_missing_vocabulary_file(world: World, file: str) -> None:
    """Without one of the vocabulary's files there is no tree, and the fault names the file."""
    (world.specs / file).unlink()
    with pytest.raises(DataFault, match=file):
        read_tree(world.specs)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("metrics.toml", "[axes]", "[axes", r"metrics.toml:12: broken TOML"),
        ("metrics.toml", "[axes]", "[axis]", "axes is missing"),
        ("units.toml", "[dimensions]", "[dimension]", "dimensions is missing"),
        ("units.toml", 'dimension = "size"', 'dimension = "sighs"', "no dimension 'sighs'"),
        ("units.toml", 'factor = "1e9"', 'factor = "many"', "many"),
        ("metrics.toml", '["1", "4096"]', '["one", "4096"]', "one"),
    ],
)
def test_a_faulty_vocabulary(world: World, file: str, old: str, new: str, message: str) -> None:
    """A vocabulary that cannot be used is one fault that says what is wrong in it."""
    world.replace(file, old, new)
    with pytest.raises(DataFault, match=message):
        read_tree(world.specs)
