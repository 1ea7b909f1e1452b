"""The console script. Recognises the usual questions and answers them at once; all else goes to Typer with the same words."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End at once: everything is written, and taking the interpreter down takes longer than many an answer."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            continue  # nobody is left to tell
    os._exit(code)


def main() -> None:
    """Run the command line and exit with its code."""
    gc.disable()  # one short answer: collecting would only cost time
    if "_ACCEL_COMPLETE" in os.environ:
        from accel_db.cli.completion import complete
        from accel_db.cli.run import guarded

        code = guarded(lambda: -1 if (done := complete()) is None else done)
        if code >= 0:
            leave(code)
    else:
        from accel_db.cli.grammar import recognise

        known = recognise(sys.argv[1:])
        if known is not None:
            from accel_db.cli.run import run

            leave(run(*known))
    gc.enable()
    from accel_db.cli.app import serve

    sys.exit(serve(sys.argv[1:]))
