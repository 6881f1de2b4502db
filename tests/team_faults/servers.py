"""Servers of a test's own that may be killed, cut off and filled, an office that writes to them, and ears."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.change import MessageAdded
from app.domain.errors import HostingFailed, StoreFailed
from app.domain.ids import ChatId, ReplyId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.domain.policy import Policy
from app.domain.server import Server
from app.hosting.cluster import Cluster
from app.hosting.configuring import DATABASE
from app.runtime.clock import SystemClock
from app.services.guarding import Facts
from app.services.replying import Replying
from app.store import accounts, chats, messages
from app.store.changed import RowChanged
from app.store.engine import Store
from app.store.listening import ServerFeed
from app.store.postgres import PostgresDatabase
from app.store.server.installing import install
from tests.fakes.postgres import Postgres, binaries, make, run_as, scratch
from tests.fakes.team import Team, server_of

CHATS = 40
_AGAIN_S = 0.05


@asynccontextmanager
async def own_server() -> AsyncIterator[Postgres]:
    """Yield a running server that the test may do anything to."""
    programs, user = await asyncio.to_thread(binaries), run_as()
    folder = scratch()
    cluster = Cluster(folder / "server", programs, user, is_durable=False)
    try:
        yield await make(cluster)
    finally:
        with suppress(HostingFailed):
            if await cluster.is_running():
                await cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def lasting_team(postgres: Postgres) -> Team:
    """Make an empty team in a database that goes with its server."""
    await postgres.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    team = Team(server_of(postgres, DATABASE))
    await install(team.owner)
    return team


async def kill_whole(cluster: Cluster) -> None:
    """Kill all processes of a server at once, as a power cut does."""
    pid = (await cluster.status()).pid
    assert pid is not None
    for one in (pid, *_children(pid)):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal() and _parent(path) == pid]


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except OSError:
        return 0


async def furnish(team: Team, people: tuple[str, ...]) -> list[ChatId]:
    """Give an empty team a number with chats that may be answered, and people on it."""
    store = Store(team.owner, SystemClock().now)
    try:
        async with store.write() as unit:
            account = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
            await accounts.set_policy(unit, account, Policy(unanswered=20))
            found = []
            for number in range(CHATS):
                chat = await chats.add_chat(
                    unit, account, f"Klant {number}", "person", f"316{number:08}@s.whatsapp.net"
                )
                wrote = MessageAdded(Direction.IN, Shown(700), Content(Kind.TEXT, "hallo"), Origin.SCREEN, None)
                await messages.apply_changes(unit, chat, [wrote])
                found.append(chat)
    finally:
        await store.close()
    for name in people:
        member = await team.add(name, "agent")
        async with team.as_() as root:
            await root.execute("INSERT INTO membership SELECT id, $1, true FROM account", member)
    return found


@dataclass
class Writer:
    """A person at a desktop of their own who queues replies, and each that failed once more under the same id."""

    server: Server
    chats: list[ChatId]
    acknowledged: list[str] = field(default_factory=list)
    guard: Callable[[tuple[int, int]], None] | None = None
    failures: list[str] = field(default_factory=list)
    on_acknowledged: Callable[[], None] = lambda: None
    on_failure: Callable[[], None] = lambda: None

    async def write(self, count: int) -> None:
        clock = SystemClock()
        store = Store(self.server, clock.now, guard=self.guard, set_clock=clock.agree)
        # Three people answer one chat on purpose: who was first is not what is tried here.
        replying = Replying(store, clock, self.server.user).knowing(Facts(is_anyway=True))
        try:
            for number in range(count):
                await self._write_one(replying, self.chats[number % len(self.chats)], ReplyId(uuid.uuid4().hex))
        finally:
            await store.close()

    async def _write_one(self, replying: Replying, chat: ChatId, uid: ReplyId) -> None:
        while True:
            try:
                await replying.queue_reply(chat, f"antwoord {uid}", reply_id=uid)
            except StoreFailed as error:
                self.failures.append(str(error))
                self.on_failure()
                await asyncio.sleep(_AGAIN_S)
            else:
                self.acknowledged.append(uid)
                self.on_acknowledged()
                return


async def rows_of(team: Team) -> list[str]:
    """Return the ids of all replies, as often as they are there."""
    async with team.as_() as owner:
        return [row["uid"] for row in await owner.fetch("SELECT uid FROM outbox")]


class Ear:
    """Collects what a feed yields."""

    def __init__(self, server: Server, guard: Callable[[tuple[int, int]], None] | None = None) -> None:
        self.heard: list[RowChanged] = []
        self._more = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._run(ServerFeed(PostgresDatabase(server, guard))))

    async def _run(self, feed: ServerFeed) -> None:
        async for found in feed.changes():
            self.heard += found
            self._more.set()

    async def until(self, *wanted: RowChanged, at_most_s: float = 60.0) -> float:
        """Wait until all of these were heard; return how long it took."""
        began = asyncio.get_running_loop().time()
        async with asyncio.timeout(at_most_s):
            while not set(wanted) <= set(self.heard):
                self._more.clear()
                await self._more.wait()
        return asyncio.get_running_loop().time() - began

    async def until_it_listens(self, owner: Server) -> None:
        """Wait until it hears: what was before is not its business."""
        store = Store(owner, SystemClock().now)
        try:
            async with asyncio.timeout(30):
                while RowChanged("probe", "1") not in self.heard:
                    async with store.write() as unit:
                        await unit.touch("probe", "1")
                    await asyncio.sleep(_AGAIN_S)
        finally:
            await store.close()

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
