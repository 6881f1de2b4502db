"""A server that is killed, and connections that are: what was acknowledged is there, and each reply once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.domain.errors import StoreFailed
from app.runtime.clock import SystemClock
from app.runtime.tasks import spawn, stop
from app.store import replies
from app.store.changed import RowChanged
from app.store.engine import Store
from app.store.listening import BACK, LOST
from tests.fakes.postgres import Postgres
from tests.fakes.team import Team, team_database
from tests.team_faults.servers import Ear, Writer, furnish, kill_whole, own_server, rows_of
from tests.team_faults.stage import until

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a server's processes are found in /proc"),
    pytest.mark.timeout(100),
]
PEOPLE = ("eva", "bram", "lea")
EACH = 50
SENDS, CUTS = 150, 13
OF_THE_APP = "application_name = 'phoneshelf' AND datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
async def own() -> AsyncIterator[Postgres]:
    async with own_server() as server:
        yield server


@pytest.fixture
async def team(own: Postgres) -> AsyncIterator[Team]:
    async with team_database(own) as owner:
        yield Team(owner)


async def test_after_a_kill_of_the_whole_server_all_that_was_acknowledged_is_there_once_and_heard(
    own: Postgres, team: Team
) -> None:
    chats = await furnish(team, PEOPLE)
    writers = [Writer(team.server(name), chats) for name in PEOPLE]
    halfway = asyncio.Event()
    for writer in writers:
        writer.on_acknowledged = lambda: halfway.set() if len(_acknowledged(writers)) >= len(PEOPLE) * 15 else None
    ear = Ear(team.server("eva"))
    await ear.until_it_listens(team.owner)
    writing = [spawn(writer.write(EACH), "writer") for writer in writers]
    try:
        async with asyncio.timeout(60):
            await halfway.wait()
        await kill_whole(own.cluster)
        before = len(_acknowledged(writers))
        await ear.until(LOST)
        await own.cluster.start()
        await asyncio.gather(*writing)
    finally:
        await stop(*writing)
    acknowledged = _acknowledged(writers)
    assert 0 < before < len(acknowledged)
    assert all(writer.failures for writer in writers), "nobody was interrupted"
    assert sorted(await rows_of(team)) == sorted(acknowledged)
    await ear.until(LOST, BACK)
    places = {uid: chats[n % len(chats)] for writer in writers for n, uid in enumerate(writer.acknowledged)}
    await ear.until(*(RowChanged("reply", uid, places[uid]) for uid in acknowledged))
    await ear.stop()


def _acknowledged(writers: list[Writer]) -> list[str]:
    return [uid for writer in writers for uid in writer.acknowledged]


async def test_a_server_that_is_not_there_is_said_in_one_sentence(own: Postgres, team: Team) -> None:
    store = Store(team.owner, SystemClock().now)
    await own.cluster.stop()
    with pytest.raises(StoreFailed, match="cannot be reached"):
        await _touch(store)
    with pytest.raises(StoreFailed, match="cannot be reached"):
        await _count(store)
    await own.cluster.start()
    await _touch(store)
    await store.close()


async def _touch(store: Store) -> None:
    async with store.write() as unit:
        await unit.touch("probe", "1")


async def _count(store: Store) -> None:
    async with store.read() as connection:
        await replies.list_replies(connection)


async def test_thirteen_cuts_amid_a_hundred_and_fifty_sends_make_no_double(own: Postgres, team: Team) -> None:
    chats = await furnish(team, ("eva",))
    writer = Writer(team.server("eva"), chats)
    cutter = await own.connect(team.owner.database)
    more = asyncio.Event()
    writer.on_acknowledged = more.set
    writing = spawn(writer.write(SENDS), "writer")
    writing.add_done_callback(lambda _: more.set())
    try:
        for cut in range(CUTS):
            while len(writer.acknowledged) < (cut + 1) * 10 and not writing.done():
                more.clear()
                await more.wait()
            if cut % 4 == 1:
                await _cut_after_its_commit(cutter)
            elif cut == 6:
                await _kill_one(cutter)
                cutter = await _again(own, team)
            else:
                await cutter.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OF_THE_APP}")
        await writing
    finally:
        await stop(writing)
        cutter.terminate()
    assert len(writer.acknowledged) == SENDS
    assert len(writer.failures) >= 4, "the cuts did not hit"
    assert sorted(await rows_of(team)) == sorted(writer.acknowledged)


async def _cut_after_its_commit(cutter: Any) -> None:
    """End a connection whose transaction is committed and whose client was not told: it waits for a standby."""
    await cutter.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    await cutter.execute("SELECT pg_reload_conf()")
    waiting = f"SELECT min(pid) FROM pg_stat_activity WHERE {OF_THE_APP} AND wait_event = 'SyncRep'"

    async def waits() -> bool:
        return await cutter.fetchval(waiting) is not None

    await until(waits, "a commit waits for a standby")
    await cutter.execute("SELECT pg_terminate_backend($1)", await cutter.fetchval(waiting))
    await cutter.execute("ALTER SYSTEM RESET synchronous_standby_names")
    await cutter.execute("SELECT pg_reload_conf()")


async def _kill_one(cutter: Any) -> None:
    """Kill one process of the server: it then ends all the others and recovers."""
    pid = await cutter.fetchval(f"SELECT min(pid) FROM pg_stat_activity WHERE {OF_THE_APP}")
    os.kill(pid, signal.SIGKILL)
    cutter.terminate()


async def _again(own: Postgres, team: Team) -> Any:
    found: list[Any] = []

    async def answers() -> bool:
        try:
            found.append(await own.connect(team.owner.database))
        except Exception:  # noqa: BLE001 - it recovers, and says so in several ways
            return False
        return True

    await until(answers, "the server recovers")
    return found[0]
