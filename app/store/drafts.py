"""Texts that people left in the entry of a chat on the phone: noted, put aside for a reply, and put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.engine import Unit
from app.store.schema import chat, entry_draft


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One chat's draft, as it was since a time."""

    chat: ChatId
    text: str
    since: datetime
    aside: bool
    """It was taken out of the entry and is still to be put back."""


async def get_draft(connection: AsyncConnection, chat_id: ChatId) -> EntryDraft | None:
    """Return what is known of a chat's draft."""
    row = (await connection.execute(select(entry_draft).where(entry_draft.c.chat_id == chat_id))).mappings().first()
    return EntryDraft(ChatId(row["chat_id"]), row["text"], row["since"], row["aside"]) if row is not None else None


async def note_draft(unit: Unit, chat_id: ChatId, text: str) -> None:
    """Keep that an entry holds a text, from now on; one that is aside is never replaced."""
    await unit.connection.execute(
        delete(entry_draft).where(entry_draft.c.chat_id == chat_id, entry_draft.c.aside.is_(False))
    )
    values = {"chat_id": chat_id, "text": text, "aside": False, "since": unit.now}
    await unit.connection.execute(insert(entry_draft).values(values))


async def set_aside(unit: Unit, chat_id: ChatId, *, aside: bool) -> None:
    """Say that a noted draft is about to be taken out of the entry, or that it is back there."""
    await unit.connection.execute(update(entry_draft).where(entry_draft.c.chat_id == chat_id).values(aside=aside))


async def forget_draft(unit: Unit, chat_id: ChatId) -> None:
    """Say that a draft is gone by a person's hand."""
    await unit.connection.execute(delete(entry_draft).where(entry_draft.c.chat_id == chat_id))


async def list_aside(connection: AsyncConnection, account: AccountId) -> list[ChatId]:
    """Return an account's chats whose draft is still to be put back, the oldest first."""
    query = (
        select(entry_draft.c.chat_id)
        .join(chat, chat.c.id == entry_draft.c.chat_id)
        .where(chat.c.account_id == account, entry_draft.c.aside.is_(True))
        .order_by(entry_draft.c.since)
    )
    return [ChatId(row[0]) for row in await connection.execute(query)]
