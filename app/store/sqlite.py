"""A database in one file: many readers, one writer; a second process waits for the first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.store.migrating import migrate, turn
from app.store.steady import steady

_SAFE_WAL = (3, 51, 3)
"""Older SQLite can lose the log when two connections write and check-point at once (store.md 3)."""


class SqliteDatabase:
    """One file."""

    has_own_clock = False

    def __init__(self, path: Path, busy_ms: int, make: Callable[[Connection], None] = migrate) -> None:
        """Take a file.

        Args:
            path: Where it lies.
            busy_ms: How long a writer waits for another process.
            make: What makes its tables, in one transaction.
        """
        self._make = make
        self.label = path.name
        self.path = path
        url = f"sqlite+aiosqlite:///{path}"
        self.readers = _engine(url, "BEGIN", 4, busy_ms)
        self.writer = _engine(url, "BEGIN IMMEDIATE", 1, busy_ms)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a reading transaction; its statements are finished where it is cancelled."""
        return steady(self.readers)

    async def prepare(self) -> None:
        """Make the file if needed and run the missing migrations."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        async with self.writer.begin() as connection, turn():
            await connection.run_sync(self._make)
        self.path.chmod(0o600)


def _engine(url: str, begin: str, pool_size: int, busy_ms: int) -> AsyncEngine:
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
