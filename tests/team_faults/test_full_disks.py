"""A server whose disk is full: it is said, nothing acknowledged is lost, and all goes on once there is room."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from app.domain.change import MessageAdded
from app.domain.errors import StoreFailed
from app.domain.ids import ChatId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.hosting.processes import owner_of
from app.hosting.supervising import ServerReport, ServerState, Supervisor
from app.runtime.clock import SystemClock
from app.runtime.tasks import spawn, stop
from app.seat import Keys
from app.services.founding import Founding, Wishes
from app.store import accounts, chats, messages, replies
from app.store.engine import Store
from tests.fakes.postgres import Postgres, run_as
from tests.fakes.team import Team, server_of
from tests.team_faults.servers import Writer, furnish, lasting_team, own_server, rows_of

pytestmark = pytest.mark.timeout(150)
DATA_MB, WAL_MB = 100, 64
SENDS, ENOUGH = 400, 20
MOVED = 6000


@dataclass
class Disk:
    """A small disk that is filled and emptied again."""

    place: Path

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    def fill(self) -> None:
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(place: Path, size_mb: int) -> Iterator[Disk]:
    """Put a folder of the server onto a small disk of its own, as it is; skip the test where that cannot be."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small disk needs Linux, root and mount")
    owner = owner_of(run_as())
    assert owner is not None
    aside = place.with_name(place.name + ".aside")
    place.rename(aside)
    place.mkdir()
    about = f"size={size_mb}m,mode=0700,uid={owner.uid},gid={owner.gid}"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", about, "tmpfs", str(place)], check=False).returncode:  # noqa: S603, S607
        pytest.skip("no tmpfs can be mounted here")
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", str(place)], check=True)  # noqa: S603, S607
        shutil.rmtree(aside)
        yield Disk(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S603, S607


@pytest.fixture
async def own() -> AsyncIterator[Postgres]:
    async with own_server() as server:
        yield server


def _move_log(data: Path, to: Path) -> None:
    """Put the log of changes elsewhere than the data."""
    shutil.move(data / "pg_wal", to)
    (data / "pg_wal").symlink_to(to)


async def test_a_full_disk_is_said_reading_goes_on_and_so_does_writing_once_there_is_room(own: Postgres) -> None:
    team = await lasting_team(own)
    open_chats = await furnish(team, ("eva",))
    await own.cluster.stop()
    own.cluster.folder.chmod(0o755)
    _move_log(own.cluster.data, own.cluster.folder / "wal")
    with small_disk(own.cluster.data, DATA_MB) as disk:
        await own.cluster.start()
        await _fill_and_make_room(team, open_chats, disk)
        await own.cluster.stop()


async def _fill_and_make_room(team: Team, open_chats: list[ChatId], disk: Disk) -> None:
    writer, more = Writer(team.server("eva"), open_chats), asyncio.Event()
    writer.on_acknowledged = writer.on_failure = more.set
    reader = Store(team.server("eva"), SystemClock().now)
    writing = spawn(writer.write(SENDS), "writer")
    writing.add_done_callback(lambda _: more.set())
    try:
        while len(writer.acknowledged) < ENOUGH and not writing.done():
            more.clear()
            await more.wait()
        await asyncio.to_thread(disk.fill)
        while not writer.failures and not writing.done():
            more.clear()
            await more.wait()
        stood, known = len(writer.acknowledged), set(writer.acknowledged)
        async with reader.read() as connection:
            assert known <= {reply.id for reply in await replies.list_replies(connection)}
        await asyncio.to_thread(disk.empty)
        await writing
    finally:
        await stop(writing)
        await reader.close()
    assert ENOUGH <= stood < SENDS
    assert all("the server's disk is full; whoever looks after it has to make room" in one for one in writer.failures)
    assert sorted(await rows_of(team)) == sorted(writer.acknowledged)
    assert len(writer.acknowledged) == SENDS


async def test_a_disk_that_fills_while_a_history_moves_is_said_and_the_move_goes_on_once_there_is_room(
    own: Postgres, tmp_path: Path
) -> None:
    file = Store(tmp_path / "phoneshelf.sqlite", SystemClock().now)
    await file.open()
    async with file.write() as unit:
        account = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
        chat = await chats.add_chat(unit, account, "Otto", "person")
        texts = [f"{n} {'many words ' * 40}" for n in range(MOVED)]
        rows = [MessageAdded(Direction.IN, Shown(700), Content(Kind.TEXT, one), Origin.SCREEN, None) for one in texts]
        await messages.apply_changes(unit, chat, rows)
    await own.cluster.stop()
    own.cluster.folder.chmod(0o755)
    _move_log(own.cluster.data, own.cluster.folder / "wal")
    with small_disk(own.cluster.data, DATA_MB) as disk:
        await own.cluster.start()

        async def found(tell: Callable[[str, int, int], None]) -> dict[str, int]:
            founding = Founding(server_of(own, "shop"), SystemClock(), Keys(tmp_path, in_file=True))
            return (await founding.found(Wishes("Winkel", "Eva", "eva"), file, tell)).moved

        with pytest.raises(StoreFailed, match="disk is full; whoever looks after it has to make room"):
            await found(lambda what, done, _: disk.fill() if what == "message" and done else None)
        await asyncio.to_thread(disk.empty)
        told: list[int] = []
        moved = await found(lambda what, done, _: told.append(done) if what == "message" else None)
        assert moved["message"] == MOVED
        assert told[0] > 0, "it began anew"
        await own.cluster.stop()
    await file.close()


async def test_a_log_of_changes_without_room_ends_the_server_and_the_supervisor_has_it_back(own: Postgres) -> None:
    async with asyncio.timeout(120):
        team = await lasting_team(own)
        open_chats = await furnish(team, ("eva",))
        await own.cluster.stop()
        with small_disk(own.cluster.data / "pg_wal", WAL_MB) as disk:
            told, heard = [], asyncio.Event()

            def hear(report: ServerReport) -> None:
                told.append(report)
                heard.set()

            async def until_told(state: ServerState, words: str = "") -> None:
                while not any(one.state is state and words in one.reason for one in told):
                    heard.clear()
                    await heard.wait()
                told.clear()

            keeping = spawn(Supervisor(own.cluster, hear, lambda _: None, sleep=_quick).run(), "supervisor")
            try:
                await until_told(ServerState.RUNNING)
                writer = Writer(team.server("eva"), open_chats)
                await writer.write(ENOUGH)
                await asyncio.to_thread(disk.fill)
                await _use_up_the_log(team)
                await until_told(ServerState.FAILED, "the disk is full")
                late = spawn(writer.write(ENOUGH), "writer")
                await asyncio.to_thread(disk.empty)
                await until_told(ServerState.RUNNING)
                await late
                assert sorted(await rows_of(team)) == sorted(writer.acknowledged)
                assert len(writer.acknowledged) == 2 * ENOUGH
            finally:
                await stop(keeping)


async def _quick(seconds: float) -> None:
    await asyncio.sleep(seconds / 20)


async def _use_up_the_log(team: Team) -> None:
    """Begin one part of the log of changes after the other until there is no room for the next."""
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        async with team.as_() as owner:
            for _ in range(WAL_MB):
                await owner.execute("SELECT pg_logical_emit_message(true, 'ballast', 'x')")
                await owner.execute("SELECT pg_switch_wal()")
    # It is down, or about to be.
