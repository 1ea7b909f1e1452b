"""The database handed on: every kind of export holds what the database holds, harms nobody, and replaces only what is its own."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest

from accel_db.catalog.catalog import Catalog
from accel_db.catalog.export import packages, writers
from accel_db.catalog.export.export import KINDS
from accel_db.catalog.export.layout import BESIDE, PLAIN, opened
from accel_db.words.errors import DataFault, UsageError
from tests.conftest import ROOT, World
from tests.words.test_cells import exact

TABLES = ("csv", "json", "jsonl", "parquet")
LIBRARIES = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The libraries of data packages warn of what they use themselves."""
HOSTILE = {
    "acme": "=cmd|' /C calc'!A0",
    "bolt": "B\u202eolt\x1b[31m\u2066",
}


@pytest.fixture
def catalog(built: World):
    """The tiny world's catalogue, already in use."""
    with Catalog(str(built.data)) as opened:
        opened.ask("select 1")
        yield opened


@pytest.fixture
def hostile(built: World, tmp_path: Path):
    """The tiny world with names that no editor would let in, and a negative figure."""
    shutil.copytree(built.data, tmp_path / "data")
    with Catalog(str(tmp_path / "data")) as opened:
        with duckdb.connect(str(Path(opened.store.folder) / "accel.duckdb")) as database:
            for vendor, name in HOSTILE.items():
                database.execute("UPDATE vendor SET name = ? WHERE id = ?", [name, vendor])
            database.execute("UPDATE source SET via = ['=1+1', 'a\"b\\c', '\u202e'] WHERE key = 'acme/a1-paper'")
            database.execute("UPDATE claim SET value = -40, printed = '-40 W' WHERE metric = 'power.tdp'")
        yield opened


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def database(catalog: Catalog) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Every table and view of the built database: its columns and rows."""
    names = catalog.sql(
        "SELECT table_name AS name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
    )
    return {row["name"]: catalog.ask(f'SELECT * FROM "{row["name"]}"') for row in names}


def plainly(value: Any) -> Any:
    """A value of the database as JSON has it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def flatly(value: Any) -> Any:
    """A value of the database as a plain column has it: lists as JSON texts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, list) else value


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_json_has_every_table_exactly(catalog: Catalog, tmp_path: Path, kind: str) -> None:
    """Every row of every table and view, in order, lists as lists."""
    exported = catalog.export(kind, tmp_path / "out").directory
    for name, (columns, rows) in database(catalog).items():
        text = (exported / f"{name}.{kind}").read_text(encoding="utf-8")
        read = json.loads(text) if kind == "json" else [json.loads(line) for line in text.splitlines()]

        assert [[row[column] for column in columns] for row in read] == [[plainly(one) for one in row] for row in rows]


def test_parquet_has_every_table_exactly_in_plain_columns(catalog: Catalog, tmp_path: Path) -> None:
    """Every row, in order; every column text, double, 32-bit integer, boolean or date, whatever engine reads it."""
    exported = catalog.export("parquet", tmp_path / "out").directory
    for name, (columns, rows) in database(catalog).items():
        read = duckdb.sql(f"SELECT * FROM '{exported}/{name}/part-0.parquet'")

        assert {str(kind) for kind in read.types} <= set(PLAIN)
        assert read.columns[: len(columns)] == columns
        assert [row[: len(columns)] for row in read.fetchall()] == [tuple(map(flatly, row)) for row in rows]


def test_csv_has_every_table_in_cells_that_come_back(catalog: Catalog, tmp_path: Path) -> None:
    """Every row, in order; nothing and an empty text are both an empty cell, the rest is exact."""
    exported = catalog.export("csv", tmp_path / "out").directory
    for name, (columns, rows) in database(catalog).items():
        with (exported / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *read = csv.reader(file)

        assert header[: len(columns)] == columns
        assert [[exact(one) for one in row[: len(columns)]] for row in read] == [
            ["" if one is None else str(one).lower() if isinstance(one, bool) else str(flatly(one)) for one in row]
            for row in rows
        ]


def test_the_duckdb_file_is_handed_on_with_views_and_comments(catalog: Catalog, tmp_path: Path) -> None:
    """It is the database itself."""
    exported = catalog.export("duckdb", tmp_path / "out").directory

    with duckdb.connect(str(exported / "accel.duckdb"), read_only=True) as read:
        assert read.sql("SELECT power_w, power_sources FROM accelerators WHERE id = 'acme/a1'").fetchall() == [
            (400.0, "acme/a1-datasheet")
        ]
        assert read.sql("SELECT comment FROM duckdb_tables() WHERE table_name = 'vendor'").fetchall() == [
            ("Who makes accelerators.",)
        ]


def test_every_number_has_its_source_beside_it(catalog: Catalog, tmp_path: Path) -> None:
    """A claim, a verdict and a headline name the document, its title, its address and the place in it; a wide row the documents' keys."""
    exported = catalog.export("jsonl", tmp_path / "out").directory
    claim = json.loads((exported / "claim.jsonl").read_text(encoding="utf-8").splitlines()[0])
    headlines = [json.loads(line) for line in (exported / "headline.jsonl").read_text(encoding="utf-8").splitlines()]
    half = next(row for row in headlines if (row["subject"], row["headline"]) == ("acme/a1", "half"))
    ratio = next(row for row in headlines if (row["subject"], row["headline"]) == ("acme/a1", "bytes_per_flop"))
    wide = json.loads((exported / "accelerators.jsonl").read_text(encoding="utf-8").splitlines()[0])

    assert set(BESIDE) <= set(claim)
    assert (half["source"], half["locator"], half["printed"]) == ("acme/a1-paper", "section 3", "376 TFLOPS")
    assert (half["source_title"], half["source_url"]) == ("Inside A1", "https://acme.example/papers/a1")
    assert (ratio["source"], ratio["sources"]) == (None, ["acme/a1-datasheet", "acme/a1-paper"])
    assert (wide["half_sources"], wide["bytes_per_flop_sources"]) == (
        "acme/a1-paper",
        "acme/a1-datasheet, acme/a1-paper",
    )


def test_hostile_texts_do_no_harm_in_csv(hostile: Catalog, tmp_path: Path) -> None:
    """No cell starts a formula, no file has a control or bidi character but line ends; a negative number stays one."""
    exported = hostile.export("csv", tmp_path / "out").directory
    cells: list[str] = []
    for path in exported.glob("*.csv"):
        text = path.read_bytes().decode()
        assert {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")} <= {"\n"}
        cells += [one for row in csv.reader(text.splitlines()) for one in row]
    suspects = {one for one in cells if one[:1] in set("=+-@\t\r")}
    vendors = list(csv.DictReader((exported / "vendor.csv").read_text(encoding="utf-8").splitlines()))
    sources = list(csv.DictReader((exported / "source.csv").read_text(encoding="utf-8").splitlines()))

    assert suspects == {"-40.0"}
    assert "'-40 W" in cells
    assert {row["id"]: exact(row["name"]) for row in vendors} == HOSTILE
    assert ["=1+1", 'a"b\\c', "\u202e"] in [json.loads(row["via"]) for row in sources]


@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_hostile_texts_stay_exact_elsewhere(hostile: Catalog, tmp_path: Path, kind: str) -> None:
    """JSON and Parquet hold the data as it is."""
    exported = hostile.export(kind, tmp_path / "out", tables=["vendor"]).directory
    path = exported / ("vendor.json" if kind == "json" else "vendor/part-0.parquet")
    rows = duckdb.sql(f"SELECT id, name FROM '{path}'").fetchall()

    assert dict(rows) == HOSTILE


@pytest.mark.parametrize(
    ("kind", "expected"), [("csv", "key,value\n"), ("json", "[]\n"), ("jsonl", ""), ("parquet", None)]
)
def test_a_table_without_rows_is_still_a_table(
    hostile: Catalog, tmp_path: Path, kind: str, expected: str | None
) -> None:
    """A header, an empty array, an empty file, a schema."""
    with duckdb.connect(str(Path(hostile.store.folder) / "accel.duckdb")) as database:
        database.execute("CREATE TABLE empty AS SELECT * FROM info WHERE false")
    exported = hostile.export(kind, tmp_path / "out", tables=["empty"])

    assert exported.manifest["tables"][0]["rows"] == 0
    if expected is None:
        assert duckdb.sql(f"FROM '{exported.directory}/empty/part-0.parquet'").columns == ["key", "value"]
    else:
        assert (exported.directory / f"empty.{kind}").read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "api", "duckdb"])
def test_exporting_twice_gives_the_same_bytes(catalog: Catalog, tmp_path: Path, kind: str) -> None:
    """The manifest included."""
    first, second = (catalog.export(kind, tmp_path / name).directory for name in ("first", "second"))

    assert contents(first) == contents(second)


@pytest.mark.parametrize("kind", ["csv", "parquet", "api"])
def test_the_manifest_tells_what_is_there(catalog: Catalog, tmp_path: Path, kind: str) -> None:
    """Every file with its checksum, every table with its columns and the number of its rows, edition, schema and licence."""
    exported = catalog.export(kind, tmp_path / "out")
    manifest = json.loads((exported.directory / "manifest.json").read_text(encoding="utf-8"))
    files = contents(exported.directory)
    del files["manifest.json"]

    assert manifest == exported.manifest
    assert (manifest["kind"], manifest["layout"], manifest["schema"]) == (kind, 1, 1)
    assert manifest["credit"] == "The accel-db editors, accel-db, edition 2026.1, CC BY 4.0"
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        path: hashlib.sha256(content).hexdigest() for path, content in files.items()
    }
    assert {one["name"]: (one["rows"], len(one["columns"])) for one in manifest["tables"]} == (
        {}
        if kind == "api"
        else {
            name: (len(rows), len(columns) + ("source" in columns) * len(BESIDE))
            for name, (columns, rows) in database(catalog).items()
        }
    )


def test_the_page_has_every_kind() -> None:
    """docs/export.md has a row for each, in order."""
    page = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    table = page.partition("| kind |")[2].partition("\n\n")[0]

    assert [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")] == list(KINDS)


def test_some_tables_only(catalog: Catalog, tmp_path: Path) -> None:
    """Those asked for, and the manifest."""
    exported = catalog.export("csv", tmp_path / "out", tables=["vendor", "claim"]).directory

    assert set(contents(exported)) == {"claim.csv", "vendor.csv", "manifest.json"}


def test_a_folder_in_use_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    """Without --force always; with it where no export of ours stands, or where a file of another's would be lost."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty"):
        catalog.export("csv", tmp_path)
    with pytest.raises(UsageError, match="holds no earlier export"):
        catalog.export("csv", tmp_path, force=True)
    (tmp_path / "manifest.json").write_text('{"name": "another", "files": []}')
    with pytest.raises(UsageError, match="is no export's"):
        catalog.export("csv", tmp_path, force=True)
    (tmp_path / "manifest.json").write_text("[")
    with pytest.raises(UsageError, match="is no export's"):
        catalog.export("csv", tmp_path, force=True)

    assert set(contents(tmp_path)) == {"mine.txt", "manifest.json"}


def test_replacing_touches_only_what_an_export_wrote(catalog: Catalog, tmp_path: Path) -> None:
    """Files of ours that are no longer made go, with folders left empty; others stay as they are."""
    catalog.export("parquet", tmp_path / "out", tables=["vendor", "claim"])
    (tmp_path / "out" / "claim" / "mine.txt").write_text("mine")
    catalog.export("csv", tmp_path / "out", tables=["vendor"], force=True)
    kept = contents(tmp_path / "out")
    (tmp_path / "out" / "source.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"source\.csv is no export's and would be replaced"):
        catalog.export("csv", tmp_path / "out", tables=["vendor", "source"], force=True)

    assert set(kept) == {"manifest.json", "vendor.csv", "claim/mine.txt"}
    assert contents(tmp_path / "out") == {**kept, "source.csv": b"mine"}


@pytest.mark.parametrize("path", ["../outside.txt", "/outside.txt", "link/outside.txt", ""])
def test_a_manifest_cannot_make_us_delete_elsewhere(catalog: Catalog, tmp_path: Path, path: str) -> None:
    """A manifest that names a file outside its folder is nobody's."""
    outside = tmp_path / "outside.txt"
    outside.write_text("theirs")
    out = tmp_path / "out"
    out.mkdir()
    (out / "link").symlink_to(tmp_path)
    (out / "manifest.json").write_text(json.dumps({"name": "accel-db", "files": [{"path": path}]}))
    with pytest.raises(UsageError, match="is no export's"):
        catalog.export("csv", out, force=True)

    assert outside.read_text() == "theirs"


@pytest.mark.parametrize(
    "manifest",
    [
        "[" * 100_000,
        json.dumps({"name": "accel-db", "files": [{"path": "a\0b"}]}),
        json.dumps({"name": "accel-db", "files": [{"path": "\ud800"}]}),
        json.dumps({"name": "accel-db", "files": [{"path": "."}]}),
        json.dumps({"name": "accel-db", "files": [{"path": ["claim.csv"]}]}),
        json.dumps({"name": "accel-db", "files": [{"path": "loop/claim.csv"}]}),
        json.dumps({"name": "accel-db", "files": {"path": 3}}),
        '{"name": "accel-db", "files": ' + "9" * 5_000 + "}",
        "\udcff",
    ],
)
def test_an_odd_manifest_is_nobodys(catalog: Catalog, tmp_path: Path, manifest: str) -> None:
    """However odd, it is one sentence, and nothing is touched."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "loop").symlink_to("loop")
    (out / "manifest.json").write_bytes(manifest.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=r"is no export's|cannot export to"):
        catalog.export("csv", out, force=True)

    assert {path.name for path in out.iterdir()} == {"loop", "manifest.json"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in folders are POSIX")
def test_a_manifest_that_is_a_pipe_is_not_waited_for(catalog: Catalog, tmp_path: Path) -> None:
    """It is no file of ours."""
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(UsageError, match="it is no regular file"):
        catalog.export("csv", tmp_path, force=True)


def test_what_killed_exports_left_is_swept(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour later, by any export to the same place: half an export, and the copy of the database; nothing younger, nothing else."""
    scratch = tmp_path / "scratch"
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    left = [tmp_path / ".accel-export-1-1", scratch / "accel-db-export-old"]
    kept = [tmp_path / ".accel-export-2-2", scratch / "accel-db-export-new", scratch / "else", tmp_path / "else"]
    for folder in [*left, *kept]:
        folder.mkdir(parents=True)
        (folder / "accel.duckdb").write_text("x")
    for folder in [*left, *kept[2:]]:
        os.utime(folder, (1, 1))
    catalog.export("csv", tmp_path / "out", tables=["vendor"])

    assert [folder.exists() for folder in [*left, *kept]] == [False, False, True, True, True, True]
    assert {path.name for path in scratch.iterdir()} == {"accel-db-export-new", "else"}


def test_an_export_is_bounded_in_memory(catalog: Catalog) -> None:
    """Whatever the machine has, as a build is; what does not fit waits on the disk, in a folder that goes."""
    with opened(catalog.store) as connection:
        found = connection.execute(
            "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchone()
        assert found[0] == "488.2 MiB"
        assert Path(found[1]).name.startswith("accel-db-export-")

    assert not Path(found[1]).exists()


def test_a_new_folder_appears_whole_and_an_empty_one_is_filled(catalog: Catalog, tmp_path: Path) -> None:
    """Folders above are made; what a killed export left behind does not make a folder one in use."""
    (tmp_path / "empty" / ".accel-export-1-1").mkdir(parents=True)
    made = catalog.export("csv", tmp_path / "new" / "er", tables=["vendor"]).directory
    filled = catalog.export("csv", tmp_path / "empty", tables=["vendor"]).directory

    assert set(contents(made)) == set(contents(filled)) == {"manifest.json", "vendor.csv"}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["er"]


def test_a_failure_leaves_everything_as_it_was(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told, the earlier export stands, and nothing half made is left."""
    before = contents(catalog.export("csv", tmp_path / "out").directory)

    def full(value: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writers, "_json", full)
    with pytest.raises(DataFault, match="No space left on device"):
        catalog.export("json", tmp_path / "out", force=True)
    with pytest.raises(DataFault, match="No space left on device"):
        catalog.export("json", tmp_path / "other")

    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("kind", "tables", "message"),
    [
        ("parket", [], r"cannot export 'parket'; did you mean parquet\? The kinds are duckdb, parquet, csv"),
        ("", [], r"cannot export ''; The kinds are"),
        ("csv", ["claims"], r"no table claims; did you mean claim\? The tables are accelerator, accelerators"),
        ("duckdb", ["claim"], "export duckdb is whole"),
        ("api", ["claim"], "export api is whole"),
    ],
)
def test_what_cannot_be_exported_is_said(
    catalog: Catalog, tmp_path: Path, kind: str, tables: list[str], message: str
) -> None:
    """An unknown kind or table is a mistake of the question, with the nearest name; nothing is made."""
    with pytest.raises(UsageError, match=message):
        catalog.export(kind, tmp_path / "out", tables=tables)

    assert list(tmp_path.iterdir()) == []


def test_where_one_cannot_write_is_said(catalog: Catalog, tmp_path: Path) -> None:
    """A file in the way, a place for no files, a name that is no text."""
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "out", "/proc/accel-db", f"{tmp_path}/\udcff", "a\0b"):
        with pytest.raises(UsageError, match="cannot export to"):
            catalog.export("csv", place)


def test_a_database_that_cannot_be_opened_is_said(built: World, tmp_path: Path) -> None:
    """A damaged file is a fault in the data."""
    shutil.copytree(built.data, tmp_path / "data")
    with Catalog(str(tmp_path / "data")) as damaged:
        (Path(damaged.store.folder) / "accel.duckdb").write_bytes(b"no database" * 9999)
        with pytest.raises(DataFault, match="run: accel build"):
            damaged.export("csv", tmp_path / "out")


@pytest.mark.parametrize(("kind", "package"), [("datapackage", "frictionless"), ("croissant", "mlcroissant")])
def test_a_missing_library_is_named(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, package: str
) -> None:
    """With the one line that installs it; nothing is made."""
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=rf"\({package}\); run: pip install 'accel-db\[export\]'"):
        catalog.export(kind, tmp_path / "out")

    assert list(tmp_path.iterdir()) == []


def keys_match(value: Any, shape: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether every object has exactly the keys that its schema describes."""
    if "$ref" in shape:
        return keys_match(value, schema["$defs"][shape["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in shape:
        return value is None or keys_match(value, shape["anyOf"][0], schema)
    if isinstance(value, list):
        return all(keys_match(one, shape["items"], schema) for one in value)
    if "properties" in shape:
        known = shape["properties"]
        return set(value) == set(known) and all(keys_match(value[key], known[key], schema) for key in known)
    return not isinstance(value, dict) or all(
        keys_match(one, shape["additionalProperties"], schema) for one in value.values()
    )


def test_the_api_folder_answers_from_plain_files(catalog: Catalog, tmp_path: Path) -> None:
    """The index leads to every card; each is the catalogue's own and has exactly what its JSON Schema describes; names lead to ids."""
    exported = catalog.export("api", tmp_path / "out").directory
    index = json.loads((exported / "index.json").read_text(encoding="utf-8"))
    names = json.loads((exported / "names.json").read_text(encoding="utf-8"))
    schema = json.loads((exported / "schema" / "card.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for row in index["subjects"]:
        card = json.loads((exported / row["card"]).read_text(encoding="utf-8"))
        validator.validate(card)
        assert card == catalog.store.card(row["id"])
        assert keys_match(card, schema, schema)

    assert [row["id"] for row in index["subjects"]] == ["acme/a", "acme/a1", "acme/a2", "acme/rack", "bolt/b100"]
    assert {one["headline"]: one["sources"] for one in index["subjects"][1]["headlines"]}["power"] == [
        "acme/a1-datasheet"
    ]
    assert names["names"]["甲1"] == {"name": "甲1", "subjects": [{"id": "acme/a1", "kind": "accelerator"}]}
    assert {one["edition"] for one in (index, names)} == {"2026.1"}


def test_the_schema_of_a_card_can_say_no(catalog: Catalog, tmp_path: Path) -> None:
    """A missing key, a wrong type and an unknown code word are refused; every key is described."""
    exported = catalog.export("api", tmp_path / "out").directory
    schema = json.loads((exported / "schema" / "card.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    card = catalog.card("acme/a1")
    claim = card["claims"][0]
    parts = [schema, *schema["$defs"].values()]

    assert not validator.is_valid({**card, "claims": [{**claim, "stage": "hearsay"}]})
    assert not validator.is_valid({**card, "claims": [{**claim, "value": "64"}]})
    assert not validator.is_valid({key: card[key] for key in card if key != "sources"})
    assert all(one["description"] for part in parts for one in part["properties"].values())


@LIBRARIES
def test_the_data_package_is_valid_and_can_be_found_invalid(catalog: Catalog, tmp_path: Path) -> None:
    """Frictionless validates it with keys and references, and notices a changed cell; the process is left as it was."""
    limit = csv.field_size_limit()
    exported = catalog.export("datapackage", tmp_path / "out").directory
    assert csv.field_size_limit() == limit

    import frictionless

    package = frictionless.Package(str(exported / "datapackage.json"))
    claims = package.get_resource("claim")
    assert package.validate().valid
    assert claims.schema.get_field("printed").description == "the figure as printed"
    assert claims.schema.foreign_keys == [
        {"fields": ["source"], "reference": {"resource": "source", "fields": ["key"]}}
    ]
    assert [row["via"] for row in package.get_resource("source").read_rows()] == [[], [], [], []]

    path = exported / "claim.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("acme/a1-paper", "acme/nowhere"), encoding="utf-8")
    assert not frictionless.Package(str(exported / "datapackage.json")).validate().valid


@LIBRARIES
def test_an_invalid_data_package_is_not_handed_out(hostile: Catalog, tmp_path: Path) -> None:
    """What its own library refuses never reaches the folder; part of the tables is a package too."""
    hostile.export("datapackage", tmp_path / "part", tables=["claim", "vendor"])
    with duckdb.connect(str(Path(hostile.store.folder) / "accel.duckdb")) as database:
        database.execute("UPDATE claim SET source = 'nobody'")
    with pytest.raises(DataFault, match="the data package is not valid"):
        hostile.export("datapackage", tmp_path / "out")

    assert not (tmp_path / "out").exists()


@LIBRARIES
def test_the_croissant_dataset_yields_every_record(catalog: Catalog, tmp_path: Path) -> None:
    """mlcroissant loads it and reads all rows of all tables; fields say what they mean."""
    import mlcroissant

    exported = catalog.export("croissant", tmp_path / "out").directory
    dataset = mlcroissant.Dataset(jsonld=str(exported / "croissant.json"))
    counts = {one.id: len(list(dataset.records(one.id))) for one in dataset.metadata.record_sets}
    told = {one.id: one.description for part in dataset.metadata.record_sets for one in part.fields}
    first = next(iter(dataset.records("vendor")))

    assert counts == {name: len(rows) for name, (_, rows) in database(catalog).items()}
    assert (told["claim/printed"], told["architecture/vendor"]) == (
        "the figure as printed",
        "vendor id (key of vendor)",
    )
    assert first == {"vendor/id": b"acme", "vendor/name": b"Acme", "vendor/country": b"CN"}


@LIBRARIES
def test_an_invalid_croissant_is_not_handed_out(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its own library refuses never reaches the folder."""
    import mlcroissant

    monkeypatch.setattr(packages, "_file", lambda piece, folder: mlcroissant.FileObject(id="f", name="f"))
    with pytest.raises(DataFault, match="the Croissant description is not valid"):
        catalog.export("croissant", tmp_path / "out")

    assert not (tmp_path / "out").exists()
