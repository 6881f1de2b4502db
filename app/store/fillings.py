"""Wishes that a chat be read further back, and how far each came."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.filling import OPEN_STATES, FillRequest, FillState
from app.domain.ids import AccountId, ChatId
from app.store.engine import Unit
from app.store.schema import chat, fill_request

_OPEN = tuple(state.value for state in OPEN_STATES)


async def add_request(unit: Unit, chat_id: ChatId, since: date | None, author: str) -> int:
    """Enter a wish and return its id."""
    values = {
        "chat_id": chat_id,
        "since": since.isoformat() if since else None,
        "author": author,
        "asked_at": unit.now,
        "state": FillState.WAITING.value,
    }
    query = insert(fill_request).values(values).returning(fill_request.c.id)
    new_id = (await unit.connection.execute(query)).scalar_one()
    await unit.touch("fill", new_id, chat_id)
    return int(new_id)


async def get_request(connection: AsyncConnection, request_id: int) -> FillRequest | None:
    """Return one wish."""
    found = await _select(connection, fill_request.c.id == request_id)
    return found[0] if found else None


async def open_requests(connection: AsyncConnection, account_id: AccountId | None = None) -> list[FillRequest]:
    """Return the wishes that are not fulfilled, oldest first."""
    mine = (chat.c.account_id == account_id,) if account_id is not None else ()
    return await _select(connection, fill_request.c.state.in_(_OPEN), *mine)


async def list_requests(connection: AsyncConnection, limit: int) -> list[FillRequest]:
    """Return the newest wishes, oldest first."""
    newest = select(fill_request.c.id).order_by(fill_request.c.id.desc()).limit(limit)
    return await _select(connection, fill_request.c.id.in_(newest))


async def change_request(unit: Unit, request_id: int, **values: Any) -> bool:
    """Change a wish; false when it is no longer open, as one that was cancelled meanwhile."""
    is_it = (fill_request.c.id == request_id, fill_request.c.state.in_(_OPEN))
    done = await unit.connection.execute(update(fill_request).where(*is_it).values(**values))
    if done.rowcount:
        await unit.touch("fill", request_id)
    return bool(done.rowcount)


async def _select(connection: AsyncConnection, *where: Any) -> list[FillRequest]:
    query = (
        select(fill_request).join(chat, chat.c.id == fill_request.c.chat_id).where(*where).order_by(fill_request.c.id)
    )
    return [_request(dict(row)) for row in (await connection.execute(query)).mappings()]


def _request(row: dict[str, Any]) -> FillRequest:
    return FillRequest(
        id=int(row["id"]),
        chat=ChatId(row["chat_id"]),
        since=_day(row["since"]),
        author=row["author"],
        asked_at=row["asked_at"],
        state=FillState(row["state"]),
        windows=row["windows"],
        added=row["added"],
        reached=_day(row["reached"]),
        ended_at=row["ended_at"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
