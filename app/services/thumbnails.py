"""Thumbnails of pictures that strangers sent, made in a process of their own that may die of one."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.file_kinds import THUMBNAILED
from app.domain.media import MediaFailed, Trouble, Verdict
from app.services import thumbnail_child as child

DEADLINE_S = 20.0
MOST_BYTES = 60_000_000
"""A larger picture is stored and not opened."""
_MOST_OUT = 400_000
_LOOK_S = 0.05
_VERDICTS = {child.OK: Verdict.OK, child.NOT_AN_IMAGE: Verdict.NOT_AN_IMAGE, child.TOO_BIG: Verdict.TOO_BIG}


def _pause(seconds: float) -> None:
    """Wait in the phone's own thread."""
    threading.Event().wait(seconds)


class Thumbnails:
    """Starts a child for each picture. Blocking: called from a phone's thread."""

    def __init__(self, deadline_s: float = DEADLINE_S, wait: Callable[[float], None] = _pause) -> None:
        self._deadline_s = deadline_s
        self._wait = wait

    def make(self, file: Path, mime: str, must_stop: Callable[[], bool]) -> tuple[Verdict, bytes]:
        """Return what a stored file is, and its thumbnail where it is a picture that could be read.

        Raises:
            MediaFailed: `must_stop` said so; the child is gone.
        """
        if mime not in THUMBNAILED:
            return Verdict.NOT_AN_IMAGE, b""
        if file.stat().st_size > MOST_BYTES:
            return Verdict.TOO_BIG, b""
        try:
            code, picture = self._run(file, must_stop)
        except OSError:
            return Verdict.REFUSED, b""
        verdict = _VERDICTS.get(code, Verdict.BROKEN)
        if verdict is not Verdict.OK:
            return verdict, b""
        return (Verdict.OK, picture) if _is_ours(picture) else (Verdict.BROKEN, b"")

    def _run(self, file: Path, must_stop: Callable[[], bool]) -> tuple[int, bytes]:
        until = time.monotonic() + self._deadline_s
        # A file, not a pipe: a pipe that nobody reads yet would hold the child up.
        with file.open("rb") as source, tempfile.TemporaryFile() as out, subprocess.Popen(  # noqa: S603 - ourselves
            _command(), stdin=source, stdout=out, stderr=subprocess.DEVNULL, env=_environment(), cwd=_root(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as work:  # fmt: skip
            try:
                code = self._await(work, until, must_stop)
            finally:
                with contextlib.suppress(OSError):
                    work.kill()
            out.seek(0)
            return code, out.read(_MOST_OUT + 1)

    def _await(self, work: subprocess.Popen[bytes], until: float, must_stop: Callable[[], bool]) -> int:
        while work.poll() is None:
            if must_stop():
                raise MediaFailed(Trouble.STOPPED)
            if time.monotonic() > until:
                return child.TOO_BIG
            self._wait(_LOOK_S)
        return work.returncode


def _is_ours(picture: bytes) -> bool:
    return picture[:3] == b"\xff\xd8\xff" and picture[-2:] == b"\xff\xd9" and len(picture) <= _MOST_OUT


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, child.WORD]
    return [sys.executable, "-m", child.__name__]


def _root() -> Path:
    return Path(__file__).resolve().parent.parent.parent


def _environment() -> dict[str, str]:
    """Only what a program needs to start: no key, no path of a profile goes to the child."""
    kept = ("PATH", "SYSTEMROOT", "LANG", "LD_LIBRARY_PATH", "TEMP", "TMP")
    return {key: os.environ[key] for key in kept if key in os.environ} | {"PYTHONPATH": str(_root())}
