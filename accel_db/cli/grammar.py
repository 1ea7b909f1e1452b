"""The command line of the reading commands, as data: what the fast door may recognise and completion may offer.

Typer declares the same options in app.py; a test holds the two together.
"""

from __future__ import annotations

FLAG, VALUE, NUMBER, LIST = "flag", "value", "number", "list"
"""How an option takes its value: none, one text, one whole number, texts separated by commas (and repeatable)."""

COMMON = {
    "--format": ("form", VALUE),
    "--json": ("json", FLAG),
    "--color": ("color", VALUE),
    "--sources": ("sources", FLAG),
}

COMMANDS = {
    "show": {"--all": ("everything", FLAG)},
    "list": {
        "--vendor": ("vendor", VALUE),
        "--country": ("country", VALUE),
        "--kind": ("kind", VALUE),
        "--columns": ("columns", LIST),
        "--sort": ("sort", VALUE),
        "--desc": ("desc", FLAG),
        "--limit": ("limit", NUMBER),
        "--page": ("page", NUMBER),
        "--where": ("where", VALUE),
    },
    "systems": {
        "--vendor": ("vendor", VALUE),
        "--country": ("country", VALUE),
        "--columns": ("columns", LIST),
        "--sort": ("sort", VALUE),
        "--desc": ("desc", FLAG),
        "--limit": ("limit", NUMBER),
        "--page": ("page", NUMBER),
        "--where": ("where", VALUE),
    },
    "why": {},
    "compare": {
        "--to": ("to", VALUE),
        "--metrics": ("metrics", LIST),
        "--group": ("group", VALUE),
        "--only-common": ("only_common", FLAG),
        "--per": ("per", VALUE),
        "--strict": ("strict", FLAG),
    },
    "rank": {
        "--where": ("where", VALUE),
        "--systems": ("systems", FLAG),
        "--desc": ("desc", FLAG),
        "--limit": ("limit", NUMBER),
    },
    "sql": {"--seconds": ("seconds", NUMBER)},
    "claims": {"--metric": ("metric", VALUE)},
    "sources": {},
    "resolve": {},
    "metrics": {"--group": ("group", VALUE)},
}
"""Reading commands: their own options, besides `COMMON`."""

FEWEST_NAMES = {
    "show": 1,
    "list": 0,
    "systems": 0,
    "why": 2,
    "compare": 1,
    "claims": 1,
    "sources": 0,
    "resolve": 1,
    "metrics": 0,
    "rank": 1,
    "sql": 0,
}
MOST_NAMES = {"metrics": 0, "rank": 1, "sql": 1}
NAMELESS = tuple(MOST_NAMES)
"""Commands whose arguments are no names."""

OTHERS = (
    "find",
    "reconcile",
    "coverage",
    "controls",
    "timeline",
    "audit",
    "export",
    "verify",
    "changes",
    "check",
    "build",
    "diff",
    "new",
)
"""Commands that go through Typer alone."""

CHOICES = {
    "--format": ("table", "json", "jsonl", "csv", "tsv", "md"),
    "--color": ("auto", "always", "never"),
    "--per": ("chip", "W", "rack"),
}
USUAL = ("table", "auto")
"""Values of --format and --color that go without saying."""


def options_of(command: str) -> dict[str, tuple[str, str]]:
    """Every option of a reading command: name to (key, how it takes its value)."""
    return {**COMMON, **COMMANDS[command]}


def recognise(argv: list[str]) -> tuple[str, list[str], dict[str, object]] | None:
    """(command, names, options) of a command line that is fully understood, else None.

    ``--option value``, ``--option=value`` and ``--`` are understood; help and anything unknown are not.
    """
    if not argv or argv[0] not in COMMANDS:
        return None
    command = argv[0]
    options = options_of(command)
    names: list[str] = []
    given: dict[str, object] = {}
    rest = iter(argv[1:])
    for word in rest:
        if word == "--":
            names += rest
            break
        if not word.startswith("-") or word == "-":
            names.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in options:
            return None
        key, how = options[name]
        if how == FLAG:
            if equals:
                return None
            given[key] = True
            continue
        text = value if equals else next(rest, None)
        if text is None or (not equals and text.startswith("-") and text != "-"):
            return None
        if how == NUMBER:
            if not text.isascii() or not text.isdigit() or int(text) < 1:
                return None
            given[key] = int(text)
        elif how == LIST:
            before = given.get(key, [])
            given[key] = [*(before if isinstance(before, list) else []), *(part for part in text.split(",") if part)]
        else:
            given[key] = text
        if name in CHOICES and given[key] not in CHOICES[name]:
            return None
    if not FEWEST_NAMES[command] <= len(names) <= MOST_NAMES.get(command, len(names)):
        return None
    return command, names, given
