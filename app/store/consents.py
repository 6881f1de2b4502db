"""Consents: a customer who has not written asked in another way to be written to. Withdrawn ones are kept as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import ChatId
from app.store.engine import Unit
from app.store.schema import chat, consent


@dataclass(frozen=True, slots=True)
class Consent:
    """One recorded consent of one chat."""

    id: int
    chat: ChatId
    chat_title: str
    source: str
    note: str
    author: str
    at: datetime


async def add_consent(unit: Unit, chat_id: ChatId, source: str, note: str, author: str) -> int:
    """Insert a consent and return its id."""
    values = {"chat_id": chat_id, "source": source, "note": note, "author": author, "at": unit.now}
    new_id = (await unit.connection.execute(insert(consent).values(values).returning(consent.c.id))).scalar_one()
    await unit.touch("chat", chat_id, chat_id)
    return int(new_id)


async def withdraw_consent(unit: Unit, consent_id: int, author: str) -> bool:
    """Mark a consent as withdrawn; false when there is none that holds."""
    where = (consent.c.id == consent_id, consent.c.withdrawn_at.is_(None))
    chat_id = (await unit.connection.execute(select(consent.c.chat_id).where(*where))).scalar()
    if chat_id is None:
        return False
    await unit.connection.execute(update(consent).where(*where).values(withdrawn_at=unit.now, withdrawn_by=author))
    await unit.touch("chat", chat_id, chat_id)
    return True


async def has_consent(connection: AsyncConnection, chat_id: ChatId) -> bool:
    """Tell whether a consent holds for a chat."""
    query = select(func.count()).where(consent.c.chat_id == chat_id, consent.c.withdrawn_at.is_(None))
    return bool((await connection.execute(query)).scalar())


async def list_consents(connection: AsyncConnection, consent_id: int | None = None) -> list[Consent]:
    """Return the consents that hold, oldest first."""
    where: list[Any] = [consent.c.withdrawn_at.is_(None)]
    if consent_id is not None:
        where.append(consent.c.id == consent_id)
    query = select(consent, chat.c.title).join(chat, chat.c.id == consent.c.chat_id).where(*where)
    return [
        Consent(r["id"], ChatId(r["chat_id"]), r["title"], r["source"], r["note"], r["author"], r["at"])
        for r in (await connection.execute(query.order_by(consent.c.id))).mappings()
    ]
