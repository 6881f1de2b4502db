"""Runs PostgreSQL's programs: as whom, in which environment, and how one that is no longer wanted ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from app.domain.errors import HostingFailed

T = TypeVar("T")
QUICK_S = 60.0
"""So long a program may take that only asks or tells something."""
_MOST_OUT = 1_000_000


@dataclass(frozen=True, slots=True)
class Owner:
    """The OS user whom a cluster belongs to where this program is root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program said, errors included, and how it ended."""

    code: int
    text: str

    @property
    def last_lines(self) -> str:
        """Return the end of what it said, in one line for a person."""
        return " / ".join(line.strip() for line in self.text.splitlines()[-4:] if line.strip())[-600:]


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a program. What is secret goes into `environment` or `given`, never into `arguments`."""

    program: Path
    arguments: tuple[str, ...]
    deadline_s: float = QUICK_S
    owner: Owner | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    given: bytes = field(default=b"", repr=False)


def owner_of(run_as: str | None) -> Owner | None:
    """Return the OS user a cluster has to belong to, None where it is our own.

    Raises:
        HostingFailed: This program is root and was told nobody (PostgreSQL refuses root), or may not act for that user.
    """
    if sys.platform == "win32":
        return None
    import pwd  # noqa: PLC0415 - not on Windows

    if os.geteuid() != 0:
        if run_as is not None and run_as != pwd.getpwuid(os.geteuid()).pw_name:
            raise HostingFailed(
                f"only root can run PostgreSQL as {run_as}", "Run it as yourself: leave that setting out"
            )
        return None
    if run_as is None:
        raise HostingFailed(
            "PostgreSQL does not run as root", "Start Phoneshelf as an ordinary user, or name one for the server"
        )
    try:
        entry = pwd.getpwnam(run_as)
    except KeyError as error:
        raise HostingFailed(f"there is no user {run_as} on this PC", "Make that user, or name another") from error
    if entry.pw_uid == 0:
        raise HostingFailed("PostgreSQL does not run as root", "Name an ordinary user for the server")
    return Owner(run_as, entry.pw_uid, entry.pw_gid)


async def run(call: Call) -> Ran:
    """Run a program to its end; where the task is cancelled or the time is up, it is killed and gone.

    Raises:
        HostingFailed: It cannot be run, or did not end in time.
    """
    name = call.program.stem
    # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open.
    with tempfile.TemporaryFile() as out:
        try:
            process = await asyncio.create_subprocess_exec(
                str(call.program), *call.arguments, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
                env=_environment_of(call), **_ways(call.owner),
            )  # fmt: skip
        except OSError as error:
            raise HostingFailed(
                f"{name} cannot be run: {error.strerror}", "Install PostgreSQL 15 or newer again"
            ) from error
        try:
            async with asyncio.timeout(call.deadline_s):
                await process.communicate(call.given)
        except TimeoutError as error:
            raise HostingFailed(
                f"{name} did not end within {call.deadline_s:.0f} s",
                "See whether this PC or its disk is busy; try again",
            ) from error
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await finished(process.wait())
        out.seek(0)
        said = out.read(_MOST_OUT).decode("utf-8", "replace")
    return Ran(process.returncode if process.returncode is not None else -signal.SIGTERM, said)


def _environment_of(call: Call) -> dict[str, str]:
    env = environment(call.environment)
    if call.owner is not None:
        # Ours is not that user's: a standby, which is a client too, would look for certificates where it may not.
        for name in ("HOME", "USER", "LOGNAME"):
            env.pop(name, None)
    return env


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child: ours without settings of PostgreSQL's clients, in English, plus `extra`."""
    env = {k: v for k, v in os.environ.items() if not k.upper().startswith(("PG", "LC_"))}
    env |= {"LC_ALL": "C", "LANG": "C"}
    if getattr(sys, "frozen", False):
        # A bundle puts its own libraries first, which are not those of PostgreSQL.
        env.pop("LD_LIBRARY_PATH", None)
        if (before := env.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
            env["LD_LIBRARY_PATH"] = before
    return env | dict(extra)


def _ways(owner: Owner | None) -> dict[str, Any]:
    """Return how a child is started on this system: no window, no Ctrl+C of ours, files for its user only."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    ways: dict[str, Any] = {"start_new_session": True, "umask": 0o077, "cwd": "/"}
    if owner is not None:
        ways |= {"user": owner.uid, "group": owner.gid, "extra_groups": []}
    return ways


def begin(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Start work that its caller waits for in any case."""
    return asyncio.get_running_loop().create_task(work)


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """Await to the end; a cancellation meanwhile is raised after it."""
    task = begin(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001 - the task holds it; it is raised below
            break
    if cancelled is not None:
        if not task.cancelled():
            task.exception()
        raise cancelled
    return task.result()
