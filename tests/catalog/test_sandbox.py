"""Somebody's SQL: it reads the database and nothing else, changes nothing, and ends in time, whatever it says."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from accel_db.catalog.catalog import Catalog
from accel_db.words.errors import DataFault, UsageError
from tests.conftest import clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import World

pytest_plugins = ("tests.fuller_world",)

PATIENCE = 3.0
"""Seconds after which a hostile query must be over, once its process runs."""

FORBIDDEN = [
    # writing
    "insert into claim (subject) values ('x')",
    "update claim set value = 1",
    "delete from claim",
    "drop table claim",
    "alter table claim add column x integer",
    "create table x (a integer)",
    "create or replace view accelerators as select 1",
    "truncate claim",
    "comment on table claim is 'x'",
    "create index i on claim (subject)",
    "create schema x",
    # files
    "copy claim to 'stolen.csv'",
    "copy (select 1) to '/dev/stdout'",
    "copy claim from 'stolen.csv'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/proc/self/environ')",
    "select * from '/etc/passwd'",
    "select * from 'stolen.parquet'",
    "select * from glob('/*')",
    "select * from read_json_auto('/etc/hosts')",
    "select * from read_parquet('x.parquet')",
    "select content from read_text(getenv('HOME') || '/.netrc')",
    "select getenv('HOME')",
    "export database 'stolen'",
    "import database 'stolen'",
    # other databases, extensions, the network
    "attach 'other.duckdb' as other",
    "attach ':memory:' as other; create table other.x (a integer)",
    "attach 'https://example.org/x.duckdb' as other",
    "detach accel",
    "install httpfs",
    "load httpfs",
    "install spatial from community",
    "load '/tmp/x.duckdb_extension'",
    "select * from 'https://example.org/x.csv'",
    "select * from read_csv('s3://bucket/x.csv')",
    "create secret s (type s3, key_id 'a', secret 'b')",
    # settings
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set memory_limit = '100GB'",
    "set threads = 64",
    "set temp_directory = '/tmp'",
    "set home_directory = '/tmp'",
    "set allow_unsigned_extensions = true",
    "reset memory_limit",
    "pragma enable_profiling",
    "set global max_expression_depth = 100000000",
    # more than one, nothing, and nonsense
    "create temp table claim as select 'poisoned' as subject",
    "create temp view accelerators as select 1",
    "create temp macro sum(x) as 42",
    "create temp sequence s",
    "begin",
    "rollback",
    "set variable x = 1",
    "prepare p as select 1",
    "execute p",
    "load json",
    "pragma enable_verification",
    "use memory",
    "call pragma_version()",
    "explain analyze create temp table claim as select 1",
    "explain (analyze) drop table claim",
    "select 1; drop table claim",
    "select 1; select 2",
    "",
    "   -- nothing",
    "select",
    "(" * 50_000,
    "select " + "+".join(["1"] * 20_000),
    "select '\0'",
    "select '\udce4'",
]
"""Refused at once."""

HUNGRY = [
    "select sum(a * b) from range(100000000) t(a), range(100000000) s(b)",
    "select repeat('x', 4000000000)",
    "select repeat(repeat('x', 100000), 100000)",
    "select sum(length(repeat('abc', 100000000 + a::int))) from range(1000) t(a)",
    "select list(a) from range(1000000000) t(a)",
    "select string_agg(repeat('x', 1000000), '') from range(100000)",
    "select * from range(1000000000)",
    "select repeat('x', 100000) from range(150000)",
    "with recursive t as (select 1 a union all select a + 1 from t) select max(a) from t",
    "with recursive t as (select 1 a, 'x' b union all select a + 1, b || b from t where a < 60) select max(length(b)) from t",
    "select count(*) from claim a, claim b, range(1000000000) c where a.subject || b.subject || c.range = 'x'",
    "select levenshtein(repeat('a', 100000), repeat('b', 100000))",
    "select count(distinct md5(a::text)) from range(10000000000) t(a)",
    "select a from range(1000000000) t(a) order by hash(a) desc",
    "select list_sort(range(500000000))",
    "select map_from_entries(list((a, a))) from range(100000000) t(a)",
    "pivot (select a, a % 100000 as b from range(10000000) t(a)) on b using count(*)",
    "select factorial(a::int % 30) from range(10000000000) t(a) where factorial(a::int % 30) < 0",
]
"""Ended: too much time, memory or output."""


@pytest.fixture(scope="module")
def catalog(fuller: World) -> Iterator[Catalog]:
    """The fuller world, asked in a child process."""
    with Catalog(str(fuller.data)) as opened:
        yield opened


@pytest.mark.parametrize("query", FORBIDDEN, ids=lambda query: query[:40])
def test_what_is_forbidden_is_refused(
    catalog: Catalog, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written, attached, loaded, fetched or set, and the next question is answered."""
    monkeypatch.chdir(tmp_path)
    assert catalog.sql("select 1 as one") == [{"one": 1}]  # the child runs: its start is nobody's fault
    child = catalog._sandbox.child
    with pytest.raises(UsageError, match=r"^SQL: ") as caught:
        catalog.sql(query)
    assert "ended after" not in caught.value.message
    assert catalog.sql("select 1 as one") == [{"one": 1}]
    assert catalog._sandbox.child is child
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("query", HUNGRY, ids=lambda query: query[:40])
def test_what_takes_too_much_is_ended(catalog: Catalog, query: str) -> None:
    """A query without end is ended in time with a message that says what to do, and the caller goes on."""
    assert catalog.sql("select 1 as one") == [{"one": 1}]  # the child runs: its start is nobody's fault
    start = time.monotonic()
    with pytest.raises(UsageError, match=r"^SQL: "):
        catalog.sql(query)
    assert time.monotonic() - start < PATIENCE + 2  # a busy machine may be late to say so
    assert catalog.sql("select count(*) > 0 as some from claim") == [{"some": True}]


def test_the_data_is_as_it_was(fuller: World, catalog: Catalog) -> None:
    """After all that, the file is what was built."""
    path = next(fuller.data.glob("*/accel.duckdb"))
    before = path.read_bytes()
    for query in FORBIDDEN[:12]:
        with pytest.raises(UsageError):
            catalog.sql(query)
    assert path.read_bytes() == before


def test_memory_stayed_bounded() -> None:
    """Whatever was asked above, no process took much more than it may."""
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_700_000


def test_questions_of_every_kind_are_answered(catalog: Catalog) -> None:
    """What only asks is no harm: SHOW, DESCRIBE, PIVOT, EXPLAIN, VALUES, FROM, WITH."""
    for query in (
        "show tables",
        "describe claim",
        "summarize claim",
        "from claim limit 1",
        "values (1)",
        "with x as (select 1) select * from x",
        "pivot (select country, kind from accelerators) on kind using count(*)",
        "explain select * from claim",
        "EXPLAIN ANALYZE select 1",
        "table vendor",
    ):
        assert catalog.table(query)[1]


def test_an_interrupted_question_leaves_no_answer_behind(catalog: Catalog) -> None:
    """After a Ctrl-C, or any other interruption, the next question gets its own answer."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        for n in range(3):
            catalog.sql("select 1")
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                catalog.sql(HUNGRY[0], seconds=30)
            assert catalog.sql("select ? as n", [n]) == [{"n": n}]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_nothing_in_the_current_folder_is_run(fuller: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are called like modules are only files."""
    for name in ("pickle", "duckdb", "accel_db"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w').close()\nraise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    with Catalog(str(fuller.data)) as catalog:
        assert catalog.sql("select 1 as one") == [{"one": 1}]
    assert not (tmp_path / "run").exists()


def test_a_process_that_cannot_start_is_a_fault(fuller: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said so, not taken for a query that was too big."""
    for executable in ("/bin/false", "/nowhere/python"):
        monkeypatch.setattr(sys, "executable", executable)
        with Catalog(str(fuller.data)) as catalog, pytest.raises(DataFault, match="could not be started"):
            catalog.sql("select 1")


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan"), 1e12, "2", None, True])
def test_seconds_are_a_number_of_seconds(catalog: Catalog, seconds: object) -> None:
    """Anything else is a mistake of usage; the next question is answered."""
    with pytest.raises(UsageError, match=r"seconds = "):
        catalog.sql("select 1", seconds=seconds)
    assert catalog.sql("select 1 as one") == [{"one": 1}]


def test_parameters_are_data(catalog: Catalog) -> None:
    """A value that is none is refused before it is sent."""
    with pytest.raises(UsageError, match="not object"):
        catalog.sql("select ?", [object()])
    assert catalog.sql("select ? as x", ["'; drop table claim"]) == [{"x": "'; drop table claim"}]


def test_a_query_may_be_given_more_time(catalog: Catalog) -> None:
    """``seconds`` bounds this query alone."""
    slow = "select count(*) from range(30000) a, range(30000) b where a.range * b.range % 7 = 1"
    with pytest.raises(UsageError, match=r"ended after 0\.05 seconds"):
        catalog.sql(slow, seconds=0.05)
    assert catalog.sql("select count(*) as n from range(1000000)", seconds=60) == [{"n": 1_000_000}]


def test_values_of_every_type_come_back(catalog: Catalog) -> None:
    """Rows from the child are the same Python values as in this process."""
    query = "select 1 as a, 1.5::decimal(4,1) as b, 'ü' as c, date '2026-01-02' as d, [1, 2] as e, {'x': 1} as f, null as g, 'a'::blob as h"
    assert catalog.table(query) == catalog.ask(query)
    assert catalog.sql("select ? + 1 as n", [41]) == [{"n": 42}]


def test_several_threads_may_ask(catalog: Catalog) -> None:
    """Questions of several threads are answered one after the other, each its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: catalog.sql("select ?::integer as n", [n]), range(12)))
    assert found == [[{"n": n}] for n in range(12)]


def test_a_missing_file_is_a_fault(copied: World) -> None:
    """A database that cannot be opened is said so by the child as by ourselves."""
    path = next(copied.data.glob("*/accel.duckdb"))
    path.unlink()
    with Catalog(str(copied.data)) as catalog, pytest.raises(DataFault, match=r"accel\.duckdb.*run: accel build"):
        catalog.sql("select 1")


def test_no_child_outlives_its_catalogue(fuller: World) -> None:
    """Closing the catalogue, or dropping it, ends the process; a closed one may be asked again."""
    catalog = Catalog(str(fuller.data))
    catalog.sql("select 1 as one")
    child = catalog._sandbox.child
    catalog.close()
    assert child.poll() is not None
    assert catalog.sql("select 2 as two") == [{"two": 2}]
    child = catalog._sandbox.child
    del catalog
    assert child.wait(10) is not None


@pytest.mark.parametrize(
    "query", [HUNGRY[0], HUNGRY[1], HUNGRY[4], HUNGRY[6], FORBIDDEN[12], FORBIDDEN[15], FORBIDDEN[38]]
)
def test_the_command_line_ends_it_too(fuller: World, query: str) -> None:
    """Exit 2, one clear message, nothing on stdout, in time."""
    start = time.monotonic()
    done = fuller.run("sql", query)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("accel: SQL: ")
    assert "Traceback" not in done.stderr
    assert time.monotonic() - start < PATIENCE + 5


def test_the_command_line_may_be_given_more_time(fuller: World) -> None:
    """--seconds is the query's time; a wrong one is a mistake of usage."""
    assert fuller.run("sql", "--seconds", "30", "select 1 as one", "--format", "csv").stdout.startswith("one")
    for seconds in ("0", "100000000000"):
        assert fuller.run("sql", "--seconds", seconds, "select 1").returncode == 2


def test_a_slow_reader_is_not_ended(fuller: World) -> None:
    """The time is the query's: an answer may be read as slowly as one likes."""
    with subprocess.Popen(
        [sys.executable, "-m", "accel_db", "sql", "select repeat('x', 1000) as x from range(2000)", "--format", "csv"],
        stdout=subprocess.PIPE,
        env={**clean_environment(), "ACCEL_DB_DATA": str(fuller.data)},
    ) as process:
        time.sleep(3.5)
        text = process.stdout.read()
    assert process.returncode == 0
    assert text.count(b"x" * 1000) == 2000
