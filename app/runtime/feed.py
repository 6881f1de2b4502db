"""Hears what other processes wrote to the database, and tells it as if it had been written here."""

from __future__ import annotations

import asyncio

from app.runtime.tasks import spawn, stop
from app.store.engine import Store


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
    async for found in store.changes():
        store.tell(list(dict.fromkeys(found)))
