"""A cheap mark of a spec tree: how many files, and when the newest changed. Readers compare it to notice a stale build."""

from __future__ import annotations

import os


def stamp(specs: str) -> str:
    """Count and newest change of the TOML files below a folder, as one short text."""
    count, newest = 0, 0
    todo = [specs]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".toml"):
                    count += 1
                    try:
                        newest = max(newest, entry.stat().st_mtime_ns)
                    except OSError:  # a link to nowhere, as an editor leaves while a file is open
                        continue
                elif entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
    return f"{count} {newest}"
