"""Reads what somebody else put into a folder, where a link, a device or a pipe may bear the name of a file. Light."""

from __future__ import annotations

import errno
import os
import stat

LARGEST = 2_000_000
"""Bytes of the largest spec file that is read: some forty times the largest there is."""
_PLAINLY = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
"""Opening must neither wait for a writer nor take hold of a terminal."""


def read_regular(path: str | os.PathLike[str], most: int = LARGEST + 1) -> bytes:
    """The first ``most`` bytes of a regular file. Raises `OSError` for anything else: what has no end or no beginning is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | _PLAINLY)
    try:
        state = os.fstat(descriptor)
        if stat.S_ISDIR(state.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", os.fspath(path))
        raw = os.read(descriptor, min(state.st_size + 1, most))
        while len(raw) not in (state.st_size, most):  # it changes, or its size is not told
            more = os.read(descriptor, most - len(raw))
            if not more:
                break
            raw += more
        return raw
    finally:
        os.close(descriptor)
