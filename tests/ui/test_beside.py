"""What runs beside a window goes on, also after it failed once."""

from __future__ import annotations

import asyncio

import pytest

from ui import beside
from ui.beside import Beside


def test_a_work_that_fails_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_ASK_AGAIN_S", 0.01)

    async def live() -> int:
        begun, is_steady = 0, asyncio.Event()

        async def work() -> None:
            nonlocal begun
            begun += 1
            if begun < 3:
                raise RuntimeError("once more")
            is_steady.set()
            await asyncio.Event().wait()

        beside_it = Beside((work,))
        beside_it.start()
        async with asyncio.timeout(5):
            await is_steady.wait()
        await beside_it.end()
        return begun

    assert asyncio.run(live()) == 3
