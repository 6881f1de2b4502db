"""How one process hears what another wrote to the same file: it asks, a few times a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.changed import RowChanged
from app.store.schema import change

EVERY_S = 0.25
STALE = RowChanged("database", "stale")
"""Told to who was away for so long that changes they never heard of are removed: everything is to be asked again."""
logger = logging.getLogger(__name__)


class FileFeed:
    """The changes of one file. One writer at a time makes ids and commits stand in one order."""

    def __init__(self, reading: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._reading = reading

    async def changes(self) -> AsyncIterator[list[RowChanged]]:
        """Yield what changes, until cancelled; a file that is held for a while is asked again."""
        last: int | None = None
        while True:
            try:
                async with self._reading() as connection:
                    last = await newest_change(connection) if last is None else last
                    last, found = await changes_after(connection, last)
            except DBAPIError as error:
                logger.warning("feed: %s", type(error.orig).__name__)
                found = []
            if found:
                yield found
            else:
                await asyncio.sleep(EVERY_S)


async def newest_change(connection: AsyncConnection) -> int:
    """Return the id of the newest change, 0 when there is none."""
    return int((await connection.execute(select(func.max(change.c.id)))).scalar() or 0)


async def changes_after(connection: AsyncConnection, last: int, limit: int = 1000) -> tuple[int, list[RowChanged]]:
    """Return what changed since, oldest first, and the id to go on from."""
    rows = (
        await connection.execute(select(change).where(change.c.id > last).order_by(change.c.id).limit(limit))
    ).mappings()
    found = [(r["id"], RowChanged(r["kind"], r["row_id"], r["chat_id"])) for r in rows]
    if not found:
        return last, []
    # The ids of a file have no gaps but those of what was removed.
    missed = [STALE] if found[0][0] > last + 1 else []
    return found[-1][0], missed + [one for _, one in found]
