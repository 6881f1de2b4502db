"""The views of the inbox: mine, waiting, unassigned, team, snoozed, done, spam."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.ids import AccountId, ChatId
from app.domain.ports import Clock
from app.store import inbox, members, opening
from app.store.engine import Reader, Store
from app.store.inbox import PAGE, Asked, InboxRow, Place, View
from app.store.opening import Hours
from app.team.clocks import Clock as ServiceClock
from app.team.clocks import clock_of
from app.team.states import Handling

__all__ = ["InboxRow", "Place", "View", "Viewing"]

_MOST = 10_000
"""Chats of one view that are looked at to put those first whose clocks run out first."""
_AT_END = datetime.max.replace(tzinfo=UTC)


class Viewing:
    """What one person sees of the inbox."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author
        self._me: int | None = None

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
            me = await self._own_id(connection)
            asked = Asked(view, me, self._clock.now(), account, by_wait, limit, before)
            return await _with_clocks(connection, asked)

    async def list_by_clock(
        self, view: View, account: AccountId | None = None, *, limit: int = PAGE, before: Place | None = None
    ) -> list[InboxRow]:
        """Return a page of a view, the clock that runs out first on top; those without a running one come last."""
        async with self._store.read() as connection:
            me = await self._own_id(connection)
            asked = Asked(view, me, self._clock.now(), account, limit=_MOST)
            rows = [replace(row, place=_place(row)) for row in await _with_clocks(connection, asked)]
        rows.sort(key=lambda row: (row.place.at, row.place.chat))
        if before is not None:
            rows = [row for row in rows if (row.place.at, row.place.chat) > (before.at, before.chat)]
        return rows[:limit]

    async def count_inbox(self, account: AccountId | None = None) -> dict[View, int]:
        """Return how many chats each view holds."""
        async with self._store.read() as connection:
            me = await self._own_id(connection)
            return await inbox.count_inbox(connection, me, account)

    async def _own_id(self, connection: Reader) -> int | None:
        # Who once wrote keeps the id; who never did may get one any moment.
        if self._me is None:
            self._me = await members.own_id(connection, self._author)
        return self._me


async def _with_clocks(connection: Reader, asked: Asked) -> list[InboxRow]:
    """Return a page with the clocks of its chats, by the hours of their numbers."""
    hours = await opening.list_hours(connection)

    def clock(number: AccountId, handling: Handling) -> ServiceClock | None:
        return clock_of(handling, hours.get(number, Hours(number)).level, asked.now)

    return await inbox.list_inbox(connection, asked, clock)


def _place(row: InboxRow) -> Place:
    runs = row.clock is not None and not row.clock.is_paused and row.clock.due_at is not None
    return Place(row.clock.due_at if runs and row.clock and row.clock.due_at else _AT_END, ChatId(row.chat))
