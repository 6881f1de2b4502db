"""Keeps a server running until it is no longer wanted, and says in each state what is wrong and what to do."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.errors import HostingFailed
from app.hosting.cluster import Cluster
from app.hosting.processes import finished
from app.hosting.spaces import Room, Space, disk_space, tightest
from app.hosting.starting import is_of_orphans

logger = logging.getLogger(__name__)

LOOK_S = 2.0
PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Before each further attempt; the last again and again."""
ORPHANS_S = 1.0
"""Parts of a killed server were gone within 6 s (store.md 7)."""
RENEW_LOOK_S = 6 * 3600.0
"""So often the end of the certificate is looked at."""
STEADY_S = 60.0
"""A server that ran for so long is no longer counted as one that fails."""


class ServerState(StrEnum):
    """What a server is doing."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ServerReport:
    """A state, why it is so and what a person can do; both empty where nothing is wrong."""

    state: ServerState
    reason: str = ""
    next_step: str = ""


class Supervisor:
    """Runs one cluster."""

    def __init__(
        self,
        cluster: Cluster,
        tell: Callable[[ServerReport], None],
        tell_space: Callable[[Space], None],
        *,
        space_of: Callable[[Path], Space] = disk_space,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Name what is kept running; nothing is started yet.

        Args:
            cluster: A server that was made.
            tell: Hears each state.
            tell_space: Hears how much space is left, at first and whenever that is judged otherwise.
            space_of: Measures a folder's disk.
            sleep: Waits so many seconds.
        """
        self._cluster = cluster
        self._tell = tell
        self._tell_space = tell_space
        self._space_of = space_of
        self._sleep = sleep
        self._failures = 0
        self._room: Room | None = None

    async def run(self) -> None:
        """Keep the server running until cancelled, then stop it; the cancellation goes on when it has stopped."""
        try:
            while True:
                try:
                    await self._once()
                except HostingFailed as error:
                    logger.warning("the database server: %s", error.reason)
                    self._say(ServerState.FAILED, error.reason, error.next_step)
                    self._look_at_space()
                    await self._sleep(self._pause(error))
        finally:
            await finished(self._end())

    async def _once(self) -> None:
        """Start the server and watch it until it is gone.

        Raises:
            HostingFailed: It does not start, or ended.
        """
        self._say(ServerState.STARTING)
        notice = await self._cluster.start()
        step = "Give it an address that this PC has" if notice else ""
        self._say(ServerState.RUNNING, notice, step)
        clock = asyncio.get_running_loop().time
        since, renewed = clock(), -RENEW_LOOK_S
        while await self._cluster.is_running():
            if clock() - since >= STEADY_S:
                self._failures = 0
            if clock() - renewed >= RENEW_LOOK_S:
                await self._cluster.renew()
                renewed = clock()
            self._look_at_space()
            self._cluster.prune_logs()
            await self._sleep(LOOK_S)
        raise HostingFailed("the database server ended", "It is started again; see data/log where that happens often")

    async def _end(self) -> None:
        try:
            if await self._cluster.is_running():
                await self._cluster.stop()
        except HostingFailed as error:
            self._say(ServerState.FAILED, error.reason, error.next_step)
        else:
            self._say(ServerState.STOPPED)

    def _pause(self, error: HostingFailed) -> float:
        if is_of_orphans(error):
            return ORPHANS_S
        self._failures += 1
        return PAUSES_S[min(self._failures, len(PAUSES_S)) - 1]

    def _look_at_space(self) -> None:
        """Measure the disks of the data and of the log of changes, which may be another."""
        found = []
        for folder in (self._cluster.data, self._cluster.data / "pg_wal"):
            with contextlib.suppress(OSError):
                found.append(self._space_of(folder))
        if found and (worst := tightest(found)).room is not self._room:
            self._room = worst.room
            self._tell_space(worst)

    def _say(self, state: ServerState, reason: str = "", next_step: str = "") -> None:
        self._tell(ServerReport(state, reason, next_step))
