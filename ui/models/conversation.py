"""A window of at most 600 messages on one conversation, paged both ways, kept as the database says."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable

from PySide6.QtCore import QObject, Signal

from app.domain.ids import ChatId, MessageId
from app.domain.reply import ReplyState
from app.services.browsing import Browsing, MessageRow
from ui.bridge import Changes, async_slot
from ui.models.conversation_items import Item, ItemKind, build_items
from ui.models.keyed import KeyedModel
from ui.phrases import row_line, said, whole_day
from ui.words import mark

FIRST, PAGE, MOST = 120, 120, 600
_TAIL = 60
_SEARCH_PAGE, _SEARCH_PAGES = 500, 60
NOTICE = {
    ItemKind.GAP: mark("Messages are missing here: they were not seen on the phone"),
    ItemKind.BEHIND: mark("The phone holds more here; it is read when the chat is opened on the phone"),
    ItemKind.START: mark("The conversation begins here"),
    ItemKind.UNREAD_ABOVE: mark("Older messages are on the phone; they were not read"),
}
"""What stands between messages."""


class ConversationModel(KeyedModel):
    """The drawn rows."""

    def key_of(self, row: Item) -> Hashable:
        """Return the row's name."""
        return row.key

    def describe(self, row: Item) -> str:
        """Return who said what, when, and how far it got."""
        if row.row is not None:
            return row_line(row.row)
        return whole_day(row.day) if row.day else said(NOTICE[row.kind])


class Conversation(QObject):
    """One open chat. Every reading goes through one lock, so that pages and updates never cross."""

    opened = Signal(object)
    """A chat was opened; the message to look at, or None for the newest."""
    changed = Signal()
    pending_changed = Signal()

    def __init__(self, browsing: Browsing, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._browsing = browsing
        self._lock = asyncio.Lock()
        self._rows: list[MessageRow] = []
        self._is_complete = False
        self._is_behind = False
        self._stale: set[int] = set()
        self._hidden: frozenset[str] = frozenset()
        self.chat: ChatId | None = None
        self.pending: list[MessageRow] = []
        self.has_older = False
        self.has_newer = False
        self.model = ConversationModel(self)
        changes.messages_changed.connect(self._messages_changed)
        changes.chats_changed.connect(self._chats_changed)
        changes.all_changed.connect(self.jump_to_newest)

    # -- opening --------------------------------------------------------------------------------

    async def open(self, chat: ChatId, message: MessageId | None = None) -> None:
        """Show a chat at its newest message, or around one."""
        self.chat = chat
        async with self._lock:
            page = await self._browsing.list_messages(chat, FIRST)
            if self.chat != chat:
                return
            self._take_newest(page, FIRST)
            key = f"m{message}" if message is not None else None
            if key is not None and not any(row.key == key for row in self._rows):
                await self._seek(chat, key)
            await self._read_complete(chat)
            self._show(anew=True)
        self.opened.emit(key)

    async def _seek(self, chat: ChatId, key: str) -> None:
        """Page up until a message is found, and keep what stands around it."""
        rows = list(self._rows)
        for _ in range(_SEARCH_PAGES):
            if not rows or rows[0].order is None:
                return
            page = await self._browsing.list_messages(chat, _SEARCH_PAGE, before=rows[0].order)
            at = next((i for i, row in enumerate(page) if row.key == key), None)
            if at is None:
                if len(page) < _SEARCH_PAGE:
                    return
                rows = page
                continue
            first, last = max(at - PAGE, 0), min(at + PAGE, len(page))
            self._rows, self.pending = page[first:last], []
            self.has_older, self.has_newer = first > 0 or len(page) == _SEARCH_PAGE, True
            return

    def close(self) -> None:
        """Show no chat."""
        self.chat, self._rows, self.pending = None, [], []
        self.has_older = self.has_newer = False
        self.model.replace([])

    # -- paging ---------------------------------------------------------------------------------

    @async_slot
    async def load_older(self) -> None:
        """Read a page above."""
        async with self._lock:
            chat = self.chat
            if chat is None or not self.has_older or not self._rows:
                return
            page = await self._browsing.list_messages(chat, PAGE, before=self._rows[0].order)
            if self.chat != chat:
                return
            self.has_older = len(page) == PAGE
            self._rows = page + self._rows
            if len(self._rows) > MOST:
                self._rows, self.pending, self.has_newer = self._rows[:MOST], [], True
            self._show()

    @async_slot
    async def load_newer(self) -> None:
        """Read a page below."""
        async with self._lock:
            chat = self.chat
            if chat is None or not self.has_newer or not self._rows:
                return
            page = await self._browsing.list_messages(chat, PAGE, after=self._rows[-1].order)
            if self.chat != chat:
                return
            self._append(page, PAGE)
            if len(self._rows) > MOST:
                self._rows, self.has_older = self._rows[-MOST:], True
            self._show()

    @async_slot
    async def jump_to_newest(self) -> None:
        """Show the end of the chat."""
        if self.chat is not None:
            await self.open(self.chat)

    # -- changes --------------------------------------------------------------------------------

    def hide(self, keys: frozenset[str]) -> None:
        """Leave failed replies out that somebody saw to."""
        self._hidden = keys
        self._show()

    def _messages_changed(self, ids: frozenset[tuple[int, int]]) -> None:
        self._stale |= {message for chat, message in ids if chat == self.chat}

    def _chats_changed(self, ids: frozenset[int]) -> None:
        if self.chat is not None and self.chat in ids:
            self._refresh()

    @async_slot
    async def _refresh(self) -> None:
        async with self._lock:
            chat, stale = self.chat, frozenset(self._stale)
            self._stale.clear()
            if chat is None:
                return
            if self.has_newer:
                await self._reread_middle(chat)
            else:
                await self._reread_end(chat, stale)
            if self.chat == chat:
                await self._read_complete(chat)
                self._show()

    async def _reread_middle(self, chat: ChatId) -> None:
        first = self._rows[0].order if self._rows else None
        if first is None:
            return
        page = await self._browsing.list_messages(chat, len(self._rows), after=first - 1)
        if self.chat == chat:
            wanted = len(self._rows)
            self._rows = []
            self._append(page, wanted)

    async def _reread_end(self, chat: ChatId, stale: frozenset[int]) -> None:
        """Read the newest messages again, and all of the window only where something further up changed."""
        further_up = {row.key for row in self._rows[: -_TAIL // 2]}
        if not any(f"m{message}" in further_up for message in stale):
            page = await self._browsing.list_messages(chat, _TAIL)
            if self.chat == chat and self._splice(page):
                return
        first = self._rows[0] if self._rows else None
        if first is not None and first.order is not None:
            page = await self._browsing.list_messages(chat, MOST, after=first.order - 1)
            if self.chat == chat and page and page[0].key == first.key:
                self._rows = []
                self._append(page, MOST)
                return
        page = await self._browsing.list_messages(chat, FIRST)
        if self.chat == chat:
            self._take_newest(page, FIRST)

    def _splice(self, page: list[MessageRow]) -> bool:
        """Put the newest page in the place of what the window holds of it; false where they do not join."""
        said = [row for row in page if row.order is not None]
        if not said or not self._rows:
            return False
        orders = {row.key: row.order for row in self._rows}
        joins = said[0].key in orders and all(orders.get(r.key, r.order) == r.order for r in said)
        if not joins:
            return False
        first = said[0].order or 0
        self._rows = [row for row in self._rows if (row.order or 0) < first] + said
        self.pending = [row for row in page if row.order is None]
        if len(self._rows) > MOST:
            self._rows, self.has_older = self._rows[-MOST:], True
        return True

    def _take_newest(self, page: list[MessageRow], limit: int) -> None:
        self._rows = []
        self._append(page, limit + 1)
        self.has_older = len(self._rows) >= limit

    def _append(self, page: list[MessageRow], limit: int) -> None:
        said = [row for row in page if row.order is not None]
        self._rows = self._rows + said
        self.has_newer = len(said) >= limit
        self.pending = [] if self.has_newer else [row for row in page if row.order is None]

    async def _read_complete(self, chat: ChatId) -> None:
        found = await self._browsing.get_chat(chat)
        self._is_complete = bool(found and found.complete)
        self._is_behind = bool(found and found.behind)

    def _show(self, *, anew: bool = False) -> None:
        shown = [row for row in self.pending if not self._is_hidden(row)]
        is_behind = self._is_behind and not self.has_newer
        items = build_items(
            self._rows + shown, has_older=self.has_older, is_complete=self._is_complete, is_behind=is_behind
        )
        (self.model.replace if anew else self.model.apply)(items)
        self.pending_changed.emit()
        self.changed.emit()

    def _is_hidden(self, row: MessageRow) -> bool:
        return row.reply_state is ReplyState.FAILED and row.key in self._hidden
