"""Hears what other processes wrote to the database, and tells it as if it had been written here."""

from __future__ import annotations

import asyncio
import logging

from app.runtime.tasks import spawn, stop
from app.store.engine import Store
from app.store.feed import STALE

logger = logging.getLogger(__name__)

_AGAIN_S = 2.0


class Feed:
    """The changes of others. Our own come from the store at once and are told twice at most: telling is only a hint."""

    def __init__(self, *stores: Store) -> None:
        self._stores = stores

    async def run(self) -> None:
        """Tell the listeners of each store of changes until cancelled."""
        tasks = [spawn(_follow(store), "feed") for store in self._stores]
        try:
            await asyncio.gather(*tasks)
        finally:
            await stop(*tasks)


async def _follow(store: Store) -> None:
    while True:
        try:
            async for found in store.changes():
                store.tell(list(dict.fromkeys(found)))
        except Exception:
            # Who hears nothing any more would show an old world as the present one.
            logger.exception("the feed ended; it begins again, and everything is asked anew")
        await asyncio.sleep(_AGAIN_S)
        store.tell([STALE])
