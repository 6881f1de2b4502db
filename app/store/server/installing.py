"""Puts Phoneshelf's tables, functions and rights into a server's database, or brings them up to date.

It takes a login that owns the database and may make logins; a superuser is not needed. What belongs to the program
belongs to two roles that nobody logs in as: one owns the tables, the other alone makes and removes people's logins.
"""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import StoreFailed
from app.domain.server import Server
from app.store.migrating import MIGRATION_LOCK, current_step, migrate, turn
from app.store.postgres import PostgresDatabase, say_failure
from app.store.server.rights import AGENT, ROLES, right_statements
from app.store.server.routines import KEEPERS, OWNERS, script
from app.store.server.veiling import SCHEMA, veil_statements, veiled_rights

_LARGE_OBJECTS = (
    "lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)", "lo_open(oid, integer)",
    "lo_put(oid, bigint, bytea)", "lowrite(integer, bytea)",
)  # fmt: skip
OLDEST = 150000
"""PostgreSQL 15 is the oldest that is supported."""


async def make_database(server: Server, maintenance: str = "postgres") -> None:
    """Make the database of a server that has none of this name.

    Raises:
        StoreFailed: The login may not, or the server cannot.
    """
    elsewhere = Server(server.hosts, maintenance, server.user, server.password, server.ca, server.encrypted)
    connection = await PostgresDatabase(elsewhere).connect()
    try:
        known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", server.database)
        if known is None:
            name = '"' + server.database.replace('"', '""') + '"'
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    except asyncpg.PostgresError as error:
        raise say_failure(server.label, error) from error
    finally:
        await connection.close()


async def install(server: Server) -> str | None:
    """Make or renew everything, in one transaction; return the step at which the database stood before.

    Raises:
        StoreFailed: The login may not, or the server is too old; nothing was changed but that roles may be there.
        StoreTooNew: A newer program made the database.
    """
    database = PostgresDatabase(server)
    try:
        connection = await database.connect()
        try:
            await _make_roles(connection, server)
        finally:
            await connection.close()
        async with database.writer.begin() as transaction:
            return await _fill(transaction)
    except asyncpg.PostgresError as error:
        raise say_failure(server.label, error) from error
    finally:
        await database.writer.dispose()
        await database.readers.dispose()


async def _make_roles(connection: asyncpg.Connection, server: Server) -> None:
    version = connection.get_server_version()
    if version.major * 10_000 < OLDEST:
        raise StoreFailed(f"{server.label}: PostgreSQL {version.major} is too old, 15 or newer is needed")
    attributes = {"owner": "", "keeper": " CREATEROLE"} | dict.fromkeys(ROLES, "")
    for role, attribute in attributes.items():
        await _make_role(connection, f"phoneshelf_{role}", attribute)
    statements = [
        "GRANT phoneshelf_agent TO phoneshelf_lead",
        *(f"GRANT phoneshelf_{role} TO phoneshelf_keeper WITH ADMIN OPTION" for role in ROLES),
        "GRANT phoneshelf_owner, phoneshelf_keeper TO CURRENT_USER",
        "GRANT USAGE, CREATE ON SCHEMA public TO phoneshelf_owner, phoneshelf_keeper",
    ]
    name = await connection.fetchval("SELECT quote_ident(current_database())")
    statements += [
        f"GRANT CREATE ON DATABASE {name} TO phoneshelf_owner",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {', '.join(f'phoneshelf_{role}' for role in ROLES)}",
    ]
    if await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        # Large objects know no rows and no quota; nothing here uses them. Only a superuser can close them.
        statements += [f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC" for name in _LARGE_OBJECTS]
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        for statement in statements:
            await connection.execute(statement)


async def _make_role(connection: asyncpg.Connection, role: str, attribute: str) -> None:
    if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        return
    try:
        await connection.execute(f"CREATE ROLE {role} NOLOGIN{attribute}")
    except asyncpg.DuplicateObjectError:
        # Another client made it at the same moment.
        return


async def _fill(connection: AsyncConnection) -> str | None:
    async def run(*statements: str) -> None:
        for statement in statements:
            await connection.exec_driver_sql(statement)

    await run(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})", "SET LOCAL ROLE phoneshelf_owner")
    before = await connection.run_sync(current_step)
    # Views would hold their columns fast.
    await run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    async with turn():
        await connection.run_sync(migrate)
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise LookupError("no driver connection")
    await driver.execute("\n".join(script(name) for name in OWNERS))
    await run("GRANT SELECT, INSERT, UPDATE ON member TO phoneshelf_keeper")
    await run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO phoneshelf_keeper")
    await run("SET LOCAL ROLE phoneshelf_keeper")
    await driver.execute("\n".join(script(name) for name in KEEPERS))
    tables = await _names(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    sequences = await _names(connection, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
    old = await _names(connection, "SELECT format('DROP POLICY %I ON %I', policyname, tablename) FROM pg_policies")
    keepers = await _names(connection, _KEEPERS_FUNCTIONS)
    statements = old + right_statements(tables, sequences, veiled_rights(AGENT))
    theirs = [s for s in statements if any(f"FUNCTION {name}(" in s for name in keepers)]
    await run(*theirs, "SET LOCAL ROLE phoneshelf_owner", *(s for s in statements if s not in theirs))
    await run(*veil_statements(AGENT))
    await run("CREATE POLICY keeper_all ON member TO phoneshelf_keeper USING (true) WITH CHECK (true)")
    return before


_KEEPERS_FUNCTIONS = (
    "SELECT proname FROM pg_proc WHERE proowner = 'phoneshelf_keeper'::regrole "
    "AND pronamespace = 'public'::regnamespace"
)


async def _names(connection: AsyncConnection, query: str) -> list[Any]:
    return list((await connection.exec_driver_sql(query)).scalars())
