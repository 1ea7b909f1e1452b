"""Answers a shell's completion request for the usual commands without loading Typer. The scripts are Typer's own."""

from __future__ import annotations

import os
import sys

from accel_db.cli.grammar import CHOICES, COMMANDS, FLAG, NAMELESS, OTHERS, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from accel_db.catalog.store import Store

VARIABLE = "_ACCEL_COMPLETE"
SHELLS = ("complete_bash", "complete_zsh", "complete_fish")


def complete() -> int | None:
    """Answer the request in the environment; None where Typer has to."""
    shell = os.environ.get(VARIABLE, "")
    if shell not in SHELLS:
        return None
    words, incomplete = _request(shell)
    if len(words) > 0 and words[0] in OTHERS:
        return None
    found = _offers(words, incomplete)
    if shell == "complete_fish" and os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return 0 if found else 1
    if shell == "complete_zsh":
        listed = "\n".join(f'"{word}"' for word in (one.replace('"', '""').replace(":", r"\\:") for one in found))
        text = f"_arguments '*: :(({listed}))'" if found else "_files"
    else:
        text = "\n".join(found)
    sys.stdout.buffer.write(text.encode() + b"\n")
    return 0


def _request(shell: str) -> tuple[list[str], str]:
    """The words before the one being completed, without the program's name, and the beginning of that one."""
    if shell == "complete_bash":
        words = os.environ.get("COMP_WORDS", "").split()
        at = os.environ.get("COMP_CWORD", "")
        place = int(at) if at.isdigit() else len(words)
        return words[1:place], words[place] if place < len(words) else ""
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = line.split()[1:]
    if words and not line.endswith(" "):
        return words[:-1], words[-1]
    return words, ""


def _offers(words: list[str], incomplete: str) -> list[str]:
    if not words:
        return [name for name in (*COMMANDS, *OTHERS) if name.startswith(incomplete)]
    command = words[0]
    if command not in COMMANDS:
        return []
    options = options_of(command)
    if words[-1] in options and options[words[-1]][1] != FLAG:
        return _values(words[-1], incomplete)
    if incomplete.startswith("-"):
        return [name for name in options if name.startswith(incomplete)]
    if command in NAMELESS:
        return []
    from accel_db.catalog.store import Store

    store = Store()
    found = _names(store, incomplete)
    if command == "why" and len(words) > 1:
        found += [row["name"] for row in store.rows("metrics") if row["name"].startswith(incomplete)]
    return found


def _values(option: str, incomplete: str) -> list[str]:
    if option in CHOICES:
        return [value for value in CHOICES[option] if value.startswith(incomplete)]
    if option in ("--metrics", "--metric", "--sort", "--columns"):
        from accel_db.catalog.store import Store

        return [row["name"] for row in Store().rows("metrics") if row["name"].startswith(incomplete)]
    return []


def _names(store: Store, incomplete: str) -> list[str]:
    """Ids and aliases that begin so; ids without their vendor unless a vendor was typed."""
    low = incomplete.lower()
    found = {
        name
        for _, _, subject, name in store.names()
        if name.lower().startswith(low) and " " not in name and ("/" in name) == ("/" in incomplete)
    }
    return sorted(found)
