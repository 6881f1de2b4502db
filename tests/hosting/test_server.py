"""The server as people reach it: TLS only, nobody without a password, nothing of a customer in its log."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import ssl
import struct

import asyncpg
import pytest

from app.hosting.scram import new_password, scram_verifier
from tests.fakes.postgres import HOST, Postgres

WORDS = "ik kom morgen om drie uur"


async def test_the_server_speaks_tls_with_a_certificate_of_its_own_authority(postgres: Postgres) -> None:
    connection = await postgres.connect()
    try:
        version = await connection.fetchval("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        checksums = await connection.fetchval("SHOW data_checksums")
        folded = await connection.fetchval("SELECT to_tsvector('simple', 'ÉÇÆ') @@ to_tsquery('simple', 'éçæ')")
    finally:
        await connection.close()
    assert (version, checksums, folded) == ("TLSv1.3", "on", True)


async def test_a_client_without_the_authority_does_not_trust_the_server(postgres: Postgres) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncpg.connect(host=HOST, port=postgres.port, user="postgres", password=postgres.password,
                              ssl=ssl.create_default_context())  # fmt: skip


async def test_an_older_tls_is_refused(postgres: Postgres) -> None:
    older = postgres.tls()
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        await asyncpg.connect(
            host=HOST, port=postgres.port, user="postgres", password=postgres.password, database="postgres", ssl=older
        )


@pytest.mark.parametrize("database", ["postgres", "replication"])
async def test_plain_tcp_is_refused_whoever_asks(postgres: Postgres, database: str) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await asyncpg.connect(
            host=HOST, port=postgres.port, user="postgres", password=postgres.password, database=database, ssl=False
        )


async def test_a_wrong_password_is_refused_as_an_unknown_name_is(postgres: Postgres) -> None:
    said = []
    for user in ("postgres", "nobody_of_that_name"):
        with pytest.raises(asyncpg.InvalidPasswordError) as refusal:
            await postgres.connect(user=user, password="wrong")  # noqa: S106
        said.append(str(refusal.value).replace(user, "X"))
    assert said[0] == said[1]


@pytest.mark.parametrize("parameters", [{"user": "postgres", "database": "postgres"}, {"user": "x"}, {}])
async def test_a_stranger_without_tls_is_told_no_version(postgres: Postgres, parameters: dict[str, str]) -> None:
    connection = await postgres.connect()
    version = connection.get_settings().server_version.split()[0]
    await connection.close()
    words = b"".join(part.encode() + b"\0" for pair in parameters.items() for part in pair) + b"\0"
    reader, writer = await asyncio.open_connection(HOST, postgres.port)
    writer.write(struct.pack("!ii", 8 + len(words), 3 << 16) + words)
    answer = await reader.read()
    writer.close()
    assert answer[:1] == b"E"
    assert b"server_version" not in answer
    assert version.encode() not in answer


async def test_a_verifier_made_here_is_what_the_server_stores_and_accepts(postgres: Postgres) -> None:
    password = new_password()
    verifier = scram_verifier(password)
    await postgres.execute(f"CREATE ROLE scram_trial LOGIN PASSWORD '{verifier}'")
    connection = await postgres.connect()
    try:
        stored = await connection.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = 'scram_trial'")
        trial = await postgres.connect(user="scram_trial", password=password)
        await trial.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await postgres.connect(user="scram_trial", password=password[:-1])
    finally:
        await connection.execute("DROP ROLE scram_trial")
        await connection.close()
    assert stored == verifier


async def test_no_text_of_a_customer_enters_the_servers_log(postgres: Postgres, postgres_database: str) -> None:
    connection = await postgres.connect(postgres_database)
    try:
        await connection.execute("CREATE TABLE message (body text UNIQUE)")
        for _ in range(2):
            with contextlib.suppress(asyncpg.UniqueViolationError):
                await connection.execute("INSERT INTO message VALUES ($1)", WORDS)
        for sql in (f"SELECT '{WORDS}'::int", f"SELECT {WORDS}", f"DO $$ BEGIN RAISE WARNING '{WORDS}'; END $$"):
            with contextlib.suppress(asyncpg.PostgresError):
                await connection.execute(sql)
    finally:
        await connection.close()
    log = "".join(path.read_text("utf-8") for path in (postgres.cluster.data / "log").glob("server-*.log"))
    assert "ready to accept connections" in log
    assert WORDS not in log


async def test_nor_does_the_statement_of_a_process_that_was_killed(own: Postgres) -> None:
    connection = await own.connect()
    pid = connection.get_server_pid()
    work = asyncio.get_running_loop().create_task(connection.execute(f"SELECT pg_sleep(100) /* {WORDS} */"))
    watcher = await own.connect()
    while await watcher.fetchval("SELECT wait_event FROM pg_stat_activity WHERE pid = $1", pid) != "PgSleep":
        continue
    os.kill(pid, signal.SIGKILL)
    await asyncio.wait({work})
    assert isinstance(work.exception(), (asyncpg.PostgresError, OSError))
    watcher.terminate()
    connection.terminate()
    await _until_it_answers(own)
    log = "".join(path.read_text("utf-8") for path in (own.cluster.data / "log").glob("server-*.log"))
    assert f"(PID {pid}) was terminated by signal 9" in log
    assert WORDS not in log


async def _until_it_answers(postgres: Postgres) -> None:
    while True:
        try:
            connection = await postgres.connect()
        except (asyncpg.PostgresError, OSError):
            continue
        await connection.close()
        return
