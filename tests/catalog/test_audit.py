"""Somebody else's table beside ours: names under our rules, agreement by intervals, a cause where arithmetic shows one."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from accel_db.catalog import audit as audit_module
from accel_db.catalog import audit_file
from accel_db.catalog.audit import audit
from accel_db.catalog.catalog import Catalog
from accel_db.words.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import World

EPOCH = "Hardware name,Tensor-FP16/BF16 performance (FLOP/s),FP8 performance (FLOP/s),Memory (bytes),Memory bandwidth (byte/s),Intranode bandwidth (byte/s),TDP (W)"
GENERIC = "name,half,memory,bandwidth,scale_up,power"
MAPS = ("half=half TFLOPS", "memory=memory GB", "bandwidth=bandwidth GB/s", "scale_up=scale_up GB/s", "power=power W")


def audited(world: World, folder: Path, text: str | bytes, maps: tuple[str, ...] = (), name: str | None = None) -> dict:
    """The audit of a file with this text."""
    file = folder / "theirs.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with Catalog(str(world.data)) as catalog:
        return audit(catalog, str(file), maps, name)


def one(world: World, folder: Path, chip: str, **cells: str) -> dict:
    """The one disagreement over one chip with these cells."""
    columns = GENERIC.split(",")
    text = f"{GENERIC}\n{','.join([chip, *(cells.get(column, '') for column in columns[1:])])}\n"
    found = audited(world, folder, text, MAPS)
    assert [
        len(found[key]) for key in ("disagreements", "lacking", "unreadable", "unresolved", "ambiguous", "hedged")
    ] == [1, 0, 0, 0, 0, 0]
    return found["disagreements"][0]


def causes(finding: dict) -> list[str]:
    """The causes told of a finding."""
    return [cause["cause"] for cause in finding["causes"]]


def test_the_epoch_layout_needs_no_options(built: World, tmp_path: Path) -> None:
    """The widely copied layout is read as it stands: blanks skipped, what agrees counted, the rest compared in our units."""
    rows = "b100,989.5e12,1.979e+15,80000000000.0,3350000000000.0,900000000000.0,700.0\nA1,,,64e9,1.6e12,,-\n"
    found = audited(built, tmp_path, f"{EPOCH}\n{rows}")
    assert (found["rows"], found["subjects"], found["compared"], found["agreed"]) == (2, 2, 8, 8)
    assert [column["asked"] for column in found["columns"]] == [
        ["half"],
        ["fp8"],
        ["memory"],
        ["bandwidth"],
        ["scale_up", "scale_up_unstated", "scale_up_one_way"],
        ["power"],
    ]
    assert [column["unit"] for column in found["columns"]] == ["FLOPS", "FLOPS", "B", "B/s", "B/s", "W"]
    assert (found["unmapped"], found["disagreements"], found["lacking"], found["unreadable"]) == ([], [], [], [])


def test_a_disagreement_tells_both_sides(built: World, tmp_path: Path) -> None:
    """Each disagreement has both values, the gap, our claims with their sources, our verdict and our marks."""
    finding = one(built, tmp_path, "甲1", half="800")
    told = {
        "line": 2,
        "name": "甲1",
        "subject": "acme/a1",
        "subject_name": "A1",
        "column": "half",
        "printed": "800",
        "asked": "half",
        "theirs": 800,
        "unit": "TFLOPS",
    }
    ours = {
        "ours": 752,
        "shown": "752",
        "marks": "due",
        "verdict": "sole",
        "spread": None,
        "absent": None,
        "metric": "compute.bf16.unstated",
        "basis": "unstated",
    }
    assert {key: finding[key] for key in (*told, *ours)} == told | ours
    assert finding["gap"] == pytest.approx(800 / 752 - 1)
    assert [(claim["source"], claim["locator"], claim["printed"], claim["leads"]) for claim in finding["claims"]] == [
        ("acme/a1-paper", "section 3", "376 TFLOPS", True)
    ]
    assert finding["causes"] == []


def test_every_source_told_is_given(built: World, tmp_path: Path) -> None:
    """The sources of claims and of causes stand beside the findings, once."""
    found = audited(built, tmp_path, f"{GENERIC}\nA1,,32,,,\n", MAPS)
    assert found["sources"].keys() == {"acme/a1-datasheet", "press/2025-a1"}
    assert found["sources"]["press/2025-a1"]["url"] == "https://dailychip.example/2025/a1"


@pytest.mark.parametrize(
    ("chip", "column", "cell", "cause", "says"),
    [
        ("B100", "half", "1979", "sparse for dense", 'matrix.bf16.sparse "1,979 teraFLOPS", maker\'s data sheet'),
        ("A1", "half", "1504", "sparse for dense", "it is twice ours"),
        (
            "B100",
            "half",
            "495",
            "halved",
            "it is half of ours: halved for a sparsity that ours does not hold, or per die",
        ),
        ("A1", "half", "376", "per die for package", 'compute.bf16.unstated "376 TFLOPS"'),
        ("A1", "memory", "32", "per die for package", "times our 2 dies it is ours"),
        ("rack", "half", "753", "per accelerator for system", "times our 384 accelerators it is ours"),
        ("B100", "scale_up", "450", "one way for both", "it is half of ours"),
        ("B100", "memory", "85.9", "GiB for GB", "it is ours with GB counted as 2^30 bytes"),
        ("B100", "memory", "74.5", "GiB for GB", "it is ours in GiB, called GB"),
        ("B100", "memory", "81.92", "GiB for GB", "it is ours with 1,024 taken for 1,000"),
        ("A1", "memory", "62.5", "GiB for GB", "it is ours with 1,000 taken for 1,024"),
        ("B100", "bandwidth", "26800", "bits for bytes", "it is ours in bits, called bytes"),
        ("A1", "bandwidth", "200", "bits for bytes", "it is ours divided by eight once too often"),
        ("B100", "bandwidth", "3.35", "thousand-fold slip", "it is a thousandth of ours"),
        ("B100", "power", "700000", "thousand-fold slip", "it is a thousand times ours"),
        ("B100", "power", "700000000", "thousand-fold slip", "it is a million times ours"),
        ("B100", "bandwidth", "0.00335", "thousand-fold slip", "it is a millionth of ours"),
        ("A1", "memory", "128", "another SKU", "it is the figure of acme/a2"),
    ],
)
def test_causes_of_the_plain_world(
    built: World, tmp_path: Path, chip: str, column: str, cell: str, cause: str, says: str
) -> None:
    """What arithmetic shows is the first cause told, in words that say what was computed."""
    first = one(built, tmp_path, chip, **{column: cell})["causes"][0]
    assert first["cause"] == cause
    assert says in first["says"] or says == first["says"]


def test_arithmetic_names_the_claim_it_rests_on(built: World, tmp_path: Path) -> None:
    """A cause that rests on a claim of ours carries it; one that is a ratio alone carries none."""
    assert one(built, tmp_path, "A1", memory="32")["causes"][0]["claim"]["metric"] == "die.count"
    assert one(built, tmp_path, "B100", scale_up="450")["causes"][0]["claim"] is None


def test_power_is_never_added_up(built: World, tmp_path: Path) -> None:
    """Half the power of a two-die package is no power per die: power does not add up."""
    assert causes(one(built, tmp_path, "A1", power="200")) == []


@pytest.fixture
def richer(world: World) -> World:
    """The tiny world with the claims that copied tables usually come from."""
    world.append(
        "accelerators/acme/a1.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "last paragraph"
        figures = [
          { metric = "power.tdp", printed = "310 W", deprecated = "The power of another chip." },
          { metric = "power.tdp", printed = "420 W" },
          { metric = "power.tdp", printed = "350 W", variant = "air" },
          { metric = "power.typical", printed = "280 W" },
          { metric = "power.peak", printed = "600 W", deprecated = "Nobody knows." },
          { metric = ["scale_up.bandwidth.both_ways", "scale_up.bandwidth.unstated"], printed = "56 GB/s", deprecated = "Of another." },
          { metric = "memory.bandwidth", printed = "about 1.8 TB/s" },
          { metric = "vector.bf16", printed = "23 TFLOPS" },
          { metric = "combined.bf16.dense", printed = "799 TFLOPS" },
          { metric = "compute.fp8.unstated", printed = "1,300 TFLOPS" },
          { metric = "matrix.fp4", absent = "not supported" },
        ]
        """,
    )
    world.append(
        "accelerators/acme/a2.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "table of clocks"
        figures = [
          { metric = "compute.fp16.unstated", printed = "400 TFLOPS", variant = "1.0 GHz" },
          { metric = "compute.fp16.unstated", printed = "480 TFLOPS", variant = "1.2 GHz" },
          { metric = "scale_up.bandwidth.one_way", printed = "100 GB/s" },
          { metric = "memory.bandwidth", printed = "9 TB/s", deprecated = "A slip of the pen." },
        ]
        """,
    )
    world.append(
        "accelerators/bolt/b100.toml",
        """
        [[reading]]
        source = "press/2025-a1"
        at = "aside on the B100"
        figures = [
          { metric = "scale_up.bandwidth.one_way", printed = "448 GB/s" },
          { metric = "memory.usable", printed = "79.6 GB" },
        ]
        """,
    )
    world.build()
    return world


@pytest.mark.parametrize(
    ("chip", "column", "cell", "cause", "says"),
    [
        ("A1", "power", "310", "deprecated here", 'power.tdp "310 W", press: The power of another chip'),
        ("A1", "power", "420", "lower-ranked here", 'power.tdp "420 W", press'),
        ("A1", "power", "350", "variant air", 'power.tdp "350 W", press'),
        ("A1", "power", "280", "another power figure", 'power.typical "280 W", press'),
        ("A1", "bandwidth", "1800", "lower-ranked here", 'memory.bandwidth "about 1.8 TB/s", press, hedged'),
        ("A1", "half", "23", "vector for matrix", 'vector.bf16 "23 TFLOPS", press'),
        ("A1", "half", "799", "lower-ranked here", 'combined.bf16.dense "799 TFLOPS", press'),
        ("A1", "half", "1300", "another format", 'compute.fp8.unstated "1,300 TFLOPS", press'),
        ("B100", "scale_up", "448", "one way for both", 'scale_up.bandwidth.one_way "448 GB/s", press'),
        ("B100", "memory", "79.6", "another memory figure", 'memory.usable "79.6 GB", press'),
        ("A2", "bandwidth", "9000", "deprecated here", 'memory.bandwidth "9 TB/s", press: A slip of the pen'),
    ],
)
def test_causes_that_are_claims_of_ours(
    richer: World, tmp_path: Path, chip: str, column: str, cell: str, cause: str, says: str
) -> None:
    """Where a claim of ours holds their figure, the cause is that claim: what it is of, from whom, and why it does not lead."""
    first = one(richer, tmp_path, chip, **{column: cell})["causes"][0]
    assert (first["cause"], first["says"], first["claim"]["source"]) == (cause, says, "press/2025-a1")


def test_coincidences_are_no_causes(richer: World, tmp_path: Path) -> None:
    """A claim on something else with the same number, and a deprecated one on a neighbour, explain nothing."""
    assert causes(one(richer, tmp_path, "B100", bandwidth="900")) == []
    assert causes(one(richer, tmp_path, "A1", power="600")) == []


def test_dead_claims_alone_are_no_answer(richer: World, tmp_path: Path) -> None:
    """Where all our claims are deprecated, their figure is lacking, unless it is the deprecated one: that disagrees."""
    found = audited(richer, tmp_path, "name,nvlink (GB/s)\nA1,70\nA1,56\n")
    assert [one["theirs"] for one in found["lacking"]] == [70]
    assert [(one["theirs"], one["ours"], one["verdict"], causes(one)) for one in found["disagreements"]] == [
        (56, None, None, ["deprecated here"])
    ]


def test_variants_are_all_true(richer: World, tmp_path: Path) -> None:
    """A figure equal to one of several true variants agrees; one between them does not, and has our range beside it."""
    found = audited(richer, tmp_path, f"{GENERIC}\nA2,400,,,,\nA2,480,,,,\n", MAPS)
    assert (found["agreed"], found["disagreements"]) == (2, [])
    finding = one(richer, tmp_path, "A2", half="440")
    assert (finding["ours"], finding["low"], finding["high"], finding["gap"], finding["verdict"]) == (
        None,
        400,
        480,
        None,
        "variants",
    )


def test_a_sourced_negative_contradicts(richer: World, tmp_path: Path) -> None:
    """A figure for what a source says is not there disagrees; nought agrees; what is merely not published is lacking."""
    text = "name,FP4 (TFLOP/s),tdp (W)\nA1,3000,\nA1,0,\nA2,,300\n"
    found = audited(richer, tmp_path, text)
    assert [(one["absent"], one["ours"], one["gap"], one["causes"]) for one in found["disagreements"]] == [
        ("not supported", None, None, [])
    ]
    assert found["agreed"] == 1
    assert [(one["name"], one["column"], one["theirs"], one["looked"]) for one in found["lacking"]] == [
        ("A2", "tdp (W)", 300, [])
    ]


def test_a_direction_left_open_meets_the_direction_we_have(richer: World, tmp_path: Path) -> None:
    """A column that leaves the direction open is set beside both ways, else what we have; twice our one way is told as that."""
    found = audited(richer, tmp_path, "name,interconnect bandwidth (GB/s)\nA2,100\nA2,200\n")
    assert (found["agreed"], [(one["asked"], causes(one)) for one in found["disagreements"]]) == (
        1,
        [("scale_up_one_way", ["both ways for one"])],
    )


def test_one_cause_is_told_once(world: World, tmp_path: Path) -> None:
    """Several claims of ours with their figure are one cause, with the number of the others; a replaced source says so."""
    world.append(
        "sources/press.toml",
        """
        ["2025-old"]
        title = "A1 announced"
        url = "https://dailychip.example/2025/old"
        kind = "press"
        published = "2025-04-01"
        read = 2026-01-02
        replaced_by = "press/2025-a1"
        """,
    )
    for source in ("press/2025-a1", "acme/a1-paper", "press/2025-old"):
        world.append(
            "accelerators/acme/a1.toml",
            f"""
            [[reading]]
            source = "{source}"
            at = "aside"
            figures = [{{ metric = "power.tdp", printed = "450 W" }}]
            """,
        )
    world.build()
    finding = one(world, tmp_path, "A1", power="450")
    assert [(cause["cause"], cause["claim"]["source"], cause["more"]) for cause in finding["causes"]] == [
        ("lower-ranked here", "acme/a1-paper", 1),
        ("corrected since", "press/2025-old", 0),
    ]


def test_a_hedged_figure_never_disagrees(built: World, tmp_path: Path) -> None:
    """A hedged figure of theirs is set beside ours and not counted as a disagreement; one that fits agrees."""
    found = audited(built, tmp_path, "name,TDP\nB100,~650 W\nB100,about 700 W\n")
    assert [(one["printed"], one["theirs"], one["ours"]) for one in found["hedged"]] == [("~650 W", 650, 700)]
    assert (found["disagreements"], found["agreed"], found["compared"]) == ([], 1, 2)


@pytest.mark.parametrize(
    ("column", "cell", "agrees"),
    [
        ("half", "990", True),
        ("half", "989", True),
        ("half", "988", False),
        ("half", "989.5000000000001", True),
        ("half", "990.0", True),
        ("half", "985.0", False),
        ("half", "986.4", False),
        ("half", "980-990", True),
        ("memory", "80", True),
        ("memory", "80.00000000000001", True),
        ("memory", "80 GiB", True),
        ("memory", "0.08 TB", True),
        ("memory", "80.1", False),
        ("memory", "81", False),
        ("bandwidth", "3.35e3", True),
        ("bandwidth", "3350.0", True),
        ("bandwidth", "3.4 TB/s", True),
        ("bandwidth", "26.8 Tbit/s", True),
        ("power", "0.7 kW", True),
        ("power", "up to 700", True),
        ("power", "720", False),
    ],
)
def test_agreement_is_by_intervals(built: World, tmp_path: Path, column: str, cell: str, agrees: bool) -> None:
    """Figures stand for half a unit of their last digit, sizes for themselves as marketed, and a machine's digits for nothing."""
    columns = GENERIC.split(",")[1:]
    found = audited(
        built, tmp_path, f"{GENERIC}\nB100,{','.join(cell if one == column else '' for one in columns)}\n", MAPS
    )
    assert (found["agreed"], len(found["disagreements"])) == ((1, 0) if agrees else (0, 1))


def test_counts_are_exact(built: World, tmp_path: Path) -> None:
    """A count agrees only with itself, and needs no unit."""
    found = audited(built, tmp_path, "name,n\nrack,384\nrack,383\n", ("n=accelerators",))
    assert (found["agreed"], [one["theirs"] for one in found["disagreements"]]) == (1, [383])


def test_names_are_never_guessed(built: World, tmp_path: Path) -> None:
    """A family is listed with its members, an unknown name with near ones, and neither is compared."""
    found = audited(built, tmp_path, "name,TDP (W)\nA,400\nB10,700\nB10,700\nNo such thing at all,1\n a1 ,400\n")
    assert found["ambiguous"] == [{"line": 2, "name": "A", "candidates": ["acme/a1", "acme/a2"]}]
    assert found["unresolved"] == [
        {"line": 3, "name": "B10", "near": ["bolt/b100"]},
        {"line": 4, "name": "B10", "near": ["bolt/b100"]},
        {"line": 5, "name": "No such thing at all", "near": []},
    ]
    assert (found["compared"], found["agreed"], found["subjects"]) == (1, 1, 1)


def test_near_names_are_bounded(built: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many unknown names get near ones: comparing words is slow."""
    monkeypatch.setattr(audit_module, "MOST_NEAR", 1)
    found = audited(built, tmp_path, "name,TDP (W)\nB10,700\nB1000,700\n")
    assert [one["near"] for one in found["unresolved"]] == [["bolt/b100"], []]


def test_what_they_have_and_we_lack(built: World, tmp_path: Path) -> None:
    """Figures of a chip of ours that we have nothing for are listed, with where our editors looked."""
    found = audited(built, tmp_path, "name,Memory bandwidth (GB/s),INT8 (TOPS)\nA2,3200,\nB100,,1979\n")
    assert [(one["subject"], one["asked"], one["theirs"], one["unit"]) for one in found["lacking"]] == [
        ("acme/a2", "bandwidth", 3200, "GB/s"),
        ("bolt/b100", "int8", 1979, "TOPS"),
    ]
    assert [[place["where"] for place in one["looked"]] for one in found["lacking"]] == [
        [["acme/a1-paper", "press/2025-a1"]],
        [],
    ]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("lots", "cannot read 'lots' as one figure"),
        ("700 parsecs", "unknown unit 'parsecs' in '700 parsecs'"),
        ("700 GB", "GB is size, not power"),
        ("1e400", "'1e400' is beyond all bounds"),
        ("1e-400", "'1e-400' is beyond all bounds"),
        ("1e9999999999999999999999", "in '1e9999999999999999999999'"),
        ("9 × 10^999999999999999999999", "in '9 × 10^999999999999999999999'"),
        ("9" * 300, "a cell of 300 characters is no figure"),
        ("700 W | 350 W", "unknown unit"),
    ],
)
def test_unreadable_cells_are_told(built: World, tmp_path: Path, cell: str, why: str) -> None:
    """A cell that is not one figure is listed with its line and column, and the rest goes on."""
    found = audited(built, tmp_path, f"name,TDP (W)\nB100,{cell}\nB100,700\n")
    told = found["unreadable"]
    assert [(one["line"], one["name"], one["column"], one["printed"]) for one in told] == [
        (2, "B100", "TDP (W)", cell[:200])
    ]
    assert why in told[0]["why"]
    assert found["agreed"] == 1


def test_rows_that_cannot_be_placed_are_told(built: World, tmp_path: Path) -> None:
    """A row with cells too many is not read, one too short is, one with figures and no name is told, an empty one is not."""
    found = audited(
        built, tmp_path, "name,tdp (W),memory (GB)\nB100,1,979,80\nB100,700\n,400,\n,,\n,-,n/a\nB100,700,80,,\n"
    )
    assert [(one["line"], one["name"], one["why"]) for one in found["unreadable"]] == [
        (2, None, "4 cells, the header has 3: quote cells that hold the separator"),
        (4, None, "the row has figures and no name"),
    ]
    assert (found["rows"], found["agreed"]) == (4, 3)


@pytest.mark.parametrize(
    ("raw", "encoding", "separator"),
    [
        (b"name,TDP (W)\nB100,700\n", "utf-8", ","),
        (codecs.BOM_UTF8 + b"name,TDP (W)\r\nB100,700\r\n", "utf-8-sig", ","),
        (b"name;TDP (W)\r\nB100;700\r\n", "utf-8", ";"),
        (b"name\tTDP (W)\rB100\t700\r", "utf-8", "\t"),
        (b"name|TDP (W)\nB100|700", "utf-8", "|"),
        ("name,TDP (W),größe\nB100,700,x\n".encode("latin-1"), "latin-1", ","),
        ("name\tTDP (W)\nB100\t700\n".encode("utf-16"), "utf-16", "\t"),
        (b'# made by hand, with care; thrice\n\n"name","TDP (W)"\n"B100","700"\n', "utf-8", ","),
        (b'note,name,TDP (W)\n"a; b; c\nd; e",B100,700\n', "utf-8", ","),
    ],
)
def test_files_of_every_make_are_read(built: World, tmp_path: Path, raw: bytes, encoding: str, separator: str) -> None:
    """Byte-order marks, line ends, separators, quotes and encodings are told from the file itself."""
    found = audited(built, tmp_path, raw)
    assert (found["encoding"], found["separator"], found["agreed"], found["unreadable"]) == (encoding, separator, 1, [])


def test_line_numbers_are_those_of_the_file(built: World, tmp_path: Path) -> None:
    """A finding names the line its row begins on, whatever empty lines, comments and quoted line ends stand before."""
    found = audited(built, tmp_path, '# from a page\nname,note,TDP (W)\n\nB100,"two\nlines",700\nB100,,600\n')
    assert [one["line"] for one in found["disagreements"]] == [6]


def test_cells_are_one_line_without_escapes(built: World, tmp_path: Path) -> None:
    """Line ends and control characters of their cells become spaces before anything is read or told."""
    found = audited(built, tmp_path, 'name,"TDP\n(W)"\n"B\n100",700\n"\x1b[31mred",1\nB100,"7\x1b[2J"\n')
    assert (
        found["agreed"],
        [one["name"] for one in found["unresolved"]],
        [one["printed"] for one in found["unreadable"]],
    ) == (1, ["[31mred"], ["7 [2J"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"name,TDP (W)\n", "has a header and no rows"),
        (b"PK\x03\x04\0\0", "is not CSV: it holds zero bytes"),
        (b"\xff\xfea", "is not CSV: it begins as utf-16 and is not"),
        (b'name,TDP (W)\n"B100,700\n', "is not CSV, line 2: "),
        (b"name,TDP (W)\nB100," + b"7" * 200_000 + b"\n", "is not CSV, line 2: field larger than field limit"),
        (b"vendor,TDP (W)\nBolt,700\n", "looks like names: vendor, TDP (W); say which with --name COLUMN"),
        (b"name,colour\nB100,red\n", "is known: name, colour; say what one is with --map"),
        (b"name,memory bandwidth gbps\nB100,3350\n", "'gbps' may be GB/s or Gbit/s"),
        (b"name" + b",x" * 600 + b"\nB100\n", "has 601 columns, more than 500"),
        (b"justonecolumn\nB100\n", "looks like names: justonecolumn"),
    ],
)
def test_files_that_are_no_table_are_refused(built: World, tmp_path: Path, text: bytes, said: str) -> None:
    """What is not a table with names and figures is refused in one sentence."""
    with pytest.raises(UsageError) as caught:
        audited(built, tmp_path, text)
    assert said in caught.value.message
    assert caught.value.exit_code == 2


def test_files_are_bounded(built: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read up to a bound in bytes and in rows, and refused beyond it."""
    monkeypatch.setattr(audit_file, "MOST_ROWS", 2)
    assert audited(built, tmp_path, "name,TDP (W)\n" + "B100,700\n" * 2)["agreed"] == 2
    with pytest.raises(UsageError, match="more than 2 rows"):
        audited(built, tmp_path, "name,TDP (W)\n" + "B100,700\n" * 3)
    monkeypatch.setattr(audit_file, "MOST_BYTES", 2**20)
    with pytest.raises(UsageError, match="larger than 1 MiB"):
        audited(built, tmp_path, "x" * (2**20 + 1))


def test_paths_that_cannot_be_read_are_refused(built: World, tmp_path: Path) -> None:
    """A missing file, a folder and an impossible path are mistakes of the user's."""
    with Catalog(str(built.data)) as catalog:
        for path, said in (
            (str(tmp_path / "none.csv"), "no such file"),
            (str(tmp_path), "cannot read"),
            ("a\0b", "cannot read"),
        ):
            with pytest.raises(UsageError, match=said):
                audit(catalog, path)


@pytest.mark.parametrize(
    ("header", "asked", "unit"),
    [
        ("TDP", "power", "W"),
        ("TDP [kW]", "power", "kW"),
        ("tdp_w", "power", "W"),
        ("memory_gb", "memory", "GB"),
        ("Memory, GiB", "memory", "GiB"),
        ("HBM capacity", "memory", None),
        ("FP8 TFLOPS", "fp8", "TFLOPS"),
        ("TF32 (TensorFloat-32) performance (FLOP/s)", "tf32", "FLOPS"),
        ("TF32 (TensorFloat-32)", "tf32", None),
        ("FP64 (double precision) performance (FLOP/s)", "fp64", "FLOPS"),
        ("FP32 (single precision) performance (FLOP/s)", "fp32", "FLOPS"),
        ("FP16 (half precision) performance (FLOP/s)", "vector.fp16", "FLOPS"),
        ("INT8 performance (OP/s)", "int8", "FLOPS"),
        ("Tensor-FP16/BF16 performance (FLOP/s)", "half", "FLOPS"),
        ("Die Size (mm^2)", "die.area", "mm²"),
        ("Memory　bandwidth（TB/s）", "bandwidth", "TB/s"),
    ],
)
def test_headers_are_read_with_their_units(
    built: World, tmp_path: Path, header: str, asked: str, unit: str | None
) -> None:
    """A header names a headline of ours and a unit in brackets or as its last word; without one only a declared usual unit holds."""
    found = audited(built, tmp_path, f'name,"{header}"\nB100,\n')
    assert [(one["asked"][0], one["unit"], one["mapped"]) for one in found["columns"]] == [(asked, unit, False)]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("Memory (wagons)", "unknown unit 'wagons': say it with --map 'column=metric unit'"),
        ("memory_bandwidth_gb_s", "'gb/s' may be GB/s or Gbit/s: say which with --map 'column=metric unit'"),
        ("TDP (GB)", "GB is size, not power: give it in W or another unit of power"),
    ],
)
def test_a_unit_is_never_guessed(built: World, tmp_path: Path, header: str, why: str) -> None:
    """A header whose unit is unknown, could be two, or measures something else is left out and told why."""
    found = audited(built, tmp_path, f"name,fp8 (TFLOPS),{header}\nB100,1979,5\n")
    assert found["unmapped"] == [{"column": header, "why": why, "near": []}]
    assert found["agreed"] == 1


def test_a_bare_number_without_any_unit_is_unreadable(built: World, tmp_path: Path) -> None:
    """Where neither header nor cell has a unit, a bare number is not read; a cell's own unit wins over the header's."""
    found = audited(built, tmp_path, "name,memory,TDP (kW)\nB100,80,700 W\nB100,80 GB,0.7\n")
    assert [one["why"] for one in found["unreadable"]] == ["'80' has no unit"]
    assert found["agreed"] == 3


def test_other_columns_are_listed(built: World, tmp_path: Path) -> None:
    """Columns nobody asked for are listed, with near headlines where a name looks like one; those without a header are not."""
    found = audited(built, tmp_path, "name,vendor,memori,TDP (W),\nB100,Bolt,80,700,x\n")
    assert found["unmapped"] == [
        {"column": "vendor", "why": None, "near": []},
        {"column": "memori", "why": None, "near": ["memory"]},
    ]


def test_maps_and_names_win_over_the_layout(built: World, tmp_path: Path) -> None:
    """--map and --name take any column, find it whatever its case, and give its unit where the header does not."""
    text = "name,Key,BF16 = peak,VRAM,TDP (W)\nrow one,B100,1979,0.08,700\n"
    found = audited(
        built, tmp_path, text, ("bf16 = PEAK=matrix.bf16.sparse TFLOPS", "vram=memory TB", "TDP (W)=power"), "key"
    )
    assert (found["name_column"], found["agreed"]) == ("Key", 3)
    assert [(one["column"], one["asked"], one["unit"], one["mapped"]) for one in found["columns"]] == [
        ("BF16 = peak", ["matrix.bf16.sparse"], "TFLOPS", True),
        ("VRAM", ["memory"], "TB", True),
        ("TDP (W)", ["power"], "W", True),
    ]


@pytest.mark.parametrize(
    ("maps", "name", "said"),
    [
        (("VRAM",), None, "--map 'VRAM': write it as 'their column=our headline or metric'"),
        (("=memory",), None, "--map '=memory': write it as"),
        (("VRAM=",), None, "--map 'VRAM=': write it as"),
        (("VRAMM=memory GB",), None, "has no column 'VRAMM'; near: VRAM"),
        (
            ("colour=memory GB",),
            None,
            "has no column 'colour'; its columns: name, VRAM, Twice, twice, Size (wagons), Rate Gbps, Rate gbps now",
        ),
        (("VRAM=memoryy GB",), None, "--map 'VRAM=memoryy GB': no metric 'memoryy'; near: memory"),
        (("VRAM=matrix.bf16 TFLOPS",), None, "no metric 'matrix.bf16'; near: matrix.bf16.dense"),
        (("VRAM=memory.technology",), None, "memory.technology is not a number"),
        (("VRAM=bytes_per_flop",), None, "bytes_per_flop is computed ("),
        (("VRAM=memory Gigs",), None, "--map 'VRAM=memory Gigs': unknown unit 'Gigs'"),
        (("VRAM=memory W",), None, "W is power, not size"),
        (("VRAM=memory gbps",), None, "'gbps' may be GB/s or Gbit/s"),
        (("VRAM=memory GB", "vram=memory GB"), None, "column 'VRAM' is mapped twice"),
        (("tWICE=memory GB",), None, "has 2 columns 'tWICE'; rename one"),
        (("Size (wagons)=memory",), None, "unknown unit 'wagons'"),
        ((), "nam", "--name: "),
    ],
)
def test_maps_that_make_no_sense_are_refused(
    built: World, tmp_path: Path, maps: tuple[str, ...], name: str | None, said: str
) -> None:
    """A --map or --name that names nothing of theirs or ours is refused, with near names and the cure."""
    with pytest.raises(UsageError) as caught:
        audited(
            built,
            tmp_path,
            "name,VRAM,Twice,twice,Size (wagons),Rate Gbps,Rate gbps now\nB100,80,1,2,3,4,5\n",
            maps,
            name,
        )
    assert said in caught.value.message
