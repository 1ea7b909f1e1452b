"""``accel verify``: asks the network, when asked, whether documents still say what was read in them. Thin: the work is in accel_db/verify."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accel_db.cli.options import Color, Form, Json, common
from accel_db.cli.run import emit, guarded, warn_if_stale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from accel_db.verify.fetching import Limits
    from accel_db.verify.verify import Result

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME|SOURCE]...", help="Subjects (their sources), families or source keys; all sources without."
    ),
]
Resume = Annotated[
    int | None,
    typer.Option("--resume", metavar="DAYS", min=0, help="Do not fetch again what was reached within so many days."),
]
Local = Annotated[bool, typer.Option("--allow-local", help="Fetch from private and loopback addresses too.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds for one document in all.")]
Size = Annotated[float, typer.Option("--max-size", min=0.001, help="Megabytes of one document, unpacked.")]
PerHost = Annotated[int, typer.Option("--per-host", min=1, help="Requests to one host at once.")]
Cache = Annotated[
    str | None, typer.Option("--cache", help="Where results are kept; the user's cache folder by default.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("verify", epilog="Example: accel verify h20-96gb   accel verify --resume 7 --json")(command)


def command(
    names: Names = None,
    resume: Resume = None,
    allow_local: Local = False,
    timeout: Timeout = 60.0,
    max_size: Size = 32.0,
    per_host: PerHost = 2,
    cache: Cache = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
) -> None:
    """For editors: fetch each source and look for its printed figures; exit 1 when one is not found or a source not reached.

    Needs the network and: pip install 'accel-db[verify]'.
    """
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.verify.verify import need_extra

        need_extra()
        from accel_db.verify.fetching import MEGABYTE, Limits

        limits = Limits(
            connect=min(10.0, timeout),
            read=min(20.0, timeout),
            total=timeout,
            size=int(max_size * MEGABYTE),
            per_host=per_host,
            allow_local=allow_local,
        )
        return _work(names or [], limits, resume, cache, options)

    raise typer.Exit(guarded(work, "verify", names or [], options))


def _work(names: list[str], limits: Limits, resume: int | None, cache: str | None, options: dict[str, Any]) -> int:
    from datetime import UTC, datetime
    from pathlib import Path

    from accel_db.catalog.catalog import Catalog
    from accel_db.render.verified import verified
    from accel_db.verify.kept import Kept, default_folder
    from accel_db.verify.verify import Run, since, verify
    from accel_db.verify.wanted import tasks, unit_spellings

    with Catalog() as catalog:
        warn_if_stale(catalog.store)
        wanted, notes = tasks(catalog, names)
        units = unit_spellings(catalog)
    now = datetime.now(UTC)
    kept = Kept(Path(cache) if cache else default_folder())
    with progress(len(wanted), options.get("color", "auto")) as done:
        results = verify(wanted, Run(limits, kept, units, now, since(now, resume), done))
    answer = verified(results, notes)
    emit(answer, options)
    return answer.exit_code


@contextmanager
def progress(total: int, color: str) -> Iterator[Callable[[Result], None]]:
    """What to call when a source is done: it moves a bar on stderr, if that is a terminal, and else does nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, no_color=True if color == "never" else None)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        counter = bar.add_task("", total=total)
        yield lambda result: bar.update(counter, advance=1, description=f"{result.state}: {result.task.key}")
