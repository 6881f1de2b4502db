"""What a person left in a chat's entry is waited for; where nobody goes on, it gives way to a reply and is put back.

It is in the database before it is taken out of the entry.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from app.domain.errors import PhoneLost, ScreenNotRecognised, SendRefused
from app.domain.ids import AccountId, ChatId
from app.domain.message import Direction
from app.domain.observation import ChatSeen
from app.domain.ports import ChatTarget, Clock, PhoneThread
from app.domain.reply import Reason, Reply
from app.store import drafts
from app.store.engine import Store

logger = logging.getLogger(__name__)

STAYS = timedelta(seconds=45)
"""So long a text must have stood in the entry unchanged; a reply waits a minute between two tries."""
DRAFT_S = 45.0
_NEWEST = 6


class Drafts:
    """What people left in the entries of one program's phones."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def put_aside(self, reply: Reply, seen: ChatSeen, ours: frozenset[str]) -> frozenset[str]:
        """Return the texts that a reply may replace in the entry, with a draft that nobody goes on with.

        Args:
            reply: The reply that is about to be typed.
            seen: Its chat.
            ours: Texts of this program.

        Raises:
            SendRefused: Somebody may be writing there.
        """
        entry = seen.entry
        async with self._store.read() as connection:
            known = await drafts.get_draft(connection, reply.chat)
        if entry is None or not entry.text or entry.text in ours or entry.text.split() == reply.body.split():
            if known is not None and not known.aside:
                # The same words begun anew are another draft.
                async with self._store.write() as unit:
                    await drafts.forget_draft(unit, reply.chat)
            return ours
        if known is not None and (known.aside or entry.quote is not None):
            # The first is still to be put back; a quote cannot be.
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        async with self._store.write() as unit:
            if known is None or known.text != entry.text:
                await drafts.note_draft(unit, reply.chat, entry.text)
            elif self._clock.now() - known.since >= STAYS:
                await drafts.set_aside(unit, reply.chat, aside=True)
                logger.info("reply %s: a draft is put aside", reply.id)
                return ours | {entry.text}
        raise SendRefused(Reason.SOMEONE_ELSE_TYPING)

    async def keep(self, chat_id: ChatId, seen: ChatSeen) -> None:
        """Keep a draft that the app may take out of a chat's entry by itself, until `put_back`."""
        text = seen.entry.text if seen.entry is not None else ""
        async with self._store.write() as unit:
            known = await drafts.get_draft(unit.connection, chat_id)
            if text and (known is None or not known.aside):
                await drafts.note_draft(unit, chat_id, text)
                await drafts.set_aside(unit, chat_id, aside=True)

    async def put_back(self, phone: PhoneThread, chat_id: ChatId, target: ChatTarget) -> None:
        """Put a draft that was taken out of a chat's entry back, where that is empty; the chat is open.

        Never raises: what could not be put back now is tried again.
        """
        async with self._store.read() as connection:
            known = await drafts.get_draft(connection, chat_id)
        if known is None or not known.aside:
            return
        try:
            seen = await phone.call(lambda p: p.read_chat(target), DRAFT_S)
            if seen.entry is None or (seen.entry.text and known.text not in seen.entry.text):
                return
            if not seen.entry.text and not _is_sent(known.text, seen):
                await phone.call(lambda p: p.type_reply(target, known.text), DRAFT_S)
        except (PhoneLost, ScreenNotRecognised, SendRefused) as error:
            logger.info("chat %s: a draft is not back yet: %s", chat_id, type(error).__name__)
            return
        async with self._store.write() as unit:
            # It goes on being known: the next reply need not wait for what has stood there so long.
            await drafts.set_aside(unit, chat_id, aside=False)

    async def list_aside(self, account: AccountId) -> list[ChatId]:
        """Return chats whose draft is still to be put back."""
        async with self._store.read() as connection:
            return await drafts.list_aside(connection, account)


def _is_sent(text: str, seen: ChatSeen) -> bool:
    """Tell whether its writer sent a text meanwhile."""
    return any(row.direction is Direction.OUT and row.content.text == text for row in seen.rows[-_NEWEST:])
