"""Backups: whole or not there, readable, and restored for a trial."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import HostingFailed
from app.hosting.backups import Login, clear_partials, dump, restore, restore_test, verify
from app.hosting.binaries import CLIENT, Binaries, find_binaries
from app.hosting.certificates import make_authority
from app.hosting.processes import begin
from tests.fakes.postgres import HOST, Postgres, binaries

ROWS = 4000


@pytest.fixture
def programs() -> Binaries:
    return binaries()


@pytest.fixture
async def login(postgres: Postgres, postgres_database: str) -> Login:
    """A database with a table of messages and one of another schema."""
    await postgres.execute(
        """CREATE TABLE message (id int PRIMARY KEY, body text);
        INSERT INTO message SELECT n, md5(n::text) || ' é' FROM generate_series(1, 4000) n;
        CREATE SCHEMA other; CREATE TABLE other."odd ""name" (id int); INSERT INTO other."odd ""name" VALUES (1);""",
        postgres_database,
    )
    return Login(HOST, postgres.port, "postgres", postgres_database, postgres.password, postgres.authority)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def databases(postgres: Postgres) -> set[str]:
    connection = await postgres.connect()
    names = {row[0] for row in await connection.fetch("SELECT datname FROM pg_database")}
    await connection.close()
    return names


async def test_a_backup_is_whole_private_and_restores(
    postgres: Postgres, login: Login, programs: Binaries, tmp_path: Path
) -> None:
    before = await databases(postgres)
    file = await dump(programs, login, tmp_path / "backups" / "one.dump")
    tables = await verify(programs, file)
    rows = await restore_test(programs, login, file)
    assert [path.name for path in file.parent.iterdir()] == ["one.dump"]
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert tables == 2
    assert rows == {"public.message": ROWS, 'other.odd "name': 1}
    assert await databases(postgres) == before


async def test_a_restored_database_holds_the_same(
    postgres: Postgres, login: Login, programs: Binaries, tmp_path: Path
) -> None:
    file = await dump(programs, login, tmp_path / "one.dump")
    async with postgres.database() as name:
        there = Login(HOST, postgres.port, "postgres", name, postgres.password, postgres.authority)
        await restore(programs, there, file)
        with pytest.raises(HostingFailed, match="already exists"):
            await restore(programs, there, file)
        connection = await postgres.connect(name)
        found = await connection.fetchrow("SELECT count(*), max(id), min(body) FROM message")
        await connection.close()
    connection = await postgres.connect(login.database)
    assert found == await connection.fetchrow("SELECT count(*), max(id), min(body) FROM message")
    await connection.close()


async def test_a_cancelled_backup_leaves_nothing(
    postgres: Postgres, login: Login, programs: Binaries, tmp_path: Path
) -> None:
    blocker = await postgres.connect(login.database)
    watcher = await postgres.connect(login.database)
    transaction = blocker.transaction()
    await transaction.start()
    await blocker.execute("LOCK TABLE message")
    work = begin(dump(programs, login, tmp_path / "one.dump"))
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'phoneshelf backup' AND wait_event = 'relation'"
    )
    while not await watcher.fetchval(waiting) and not work.done():
        continue
    there = names_in(tmp_path)
    work.cancel()
    await asyncio.wait({work})
    await transaction.rollback()
    for connection in (blocker, watcher):
        await connection.close()
    assert work.cancelled()
    assert there == ["one.dump.partial"]
    assert names_in(tmp_path) == []


async def test_what_a_killed_program_left_is_cleared(tmp_path: Path) -> None:
    for name in ("one.dump", "two.dump.partial"):
        (tmp_path / name).touch()
    clear_partials(tmp_path)
    assert names_in(tmp_path) == ["one.dump"]


async def test_a_failed_backup_leaves_the_older_one_of_that_name(
    postgres: Postgres, login: Login, programs: Binaries, tmp_path: Path
) -> None:
    file = await dump(programs, login, tmp_path / "one.dump")
    before = file.read_bytes()
    gone = Login(HOST, postgres.port, "postgres", "no_such_database", postgres.password, postgres.authority)
    with pytest.raises(HostingFailed, match="no_such_database") as failure:
        await dump(programs, gone, file)
    assert failure.value.next_step
    assert file.read_bytes() == before
    assert names_in(tmp_path) == ["one.dump"]


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "text"])
async def test_a_damaged_backup_is_found_out(login: Login, programs: Binaries, tmp_path: Path, harm: str) -> None:
    file = await dump(programs, login, tmp_path / "one.dump")
    data = bytearray(file.read_bytes())
    at = len(data) * 2 // 3
    flipped = bytes([*data[:at], data[at] ^ 0xFF, *data[at + 1 :]])
    harmed = {"cut": bytes(data[:at]), "flipped": flipped, "empty": b"", "text": b"-- PostgreSQL database dump\n"}
    file.write_bytes(harmed[harm])
    with pytest.raises(HostingFailed, match="pg_restore failed"):
        await verify(programs, file)


async def test_a_backup_that_cannot_be_restored_is_told_and_its_trial_is_dropped(
    postgres: Postgres, login: Login, programs: Binaries, tmp_path: Path
) -> None:
    before = await databases(postgres)
    await postgres.execute("CREATE FUNCTION f(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1'", login.database)
    await postgres.execute(
        "CREATE TABLE broken (body text CHECK (length(f(body)) > 2)); INSERT INTO broken VALUES ('geheim');"
        "CREATE OR REPLACE FUNCTION f(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$SELECT ''$$",
        login.database,
    )
    file = await dump(programs, login, tmp_path / "one.dump")
    with pytest.raises(HostingFailed, match="pg_restore failed") as failure:
        await restore_test(programs, login, file)
    assert "geheim" not in str(failure.value)
    assert await databases(postgres) == before


async def test_the_programs_of_a_client_do_for_a_server_elsewhere(login: Login, tmp_path: Path) -> None:
    file = await dump(await find_binaries(needed=CLIENT), login, tmp_path / "one.dump")
    assert file.stat().st_size > 0


async def test_a_server_that_another_authority_signed_gets_no_password(
    postgres: Postgres, login: Login, programs: Binaries, tmp_path: Path
) -> None:
    other = tmp_path / "other.crt"
    other.write_bytes(make_authority("other", datetime.now(UTC)).certificate)
    with pytest.raises(HostingFailed, match="certificate verify failed"):
        await dump(
            programs, Login(HOST, postgres.port, "postgres", login.database, login.password, other), tmp_path / "x"
        )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
async def test_the_password_is_not_among_the_arguments(
    postgres: Postgres, login: Login, programs: Binaries, tmp_path: Path
) -> None:
    blocker = await postgres.connect(login.database)
    watcher = await postgres.connect(login.database)
    transaction = blocker.transaction()
    await transaction.start()
    await blocker.execute("LOCK TABLE message")
    work = begin(dump(programs, login, tmp_path / "one.dump"))
    seen: set[bytes] = set()
    while not any(b"one.dump" in line for line in seen) and not work.done():
        seen = running_now()
        await asyncio.sleep(0)
    await transaction.rollback()
    await work
    for connection in (blocker, watcher):
        await connection.close()
    assert any(b"one.dump" in line for line in seen)
    assert not any(login.password.encode() in line for line in seen)
    assert login.password not in repr(login)


def running_now() -> set[bytes]:
    """Return the command line of each process here."""
    return {_arguments(path) for path in Path("/proc").glob("[0-9]*/cmdline")}


def _arguments(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
