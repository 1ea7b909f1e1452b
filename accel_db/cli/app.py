"""The Typer door: the same commands with help, plus those that need DuckDB or the spec files. Thin: every command calls the rooms."""

from __future__ import annotations

import itertools
import sys
from typing import Annotated

import typer

from accel_db import SCHEMA, __version__
from accel_db.cli.audit_command import register as register_audit
from accel_db.cli.coverage_command import register as register_coverage
from accel_db.cli.find_command import register as register_find
from accel_db.cli.reconcile_command import register as register_reconcile
from accel_db.cli.run import emit, guarded, report, run
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

Names = Annotated[
    list[str],
    typer.Argument(
        help="Ids, names or aliases; case, spaces and hyphens do not count. '-' reads them from standard input."
    ),
]
SomeNames = Annotated[list[str] | None, typer.Argument(help="Ids, names or aliases.")]
Form = Annotated[str, typer.Option("--format", help="table, json, jsonl, csv, tsv or md.")]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Color = Annotated[str, typer.Option("--color", help="auto, always or never; wins over NO_COLOR and FORCE_COLOR.")]
Sources = Annotated[bool, typer.Option("--sources", help="Titles and addresses under the footnotes.")]
FORMS = ("table", "json", "jsonl", "csv", "tsv", "md")


def _common(form: str, as_json: bool, color: str, sources: bool = False) -> dict[str, object]:
    """The common options, as the fast door gives them: only what was set."""
    for name, value, choices in (("--format", form, FORMS), ("--color", color, ("auto", "always", "never"))):
        if value not in choices:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(choices)}", param_hint=name)
    return {
        key: value
        for key, value in (("form", form), ("json", as_json), ("color", color), ("sources", sources))
        if value and value not in ("table", "auto")
    }


def _some(**given: object) -> dict[str, object]:
    return {key: value for key, value in given.items() if value not in (None, False, [])}


def _split(values: list[str] | None) -> list[str]:
    return [part for value in values or [] for part in value.split(",") if part]


def _example(*lines: str) -> str:
    return "Example: " + "   ".join(lines)


@app.command(epilog=_example("accel show h20-96gb --sources"))
def show(
    names: Names,
    everything: Annotated[bool, typer.Option("--all", help="Lower-ranked and deprecated claims too.")] = False,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Everything known of each subject, in groups, with marks and sources."""
    raise typer.Exit(run("show", names, _common(form, as_json, color, sources) | _some(everything=everything)))


@app.command(
    "list", epilog=_example("accel list --where 'memory >= 96 GB and country = \"CN\"' --sort bandwidth --desc")
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
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Rows at most.")] = None,
    where: Annotated[
        str | None, typer.Option("--where", help="A condition with units, such as 'memory >= 96 GB'.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Accelerators and systems with their headline figures."""
    options = _some(
        vendor=vendor,
        country=country,
        kind=kind,
        columns=_split(columns),
        sort=sort,
        desc=desc,
        limit=limit,
        where=where,
    )
    raise typer.Exit(run("list", names or [], _common(form, as_json, color, sources) | options))


@app.command(epilog=_example("accel why 910c half"))
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
    raise typer.Exit(run("why", names, _common(form, as_json, color, sources)))


@app.command(epilog=_example("accel compare h20 ascend-910c h100-sxm5"))
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
    if per not in (None, "chip", "W", "rack"):
        raise typer.BadParameter(f"{per!r} is not one of chip, W, rack", param_hint="--per")
    options = _some(to=to, metrics=_split(metrics), group=group, only_common=only_common, per=per, strict=strict)
    raise typer.Exit(run("compare", names, _common(form, as_json, color, sources) | options))


@app.command(epilog=_example("accel claims cloudmatrix-384 --format csv"))
def claims(
    names: Names,
    metric: Annotated[str | None, typer.Option("--metric", help="One headline, metric or prefix.")] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Every claim on each subject, with all published columns."""
    raise typer.Exit(run("claims", names, _common(form, as_json, color, sources) | _some(metric=metric)))


@app.command(epilog=_example("accel sources ascend-910c"))
def sources(
    names: SomeNames = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """The documents behind some subjects, or all of them."""
    raise typer.Exit(run("sources", names or [], _common(form, as_json, color, sources)))


@app.command(epilog=_example("accel resolve 'NVIDIA H100 80GB HBM3'", "accel resolve - < names.txt"))
def resolve(
    names: Names, form: Form = "table", as_json: Json = False, color: Color = "auto", sources: Sources = False
) -> None:
    """One id a line for exact names; exit 3 with candidates for anything else."""
    raise typer.Exit(run("resolve", names, _common(form, as_json, color, sources)))


@app.command(epilog=_example("accel metrics --group Memory"))
def metrics(
    group: Annotated[str | None, typer.Option("--group", help="One group only.")] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """The vocabulary: what can be asked for, in which unit, and what it means."""
    raise typer.Exit(run("metrics", [], _common(form, as_json, color, sources) | _some(group=group)))


@app.command(
    epilog=_example(
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
    options = _some(where=where, systems=systems, desc=desc, limit=limit)
    raise typer.Exit(run("rank", [expression], _common(form, as_json, color, sources) | options))


@app.command(epilog=_example('accel sql "select id, half_tflops, power_w from accelerators order by id"'))
def sql(
    query: Annotated[
        str | None, typer.Argument(help="A query; without one, the schema. '-' reads it from standard input.")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
    color: Color = "auto",
    sources: Sources = False,
) -> None:
    """Ask the DuckDB file, read-only; alone it prints tables, views and columns with their meaning."""
    raise typer.Exit(run("sql", [] if query is None else [query], _common(form, as_json, color, sources)))


@app.command(epilog=_example("accel check", "accel check accelerators/nvidia"))
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
    options = _common(form, as_json, color)

    def work() -> int:
        from accel_db.cli import editors

        answer = editors.checks() if show_list else editors.check(specs, paths or [])
        emit(answer, options)
        return answer.exit_code

    raise typer.Exit(guarded(work, "check", [], options))


@app.command(epilog=_example("accel build", "accel build --specs DIR --data DIR"))
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
register_audit(app)
register_verify(app)


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
