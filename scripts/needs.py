"""Lists the packages that accel-db needs to build and to run, with the extras named, without any bounds: for the weekly run against newest releases.

Run: python scripts/needs.py test spark
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def needs(project: Path, extras: list[str]) -> list[str]:
    """Names of packages, with the extras of their own that we ask for; our own extras are followed."""
    told = tomllib.loads(project.read_text(encoding="utf-8"))
    optional = told["project"]["optional-dependencies"]
    found = [*told["build-system"]["requires"], *told["project"]["dependencies"]]
    waiting = list(extras)
    while waiting:
        for line in optional[waiting.pop()]:
            own = re.fullmatch(r"accel-db\[(.*)\]", line)
            if own:
                waiting += own[1].split(",")
            else:
                found.append(line)
    return sorted({re.split(r"[<>=!~; ]", line)[0] for line in found})


if __name__ == "__main__":
    sys.stdout.write("\n".join(needs(PROJECT, sys.argv[1:])) + "\n")
