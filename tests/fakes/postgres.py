"""A PostgreSQL server for tests: this PC's own programs, a folder under the temporary one, TLS, gone at the end.

Fixtures for all tests: `postgres`, one server for the whole session; `postgres_database`, an empty one for a test.
Where no PostgreSQL >= 15 is found the tests that ask for it are skipped.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from app.domain.errors import HostingFailed
from app.hosting.binaries import Binaries, find_binaries
from app.hosting.cluster import Cluster
from app.hosting.configuring import SUPERUSER, Listening

HOST = "127.0.0.1"
T = TypeVar("T")


@dataclass
class Postgres:
    """A running server and the way in as its superuser."""

    cluster: Cluster
    port: int
    password: str
    templates: set[str] = field(default_factory=set)
    user: str = SUPERUSER

    @property
    def authority(self) -> Path:
        """The certificate that clients pin."""
        return self.cluster.folder / "authority" / "authority.crt"

    def tls(self) -> ssl.SSLContext:
        """Return what `ssl=` of asyncpg takes: verify-full against the authority."""
        return ssl.create_default_context(cafile=str(self.authority))

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        """Return what SQLAlchemy takes, together with connect_args={"ssl": tls()}."""
        return f"postgresql+asyncpg://{user}:{password or self.password}@{HOST}:{self.port}/{database}"

    async def connect(self, database: str = "postgres", user: str = SUPERUSER, password: str | None = None) -> Any:
        """Return a connection of asyncpg."""
        return await asyncpg.connect(
            host=HOST, port=self.port, user=user, password=password or self.password, database=database, ssl=self.tls()
        )

    async def execute(self, sql: str, database: str = "postgres") -> None:
        """Run a statement as the superuser, outside a transaction."""
        connection = await self.connect(database)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def template(self, name: str, fill: Callable[[str], Awaitable[None]]) -> str:
        """Return the name of a template; the first time `fill` gets a new database's name, and closes what it opens."""
        if name not in self.templates:
            await self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await self.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
            await fill(name)
            self.templates.add(name)
        return name

    @asynccontextmanager
    async def database(self, template: str = "template0") -> AsyncIterator[str]:
        """Yield the name of a fresh database, which is dropped afterwards with all who are connected."""
        name = f"t_{secrets.token_hex(6)}"
        await self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield name
        finally:
            await self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def binaries() -> Binaries:
    """Return this PC's PostgreSQL; skip the test where there is none."""
    try:
        return aside(find_binaries())
    except HostingFailed as error:
        pytest.skip(str(error))


def run_as() -> str | None:
    """Return whom the server has to be run as: root may not. Skip the test where that user is not here."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - not on Windows

    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres here")


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def scratch() -> Path:
    """Return a new folder that another user can get at too: pytest's own are for root alone."""
    folder = Path(tempfile.mkdtemp(prefix="phoneshelf-pg-"))
    folder.chmod(0o755)
    return folder


def listening(port: int) -> Listening:
    """Return a server for this PC alone, with all its databases."""
    return Listening(port, addresses=(HOST,), ranges=("127.0.0.0/8",), databases=())


def aside(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread with a loop of its own: a fixture of the session has none that lasts."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def make(cluster: Cluster) -> Postgres:
    """Make and start a server on a free port."""
    return await start(cluster, await cluster.create(listening(free_port())))


async def start(cluster: Cluster, password: str) -> Postgres:
    """Start a server that was made on a free port; another program may be quicker with one, so a few are tried."""
    for _ in range(5):
        port = free_port()
        await cluster.configure(listening(port))
        try:
            await cluster.start()
        except HostingFailed as error:
            if "port" not in error.reason:
                raise
        else:
            return Postgres(cluster, port, password)
    raise HostingFailed("no free port", "Try again")


@contextmanager
def running_server() -> Iterator[Postgres]:
    """Run a server, gone afterwards. It does not wait for the disk."""
    programs, user = binaries(), run_as()
    folder = scratch()
    cluster = Cluster(folder / "server", programs, user, is_durable=False)
    try:
        yield aside(make(cluster))
    finally:
        aside(_end(cluster))
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests."""
    with running_server() as server:
        yield server


async def _end(cluster: Cluster) -> None:
    if await cluster.is_running():
        await cluster.stop()


@pytest.fixture
async def postgres_database(postgres: Postgres) -> AsyncIterator[str]:
    """Yield the name of an empty database of the test's own."""
    async with postgres.database() as name:
        yield name
