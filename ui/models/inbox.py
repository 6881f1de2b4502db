"""All chats in memory, kept as the database says. Asks again only for what changed, for ends of chats bit by bit."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, insort
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.domain.ids import ChatId
from app.domain.phone import PhoneStatus
from app.services.browsing import Browsing, Chat
from ui.bridge import Changes, async_slot
from ui.models.chat_rows import TAIL, ChatRow, Tail, order_of, tail_of

_MANY = 40
"""More changed chats than this, and one query for all is cheaper."""
_AHEAD = 400
"""So many of the newest chats learn how they end without being looked at."""


class Inbox(QObject):
    """What the list and the rail show."""

    changed = Signal()
    phones_changed = Signal()
    loaded = Signal()

    def __init__(self, browsing: Browsing, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._browsing = browsing
        self._chats: dict[int, Chat] = {}
        self._tails: dict[int, Tail] = {}
        self._drafts: set[int] = set()
        self._hidden: set[str] = set()
        self._asked: set[int] = set()
        self._rows: dict[int, ChatRow] = {}
        self._order: list[tuple[float, int]] = []
        self._waiting: set[int] = set()
        self._tail_lock = asyncio.Lock()
        self.phones: list[PhoneStatus] = []
        self.is_loaded = False
        changes.chats_changed.connect(self.refresh)
        changes.accounts_changed.connect(self.refresh_phones)
        changes.all_changed.connect(self.reload)

    async def load(self) -> None:
        """Read everything once."""
        await self._read_phones()
        await self._read_chats()
        self.is_loaded = True
        self.loaded.emit()
        self.changed.emit()
        self.want(chat.id for chat in sorted(self._chats.values(), key=order_of)[:_AHEAD])

    def rows(self) -> list[ChatRow]:
        """Return all chats, newest first."""
        return [self._rows[chat_id] for _, chat_id in self._order]

    def chat(self, chat_id: ChatId) -> Chat | None:
        """Return one chat."""
        return self._chats.get(chat_id)

    def phone_of(self, chat: Chat) -> PhoneStatus | None:
        """Return the phone that a chat is on."""
        return next((phone for phone in self.phones if phone.account == chat.account), None)

    def account_number(self, account: int) -> int:
        """Return the place of an account among all, which gives its colour."""
        return next((place for place, phone in enumerate(self.phones) if phone.account == account), 0)

    def waiting(self) -> int:
        """Return how many chats wait for an answer."""
        return len(self._waiting)

    def set_draft(self, chat_id: ChatId, *, has_draft: bool) -> None:
        """Remember that something is typed for a chat."""
        if (chat_id in self._drafts) != has_draft:
            (self._drafts.add if has_draft else self._drafts.discard)(chat_id)
            self._renew(chat_id)
            self.changed.emit()

    def hide_failed(self, chat_id: ChatId, key: str) -> None:
        """Leave a failed reply out of the list's marks: somebody saw to it."""
        self._hidden.add(key)
        self._read_tails([chat_id])

    @property
    def hidden(self) -> frozenset[str]:
        """Return the keys of failed replies that somebody saw to."""
        return frozenset(self._hidden)

    def want(self, chat_ids: Iterable[int]) -> None:
        """Learn how these chats end, unless it is known."""
        missing = [c for c in chat_ids if c not in self._tails and c not in self._asked and c in self._chats]
        if missing:
            self._asked.update(missing)
            self._read_tails(missing)

    @async_slot
    async def reload(self) -> None:
        """Read everything again."""
        if not self.is_loaded:
            # The first reading failed, or is under way and finds everything itself.
            await self.load()
            return
        known = list(self._tails)
        await self._read_phones()
        await self._read_chats()
        self.changed.emit()
        self._read_tails(known)

    @async_slot
    async def refresh(self, chat_ids: frozenset[int]) -> None:
        """Read chats that changed again."""
        if not self.is_loaded:
            return
        if len(chat_ids) > _MANY:
            await self._read_chats()
        else:
            for chat_id in chat_ids:
                found = await self._browsing.get_chat(ChatId(chat_id))
                if found is not None:
                    self._chats[chat_id] = found
                    self._renew(chat_id)
        known = [c for c in chat_ids if c in self._tails or c in self._asked or len(chat_ids) <= _MANY]
        self.changed.emit()
        await self._fill_tails(known)

    @async_slot
    async def refresh_phones(self) -> None:
        """Read the phones again."""
        await self._read_phones()

    async def _read_phones(self) -> None:
        found = await self._browsing.list_phones()
        if found != self.phones:
            self.phones = found
            self.phones_changed.emit()

    async def _read_chats(self) -> None:
        self._chats = {chat.id: chat for chat in await self._browsing.list_chats()}
        self._rows = {c.id: ChatRow(c, self._tails.get(c.id), c.id in self._drafts) for c in self._chats.values()}
        self._order = sorted(order_of(chat) for chat in self._chats.values())
        self._waiting = {chat_id for chat_id, row in self._rows.items() if row.is_waiting}

    @async_slot
    async def _read_tails(self, chat_ids: list[int]) -> None:
        await self._fill_tails(chat_ids)

    async def _fill_tails(self, chat_ids: Iterable[int]) -> None:
        """Read ends of chats, a few between two repaints."""
        async with self._tail_lock:
            since_told = 0
            for chat_id in chat_ids:
                rows = await self._browsing.list_messages(ChatId(chat_id), TAIL)
                tail = tail_of(rows, self.hidden)
                self._asked.discard(chat_id)
                if self._tails.get(chat_id) != tail:
                    self._tails[chat_id] = tail
                    self._renew(chat_id)
                    since_told += 1
                if since_told >= 20:
                    self.changed.emit()
                    since_told = 0
            if since_told:
                self.changed.emit()

    def _renew(self, chat_id: int) -> None:
        """Make the row of one chat again and put it into its place; the others stay the very same objects."""
        chat = self._chats.get(chat_id)
        if chat is None:
            return
        old = self._rows.get(chat_id)
        if old is not None and order_of(old.chat) != order_of(chat):
            del self._order[bisect_left(self._order, order_of(old.chat))]
        if old is None or order_of(old.chat) != order_of(chat):
            insort(self._order, order_of(chat))
        row = self._rows[chat_id] = ChatRow(chat, self._tails.get(chat_id), chat_id in self._drafts)
        (self._waiting.add if row.is_waiting else self._waiting.discard)(chat_id)
