"""Runs somebody's SQL in a process of its own, with so much time and memory and no more. What it may touch is `database`'s.

DuckDB's own limits do not hold: ``memory_limit`` is passed many times over by `repeat`, and `interrupt()` may wait for long.
So time is kept by another process, which can always end this one, and memory by the operating system, where it has such limits.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.catalog.database import Database, too_big
from accel_db.words.errors import AccelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from subprocess import Popen

    from accel_db.catalog.database import Result

SECONDS = 2
"""How long a query may take unless the caller allows more."""
MEGABYTES = 768
"""Memory that a query may take beyond what its process has."""
MOST_BYTES = 64_000_000
"""The largest answer, pickled, that a process hands over."""
STARTING = 20
"""Seconds a child process may take to be ready; not counted as the query's."""


def too_slow(seconds: float) -> UsageError:
    """The error for a query that was ended."""
    return UsageError(
        f"SQL: ended after {seconds:g} seconds; ask for less, or allow more: --seconds 30, in Python seconds=30"
    )


def confine(seconds: float) -> None:
    """Bound this process's memory and, in case nobody watches it any more, its processor time. Does nothing where there are no such limits."""
    try:
        import resource

        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEGABYTES * 2**20, resource.getrlimit(resource.RLIMIT_AS)[1]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime + seconds * (os.cpu_count() or 1)) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (spent, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    except (ImportError, OSError, ValueError):
        return


class Watch:
    """What a watched process tells: that it is ready for the query, and that the query is answered."""

    def __init__(self, pipe: int | None) -> None:
        self.pipe = pipe

    def ready(self) -> None:
        """From now on the query's time runs."""
        if self.pipe is not None:
            os.write(self.pipe, b"r")

    def answered(self) -> None:
        """From now on no time runs: the answer is written as fast as it is read."""
        if self.pipe is not None:
            os.close(self.pipe)
            self.pipe = None


def watched(work: Callable[[Watch], int], seconds: float) -> int:
    """Do ``work`` in a forked process, which says when it begins the query and when that is answered; return its exit code.

    Raises `UsageError` when the query takes longer than ``seconds``, or the process dies of it.
    """
    if not hasattr(os, "fork"):
        return work(Watch(None))
    import signal

    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os._exit(_worked(work, Watch(theirs)))
    os.close(theirs)
    in_time = False
    try:
        in_time = _heard(ours, STARTING) and _heard(ours, seconds)
    finally:
        if not in_time:
            os.kill(child, signal.SIGKILL)
        os.close(ours)
        status = os.waitpid(child, 0)[1]
    if not in_time:
        raise too_slow(seconds)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        raise too_big()
    return code


def _heard(pipe: int, seconds: float) -> bool:
    """Whether the other end says something, or ends, in time."""
    import select

    heard = bool(select.select([pipe], [], [], seconds)[0])
    if heard:
        os.read(pipe, 1)
    return heard


def _worked(work: Callable[[Watch], int], watch: Watch) -> int:
    """The exit code of the work, in the forked process, whatever happens."""
    try:
        code = work(watch)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except BaseException:  # noqa: BLE001  the process ends here: nothing may run on in a copy of its parent
        return 4
    return code


class Sandbox:
    """A child process that answers queries on one DuckDB file; one that is ended is replaced at the next query."""

    def __init__(self, path: str, threads: int | None = None) -> None:
        import threading

        self.path, self.threads = path, threads
        self.lock = threading.Lock()
        self.child: Popen[bytes] | None = None

    def ask(self, query: str, parameters: Sequence[object] = (), seconds: float = SECONDS) -> Result:
        """The columns and rows of one query. Raises `UsageError` with the database's message, or for one that takes too much."""
        with self.lock:
            child = self.child if self.child is not None and self.child.poll() is None else self._started()
            try:
                answer = self._exchanged(child, (query, list(parameters), seconds), seconds)
            except TimeoutError:
                self.close()
                raise too_slow(seconds) from None
            except (EOFError, OSError):
                self.close()
                raise too_big() from None
        if isinstance(answer, AccelError):
            raise answer
        result: Result = answer
        return result

    def _started(self) -> Popen[bytes]:
        import subprocess
        import weakref

        import accel_db

        self.close()
        home = str(Path(accel_db.__file__).resolve().parents[1])
        path = os.pathsep.join(part for part in (os.environ.get("PYTHONPATH"), home) if part)
        command = [sys.executable, "-c", f"from {__name__} import serve; serve()", self.path, str(self.threads or "")]
        self.child = subprocess.Popen(  # noqa: S603  our own interpreter and code
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        weakref.finalize(self, _end, self.child)
        ready = self._exchanged(self.child, None, STARTING)
        if isinstance(ready, AccelError):
            self.close()
            raise ready
        return self.child

    @staticmethod
    def _exchanged(child: Popen[bytes], message: Any, seconds: float) -> Any:
        """Send a message, unless it is None, and wait so long for the answer. Raises `TimeoutError`, or `EOFError` when the child has died."""
        import pickle
        import threading

        got: list[Any] = []

        def receive() -> None:
            try:
                got.append(pickle.load(child.stdout))  # type: ignore[arg-type]  # noqa: S301  our own child
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                got.append(EOFError())

        if message is not None and child.stdin is not None:
            pickle.dump(message, child.stdin)
            child.stdin.flush()
        reader = threading.Thread(target=receive, daemon=True)
        reader.start()
        reader.join(seconds)
        if not got:
            _end(child)
            reader.join()
            raise TimeoutError
        if isinstance(got[0], EOFError):
            raise got[0]
        return got[0]

    def close(self) -> None:
        """End the child; the next query starts another."""
        if self.child is not None:
            _end(self.child)
            self.child = None


def _end(child: Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what the dead child did not read any more
                continue


def serve() -> None:
    """The child: answers pickled (query, parameters, seconds) on standard input until it ends."""
    import pickle

    requests, answers = sys.stdin.buffer, sys.stdout.buffer

    def send(answer: Any) -> None:
        answers.write(answer if isinstance(answer, bytes) else pickle.dumps(answer))
        answers.flush()

    try:
        database = Database(sys.argv[1], int(sys.argv[2]) if sys.argv[2] else None)
    except AccelError as error:
        send(error)
        return
    send("ready")
    while True:
        try:
            query, parameters, seconds = pickle.load(requests)  # noqa: S301  our own parent
        except EOFError:
            return
        confine(seconds)
        send(_answered(database, query, parameters))


def _answered(database: Any, query: str, parameters: list[object]) -> Any:
    """The pickled answer, or the error that it comes to."""
    import pickle

    try:
        packed = pickle.dumps(database.ask(query, parameters))
    except AccelError as error:
        return error
    except MemoryError:
        return too_big()
    if len(packed) > MOST_BYTES:
        return UsageError(
            f"SQL: the answer has more than {MOST_BYTES // 1_000_000} MB; ask for less, with LIMIT or count"
        )
    return packed
