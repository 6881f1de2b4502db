"""What runs as long as a window does: hearing of others, driving phones. It can be held still for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from ui.bridge import spawn
from ui.desk import Work

logger = logging.getLogger(__name__)

_ASK_AGAIN_S = 2.0


class Beside:
    """The works of one window."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = works
        self._tasks: list[asyncio.Task[Any]] = []
        self._has_ended = False

    @property
    def is_running(self) -> bool:
        """Tell whether anything runs."""
        return bool(self._tasks)

    def start(self) -> None:
        """Start all, unless they run."""
        if not self._tasks and not self._has_ended:
            self._tasks = [spawn(_kept(work), getattr(work, "__qualname__", "background")) for work in self._works]

    async def hold(self) -> None:
        """End all, and wait until they have ended."""
        live, self._tasks = {task for task in self._tasks if not task.done()}, []
        while live:
            # A library may swallow a cancellation that comes as its own wait ends: ask again.
            for task in live:
                task.cancel()
            _, live = await asyncio.wait(live, timeout=_ASK_AGAIN_S)

    async def release(self) -> None:
        """Start all again."""
        self.start()

    async def end(self) -> None:
        """End all for good."""
        self._has_ended = True
        await self.hold()


async def _kept(work: Work) -> None:
    """Run a work to its end; one that fails begins again, for a window whose phones nobody drives looks like any."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("%s failed; it begins again", getattr(work, "__qualname__", "background"))
            await asyncio.sleep(_ASK_AGAIN_S)
        else:
            return
