"""``accel diff``: the Typer command, and the git and files behind it. What differs is found in build, drawn in render.

A revision is read from ``git archive`` into a temporary folder; nothing in the repository is touched but, with --record, changes.toml.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accel_db.cli.options import Color, Form, Json, common
from accel_db.cli.run import emit, guarded, say
from accel_db.words.errors import DataFault, NoAnswer, NotFound, SpecProblems, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accel_db.build.differences import State

EXAMPLE = (
    "Example: accel diff   accel diff v2026.1   accel diff main HEAD --format md   accel diff v2026.1 --record 2026.2"
)
WORKING_TREE = "working tree"
SHOWN_PROBLEMS = 5
LOSING = (
    *("toml", "form", "file-name", "duplicate-id", "reading-form", "source-form", "unknown-source"),
    *("unreadable-figure", "unknown-unit", "wrong-dimension", "unknown-metric", "missing-basis"),
)
"""Checks whose finding means that a fact could not be read: it then looks removed, or added."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("diff", epilog=EXAMPLE)(diff)


def diff(
    revisions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REV] [REV]",
            help="A git revision or a folder of spec files; HEAD and the files as they are now without.",
        ),
    ] = None,
    specs: Annotated[str | None, typer.Option("--specs", help="The spec files; the checkout's own by default.")] = None,
    record: Annotated[
        str | None,
        typer.Option(
            "--record",
            metavar="EDITION",
            help="Write the differences into changes.toml as this edition's, such as 2026.2; its list is replaced.",
        ),
    ] = None,
    summary: Annotated[str | None, typer.Option("--summary", help="With --record: the edition in a sentence.")] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
) -> None:
    """For editors: facts added, removed and changed between two states of the spec files, and the values that lead otherwise."""
    options = common(form, as_json, color)
    raise typer.Exit(guarded(lambda: _work(revisions or [], specs, record, summary, options), "diff", [], options))


def _work(
    revisions: list[str], specs: str | None, record: str | None, summary: str | None, options: dict[str, Any]
) -> int:
    from accel_db.build.differences import differences
    from accel_db.cli.editors import find_specs
    from accel_db.render.differences import differences as drawn

    if len(revisions) > 2:
        raise UsageError(f"diff compares two states, not {len(revisions)}: {' '.join(revisions)}")
    if summary and not record:
        raise UsageError("--summary goes with --record EDITION")
    root = find_specs(specs)
    before = revisions[0] if revisions else "HEAD"
    after = revisions[1] if len(revisions) == 2 else None
    old, old_problems = _read(before, root)
    new, new_problems = _read(after, root)
    told = after or WORKING_TREE
    rows = [one.row() for one in differences(old, new)]
    notes = [*_notes(before, old_problems), *_notes(told, new_problems)]
    emit(drawn(rows, before, told, notes, markdown=options.get("form") == "md"), options)
    if record:
        if new_problems:
            raise SpecProblems(
                f"{told} has {len(new_problems)} problems; nothing is recorded, see accel check", new_problems
            )
        _record(root, record, rows, summary)
    return 0


def _notes(told: str, problems: list[Any]) -> list[str]:
    """What a reader of the differences must know: a fact that could not be read looks like one that is not there."""
    lost = [one for one in problems if one.check in LOSING]
    if not lost:
        return []
    more = [f"  … {len(lost) - SHOWN_PROBLEMS} more"] if len(lost) > SHOWN_PROBLEMS else []
    head = f"{told}: {len(lost)} facts or files could not be read, and are missing from the comparison"
    return [head, *(f"  {one}" for one in lost[:SHOWN_PROBLEMS]), *more]


def _read(state: str | None, root: Path) -> tuple[State, list[Any]]:
    """One state, judged, with its problems. None is the spec files as they are."""
    from accel_db.build.builder import check_tree
    from accel_db.build.differences import State

    with _folder_of(state, root) as folder:
        try:
            curated, world, problems = check_tree(folder)
        except DataFault as error:
            if state is None or folder.is_relative_to(root):
                raise
            raise DataFault(f"{state}: {error.message.replace(str(folder), 'specs')}") from error
    return State(curated, world), problems


@contextmanager
def _folder_of(state: str | None, root: Path) -> Iterator[Path]:
    """The folder of spec files a state is read from; a revision's is temporary."""
    if state is None:
        yield root
        return
    given = Path(state)
    for folder in (given, given / "specs"):
        if (folder / "metrics.toml").is_file():
            yield folder
            return
    with tempfile.TemporaryDirectory(prefix="accel-diff-") as temporary:
        folder = Path(temporary)
        _extract(state, root, folder)
        yield folder


def _extract(revision: str, root: Path, folder: Path) -> None:
    """Write the spec files of a revision into a folder: TOML files only, and nothing outside it."""
    inside = _git(root, "rev-parse", "--show-prefix").decode().strip().rstrip("/")
    top = Path(os.fsdecode(_git(root, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    try:
        commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except NoAnswer:
        message = f"{revision!r} is neither a revision of this repository nor a folder of spec files"
        raise NotFound(message, names=[{"name": revision, "near": []}]) from None
    try:
        packed = _git(top, "archive", "--format=tar", f"{commit.decode().strip()}:{inside}")
    except NoAnswer:
        raise NoAnswer(f"revision {revision!r} has no {inside or 'spec files'}") from None
    archive = folder / "archive.tar"
    archive.write_bytes(packed)
    with tarfile.open(archive) as tar:
        for member in tar:
            target = (folder / member.name).resolve()
            content = tar.extractfile(member) if member.isfile() and member.name.endswith(".toml") else None
            if content is not None and target.is_relative_to(folder.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
    archive.unlink()
    if not (folder / "metrics.toml").is_file():
        raise NoAnswer(f"revision {revision!r} has no spec files at {inside or '.'}: metrics.toml is missing")


def _git(root: Path, *words: str) -> bytes:
    """What git answers, asked from the folder of the spec files. Raises `NoAnswer` with git's own words."""
    program = shutil.which("git")
    if program is None:
        raise UsageError("git is not installed: compare folders instead, such as: accel diff old/specs specs")
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run([program, "-C", str(root), *words], capture_output=True, check=False, env=environment)  # noqa: S603  our own words, no shell
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
    if "not a git repository" in said or "dubious ownership" in said:
        raise UsageError(f"git cannot read {root}: {said.splitlines()[0]}; compare folders instead: accel diff OLD NEW")
    raise NoAnswer(f"git {words[0]}: {said or 'no answer'}")


def _record(root: Path, edition: str, rows: list[dict[str, Any]], summary: str | None) -> None:
    """Write the differences into changes.toml as those of one edition, in place of what it listed."""
    import datetime

    from accel_db.curate.changes import EDITION, FILE, read_changes, toml_of, with_recorded

    if not EDITION.fullmatch(edition):
        raise UsageError(f"--record {edition!r} is no edition: write year and number, such as 2026.2")
    editions, problems = read_changes(root)
    if problems:
        raise SpecProblems(f"{problems[0]}; nothing is recorded", problems)
    listed = next((len(one.change) for one in editions if one.name == edition), 0)
    made = with_recorded(editions, edition, rows, datetime.date.today(), summary)
    path, temporary = root / FILE, root / f".{FILE}-{os.getpid()}"
    try:
        temporary.write_text(toml_of(made), encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DataFault(f"cannot write {path}: {error.strerror or error}") from error
    now = next(len(one.change) for one in made if one.name == edition)
    say(
        f"recorded {now} changes as edition {edition}'s in {os.path.relpath(path)}"
        + (f", in place of {listed}" if listed else "")
    )
