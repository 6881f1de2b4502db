"""Faults of the matrix in quality.md B3, each struck, held for a while and healed as an office would heal it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.domain.phone import PhoneState
from devices.adb.server import adb_path
from tests.faults.stage import Stage

TOLD_WITHIN_S = 10.0
_ROUTES = ("/source", "/element", "/actions", "/click", "/value", "gestures")

Deed = Callable[["Nemesis", str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Plague:
    """One sort of fault.

    Attributes:
        strike: Begins it.
        heal: Ends it, where it does not end by itself.
        holds_s: How long it lasts, at least and at most.
        is_loud: It stops the work on a phone, so people must be told within ten seconds.
    """

    strike: Deed
    heal: Deed | None = None
    holds_s: tuple[float, float] = (0.5, 2.0)
    is_loud: bool = False


@dataclass(slots=True)
class Nemesis:
    """Strikes one fault after the other, each on one phone, until cancelled."""

    stage: Stage
    dice: random.Random
    tell_within_s: float = TOLD_WITHIN_S
    struck: Counter[str] = field(default_factory=Counter)
    untold: list[str] = field(default_factory=list)

    async def rage(self, every_s: float, only: frozenset[str] = frozenset()) -> None:
        """Strike a fault about every so many seconds; every kind comes before one comes again."""
        names: list[str] = []
        while True:
            await asyncio.sleep(every_s * self.dice.uniform(0.6, 1.4))
            names = names or self.dice.sample(sorted(only or PLAGUES), len(only or PLAGUES))
            await self.strike(names.pop())

    async def strike(self, name: str) -> None:
        """Strike one fault and heal it."""
        plague = PLAGUES[name]
        address = self.dice.choice(self.stage.phones.addresses)
        self.struck[name] += 1
        was_ready = await self._state(address) is PhoneState.READY
        self.stage.note(address, f"{name} strikes")
        try:
            await plague.strike(self, address)
            await self._hold(name, plague, address, must_tell=plague.is_loud and was_ready)
        finally:
            if plague.heal is not None:
                await asyncio.shield(plague.heal(self, address))
            self.stage.note(address, f"{name} healed")

    async def _hold(self, name: str, plague: Plague, address: str, *, must_tell: bool) -> None:
        until = time.monotonic() + self.dice.uniform(*plague.holds_s)
        told_by = time.monotonic() + self.tell_within_s
        while must_tell and time.monotonic() < told_by:
            if await self._state(address) is not PhoneState.READY:
                must_tell = False
            await asyncio.sleep(0.2)
        if must_tell:
            self.untold.append(name)
            self.stage.note(address, f"{name} was not told")
        await asyncio.sleep(max(0.0, until - time.monotonic()))

    async def _state(self, address: str) -> PhoneState:
        phones = await self.stage.program.browsing.list_phones()
        return next(phone.state for phone in phones if phone.serial == address)

    # -- what can be done ---------------------------------------------------------------------------

    async def fault(self, address: str, name: str, **parameters: object) -> None:
        """Strike a fault of the simulated phone."""
        await self.stage.ask(address, "strike", name=name, **parameters)

    async def lift(self, address: str, name: str) -> None:
        """End a fault of the simulated phone."""
        await self.stage.ask(address, "lift", name=name)


def _simple(name: str, **parameters: object) -> Deed:
    async def strike(nemesis: Nemesis, address: str) -> None:
        await nemesis.fault(address, name, **parameters)

    return strike


def _lift(name: str) -> Deed:
    async def heal(nemesis: Nemesis, address: str) -> None:
        await nemesis.lift(address, name)

    return heal


def _lasting(name: str, least_s: float, most_s: float, *, is_loud: bool = False, **parameters: object) -> Plague:
    return Plague(_simple(name, **parameters), _lift(name), (least_s, most_s), is_loud)


def _on_a_route(name: str, **parameters: object) -> Plague:
    async def strike(nemesis: Nemesis, address: str) -> None:
        await nemesis.fault(address, name, route=nemesis.dice.choice(_ROUTES), **parameters)

    return Plague(strike, _lift(name), (1.0, 6.0))


def _verb(verb: str, **arguments: object) -> Deed:
    async def act(nemesis: Nemesis, address: str) -> None:
        await nemesis.stage.ask(address, verb, **arguments)

    return act


def _screen(name: str, **arguments: object) -> Plague:
    """A screen that needs a person, who comes after a while."""
    return Plague(_verb("show", screen=name, **arguments), _verb("show", screen="none"), (11.0, 13.0), is_loud=True)


async def _kill(nemesis: Nemesis, _: str) -> None:
    await nemesis.stage.bridge.kill()


async def _start(nemesis: Nemesis, _: str) -> None:
    if not nemesis.stage.bridge.is_running():
        await nemesis.stage.bridge.start()


async def _sleep(nemesis: Nemesis, _: str) -> None:
    nemesis.stage.bridge.signal(signal.SIGSTOP)


async def _resume(nemesis: Nemesis, _: str) -> None:
    nemesis.stage.bridge.signal(signal.SIGCONT)


async def _kill_adb(nemesis: Nemesis, _: str) -> None:
    """Another version of adb ends the server, as it does on many PCs."""
    port = str(nemesis.stage.program.settings.adb_port)
    child = await asyncio.create_subprocess_exec(
        str(adb_path()), "-P", port, "kill-server", stderr=asyncio.subprocess.DEVNULL
    )
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(10):
            await child.wait()


async def _hold_database(nemesis: Nemesis, _: str) -> None:
    """Hold the writing lock as a backup or a virus scanner does."""
    other = sqlite3.connect(nemesis.stage.program.settings.database, timeout=2, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(nemesis.dice.uniform(1.0, 5.0))
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return
    finally:
        other.close()


async def _hand(nemesis: Nemesis, address: str) -> None:
    """Somebody takes the phone, opens a chat and scrolls it."""
    chats = [chat for chat in await nemesis.stage.ask(address, "truth") if len(chat["messages"]) > 12]
    if chats:
        await nemesis.stage.ask(address, "open_chat", chat=nemesis.dice.choice(chats)["jid"], offset=600)


async def _leave_draft(nemesis: Nemesis, address: str) -> None:
    """Somebody opens a chat, begins a text, leaves it there and goes back to the list."""
    stage = nemesis.stage
    chats = [c for c in await stage.ask(address, "truth") if c["messages"] and not c["draft"] and not c["archived"]]
    if not chats or not str(await stage.ask(address, "front")).endswith("HomeActivity"):
        return
    jid, text = nemesis.dice.choice(chats)["jid"], f"begonnen tekst {nemesis.dice.randrange(1000)}"
    await stage.ask(address, "open_chat", chat=jid)
    await asyncio.sleep(0.3)
    if not str(await stage.ask(address, "front")).endswith("Conversation"):
        return
    stage.drafts[address, jid] = text
    await stage.ask(address, "add_chat", jid=jid, draft=text)
    await asyncio.sleep(1.5)
    await stage.ask(address, "go_home")


PLAGUES: dict[str, Plague] = {
    "unplug": Plague(_simple("unplug", seconds=60), _lift("unplug"), (11.0, 14.0), is_loud=True),
    "short unplug": Plague(_simple("unplug", seconds=60), _lift("unplug"), (0.5, 4.0)),
    "frozen": _lasting("frozen", 11, 14, is_loud=True),
    "offline": _lasting("offline", 11, 14, is_loud=True),
    "deaf": _lasting("deaf", 11, 14, is_loud=True),
    "unauthorised": Plague(_simple("unauthorized"), _verb("allow_debugging"), (11.0, 13.0), is_loud=True),
    "half frame": Plague(_simple("half_frame"), _lift("half_frame")),
    "wrong magic": Plague(_simple("wrong_magic"), _lift("wrong_magic")),
    "cut body": Plague(_simple("close_mid_body"), _lift("close_mid_body")),
    "slow frames": _lasting("slow_frames", 4, 10),
    "latency spikes": _lasting("latency_spikes", 8, 20),
    "server crash": Plague(_simple("server_crash"), holds_s=(1.0, 4.0)),
    "reply lost": _on_a_route("reply_lost"),
    "late reply": _on_a_route("late_reply"),
    "server pause": _on_a_route("server_pause", count=4),
    "automation held": _lasting("uiautomation_held", 11, 14),
    "automation lost": _lasting("uiautomation_lost", 11, 14, is_loud=True),
    "stale tree": _lasting("stale_tree", 2, 6),
    "never idle": _lasting("never_idle", 4, 10),
    "source error": Plague(_simple("source_error", count=2), _lift("source_error")),
    "source empty": Plague(_simple("source_empty", count=2), _lift("source_empty")),
    "source truncated": Plague(_simple("source_truncated", count=2), _lift("source_truncated")),
    "source garbage": Plague(_simple("source_invalid_chars"), _lift("source_invalid_chars")),
    "source huge": Plague(_simple("source_huge"), _lift("source_huge")),
    "click ignored": Plague(_simple("click_ignored"), _lift("click_ignored"), (2.0, 6.0)),
    "other app": Plague(_simple("wrong_app"), holds_s=(1.0, 3.0)),
    # The PIN goes with the person: a later reboot would ask for it and nobody would come.
    "locked with PIN": Plague(
        _simple("lock", pin="4711"), _verb("unlock", forget_pin=True), (11.0, 13.0), is_loud=True
    ),
    "screen off": Plague(_simple("screen_off"), holds_s=(1.0, 4.0)),
    "reboot": Plague(_simple("reboot", seconds=12), holds_s=(12.0, 14.0), is_loud=True),
    "silent notifications": _lasting("notifications_silent", 10, 25),
    "dialog": _screen("dialog", text="Something new. Do you agree?", buttons=["Agree"]),
    "update required": _screen("update_required"),
    "hand on the phone": Plague(_hand, holds_s=(2.0, 5.0)),
    "draft left": Plague(_leave_draft),
    "killed program": Plague(_kill, _start, (0.2, 2.0)),
    "sleeping PC": Plague(_sleep, _resume, (3.0, 12.0)),
    "adb killed": Plague(_kill_adb, holds_s=(2.0, 5.0)),
    "database held": Plague(_hold_database),
}
"""Every fault of a storm by name."""
