"""Hears what other processes wrote to the database, and tells it as if it had been written here."""

from __future__ import annotations

import logging

from app.domain.errors import StoreFailed
from app.domain.ports import Clock
from app.store import feed
from app.store.engine import RowChanged, Store

EVERY_S = 0.25
logger = logging.getLogger(__name__)


class Feed:
    """The changes of others. Our own come from the store at once and are told twice at most: telling is only a hint."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Tell listeners of changes until cancelled."""
        async with self._store.read() as connection:
            last = await feed.newest_change(connection)
        while True:
            await self._clock.sleep(EVERY_S)
            try:
                async with self._store.read() as connection:
                    last, found = await feed.changes_after(connection, last)
            except StoreFailed as error:
                logger.warning("feed: %s", error)
                continue
            if found:
                self._store.tell(_once(found))


def _once(found: list[RowChanged]) -> list[RowChanged]:
    return list(dict.fromkeys(found))
