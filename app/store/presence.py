"""Who is there, and who is in which chat: leases that end by the clock of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import ChatId
from app.store.engine import Unit
from app.store.schema import chat_presence, presence
from app.team.choosing import Presence
from app.team.guarding import LEASE_S, Lease, Mode

LEASE = timedelta(seconds=LEASE_S)
_THERE = presence.c.state != Presence.OFFLINE.value


async def set_presence(unit: Unit, member: int, state: Presence) -> None:
    """Say that a member is there, and how; or that they left, and since when is kept for a day."""
    mine = presence.c.member_id == member
    before = (await unit.connection.execute(select(presence.c.state, presence.c.seen_at).where(mine))).one_or_none()
    values = {"state": state.value, "seen_at": unit.now}
    if state is Presence.OFFLINE and before is not None and before.state == state.value:
        return
    if before is None:
        await unit.connection.execute(insert(presence).values(values | {"member_id": member, "since": unit.now}))
    elif before.state != state.value or before.seen_at <= unit.now - LEASE:
        await unit.connection.execute(update(presence).where(mine).values(values | {"since": unit.now}))
    else:
        await unit.connection.execute(update(presence).where(mine).values(values))
        return
    await unit.touch("presence", member)


async def remove_expired(unit: Unit, before: datetime) -> int:
    """Remove who was last there, or in a chat, before a time; nobody was shown them any more. Return how many."""
    gone = await unit.connection.execute(delete(presence).where(presence.c.seen_at < before))
    left = await unit.connection.execute(delete(chat_presence).where(chat_presence.c.expires_at < before))
    return gone.rowcount + left.rowcount


async def beat(unit: Unit, member: int) -> bool:
    """Say that a member is still there and where they were; false for one who is not signed in."""
    done = await unit.connection.execute(
        update(presence).where(presence.c.member_id == member, _THERE).values(seen_at=unit.now)
    )
    alive = (chat_presence.c.member_id == member, chat_presence.c.expires_at > unit.now)
    await unit.connection.execute(update(chat_presence).where(*alive).values(expires_at=unit.now + LEASE))
    return done.rowcount == 1


async def list_present(connection: AsyncConnection, now: datetime) -> dict[int, tuple[Presence, datetime]]:
    """Return who is there, how, and since when."""
    query = select(presence).where(presence.c.seen_at > now - LEASE, _THERE)
    rows = (await connection.execute(query)).mappings()
    return {row["member_id"]: (Presence(row["state"]), row["since"]) for row in rows}


async def enter(unit: Unit, chat_id: ChatId, member: int, mode: Mode) -> None:
    """Say that a member looks at a chat, or types there."""
    mine = (chat_presence.c.chat_id == chat_id, chat_presence.c.member_id == member)
    query = select(chat_presence.c.mode, chat_presence.c.expires_at).where(*mine)
    before = (await unit.connection.execute(query)).one_or_none()
    values = {"mode": mode.value, "expires_at": unit.now + LEASE}
    if before is not None and before.mode == mode.value and before.expires_at > unit.now:
        await unit.connection.execute(update(chat_presence).where(*mine).values(values))
        return
    values["since"] = unit.now
    if before is None:
        await unit.connection.execute(insert(chat_presence).values(values | {"chat_id": chat_id, "member_id": member}))
    else:
        await unit.connection.execute(update(chat_presence).where(*mine).values(values))
    await unit.touch("presence", member, chat_id)


async def leave(unit: Unit, member: int, chat_id: ChatId | None = None) -> None:
    """Say that a member left a chat, or all of them."""
    where = [chat_presence.c.member_id == member]
    if chat_id is not None:
        where.append(chat_presence.c.chat_id == chat_id)
    gone = list((await unit.connection.execute(select(chat_presence.c.chat_id).where(*where))).scalars())
    if gone:
        await unit.connection.execute(delete(chat_presence).where(*where))
        for one in gone:
            await unit.touch("presence", member, one)


async def list_leases(
    connection: AsyncConnection, chat_ids: Sequence[ChatId], now: datetime
) -> dict[ChatId, tuple[Lease, ...]]:
    """Return who is in each of these chats now."""
    found: dict[ChatId, tuple[Lease, ...]] = {}
    query = select(chat_presence).where(chat_presence.c.chat_id.in_(chat_ids), chat_presence.c.expires_at > now)
    for row in (await connection.execute(query.order_by(chat_presence.c.since))).mappings():
        one = Lease(row["member_id"], Mode(row["mode"]), row["since"], row["expires_at"])
        chat_id = ChatId(row["chat_id"])
        found[chat_id] = (*found.get(chat_id, ()), one)
    return found
