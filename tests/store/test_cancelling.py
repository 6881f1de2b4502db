"""A task that is cancelled, or that met a file held by somebody else, leaves no lock behind."""

from __future__ import annotations

import asyncio
import gc
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.errors import StoreFailed
from app.domain.ids import Serial
from app.runtime.tasks import spawn
from app.store import accounts
from app.store.engine import Store


async def write(store: Store, count: int, name: str) -> None:
    async with store.write() as unit:
        for number in range(count):
            await accounts.add_account(unit, Serial(f"{name}-{number}"), "com.whatsapp", "n", "full")


async def test_whenever_writers_are_cancelled_the_next_one_can_write(tmp_path: Path) -> None:
    dice = random.Random(1)
    stores = [Store(tmp_path / "a.sqlite", lambda: datetime.now(UTC), busy_ms=3000) for _ in range(2)]
    for store in stores:
        await store.open()
    for turn in range(40):
        tasks = [spawn(write(stores[n % 2], 5, f"{turn}-{n}"), "writer") for n in range(3)]
        await asyncio.wait(tasks, timeout=dice.random() * 0.03)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await write(stores[turn % 2], 1, f"{turn}-after")
    for store in stores:
        await store.close()


@pytest.fixture
def no_collecting() -> Iterator[None]:
    """Let nothing that a forgotten cursor holds be freed by chance."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collecting")
async def test_whenever_readers_are_cancelled_a_writer_can_commit(tmp_path: Path) -> None:
    dice = random.Random(1)
    store = Store(tmp_path / "a.sqlite", lambda: datetime.now(UTC), busy_ms=300)
    await store.open()
    async with store.write() as unit:
        await unit.connection.execute(text("CREATE TABLE much (a TEXT)"))
        await unit.connection.execute(
            text("INSERT INTO much WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c LIMIT 40000)"
                 " SELECT hex(randomblob(40)) FROM c")
        )  # fmt: skip

    async def read() -> None:
        async with store.read() as connection:
            await connection.execute(text("SELECT a FROM much"))

    kept = []
    for turn in range(100):
        reader = spawn(read(), "reader")
        await asyncio.sleep(dice.random() * 0.03)
        reader.cancel()
        kept.extend(await asyncio.gather(reader, return_exceptions=True))
        await write(store, 1, f"{turn}")
    assert any(kept)
    await store.close()


async def test_a_commit_that_a_held_file_refused_shuts_nobody_out(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.sqlite", lambda: datetime.now(UTC), busy_ms=200)
    await store.open()
    with closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as other:
        is_held_by_readers = other.execute("PRAGMA journal_mode").fetchone() != ("wal",)
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM account").fetchone()
        if is_held_by_readers:
            with pytest.raises(StoreFailed):
                await write(store, 1, "refused")
        other.execute("COMMIT")
        await write(store, 1, "after")
        rows = other.execute("SELECT serial FROM account").fetchall()
    assert rows == [("after-0",)]
    await store.close()
