"""Answers that agents write, one a chat and agent: kept as typed, handed over, gone when the reply is queued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId, MessageId
from app.store.engine import Unit
from app.store.members import is_server
from app.store.schema import draft

_HAND = text("SELECT hand_draft(:chat_id, :heir)")


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """What a member writes in a chat."""

    chat: ChatId
    member: int
    account: AccountId
    body: str
    quote: MessageId | None
    last_seen: MessageId | None
    """The last message that its author saw."""
    begun_at: datetime
    changed_at: datetime
    handed_by: int | None
    """Who wrote it first, where it was handed over."""


async def get_draft(connection: AsyncConnection, chat_id: ChatId, member: int) -> OwnDraft | None:
    """Return a member's draft in a chat."""
    return next(iter(await _select(connection, draft.c.chat_id == chat_id, draft.c.member_id == member)), None)


async def list_drafts(connection: AsyncConnection, member: int) -> list[OwnDraft]:
    """Return a member's drafts, the last changed first."""
    return await _select(connection, draft.c.member_id == member)


async def save_draft(unit: Unit, one: OwnDraft) -> None:
    """Keep a draft; of one that is there, when it was begun and who handed it over stay as they are."""
    mine = (draft.c.chat_id == one.chat, draft.c.member_id == one.member)
    values: dict[str, Any] = {"body": one.body, "quote_id": one.quote, "last_seen_id": one.last_seen}
    values["changed_at"] = unit.now
    done = await unit.connection.execute(update(draft).where(*mine).values(values))
    if done.rowcount == 0:
        values |= {"chat_id": one.chat, "member_id": one.member, "account_id": one.account, "begun_at": one.begun_at}
        await unit.connection.execute(insert(draft).values(values))
        # Others may show that there is one, and need not know of each letter.
        await unit.touch("draft", one.member, one.chat)


async def clear_draft(unit: Unit, chat_id: ChatId, member: int) -> bool:
    """Forget a draft; false where there is none."""
    mine = (draft.c.chat_id == chat_id, draft.c.member_id == member)
    done = await unit.connection.execute(delete(draft).where(*mine))
    if done.rowcount:
        await unit.touch("draft", member, chat_id)
    return bool(done.rowcount)


async def hand_over(unit: Unit, chat_id: ChatId, member: int, heir: int) -> str:
    """Give a draft to a colleague; return `done`, or why not: `none`, `stranger`, `taken`."""
    if is_server(unit.connection) and await _is_member(unit, member):
        said = str((await unit.connection.execute(_HAND, {"chat_id": chat_id, "heir": heir})).scalar_one())
    else:
        said = await _hand_here(unit, chat_id, member, heir)
    if said == "done":
        await unit.touch("draft", member, chat_id)
        await unit.touch("draft", heir, chat_id)
    return said


async def _is_member(unit: Unit, member: int) -> bool:
    """Tell whether the login itself is this member, rather than who owns the database."""
    return bool((await unit.connection.execute(text("SELECT me() = :member"), {"member": member})).scalar())


async def _hand_here(unit: Unit, chat_id: ChatId, member: int, heir: int) -> str:
    if await get_draft(unit.connection, chat_id, member) is None:
        return "none"
    if heir == member:
        return "stranger"
    if await get_draft(unit.connection, chat_id, heir) is not None:
        return "taken"
    values = {"member_id": heir, "handed_by": member, "changed_at": unit.now}
    mine = (draft.c.chat_id == chat_id, draft.c.member_id == member)
    await unit.connection.execute(update(draft).where(*mine).values(values))
    return "done"


async def _select(connection: AsyncConnection, *where: Any) -> list[OwnDraft]:
    rows = await connection.execute(select(draft).where(*where).order_by(draft.c.changed_at.desc(), draft.c.chat_id))
    return [
        OwnDraft(
            ChatId(row["chat_id"]),
            row["member_id"],
            AccountId(row["account_id"]),
            row["body"],
            MessageId(row["quote_id"]) if row["quote_id"] is not None else None,
            MessageId(row["last_seen_id"]) if row["last_seen_id"] is not None else None,
            row["begun_at"],
            row["changed_at"],
            row["handed_by"],
        )
        for row in rows.mappings()
    ]
