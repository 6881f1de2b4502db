"""The views of the inbox: mine, waiting, unassigned, team, snoozed, done, spam."""

from __future__ import annotations

from app.domain.ids import AccountId
from app.domain.ports import Clock
from app.store import inbox, members
from app.store.engine import Store
from app.store.inbox import PAGE, Asked, InboxRow, Place, View

__all__ = ["InboxRow", "Place", "View", "Viewing"]


class Viewing:
    """What one person sees of the inbox."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author

    async def list_inbox(
        self,
        view: View,
        account: AccountId | None = None,
        *,
        by_wait: bool = False,
        limit: int = PAGE,
        before: Place | None = None,
    ) -> list[InboxRow]:
        """Return a page of a view: the newest first, or who waits longest; `before` is the place of the row before."""
        async with self._store.read() as connection:
            me = await members.own_id(connection, self._author)
            asked = Asked(view, me, self._clock.now(), account, by_wait, limit, before)
            return await inbox.list_inbox(connection, asked)

    async def count_inbox(self, account: AccountId | None = None) -> dict[View, int]:
        """Return how many chats each view holds."""
        async with self._store.read() as connection:
            me = await members.own_id(connection, self._author)
            return await inbox.count_inbox(connection, me, account)
