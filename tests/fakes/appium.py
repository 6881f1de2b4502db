"""A real Appium server in a process of its own, where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import AppiumMissing
from devices.adb.server import AdbServer, adb_path
from devices.automation.appium import ask_status
from tests.fakes.shelf import ROOT, has_adb

_START_S = 60.0
_PATIENCE_S = 20.0
_POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Appium:
    """Where it listens, and the file into which it says everything."""

    url: str
    log: Path


def why_no_appium() -> str:
    """Return why none can be started here, empty where one can."""
    if not has_adb():
        return "this adbutils brings no adb"
    if os.name == "nt":
        return "it is started on POSIX systems only"
    if shutil.which("node") is None:
        return "Node.js is not here"
    if not appium_program().exists():
        return "Appium is not installed: python3 run.py appium, or name one in PHONESHELF_APPIUM"
    return ""


def appium_program() -> Path:
    """Return the program: the one that a person names, else the pinned one."""
    named = os.environ.get("PHONESHELF_APPIUM")
    return Path(named) if named else ROOT / "installer" / "cache" / "appium" / "node_modules" / ".bin" / "appium"


@contextmanager
def appium_server(folder: Path, adb: AdbServer, home: Path | None = None) -> Iterator[Appium]:
    """Run it on loopback for as long as the context lasts; `home` is where it looks for drivers."""
    tools = folder / "android" / "platform-tools"
    tools.mkdir(parents=True)
    (tools / adb_path().name).symlink_to(adb_path())
    own = {"APPIUM_HOME": str(home or _home()), "ANDROID_HOME": str(tools.parent), "TMPDIR": str(folder)}
    port = _free_port()
    log = folder / "appium.log"
    command = [str(appium_program()), "--address", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    with (
        log.open("wb") as out,
        subprocess.Popen(  # noqa: S603
            command, env=adb.environment() | own, stdout=out, stderr=subprocess.STDOUT, cwd=folder
        ) as child,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, child)
            yield Appium(url, log)
        finally:
            child.terminate()
            try:
                child.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                child.kill()


def _home() -> Path:
    """Return where the drivers are: beside the program where npm put both into one folder."""
    folder = appium_program().absolute().parent.parent.parent
    if (folder / "node_modules" / "appium-uiautomator2-driver").is_dir():
        return folder
    return Path(os.environ.get("APPIUM_HOME") or Path.home() / ".appium")


def _wait(url: str, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while True:
        try:
            ask_status(url)
        except AppiumMissing:
            assert child.poll() is None, "Appium ended while starting"
            assert time.monotonic() < until, "Appium does not start"
            threading.Event().wait(_POLL_S)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
