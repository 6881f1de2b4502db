"""Opens the database, brings it up to date, and hands out transactions: many readers, one writer.

Listeners hear of a change after its commit, by ids only.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.domain.errors import StoreFailed, StoreTooNew
from app.store import schema

logger = logging.getLogger(__name__)

_SAFE_WAL = (3, 51, 3)
"""Older SQLite can lose the log when two connections write and check-point at once (store.md 3)."""
T = TypeVar("T")
BUSY_MS = 15_000
"""So long a writer waits for another process's transaction."""


Reader = AsyncConnection
"""What a query reads through: a name for services, which do not name SQLAlchemy."""


@dataclass(frozen=True, slots=True)
class RowChanged:
    """A row of the database changed: what listeners are told, never the row itself."""

    kind: str
    row_id: str
    chat_id: int | None = None


@dataclass(slots=True)
class Unit:
    """One writing transaction and what it touched."""

    connection: AsyncConnection
    now: datetime
    touched: list[RowChanged] = field(default_factory=list)

    async def touch(self, kind: str, row_id: object, chat_id: int | None = None) -> None:
        """Enter a change into the feed, in this same transaction."""
        entry = RowChanged(kind, str(row_id), chat_id)
        if entry in self.touched:
            return
        self.touched.append(entry)
        values = {"at": self.now, "kind": kind, "row_id": entry.row_id, "chat_id": chat_id}
        await self.connection.execute(insert(schema.change).values(values))

    async def touch_many(self, kind: str, row_ids: Sequence[object], chat_id: int | None = None) -> None:
        """Enter many changes at once, none of which was entered before."""
        entries = [RowChanged(kind, str(row_id), chat_id) for row_id in row_ids]
        self.touched += entries
        rows = [{"at": self.now, "kind": kind, "row_id": one.row_id, "chat_id": chat_id} for one in entries]
        if rows:
            await self.connection.execute(insert(schema.change), rows)


class Store:
    """One database."""

    def __init__(self, path: Path, now: Callable[[], datetime], busy_ms: int = BUSY_MS) -> None:
        self.path = path
        self._now = now
        self._url = f"sqlite+aiosqlite:///{path}"
        self._readers = _sqlite_engine(self._url, "BEGIN", 4, busy_ms)
        self._writer = _sqlite_engine(self._url, "BEGIN IMMEDIATE", 1, busy_ms)
        self._lock = asyncio.Lock()
        self._listeners: list[Callable[[list[RowChanged]], None]] = []

    async def open(self) -> None:
        """Make the file if needed and run the missing migrations.

        Raises:
            StoreTooNew: A newer program made this database; nothing was changed.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            async with self._writer.begin() as connection:
                await connection.run_sync(_migrate)
            self.path.chmod(0o600)
        except (DBAPIError, OSError) as error:
            raise _failed(self.path, error) from error

    async def close(self) -> None:
        """Close all connections."""
        await self._readers.dispose()
        await self._writer.dispose()

    def listen(self, listener: Callable[[list[RowChanged]], None]) -> None:
        """Call `listener` after each commit with what it changed."""
        self._listeners.append(listener)

    def tell(self, touched: list[RowChanged]) -> None:
        """Tell listeners of changes, our own or another process's."""
        for listener in self._listeners:
            listener(touched)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees one consistent state."""
        try:
            async with self._readers.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise _failed(self.path, error) from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        """Yield the one writing transaction; commit at the end, tell listeners after it."""
        try:
            async with self._lock, _steady(self._writer) as connection:
                unit = Unit(connection, self._now())
                yield unit
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise _failed(self.path, error) from error
        if unit.touched:
            self.tell(unit.touched)


class _Steady(AsyncConnection):
    """A connection whose statements end before a cancellation goes on: half of one would keep the file locked."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Run a statement to its end."""
        return await _finished(super().execute(*args, **kwargs))


@asynccontextmanager
async def _steady(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
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
        await _finished(transaction.commit())
    finally:
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


def _failed(path: Path, error: Exception) -> StoreFailed:
    """Say in one line what is wrong with the database, without any of its contents."""
    reason = str(error.orig) if isinstance(error, DBAPIError) else str(getattr(error, "strerror", error))
    return StoreFailed(f"the database {path.name} cannot be used: {reason}. What was saved before is kept.")


def _sqlite_engine(url: str, begin: str, pool_size: int, busy_ms: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=60, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # WAL only where it is known to be safe; FULL, for a reply must survive a power cut (store.md 7).
        mode = "WAL" if sqlite3.sqlite_version_info >= _SAFE_WAL else "TRUNCATE"
        for pragma in (f"journal_mode={mode}", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={busy_ms}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = _current(connection)
    if current is not None and current not in known:
        raise StoreTooNew("a newer Phoneshelf made this database; nothing was changed. Update this one to open it")
    command.upgrade(config, "head")


def _current(connection: Connection) -> str | None:
    has = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name='alembic_version'").scalar()
    if not has:
        return None
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(version) if version else None
