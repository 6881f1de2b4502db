"""Hears what other processes wrote to the database, and tells it as if it had been written here."""

from __future__ import annotations

from app.store.engine import Store


class Feed:
    """The changes of others. Our own come from the store at once and are told twice at most: telling is only a hint."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self) -> None:
        """Tell listeners of changes until cancelled."""
        async for found in self._store.changes():
            self._store.tell(list(dict.fromkeys(found)))
