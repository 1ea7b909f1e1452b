"""Size, side by side: the real catalogue and synthetic ones many times as large, checked, built and asked.

Run: python benchmarks/scale.py [--times 1 10 40] [--rounds 15]. Prints one table; asserts nothing. Forty takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from cold_start import ACCEL, ENVIRONMENT, PYTHON, TYPER, piped
from synthetic import make

BUILD = """
import json, sys, time
from pathlib import Path
specs, data = Path(sys.argv[1]), Path(sys.argv[2])
start = time.perf_counter()
from accel_db.build.builder import build, check
whole = check(specs)
checked = time.perf_counter() - start
start = time.perf_counter()
build(specs, data)
built = time.perf_counter() - start
print(json.dumps([whole.figures, whole.subjects, checked, built]))
"""
"""Check and build in a fresh interpreter: figures, subjects, and the seconds of both."""
WATCHED = 0.2
"""Seconds between two looks at how much memory a build has."""
QUESTIONS: list[tuple[str, list[str], str | None]] = [
    ("show h20-96gb", ["show", "h20-96gb"], None),
    ("resolve", ["resolve", "NVIDIA H100 80GB HBM3"], None),
    ("unknown name", ["show", "h20-96gbx"], None),
    ("list, one page", ["list", "--page", "1"], None),
    ("list --where", ["list", "--where", "memory >= 96 GB", "--page", "1"], "import duckdb, lark"),
    ("rank", ["rank", "bandwidth / power", "--limit", "20"], "import duckdb, lark"),
    ("sql", ["sql", "select count(*) from claim"], "import duckdb"),
]
FLOORS = ["import duckdb", "import duckdb, lark"]


def measure_build(specs: Path, data: Path) -> dict[str, float]:
    """One tree, checked and built in a process of its own, with the most memory that it and its children ever had together."""
    peak = 0.0
    with subprocess.Popen([PYTHON, "-c", BUILD, str(specs), str(data)], stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, sum(megabytes(one) for one in family(process.pid)))
            time.sleep(WATCHED)
        told = process.stdout.read() if process.stdout else ""
    figures, subjects, checked, built = json.loads(told)
    return {
        "figures": figures,
        "subjects": subjects,
        "check": checked,
        "build": built,
        "per figure": built / figures * 1e6,
        "peak MB": peak,
    }


def family(process: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:  # gone
        children = []
    return [process, *(one for child in children for one in family(int(child)))]


def megabytes(process: int) -> float:
    """The memory of a process, what it shares with others divided among them (PSS, which only Linux tells)."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measure_questions(folders: dict[int, Path], rounds: int) -> dict[tuple[str, int], float]:
    """Medians in milliseconds of every question at every size, interleaved with the floors (size 0)."""
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for floor in FLOORS:
            times.setdefault((floor, 0), []).append(piped([PYTHON, "-c", floor], ENVIRONMENT))
        for size, data in folders.items():
            for name, words, _floor in QUESTIONS:
                run = piped([ACCEL, *words], {**ENVIRONMENT, "ACCEL_DB_DATA": str(data)})
                times.setdefault((name, size), []).append(run)
    return {key: statistics.median(found) for key, found in times.items()}


def measure_rebuild(specs: Path, data: Path, rounds: int) -> tuple[float, float]:
    """Milliseconds of building an unchanged tree, and of Typer doing nothing."""
    command = [ACCEL, "build", "--specs", str(specs), "--data", str(data)]
    piped(command, ENVIRONMENT)
    pairs = [(piped(command, ENVIRONMENT), piped([PYTHON, "-c", TYPER], ENVIRONMENT)) for _ in range(rounds)]
    ours, floor = zip(*pairs, strict=True)
    return statistics.median(ours), statistics.median(floor)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        report(Path(temporary), given.times, given.rounds)


def report(folder: Path, sizes: list[int], rounds: int) -> None:
    """Make the trees below ``folder``, measure, and print the one table."""
    built, data = {}, {}
    for size in sizes:
        specs, data[size] = folder / f"specs-{size}", folder / f"data-{size}"
        make(size, specs)
        built[size] = measure_build(specs, data[size])
    asked = measure_questions(data, rounds)
    ours, floor = measure_rebuild(folder / f"specs-{sizes[0]}", data[sizes[0]], rounds)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; questions are medians of {rounds}, interleaved")
    print(f"{'':32}" + "".join(f"{f'{size}x':>12}" for size in sizes) + "  bar")
    rows = [
        ("figures", "{:,.0f}", ""),
        ("subjects", "{:,.0f}", ""),
        ("check", "{:.2f} s", ""),
        ("build, check included", "{:.2f} s", "2.5 s at 1x"),
        ("build a figure", "{:.0f} µs", "1.5 of 1x at 10x"),
        ("peak memory, all processes", "{:,.0f} MB", "1,500 MB at 30,000 subjects"),
    ]
    for (name, shown, bar), key in zip(
        rows, ("figures", "subjects", "check", "build", "per figure", "peak MB"), strict=True
    ):
        print(f"{name:32}" + "".join(f"{shown.format(built[size][key]):>12}" for size in sizes) + f"  {bar}")
    print(f"{'unchanged tree, over Typer':32}{f'{ours - floor:.0f} ms':>12}" + " " * 12 * (len(sizes) - 1) + "  100 ms")
    for name, _, under in QUESTIONS:
        base = asked[under, 0] if under else 0
        cells = "".join(f"{f'{asked[name, size] - base:.0f} ms':>12}" for size in sizes)
        ratio = asked[name, sizes[-1]] / asked[name, sizes[0]]
        bar = f"over `{under}`; 150 ms at 30,000 subjects" if under else f"{ratio:.2f} of 1x"
        print(f"{name:32}{cells}  {bar}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
