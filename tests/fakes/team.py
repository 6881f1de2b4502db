"""A team's database on the tests' server, with people who log in as themselves."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.server import Server
from app.hosting.scram import new_password, scram_verifier
from app.store.postgres import PostgresDatabase
from app.store.server.installing import install
from tests.fakes.postgres import HOST, Postgres

TEMPLATE = "phoneshelf_template"
PEOPLE = {
    "eva": "agent",
    "bram": "agent",
    "lea": "lead",
    "ada": "admin",
    "otto": "auditor",
    "box": "bridge",
}


def server_of(postgres: Postgres, database: str, user: str = "", password: str = "") -> Server:
    """Return the way to a database, as its superuser or as somebody else."""
    ca = postgres.authority.read_text("ascii")
    who = (user, password) if user else (postgres.user, postgres.password)
    return Server(((HOST, postgres.port),), database, *who, ca)


async def make_template(postgres: Postgres) -> str:
    """Return the name of a template that holds what a team's database holds at first."""

    async def fill(name: str) -> None:
        await install(server_of(postgres, name))

    return await postgres.template(TEMPLATE, fill)


@asynccontextmanager
async def team_database(postgres: Postgres) -> AsyncIterator[Server]:
    """Yield a fresh database of a team, as its superuser."""
    async with postgres.database(await make_template(postgres)) as name:
        yield server_of(postgres, name)


@dataclass
class Team:
    """People with logins of their own in one database."""

    owner: Server
    suffix: str = field(default_factory=lambda: secrets.token_hex(4))
    passwords: dict[str, str] = field(default_factory=dict)

    def login(self, name: str) -> str:
        """Return the login of a person; logins are shared by all databases of a server."""
        return f"{name}_{self.suffix}"

    def server(self, name: str) -> Server:
        """Return the way in as a person."""
        owner = self.owner
        return Server(owner.hosts, owner.database, self.login(name), self.passwords[name], owner.ca)

    @asynccontextmanager
    async def as_(self, name: str = "") -> AsyncIterator[Any]:
        """Yield a connection of asyncpg as a person, or as the owner."""
        connection = await PostgresDatabase(self.server(name) if name else self.owner).connect()
        try:
            yield connection
        finally:
            await connection.close()

    async def add(self, name: str, roles: str) -> int:
        """Make a person who has joined."""
        self.passwords[name] = new_password()
        until = datetime.now(UTC) + timedelta(hours=1)
        verifier = scram_verifier(self.passwords[name])
        async with self.as_() as owner:
            member = await owner.fetchval(
                "SELECT invite_member($1, $2, $3, $4, $5)", self.login(name), name.title(), roles, verifier, until
            )
        async with self.as_(name) as person:
            await person.execute("SELECT accept_invitation($1)", verifier)
        return int(member)

    async def end(self) -> None:
        """Remove the logins from the server."""
        async with self.as_() as owner:
            for name in self.passwords:
                await owner.execute(f"DROP OWNED BY {self.login(name)}")
                await owner.execute(f"DROP ROLE {self.login(name)}")


@asynccontextmanager
async def team_of(postgres: Postgres, people: dict[str, str] | None = None) -> AsyncIterator[Team]:
    """Yield a team in a fresh database."""
    async with team_database(postgres) as owner:
        team = Team(owner)
        try:
            for name, roles in (people or PEOPLE).items():
                await team.add(name, roles)
            yield team
        finally:
            await team.end()
