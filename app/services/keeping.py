"""Writing while the team's server is away: replies and drafts are kept on this PC, under uids of their own.

A reply is judged twice: now by what the copy knows, and by the server when it is there. Nothing is typed from here.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from app.domain.errors import BadInput, NotAllowed, ReplyRefused
from app.domain.ids import ChatId, ReplyId
from app.domain.policy import Role
from app.domain.ports import Clock
from app.domain.reply import Reply
from app.outbox.policy import refuse_early
from app.services.guarding import Facts
from app.services.pacing import read_history
from app.services.replying import Replying
from app.store import accounts, chats, collisions, copying, members, messages, own_drafts
from app.store.chats import Chat
from app.store.engine import Reader, Store, Unit
from app.store.kept import KeptFile, KeptState, KeptText

__all__ = ["Keeping", "KeptFile", "KeptState", "KeptText", "ReplyingHere"]

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_NO_FILE = "a file goes only by the team's server, which is away; nothing was kept. Send the text, or try again later"
_ONLY_READ = "you may only read on this number; nothing was kept"


class Keeping:
    """What one person writes on top of their copy."""

    def __init__(self, copy: Store, kept: KeptFile, clock: Clock, author: str) -> None:
        self._copy = copy
        self._kept = kept
        self._clock = clock
        self._author = author

    async def keep_reply(self, unit: Unit, reply: Reply, facts: Facts) -> None:
        """Keep a reply that nothing in the copy forbids, in the transaction of the copy that looked.

        Raises:
            BadInput: It carries a file.
            NotAllowed: The person may not answer on this number.
            ReplyRefused: Too many wait for this chat already.
        """
        if reply.file is not None:
            raise BadInput(_NO_FILE)
        chat = await self._chat(unit.connection, reply.chat)
        await self._refuse_many(unit.connection, chat, reply)
        one = KeptText(
            uid=reply.id,
            is_draft=False,
            account=chat.account,
            chat=chat.id,
            title=chat.title,
            body=reply.body,
            author=self._author,
            at=self._clock.now(),
            seen_at=await _seen_at(unit.connection),
            last_seen=await messages.newest_id(unit.connection, chat.id),
            known=tuple(await collisions.list_known(unit.connection, chat.id, self._author)),
            quote=reply.quote.message if reply.quote is not None else None,
            anyway=facts.is_anyway,
            overrides={override.rule.value: override.why for override in reply.overrides},
        )
        await self._kept.add(one)

    async def _refuse_many(self, connection: Reader, chat: Chat, reply: Reply) -> None:
        waiting = [one for one in await self._kept.list_all() if one.state is KeptState.WAITING and not one.is_draft]
        count = sum(1 for one in waiting if one.chat == chat.id)
        history = await read_history(connection, chat, with_waiting=True)
        more = replace(history, unanswered=history.unanswered + count, under_way=history.under_way + count)
        policy = (await accounts.get_account(connection, chat.account)).policy
        reason = refuse_early(more, policy, {one.rule for one in reply.overrides})
        if reason is not None:
            raise ReplyRefused(reason)

    async def save_draft(self, chat_id: ChatId, body: str) -> KeptText:
        """Keep a draft for the server; an empty one takes the draft there away.

        Raises:
            BadInput: There is no such chat in the copy.
        """
        async with self._copy.read() as connection:
            chat = await chats.get_chat(connection, chat_id)
            if chat is None:
                raise BadInput(f"there is no chat {chat_id} in the copy on this PC")
            me = await members.own_id(connection, self._author)
            base = await own_drafts.get_draft(connection, chat_id, me) if me is not None else None
            one = KeptText(
                uid=ReplyId(uuid.uuid4().hex),
                is_draft=True,
                account=chat.account,
                chat=chat_id,
                title=chat.title,
                body=body,
                author=self._author,
                at=self._clock.now(),
                seen_at=base.begun_at if base is not None else await _seen_at(connection),
                last_seen=await messages.newest_id(connection, chat_id),
                base=base.changed_at.isoformat() if base is not None else "",
            )
        await self._kept.add(one)
        return one

    async def _chat(self, connection: Reader, chat_id: ChatId) -> Chat:
        chat = await chats.get_chat(connection, chat_id)
        if chat is None:
            raise BadInput(f"there is no chat {chat_id} in the copy on this PC")
        me = await members.own_id(connection, self._author)
        if me is None or not await members.is_listed(connection, me, chat.account):
            raise NotAllowed(_ONLY_READ)
        return chat


async def _seen_at(connection: Reader) -> datetime:
    """Return how far the copy is complete; who reads one that never was, has seen nothing since the beginning."""
    return (await copying.read_marks(connection)).until or _NEVER


class ReplyingHere(Replying):
    """Answering without the server: the same questions, asked of the copy; what passes is kept on this PC."""

    def __init__(self, copy: Store, clock: Clock, author: str, role: Role, keeping: Keeping) -> None:
        super().__init__(copy, clock, author, role)
        self._keeping = keeping

    async def _add(self, unit: Unit, reply: Reply, facts: Facts) -> None:
        await self._keeping.keep_reply(unit, reply, facts)

    async def cancel_reply(self, reply_id: ReplyId) -> bool:
        """Refuse: what is not kept here is with the team.

        Raises:
            BadInput: In any case.
        """
        raise BadInput("this reply is with the team already, and its server is away; nothing was changed")
