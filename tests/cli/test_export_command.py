"""``accel export`` at the terminal: paths on stdout in every format, talk on stderr, exit codes, and no traceback."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from accel_db.cli import app as program
from tests.conftest import World

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def accel(built: World, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``accel`` on the tiny world, in this process: exit code, stdout, stderr."""
    monkeypatch.setenv("ACCEL_DB_DATA", str(built.data))
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)

    def run(*argv: str) -> tuple[int, str, str]:
        code = program.serve(list(argv))
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


def test_what_was_written_is_told(accel: Run, tmp_path: Path) -> None:
    """A line a file with its table, rows and size; where it went and whom to credit on stderr."""
    out = tmp_path / "out"
    code, told, talk = accel("export", "csv", str(out), "--table", "vendor,info")
    sizes = {path.name: path.stat().st_size for path in out.iterdir()}

    assert code == 0
    assert [line.split() for line in told.splitlines()] == [
        ["path", "table", "rows", "bytes"],
        [f"{out}/info.csv", "info", "7", f"{sizes['info.csv']:,}"],
        [f"{out}/vendor.csv", "vendor", "2", f"{sizes['vendor.csv']:,}"],
        [],
        ["edition", "2026.1"],
    ]
    assert talk == (
        f"accel: exported csv to {out}, CC BY 4.0; credit: The accel-db editors, accel-db, edition 2026.1, CC BY 4.0\n"
    )


def test_every_format_has_the_paths(accel: Run, tmp_path: Path) -> None:
    """JSON with kind, folder and layout; JSON Lines, CSV and Markdown a row a file."""
    document = json.loads(accel("export", "jsonl", str(tmp_path / "a"), "--table", "vendor", "--json")[1])
    (line,) = accel("export", "jsonl", str(tmp_path / "b"), "--table", "vendor", "--format", "jsonl")[1].splitlines()
    (row,) = csv.DictReader(
        io.StringIO(accel("export", "jsonl", str(tmp_path / "c"), "--table", "vendor", "--format", "csv")[1])
    )
    page = accel("export", "jsonl", str(tmp_path / "d"), "--table", "vendor", "--format", "md")[1]

    assert {key: document[key] for key in ("command", "kind", "directory", "layout", "licence")} == {
        "command": "export",
        "kind": "jsonl",
        "directory": str(tmp_path / "a"),
        "layout": 1,
        "licence": "CC BY 4.0",
    }
    assert [Path(one["path"]).name for one in (*document["files"], json.loads(line), row)] == ["vendor.jsonl"] * 3
    assert f"| {tmp_path / 'd' / 'vendor.jsonl'} | vendor | 2 |" in page


def test_a_folder_in_use_is_refused_unless_forced(accel: Run, tmp_path: Path) -> None:
    """Exit 2 with what to do; --force replaces the earlier export, of whatever kind."""
    out = tmp_path / "out"
    assert accel("export", "json", str(out))[0] == 0
    assert accel("export", "api", str(out)) == (
        2,
        "",
        f"accel: {out} is not empty; name a new folder, or replace an earlier export with --force\n",
    )
    assert accel("export", "api", str(out), "--force")[0] == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "cards",
        "index.json",
        "manifest.json",
        "metrics.json",
        "names.json",
        "schema",
        "sources.json",
    ]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["parket", "{out}"], "cannot export 'parket'; did you mean parquet?"),
        (["csv"], "Missing argument 'DIR'"),
        ([], "Missing argument 'KIND'"),
        (["csv", "{out}", "--table", "clam"], "no table clam; did you mean claim?"),
        (["csv", "{out}", "--format", "xml"], "'xml' is not one of"),
        (["csv", "/proc/accel-db"], "cannot export to /proc/accel-db"),
        (["duckdb", "{out}", "--table", "claim"], "--table does not go with it"),
    ],
)
def test_mistakes_are_told_with_exit_two(accel: Run, tmp_path: Path, argv: list[str], message: str) -> None:
    """No traceback, nothing on stdout, nothing written."""
    code, told, talk = accel("export", *(word.format(out=tmp_path / "out") for word in argv))

    assert (code, told) == (2, "")
    assert message in talk
    assert "Traceback" not in talk
    assert list(tmp_path.iterdir()) == []


def test_errors_are_json_where_answers_are(accel: Run, tmp_path: Path) -> None:
    """With --json a mistake is a JSON document on stderr."""
    code, told, talk = accel("export", "parket", str(tmp_path / "out"), "--json")
    error = json.loads(talk)["error"]

    assert (code, told, error["code"], error["exit_code"]) == (2, "", "usage", 2)
