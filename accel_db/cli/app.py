"""The Typer door: the same commands with help, plus those that need DuckDB or the spec files. Thin: every command calls the rooms."""

from __future__ import annotations

import itertools
import sys
from typing import Annotated

import typer

from accel_db import SCHEMA, __version__
from accel_db.cli.audit_command import register as register_audit
from accel_db.cli.changes_command import register as register_changes
from accel_db.cli.controls_command import register as register_controls
from accel_db.cli.coverage_command import register as register_coverage
from accel_db.cli.diff_command import register as register_diff
from accel_db.cli.export_command import register as register_export
from accel_db.cli.find_command import register as register_find
from accel_db.cli.new_command import register as register_new
from accel_db.cli.options import (
    Color,
    Form,
    Json,
    Names,
    Page,
    SomeNames,
    Sources,
    chosen,
    common,
    example,
    some,
    split,
)
from accel_db.cli.reconcile_command import register as register_reconcile
from accel_db.cli.run import emit, guarded, report, run
from accel_db.cli.timeline_command import register as register_timeline
from accel_db.cli.verify_command import register as register_verify
from accel_db.words.errors import AccelError, UsageError

EPILOG = (
    "Exit codes: 0 answered; 1 the answer is no (nothing matched, a check failed, a build refused its specs); "
    "2 usage, a comparison that makes no sense included; 3 unknown or ambiguous name; 4 fault in data or program."
)

app = typer.Typer(
    name="accel",
    help="Publicly documented AI accelerators and the systems built from them: every number with its source.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command(epilog=example("accel show h20-96gb --sources"))
def show(
    names: Names,
    everything: Annotated[bool, typer.Option("--all", help="Lower-ranked and deprecated claims too.")] = False,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Everything known of each subject, in groups, with marks and sources."""
    raise typer.Exit(run("show", names, common(form, as_json, color, sources) | some(everything=everything)))


@app.command(
    "list", epilog=example("accel list --where 'memory >= 96 GB and country = \"CN\"' --sort bandwidth --desc")
)
def list_(
    names: SomeNames = None,
    vendor: Annotated[str | None, typer.Option("--vendor", help="Vendor id or name.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Country code of the maker, such as CN.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="accelerator, system, family, or gpu, npu, tpu, rack, pod …")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--columns", help="Headlines to show, separated by commas.")
    ] = None,
    sort: Annotated[str | None, typer.Option("--sort", help="Column to sort by.")] = None,
    desc: Annotated[bool, typer.Option("--desc", help="Highest first.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Rows at most, or rows of a page.")] = None,
    page: Page = None,
    where: Annotated[
        str | None, typer.Option("--where", help="A condition with units, such as 'memory >= 96 GB'.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Accelerators and systems with their headline figures."""
    options = some(
        vendor=vendor,
        country=country,
        kind=kind,
        columns=split(columns),
        sort=sort,
        desc=desc,
        limit=limit,
        page=page,
        where=where,
    )
    raise typer.Exit(run("list", names or [], common(form, as_json, color, sources) | options))


@app.command(epilog=example("accel systems", "accel systems ascend-910c"))
def systems(
    names: Annotated[
        list[str] | None, typer.Argument(help="Systems, or accelerators whose systems are meant; all without.")
    ] = None,
    vendor: Annotated[str | None, typer.Option("--vendor", help="Vendor id or name.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Country code of the maker, such as CN.")] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--columns", help="Headlines to show, separated by commas.")
    ] = None,
    sort: Annotated[str | None, typer.Option("--sort", help="Column to sort by.")] = None,
    desc: Annotated[bool, typer.Option("--desc", help="Highest first.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Rows at most, or rows of a page.")] = None,
    page: Page = None,
    where: Annotated[
        str | None, typer.Option("--where", help="A condition with units, such as 'memory >= 10 TB'.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Superchips, nodes, racks and pods: what they are built from, and their totals."""
    options = some(
        vendor=vendor,
        country=country,
        columns=split(columns),
        sort=sort,
        desc=desc,
        limit=limit,
        page=page,
        where=where,
    )
    raise typer.Exit(run("systems", names or [], common(form, as_json, color, sources) | options))


@app.command(epilog=example("accel why 910c half"))
def why(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME... METRIC", help="Subjects, then one headline or metric.")
    ],
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """All claims behind one answer, in rank order: verdict, reason, derivation, and what systems' totals say."""
    raise typer.Exit(run("why", names, common(form, as_json, color, sources)))


@app.command(epilog=example("accel compare h20 ascend-910c h100-sxm5"))
def compare(
    names: Names,
    to: Annotated[str | None, typer.Option("--to", help="Ratios to this one instead of the first.")] = None,
    metrics: Annotated[
        list[str] | None, typer.Option("--metrics", help="Headlines or metrics, separated by commas.")
    ] = None,
    group: Annotated[str | None, typer.Option("--group", help="A group of metrics, such as Memory.")] = None,
    only_common: Annotated[bool, typer.Option("--only-common", help="Only rows that all can fill.")] = False,
    per: Annotated[str | None, typer.Option("--per", help="Divide by chip, W or rack.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse stand-ins and disputed values.")] = False,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Subjects side by side on the same bases, with ratios, marks and spreads."""
    chosen("--per", per)
    options = some(to=to, metrics=split(metrics), group=group, only_common=only_common, per=per, strict=strict)
    raise typer.Exit(run("compare", names, common(form, as_json, color, sources) | options))


@app.command(epilog=example("accel claims cloudmatrix-384 --format csv"))
def claims(
    names: Names,
    metric: Annotated[str | None, typer.Option("--metric", help="One headline, metric or prefix.")] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Every claim on each subject, with all published columns."""
    raise typer.Exit(run("claims", names, common(form, as_json, color, sources) | some(metric=metric)))


@app.command(epilog=example("accel sources ascend-910c"))
def sources(
    names: SomeNames = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """The documents behind some subjects, or all of them."""
    raise typer.Exit(run("sources", names or [], common(form, as_json, color, sources)))


@app.command(epilog=example("accel resolve 'NVIDIA H100 80GB HBM3'", "accel resolve - < names.txt"))
def resolve(
    names: Names, form: Form = "table", as_json: Json = False, color: Color = "auto", sources: Sources = False
) -> None:
    """One id a line for exact names; exit 3 with candidates for anything else."""
    raise typer.Exit(run("resolve", names, common(form, as_json, color, sources)))


@app.command(epilog=example("accel metrics --group Memory"))
def metrics(
    group: Annotated[str | None, typer.Option("--group", help="One group only.")] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """The vocabulary: what can be asked for, in which unit, and what it means."""
    raise typer.Exit(run("metrics", [], common(form, as_json, color, sources) | some(group=group)))


@app.command(
    epilog=example(
        "accel rank 'bandwidth / power.tdp' --where 'memory.capacity >= 96 GB and country = \"CN\"' --desc --limit 10"
    )
)
def rank(
    expression: Annotated[
        str, typer.Argument(help="An expression over headlines and metrics, such as 'bandwidth / power'.")
    ],
    where: Annotated[str | None, typer.Option("--where", help="A condition with units.")] = None,
    systems: Annotated[bool, typer.Option("--systems", help="Rank systems instead of accelerators.")] = False,
    desc: Annotated[bool, typer.Option("--desc", help="Highest first.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Rows at most.")] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Order accelerators by an expression; units are checked and reduced."""
    options = some(where=where, systems=systems, desc=desc, limit=limit)
    raise typer.Exit(run("rank", [expression], common(form, as_json, color, sources) | options))


@app.command(epilog=example('accel sql "select id, half_tflops, power_w from accelerators order by id"'))
def sql(
    query: Annotated[
        str | None, typer.Argument(help="A query; without one, the schema. '-' reads it from standard input.")
    ] = None,
    seconds: Annotated[
        int | None, typer.Option("--seconds", min=1, help="Seconds the query may take; 2 unless said otherwise.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Ask the DuckDB file, read-only, bounded in time and memory; alone it prints tables, views and columns with their meaning."""
    options = common(form, as_json, color, sources) | some(seconds=seconds)
    raise typer.Exit(run("sql", [] if query is None else [query], options))


@app.command(epilog=example("accel check", "accel check accelerators/nvidia"))
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Only problems in these files or folders; the whole tree is read all the same."),
    ] = None,
    specs: Annotated[str | None, typer.Option("--specs", help="The spec files; the checkout's own by default.")] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the checks and what each demands.")] = False,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
) -> None:
    """For editors: every problem in every spec file, in one run; exit 1 if there is any."""
    options = common(form, as_json, color)

    def work() -> int:
        from accel_db.cli import editors

        answer = editors.checks() if show_list else editors.check(specs, paths or [])
        emit(answer, options)
        return answer.exit_code

    raise typer.Exit(guarded(work, "check", [], options))


@app.command(epilog=example("accel build", "accel build --specs DIR --data DIR"))
def build(
    specs: Annotated[str | None, typer.Option("--specs", help="The spec files; the checkout's own by default.")] = None,
    data: Annotated[str | None, typer.Option("--data", help="Where to build; the checkout's own by default.")] = None,
) -> None:
    """For editors: build the database from the spec files; a tree with problems is refused and the old build stands."""

    def work() -> int:
        from accel_db.cli import editors

        return editors.build(specs, data)

    raise typer.Exit(guarded(work, "build"))


register_find(app)
register_reconcile(app)
register_coverage(app)
register_controls(app)
register_timeline(app)
register_audit(app)
register_export(app)
register_verify(app)
register_changes(app)
register_diff(app)
register_new(app)


def _version(asked: bool) -> None:
    if asked:
        if sys.stdout is None:
            raise AccelError("standard output is closed")
        sys.stdout.write(f"accel-db {__version__} (schema {SCHEMA})\n")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Edition and schema.")
    ] = False,
) -> None:
    """Publicly documented AI accelerators and the systems built from them: every number with its source."""


def serve(argv: list[str]) -> int:
    """Run Typer on a command line; its usage errors follow the house rules. Returns the exit code."""
    forms = {word.removeprefix("--format=") for word in argv if word.startswith("--format=")}
    forms |= {after for word, after in itertools.pairwise(argv) if word == "--format"}
    as_json = "--json" in argv or bool(forms & {"json", "jsonl"})

    def work() -> int:
        try:
            result = app(argv, prog_name="accel", standalone_mode=False)
            if sys.stdout is not None:
                sys.stdout.flush()
            return result if isinstance(result, int) else 0
        except Exception as error:
            shown = getattr(error, "format_message", None)
            if shown is None:
                if type(error).__name__ == "Abort":
                    return 130
                raise
            report(UsageError(shown() or "see accel --help"), as_json, None)
            return 2

    return guarded(work)
