"""Runs one reading command and writes its answer: both doors end here. stdout is data, stderr is talk; errors become exit codes."""

from __future__ import annotations

import os
import sys

from accel_db.words.errors import AccelError, UsageError
from accel_db.words.hidden import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TextIO

    from accel_db.catalog.sandbox import Watch
    from accel_db.catalog.store import Store
    from accel_db.render.answer import Answer


DEBUG = "ACCEL_DB_DEBUG"
"""Environment variable that lets a fault of the program show where it is."""


def run(command: str, names: list[str], options: dict[str, Any]) -> int:
    """Answer a reading command; returns the exit code."""
    if command == "sql" and names:
        return guarded(lambda: _watched_sql(names, options), command, names, options)
    return guarded(lambda: _answer(command, names, options), command, names, options)


def guarded(
    work: Callable[[], int], command: str = "", names: list[str] | None = None, options: dict[str, Any] | None = None
) -> int:
    """Do some work; a mistake of the user's becomes a message and an exit code, never a traceback."""
    options = options or {}
    try:
        return work()
    except AccelError as error:
        report(error, json_wanted(options), retry_line(error, command, names or [], options))
        return error.exit_code
    except BrokenPipeError:
        # The reader has what it wanted. Give stdout somewhere to go, so that the interpreter does not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        report(AccelError(f"cannot write the answer: {error.strerror or error}"), json_wanted(options), None)
        return 4
    except Exception as error:
        if "interrupted" in str(error).lower():  # how DuckDB passes a Ctrl-C on
            return 130
        if DEBUG in os.environ:
            raise
        message = f"a fault of the program, {type(error).__name__}: {error}; please report it, with what {DEBUG}=1 adds"
        report(AccelError(message), json_wanted(options), None)
        return 4


def json_wanted(options: dict[str, Any]) -> bool:
    """Whether answers, and so errors, are to be JSON."""
    return bool(options.get("json")) or options.get("form") in ("json", "jsonl")


def _answer(command: str, names: list[str], options: dict[str, Any]) -> int:
    store = opened()
    emit(_ask(store, command, names, options), options)
    return 0


def opened() -> Store:
    """The built data; a stale build is said so."""
    from accel_db.catalog.store import Store

    store = Store()
    warn_if_stale(store)
    return store


def warn_if_stale(store: Store) -> None:
    """A stale build is said so."""
    stale = store.stale()
    if stale:
        say(stale)


def _ask(store: Store, command: str, names: list[str], options: dict[str, Any]) -> Answer:
    """The answer of a reading command."""
    if command == "sql":
        return _schema(store)
    names = names_given(names)
    given = {key: value for key, value in options.items() if key not in ("form", "json", "color")}
    if command == "show":
        from accel_db.render.show import show

        return show(store, names, **given)
    if command == "compare":
        from accel_db.render.compare import compare_view

        return compare_view(store, names, **given)
    if command == "why":
        from accel_db.render.why import why

        if len(names) < 2:
            raise UsageError("why needs a name and a metric, such as: accel why h20-96gb half")
        return why(store, names[:-1], names[-1], **given)
    given.pop("sources", None)
    if command == "rank":
        return _rank(store, names[0], given)
    if command in ("list", "systems"):
        from accel_db.render.listing import listing, systems

        condition = given.pop("where", None)
        if _shows_table(options):
            given.setdefault("page", 1)
        if condition is not None:
            given["keep"], notes = _matching(store, condition, command)
            for note in notes:
                say(note)
        return (listing if command == "list" else systems)(store, names, **given)
    from accel_db.render import lookups

    if command == "claims":
        return lookups.claims(store, names, **given)
    if command == "sources":
        return lookups.sources(store, names)
    if command == "metrics":
        return lookups.metrics(store, **given)
    return lookups.resolve(store, names)


def _shows_table(options: dict[str, Any]) -> bool:
    """Whether people read the answer on a terminal, where a page is enough at a time."""
    return not json_wanted(options) and "form" not in options and sys.stdout is not None and sys.stdout.isatty()


def _rank(store: Store, text: str, given: dict[str, Any]) -> Answer:
    from accel_db.catalog.catalog import Catalog
    from accel_db.catalog.query import rank
    from accel_db.render.tables import ranking

    # Not closed: it is read-only, and the process ends with the answer.
    return ranking(rank(Catalog(store.data, threads=1), text, **given), store.marks())


def _schema(store: Store) -> Answer:
    from accel_db.catalog.catalog import Catalog
    from accel_db.render import tables

    columns, rows = Catalog(store.data, threads=1).ask(tables.SCHEMA_QUERY)
    return tables.schema([dict(zip(columns, row, strict=True)) for row in rows])


def _watched_sql(queries: list[str], options: dict[str, Any]) -> int:
    """Answer a query in a process that is bounded in memory and watched by this one."""
    from accel_db.catalog.sandbox import SECONDS, checked, watched

    query = standard_input() if queries == ["-"] else queries[0]
    seconds = checked(options.get("seconds", SECONDS))
    if not hasattr(os, "fork"):
        return _sql_by_catalog(query, seconds, options)
    return watched(lambda watch: guarded(lambda: _sql(query, options, watch), options=options), seconds)


def _sql(query: str, options: dict[str, Any], watch: Watch) -> int:
    from accel_db.catalog.database import Database, too_big
    from accel_db.catalog.sandbox import MOST_ROWS, confine
    from accel_db.render import tables

    database = Database(os.path.join(opened().folder, "accel.duckdb"), threads=1)
    confine()
    watch.ready()
    try:
        text = formatted(tables.result(*database.ask(query, most=MOST_ROWS)), options)
    except MemoryError:
        raise too_big() from None
    watch.answered()
    put(text)
    return 0


def _sql_by_catalog(query: str, seconds: float, options: dict[str, Any]) -> int:
    """Where nothing can be forked: as from Python."""
    from accel_db.catalog.catalog import Catalog
    from accel_db.render import tables

    with Catalog(opened().data, threads=1) as catalog:
        emit(tables.result(*catalog.table(query, seconds=seconds)), options)
    return 0


def names_given(names: list[str]) -> list[str]:
    """The names; of a lone '-', those on standard input. Raises `UsageError` when there are none."""
    if names != ["-"]:
        return names
    found = [line.strip() for line in standard_input().splitlines() if line.strip()]
    if not found:
        raise UsageError("no names on standard input")
    return found


def standard_input() -> str:
    """All of standard input. Raises `UsageError` when it is closed."""
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    return sys.stdin.buffer.read().decode("utf-8-sig", "replace")


def _matching(store: Store, condition: str, command: str) -> tuple[set[str], list[str]]:
    from accel_db.catalog.catalog import Catalog
    from accel_db.catalog.query import matching

    tables = ["system"] if command == "systems" else ["accelerator", "system"]
    return matching(Catalog(store.data, threads=1), condition, tables)


def emit(answer: Answer, options: dict[str, Any]) -> None:
    """Write an answer to stdout in the format asked for, and its notes to stderr."""
    put(formatted(answer, options), answer.notes)


def formatted(answer: Answer, options: dict[str, Any]) -> str:
    """The text of an answer in the format asked for, as wide and as coloured as stdout is."""
    from accel_db.render.formats import write

    out = sys.stdout
    on_terminal = out is not None and out.isatty()
    return write(
        answer,
        "json" if options.get("json") else options.get("form") or "table",
        color=wants_color(options.get("color"), on_terminal),
        columns=_columns(out) if on_terminal else None,
    )


def put(text: str, notes: Sequence[str] = ()) -> None:
    """Write a text to stdout, after notes to stderr."""
    for note in notes:
        say(note)
    out = sys.stdout
    if out is None:
        raise AccelError("standard output is closed")
    out.flush()
    out.buffer.write(text.encode("utf-8", "replace"))
    out.buffer.flush()


def wants_color(option: str | None, on_terminal: bool) -> bool:
    """--color decides; else NO_COLOR, FORCE_COLOR, and whether a terminal that knows colours is there."""
    if option in ("always", "never"):
        return option == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return on_terminal and os.environ.get("TERM", "") not in ("", "dumb")


def _columns(out: TextIO) -> int | None:
    if os.environ.get("COLUMNS", "").isdigit():
        return int(os.environ["COLUMNS"]) or None
    try:
        return os.get_terminal_size(out.fileno()).columns or None
    except OSError:
        return None


def say(text: str) -> None:
    """A line of talk on stderr."""
    if sys.stderr is not None:
        sys.stderr.write("accel: " + visible(text, "\n") + "\n")


def report(error: AccelError, as_json: bool, retry: str | None) -> None:
    """An error on stderr: a sentence or JSON, with a corrected line where there is one."""
    if not as_json:
        lines = error.message.split("\n")
        say("\n       ".join(lines))
        if retry:
            say(f"try: {retry}")
        return
    import json

    from accel_db import SCHEMA, __version__

    facts = {key: value for key, value in error.facts.items() if key != "problems" and not key.endswith("_")}
    document = {
        "edition": __version__,
        "schema": SCHEMA,
        "error": {"code": error.code, "exit_code": error.exit_code, "message": error.message, **facts},
    }
    if retry:
        document["error"]["try"] = retry  # type: ignore[index]
    if sys.stderr is not None:
        sys.stderr.write(visible(json.dumps(document, ensure_ascii=False, default=str)) + "\n")


def retry_line(error: AccelError, command: str, names: list[str], options: dict[str, Any]) -> str | None:
    """One corrected command line, where the error knows better names."""
    better = error.facts.get("try_")
    if not better or not command:
        return None
    if sum(map(len, map(str, [*names, *options.values()]))) > LONGEST_LINE:
        return None
    options = {**options, **error.facts.get("options_", {})}
    tail = names[-1:] if command == "why" and len(names) > 1 else []
    return " ".join(["accel", command, *map(_quoted, [*better, *tail]), *_option_words(command, options)])


LONGEST_LINE = 400
"""Nobody pastes a longer line."""


def _option_words(command: str, options: dict[str, Any]) -> list[str]:
    from accel_db.cli.grammar import COMMANDS, USUAL, options_of

    if command not in COMMANDS:
        return []
    words = []
    for name, (key, _) in options_of(command).items():
        value = options.get(key)
        if value in USUAL:
            continue
        if value is True:
            words.append(name)
        elif value:
            words += [name, _quoted(",".join(value) if isinstance(value, list) else str(value))]
    return words


def _quoted(word: str) -> str:
    safe = all(char.isalnum() or char in "-_./,=+:@" for char in word)
    return word if safe and word else "'" + word.replace("'", "'\\''") + "'"
