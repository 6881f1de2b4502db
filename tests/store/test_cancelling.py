"""A task that is cancelled in the middle of a write leaves no lock behind."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

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
