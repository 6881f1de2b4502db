"""What falls due by itself in a team's chats; done by whoever drives the phone, so that it is done once."""

from __future__ import annotations

from app.domain.ports import Clock
from app.services.alerting import Alerting
from app.services.giving import Giving
from app.services.handling import Waking
from app.services.sweeping import Sweeping
from app.store.engine import Store

EVERY_S = 5.0
SWEEP_EVERY_S = 3600.0


class Chores:
    """What one process sees to now and then."""

    def __init__(self, store: Store, clock: Clock, holder: str) -> None:
        self._waking = Waking(store, clock)
        self._giving = Giving(store, clock)
        self._alerting = Alerting(store, clock)
        self._clock = clock
        self._holder = holder
        self._sweeping = Sweeping(store, clock)
        self._due = 0.0
        self._sweep_due = 0.0

    async def do(self) -> None:
        """Do what is due, if the last time is long enough ago."""
        now = self._clock.monotonic()
        if now < self._due:
            return
        self._due = now + EVERY_S
        await self._waking.wake_due(self._holder)
        await self._giving.give_out(self._holder)
        await self._alerting.alert(self._holder)
        if now >= self._sweep_due:
            self._sweep_due = now + SWEEP_EVERY_S
            await self._sweeping.sweep()
