"""The server on this PC is kept running by one process, which windows and bridges start where there is none."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.hosting.keeper import find_keeper
from tests.fakes.postgres import HOST, binaries, free_port, run_as, scratch

ROOT = Path(__file__).resolve().parents[2]


class OfficePc:
    """A profile that hosts its team."""

    def __init__(self, folder: Path) -> None:
        self.home, self.server = folder / "eva", folder / "server"
        self.port = free_port()

    def do(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app", *words, "--home", str(self.home)],
            cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        )  # fmt: skip

    def create(self) -> None:
        place = ["--address", HOST, "--port", str(self.port), "--folder", str(self.server)]
        user = ["--run-as", run_as()] if run_as() else []
        made = self.do("team", "create", "Winkel", "--me", "Eva", "--host", *place, *user, "--secrets-in-file")
        assert made.returncode == 0, made.stderr

    @property
    def is_running(self) -> bool:
        return (self.server / "data" / "postmaster.pid").exists()


@pytest.fixture
def pc() -> Iterator[OfficePc]:
    binaries()
    folder = scratch()
    made = OfficePc(folder)
    try:
        made.create()
        yield made
    finally:
        if keeper := find_keeper(made.server):
            with suppress(ProcessLookupError):
                os.kill(keeper, signal.SIGTERM)
        made.do("team", "host", "--stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_a_bridge_starts_the_server_of_this_pc_and_leaves_it_to_colleagues(pc: OfficePc) -> None:
    assert pc.do("team", "host", "--stop").returncode == 0
    assert not pc.is_running
    said = pc.do("chats")
    assert said.returncode == 1
    assert "team host" in said.stderr

    said = pc.do("bridge", "--for", "1")
    assert "no phone is on the shelf" in said.stderr
    assert pc.is_running
    keeper = find_keeper(pc.server)
    assert keeper

    assert pc.do("chats").returncode == 0
    second = pc.do("team", "host")
    assert second.returncode == 1
    assert "another process of this PC keeps the server running" in second.stderr
    assert pc.is_running

    os.kill(keeper, signal.SIGKILL)
    while find_keeper(pc.server) is not None:
        threading.Event().wait(0.05)
    assert pc.is_running
    pc.do("bridge", "--for", "1")
    while not find_keeper(pc.server):
        threading.Event().wait(0.05)
    assert find_keeper(pc.server) != keeper

    stopped = pc.do("team", "host", "--stop")
    assert stopped.returncode == 0, stopped.stderr
    assert not pc.is_running
    assert find_keeper(pc.server) is None
