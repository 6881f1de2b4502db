"""What others commit reaches a listener: at once by notices, certainly after a lost connection, never by ids alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.domain.server import Server
from app.store.changed import RowChanged
from app.store.engine import Store
from app.store.feed import STALE
from app.store.listening import BACK, LOST, ServerFeed
from app.store.postgres import PostgresDatabase
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres
from tests.fakes.team import Team, team_database


class Ear:
    """Collects what a feed yields."""

    def __init__(self, feed: ServerFeed) -> None:
        self.heard: list[RowChanged] = []
        self._more = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._run(feed))

    async def _run(self, feed: ServerFeed) -> None:
        async for found in feed.changes():
            self.heard += found
            self._more.set()

    async def until(self, *wanted: RowChanged) -> None:
        async with asyncio.timeout(20):
            while not set(wanted) <= set(self.heard):
                self._more.clear()
                await self._more.wait()

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
async def owner(postgres: Postgres) -> AsyncIterator[Server]:
    async with team_database(postgres) as server:
        yield server


@pytest.fixture
async def store(owner: Server) -> AsyncIterator[Store]:
    store = Store(owner, FakeClock().now)
    yield store
    await store.close()


async def _ready(owner: Server, ear: Ear, store: Store) -> None:
    """Wait until the ear listens: what came before it is not its business."""
    async with asyncio.timeout(20):
        while True:
            async with store.write() as unit:
                await unit.touch("probe", "1")
            if RowChanged("probe", "1") in ear.heard:
                return
            await asyncio.sleep(0.05)


async def _fail(store: Store) -> None:
    async with store.write() as unit:
        await unit.touch("chat", "1", 1)
        raise ZeroDivisionError


async def test_a_commit_is_heard_and_a_rollback_is_not(owner: Server, store: Store) -> None:
    ear = Ear(ServerFeed(PostgresDatabase(owner)))
    await _ready(owner, ear, store)
    with pytest.raises(ZeroDivisionError):
        await _fail(store)
    async with store.write() as unit:
        await unit.touch("chat", "2", 2)
        await unit.touch("queue", "7")
    await ear.until(RowChanged("chat", "2", 2), RowChanged("queue", "7"))
    assert RowChanged("chat", "1", 1) not in ear.heard
    await ear.stop()


async def test_more_than_a_notice_holds_is_asked_for(owner: Server, store: Store) -> None:
    ear = Ear(ServerFeed(PostgresDatabase(owner)))
    await _ready(owner, ear, store)
    async with store.write() as unit:
        await unit.touch_many("message", range(5000), 3)
    await ear.until(*(RowChanged("message", str(n), 3) for n in range(5000)))
    assert len([one for one in ear.heard if one.kind == "message"]) == 5000
    await ear.stop()


async def test_after_a_lost_connection_nothing_is_missed_also_not_what_began_before_and_committed_later(
    owner: Server, store: Store
) -> None:
    ear = Ear(ServerFeed(PostgresDatabase(owner)))
    await _ready(owner, ear, store)
    team = Team(owner)
    enter = "INSERT INTO change (at, kind, row_id) VALUES (now(), 'late', $1)"
    async with team.as_() as slow, team.as_() as other:
        late = slow.transaction()
        await late.start()
        await slow.execute(enter, "slow")
        await other.execute(enter, "quick")
        await ear.until(RowChanged("late", "quick"))
        ended = await other.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query LIKE 'SELECT id, kind%')"
        )
        assert ended >= 1
        await late.commit()
        await other.execute(enter, "after")
    await ear.until(LOST, BACK, RowChanged("late", "slow"), RowChanged("late", "after"))
    await ear.stop()


async def test_a_forged_notice_tells_nothing_that_could_do_harm(owner: Server, store: Store) -> None:
    ear = Ear(ServerFeed(PostgresDatabase(owner)))
    await _ready(owner, ear, store)
    async with Team(owner).as_() as other:
        for payload in ("x", "1", "a b c d", "1 chat x y", ";;;", "1 chat 2 3 4", "9" * 400, "*", " "):
            await other.execute("SELECT pg_notify('phoneshelf', $1)", payload)
    async with store.write() as unit:
        await unit.touch("chat", "5", 5)
    await ear.until(RowChanged("chat", "5", 5))
    await ear.stop()


async def test_who_was_away_for_longer_than_changes_are_kept_is_told(owner: Server, store: Store) -> None:
    ear = Ear(ServerFeed(PostgresDatabase(owner)))
    await _ready(owner, ear, store)
    async with store.write() as unit:
        await unit.touch("old", "1")
    await ear.until(RowChanged("old", "1"))
    async with Team(owner).as_() as other:
        await other.execute(_CUT)
        await ear.until(BACK)
        assert STALE not in ear.heard
        async with store.write() as unit:
            await unit.touch("new", "1")
        await ear.until(RowChanged("new", "1"))
        await other.execute("DELETE FROM change")
        await other.execute(_CUT)
        await ear.until(STALE)
    async with store.write() as unit:
        await unit.touch("after", "1")
    await ear.until(RowChanged("after", "1"))
    await ear.stop()


_CUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query LIKE 'SELECT id, kind%')"
)
