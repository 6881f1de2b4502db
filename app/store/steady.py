"""Transactions that are certainly over when they are left, also where their task is cancelled.

A statement of a file that is left half way keeps the file locked until its cursor is collected.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


class _Steady(AsyncConnection):
    """A connection whose statements end before a cancellation goes on: half of one would keep the file locked."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Run a statement to its end."""
        return await _finished(super().execute(*args, **kwargs))


@asynccontextmanager
async def steady(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Yield a connection in a transaction that is certainly over afterwards, also where the task is cancelled."""
    connection = _Steady(engine)
    try:
        await _finished(connection.start())
        transaction = connection.begin()
        try:
            await _finished(transaction.start())
            yield connection
        except BaseException:
            if transaction.sync_transaction is not None and transaction.is_valid:
                await _finished(transaction.rollback())
            raise
        try:
            await _finished(transaction.commit())
        except BaseException:
            # A file that others held too long keeps the transaction open, and with it everybody else out.
            await _finished(connection.invalidate())
            raise
    finally:
        # A server that let nobody in left nothing to close, and its answer is what is told.
        if connection.sync_connection is not None:
            await _finished(connection.close())


async def _finished(work: Coroutine[Any, Any, T]) -> T:
    """Await to the end; a cancellation meanwhile is raised after it."""
    task = asyncio.ensure_future(work)  # noqa: TID251 - awaited here in any case
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()
        raise
