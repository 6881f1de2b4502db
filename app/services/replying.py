"""An agent's wish to answer: one row in the outbox, nothing else. The phone is never touched from here."""

from __future__ import annotations

import uuid
from datetime import timedelta

from app.domain.errors import BadInput
from app.domain.ids import ChatId, ReplyId
from app.domain.ports import Clock
from app.domain.reply import Reason, Reply, ReplyState
from app.store import chats, replies
from app.store.engine import Store

MAX_TEXT = 65_536
"""Characters; the app's own limit for one message [general knowledge, checked again by reading the entry back]."""


class Replying:
    """Queueing, cancelling and settling replies."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author

    async def queue_reply(
        self, chat_id: ChatId, body: str, *, undo_s: float = 0, reply_id: ReplyId | None = None
    ) -> Reply:
        """Put a reply into the outbox and return it.

        Args:
            chat_id: The one chat that it goes to.
            body: The text, as typed.
            undo_s: So long it waits and can be taken back.
            reply_id: The client's own id, for a command that is tried again.

        Raises:
            BadInput: No text, too long a text, or no such chat.
        """
        text = body.replace("\r\n", "\n").replace("\x00", "").strip()
        if not text:
            raise BadInput("a reply needs a text")
        if len(text) > MAX_TEXT:
            raise BadInput(f"a reply holds at most {MAX_TEXT} characters; this one has {len(text)}")
        if not _is_text(text):
            raise BadInput("the text holds bytes that are no characters; nothing was queued")
        now = self._clock.now()
        async with self._store.write() as unit:
            chat = await chats.get_chat(unit.connection, chat_id)
            if chat is None:
                raise BadInput(f"there is no chat {chat_id}")
            reply = Reply(
                id=reply_id or ReplyId(uuid.uuid4().hex),
                account=chat.account,
                chat=chat_id,
                body=text,
                author=self._author,
                state=ReplyState.QUEUED,
                queued_at=now,
                not_before=now + timedelta(seconds=undo_s) if undo_s else None,
            )
            await replies.add_reply(unit, reply)
        return reply

    async def cancel_reply(self, reply_id: ReplyId) -> bool:
        """Take a reply back while it waits; false once the phone has it in hand."""
        async with self._store.write() as unit:
            return await replies.move(unit, reply_id, ReplyState.QUEUED, ReplyState.CANCELLED)

    async def settle_reply(self, reply_id: ReplyId, *, was_sent: bool) -> bool:
        """A person looked at the phone and says what became of an unknown reply."""
        target = ReplyState.SENT if was_sent else ReplyState.FAILED
        async with self._store.write() as unit:
            return await replies.move(unit, reply_id, ReplyState.UNKNOWN, target, reason=Reason.SETTLED_BY_PERSON)

    async def get_reply(self, reply_id: ReplyId) -> Reply | None:
        """Return a reply as it is now."""
        async with self._store.read() as connection:
            return await replies.get_reply(connection, reply_id)


def _is_text(text: str) -> bool:
    """Tell whether the text can be written at all: a shell may hand over halves of characters."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
