"""The real clock, which goes by the team's server where there is one: all PCs then mean the same by now."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Time of this PC, or of the server that it last heard."""

    def __init__(self) -> None:
        self._agreed: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """Return the time now, aware, UTC."""
        if self._agreed is None:
            return datetime.now(UTC)
        heard, at = self._agreed
        return heard + timedelta(seconds=self.monotonic() - at)

    def agree(self, server: datetime) -> None:
        """Take over the time of a server, as it was just now."""
        self._agreed = (server.astimezone(UTC), self.monotonic())

    def monotonic(self) -> float:
        """Return seconds that never go back and go on while the PC sleeps: a lease ends meanwhile."""
        return time.clock_gettime(_AWAKE_OR_NOT) if _AWAKE_OR_NOT is not None else time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


_AWAKE_OR_NOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux. On Windows the plain clock counts a sleep as well; on macOS it does not."""
