"""The console script. Recognises the usual questions and answers them at once; all else goes to Typer with the same words."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    gc.disable()  # one short answer: collecting would only cost time
    if "_ACCEL_COMPLETE" in os.environ:
        from accel_db.cli.completion import complete
        from accel_db.cli.run import guarded

        code = guarded(lambda: -1 if (done := complete()) is None else done)
        if code >= 0:
            sys.exit(code)
    else:
        from accel_db.cli.grammar import recognise

        known = recognise(sys.argv[1:])
        if known is not None:
            from accel_db.cli.run import run

            sys.exit(run(*known))
    gc.enable()
    from accel_db.cli.app import serve

    sys.exit(serve(sys.argv[1:]))
