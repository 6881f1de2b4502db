"""Simulated phones in a process of their own, an adb server of our own, and the automation server on the phones."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.adb.server import AdbServer, adb_path
from devices.automation.server import SERVER, TEST, ServerFiles
from devices.simulated.system.apk import ApkFacts, make_stub_apk

ROOT = Path(__file__).resolve().parent.parent.parent
VERSION = str(tomllib.loads((ROOT / "installer" / "automation-server.toml").read_text("utf-8"))["version"])
_PATIENCE_S = 30


def has_adb() -> bool:
    """Tell whether this platform's adbutils brings an adb."""
    try:
        return adb_path().is_file()
    except Exception:  # noqa: BLE001 - whatever it says, there is none
        return False


@dataclass
class SimulatedShelf:
    """Phones, their control interface, and the adb server that reaches them."""

    addresses: list[str]
    control: int
    adb: AdbServer

    @property
    def address(self) -> str:
        return self.addresses[0]

    def ask(self, verb: str, address: str = "", **arguments: object) -> Any:
        """Do something to a phone, or ask what it holds."""
        url = f"http://127.0.0.1:{self.control}/phones/{address or self.address}/{verb}"
        request = urllib.request.Request(url, json.dumps(arguments).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            return json.load(answer)["value"]

    def environment(self, home: Path) -> dict[str, str]:
        """Return the environment in which the program uses this shelf, and a folder without fetched files."""
        own = {"PHONESHELF_ADB_PORT": str(self.adb.port), "PHONESHELF_ADB_USB": "0", "PHONESHELF_HOME": str(home)}
        return dict(os.environ) | own | {"PHONESHELF_CACHE": str(home / "cache"), "PYTHONUNBUFFERED": "1"}


def files() -> ServerFiles:
    """Return the server's files as a PC has them that never fetched any: what is on the phone must do."""
    return ServerFiles(VERSION, None, None)


@contextmanager
def simulated_shelf(folder: Path, *words: str) -> Iterator[SimulatedShelf]:
    """Run phones with the automation server installed for as long as the context lasts."""
    command = [sys.executable, "-m", "app", "simulate", "--json", "--port", "0", "--locale", "en", *words]
    adb = AdbServer(_free_port(), folder / "adb", with_usb=False)
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as child:  # noqa: S603
        try:
            assert child.stdout is not None
            ready = json.loads(child.stdout.readline())
            adb.start()
            for address in ready["phones"]:
                _install(adb, address, folder)
            yield SimulatedShelf(ready["phones"], ready["control"], adb)
        finally:
            adb.stop()
            child.terminate()
            child.wait(_PATIENCE_S)


def _install(adb: AdbServer, address: str, folder: Path) -> None:
    assert "connected" in adb.run("connect", address, timeout_s=_PATIENCE_S)
    runner = ("androidx.test.runner.AndroidJUnitRunner", SERVER)
    for facts in (ApkFacts(SERVER, VERSION, 278), ApkFacts(TEST, VERSION, 1, (runner,))):
        path = folder / f"{facts.package}.apk"
        path.write_bytes(make_stub_apk(facts))
        assert "Success" in adb.run("-s", address, "install", "-r", str(path), timeout_s=_PATIENCE_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
