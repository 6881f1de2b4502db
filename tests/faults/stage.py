"""What a storm plays on: simulated phones, the program as a process of its own, and an agent's hands beside it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cli.common import opened_settings
from app.cli.demo import DemoPhones, demo_phones, demo_settings
from app.main import Program
from app.settings import Settings

HURRY = {"gap_s": 0.2, "per_hour": 600, "chars_per_s": 500.0, "typing_cap_s": 0.2, "unanswered": 20}
"""A pace that lets a storm blow; what the pace itself promises has tests of its own."""
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(slots=True)
class Bridge:
    """The program that drives the phones, in a process that may be killed, stopped and started again."""

    settings: Settings
    log: Path
    starts: int = 0
    _child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        own = {
            "PHONESHELF_HOME": str(self.settings.home),
            "PHONESHELF_ADB_PORT": str(self.settings.adb_port),
            "PHONESHELF_ADB_USB": "0",
        }
        with self.log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "app", "bridge", "--verbose", cwd=ROOT, env=dict(os.environ) | own,
                stdout=log, stderr=log,
            )  # fmt: skip
        self.starts += 1

    @property
    def pid(self) -> int | None:
        """The number of its process, None while there is none."""
        return self._child.pid if self._child is not None and self.is_running() else None

    def is_running(self) -> bool:
        """Tell whether it lives."""
        return self._child is not None and self._child.returncode is None

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self._child is not None and self.is_running():
            self._child.kill()
            await self._child.wait()

    def signal(self, number: int) -> None:
        """Stop it where it is, or let it go on, as a PC that sleeps and wakes."""
        if self._child is not None and self.is_running():
            self._child.send_signal(number)

    async def end(self) -> None:
        """Ask it to end; insist after a while."""
        if self._child is None or not self.is_running():
            return
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGINT)
        try:
            async with asyncio.timeout(20):
                await self._child.wait()
        except TimeoutError:
            await self.kill()


@dataclass(slots=True)
class Stage:
    """All that takes part, and what happened so far."""

    program: Program
    phones: DemoPhones
    bridge: Bridge
    started: float = field(default_factory=time.monotonic)
    history: list[tuple[float, str, str]] = field(default_factory=list)
    """(seconds since the start, phone or "", what happened); no texts."""
    earlier: dict[tuple[str, int], list[dict[str, Any]]] = field(default_factory=dict)
    """By phone and message: what edited and deleted messages said before."""
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)
    """By phone and chat: what a person left in the entry."""

    async def ask(self, address: str, verb: str, **arguments: object) -> Any:
        """Do something to a phone from outside."""
        return await asyncio.to_thread(lambda: self.phones.ask(address, verb, **arguments))

    def note(self, phone: str, what: str) -> None:
        """Enter something into the history."""
        self.history.append((round(time.monotonic() - self.started, 2), phone, what))


@asynccontextmanager
async def set_stage(home: Path, phones: int, seed: int, latency: str) -> AsyncIterator[Stage]:
    """Run phones, a database with all of them on the shelf, and the program, for as long as the context lasts."""
    settings = demo_settings(home)
    async with demo_phones(phones, seed, latency) as shelf, opened_settings(settings) as program:
        for number, address in enumerate(shelf.addresses, 1):
            account = await program.watching.add_phone(address, "com.whatsapp.w4b", f"Phone {number}", "full")
            await program.restraining.set_policy(account, **HURRY)
        bridge = Bridge(settings, home / "bridge.log")
        await bridge.start()
        try:
            yield Stage(program, shelf, bridge)
        finally:
            await bridge.end()
            with contextlib.suppress(OSError):
                await asyncio.to_thread(program.adb.stop)
