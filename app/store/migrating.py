"""Brings a database up to date, one step after the other; refuses one that a newer program made."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.domain.errors import StoreTooNew

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
MIGRATION_LOCK = 0x70686F6E65
"""Key of the advisory lock that only one migrating client holds."""


def turn() -> asyncio.Lock:
    """Return what a migrating coroutine holds: Alembic knows of one migration in a process at a time."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())


def migrate(connection: Connection) -> None:
    """Run the missing steps in the transaction of this connection.

    Raises:
        StoreTooNew: A newer program made this database; nothing was changed.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    if is_newer(current_step(connection)):
        raise StoreTooNew("a newer Phoneshelf made this database; nothing was changed. Update this one to open it")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def newest_step() -> str:
    """Return the newest step that this program knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_newer(step: str | None) -> bool:
    """Tell whether a database stands at a step that this program does not know."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return step is not None and step not in known


def current_step(connection: Connection) -> str | None:
    """Return the step at which a database stands, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    return config
