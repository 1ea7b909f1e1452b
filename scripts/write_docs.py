"""Writes what is generated: docs/schema.md from a built database's own comments, specs/schema.json from the models, and the output
below every ``$ accel …`` line of a console block in README.md, docs/essay.md and docs/export-control.md.

Run: python scripts/write_docs.py. Tests compare the committed files with what this would write.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def spec_schema() -> str:
    """The JSON Schema of spec files, one definition a kind of file."""
    from pydantic.json_schema import models_json_schema

    from accel_db.curate import models, rule_models

    rules = (rule_models.Rule, rule_models.Events, rule_models.Definitions)
    files = (*models.KINDS.values(), models.Source, models.Vendor, models.Waiver, *rules)
    kinds = [(model, "validation") for model in files]
    _, schema = models_json_schema(
        kinds, title="Spec files of accel-db", description="A file under specs/<folder>/ is one of these definitions."
    )
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def database_schema(database: Path) -> str:
    """The tables and views of a built database, from its own comments."""
    import duckdb

    from accel_db.render.tables import SCHEMA_QUERY

    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(SCHEMA_QUERY).fetchall()
    lines = [
        "# The tables of the database",
        "",
        "Generated from the comments that the DuckDB file itself carries (`accel sql` prints them too); values are in canonical units.",
        "The file is `accel_db/data/<digest>/accel.duckdb`, readable by DuckDB 1.4 and later. Published columns keep their names and meaning within one schema number.",
    ]
    table = None
    for name, column, kind, meaning, table_meaning, what in rows:
        if name != table:
            table = name
            lines += [
                "",
                f"## {name} ({what})",
                "",
                table_meaning,
                "",
                "| column | type | meaning |",
                "| --- | --- | --- |",
            ]
        lines.append(f"| `{column}` | {kind} | {meaning} |")
    return "\n".join(lines) + "\n"


def checks_page() -> str:
    """Every check with its scope and what it demands."""
    from accel_db.curate.checks import CHECKS
    from accel_db.derive.arithmetic import RULES

    lines = [
        "# The checks",
        "",
        "Generated from the checks themselves; `accel check --list` prints them too. A problem names file, line, text and cure. A check is waived in one place,",
        "with its reason, in `specs/waivers.toml`; a waiver that no longer waives anything is an error.",
        "",
        "## Of files and claims",
        "",
        "| check | looks at | demands |",
        "| --- | --- | --- |",
        *(f"| `{one.name}` | {one.scope} | {one.says} |" for one in CHECKS.values()),
        "",
        "`toml`, `form`, `file-name`, `duplicate-id`, `unknown-metric`, `unknown-unit`, `wrong-dimension`, `missing-basis`, `unreadable-figure`, `ruling`,",
        "`needless-ruling` and `needless-waiver` come from reading, parsing and judging; they cannot be listed one function each.",
        "",
        "## Of arithmetic between claims",
        "",
        "Computed from leading plain figures only. What contradicts within one maker's own words is a note on the card (`≠`), not a problem; what a ruling has settled is neither.",
        "",
        "| check | of | demands |",
        "| --- | --- | --- |",
        *(f"| `{one.name}` | {' and '.join(one.kinds)} | {one.says} |" for one in RULES.values()),
    ]
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    """The help of every command."""
    env = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "_ACCEL_COMPLETE")}
    env |= {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "TERMINAL_WIDTH": "100"}

    def told(*argv: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "accel_db", *argv, "--help"],
            env=env,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
        return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())

    from accel_db.cli.app import app

    names = sorted(str(one.name or one.callback.__name__) for one in app.registered_commands if one.callback)
    parts = ["# The command line", "", "Generated from `--help`.", "", "```text", told(), "```"]
    for name in names:
        parts += ["", f"## accel {name}", "", "```text", told(name), "```"]
    return "\n".join(parts) + "\n"


def coverage_page(data: Path) -> str:
    """What is known, second-hand, disputed or unknown, as the built data has it."""
    from accel_db.catalog.catalog import Catalog
    from accel_db.render.coverage import coverage_page as page

    with Catalog(str(data)) as catalog:
        return page(catalog)


def built_database(folder: Path) -> Path:
    """Build the project's specs into a folder; the path of the DuckDB file."""
    from accel_db.build.builder import build

    return build(ROOT / "specs", folder)[0] / "accel.duckdb"


TRANSCRIPTS = ("README.md", "docs/essay.md", "docs/export-control.md")
CONSOLE = re.compile(r"(```console\n)(.*?)(```)", re.S)


def transcript(text: str, data: Path) -> str:
    """A document with the output of every command of its console blocks as it is now. Commands may use pipes."""
    return CONSOLE.sub(
        lambda block: (
            block[1] + "\n".join(_run(line, data) for line in block[2].splitlines() if line.startswith("$ ")) + block[3]
        ),
        text,
    )


def _run(line: str, data: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        accel = Path(folder) / "accel"
        accel.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m accel_db "$@"\n')
        accel.chmod(0o755)
        kept = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS")}
        env = {**kept, "PATH": f"{folder}:{kept['PATH']}", "PYTHONPATH": str(ROOT), "ACCEL_DB_DATA": str(data)}
        done = subprocess.run(["sh", "-c", line[2:]], env=env, stdout=subprocess.PIPE, check=False, encoding="utf-8")
    return f"{line}\n{done.stdout}"


def main() -> None:
    """Write them all."""
    (ROOT / "specs" / "schema.json").write_text(spec_schema(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (ROOT / "docs" / "schema.md").write_text(database_schema(built_database(data)), encoding="utf-8")
        (ROOT / "docs" / "checks.md").write_text(checks_page(), encoding="utf-8")
        (ROOT / "docs" / "cli.md").write_text(cli_page(), encoding="utf-8")
        (ROOT / "docs" / "coverage.md").write_text(coverage_page(data), encoding="utf-8")
        for name in TRANSCRIPTS:
            path = ROOT / name
            if path.is_file():
                path.write_text(transcript(path.read_text(encoding="utf-8"), data), encoding="utf-8")


if __name__ == "__main__":
    main()
