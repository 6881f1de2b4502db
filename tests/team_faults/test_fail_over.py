"""Two servers, one following the other: the first dies, the second is promoted, the first comes back."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import HostingFailed, StoreFailed
from app.domain.server import Server
from app.hosting.cluster import Cluster
from app.hosting.placing import make_folder
from app.hosting.processes import Call, owner_of, run
from app.hosting.scram import new_password, scram_verifier
from app.runtime.tasks import spawn, stop
from app.seat import Timelines
from app.store.changed import RowChanged
from app.store.listening import BACK, LOST
from app.store.postgres import PostgresDatabase
from tests.fakes.postgres import HOST, Postgres, binaries, free_port, listening, run_as
from tests.fakes.team import Team, team_database
from tests.team_faults.servers import Ear, Writer, furnish, kill_whole, own_server, rows_of
from tests.team_faults.stage import until

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a server's processes are found in /proc"),
    pytest.mark.timeout(150),
]
BEFORE, SENDS = 60, 120


@pytest.fixture
async def first() -> AsyncIterator[Postgres]:
    async with own_server() as server:
        at = replace(listening(server.port), replicates=True)
        await server.cluster.configure(at)
        yield server


@pytest.fixture
async def team(first: Postgres) -> AsyncIterator[Team]:
    async with team_database(first) as owner:
        yield Team(owner)


async def _follow(first: Postgres, folder: Path) -> Cluster:
    """Make and start a second server that follows the first; a commit waits for it from now on."""
    programs, user = await asyncio.to_thread(binaries), run_as()
    password = new_password()
    await first.execute(f"CREATE ROLE standby LOGIN REPLICATION PASSWORD '{scram_verifier(password)}'")
    await first.execute("SELECT pg_create_physical_replication_slot('standby')")
    make_folder(folder, owner_of(user))
    way = f"host={HOST} port={first.port} user=standby password={password} sslmode=require application_name=standby"
    words = ("-d", way, "-D", str(folder / "data"), "-R", "-X", "stream", "-S", "standby", "-c", "fast")
    ran = await run(Call(programs.program("pg_basebackup"), words, 120, owner_of(user)))
    assert ran.code == 0, ran.text
    # People pin one authority, which has to vouch for both.
    shutil.copytree(first.cluster.folder / "authority", folder / "authority")
    second = Cluster(folder, programs, user, is_durable=False)
    await second.configure(listening(free_port()))
    await second.start()
    # Only now: a copy of this setting would have the second wait for a standby of its own once it is promoted.
    await first.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
    await first.execute("SELECT pg_reload_conf()")
    connection = await first.connect()

    async def follows() -> bool:
        return await connection.fetchval("SELECT sync_state FROM pg_stat_replication") == "sync"

    try:
        await until(follows, "the second server follows")
    finally:
        await connection.close()
    return second


@pytest.fixture
async def second(first: Postgres, team: Team) -> AsyncIterator[Cluster]:
    made = await _follow(first, first.cluster.folder.parent / "second")
    yield made
    with suppress(HostingFailed):
        await made.stop()
    # The fixtures before this one want to clean the first.
    await first.cluster.start()
    await first.execute("ALTER SYSTEM RESET synchronous_standby_names")
    await first.execute("SELECT pg_reload_conf()")


async def test_a_promoted_standby_holds_all_that_was_acknowledged_and_people_go_on_by_themselves(
    first: Postgres, team: Team, second: Cluster, tmp_path: Path
) -> None:
    chats = await furnish(team, ("eva", "bram"))
    port = second.port
    assert port is not None
    both = ((HOST, first.port), (HOST, port))
    eva, bram = (replace(team.server(name), hosts=both) for name in ("eva", "bram"))
    guard = Timelines(tmp_path / "team.timeline")
    writer, more, ear = Writer(eva, chats, guard=guard), asyncio.Event(), Ear(bram, Timelines(tmp_path / "another"))
    writer.on_acknowledged = more.set
    await ear.until_it_listens(team.owner)
    writing = spawn(writer.write(SENDS), "writer")
    writing.add_done_callback(lambda _: more.set())
    try:
        async with asyncio.timeout(60):
            while len(writer.acknowledged) < BEFORE and not writing.done():
                more.clear()
                await more.wait()
        await kill_whole(first.cluster)
        killed, before = time.monotonic(), len(writer.acknowledged)
        await _promote(second)
        async with asyncio.timeout(60):
            while (len(writer.acknowledged) <= before or not writer.failures) and not writing.done():
                more.clear()
                await more.wait()
        print(f"the writer went on {time.monotonic() - killed:.1f} s after the kill")  # noqa: T201
        await writing
    finally:
        await stop(writing)
    moved = Team(replace(team.owner, hosts=((HOST, port),)), team.suffix, team.passwords)
    assert writer.failures, "the writer was not interrupted"
    assert BEFORE <= before < len(writer.acknowledged) == SENDS
    assert sorted(await rows_of(moved)) == sorted(writer.acknowledged)
    await ear.until(LOST, BACK)
    await ear.until(*(RowChanged("reply", uid, chats[n % len(chats)]) for n, uid in enumerate(writer.acknowledged)))
    await ear.stop()
    await _refuse_the_first(first, eva, port, tmp_path)


async def _refuse_the_first(first: Postgres, eva: Server, port: int, folder: Path) -> None:
    """The old server comes back and writes: who knows the new one does not go there, though it is named first."""
    await first.cluster.start()
    guard = Timelines(folder / "team.timeline")
    with pytest.raises(StoreFailed, match="stopped being the team's"):
        await PostgresDatabase(replace(eva, hosts=((HOST, first.port),)), guard).connect()
    connection = await PostgresDatabase(eva, guard).connect()
    try:
        assert await connection.fetchval("SELECT inet_server_port()") == port
    finally:
        await connection.close()


async def _promote(cluster: Cluster) -> None:
    programs = await asyncio.to_thread(binaries)
    words = ("promote", "-w", "-D", str(cluster.data))
    ran = await run(Call(programs.program("pg_ctl"), words, 60, owner_of(run_as())))
    assert ran.code == 0, ran.text
