"""The options that commands share, for Typer, and how they reach the rooms behind: only what was set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from accel_db.cli.grammar import CHOICES, USUAL

if TYPE_CHECKING:
    from collections.abc import Sequence

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

Page = Annotated[
    int | None, typer.Option("--page", min=1, help="Rows a hundred at a time; a terminal starts with the first page.")
]


def common(form: str, as_json: bool, color: str, sources: bool = False) -> dict[str, Any]:
    """The common options, as the fast door gives them: only what was set. Raises Typer's error for a wrong choice."""
    chosen("--format", form)
    chosen("--color", color)
    given = {"form": form, "json": as_json, "color": color, "sources": sources}
    return {key: value for key, value in given.items() if value and value not in USUAL}


def chosen(option: str, value: str | None, choices: Sequence[str] = ()) -> None:
    """Refuse a value that is none of an option's choices."""
    allowed = choices or CHOICES[option]
    if value is not None and value not in allowed:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(allowed)}", param_hint=option)


def some(**given: object) -> dict[str, Any]:
    """What was given of a command's own options."""
    return {key: value for key, value in given.items() if value not in (None, False, [])}


def split(values: list[str] | None) -> list[str]:
    """Texts separated by commas, given once or several times."""
    return [part for value in values or [] for part in value.split(",") if part]


def example(*lines: str) -> str:
    """The epilogue of a command's help."""
    return "Example: " + "   ".join(lines)
