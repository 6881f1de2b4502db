"""The supervisor: a killed server comes back, states are told, the end is clean."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.hosting.certificates import Issued, expires_at, fingerprint, issue_server, names_of
from app.hosting.processes import begin
from app.hosting.spaces import Room, Space
from app.hosting.supervising import ServerReport, ServerState, Supervisor
from tests.fakes.postgres import HOST, Postgres
from tests.hosting.conftest import kill

GB = 1024**3


class Ear:
    """Hears what a supervisor tells, and waits for it."""

    def __init__(self) -> None:
        self.reports: list[ServerReport] = []
        self.spaces: list[Space] = []
        self.told = asyncio.Event()

    def hear(self, report: ServerReport) -> None:
        self.reports.append(report)
        self.told.set()

    def hear_space(self, space: Space) -> None:
        self.spaces.append(space)
        self.told.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self.told.clear()
            await self.told.wait()

    def count(self, state: ServerState) -> int:
        return sum(report.state is state for report in self.reports)


async def quick(seconds: float) -> None:
    """Wait a hundredth of what is asked."""
    await asyncio.sleep(seconds / 100)


async def test_a_killed_server_comes_back_and_is_stopped_at_the_end(own: Postgres) -> None:
    await own.cluster.stop()
    ear = Ear()
    work = begin(Supervisor(own.cluster, ear.hear, ear.hear_space, sleep=quick).run())
    await ear.until(lambda: ear.count(ServerState.RUNNING) == 1)
    await own.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    await kill(own.cluster)
    await ear.until(lambda: ear.count(ServerState.RUNNING) == 2)
    connection = await own.connect()
    found = await connection.fetchval("SELECT id FROM kept")
    await connection.close()
    work.cancel()
    await asyncio.wait({work})
    assert found == 7
    assert work.cancelled()
    assert [report.state for report in ear.reports[:3]] == ["starting", "running", "failed"]
    assert ear.reports[2].next_step
    assert ear.reports[-1].state is ServerState.STOPPED
    assert not await own.cluster.is_running()


async def test_a_server_that_cannot_start_is_tried_again_with_growing_pauses(own: Postgres) -> None:
    await own.cluster.stop()
    taker = await asyncio.start_server(lambda _, writer: writer.close(), HOST, own.port)
    ear, pauses = Ear(), []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            taker.close()
            await taker.wait_closed()
        await quick(seconds)

    work = begin(Supervisor(own.cluster, ear.hear, ear.hear_space, sleep=pause).run())
    await ear.until(lambda: ear.count(ServerState.RUNNING) == 1)
    work.cancel()
    await asyncio.wait({work})
    failed = [report for report in ear.reports if report.state is ServerState.FAILED]
    assert pauses[:3] == [1.0, 2.0, 5.0]
    assert len(failed) == 3
    assert all(f"port {own.port}" in report.reason and report.next_step for report in failed)


async def test_one_that_runs_already_is_taken_over(own: Postgres) -> None:
    before = await own.cluster.status()
    ear = Ear()
    work = begin(Supervisor(own.cluster, ear.hear, ear.hear_space, sleep=quick).run())
    await ear.until(lambda: ear.count(ServerState.RUNNING) == 1)
    after = await own.cluster.status()
    work.cancel()
    await asyncio.wait({work})
    assert before.pid == after.pid


async def test_a_disk_that_fills_up_is_told_once_for_each_step(own: Postgres) -> None:
    free = iter([50 * GB, 50 * GB, GB * 3 // 2, GB * 3 // 2, GB // 2])
    left = [50 * GB]

    def measure(folder: Path) -> Space:
        if folder.name == "pg_wal":
            left[0] = next(free, left[0])
            return Space(folder, left[0], 100 * GB)
        return Space(folder, 60 * GB, 100 * GB)

    ear = Ear()
    work = begin(Supervisor(own.cluster, ear.hear, ear.hear_space, space_of=measure, sleep=quick).run())
    await ear.until(lambda: len(ear.spaces) == 3)
    work.cancel()
    await asyncio.wait({work})
    assert [space.room for space in ear.spaces] == [Room.ENOUGH, Room.LOW, Room.ALARM]
    assert {space.folder.name for space in ear.spaces} == {"pg_wal"}
    assert "now" in ear.spaces[-1].next_step


async def test_a_second_cancellation_does_not_leave_the_server_running(own: Postgres) -> None:
    ear = Ear()
    work = begin(Supervisor(own.cluster, ear.hear, ear.hear_space, sleep=quick).run())
    await ear.until(lambda: ear.count(ServerState.RUNNING) == 1)
    for _ in range(3):
        work.cancel()
        await asyncio.sleep(0)
    await asyncio.wait({work})
    assert work.cancelled()
    assert not await own.cluster.is_running()


async def test_a_certificate_near_its_end_is_renewed_for_the_same_names(own: Postgres) -> None:
    home = own.cluster.folder / "authority"
    authority = Issued((home / "authority.crt").read_bytes(), (home / "authority.key").read_bytes())
    old = issue_server(authority, ["shelf.example"], datetime.now(UTC) - timedelta(days=800))
    (own.cluster.data / "server.pem").write_bytes(old.certificate + old.key)
    ear, looks = Ear(), []

    async def look(seconds: float) -> None:
        looks.append(seconds)
        ear.told.set()
        await quick(seconds)

    work = begin(Supervisor(own.cluster, ear.hear, ear.hear_space, sleep=look).run())
    await ear.until(lambda: bool(looks))
    work.cancel()
    await asyncio.wait({work})
    new = own.cluster.certificate
    assert fingerprint(new) != fingerprint(old.certificate)
    assert names_of(new) == names_of(old.certificate)
    assert expires_at(new) > datetime.now(UTC) + timedelta(days=800)
