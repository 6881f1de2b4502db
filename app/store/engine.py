"""Opens a database and hands out transactions: many readers, one writer of this process.

Listeners hear of a change after its commit, by ids only. What SQLite and PostgreSQL do differently is in their modules.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import LeaseLost, NotAllowed, PhoneshelfError, StoreFailed
from app.domain.server import Server
from app.store import schema
from app.store.changed import RowChanged
from app.store.feed import FileFeed
from app.store.listening import ServerFeed
from app.store.migrating import migrate
from app.store.postgres import BROKEN, PostgresDatabase, Timeline, say_failure
from app.store.sqlite import SqliteDatabase
from app.store.steady import steady

__all__ = ["Reader", "RowChanged", "Store", "Unit"]
BUSY_MS = 15_000
"""So long a writer waits for another process's transaction."""
_FAILURES = (DBAPIError, PoolTimeoutError, TimeoutError, ConnectionError, BROKEN)
_CLOCK = text("SELECT clock_timestamp()")


Reader = AsyncConnection
"""What a query reads through: a name for services, which do not name SQLAlchemy."""


@dataclass(slots=True)
class Unit:
    """One writing transaction and what it touched."""

    connection: AsyncConnection
    now: datetime
    """The database's time where it has one, else this PC's."""
    touched: dict[RowChanged, None] = field(default_factory=dict)

    async def touch(self, kind: str, row_id: object, chat_id: int | None = None) -> None:
        """Enter a change into the feed, in this same transaction."""
        self.touched[RowChanged(kind, str(row_id), chat_id)] = None

    async def touch_many(self, kind: str, row_ids: Sequence[object], chat_id: int | None = None) -> None:
        """Enter many changes at once."""
        self.touched.update(dict.fromkeys(RowChanged(kind, str(row_id), chat_id) for row_id in row_ids))

    async def enter(self) -> None:
        """Write the changes down, as the last of the transaction."""
        rows = [{"at": self.now, "kind": o.kind, "row_id": o.row_id, "chat_id": o.chat_id} for o in self.touched]
        if rows:
            # Without asking for their ids: whoever gave a chat away may not see its row any more.
            await self.connection.execute(insert(schema.change).inline(), rows)


class Store:
    """One database."""

    make = staticmethod(migrate)
    """What makes the tables of a file."""

    def __init__(
        self,
        place: Path | Server,
        now: Callable[[], datetime],
        busy_ms: int = BUSY_MS,
        *,
        guard: Callable[[Timeline], None] | None = None,
        set_clock: Callable[[datetime], None] | None = None,
    ) -> None:
        """Take a file, or a server.

        Args:
            place: Where the database is.
            now: The time where the database has none of its own, and for tests.
            busy_ms: How long a writer of a file waits for another process.
            guard: Asked with the server's identity at each connection; raises where it must not be used.
            set_clock: Told the server's time at each transaction; without it `now` is used there as well.
        """
        self.database = (
            PostgresDatabase(place, guard) if isinstance(place, Server) else SqliteDatabase(place, busy_ms, self.make)
        )
        self.label = self.database.label
        self.place = place
        self._now = now
        self._set_clock = set_clock if self.database.has_own_clock else None
        self._writer = self.database.writer
        self._lock = asyncio.Lock()
        self._listeners: list[Callable[[list[RowChanged]], None]] = []

    async def open(self) -> None:
        """Make the file if needed and run the missing migrations; a server's database is only looked at.

        Raises:
            StoreTooNew: A newer program made this database; nothing was changed.
            StoreTooOld: A server's database is to be brought up to date first.
        """
        try:
            await self.database.prepare()
        except (*_FAILURES, OSError) as error:
            raise self._failed(error) from error

    @property
    def password(self) -> str:
        """Return the password that the server took last; a file has none."""
        return self.database.password if isinstance(self.database, PostgresDatabase) else ""

    async def close(self) -> None:
        """Close all connections."""
        await self.database.readers.dispose()
        await self._writer.dispose()

    def listen(self, listener: Callable[[list[RowChanged]], None]) -> None:
        """Call `listener` after each commit with what it changed."""
        self._listeners.append(listener)

    def tell(self, touched: list[RowChanged]) -> None:
        """Tell listeners of changes, our own or another process's."""
        for listener in self._listeners:
            listener(touched)

    def changes(self) -> AsyncIterator[list[RowChanged]]:
        """Return what changes in the database from now on, our own writing included, without end."""
        if isinstance(self.database, PostgresDatabase):
            return ServerFeed(self.database).changes()
        return FileFeed(self.database.reading).changes()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees one consistent state."""
        try:
            async with self.database.reading() as connection:
                yield connection
        except _FAILURES as error:
            raise self._failed(error) from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        """Yield the one writing transaction; commit at the end, tell listeners after it."""
        try:
            async with self._lock, steady(self._writer) as connection:
                unit = Unit(connection, await self._time_of(connection))
                yield unit
                await unit.enter()
        except IntegrityError:
            raise
        except _FAILURES as error:
            raise self._failed(error) from error
        if unit.touched:
            self.tell(list(unit.touched))

    async def _time_of(self, connection: AsyncConnection) -> datetime:
        if self._set_clock is None:
            return self._now()
        now: datetime = (await connection.execute(_CLOCK)).scalar_one()
        self._set_clock(now)
        return now

    def _failed(self, error: Exception) -> PhoneshelfError:
        """Say in one line what is wrong with the database, without any of its contents."""
        if isinstance(self.database, PostgresDatabase):
            said, state = say_failure(self.label, error), getattr(getattr(error, "orig", None), "sqlstate", None)
            kind = {"42501": NotAllowed, "PS001": LeaseLost}.get(str(state))
            if kind is None:
                return said
            return kind(str(said)) if said.snag is None else kind(str(said)).because(said.snag)
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(getattr(error, "strerror", error))
        return StoreFailed(f"the database {self.label} cannot be used: {reason}. What was saved before is kept.")
