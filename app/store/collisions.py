"""What the guard before an answer asks of the database: who else answered a chat, and what came in meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import ChatId, MessageId, ReplyId
from app.domain.message import Direction, Kind
from app.domain.reply import ReplyState
from app.store.schema import member, message, outbox
from app.team.guarding import OtherReply

_EVER = datetime(1, 1, 1, tzinfo=UTC)
_THEIRS = (~message.c.gone, message.c.kind != Kind.SYSTEM.value, message.c.direction == Direction.IN.value)
_OURS = (~message.c.gone, message.c.direction == Direction.OUT.value)


async def newest_inbound_at(connection: AsyncConnection, chat_id: ChatId) -> datetime:
    """Return when the mirror first held the customer's newest message; long ago where there is none."""
    query = select(message.c.first_seen_at).where(message.c.chat_id == chat_id, *_THEIRS)
    found = (await connection.execute(query.order_by(message.c.position.desc()).limit(1))).scalar()
    return found if found is not None else _EVER


async def list_inbound(
    connection: AsyncConnection, chat_id: ChatId, last_seen: MessageId | None, since: datetime
) -> tuple[MessageId, ...]:
    """Return what the customer wrote behind a message, in the order of the chat; without one, since a time."""
    place = await _place(connection, chat_id, last_seen)
    behind = message.c.position > place if place is not None else message.c.first_seen_at > since
    query = select(message.c.id).where(message.c.chat_id == chat_id, *_THEIRS, behind).order_by(message.c.position)
    return tuple(MessageId(one) for one in (await connection.execute(query)).scalars())


async def list_others(
    connection: AsyncConnection, chat_id: ChatId, author: str, since: datetime, last_seen: MessageId | None
) -> list[OtherReply]:
    """Return answers by others since a time, and what was typed on the phone behind a message."""
    query = (
        select(outbox.c.uid, outbox.c.author, outbox.c.body, outbox.c.queued_at, outbox.c.state, member.c.id)
        .outerjoin(member, member.c.login == outbox.c.author)
        .where(outbox.c.chat_id == chat_id, outbox.c.author != author, outbox.c.queued_at >= since)
        .order_by(outbox.c.queued_at)
    )
    found = [
        OtherReply(ReplyId(row.uid), row.id or 0, row.body, row.queued_at, ReplyState(row.state))
        for row in await connection.execute(query)
    ]
    place = await _place(connection, chat_id, last_seen)
    if place is None:
        return found
    typed = select(message.c.id, message.c.text, message.c.first_seen_at).where(
        message.c.chat_id == chat_id, *_OURS, message.c.kind.not_in([Kind.SYSTEM.value, Kind.CALL.value]),
        message.c.reply_uid.is_(None), message.c.position > place,
    )  # fmt: skip
    rows = await connection.execute(typed.order_by(message.c.position))
    return found + [
        OtherReply(MessageId(row.id), None, row.text, max(row.first_seen_at, since), ReplyState.SENT) for row in rows
    ]


async def list_known(connection: AsyncConnection, chat_id: ChatId, author: str) -> list[ReplyId]:
    """Return the replies of others that are known of a chat."""
    query = select(outbox.c.uid).where(outbox.c.chat_id == chat_id, outbox.c.author != author)
    return [ReplyId(one) for one in (await connection.execute(query.order_by(outbox.c.queued_at))).scalars()]


async def _place(connection: AsyncConnection, chat_id: ChatId, message_id: MessageId | None) -> int | None:
    if message_id is None:
        return None
    query = select(func.max(message.c.position)).where(message.c.chat_id == chat_id, message.c.id == message_id)
    found = (await connection.execute(query)).scalar()
    return int(found) if found is not None else None
