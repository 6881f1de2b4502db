"""How a client of a server hears what others wrote: at once by notices, and certainly by asking after each gap.

A notice is a hint by ids: anybody may send one, and a lost connection loses them. So every few seconds, and after each
new connection, the feed is asked for what was committed since, in the order of transactions and only up to the oldest
one that still runs: by id alone, what commits late would be missed (store.md 2).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from app.domain.errors import StoreFailed
from app.store.changed import RowChanged
from app.store.feed import STALE
from app.store.postgres import BROKEN, PostgresDatabase

logger = logging.getLogger(__name__)

PING_S = 5.0
ANSWER_S = 3.0
"""A server that does not answer for so long is taken for lost: silence alone says nothing."""
_AGAIN_S = (0.2, 0.5, 1.0, 2.0)
_TOLD = 10_000
_SINCE = (
    "SELECT id, kind, row_id, chat_id, xid::text AS xid FROM change "
    "WHERE (xid, id) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "ORDER BY xid, id LIMIT 2000"
)
_STILL_KEPT = "SELECT EXISTS (SELECT 1 FROM change WHERE (xid, id) <= ($1::text::xid8, $2))"
"""Whether something is kept that is no newer than a place: then nothing behind it was removed."""
LOST, BACK = RowChanged("database", "lost"), RowChanged("database", "back")
"""Told when the server stops answering, and when it is there again."""


class ServerFeed:
    """The changes of one server."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._place: tuple[str, int] | None = None
        self._is_kept = False
        """Something stood at the place or before it, when it was last looked at."""
        self._told: deque[int] = deque(maxlen=_TOLD)
        self._heard: asyncio.Queue[str] = asyncio.Queue()

    async def changes(self) -> AsyncIterator[list[RowChanged]]:
        """Yield what changes, until cancelled; a lost server is told once and tried until it is back."""
        failures = 0
        while True:
            try:
                async for found in self._listen():
                    if failures:
                        failures = 0
                        yield [BACK]
                    if found:
                        yield found
            except (StoreFailed, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, BROKEN) as error:
                if not failures:
                    logger.warning("feed: %s", error if isinstance(error, StoreFailed) else type(error).__name__)
                    yield [LOST]
                await asyncio.sleep(_AGAIN_S[min(failures, len(_AGAIN_S) - 1)])
                failures += 1

    async def _listen(self) -> AsyncIterator[list[RowChanged]]:
        connection = await self._database.connect()
        ended = asyncio.Event()

        def hear(_connection: object, _pid: int, _channel: str, payload: str) -> None:
            self._heard.put_nowait(payload)

        def end(_connection: object) -> None:
            ended.set()
            self._heard.put_nowait("")

        try:
            connection.add_termination_listener(end)
            await connection.add_listener("phoneshelf", hear)
            if await self._is_stale(connection):
                yield [STALE]
            while not ended.is_set():
                yield await self._catch_up(connection)
                async for found in self._notices():
                    yield found
            raise StoreFailed(f"{self._database.label}: the server ended the connection")
        finally:
            connection.terminate()

    async def _is_stale(self, connection: Any) -> bool:
        """Tell whether what was at the place, or before it, is removed, and so perhaps what came next."""
        if self._place is None:
            now = await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text", timeout=ANSWER_S)
            self._place = (str(now), 0)
        was_kept = self._is_kept
        self._is_kept = await connection.fetchval(_STILL_KEPT, *self._place, timeout=ANSWER_S)
        return was_kept and not self._is_kept

    async def _notices(self) -> AsyncIterator[list[RowChanged]]:
        """Yield what notices tell until it is time to ask, or one says that there is too much for it."""
        until = asyncio.get_running_loop().time() + PING_S
        while True:
            try:
                async with asyncio.timeout_at(until):
                    payload = await self._heard.get()
            except TimeoutError:
                return
            if payload in ("", "*"):
                return
            found = self._of(payload)
            if found:
                yield found

    def _of(self, payload: str) -> list[RowChanged]:
        """Return what a notice tells; one that nobody of ours wrote tells nothing."""
        found = []
        for line in payload.split(";"):
            number, kind, row_id, chat = (line.split(" ") + [""] * 4)[:4]
            if number.isdecimal() and kind and (not chat or chat.isdecimal()):
                self._told.append(int(number))
                found.append(RowChanged(kind, row_id, int(chat) if chat else None))
        return found

    async def _catch_up(self, connection: Any) -> list[RowChanged]:
        found: list[RowChanged] = []
        while True:
            rows = await connection.fetch(_SINCE, *(self._place or ("0", 0)), timeout=ANSWER_S)
            told = set(self._told)
            found += [RowChanged(row["kind"], row["row_id"], row["chat_id"]) for row in rows if row["id"] not in told]
            if not rows:
                return found
            self._place, self._is_kept = (rows[-1]["xid"], rows[-1]["id"]), True
