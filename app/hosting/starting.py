"""Reads what a server says while it starts: its pid file and its logs, and from them the reason and the next step."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import HostingFailed

_READY = ("ready", "standby")
_MOST_SAID = 20_000
_PORT_TAKEN = re.compile(r"Is another postmaster already running on port|could not bind .*: Address already in use")
_UNBOUND = re.compile(r'could not (?:bind \S+ address|translate host name) "([^"]+)"')
_ORPHANS = re.compile(r"pre-existing shared memory block|shared memory block .* is still in use")
_WHY = (
    (_ORPHANS, "an earlier server still ends", "Wait a moment; restart this PC where it stays so"),
    (re.compile(r"No space left on device|not enough space on the disk"), "the disk is full", "Free space on it"),
    (re.compile(r'lock file "postmaster.pid" already exists'), "another server uses this folder",
     "End that one, or restart this PC"),
    (re.compile(r"could not load (?:server certificate|private key)|private key file"),
     "its certificate cannot be used", "Renew the certificate"),
    (re.compile(r"has invalid permissions|wrong ownership|Permission denied"), "its folder has not the right owner",
     "Give the folder back to the user that runs the server, and to nobody else"),
    (re.compile(r"unrecognized configuration parameter|contains errors"), "its configuration has an error",
     "Take back what was changed there by hand"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """What the server says of itself."""

    is_running: bool
    pid: int | None = None
    port: int | None = None
    started_at: datetime | None = None
    is_ready: bool = False


def parse_pid_file(lines: Sequence[str]) -> Status:
    """Return what postmaster.pid says (PostgreSQL's src/include/utils/pidfile.h: one thing a line)."""

    def number(index: int) -> int | None:
        return int(lines[index]) if len(lines) > index and lines[index].strip().isdecimal() else None

    since = number(2)
    state = lines[7].strip() if len(lines) > 7 else ""
    started_at = None if since is None else datetime.fromtimestamp(since, UTC)
    return Status(True, number(0), number(3), started_at, state in _READY)


def is_stale(pid: str) -> bool:
    """Tell whether a pid file is of a server that certainly is no more. Only Linux can tell; elsewhere False.

    A killed server's number may be another program's by now, or stay a zombie where nobody collects it.
    """
    processes = Path("/proc")
    if (
        not sys.platform.startswith("linux")
        or not (processes / "self" / "stat").exists()
        or not pid.strip().isdecimal()
    ):
        return False
    try:
        stat = (processes / pid.strip() / "stat").read_text("utf-8", "replace")
    except OSError:
        return True
    name, _, rest = stat.partition("(")[2].rpartition(")")
    return name not in ("postgres", "postmaster") or rest.split()[:1] == ["Z"]


def begun_log(data: Path) -> Path:
    """Return the file that takes what a server says before it opens its own log."""
    return data / "begun.log"


def log_sizes(data: Path) -> dict[Path, int]:
    """Return how long each log is."""
    return {path: path.stat().st_size for path in (data / "log").glob("server-*.log")}


def said_since(data: Path, before: dict[Path, int]) -> str:
    """Return what the server said since its logs had these lengths."""
    parts = []
    for path in [begun_log(data), *sorted((data / "log").glob("server-*.log"))]:
        try:
            with path.open("rb") as file:
                file.seek(before.get(path, 0))
                parts.append(file.read(_MOST_SAID).decode("utf-8", "replace"))
        except OSError:
            continue
    return "".join(parts)


def is_port_taken(said: str) -> bool:
    """Tell whether another program has the port on one of the addresses; the server may have started all the same."""
    return _PORT_TAKEN.search(said) is not None


def notice(said: str) -> str:
    """Return what a server that started could not do, else nothing."""
    missing = [address for address in _UNBOUND.findall(said) if ":" not in address]
    return f"it cannot be reached at {', '.join(dict.fromkeys(missing))}" if missing else ""


def is_of_orphans(error: HostingFailed) -> bool:
    """Tell whether a server did not start only because parts of a killed one still live."""
    return error.reason.endswith(_WHY[0][1])


def why_not(said: str, port: int | None) -> HostingFailed:
    """Return why a server did not start and what to do, from what it said."""
    if is_port_taken(said):
        return HostingFailed(
            f"the database server does not start: another program uses port {port}",
            "End that program, or give the server another port",
        )
    for pattern, reason, next_step in _WHY:
        if pattern.search(said):
            return HostingFailed(f"the database server does not start: {reason}", next_step)
    lines = [line for line in said.splitlines() if line.strip()]
    told = " / ".join(line.strip() for line in lines[-3:])[-400:] or "it says nothing"
    return HostingFailed(f"the database server does not start: {told}", "See its log in the folder data/log")
