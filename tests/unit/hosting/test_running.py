"""Running programs, placing files, reading what a server says, judging space."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.domain.errors import HostingFailed
from app.hosting import starting
from app.hosting.placing import place
from app.hosting.processes import Call, begin, environment, finished, run
from app.hosting.spaces import Room, Space, disk_space, tightest

PYTHON = Path(sys.executable)
GB = 1024**3


async def test_what_a_program_says_and_how_it_ends() -> None:
    ran = await run(Call(PYTHON, ("-c", "import sys; print(sys.stdin.read()); sys.exit(3)"), given=b"word"))
    assert (ran.code, ran.text.strip()) == (3, "word")


async def test_a_program_that_takes_too_long_is_gone(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    words = f"import os, threading; open({str(mark)!r}, 'w').write(str(os.getpid())); threading.Event().wait(600)"
    with pytest.raises(HostingFailed, match="within 2 s"):
        await run(Call(PYTHON, ("-c", words), deadline_s=2))
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


async def test_a_program_whose_task_is_cancelled_is_gone(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    words = f"import os, threading; open({str(mark)!r}, 'w').write(str(os.getpid()) + '.'); threading.Event().wait(600)"
    work = begin(run(Call(PYTHON, ("-c", words))))
    while not mark.exists() or not mark.read_text().endswith("."):  # noqa: ASYNC110 - a file tells nobody
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.wait({work})
    assert work.cancelled()
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()[:-1]), 0)


async def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(HostingFailed, match="postgres cannot be run"):
        await run(Call(tmp_path / "postgres", ()))


def test_children_hear_nothing_of_other_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGPASSWORD", "PGSERVICE", "LC_MESSAGES"):
        monkeypatch.setenv(name, "x")
    found = environment({"PGPORT": "1"})
    assert not {"PGHOST", "PGPASSWORD", "PGSERVICE", "LC_MESSAGES"} & set(found)
    assert (found["PGPORT"], found["LC_ALL"]) == ("1", "C")


async def test_work_ends_before_a_cancellation_goes_on() -> None:
    gate, ended = asyncio.Event(), []

    async def work() -> None:
        await gate.wait()
        ended.append(True)

    task = begin(finished(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    gate.set()
    await asyncio.wait({task})
    assert ended
    assert task.cancelled()


async def test_its_failure_is_raised() -> None:
    async def work() -> None:
        raise HostingFailed("a", "b")

    with pytest.raises(HostingFailed, match=r"a\. b"):
        await finished(work())


def test_secrets_are_not_shown() -> None:
    call = Call(PYTHON, ("x",), environment={"PGPASSWORD": "geheim"}, given=b"geheim")
    assert "geheim" not in repr(call)


def test_a_file_is_placed_whole_and_a_link_is_not_followed(tmp_path: Path) -> None:
    target, other = tmp_path / "file", tmp_path / "other"
    other.write_text("kept")
    target.symlink_to(other)
    place(target, "new")
    assert (target.read_text(), other.read_text(), target.is_symlink()) == ("new", "kept", False)
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    assert {path.name for path in tmp_path.iterdir()} == {"file", "other"}
    with pytest.raises(HostingFailed, match="cannot be written"):
        place(tmp_path / "nowhere" / "file", "x")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nHINT:  Is another...', "port 5433"),
        ("HINT:  Is another postmaster already running on port 5433? If not, wait", "port 5433"),
        ("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", "still ends"),
        ('PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device', "disk is full"),
        ('FATAL:  lock file "postmaster.pid" already exists', "another server"),
        ('FATAL:  could not load server certificate file "server.pem": no start line', "certificate"),
        ('FATAL:  data directory "x" has invalid permissions', "owner"),
        ("FATAL:  something new", "something new"),
        ("", "says nothing"),
    ],
)
def test_why_a_server_did_not_start(said: str, reason: str) -> None:
    error = starting.why_not(said, 5433)
    assert reason in error.reason
    assert error.next_step
    assert starting.is_of_orphans(error) is ("still ends" in reason)


def test_a_pid_file_is_read_also_while_it_is_being_written() -> None:
    lines = "12\n/data\n1700000000\n5433\n\n*\n  1 2\nready   \n".splitlines()
    whole = starting.parse_pid_file(lines)
    assert (whole.pid, whole.port, whole.is_ready) == (12, 5433, True)
    for count in range(1, 8):
        assert starting.parse_pid_file(lines[:count]).is_ready is False


def test_space_is_judged() -> None:
    here = Path()
    rooms = {
        Space(here, free, total).room: None
        for free, total in ((50 * GB, 100 * GB), (2 * GB - 1, 10 * GB), (4 * GB, 100 * GB), (GB - 1, 2 * GB))
    }
    assert list(rooms) == [Room.ENOUGH, Room.LOW, Room.ALARM]
    assert Space(here, 2 * GB, 20 * GB).room is Room.ENOUGH
    assert Space(here, 50 * GB, 100 * GB).next_step == ""
    assert disk_space(here).total > 0
    worst = tightest([Space(here, 90 * GB, 100 * GB), Space(here, 3 * GB, 100 * GB), Space(here, 2 * GB, 10 * GB)])
    assert worst.free == 3 * GB
