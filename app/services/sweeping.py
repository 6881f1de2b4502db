"""Removes what nobody asks for any more: changes that everybody heard of, and who was there long ago."""

from __future__ import annotations

from datetime import timedelta

from app.domain.ports import Clock
from app.store import presence
from app.store.engine import Store
from app.store.sweeping import remove_changes

KEPT = timedelta(days=3)
"""Who was away for longer loads everything again. A choice."""
PART = 5_000
"""Rows of one transaction: others write in between."""
_EXPIRED = timedelta(days=1)


class Sweeping:
    """Housekeeping in one database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def sweep(self) -> int:
        """Remove what is old, in parts; return how many rows."""
        async with self._store.write() as unit:
            total = await presence.remove_expired(unit, unit.now - _EXPIRED)
        removed = PART
        while removed >= PART - 1:
            async with self._store.write() as unit:
                removed = await remove_changes(unit, unit.now - KEPT, PART)
            total += removed
        return total
