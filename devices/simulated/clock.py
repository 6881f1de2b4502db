"""The time a simulated phone lives by: the real one, or one that a test moves by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where a phone takes its time from."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Call back after some seconds."""

    async def sleep(self, delay_s: float) -> None:
        """Wait some seconds."""


class RealClock:
    """The computer's own time, moved by an offset that faults may change."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the event loop's seconds."""
        return asyncio.get_running_loop().time()

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Call back on the event loop after some seconds."""
        asyncio.get_running_loop().call_later(max(0.0, delay_s), call)

    async def sleep(self, delay_s: float) -> None:
        """Wait some seconds; nothing to wait for costs nothing."""
        if delay_s > 0:
            await asyncio.sleep(delay_s)


class SteppedClock:
    """A time that stands still until `advance` moves it; one instance may serve several phones."""

    def __init__(self, start: datetime) -> None:
        self._start = start.astimezone(UTC)
        self._passed_s = 0.0
        self._order = itertools.count()
        self._calls: list[tuple[float, int, Callable[[], None]]] = []

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return self._start + timedelta(seconds=self._passed_s)

    def monotonic(self) -> float:
        """Return the seconds advanced so far."""
        return self._passed_s

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Call back once the time has been advanced that far."""
        due = self._passed_s + max(0.0, delay_s)
        heapq.heappush(self._calls, (due, next(self._order), call))

    async def sleep(self, delay_s: float) -> None:
        """Wait until the time has been advanced that far."""
        if delay_s <= 0:
            return
        woken = asyncio.get_running_loop().create_future()
        self.later(delay_s, lambda: None if woken.done() else woken.set_result(None))
        await woken

    def advance(self, seconds: float) -> None:
        """Move the time on and make the calls that fall due, in their order."""
        target = self._passed_s + seconds
        while self._calls and self._calls[0][0] <= target:
            due, _, call = heapq.heappop(self._calls)
            self._passed_s = max(self._passed_s, due)
            call()
        self._passed_s = target
