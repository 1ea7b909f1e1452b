"""Runs somebody's SQL in a process of its own, with so much time and memory and no more. What it may touch is `database`'s.

DuckDB's own limits do not hold: ``memory_limit`` is passed many times over by `repeat`, and `interrupt()` may wait for long.
So time is kept by another process, which can always end this one, and memory by the operating system, where it has such limits.
"""

from __future__ import annotations

import os
import sys
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from accel_db.catalog.database import Database, too_big
from accel_db.words.errors import AccelError, DataFault, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from subprocess import Popen

    from accel_db.catalog.database import Result

SECONDS = 2
"""How long a query may take unless the caller allows more."""
MEGABYTES = 768
"""Memory that a query may take beyond what its process has."""
MOST_ROWS = 200_000
"""Rows of an answer."""
MOST_BYTES = 64_000_000
"""The largest answer, pickled, that a process hands over."""
STARTING = 20
"""Seconds a child process may take to be ready; not counted as the query's."""
LONGEST = 86_400
"""Seconds that may be allowed at most."""


def checked(seconds: float) -> float:
    """The seconds allowed. Raises `UsageError` unless they are more than none and at most a day."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST:
        raise UsageError(f"SQL: seconds = {seconds!r}: a number of seconds, at most {LONGEST:,}")
    return seconds


def too_slow(seconds: float) -> UsageError:
    """The error for a query that was ended."""
    return UsageError(
        f"SQL: ended after {seconds:g} seconds; ask for less, or allow more: --seconds 30, in Python seconds=30"
    )


def confine() -> None:
    """Bound this process's memory. Does nothing where the system has no such limit; DuckDB's own stays."""
    try:
        import resource

        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEGABYTES * 2**20, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):
        return


def alarm(seconds: float) -> None:
    """Let the system end this process after so long, should nobody be left to watch it; 0 takes that back."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


class Watch:
    """What a watched process tells: that it is ready for the query, and that the query is answered."""

    def __init__(self, pipe: int, seconds: float) -> None:
        self.pipe, self.seconds = pipe, seconds

    def ready(self) -> None:
        """From now on the query's time runs."""
        alarm(self.seconds + 1)
        os.write(self.pipe, b"r")

    def answered(self) -> None:
        """From now on no time runs: the answer is written as fast as it is read."""
        alarm(0)
        os.close(self.pipe)


def watched(work: Callable[[Watch], int], seconds: float) -> int:
    """Do ``work`` in a forked process, which says when it begins the query and when that is answered; return its exit code.

    Raises `UsageError` when the query takes longer than ``seconds``, or the process dies of it.
    """
    import signal

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # a supervisor may have it ignored: then nobody could be waited for
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os._exit(_worked(work, Watch(theirs, seconds)))
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
    import traceback

    try:
        code = work(watch)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except BaseException:  # noqa: BLE001  the process ends here: nothing may run on in a copy of its parent
        traceback.print_exc()
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
        message = (query, _plain(parameters), checked(seconds))
        with self.lock:
            child = self.child if self.child is not None and self.child.poll() is None else self._started()
            try:
                answer = self._exchanged(child, message, seconds)
            except TimeoutError:
                self.close()
                raise too_slow(seconds) from None
            except (EOFError, OSError):
                self.close()
                raise too_big() from None
            except BaseException:  # an interruption: what the child says next would answer this question, not the next
                self.close()
                raise
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
        # -P and an appended path: nothing that lies in the current folder or beside the package is run in a module's stead.
        code = f"import sys; sys.path.append(sys.argv.pop(1)); from {__name__} import serve; serve()"
        command = [sys.executable, "-P", "-c", code, home, self.path, str(self.threads or "")]
        try:
            self.child = subprocess.Popen(  # noqa: S603  our own interpreter and code
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            weakref.finalize(self, _end, self.child)
            ready = self._exchanged(self.child, None, STARTING)
        except (EOFError, OSError, TimeoutError) as error:
            self.close()
            raise DataFault(
                f"the process that answers SQL could not be started with {sys.executable}: {error or 'it ended at once'}"
            ) from None
        except BaseException:
            self.close()
            raise
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


def _plain(parameters: Sequence[object]) -> list[object]:
    """The parameters as a list. Raises `UsageError` for values that are no data."""
    for one in parameters:
        if not isinstance(
            one, str | bytes | bool | int | float | Decimal | date | time | timedelta | UUID | list | dict | None
        ):
            raise UsageError(f"SQL: a parameter is a text, number, date or list of them, not {type(one).__name__}")
    return list(parameters)


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
    confine()
    send("ready")
    while True:
        try:
            query, parameters, seconds = pickle.load(requests)  # noqa: S301  our own parent
        except EOFError:
            return
        alarm(seconds + 1)
        answer = _answered(database, query, parameters)
        alarm(0)
        send(answer)


def _answered(database: Any, query: str, parameters: list[object]) -> Any:
    """The pickled answer, or the error that it comes to."""
    import pickle

    try:
        packed = pickle.dumps(database.ask(query, parameters, MOST_ROWS))
    except AccelError as error:
        return error
    except MemoryError:
        return too_big()
    if len(packed) > MOST_BYTES:
        return UsageError(
            f"SQL: the answer has more than {MOST_BYTES // 1_000_000} MB; ask for less, with LIMIT or count"
        )
    return packed
