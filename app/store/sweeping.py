"""Old changes go; who was away for longer is told by its feed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from app.store.engine import Unit
from app.store.schema import change


async def remove_changes(unit: Unit, before: datetime, limit: int) -> int:
    """Remove changes from before a time, the oldest first; return how many. The newest of all always stays.

    Args:
        unit: The transaction.
        before: What was entered earlier goes.
        limit: At most so many.
    """
    newest = select(func.max(change.c.id)).scalar_subquery()
    oldest = select(change.c.id, change.c.at).order_by(change.c.id).limit(limit).subquery()
    old = select(oldest.c.id).where(oldest.c.at < before, oldest.c.id < newest)
    return (await unit.connection.execute(delete(change).where(change.c.id.in_(old)))).rowcount
