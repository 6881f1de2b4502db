"""One process at a time keeps a server running: a second one would stop it under the first."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.domain.errors import HostingFailed

_LOCK, _PID = "keeper.lock", "keeper.pid"
_ASKED_S = 1.0


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Be the one that keeps the server of a folder; over when the process ends, however it ends.

    Raises:
        HostingFailed: Another process does so.
    """
    # Who only asks for the keeper holds the lock for a moment as well.
    lock = FileLock(folder / _LOCK, timeout=_ASKED_S, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise HostingFailed(
            "another process of this PC keeps the server running", "Nothing needs to be done; this one ends"
        ) from error
    try:
        (folder / _PID).write_text(str(os.getpid()), "ascii")
        yield
    finally:
        (folder / _PID).unlink(missing_ok=True)
        lock.release()


def find_keeper(folder: Path) -> int | None:
    """Return the process that keeps the server of a folder: None where none does, 0 where it has no number yet."""
    lock = FileLock(folder / _LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        # It has the lock a moment before its number is written.
        with contextlib.suppress(OSError, ValueError):
            return int((folder / _PID).read_text("ascii"))
        return 0
    lock.release()
    return None
