"""The real database in other engines: the same answers to ten questions from DuckDB, pyarrow, Polars and Spark, and valid packages of all of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from accel_db.catalog.catalog import Catalog

LIBRARIES = pytest.mark.filterwarnings("ignore::DeprecationWarning")
Rows = list[tuple[Any, ...]]

QUESTIONS = (
    "SELECT COUNT(*) AS n, COUNT(value) AS numbers, COUNT(DISTINCT source) AS documents FROM claim",
    "SELECT metric, COUNT(*) AS n FROM claim GROUP BY metric ORDER BY n DESC, metric LIMIT 25",
    "SELECT id, half_tflops, half_marks, half_sources FROM accelerators WHERE half_tflops IS NOT NULL ORDER BY half_tflops DESC, id",
    """SELECT c.subject, c.value, c.printed, s.title, s.url FROM claim c JOIN source s ON c.source = s.key
       WHERE c.metric = 'power.tdp' AND c.rank = 1 AND c.value IS NOT NULL ORDER BY c.subject, c.value, c.printed, s.title""",
    "SELECT verdict, COUNT(*) AS n, ROUND(AVG(value), 3) AS mean FROM verdict GROUP BY verdict ORDER BY verdict",
    """SELECT v.name, v.country, COUNT(*) AS n, MAX(a.bandwidth_gb_per_s) AS best FROM accelerators a
       JOIN vendor v ON a.vendor = v.id GROUP BY v.name, v.country ORDER BY v.name""",
    """SELECT subject, headline, low, high, source, locator, printed FROM headline
       WHERE verdict = 'disputed' AND low < high ORDER BY subject, headline""",
    "SELECT kind, COUNT(*) AS n, MIN(source.read) AS earliest, MAX(source.read) AS latest FROM source GROUP BY kind ORDER BY kind",
    "SELECT alias, subject FROM alias WHERE alias LIKE '%昇腾%' OR alias LIKE '%H20%' ORDER BY alias, subject",
    """SELECT a.id, a.status, COUNT(c.metric) AS n, SUM(CASE WHEN m.additive THEN 1 ELSE 0 END) AS additive FROM accelerator a
       JOIN claim c ON c.subject = a.id JOIN metric m ON m.name = c.metric
       WHERE c.deprecated IS NULL AND c.stage <> 'rumour' GROUP BY a.id, a.status HAVING COUNT(c.metric) > 10 ORDER BY a.id""",
)
"""In the SQL that all four engines share."""
ASKED = ("claim", "source", "accelerators", "verdict", "vendor", "headline", "alias", "accelerator", "metric")


@pytest.fixture(scope="module")
def parquet(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real database as Parquet."""
    return catalog.export("parquet", tmp_path_factory.mktemp("handed") / "parquet").directory


@pytest.fixture(scope="module")
def answers(catalog: Catalog) -> list[Rows]:
    """What the built database itself answers."""
    return [catalog.table(question)[1] for question in QUESTIONS]


def test_the_questions_ask_something(answers: list[Rows]) -> None:
    """Ten questions, each with an answer of some size; one has Chinese in it."""
    assert [len(rows) >= least for rows, least in zip(answers, (1, 25, 20, 10, 3, 6, 10, 5, 8, 15), strict=True)] == [
        True
    ] * 10
    assert any("昇腾" in row[0] for row in answers[8])


def test_pyarrow_reads_the_parquet(parquet: Path, answers: list[Rows]) -> None:
    """Tables read by pyarrow give the same answers; DuckDB only computes, pyarrow having no SQL."""
    import duckdb
    import pyarrow.dataset

    with duckdb.connect() as engine:
        for table in ASKED:
            engine.register(table, pyarrow.dataset.dataset(parquet / table).to_table())

        assert [engine.execute(question).fetchall() for question in QUESTIONS] == answers


def test_polars_reads_the_parquet(parquet: Path, answers: list[Rows]) -> None:
    """Polars' own SQL gives the same answers."""
    import polars

    engine = polars.SQLContext({table: polars.scan_parquet(parquet / table / "*.parquet") for table in ASKED})

    assert [engine.execute(question, eager=True).rows() for question in QUESTIONS] == answers


SPARK = """
import json, sys
from pyspark.sql import SparkSession
folder, tables, questions = json.loads(sys.stdin.read())
spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.shuffle.partitions", "1").getOrCreate())
for table in tables:
    spark.read.parquet(f"{folder}/{table}").createOrReplaceTempView(table)
answers = [[list(row) for row in spark.sql(question).collect()] for question in questions]
lists = [row.via for row in spark.sql("SELECT from_json(via, 'array<string>') AS via FROM source ORDER BY key").collect()]
spark.stop()
print("ANSWERS" + json.dumps([answers, lists], default=str))
"""
"""In a process of its own: Spark keeps a machine running, and settings with it."""


@pytest.mark.spark
@pytest.mark.skipif(shutil.which("java") is None, reason="Java is not here")
def test_spark_reads_the_parquet(catalog: Catalog, parquet: Path, answers: list[Rows], tmp_path: Path) -> None:
    """Spark SQL gives the same answers, and reads a list from its JSON as docs/export.md says."""
    pytest.importorskip("pyspark")
    done = subprocess.run(
        [sys.executable, "-c", SPARK],
        input=json.dumps([str(parquet), ASKED, QUESTIONS]),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told, lists = json.loads(done.stdout.rpartition("ANSWERS")[2])

    assert told == json.loads(json.dumps(answers, default=str))
    assert lists == [row["via"] for row in catalog.sql("SELECT via FROM source ORDER BY key")]


def test_every_number_names_its_source(catalog: Catalog, parquet: Path) -> None:
    """No claim, verdict, headline or column of a wide view has a value without a document that the source table has."""
    import duckdb

    known = {row["key"] for row in catalog.sql("SELECT key FROM source")}
    for table in ("claim", "verdict"):
        rows = duckdb.sql(
            f"SELECT source, locator, source_title, source_url FROM '{parquet}/{table}/*.parquet'"
        ).fetchall()
        assert {row[0] for row in rows} <= known
        assert all(all(row) for row in rows)
    rests_on: dict[str, dict[str, str]] = {}
    for row in catalog.sql("SELECT subject, headline, sources FROM headline"):
        assert row["sources"]
        assert set(row["sources"]) <= known
        rests_on.setdefault(row["subject"], {})[row["headline"]] = ", ".join(row["sources"])
    for row in [*catalog.sql("FROM accelerators"), *catalog.sql("FROM systems")]:
        beside = {
            name.removesuffix("_sources"): told for name, told in row.items() if name.endswith("_sources") and told
        }
        assert beside == rests_on.get(row["id"], {})


def test_every_real_card_fits_the_json_schema(catalog: Catalog, tmp_path: Path) -> None:
    """All of them, as served."""
    exported = catalog.export("api", tmp_path / "api").directory
    validator = jsonschema.Draft202012Validator(json.loads((exported / "schema" / "card.json").read_text()))
    cards = sorted((exported / "cards").rglob("*.json"))

    assert len(cards) == len(catalog.store.listed())
    assert [error.message for path in cards for error in validator.iter_errors(json.loads(path.read_bytes()))] == []


@LIBRARIES
def test_the_real_data_package_is_valid(catalog: Catalog, tmp_path: Path) -> None:
    """Frictionless finds every row of every table well typed, keys unique and references whole."""
    exported = catalog.export("datapackage", tmp_path / "package").directory
    import frictionless

    report = frictionless.Package(str(exported / "datapackage.json")).validate()

    assert report.flatten(["title", "message"]) == []
    assert {task.name: task.stats["rows"] for task in report.tasks}["claim"] == _count(catalog, "claim")


@LIBRARIES
def test_the_real_croissant_yields_every_claim(catalog: Catalog, tmp_path: Path) -> None:
    """mlcroissant reads as many claims as there are, values and all."""
    import mlcroissant

    exported = catalog.export("croissant", tmp_path / "croissant").directory
    claims = list(mlcroissant.Dataset(jsonld=str(exported / "croissant.json")).records("claim"))

    assert len(claims) == _count(catalog, "claim")
    assert [row["claim/value"] for row in claims] == [
        row["value"] for row in catalog.sql("SELECT value FROM claim ORDER BY rowid")
    ]


def _count(catalog: Catalog, table: str) -> int:
    return int(catalog.sql(f"SELECT count(*) AS n FROM {table}")[0]["n"])
