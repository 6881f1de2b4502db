"""Three hosts made of network namespaces: a client, a router that can swallow everything silently, and a server."""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
CLIENT, SERVER = "10.231.1.2", "10.231.2.2"
_CLIENT_GATE, _SERVER_GATE = "10.231.1.1", "10.231.2.1"
_NEW_NET = 0x40000000


class Network:
    """The hosts; what is run at one of them has only its network."""

    def __init__(self) -> None:
        mark = secrets.token_hex(2)
        self.names = {host: f"ps{mark}{host}" for host in ("client", "router", "server")}

    def build(self) -> None:
        for name in self.names.values():
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        for host, address, gate in (("client", CLIENT, _CLIENT_GATE), ("server", SERVER, _SERVER_GATE)):
            name, router = self.names[host], self.names["router"]
            _ip("-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", host, "netns", router)
            for at, link, own in ((name, "eth0", address), (router, host, gate)):
                _ip("-n", at, "addr", "add", f"{own}/30", "dev", link)
                _ip("-n", at, "link", "set", link, "up")
            _ip("-n", name, "route", "add", "default", "via", gate)
        self.run("router", _forward)

    def cut(self) -> None:
        """Swallow everything both ways from now on; nobody is told."""
        for address in (CLIENT, SERVER):
            _ip("-n", self.names["router"], "route", "add", "blackhole", f"{address}/32")

    def mend(self) -> None:
        for address in (CLIENT, SERVER):
            _ip("-n", self.names["router"], "route", "del", "blackhole", f"{address}/32")

    def remove(self) -> None:
        """Remove the hosts; their links go with them."""
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)  # noqa: S603, S607

    def run(self, host: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine at a host, in a thread of its own."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._enter_and_run, host, work).result()

    async def at(self, host: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine at another host than the one that waits for it."""
        return await asyncio.to_thread(self.run, host, work)

    def _enter_and_run(self, host: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        handle = os.open(f"/var/run/netns/{self.names[host]}", os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).setns(handle, _NEW_NET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(handle)
        return asyncio.run(work())


async def _forward() -> None:
    _write("/proc/sys/net/ipv4/ip_forward", "1")


def _write(path: str, text: str) -> None:
    Path(path).write_text(text, "ascii")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)  # noqa: S603, S607


@contextmanager
def network() -> Iterator[Network]:
    """Yield hosts that are gone afterwards whatever happens; skip the test where they cannot be made."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need Linux, root and the program ip")
    made = Network()
    try:
        try:
            made.build()
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no network namespaces here: {error}")
        yield made
    finally:
        made.remove()
