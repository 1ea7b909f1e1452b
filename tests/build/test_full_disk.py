"""A full disk: wherever the space runs out, the message says so, nothing is left behind, and readers keep the old build whole."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from accel_db.build.builder import build
from accel_db.words.errors import DataFault
from tests.conftest import World, clean_environment

LIMITED = """
import resource, sys
from accel_db.cli.app import serve
import duckdb, lark, pydantic
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(serve(sys.argv[2:]))
"""
"""A build that may write no file longer than so many bytes: writing on fails as on a full disk, in Python and in DuckDB alike."""


def left_in(world: World) -> list[str]:
    """What stands in the folder of builds."""
    return sorted(path.name for path in world.data.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
@pytest.mark.parametrize("limit", [0, 1_000, 20_000, 100_000, 500_000, 1_000_000])
def test_a_build_that_cannot_write_on_leaves_the_old_one(world: World, limit: int) -> None:
    """Whichever file hits the end of the disk, cards or DuckDB's: exit 4 with the folder named, and the old answer."""
    world.build()
    before, answer = left_in(world), world.run("show", "b100", "--json").stdout
    world.append("vendors.toml", "# a change\n")

    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "build", "--specs", str(world.specs), "--data", str(world.data)],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 4, done.stderr
    assert f"cannot write the build to {world.data}" in done.stderr
    assert "Traceback" not in done.stderr
    assert (before, answer) == (left_in(world), world.run("show", "b100", "--json").stdout)
    assert world.build().name == (world.data / "current").read_text(encoding="utf-8").split("\n")[0]


def test_no_space_at_any_write_leaves_the_old_build(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file of a build but DuckDB's and the lists in turn meets ENOSPC: the error is one sentence, and `current` names the old build until the last."""
    old = world.build().name
    world.append("vendors.toml", "# a change\n")
    written: list[str] = []
    fails_at = [0]

    def full(write: Callable[..., int]) -> Callable[..., int]:
        def writing(path: Path, *args: object, **kwargs: object) -> int:
            written.append(path.name)
            if len(written) == fails_at[0]:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            return write(path, *args, **kwargs)

        return writing

    for name in ("write_text", "write_bytes"):
        monkeypatch.setattr(Path, name, full(getattr(Path, name)))
    failures = 0
    while True:
        fails_at[0] += 1
        written.clear()
        try:
            new, _ = build(world.specs, world.data)
            break
        except DataFault as fault:
            failures += 1
            assert "No space left on device; choose another folder with --data" in fault.message  # noqa: PT017
            assert (world.data / "current").read_text(encoding="utf-8").split("\n")[0] == old
            assert not [name for name in left_in(world) if name.startswith(".building")]

    assert failures >= 6, "too few writes failed: this test would prove nothing"
    assert (world.data / "current").read_text(encoding="utf-8").startswith(new.name)
    assert (world.data / old / "complete").is_file()
