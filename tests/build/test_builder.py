"""Builds: refused, atomic, deterministic, cheap when nothing changed, whole after a kill at any moment."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from accel_db.build.builder import build, tree_digest
from accel_db.words.errors import DataFault, SpecProblems
from accel_db.words.lean import full
from accel_db.words.stamp import stamp
from tests.conftest import World, clean_environment

DUMP = "SELECT table_name FROM duckdb_tables() ORDER BY 1"


def card_bytes(folder: Path) -> dict[str, str]:
    """Digest of every plain file of a build."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".duckdb"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def all_rows(folder: Path) -> dict[str, list[tuple]]:
    """Every row of every table of a build."""
    with duckdb.connect(str(folder / "accel.duckdb"), read_only=True) as connection:
        names = [name for (name,) in connection.execute(DUMP).fetchall()]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def test_the_same_specs_give_the_same_bytes_and_rows(world: World, tmp_path: Path) -> None:
    """Cards and tables of names are the same bytes, the database the same rows, wherever and whenever they are built."""
    one, _ = build(world.specs, tmp_path / "one")
    for path in world.specs.rglob("*.toml"):
        os.utime(path, (1, 1))
    two, _ = build(world.specs, tmp_path / "two")

    assert (one.name, card_bytes(one), all_rows(one)) == (two.name, card_bytes(two), all_rows(two))


def test_an_unchanged_tree_is_not_built_again(world: World) -> None:
    """The second build finds the first."""
    assert [build(world.specs, world.data)[1] for _ in range(2)] == [True, False]


def test_a_tree_with_problems_is_refused_and_the_old_build_stands(world: World) -> None:
    """Every problem is in the error, and readers keep the old answer."""
    world.build()
    before = (world.data / "current").read_text()
    world.replace("accelerators/acme/a1.toml", '"64 GB"', '"64 sheep"')
    world.replace("accelerators/bolt/b100.toml", '"700 W"', '"a lot"')

    with pytest.raises(SpecProblems) as caught:
        world.build()

    assert [f"{one.file}:{one.line}" for one in caught.value.problems] == [
        "accelerators/acme/a1.toml:11",
        "accelerators/bolt/b100.toml:15",
    ]
    assert before == (world.data / "current").read_text()
    assert "64" in world.run("why", "a1", "memory").stdout


def test_current_names_the_newest_build_and_older_ones_go(world: World) -> None:
    """The switch is the last write; one older build is kept for a reader that still has it open."""
    for size in ("64", "65", "66", "67"):
        world.replace("accelerators/bolt/b100.toml", world_memory(world), f'"{size}GB"')
        folder = world.build()

    kept = [path for path in world.data.iterdir() if path.is_dir()]
    assert (2, folder.name) == (len(kept), (world.data / "current").read_text().split("\n")[0])
    assert list(world.data.glob(".*")) == []


def world_memory(world: World) -> str:
    """The memory of the B100 as it now stands in the tiny world."""
    line = next(
        one
        for one in (world.specs / "accelerators/bolt/b100.toml").read_text().splitlines()
        if "memory.capacity" in one
    )
    return '"' + line.split('printed = "')[1].split('"')[0] + '"'


def test_a_kill_at_any_moment_leaves_the_old_build_whole(world: World) -> None:
    """A build killed after any while leaves what readers had, and the next build works."""
    world.build()
    before = world.run("show", "b100", "--json").stdout
    command = [sys.executable, "-m", "accel_db", "build", "--specs", str(world.specs), "--data", str(world.data)]
    for i, wait in enumerate([0.05, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2]):
        world.append("accelerators/bolt/b100.toml", f"# change {i}\n")
        process = subprocess.Popen(
            command, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()

        assert before == world.run("show", "b100", "--json").stdout

    world.append("accelerators/bolt/b100.toml", "# the last\n")
    folder = world.build()
    assert folder.name == (world.data / "current").read_text().split("\n")[0]
    assert before == world.run("show", "b100", "--json").stdout


def test_two_builds_at_once_both_succeed(world: World) -> None:
    """Neither hurts the other; the result is one whole build."""
    command = [sys.executable, "-m", "accel_db", "build", "--specs", str(world.specs), "--data", str(world.data)]
    running = [subprocess.Popen(command, env=clean_environment(), stderr=subprocess.PIPE) for _ in range(2)]

    assert [process.wait() for process in running if process.communicate() is not None] == [0, 0]
    assert "B100" in world.run("show", "b100").stdout


def test_a_folder_that_cannot_be_written_is_said_so(world: World) -> None:
    """The message names the folder and the cure."""
    (world.root / "file").write_text("not a folder")

    with pytest.raises(DataFault, match="choose another folder with --data"):
        build(world.specs, world.root / "file" / "data")


def test_a_folder_without_specs_is_said_so(world: World) -> None:
    """The message names what is missing."""
    with pytest.raises(DataFault, match=r"metrics\.toml is missing"):
        build(world.root / "nowhere", world.data)


def test_the_digest_follows_content_not_time(world: World) -> None:
    """Touching a file changes the stamp that readers compare, not the digest."""
    digest, mark = tree_digest(world.specs), stamp(str(world.specs))
    newest = max(path.stat().st_mtime_ns for path in world.specs.rglob("*.toml"))
    os.utime(world.specs / "vendors.toml", ns=(newest + 10**9, newest + 10**9))

    assert digest == tree_digest(world.specs)
    assert mark != stamp(str(world.specs))
    world.append("vendors.toml", "# more\n")
    assert digest != tree_digest(world.specs)


def test_every_table_and_column_says_what_it_is(built: World) -> None:
    """No table, view or table column is without a comment."""
    folder = built.build()
    with duckdb.connect(str(folder / "accel.duckdb"), read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall()
        views = connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL"
        ).fetchall()
        columns = connection.execute(
            "SELECT c.table_name, c.column_name FROM duckdb_columns() c JOIN duckdb_tables() t USING (table_name) WHERE c.comment IS NULL"
        ).fetchall()

    assert (tables, views, columns) == ([], [], [])


def test_the_claim_table_has_the_published_columns(built: World) -> None:
    """The columns that others rely on are there, in order."""
    folder = built.build()
    with duckdb.connect(str(folder / "accel.duckdb"), read_only=True) as connection:
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT column_name FROM duckdb_columns() WHERE table_name = 'claim' ORDER BY column_index"
            ).fetchall()
        ]

    assert " ".join(columns) == (
        "subject subject_kind metric per variant accumulate value unit low high text date printed hedge term source locator row via origin kind stage access as_of "
        "rank verdict reason deprecated absent derived note model precision scenario count"
    )


def test_the_database_and_the_cards_say_the_same(built: World) -> None:
    """The headline table and the cards are two forms of one answer."""
    folder = built.build()
    with duckdb.connect(str(folder / "accel.duckdb"), read_only=True) as connection:
        table = connection.execute(
            "SELECT subject, headline, value, marks, verdict FROM headline ORDER BY 1, 2"
        ).fetchall()
    cards = [full(json.loads(path.read_text(encoding="utf-8"))) for path in (folder / "cards").rglob("*.json")]
    told = [
        (card["id"], row["headline"], row["value"], row["marks"], row["verdict"])
        for card in cards
        for row in card["headlines"]
        if row["shown"] is not None
    ]

    assert sorted(told, key=lambda row: row[:2]) == table


def test_an_older_duckdb_can_read_the_file(built: World) -> None:
    """The file carries the storage version of DuckDB 1.4."""
    folder = built.build()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{folder / 'accel.duckdb'}' AS db (READ_ONLY)")
        (tags,) = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'db'").fetchone()

    assert "v1.4.0" in str(tags)
