"""Brings texts that the app cut with "Read more" to their full length, in the chat that is open anyway.

What cannot be shown further stays marked as cut.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from app.domain.change import MessageChanged
from app.domain.ids import ChatId, MessageId
from app.domain.message import Entry, Origin
from app.domain.observation import ChatSeen, RowSeen
from app.domain.ports import ChatTarget, PhoneThread
from app.mirror.completing import find_cut, find_longer
from app.services.mirroring import OPEN_S, PAGE_S, Mirroring, ReadingStopped
from app.store import messages
from app.store.engine import Store

logger = logging.getLogger(__name__)

_ENTRIES = 120
"""So many of the newest messages are looked through."""
_WINDOWS = 60
"""A text shown in full may be taller than many windows, and others stand above it."""
_STEPS = 40
"""So often one text is shown further at most; the app cuts a very long one more than once."""


class Completing:
    """The way from a cut text to the whole one."""

    def __init__(self, store: Store, mirroring: Mirroring) -> None:
        self._store = store
        self._mirroring = mirroring
        self._given_up: set[MessageId] = set()

    async def complete(self, phone: PhoneThread, chat_id: ChatId, must_stop: Callable[[], bool]) -> int:
        """Read cut texts of a chat's newest messages in full; return how many grew.

        A window that a text fills joins no other: whoever reads the chat after this leaves it first.

        Raises:
            ReadingStopped: `must_stop` said so; what was read is kept.
        """
        wanted = await self._wanted(chat_id)
        if not wanted:
            return 0
        target = await self._mirroring.target(await self._mirroring.get_chat(chat_id))
        if target.has_namesake:
            # Its header proves nothing; what was read of it was proved by its rows, which are about to move.
            return 0
        seen = await phone.call(lambda p: p.open_chat(target), OPEN_S)
        count = 0
        for _ in range(_WINDOWS):
            grown, seen = await self._window(phone, chat_id, target, seen)
            count += len(grown)
            wanted = [one for one in wanted if one.id not in grown and one.id not in self._given_up]
            if not wanted or seen.starts_chat:
                break
            if must_stop():
                raise ReadingStopped
            seen, _ = await phone.call(lambda p: p.scroll_chat_up(target), PAGE_S)
        return count

    async def _wanted(self, chat_id: ChatId) -> list[Entry]:
        return [
            one for one in await self._entries(chat_id)
            if one.content.cut and one.origin is Origin.SCREEN and one.id not in self._given_up
        ]  # fmt: skip

    async def _entries(self, chat_id: ChatId) -> list[Entry]:
        async with self._store.read() as connection:
            window = await messages.load_window(connection, chat_id, _ENTRIES)
        return [one for one in window.entries if not one.gone]

    async def _window(
        self, phone: PhoneThread, chat_id: ChatId, target: ChatTarget, seen: ChatSeen
    ) -> tuple[set[MessageId], ChatSeen]:
        """Read every cut text of one window in full; rows further down may be pushed out of view by it."""
        grown: set[MessageId] = set()
        for _ in range(_STEPS):
            entries = [one for one in await self._entries(chat_id) if one.id not in self._given_up]
            found = find_cut(entries, seen.rows)
            if found is None:
                break
            entry, row = found
            seen, longer = await self._further(phone, target, row)
            if longer is None:
                self._given_up.add(entry.id)
                logger.info("chat %s: a text cannot be shown further", chat_id)
                continue
            content = replace(entry.content, text=longer.content.text, cut=longer.content.cut)
            change = MessageChanged(entry.id, content, entry.shown, entry.origin, entry.time_ms)
            async with self._store.write() as unit:
                await messages.apply_changes(unit, chat_id, (change,))
            grown.add(entry.id)
        return grown, seen

    async def _further(self, phone: PhoneThread, target: ChatTarget, row: RowSeen) -> tuple[ChatSeen, RowSeen | None]:
        seen = await phone.call(lambda p: p.read_more(target, row), PAGE_S)
        return seen, find_longer(row, seen.rows)
