"""Keeps a member's PC ready for a time without the server, and hands over what was written in one."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from app.domain.errors import LoginRefused, PhoneshelfError, ServerAway
from app.domain.ports import Clock
from app.services.caching import Absence, Caching, Superseded
from app.services.handing_over import HandingOver
from app.store.engine import Store

logger = logging.getLogger(__name__)

EVERY_S = 20.0
"""So old the copy may say it is at most, where nothing changes."""
_PAUSE_S = 5.0
"""Changes come in crowds."""


class Standby:
    """The copy and what waits, of one profile, as long as the program runs."""

    def __init__(self, store: Store, caching: Caching, handing: HandingOver, absence: Absence, clock: Clock) -> None:
        self._store = store
        self._caching = caching
        self._handing = handing
        self._absence = absence
        self._clock = clock

    async def run(self) -> None:
        """Follow the server until cancelled: at once, at each change, and every few seconds."""
        changed = asyncio.Event()
        self._store.listen(lambda _: changed.set())
        while True:
            changed.clear()
            await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await changed.wait()
            await self._clock.sleep(_PAUSE_S)

    async def look(self) -> None:
        """Hand over what waits and bring the copy up to date; a server that is away is noted."""
        try:
            await self._handing.push()
            await self._caching.refresh()
        except ServerAway:
            self._absence.note(self._clock.now())
        except LoginRefused:
            if await self._caching.forget():
                logger.warning("this login is let in no more; the copy on this PC was deleted")
        except Superseded:
            logger.debug("another program of this PC copies")
        except (PhoneshelfError, OSError) as error:
            logger.warning("standby: %s", error if isinstance(error, PhoneshelfError) else type(error).__name__)
        else:
            self._absence.end()
