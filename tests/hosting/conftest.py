"""A server of a test's own, for tests that stop, kill or break it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.domain.errors import HostingFailed
from app.hosting.cluster import Cluster
from tests.fakes.postgres import Postgres, aside, binaries, free_port, listening, run_as, scratch, start


@pytest.fixture
def empty() -> Iterator[Cluster]:
    """A cluster that was not made yet."""
    programs, user = binaries(), run_as()
    folder = scratch()
    try:
        yield Cluster(folder / "a server é", programs, user, is_durable=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def made() -> Iterator[tuple[Path, str]]:
    """A server's folder that is only copied, and its password: making one takes a second."""
    programs, user = binaries(), run_as()
    folder = scratch()
    cluster = Cluster(folder / "made", programs, user, is_durable=False)
    try:
        yield cluster.folder, aside(cluster.create(listening(free_port())))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def own(empty: Cluster, made: tuple[Path, str]) -> AsyncIterator[Postgres]:
    """A running server of the test's own; it may be stopped or killed."""
    copy(made[0], empty.folder)
    server = await start(empty, made[1])
    yield server
    with suppress(HostingFailed):
        if await empty.is_running():
            await empty.stop()


def copy(folder: Path, to: Path) -> None:
    """Copy a folder with the owners of its files."""
    shutil.copytree(folder, to)
    for path in [folder, *folder.rglob("*")]:
        about = path.stat()
        os.chown(to / path.relative_to(folder), about.st_uid, about.st_gid)


async def kill(cluster: Cluster) -> int:
    """Kill a server's own process; return its number."""
    pid = (await cluster.status()).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
