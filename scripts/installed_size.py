"""Measures what a plain install of accel-db takes on disk, package by package, and refuses more than a limit in megabytes.

Run in a fresh environment after ``pip install accel-db``: python scripts/installed_size.py 130. What an environment has before, pip and its
like, does not count.
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

BEFORE = {"pip", "setuptools", "wheel"}
MEGABYTE = 1_000_000


def size(distribution: Distribution) -> int:
    """Bytes on disk of the files that a distribution installed and of what Python compiled of them."""
    paths = {Path(str(distribution.locate_file(file))) for file in distribution.files or []}
    return sum(path.stat().st_size for path in paths if path.is_file())


def main() -> None:
    """Print the sizes, largest first, and exit with 1 beyond the limit."""
    sizes = {one.name: size(one) for one in distributions() if one.name not in BEFORE}
    for name, taken in sorted(sizes.items(), key=lambda item: -item[1]):
        sys.stdout.write(f"{taken / MEGABYTE:8.1f} MB  {name}\n")
    total, limit = sum(sizes.values()) / MEGABYTE, float(sys.argv[1])
    sys.stdout.write(f"{total:8.1f} MB  in all; the limit is {limit:g}\n")
    sys.exit(total > limit)


if __name__ == "__main__":
    main()
