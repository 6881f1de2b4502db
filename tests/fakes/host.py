"""A phone's system in memory for the simulated app: a clock moved by hand, calls kept in lists."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from devices.simulated.contract import Notification


class FakeHost:
    """Implements the simulated phone's `Host` without a phone."""

    def __init__(self, display: tuple[int, int] = (720, 1600), density: int = 300, locale: str = "en") -> None:
        self.display = display
        self.density = density
        self.status_bar = 64 if display[0] == 720 else 90
        self.navigation_bar = 90 if display[0] == 720 else 120
        self.locale = locale
        self.is_24h = True
        self.uid = 10290
        self.files: dict[str, bytes] = {}
        self.saved_at: dict[str, datetime] = {}
        self.clock = datetime(2026, 8, 18, 11, 33, tzinfo=UTC)
        self.is_lit = True
        self.has_keyboard = False
        self.delays = {"transition": 0.4, "app_start": 1.0, "settle": 0.1}
        self.posted: list[Notification] = []
        self.shown: dict[tuple[int, str | None], Notification] = {}
        self.cancelled: list[tuple[int, str | None]] = []
        self.ledger: list[tuple[str, dict[str, object]]] = []
        self.urls: list[str] = []
        self._calls: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self.clock

    def save(self, path: str, data: bytes, at: datetime) -> None:
        self.files[path] = data
        self.saved_at[path] = at

    def remove(self, path: str) -> None:
        self.files.pop(path, None)

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        due = self.clock + timedelta(seconds=delay_s)
        heapq.heappush(self._calls, (due, next(self._order), call))

    def advance(self, seconds: float) -> None:
        """Move the clock and make the calls that fall due, each at its own time."""
        end = self.clock + timedelta(seconds=seconds)
        while self._calls and self._calls[0][0] <= end:
            self.clock, _, call = heapq.heappop(self._calls)
            call()
        self.clock = end

    def delay_s(self, op: str) -> float:
        return self.delays.get(op, 0.1)

    def post(self, notification: Notification) -> None:
        self.posted.append(notification)
        self.shown[notification.id, notification.tag] = notification

    def cancel(self, package: str, id: int, tag: str | None) -> None:
        if self.shown.pop((id, tag), None) is not None:
            self.cancelled.append((id, tag))

    def show_keyboard(self, is_shown: bool) -> None:
        self.has_keyboard = is_shown

    def keyboard_top(self) -> int:
        return self.display[1] * 58 // 100 if self.has_keyboard else self.display[1]

    def is_front(self, package: str) -> bool:
        return self.is_lit

    def open_url(self, url: str) -> None:
        self.urls.append(url)

    def record(self, kind: str, **facts: object) -> None:
        self.ledger.append((kind, facts))

    def recorded(self, kind: str) -> list[dict[str, object]]:
        """Return the ledger's lines of one kind."""
        return [facts for name, facts in self.ledger if name == kind]
