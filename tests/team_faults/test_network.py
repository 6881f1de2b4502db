"""A team's server on another host: the network between is cut silently, and strangers knock."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import struct
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import asyncpg
import pytest

from app.domain.errors import StoreFailed
from app.domain.server import Server
from app.hosting.cluster import Cluster
from app.hosting.configuring import DATABASE, Listening
from app.runtime.clock import SystemClock
from app.runtime.tasks import spawn, stop
from app.services.watching import Watching
from app.store import accounts
from app.store.changed import RowChanged
from app.store.engine import Store
from app.store.listening import BACK, LOST
from tests.fakes.postgres import Postgres, aside, binaries, free_port, run_as, scratch
from tests.fakes.team import Team
from tests.team_faults.networks import SERVER, Network, network
from tests.team_faults.servers import Ear, Writer, furnish, lasting_team, rows_of

pytestmark = pytest.mark.timeout(150)
NOTICED_WITHIN_S = 10.0
FREED_WITHIN_S = 30.0
CUTS = 4


@dataclass
class Far:
    """A server on a host of its own, whose team has `eva` and `bram` and two PCs that drive phones."""

    network: Network
    postgres: Postgres
    team: Team
    chats: list[Any]

    def seen_from_afar(self, name: str) -> Server:
        return replace(self.team.server(name), hosts=((SERVER, self.postgres.port),))

    async def at_server(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        return await self.network.at("server", work)

    async def sql(self, statement: str) -> Any:
        """Ask as the superuser, beside the server."""

        async def ask() -> Any:
            async with self.team.as_() as owner:
                return await owner.fetchval(statement)

        return await self.at_server(ask)

    def from_afar(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a test at the client's host; the network is whole again afterwards."""
        self.network.run("client", work)


@pytest.fixture(scope="module")
def far() -> Iterator[Far]:
    with network() as hosts:
        folder = scratch()
        cluster = Cluster(folder / "server", binaries(), run_as(), is_durable=False)
        try:
            yield hosts.run("server", partial(_make, hosts, cluster))
        finally:
            aside(_end(cluster))
            shutil.rmtree(folder, ignore_errors=True)


async def _make(hosts: Network, cluster: Cluster) -> Far:
    at = Listening(free_port(), names=(SERVER,), addresses=(SERVER,), ranges=("10.231.1.0/30",))
    password = await cluster.create(at)
    await cluster.start()
    postgres = Postgres(cluster, at.port, password)
    team = await lasting_team(postgres)
    chats = await furnish(team, ("eva", "bram"))
    for name in ("box", "till"):
        await team.add(name, "bridge")
    return Far(hosts, postgres, team, chats)


async def _end(cluster: Cluster) -> None:
    if await cluster.is_running():
        await cluster.stop()


def test_a_silent_cut_is_noticed_and_nothing_is_missed_after_it(far: Far) -> None:
    async def listen() -> None:
        ear = Ear(far.seen_from_afar("eva"))
        beside = Writer(far.team.server("bram"), far.chats[:10])
        while not any(one.kind == "reply" for one in ear.heard):
            await far.at_server(partial(beside.write, 1))
        far.network.cut()
        try:
            noticed = await ear.until(LOST)
            await far.at_server(partial(beside.write, 10))
            assert BACK not in ear.heard
        finally:
            far.network.mend()
        back = await ear.until(BACK)
        missed = beside.acknowledged[-10:]
        await ear.until(*(RowChanged("reply", uid, far.chats[n]) for n, uid in enumerate(missed)))
        await ear.stop()
        print(f"the cut was noticed after {noticed:.1f} s, its end after {back:.1f} s")  # noqa: T201
        assert noticed <= NOTICED_WITHIN_S

    far.from_afar(listen)


async def _hold(server: Server, holder: str, then: Callable[[Store], Awaitable[None]]) -> None:
    """Take a phone's lease in a transaction that stays open while something else is done."""
    clock = SystemClock()
    store = Store(server, clock.now)
    try:
        async with store.write() as unit:
            (account,) = await accounts.list_accounts(unit.connection)
            await accounts.claim_lease(unit, account.id, holder, unit.now)
            await then(store)
    finally:
        await store.close()


async def _take(server: Server) -> float:
    """Take the lease of the phone as another PC; return how long it took."""
    clock, began = SystemClock(), asyncio.get_running_loop().time()
    store = Store(server, clock.now)
    try:
        watching = Watching(store, clock)
        (account,) = await watching.list_accounts()
        while True:
            # One that waits for too long is told that somebody holds it, and asks again.
            with suppress(StoreFailed):
                await watching.hold(account.id, "till")
                break
    finally:
        await store.close()
    return asyncio.get_running_loop().time() - began


def test_what_a_cut_off_client_had_locked_is_free_again(far: Far) -> None:
    async def lock() -> None:
        took: list[float] = []

        async def be_cut_off(_store: Store) -> None:
            far.network.cut()
            try:
                took.append(await far.at_server(partial(_take, far.team.server("till"))))
            finally:
                far.network.mend()

        with pytest.raises(StoreFailed):
            await _hold(far.seen_from_afar("box"), "box", be_cut_off)
        print(f"the lock was free after {took[0]:.1f} s")  # noqa: T201
        assert took[0] <= FREED_WITHIN_S

    far.from_afar(lock)


def test_cuts_amid_sends_make_no_double_and_lose_nothing(far: Far) -> None:
    async def send() -> None:
        writer, more = Writer(far.seen_from_afar("eva"), far.chats[10:]), asyncio.Event()
        writer.on_acknowledged = more.set
        before = set(await far.at_server(partial(rows_of, far.team)))
        writing = spawn(writer.write(60), "writer")
        writing.add_done_callback(lambda _: more.set())
        try:
            for cut in range(CUTS):
                while len(writer.acknowledged) < (cut + 1) * 10 and not writing.done():
                    more.clear()
                    await more.wait()
                far.network.cut()
                try:
                    # To the server the client is gone; the client learns it when the network is there again.
                    await far.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                  f"WHERE usename = '{far.team.login('eva')}'")  # fmt: skip
                finally:
                    far.network.mend()
            await writing
        finally:
            await stop(writing)
        there = [uid for uid in await far.at_server(partial(rows_of, far.team)) if uid not in before]
        assert sorted(there) == sorted(writer.acknowledged)
        assert len(there) == 60
        assert writer.failures, "the cuts did not hit"

    far.from_afar(send)


def test_from_another_host_only_the_team_is_let_in_and_only_to_its_database(far: Far) -> None:
    async def knock() -> None:
        eva = far.seen_from_afar("eva")
        ways = {"host": SERVER, "port": far.postgres.port, "user": eva.user, "password": eva.password,
                "database": DATABASE, "ssl": far.postgres.tls()}  # fmt: skip
        connection = await asyncpg.connect(**ways)
        assert await connection.fetchval("SELECT 7") == 7
        await connection.close()
        refused = asyncpg.InvalidAuthorizationSpecificationError
        with pytest.raises(refused, match="no encryption"):
            await asyncpg.connect(**ways | {"ssl": False})
        for word in ("", "wrong"):
            with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InterfaceError)):
                await asyncpg.connect(**ways | {"password": word})
        for other in ("postgres", "template1", "replication"):
            with pytest.raises(refused, match="rejects"):
                await asyncpg.connect(**ways | {"database": other})
        for database in (DATABASE, "postgres"):
            with pytest.raises(refused, match="rejects"):
                await asyncpg.connect(
                    **ways | {"user": "postgres", "password": far.postgres.password, "database": database}
                )

    far.from_afar(knock)


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_stranger_on_another_host_is_told_no_version(far: Far, is_encrypted: bool) -> None:
    async def knock() -> None:
        version = (await far.sql("SHOW server_version")).split()[0]
        for user in ("postgres", far.team.login("eva"), "nobody"):
            for database in (DATABASE, "postgres", "none"):
                answer = await _answer(far.postgres, user, database, is_encrypted=is_encrypted)
                assert answer[:1] in (b"E", b"R")
                assert b"server_version" not in answer
                assert version.encode() not in answer

    far.from_afar(knock)


async def _answer(postgres: Postgres, user: str, database: str, *, is_encrypted: bool) -> bytes:
    """Return all that the server says to one who names a login and then gives a password that is none."""
    reader, writer = await asyncio.open_connection(SERVER, postgres.port)
    if is_encrypted:
        writer.write(struct.pack("!ii", 8, 80877103))
        assert await reader.readexactly(1) == b"S"
        context = ssl.create_default_context(cafile=str(postgres.authority))
        await writer.start_tls(context, server_hostname=SERVER)
    words = b"".join(f"{one}\0".encode() for one in ("user", user, "database", database)) + b"\0"
    writer.write(struct.pack("!ii", 8 + len(words), 3 << 16) + words)
    said = await reader.read(4096)
    if said[:1] == b"R":
        writer.write(b"p" + struct.pack("!i", 9) + b"none\0")
        said += await reader.read()
    writer.close()
    return said
