"""The right of one process to drive one phone: renewed in the database, checked by the local clock before a tap."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from app.domain.errors import StoreFailed
from app.domain.ids import AccountId
from app.domain.ports import Clock
from app.services.watching import LEASE_S, Watching

logger = logging.getLogger(__name__)

HEARTBEAT_S = 2.0
_MARGIN_S = 1.0


class Lease:
    """What one process holds of one account. `epoch` is the fencing number, 0 while nothing is held."""

    def __init__(self, account: AccountId, holder: str, watching: Watching, clock: Clock) -> None:
        self.holder = holder
        self.epoch = 0
        self._account = account
        self._watching = watching
        self._clock = clock
        self._until = 0.0

    async def have(self) -> None:
        """Wait until this process may drive the phone."""
        while not await self._renew():
            await self._clock.sleep(HEARTBEAT_S)

    async def keep(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        """Renew until cancelled, and do `meanwhile` once a second."""
        while True:
            try:
                await self._renew()
                for _ in range(2):
                    await self._clock.sleep(HEARTBEAT_S / 2)
                    await meanwhile()
            except StoreFailed as error:
                # Without a database the lease runs out by itself; the local deadline forbids any tap.
                logger.warning("account %s: lease not renewed: %s", self._account, error)
                await self._clock.sleep(HEARTBEAT_S / 2)

    @property
    def is_lost(self) -> bool:
        """Tell whether another process was found to hold it."""
        return not self.epoch

    async def ask(self) -> bool:
        """Ask the database now whether this process still may drive the phone."""
        return await self._renew()

    def may_tap(self) -> bool:
        """Tell, by the local clock and with a margin below the lease's own end, whether it is still held."""
        return self._clock.monotonic() < self._until - _MARGIN_S

    async def release(self) -> None:
        """Give it back."""
        await self._watching.release(self._account, self.holder)

    async def _renew(self) -> bool:
        asked = self._clock.monotonic()
        epoch = await self._watching.hold(self._account, self.holder)
        if epoch is None:
            if self.epoch:
                logger.warning("account %s: another program drives this phone now", self._account)
            self.epoch = 0
            return False
        self.epoch, self._until = epoch, asked + LEASE_S
        return True
