"""Migrations build exactly the tables of the schema; a database of a newer program is not touched."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, func, insert, select
from sqlalchemy.dialects import sqlite

from app.domain.errors import StoreTooNew
from app.store import beside, schema
from app.store.engine import Store
from tests.fakes.clock import FakeClock
from tests.store.conftest import Desk

TRIGGERS = {"message_words_insert", "message_words_delete", "message_words_update"}


OF_A_SERVER = {
    "audit_head", "xid", "ix_change_xid", "uq_chat_id_account_id", "fk_outbox_chat_account", "fk_message_chat_account",
    "ix_message_words", "ix_message_parts", "search_text", "search_words", "fk_note_chat_account",
}  # fmt: skip
"""What only a server's database has, besides functions and rights."""


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    return name not in OF_A_SERVER and not (kind == "table" and name is not None and name.startswith("message_words"))


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
async def test_migrations_build_the_schema_and_nothing_else(desk: Desk) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        assert beside.note.metadata is schema.metadata
        return list(compare_metadata(context, schema.metadata))

    async with desk.store.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_search_has_its_table_and_triggers(file_desk: Desk) -> None:
    with closing(sqlite3.connect(file_desk.path)) as raw:
        made = dict(raw.execute("SELECT name, type FROM sqlite_master"))
    assert {name for name, kind in made.items() if kind == "trigger"} == TRIGGERS
    assert made["message_words"] == "table"


async def test_constraints_have_the_names_of_the_schema(file_desk: Desk) -> None:
    engine = create_engine("sqlite://")
    schema.metadata.create_all(engine)
    with engine.connect() as fresh, closing(sqlite3.connect(file_desk.path)) as raw:
        wanted = {row[0] for row in fresh.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='index'")}
        found = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='index'")}
    engine.dispose()
    assert {name for name in wanted if not name.startswith("sqlite_")} <= found


async def test_opening_twice_changes_nothing(file_desk: Desk) -> None:
    again = file_desk.another()
    await again.open()
    await again.close()
    with closing(sqlite3.connect(file_desk.path)) as raw:
        assert raw.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        assert raw.execute("SELECT count(*) FROM account").fetchone() == (1,)


async def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('9999')"
        )
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    store = Store(path, FakeClock().now)
    with pytest.raises(StoreTooNew):
        await store.open()
    await store.close()
    with closing(sqlite3.connect(path)) as raw:
        assert [row[0] for row in raw.execute("SELECT name FROM sqlite_master")] == ["alembic_version"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


async def test_only_the_owner_reads_the_database(file_desk: Desk) -> None:
    assert file_desk.path.stat().st_mode & 0o077 == 0


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        schema.UtcTime().process_bind_param(dt.datetime(2026, 8, 18, 12), sqlite.dialect())  # noqa: DTZ001


def test_a_time_of_another_zone_comes_back_as_the_same_moment() -> None:
    kind, dialect = schema.UtcTime(), sqlite.dialect()
    local = dt.datetime(2026, 8, 18, 14, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    stored = kind.process_bind_param(local, dialect)
    assert stored is not None
    assert kind.process_result_value(stored.replace(tzinfo=None), dialect) == local


async def test_files_that_are_made_at_once_are_each_made_whole(tmp_path: Path) -> None:
    stores = [Store(tmp_path / f"{n}.sqlite", FakeClock().now) for n in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    for store in stores:
        async with store.read() as connection:
            assert (await connection.execute(select(func.count()).select_from(schema.chat))).scalar_one() == 0
        await store.close()


async def test_a_naive_time_never_reaches_the_database(desk: Desk) -> None:
    naive = dt.datetime(2026, 8, 18, 12)  # noqa: DTZ001
    with pytest.raises(Exception, match="naive"):
        async with desk.store.write() as unit:
            await unit.connection.execute(insert(schema.change).values(at=naive, kind="x", row_id="1"))
