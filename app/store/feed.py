"""The feed of changes: how one process hears what another wrote."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.engine import RowChanged
from app.store.schema import change


async def newest_change(connection: AsyncConnection) -> int:
    """Return the id of the newest change, 0 when there is none."""
    return int((await connection.execute(select(func.max(change.c.id)))).scalar() or 0)


async def changes_after(connection: AsyncConnection, last: int, limit: int = 1000) -> tuple[int, list[RowChanged]]:
    """Return what changed since, oldest first, and the id to go on from."""
    rows = (
        await connection.execute(select(change).where(change.c.id > last).order_by(change.c.id).limit(limit))
    ).mappings()
    found = [(r["id"], RowChanged(r["kind"], r["row_id"], r["chat_id"])) for r in rows]
    return (found[-1][0] if found else last), [one for _, one in found]
