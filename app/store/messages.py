"""Messages of the mirror: read in windows, changed only by the reconciler's decisions, each in one transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.change import Change, GapFound, MessageAdded, MessageChanged, MessageVanished
from app.domain.ids import ChatId, MessageId, ReplyId
from app.domain.message import ChatWindow, Content, Direction, Entry, Kind, Media, Origin, Quote, Shown, Tick
from app.store.engine import Unit
from app.store.schema import chat, message, outbox, revision

STEP = 1 << 20
"""How far apart the orders of two neighbours are at first."""
WINDOW = 400
"""Entries that a reconciliation looks at; a run from the phone seldom holds more."""


@dataclass(frozen=True, slots=True)
class MirroredMessage:
    """A message with what people see beside it: the reply it came from and that reply's author."""

    entry: Entry
    chat: ChatId
    reply: ReplyId | None
    author: str | None
    first_seen_at: datetime


async def load_window(connection: AsyncConnection, chat_id: ChatId, limit: int = WINDOW) -> ChatWindow:
    """Return the newest entries of a chat, oldest first."""
    query = select(message).where(message.c.chat_id == chat_id).order_by(message.c.position.desc()).limit(limit)
    rows = list((await connection.execute(query)).mappings())
    complete = (await connection.execute(select(chat.c.complete).where(chat.c.id == chat_id))).scalar()
    entries = tuple(entry_of(dict(row)) for row in reversed(rows))
    return ChatWindow(chat_id, entries, bool(complete) and len(rows) < limit)


async def has_gap(connection: AsyncConnection, chat_id: ChatId) -> bool:
    """Tell whether messages are missing somewhere in a chat."""
    query = select(message.c.id).where(message.c.chat_id == chat_id, message.c.gap_before).limit(1)
    return (await connection.execute(query)).first() is not None


async def is_begun(connection: AsyncConnection, chat_id: ChatId) -> bool:
    """Tell whether a screen or a file showed some of a chat; what notifications told is no beginning."""
    query = select(message.c.id).where(message.c.chat_id == chat_id, message.c.origin != Origin.NOTIFICATION.value)
    return (await connection.execute(query.limit(1))).first() is not None


async def get_entry(connection: AsyncConnection, chat_id: ChatId, message_id: MessageId) -> Entry | None:
    """Return one message of a chat."""
    query = select(message).where(message.c.chat_id == chat_id, message.c.id == message_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return entry_of(dict(row)) if row is not None else None


async def newest_id(connection: AsyncConnection, chat_id: ChatId) -> MessageId | None:
    """Return the last message of a chat."""
    query = select(message.c.id).where(message.c.chat_id == chat_id).order_by(message.c.position.desc()).limit(1)
    found = (await connection.execute(query)).scalar()
    return MessageId(found) if found is not None else None


async def list_messages(
    connection: AsyncConnection, chat_id: ChatId, limit: int, before: int | None = None, after: int | None = None
) -> list[MirroredMessage]:
    """Return a page of messages, oldest first.

    Args:
        connection: Where to read.
        chat_id: The chat.
        limit: At most so many.
        before: Only those of a smaller order, the newest of them.
        after: Only those of a greater order, the oldest of them.
    """
    query = select(message, outbox.c.author).outerjoin(outbox, outbox.c.uid == message.c.reply_uid)
    query = query.where(message.c.chat_id == chat_id)
    # What was only heard of and then not found on the screen was never part of the chat.
    query = query.where(~(message.c.gone & (message.c.origin == Origin.NOTIFICATION.value)))
    if after is not None:
        query = query.where(message.c.position > after).order_by(message.c.position).limit(limit)
        rows = list((await connection.execute(query)).mappings())
    else:
        if before is not None:
            query = query.where(message.c.position < before)
        query = query.order_by(message.c.position.desc()).limit(limit)
        rows = list((await connection.execute(query)).mappings())[::-1]
    return [_mirrored(dict(row), chat_id) for row in rows]


def _mirrored(row: dict[str, Any], chat_id: ChatId) -> MirroredMessage:
    reply = ReplyId(row["reply_uid"]) if row["reply_uid"] else None
    return MirroredMessage(entry_of(row), chat_id, reply, row["author"], row["first_seen_at"])


def entry_of(row: dict[str, Any]) -> Entry:
    """Return a row of the table as an entry."""
    day = date.fromisoformat(row["shown_day"]) if row["shown_day"] else None
    content = Content(
        kind=Kind(row["kind"]),
        text=row["text"],
        tick=Tick(row["tick"]) if row["tick"] else None,
        sender=row["sender"],
        edited=row["edited"],
        forwarded=row["forwarded"],
        cut=row["cut"],
        reactions=tuple(row["reactions"] or ()),
        quoted=Quote(**row["quoted"]) if row["quoted"] else None,
        media=Media(**row["media"]) if row["media"] else None,
    )
    return Entry(
        id=MessageId(row["id"]),
        order=row["position"],
        direction=Direction(row["direction"]),
        shown=Shown(row["shown_minute"], day),
        content=content,
        origin=Origin(row["origin"]),
        time_ms=row["time_ms"],
        gone=row["gone"],
        gap_before=row["gap_before"],
    )


def columns_of(content: Content, shown: Shown) -> dict[str, Any]:
    """Return the columns that say what a message shows."""
    return {
        "kind": content.kind.value,
        "text": content.text,
        "tick": content.tick.value if content.tick else None,
        "sender": content.sender,
        "edited": content.edited,
        "forwarded": content.forwarded,
        "cut": content.cut,
        "reactions": list(content.reactions),
        "quoted": asdict(content.quoted) if content.quoted else None,
        "media": asdict(content.media) if content.media else None,
        "shown_day": shown.day.isoformat() if shown.day else None,
        "shown_minute": shown.minute,
    }


async def apply_changes(unit: Unit, chat_id: ChatId, changes: tuple[Change, ...]) -> list[MessageId]:
    """Apply the reconciler's decisions in order and return the ids of the messages added."""
    added: list[MessageId] = []
    last_of: dict[MessageId | None, MessageId] = {}
    for one in changes:
        if isinstance(one, MessageAdded):
            # By its id, not by its order: making room may give every message another order.
            position = await _room(unit, chat_id, last_of.get(one.after, one.after))
            last_of[one.after] = await _insert(unit, chat_id, one, position)
            added.append(last_of[one.after])
        elif isinstance(one, MessageChanged):
            await _change(unit, chat_id, one)
        elif isinstance(one, MessageVanished):
            await _mark(unit, chat_id, one.id, gone=True)
        else:
            await _mark(unit, chat_id, one.id, gap_before=isinstance(one, GapFound))
    return added


async def _room(unit: Unit, chat_id: ChatId, after: MessageId | None) -> int:
    """Return a free order right behind `after`, or in front of everything."""
    low = await _position(unit, after) if after is not None else None
    if low is None:
        first = (
            await unit.connection.execute(select(func.min(message.c.position)).where(message.c.chat_id == chat_id))
        ).scalar()
        # Rows before everything known come in order, each behind the one before: leave room for a long back-fill.
        return STEP if first is None else int(first) - STEP * 1000
    following = (
        await unit.connection.execute(
            select(func.min(message.c.position)).where(message.c.chat_id == chat_id, message.c.position > low)
        )
    ).scalar()
    if following is not None and following - low < 2:
        await spread(unit, chat_id)
        return await _room(unit, chat_id, after)
    return low + STEP if following is None else low + min(STEP, int(following - low) // 2)


async def _position(unit: Unit, message_id: MessageId) -> int | None:
    found = (await unit.connection.execute(select(message.c.position).where(message.c.id == message_id))).scalar()
    return None if found is None else int(found)


async def spread(unit: Unit, chat_id: ChatId) -> None:
    """Give a chat's messages fresh orders, far apart. Two passes, for orders are unique."""
    rows = (
        await unit.connection.execute(
            select(message.c.id).where(message.c.chat_id == chat_id).order_by(message.c.position)
        )
    ).scalars()
    ids = list(rows)
    top = (
        await unit.connection.execute(select(func.max(message.c.position)).where(message.c.chat_id == chat_id))
    ).scalar()
    base = (int(top or 0) // STEP + 2) * STEP
    for index, row_id in enumerate(ids):
        await unit.connection.execute(
            update(message).where(message.c.id == row_id).values(position=base + index * STEP)
        )


def account_of(chat_id: ChatId) -> ScalarSelect[Any]:
    """Return a question for a chat's account, as a value of a row."""
    return select(chat.c.account_id).where(chat.c.id == chat_id).scalar_subquery()


async def _insert(unit: Unit, chat_id: ChatId, one: MessageAdded, position: int) -> MessageId:
    values = columns_of(one.content, one.shown) | {
        "chat_id": chat_id,
        "account_id": account_of(chat_id),
        "position": position,
        "direction": one.direction.value,
        "origin": one.origin.value,
        "time_ms": one.time_ms,
        "gap_before": one.gap_before,
        "first_seen_at": unit.now,
    }
    new_id = (await unit.connection.execute(insert(message).values(values).returning(message.c.id))).scalar_one()
    message_id = MessageId(int(new_id))
    await unit.touch("message", message_id, chat_id)
    return message_id


async def _change(unit: Unit, chat_id: ChatId, one: MessageChanged) -> None:
    before = entry_of(
        dict((await unit.connection.execute(select(message).where(message.c.id == one.id))).mappings().one())
    )
    # A text that the app had cut and now shows further was not changed by anybody.
    goes_on = before.content.cut and one.content.text.startswith(before.content.text)
    if not goes_on and (before.content.text, before.content.kind) != (one.content.text, one.content.kind):
        kept = {"kind": before.content.kind.value, "text": before.content.text}
        await unit.connection.execute(insert(revision).values(message_id=one.id, replaced_at=unit.now, content=kept))
    values = columns_of(one.content, one.shown) | {"origin": one.origin.value, "time_ms": one.time_ms, "gone": False}
    await unit.connection.execute(update(message).where(message.c.id == one.id).values(values))
    await unit.touch("message", one.id, chat_id)


async def _mark(unit: Unit, chat_id: ChatId, message_id: MessageId, **values: bool) -> None:
    await unit.connection.execute(update(message).where(message.c.id == message_id).values(**values))
    await unit.touch("message", message_id, chat_id)


async def bind_echo(unit: Unit, chat_id: ChatId, message_id: MessageId, reply: ReplyId) -> None:
    """Say that an own message on the phone is this reply."""
    await unit.connection.execute(update(message).where(message.c.id == message_id).values(reply_uid=reply))
    await unit.touch("message", message_id, chat_id)


async def count_messages(connection: AsyncConnection, chat_id: ChatId) -> int:
    """Return how many messages the mirror holds of a chat."""
    return int((await connection.execute(select(func.count()).where(message.c.chat_id == chat_id))).scalar() or 0)


@dataclass(frozen=True, slots=True)
class Sides:
    """Who wrote what last in a chat, as the mirror has it. Notices of the app are nobody's."""

    is_empty: bool
    """The mirror holds no row of the chat at all."""
    inbound_seen_at: datetime | None
    """When the mirror first held the customer's newest message, None when there is none."""
    own_since: int
    """Own messages after it."""
    has_gap_since: bool
    """Messages are missing after it."""


async def read_sides(connection: AsyncConnection, chat_id: ChatId) -> Sides:
    """Return who wrote last in a chat. A call of theirs is inbound; one of ours is no message."""
    mine = (message.c.chat_id == chat_id, ~message.c.gone, message.c.kind != Kind.SYSTEM.value)
    theirs = message.c.direction == Direction.IN.value
    inbound = select(message.c.position, message.c.first_seen_at).where(*mine, theirs)
    last = (await connection.execute(inbound.order_by(message.c.position.desc()).limit(1))).one_or_none()
    since = [message.c.position > last.position] if last is not None else []
    own = (message.c.direction == Direction.OUT.value, message.c.kind != Kind.CALL.value)
    gaps = select(func.count()).where(message.c.chat_id == chat_id, message.c.gap_before, *since)
    return Sides(
        is_empty=await count_messages(connection, chat_id) == 0,
        inbound_seen_at=last.first_seen_at if last is not None else None,
        own_since=int((await connection.execute(select(func.count()).where(*mine, *own, *since))).scalar() or 0),
        has_gap_since=bool((await connection.execute(gaps)).scalar()),
    )


async def earlier_texts(connection: AsyncConnection, message_id: MessageId) -> list[str]:
    """Return the texts that a message showed before, oldest first."""
    query = select(revision.c.content).where(revision.c.message_id == message_id).order_by(revision.c.id)
    return [str(content.get("text", "")) for content in (await connection.execute(query)).scalars()]
