"""Whole runs against a real server: states, changes, what is kept, and the command itself."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import typer

from accel_db.cli.run import report
from accel_db.cli.verify_command import register
from accel_db.verify import verify as room
from accel_db.verify.fetching import MEGABYTE
from accel_db.verify.kept import Kept, default_folder
from accel_db.verify.verify import Result, Run, since, verify
from accel_db.verify.wanted import DECIMAL_COMMA, tasks
from accel_db.words.errors import AccelError, DataFault, NotFound, UsageError
from tests.conftest import World, make_world
from tests.verify.conftest import NOW, TABLE, figure, make_pdf, task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verify.conftest import Site

BF16 = figure("1,979 teraFLOPS", "BF16 Tensor Core")
MEMORY = figure("80GB", "GPU Memory")
TDP = figure("Up to 700 W", "thermal design power (TDP)")
MISPLACED = figure("94GB", "TDP")
WRONG = figure("81GB", "GPU Memory")


def states(result: Result) -> list[str]:
    return [finding.state for finding in result.findings]


def test_a_table(site: Site, run: Run) -> None:
    """Every figure of a page is found near its label, elsewhere, or not; the source has the worst of their states."""
    (result,) = verify([task(site.put("/", TABLE), BF16, MEMORY, TDP, MISPLACED, WRONG)], run)
    assert states(result) == ["found", "found", "found", "found elsewhere", "not found"]
    assert (result.state, result.reason, result.checked, result.changed_since, result.kept) == (
        "not found",
        "",
        "2026-11-22T12:00:00+00:00",
        None,
        False,
    )


def test_a_pdf(site: Site, run: Run) -> None:
    """A PDF's figures are found on the page their locator names, or near their label."""
    address = site.put("/a.pdf", make_pdf("Cover", "Memory 80GB", "Power\n700 W"), "application/octet-stream")
    figures = [
        figure("80GB", "Capacity", "p. 2, table 1"),
        figure("Up to 700 W", "Power", "p. 2"),
        figure("80GB", "Capacity", "p. 3"),
        figure("81GB", "Memory", "p. 2"),
    ]
    (result,) = verify([task(address, *figures)], run)
    assert [tuple(finding) for finding in result.findings] == [
        ("found", "on p. 2"),
        ("found", "near its row label, p. 3"),
        ("found elsewhere", "p. 2"),
        ("not found", ""),
    ]


def test_decimal_commas_by_language(site: Site, run: Run) -> None:
    """A German page's 1.979 is one thousand nine hundred and seventy-nine, an English page's is not."""
    address = site.put("/", "<p>BF16 Tensor Core: 1.979 TFLOPS")
    asked = [task(address, BF16, language=language, key=str(language)) for language in ("de", "en", None)]
    assert [result.state for result in verify(asked, run)] == ["found", "not found", "not found"]


def test_unreachable_and_unreadable(site: Site, run: Run) -> None:
    """A source that cannot be fetched or read says why, with every figure; nothing is kept of it, and a 404's text proves nothing."""
    scan = site.put("/scan", make_pdf(""))
    results = verify([task(site.url("/gone"), MEMORY), task(scan, MEMORY, WRONG, key="b/scan")], run)
    assert [(result.state, result.reason) for result in results] == [
        ("unreachable", "HTTP 404 Not Found"),
        ("unreachable", "there is no text in it; a scan, or a page that needs a browser"),
    ]
    assert [tuple(finding) for finding in results[1].findings] == [("unreachable", results[1].reason)] * 2
    assert list(run.kept.folder.iterdir()) == []


def test_one_document_stops_no_other(site: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that breaks a library in a way nobody foresaw is unreachable with the error's name; the others are verified."""

    def fragile(content: bytes, *given: Any, real: Any = room.read_document) -> Any:
        if b"bomb" in content:
            raise LookupError("no such thing")
        return real(content, *given)

    monkeypatch.setattr(room, "read_document", fragile)
    results = verify([task(site.put("/a", "bomb"), MEMORY), task(site.put("/b", TABLE), MEMORY, key="b/c")], run)
    assert [(result.state, result.reason) for result in results] == [
        ("unreachable", "unexpected LookupError: no such thing"),
        ("found", ""),
    ]


def test_what_is_skipped(site: Site, run: Run) -> None:
    """A source read only in copies is not fetched and says so, one without figures neither."""
    url = site.put("/", TABLE)
    quoted, bare = verify(
        [task(url, MEMORY, access="quoted", via=("press/a", "public file 7")), task(url, key="b/c")], run
    )
    assert (quoted.state, quoted.reason) == (
        "skipped",
        "read only in copies, as quoted by press/a, public file 7: its own address was never read",
    )
    assert states(quoted) == ["skipped"]
    assert (bare.state, bare.reason, bare.findings) == (
        "skipped",
        "no printed figure of what was asked rests on it",
        (),
    )
    assert verify([task(url, MEMORY, access="quoted")], run)[0].reason.startswith(
        "read only in copies, as quoted by copies:"
    )
    assert site.asked == []


def test_a_changed_page(site: Site, run: Run) -> None:
    """A page whose words changed since the last time says since when, beside what was found; markup that changes is no change."""
    asked = [task(site.put("/", TABLE), MEMORY)]
    later = [replace(run, now=NOW + timedelta(days=day)) for day in range(5)]
    assert verify(asked, later[0])[0].state == "found"
    site.put("/", TABLE.replace("<table>", "<table class=new>"))
    assert verify(asked, later[1])[0].changed_since is None
    site.put("/", TABLE.replace("94GB", "96GB"))
    changed = verify(asked, later[2])[0]
    assert (changed.state, states(changed), changed.changed_since) == (
        "changed since",
        ["found"],
        later[1].now.isoformat(),
    )
    site.put("/", TABLE.replace("80<", "96<"))
    worse = verify(asked, later[3])[0]
    assert (worse.state, worse.changed_since) == ("not found", later[2].now.isoformat())
    assert verify(asked, later[4])[0].changed_since is None


def test_a_moved_source_is_not_a_changed_one(site: Site, run: Run) -> None:
    """What is kept belongs to an address: another address is read for the first time."""
    verify([task(site.put("/a", TABLE), MEMORY)], run)
    moved = verify([task(site.put("/b", "<p>GPU Memory 80GB"), MEMORY)], run)[0]
    assert (moved.state, moved.changed_since) == ("found", None)


def test_resume(site: Site, run: Run) -> None:
    """Within the days asked for, what was reached is not fetched again, a change included; what was not reached, is new or is older is."""
    url = site.put("/", TABLE)
    verify([task(url, MEMORY)], run)
    resumed = replace(run, now=NOW + timedelta(days=3), since=since(NOW + timedelta(days=3), 3))
    again = verify([task(url, MEMORY)], resumed)[0]
    assert (again.kept, again.state, again.checked) == (True, "found", NOW.isoformat())
    assert len(site.asked) == 1
    verify([task(url, MEMORY, WRONG), task(site.url("/gone"), MEMORY, key="b/c")], resumed)
    assert verify([task(url, WRONG)], resumed)[0].state == "not found"
    verify([task(site.url("/gone"), MEMORY, key="b/c")], resumed)
    assert [path for path, _ in site.asked].count("/gone") == 2
    assert len(site.asked) == 4
    verify([task(url, MEMORY)], replace(resumed, now=NOW + timedelta(days=9), since=since(NOW + timedelta(days=9), 3)))
    verify([task(url, MEMORY)], run)
    assert len(site.asked) == 6
    assert since(NOW, None) is None


def test_findings_on_one_document_add_up(site: Site, run: Run) -> None:
    """Two runs over different figures of an unchanged document keep both; over a changed one only the new."""
    url = site.put("/", TABLE)
    resumed = replace(run, since=NOW)
    verify([task(url, MEMORY)], run)
    verify([task(url, TDP)], run)
    assert verify([task(url, MEMORY, TDP)], resumed)[0].kept
    site.put("/", TABLE.replace("94GB", "96GB"))
    verify([task(url, MEMORY)], run)
    changed = verify([task(url, MEMORY)], resumed)[0]
    assert (changed.kept, changed.state) == (True, "changed since")
    assert not verify([task(url, MEMORY, TDP)], resumed)[0].kept


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"null",
        '"checked": 5',
        '"checked": "once"',
        '"layout": 2',
        '"digest": null',
        '"findings": {"a": ["b"]}',
        '"findings": []',
        '"key": "other"',
        '"more": 1',
    ],
)
def test_a_damaged_record_is_no_record(site: Site, run: Run, damage: bytes | str) -> None:
    """A record that is cut, of another layout or changed by hand never breaks a run: the source is fetched again."""
    asked = [task(site.put("/", TABLE), MEMORY)]
    verify(asked, run)
    (file,) = run.kept.folder.iterdir()
    if isinstance(damage, bytes):
        file.write_bytes(damage)
    else:
        file.write_text(json.dumps({**json.loads(file.read_text()), **json.loads("{" + damage + "}")}))
    result = verify(asked, replace(run, since=NOW - timedelta(days=1)))[0]
    assert (result.kept, result.state, len(site.asked)) == (False, "found", 2)


def test_a_folder_that_cannot_be_written(site: Site, run: Run, tmp_path: Path) -> None:
    """Results that cannot be kept are an error in words, before the run or in it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot keep results in .*; name another folder with --cache"):
        Kept(tmp_path / "file" / "below")
    asked = [task(site.put("/", TABLE), MEMORY)]
    run.kept.folder.rmdir()
    with pytest.raises(UsageError, match=r"cannot keep results in .*No such file or directory"):
        verify(asked, run)


def test_results_are_told_as_they_come(site: Site, run: Run) -> None:
    """Every result is told once, and kept by then; they come back in the order asked."""
    told = []
    asked = [task(site.put(f"/{i}", TABLE), MEMORY, key=f"s/{i}") for i in range(9)]
    results = verify(
        asked,
        replace(
            run,
            done=lambda result: told.append(
                (result.task.key, run.kept.load(result.task.key, result.address) is not None)
            ),
        ),
    )
    assert [result.task.key for result in results] == [f"s/{i}" for i in range(9)]
    assert sorted(told) == [(f"s/{i}", True) for i in range(9)]


# What is asked for, and the command.


@pytest.fixture
def served(site: Site, tmp_path: Path) -> World:
    """The tiny world, its documents on the server."""
    world = make_world(tmp_path / "world")
    sheet = site.put(
        "/sheet.pdf",
        make_pdf(
            "A1", "HBM 64 GB\nBandwidth 1.6 TB/s\nDies 2\nMax power up to 400 W", "x", "384 NPUs, 289 PFLOPS, 559 kW"
        ),
    )
    world.replace("sources/acme.toml", "https://acme.example/a1/datasheet.pdf", sheet)
    world.replace(
        "sources/acme.toml",
        "https://acme.example/papers/a1",
        site.put("/paper", "<p>BF16/FP16: 376 TFLOPS. <p>section 5, outlook: 128 GB"),
    )
    world.replace("sources/bolt.toml", "https://bolt.example/b100", site.put("/b100", TABLE))
    world.replace("sources/press.toml", "https://dailychip.example/2025/a1", site.url("/gone"))
    world.build()
    return world


class Told:
    """What a command wrote, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def accel(served: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> Any:
    """Runs the command in this process, on the served world, from this machine."""
    monkeypatch.setenv("ACCEL_DB_DATA", str(served.data))
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    register(app)

    def run(*argv: str) -> Told:
        try:
            code = app(["verify", *argv, "--cache", str(tmp_path / "cache")], standalone_mode=False) or 0
        except Exception as error:  # noqa: BLE001  Typer has several classes of usage errors
            report(UsageError(error.format_message()), False, None)  # type: ignore[attr-defined]
            code = 2
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Told(code, out.decode(), err.decode())

    return run


def test_the_command(accel: Any) -> None:
    """A subject's sources are told line by line, then what was not found in place; unreachable means exit 1, and a pipe gets no bar."""
    told = accel("a1", "--allow-local")
    assert told.code == 1
    assert told.err == ""
    assert told.out.splitlines()[:4] == [
        "state        source",
        "found        acme/a1-datasheet  4 found",
        "found        acme/a1-paper      1 found",
        "unreachable  press/2025-a1      HTTP 404 Not Found",
    ]
    assert "3 sources: 1 unreachable, 2 found" in told.out


def test_the_command_on_sources_and_all(accel: Any) -> None:
    """A source key asks for all its figures, no name for all sources; resumed and in JSON it says what was kept."""
    told = accel("acme/a1-datasheet", "acme/a1-paper", "--allow-local", "--json")
    assert told.code == 0
    document = json.loads(told.out)
    assert (document["command"], document["schema"]) == ("verify", 1)
    assert {one["subject"] for one in document["sources"][0]["figures"]} == {"acme/a1", "acme/rack"}
    assert [one["kept"] for one in document["sources"]] == [False, False]
    told = accel("--allow-local", "--resume", "1", "--format", "json")
    document = json.loads(told.out)
    assert {one["source"]: (one["kept"], one["state"]) for one in document["sources"]} == {
        "acme/a1-datasheet": (True, "found"),
        "acme/a1-paper": (True, "found"),
        "bolt/b100-page": (False, "not found"),
        "press/2025-a1": (False, "unreachable"),
    }
    assert document["counts"]["sources"] == {
        "not found": 1,
        "unreachable": 1,
        "changed since": 0,
        "found elsewhere": 0,
        "found": 2,
        "skipped": 0,
    }
    assert document["counts"]["figures"] == {
        "not found": 5,
        "unreachable": 1,
        "found elsewhere": 3,
        "found": 9,
        "skipped": 0,
    }
    assert told.code == 1


def test_the_command_in_other_formats(accel: Any, site: Site) -> None:
    """CSV and JSON lines have a row a figure; the table lists what was found elsewhere and not found, and what changed."""
    told = accel("b100", "--allow-local", "--format", "csv")
    assert told.out.splitlines()[0].startswith(
        "source,address,subject,metrics,printed,row,locator,state,where,checked,changed_since,kept,"
    )
    assert len(told.out.splitlines()) == 7
    site.put("/b100", TABLE.replace("94GB", "96GB"))
    table = accel("b100", "--allow-local").out
    assert "the document changed since 20" in table
    assert "found elsewhere  1,979 teraFLOPS" in table
    assert "not found        900 GB/s" in table
    again = accel("b100", "--allow-local", "--resume", "1")
    assert ", as checked 20" in again.out
    assert again.code == 1


def test_the_command_without_leave(accel: Any, site: Site) -> None:
    """Without --allow-local nothing is asked of this machine."""
    told = accel("b100")
    assert (told.code, site.asked) == (1, [])
    assert "127.0.0.1 is at 127.0.0.1, not a public address; --allow-local" in told.out


def test_limits_of_the_command(accel: Any) -> None:
    """Limits given on the command line hold."""
    assert "larger than 0.001 MB" in accel("acme/a1-datasheet", "--allow-local", "--max-size", "0.001").out
    assert MEGABYTE == 1_000_000


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["a9"], 3, "no accelerator, system, family or source 'a9'"),
        (["a1", "acme/a1-papers"], 3, "sources near it: acme/a1-paper"),
        (["a1", "--format", "xml"], 2, "'xml' is not one of table, json"),
        (["a1", "--color", "pink"], 2, "'pink' is not one of auto, always, never"),
        (["a1", "--resume", "-1"], 2, "'--resume'"),
        (["a1", "--per-host", "0"], 2, "'--per-host'"),
    ],
)
def test_mistakes(accel: Any, site: Site, argv: list[str], code: int, said: str) -> None:
    """A wrong name or option is said in words, with the exit code of its kind, before anything is asked of the network."""
    told = accel(*argv)
    assert (told.code, told.out, site.asked) == (code, "", [])
    assert said in told.err


def test_without_the_extra(accel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its packages the command says which are missing and the line to run, exit 2."""
    monkeypatch.setattr(room, "EXTRA", ("httpx", "no_such_package"))
    told = accel("a1")
    assert (told.code, told.out) == (2, "")
    assert (
        told.err
        == "accel: verify needs packages that are not installed (no_such_package); run: pip install 'accel-db[verify]'\n"
    )


def test_importing_needs_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command and its room import without any package of the extra."""
    for name in room.EXTRA:
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith(("accel_db.verify", "accel_db.cli.verify_command"))]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UsageError, match="pip install"):
        importlib.import_module("accel_db.verify.verify").need_extra()
    assert importlib.import_module("accel_db.cli.verify_command").register


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """On a terminal a bar counts what is done and names the last source, on stderr."""
    from accel_db.cli.verify_command import progress

    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress(2, "never") as done:
        done(Result(task("http://x.example/", key="bolt/[page]"), "", (), "found"))
    out, err = capfd.readouterr()
    assert out == ""
    assert "1/2" in err
    assert "found: bolt/[page]" in err


def test_figures_of_a_world(built: World) -> None:
    """One figure under several metrics is one; derived values and negatives are none; families expand with a note; architectures' figures are their sources'."""
    from accel_db.catalog.catalog import Catalog

    with Catalog(str(built.data)) as catalog:
        wanted, notes = tasks(catalog, ["a"])
        (bolt,) = tasks(catalog, ["bolt/b100-page"])[0]
        everything = tasks(catalog)[0]
    figures = {one.key: [(each.subject, each.printed, each.metrics) for each in one.figures] for one in wanted}
    assert figures["acme/a1-paper"] == [
        ("acme/a1", "376 TFLOPS", ("compute.bf16.unstated", "compute.fp16.unstated")),
        ("acme/a2", "128 GB", ("memory.capacity",)),
    ]
    assert notes == ["a is a family: acme/a1, acme/a2"]
    assert ("bolt/beta", "2:4") in {(each.subject, each.printed) for each in bolt.figures}
    assert [one.key for one in everything] == ["acme/a1-datasheet", "acme/a1-paper", "bolt/b100-page", "press/2025-a1"]
    assert not bolt.decimal_comma
    assert "en" not in DECIMAL_COMMA


def test_a_build_that_contradicts_itself(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims on a source that is not in the build are a fault of the data; unknown names are all told at once."""
    from accel_db.catalog.catalog import Catalog

    with Catalog(str(built.data)) as catalog:
        with pytest.raises(NotFound) as caught:
            tasks(catalog, ["a9", "acme/a1-papers"])
        assert [one["near_sources"][:1] for one in caught.value.facts["names"]] == [[], ["acme/a1-paper"]]
        monkeypatch.setattr(catalog.store, "rows", lambda _: [])
        with pytest.raises(DataFault, match="that is not in the build; run: accel build"):
            tasks(catalog)
    assert issubclass(DataFault, AccelError)


def test_the_default_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results are kept in the user's cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/x/cache")
    assert default_folder().parts[-2:] == ("accel-db", "verify")
