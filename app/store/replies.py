"""The outbox. Every change of state names the state it comes from; one that is not there changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId, ReplyId
from app.domain.reply import ALLOWED, IN_HAND, SETTLED, Reason, Reply, ReplyState
from app.store.engine import Unit
from app.store.schema import message, outbox


async def add_reply(unit: Unit, reply: Reply) -> bool:
    """Insert a reply; false when its id is there already (a retried command)."""
    exists = (await unit.connection.execute(select(outbox.c.uid).where(outbox.c.uid == reply.id))).scalar()
    if exists is not None:
        return False
    values = {
        "uid": reply.id,
        "account_id": reply.account,
        "chat_id": reply.chat,
        "body": reply.body,
        "author": reply.author,
        "state": reply.state.value,
        "queued_at": reply.queued_at,
        "not_before": reply.not_before,
    }
    await unit.connection.execute(insert(outbox).values(values))
    await unit.touch("reply", reply.id, reply.chat)
    await unit.touch("queue", reply.account)
    return True


async def claim_next(unit: Unit, account_id: AccountId, holder: str, epoch: int) -> Reply | None:
    """Take the oldest reply that may go now. A chat with a reply in doubt waits: its order would be lost."""
    doubtful = select(outbox.c.chat_id).where(
        outbox.c.state.in_([s.value for s in IN_HAND]), outbox.c.account_id == account_id
    )
    query = (
        select(outbox.c.uid)
        .where(
            outbox.c.account_id == account_id,
            outbox.c.state == ReplyState.QUEUED.value,
            or_(outbox.c.not_before.is_(None), outbox.c.not_before <= unit.now),
            outbox.c.chat_id.not_in(doubtful),
        )
        .order_by(outbox.c.queued_at, outbox.c.uid)
        .limit(1)
    )
    uid = (await unit.connection.execute(query)).scalar()
    if uid is None:
        return None
    values = {"claimed_by": holder, "claim_epoch": epoch, "attempts": outbox.c.attempts + 1}
    moved = await move(unit, ReplyId(uid), ReplyState.QUEUED, ReplyState.CLAIMED, **values)
    return await get_reply(unit.connection, ReplyId(uid)) if moved else None


async def move(unit: Unit, reply: ReplyId, source: ReplyState, target: ReplyState, **values: Any) -> bool:
    """Move a reply from one state to another; false when it was not in `source`.

    Raises:
        ValueError: The state machine has no such way: a bug.
    """
    if target not in ALLOWED[source]:
        raise ValueError(f"no way from {source} to {target}")
    if target in SETTLED and source not in SETTLED:
        values["settled_at"] = unit.now
    if target is ReplyState.SUBMITTED:
        values["submitted_at"] = unit.now
    if isinstance(values.get("reason"), Reason):
        values["reason"] = values["reason"].value
    done = await unit.connection.execute(
        update(outbox).where(outbox.c.uid == reply, outbox.c.state == source.value).values(state=target.value, **values)
    )
    if done.rowcount != 1:
        return False
    chat_id = (await unit.connection.execute(select(outbox.c.chat_id).where(outbox.c.uid == reply))).scalar()
    await unit.touch("reply", reply, chat_id)
    return True


async def get_reply(connection: AsyncConnection, reply: ReplyId) -> Reply | None:
    """Return one reply."""
    found = await _select(connection, outbox.c.uid == reply)
    return found[0] if found else None


async def list_replies(
    connection: AsyncConnection,
    *,
    chat_id: ChatId | None = None,
    account_id: AccountId | None = None,
    states: frozenset[ReplyState] | None = None,
) -> list[Reply]:
    """Return replies, oldest first."""
    where: list[Any] = []
    if chat_id is not None:
        where.append(outbox.c.chat_id == chat_id)
    if account_id is not None:
        where.append(outbox.c.account_id == account_id)
    if states is not None:
        where.append(outbox.c.state.in_([s.value for s in states]))
    return await _select(connection, *where)


async def next_due(connection: AsyncConnection, account_id: AccountId) -> datetime | None:
    """Return when the next queued reply may go, None when none waits or one may go at once."""
    query = (
        select(outbox.c.not_before)
        .where(outbox.c.account_id == account_id, outbox.c.state == ReplyState.QUEUED.value)
        .order_by(outbox.c.not_before)
        .limit(1)
    )
    return (await connection.execute(query)).scalar()


async def _select(connection: AsyncConnection, *where: Any) -> list[Reply]:
    query = (
        select(outbox, message.c.id.label("echo_id"))
        .outerjoin(message, message.c.reply_uid == outbox.c.uid)
        .where(*where)
        .order_by(outbox.c.queued_at, outbox.c.uid)
    )
    return [_reply(dict(row)) for row in (await connection.execute(query)).mappings()]


def _reply(row: dict[str, Any]) -> Reply:
    return Reply(
        id=ReplyId(row["uid"]),
        account=AccountId(row["account_id"]),
        chat=ChatId(row["chat_id"]),
        body=row["body"],
        author=row["author"],
        state=ReplyState(row["state"]),
        queued_at=row["queued_at"],
        not_before=row["not_before"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        attempts=row["attempts"],
        baseline=row["baseline"],
        echo=row["echo_id"],
        settled_at=row["settled_at"],
    )
