"""A phone's system that stands still: enough of one to draw a scene of the app and scroll it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from devices.simulated.contract import Notification


class StillHost:
    """Implements `Host` without time, network or ledger; nothing that is asked for later ever happens."""

    def __init__(self, display: tuple[int, int], density: int, locale: str) -> None:
        self.display = display
        self.density = density
        self.status_bar = 64
        self.navigation_bar = 90
        self.locale = locale
        self.is_24h = True
        self.uid = 10290
        self.files: dict[str, bytes] = {}
        self._has_keyboard = False

    def save(self, path: str, data: bytes, at: datetime) -> None:
        """Keep a file."""
        del at
        self.files[path] = data

    def remove(self, path: str) -> None:
        """Remove a file."""
        self.files.pop(path, None)

    def now(self) -> datetime:
        """Return a fixed evening."""
        return datetime(2026, 8, 18, 22, 33, tzinfo=UTC)

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Forget the call."""

    def delay_s(self, op: str) -> float:
        """Return no delay."""
        del op
        return 0.0

    def post(self, notification: Notification) -> None:
        """Show nothing."""

    def cancel(self, package: str, id: int, tag: str | None) -> None:
        """Take nothing away."""

    def show_keyboard(self, is_shown: bool) -> None:
        """Raise or lower the keyboard."""
        self._has_keyboard = is_shown

    def keyboard_top(self) -> int:
        """Return where the keyboard begins."""
        return self.display[1] * 58 // 100 if self._has_keyboard else self.display[1]

    def is_front(self, package: str) -> bool:
        """Tell that the app is in front."""
        del package
        return True

    def open_url(self, url: str) -> None:
        """Open nothing."""

    def record(self, kind: str, **facts: object) -> None:
        """Write nothing down."""
