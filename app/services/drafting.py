"""Answers on their way to being sent: kept as an agent types, shown to nobody else, handed over with one command."""

from __future__ import annotations

from datetime import datetime

from app.domain.errors import BadInput
from app.domain.ids import ChatId, MessageId
from app.domain.ports import Clock
from app.store import chats, members, own_drafts
from app.store.engine import Store
from app.store.own_drafts import OwnDraft

__all__ = ["Drafting", "OwnDraft"]

_WHY = {
    "none": "there is no draft of yours in this chat",
    "stranger": "a draft is handed to a colleague who may answer on this number",
    "taken": "this colleague writes a draft of their own in this chat",
}


class Drafting:
    """The drafts of one person."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author

    async def save(
        self,
        chat_id: ChatId,
        body: str,
        *,
        quote: MessageId | None = None,
        last_seen: MessageId | None = None,
        begun_at: datetime | None = None,
    ) -> OwnDraft | None:
        """Keep what is typed in a chat; nothing typed is no draft. The caller waits until the typing pauses.

        Args:
            chat_id: The chat.
            body: The text as it stands.
            quote: The message that it is to quote.
            last_seen: The last message that the author has in view.
            begun_at: When it was begun, by the database's clock, where that is not now.

        Raises:
            BadInput: There is no such chat.
        """
        async with self._store.write() as unit:
            chat = await chats.get_chat(unit.connection, chat_id)
            if chat is None:
                raise BadInput(f"there is no chat {chat_id}")
            me = (await members.own_member(unit, self._author)).id
            if not body.strip():
                await own_drafts.clear_draft(unit, chat_id, me)
                return None
            now = unit.now
            one = OwnDraft(chat_id, me, chat.account, body, quote, last_seen, begun_at or now, now, None)
            await own_drafts.save_draft(unit, one)
            return await own_drafts.get_draft(unit.connection, chat_id, me)

    async def get(self, chat_id: ChatId) -> OwnDraft | None:
        """Return one's own draft in a chat."""
        async with self._store.read() as connection:
            me = await members.own_id(connection, self._author)
            return await own_drafts.get_draft(connection, chat_id, me) if me is not None else None

    async def list_mine(self) -> list[OwnDraft]:
        """Return one's own drafts, the last changed first."""
        async with self._store.read() as connection:
            me = await members.own_id(connection, self._author)
            return await own_drafts.list_drafts(connection, me) if me is not None else []

    async def clear(self, chat_id: ChatId) -> bool:
        """Throw a draft away; false where there is none."""
        async with self._store.write() as unit:
            me = (await members.own_member(unit, self._author)).id
            return await own_drafts.clear_draft(unit, chat_id, me)

    async def hand_over(self, chat_id: ChatId, to: int) -> None:
        """Give a draft to a colleague, who alone sees it from then on.

        Raises:
            BadInput: There is none, or this colleague cannot have it.
        """
        async with self._store.write() as unit:
            me = (await members.own_member(unit, self._author)).id
            if await members.get_member(unit.connection, to) is None:
                raise BadInput(f"there is no member {to}")
            said = await own_drafts.hand_over(unit, chat_id, me, to)
            if said != "done":
                raise BadInput(_WHY[said])
