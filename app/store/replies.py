"""The outbox. Every change of state names the state it comes from; one that is not there changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.attached import ReplyFile
from app.domain.ids import AccountId, ChatId, MessageId, ReplyId
from app.domain.message import Direction, Kind
from app.domain.quoting import ReplyQuote
from app.domain.reply import ALLOWED, IN_HAND, SETTLED, Override, Reason, Reply, ReplyState
from app.store.engine import Unit
from app.store.schema import message, outbox, reply_file, reply_override, reply_quote

_MANY = 500
"""Ids in one question at most: SQLite limits them; beyond it every override is read."""


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
    for one in reply.overrides:
        kept = {"reply_uid": reply.id, "rule": one.rule.value, "author": one.author, "at": one.at, "why": one.why}
        await unit.connection.execute(insert(reply_override).values(kept))
    if reply.file is not None:
        await unit.connection.execute(insert(reply_file).values(_file_values(reply.id, reply.file)))
    if reply.quote is not None:
        await unit.connection.execute(insert(reply_quote).values(_quote_values(reply.id, reply.quote)))
    await unit.touch("reply", reply.id, reply.chat)
    await unit.touch("queue", reply.account)
    return True


async def list_queue(connection: AsyncConnection, account_id: AccountId) -> tuple[list[Reply], frozenset[ChatId]]:
    """Return the queued replies of an account, oldest first, and its chats that have a reply in hand."""
    queued = await list_replies(connection, account_id=account_id, states=frozenset({ReplyState.QUEUED}))
    in_hand = select(outbox.c.chat_id).where(
        outbox.c.state.in_([s.value for s in IN_HAND]), outbox.c.account_id == account_id
    )
    return queued, frozenset(ChatId(one) for one in (await connection.execute(in_hand)).scalars())


async def claim(unit: Unit, reply: ReplyId, holder: str, epoch: int) -> Reply | None:
    """Take a queued reply in hand; None when it is queued no more. What it waited for is forgotten."""
    values = {"claimed_by": holder, "claim_epoch": epoch, "attempts": outbox.c.attempts + 1, "reason": None}
    moved = await move(unit, reply, ReplyState.QUEUED, ReplyState.CLAIMED, **values)
    return await get_reply(unit.connection, reply) if moved else None


async def move(
    unit: Unit, reply: ReplyId, source: ReplyState, target: ReplyState, attempt: int | None = None, /, **values: Any
) -> bool:
    """Move a reply from one state to another; false when it was not in `source`.

    Args:
        unit: The transaction.
        reply: Which one.
        source: Where it has to be.
        target: Where it goes.
        attempt: Only while it is in hand for this attempt: a later one may be another process's.
        **values: What else is kept of it.

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
    where = [outbox.c.uid == reply, outbox.c.state == source.value]
    where += [] if attempt is None else [outbox.c.attempts == attempt]
    done = await unit.connection.execute(update(outbox).where(*where).values(state=target.value, **values))
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


async def list_taps(connection: AsyncConnection, account_id: AccountId, since: datetime) -> tuple[datetime, ...]:
    """Return when replies of an account were submitted since a time, and the newest before it, oldest first.

    One that was submitted and then certainly not tapped counts too: rather one too many.
    """
    mine = (outbox.c.account_id == account_id, outbox.c.submitted_at.is_not(None))
    query = select(outbox.c.submitted_at).where(*mine)
    recent = list((await connection.execute(query.where(outbox.c.submitted_at > since))).scalars())
    newest_first = outbox.c.submitted_at.desc()
    before = query.where(outbox.c.submitted_at <= since).order_by(newest_first).limit(1)
    return tuple(sorted([*(await connection.execute(before)).scalars(), *recent]))


async def count_under_way(connection: AsyncConnection, chat_id: ChatId, states: frozenset[ReplyState]) -> int:
    """Return how many replies of a chat are in one of some states and have no bubble yet."""
    query = (
        select(func.count())
        .select_from(outbox.outerjoin(message, message.c.reply_uid == outbox.c.uid))
        .where(outbox.c.chat_id == chat_id, outbox.c.state.in_([s.value for s in states]), message.c.id.is_(None))
    )
    return int((await connection.execute(query)).scalar() or 0)


async def count_in_doubt(connection: AsyncConnection, chat_id: ChatId, since: datetime | None) -> int:
    """Return how many unknown replies of a chat were submitted after a time: each may have reached the customer."""
    where = [outbox.c.chat_id == chat_id, outbox.c.state == ReplyState.UNKNOWN.value]
    if since is not None:
        where.append(outbox.c.submitted_at > since)
    return int((await connection.execute(select(func.count()).select_from(outbox).where(*where))).scalar() or 0)


async def _overrides(connection: AsyncConnection, uids: list[str]) -> dict[str, tuple[Override, ...]]:
    found: dict[str, tuple[Override, ...]] = {}
    query = select(reply_override).order_by(reply_override.c.id)
    if len(uids) <= _MANY:
        query = query.where(reply_override.c.reply_uid.in_(uids))
    for row in (await connection.execute(query)).mappings():
        one = Override(Reason(row["rule"]), row["author"], row["at"], row["why"])
        found[row["reply_uid"]] = (*found.get(row["reply_uid"], ()), one)
    return found


_FILE = [reply_file.c[name].label(f"file_{name}") for name in ("sha256", "name", "kind", "mime", "size")]


def _file_values(uid: ReplyId, file: ReplyFile) -> dict[str, Any]:
    kept = {"sha256": file.sha256, "name": file.name, "kind": file.kind.value, "mime": file.mime, "size": file.size}
    return {"reply_uid": uid, **kept}


def _file(row: dict[str, Any]) -> ReplyFile | None:
    if row["file_sha256"] is None:
        return None
    kind = Kind(row["file_kind"])
    return ReplyFile(row["file_sha256"], row["file_name"], kind, row["file_mime"], row["file_size"])


_QUOTE = [reply_quote.c[name].label(f"quote_{name}") for name in ("message_id", "direction", "text", "sender", "cut")]


def _quote_values(uid: ReplyId, quote: ReplyQuote) -> dict[str, Any]:
    kept = {"direction": quote.direction.value, "text": quote.text, "sender": quote.sender, "cut": quote.cut}
    return {"reply_uid": uid, "message_id": quote.message, **kept}


async def renew_quote(unit: Unit, uid: ReplyId, quote: ReplyQuote) -> None:
    """Keep what a quoted message says now: it may have been edited since the reply was queued."""
    known = update(reply_quote).where(reply_quote.c.reply_uid == uid)
    await unit.connection.execute(known.values(_quote_values(uid, quote)))


def _quote(row: dict[str, Any]) -> ReplyQuote | None:
    if row["quote_message_id"] is None:
        return None
    message_id, direction = MessageId(row["quote_message_id"]), Direction(row["quote_direction"])
    return ReplyQuote(message_id, direction, row["quote_text"], row["quote_sender"], row["quote_cut"])


async def _select(connection: AsyncConnection, *where: Any) -> list[Reply]:
    query = (
        select(outbox, message.c.id.label("echo_id"), *_FILE, *_QUOTE)
        .outerjoin(message, message.c.reply_uid == outbox.c.uid)
        .outerjoin(reply_file, reply_file.c.reply_uid == outbox.c.uid)
        .outerjoin(reply_quote, reply_quote.c.reply_uid == outbox.c.uid)
        .where(*where)
        .order_by(outbox.c.queued_at, outbox.c.uid)
    )
    rows = [dict(row) for row in (await connection.execute(query)).mappings()]
    overrides = await _overrides(connection, [row["uid"] for row in rows]) if rows else {}
    return [_reply(row, overrides.get(row["uid"], ())) for row in rows]


def _reply(row: dict[str, Any], overrides: tuple[Override, ...]) -> Reply:
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
        submitted_at=row["submitted_at"],
        settled_at=row["settled_at"],
        overrides=overrides,
        file=_file(row),
        quote=_quote(row),
    )
