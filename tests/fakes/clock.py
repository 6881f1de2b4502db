"""Time moved by hand: sleeping moves it at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 8, 18, 11, 33, tzinfo=UTC)


class FakeClock:
    """Implements the `Clock` port without waiting."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._passed = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def advance(self, seconds: float) -> None:
        self._passed += seconds

    async def sleep(self, seconds: float) -> None:
        self._passed += seconds
        await asyncio.sleep(0)
