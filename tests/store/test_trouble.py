"""A full disk and a database that another process holds: said in one line, nothing half done, all well afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.errors import PhoneLost, StoreFailed
from app.domain.reply import ReplyState
from app.store.engine import Store
from tests.end_to_end.bench import Bench, make_bench
from tests.fakes.clock import FakeClock
from tests.fakes.phone import FakePhone
from tests.store.conftest import Desk

S = ReplyState
BODY = "We are open until 18:00."


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the writing lock as another process's long transaction does."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    clock = FakeClock()
    store = Store(tmp_path / "phoneshelf.db", clock.now, busy_ms=40)
    await store.open()
    yield await make_bench(store, clock, FakePhone(), tmp_path)
    await store.close()


async def pages(desk: Desk) -> int:
    async with desk.store.read() as connection:
        return int((await connection.exec_driver_sql("PRAGMA page_count")).scalar_one())


async def allow(desk: Desk, count: int) -> None:
    """Let the database grow to so many pages: what SQLite answers beyond is what a full disk makes it answer."""
    async with desk.store.write() as unit:
        await unit.connection.exec_driver_sql(f"PRAGMA max_page_count={count}")


async def test_a_full_disk_is_said_in_one_line_and_what_was_saved_stays(file_desk: Desk) -> None:
    (first,) = await file_desk.add("first")
    await allow(file_desk, await pages(file_desk))
    with pytest.raises(StoreFailed) as failed:
        await file_desk.add(*["much " * 400 + str(n) for n in range(50)])
    assert "full" in str(failed.value)
    assert "What was saved before is kept" in str(failed.value)
    assert "\n" not in str(failed.value)
    assert "much" not in str(failed.value)
    assert await file_desk.texts() == ["first"]
    await allow(file_desk, 100_000)
    await file_desk.add("second", after=first)
    assert await file_desk.texts() == ["first", "second"]


async def test_a_reply_that_a_full_disk_refused_was_never_queued(file_desk: Desk) -> None:
    await allow(file_desk, await pages(file_desk))
    with pytest.raises(StoreFailed):
        await file_desk.queue("r1", "word " * 10_000)
    await allow(file_desk, 100_000)
    await file_desk.queue("r1", "word " * 10_000)
    assert (await file_desk.reply("r1")).state is S.QUEUED  # type: ignore[arg-type]


async def test_a_lock_that_lasts_is_said_and_reading_goes_on(bench: Bench) -> None:
    chat = await bench.chat("Otto", "31600000001")
    with held(bench.store.database.path):
        with pytest.raises(StoreFailed, match="locked"):
            await bench.replying.queue_reply(chat, BODY)
        assert await bench.texts(chat) == []
    await bench.replying.queue_reply(chat, BODY)
    assert (await bench.claim()).body == BODY


@pytest.mark.parametrize("when", ["before the tap", "after the tap"])
async def test_a_lock_in_the_middle_of_a_send_never_sends_twice(bench: Bench, when: str) -> None:
    otto = bench.phone.add_chat("Otto", "31600000001")
    bench.phone.customer_writes(otto, "until when?")
    chat = await bench.chat(otto.title, otto.number)
    reply = await bench.queue(chat, BODY)
    lock = held(bench.store.database.path)
    steps = bench.phone.after
    steps["type_reply" if when == "before the tap" else "tap_send"] = [lock.__enter__]
    with pytest.raises(StoreFailed, match="locked"):
        await bench.deliver(reply)
    lock.__exit__(None, None, None)
    was_tapped = when == "after the tap"
    assert bench.phone.sent == ([BODY] if was_tapped else [])
    (unknown,) = await bench.sending.recover(bench.account) or [None]
    if was_tapped:
        assert unknown is not None
        assert await bench.sending.settle_by_looking(bench.thread, bench.account, unknown) is S.SENT
    else:
        assert unknown is None
        assert await bench.deliver(await bench.claim()) is S.SENT
    assert bench.phone.sent == [BODY]
    assert (await bench.reply(reply.id)).state is S.SENT


async def test_a_lock_while_the_phone_is_lost_leaves_the_reply_to_the_next_start(bench: Bench) -> None:
    otto = bench.phone.add_chat("Otto", "31600000001")
    bench.phone.customer_writes(otto, "until when?")
    chat = await bench.chat(otto.title, otto.number)
    reply = await bench.queue(chat, BODY)
    lock = held(bench.store.database.path)

    def both() -> None:
        lock.__enter__()
        raise PhoneLost("unplugged")

    bench.phone.before["open_chat"] = [both]
    with pytest.raises(StoreFailed):
        await bench.deliver(reply)
    lock.__exit__(None, None, None)
    assert await bench.sending.recover(bench.account) == []
    assert (await bench.reply(reply.id)).state is S.QUEUED
