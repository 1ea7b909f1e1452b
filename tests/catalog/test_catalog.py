"""`accel_db.open()`: cards by name, and SQL that can only read the one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import accel_db
from accel_db import Ambiguous, Catalog, DataFault, NotFound, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)


@pytest.fixture
def catalog(fuller: World) -> Iterator[Catalog]:
    """The fuller world, opened."""
    with accel_db.open(str(fuller.data)) as opened:
        yield opened


def test_open(catalog: Catalog, fuller: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """open() gives a Catalog of the folder named, or of the environment's."""
    assert isinstance(catalog, Catalog)
    monkeypatch.setenv("ACCEL_DB_DATA", str(fuller.data))
    assert accel_db.open().resolve("H 20") == "cobalt/h20"


def test_no_build(tmp_path: Path) -> None:
    """Opening a folder without a build is a DataFault."""
    with pytest.raises(DataFault, match="no built data in"):
        accel_db.open(str(tmp_path))


def test_cards(catalog: Catalog) -> None:
    """A card is had by any of its names; several names expand families; bad names fail all at once."""
    card = catalog.card("h-20")
    assert (card["id"], card["schema"], card["edition"]) == ("cobalt/h20", accel_db.SCHEMA, accel_db.__version__)
    assert [one["id"] for one in catalog.cards("h", "甲1")] == ["cobalt/h20", "cobalt/h200", "acme/a1"]
    with pytest.raises(Ambiguous):
        catalog.card("h")
    with pytest.raises(NotFound) as caught:
        catalog.cards("h2o", "zzz")
    assert [one["name"] for one in caught.value.facts["names"]] == ["h2o", "zzz"]


def test_peak(catalog: Catalog) -> None:
    """A catalogue's peak is the package's, on its own data."""
    assert catalog.peak("h20", "fp8", strict=True) == 296e12


def test_sql_and_table(catalog: Catalog) -> None:
    """Rows come as dicts or with their columns, parameters are bound, and no row is an empty list."""
    assert catalog.sql("SELECT id, country FROM vendor WHERE country = ? ORDER BY id", ["US"]) == [
        {"id": "bolt", "country": "US"},
        {"id": "cobalt", "country": "US"},
    ]
    assert catalog.table("SELECT 1 AS a, 'x' AS b") == (["a", "b"], [(1, "x")])
    assert catalog.sql("SELECT * FROM vendor WHERE id = ?", ["' OR true --"]) == []


def test_published_tables_and_columns(catalog: Catalog) -> None:
    """The published tables and views are there, and the published columns of claim, verdict, headline and vendor come in order."""
    names = {
        row["name"]
        for row in catalog.sql(
            "SELECT table_name AS name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
        )
    }
    published = "source vendor architecture accelerator system family alias metric unit claim verdict headline looked code info accelerators systems"
    assert set(published.split()) <= names
    claim = (
        "subject subject_kind metric per variant accumulate value unit low high text date printed hedge term source locator row "
        "via origin kind stage access as_of rank verdict reason deprecated absent derived note"
    )
    assert [
        column for column in catalog.table("SELECT * FROM claim LIMIT 0")[0] if column in claim.split()
    ] == claim.split()
    assert {"subject", "metric", "per", "variant", "verdict", "value", "unit", "low", "high", "marks", "reason"} <= set(
        catalog.table("SELECT * FROM verdict LIMIT 0")[0]
    )
    assert {
        "subject",
        "headline",
        "per",
        "variant",
        "verdict",
        "value",
        "unit",
        "low",
        "high",
        "marks",
        "reason",
    } <= set(catalog.table("SELECT * FROM headline LIMIT 0")[0])
    assert catalog.table("SELECT * FROM vendor LIMIT 0")[0][:3] == ["id", "name", "country"]


def test_every_table_and_column_has_a_comment(catalog: Catalog) -> None:
    """Each table, view and column says what it means."""
    silent = (
        "SELECT table_name FROM duckdb_tables() WHERE coalesce(comment, '') = '' UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') = '' "
        "UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''"
    )
    assert catalog.table(silent)[1] == []


def test_the_three_voices_agree(catalog: Catalog) -> None:
    """The headline table, the wide view and the card give one and the same value."""
    row = catalog.sql(
        "SELECT h.value, h.unit, h.verdict, h.marks, a.half_tflops FROM headline h JOIN accelerators a ON a.id = h.subject WHERE h.subject = 'acme/a1' AND headline = 'half'"
    )[0]
    card = next(one for one in catalog.card("a1")["headlines"] if one["headline"] == "half")
    assert (row["value"], row["unit"], row["verdict"], row["marks"], row["half_tflops"]) == (
        752,
        "TFLOPS",
        "sole",
        "due",
        752,
    )
    assert (card["value"], card["unit"], card["verdict"], card["marks"]) == (752, "TFLOPS", "sole", "due")


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO vendor VALUES ('x', 'y', 'z')",
        "UPDATE claim SET value = 1",
        "DELETE FROM claim",
        "DROP TABLE claim",
        "CREATE TABLE t (a INT)",
        "SELECT 1; INSERT INTO vendor VALUES ('x', 'y', 'z')",
        "ATTACH '{file}.duckdb'",
        "COPY claim TO '{file}.csv'",
        "COPY (SELECT 1) TO '{file}.csv'",
        "EXPORT DATABASE '{file}'",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{file}')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '1GB'",
        "PRAGMA threads = 1",
        "RESET lock_configuration",
        "SELECT getenv('HOME')",
        "SELECT * FROM query",
        "SELECT nothing FROM claim",
        "SELEKT 1",
        "SELECT ?",
        "",
        "   ",
        "-- only a comment",
    ],
)
def test_sql_only_reads(catalog: Catalog, tmp_path: Path, query: str) -> None:
    """Writing, attaching, other files, extensions, settings and mistakes are refused as usage, and nothing appears on disk or changes."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n", encoding="utf-8")
    before = catalog.sql(
        "SELECT (SELECT count(*) FROM claim) AS claims, (SELECT count(*) FROM vendor) AS vendors, (SELECT sum(value) FROM claim) AS total"
    )
    with pytest.raises(UsageError) as caught:
        catalog.sql(query.format(file=secret))
    assert caught.value.exit_code == 2
    assert "Traceback" not in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert (
        catalog.sql(
            "SELECT (SELECT count(*) FROM claim) AS claims, (SELECT count(*) FROM vendor) AS vendors, (SELECT sum(value) FROM claim) AS total"
        )
        == before
    )


def test_a_query_that_is_no_text(catalog: Catalog) -> None:
    """A query with bytes that are no text is refused as usage."""
    with pytest.raises(UsageError):
        catalog.sql("SELECT '\udcff'")


@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_a_damaged_database(copied: World, damage: str) -> None:
    """Without its DuckDB file, or with another file in its place, SQL is a DataFault; the cards stay readable."""
    from tests.fuller_world import build_folder

    file = build_folder(copied) / "accel.duckdb"
    file.unlink()
    if damage == "garbage":
        file.write_bytes(b"x" * 5000)
    with Catalog(str(copied.data)) as catalog:
        with pytest.raises(DataFault, match=r"cannot open .*accel\.duckdb: .*; run: accel build"):
            catalog.sql("SELECT 1")
        assert catalog.card("h20")["name"] == "H20"


def test_closing_twice(fuller: World) -> None:
    """A closed catalogue opens the database again when asked, and may be closed again and again."""
    catalog = Catalog(str(fuller.data))
    catalog.close()
    assert catalog.sql("SELECT 1 AS a") == [{"a": 1}]
    catalog.close()
    catalog.close()
    assert catalog.sql("SELECT 2 AS a") == [{"a": 2}]
    catalog.close()
