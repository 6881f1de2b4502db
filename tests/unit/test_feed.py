"""Who hears of others goes on hearing, whatever happens to the one who tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.runtime import feed
from app.runtime.feed import Feed
from app.runtime.tasks import spawn, stop
from app.store.changed import RowChanged
from app.store.feed import STALE
from app.store.listening import LOST, ServerFeed

ROW = RowChanged("chat", "1", 1)


class Faltering:
    """A store whose feed fails once."""

    def __init__(self) -> None:
        self.told: list[RowChanged] = []
        self.heard = asyncio.Event()
        self._failures = 1

    async def changes(self) -> AsyncIterator[list[RowChanged]]:
        if self._failures:
            self._failures -= 1
            raise RuntimeError("out of step")
        yield [ROW]
        await asyncio.Event().wait()

    def tell(self, touched: list[RowChanged]) -> None:
        self.told += touched
        if ROW in touched:
            self.heard.set()


async def test_a_feed_that_fails_begins_again_and_all_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_AGAIN_S", 0.0)
    store = Faltering()
    running = spawn(Feed(store).run(), "feed")  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        await store.heard.wait()
    await stop(running)
    assert store.told == [STALE, ROW]


class OutOfStep:
    """A server that ends while its client logs in: the driver says so in words of its own."""

    label = "nowhere"

    async def connect(self) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")


async def test_a_driver_out_of_step_is_a_lost_server() -> None:
    changes = ServerFeed(OutOfStep()).changes()  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        assert await anext(changes) == [LOST]
    await changes.aclose()  # type: ignore[attr-defined]
