"""The team's server on this PC: made once, started with the program, watched, backed up every day."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import BadInput, HostingFailed
from app.domain.ports import Clock
from app.domain.server import Server
from app.domain.snags import Snag
from app.hosting import backups
from app.hosting.backups import Login
from app.hosting.binaries import CLIENT, find_binaries
from app.hosting.cluster import Cluster
from app.hosting.configuring import DATABASE, SUPERUSER, Listening
from app.hosting.keeper import find_keeper, keeping
from app.hosting.keeping import plan_backups
from app.hosting.scram import new_password
from app.hosting.spaces import Space
from app.hosting.supervising import ServerReport, Supervisor
from app.services.teaming import Keys

__all__ = ["PORT", "Hosting", "ServerReport", "Space", "back_up", "lan_address", "why_not_here"]

PORT = 5433
"""Not 5432, where a PostgreSQL of the system would be."""
_HOST = "127.0.0.1"
_STOP_S = 60
"""So long the process that keeps the server running may take to stop it."""
_FORM = "phoneshelf-%Y%m%d-%H%M%S.dump"


class Hosting:
    """One server in one folder."""

    def __init__(self, folder: Path, run_as: str | None, keys: Keys, port: int = PORT) -> None:
        self._folder = folder
        self._run_as = run_as or None
        self._keys = keys
        self._port = port

    async def make(self, names: Sequence[str], ranges: Sequence[str] = ()) -> Server:
        """Make and start the server, or go on with one that an earlier attempt made; return its superuser's way in.

        Args:
            names: Host names and addresses by which colleagues reach it.
            ranges: From where they come, such as 192.168.1.0/24; empty for everywhere.

        Raises:
            HostingFailed: PostgreSQL's programs, the disk or the port refuse.
            BadInput: A name or a range is none.
        """
        cluster = await self._cluster()
        if not cluster.is_made:
            first = Server(((_HOST, self._port),), DATABASE, SUPERUSER, new_password())
            # Kept before it is used: a server whose password nobody knows is of no use.
            await asyncio.to_thread(self._keys.keep, first)
            await cluster.create(Listening(self._port, tuple(names), ranges=tuple(ranges)), first.password)
        await cluster.start()
        return await self.owner()

    async def owner(self) -> Server:
        """Return the way in as the superuser, from this PC only.

        Raises:
            BadInput: Its password is not kept here.
        """
        cluster = await self._cluster()
        port = cluster.port or self._port
        bare = Server(((_HOST, port),), DATABASE, SUPERUSER, "", cluster.authority.decode("ascii"))
        password = await asyncio.to_thread(self._keys.find, bare)
        if password is None:
            raise BadInput(
                "the password of the server is not kept on this PC; it was made on another, or by another user"
            )
        return Server(bare.hosts, bare.database, bare.user, password, bare.ca)

    async def supervise(self, tell: Callable[[ServerReport], None], tell_space: Callable[[Space], None]) -> None:
        """Keep the server running until cancelled, then stop it.

        Raises:
            HostingFailed: Another process keeps it running.
        """
        with keeping(self._folder):
            await Supervisor(await self._cluster(), tell, tell_space).run()

    @property
    def keeper(self) -> int | None:
        """The process that keeps the server running, None where none does."""
        return find_keeper(self._folder)

    async def is_running(self) -> bool:
        """Tell whether the server's own process lives."""
        return await (await self._cluster()).is_running()

    async def stop(self) -> None:
        """Stop the server, after whoever keeps it running; nothing committed is lost.

        Raises:
            HostingFailed: It does not stop.
        """
        # Asked once: the next answer may be another, and the number 0 means everybody in this process's group.
        if keeper := self.keeper:
            with contextlib.suppress(ProcessLookupError):
                os.kill(keeper, signal.SIGTERM)
        for _ in range(_STOP_S * 5):
            if self.keeper is None:
                break
            await asyncio.sleep(0.2)
        cluster = await self._cluster()
        if await cluster.is_running():
            await cluster.stop()

    async def _cluster(self) -> Cluster:
        return Cluster(self._folder, await find_binaries(), self._run_as)


async def back_up(owner: Server, folder: Path, clock: Clock, *, must: bool = False) -> Path | None:
    """Write a backup where one is due and remove those that need not stay; return the new one.

    Args:
        owner: The way in.
        folder: Where backups lie.
        clock: The time.
        must: Whether one is made also where today has one.

    Raises:
        HostingFailed: The server, the disk or PostgreSQL's programs refuse; older backups stay.
    """
    backups.clear_partials(folder)
    now = clock.now()
    known = _backups_in(folder)
    plan = plan_backups(known, now)
    made = None
    if plan.is_due or must:
        target = folder / now.strftime(_FORM)
        made = await backups.dump(await find_binaries(needed=CLIENT), login_to(owner, folder), target)
    for at in plan.remove:
        known[at].unlink(missing_ok=True)
    return made


async def why_not_here() -> HostingFailed | None:
    """Return why this PC cannot run a server, None where it can."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        why = HostingFailed("PostgreSQL does not run as root", "Start Phoneshelf as yourself, or give --run-as")
        return why.because(Snag.ROOT)
    try:
        await find_binaries()
    except HostingFailed as error:
        return error
    return None


def login_to(owner: Server, folder: Path) -> Login:
    """Return what PostgreSQL's own programs are given to reach a database."""
    root = None
    if owner.ca:
        root = folder / "authority.pem"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        root.write_text(owner.ca, "ascii")
    host, port = owner.hosts[0]
    return Login(host, port, owner.user, owner.database, owner.password, root)


def _backups_in(folder: Path) -> dict[datetime, Path]:
    """Return when each backup of a folder was made, by its name."""
    found = {}
    for path in folder.glob("phoneshelf-*.dump"):
        with contextlib.suppress(ValueError):
            found[datetime.strptime(path.name, _FORM).replace(tzinfo=UTC)] = path
    return found


def lan_address() -> str:
    """Return the address by which this PC is reached from its network; nothing is sent.

    Raises:
        HostingFailed: It is on no network.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
    except OSError as error:
        raise HostingFailed("this PC is on no network", "Give --address, as colleagues reach it") from error
