"""What these tests play on: a team of two PCs that may drive one simulated phone, and eyes on what happens."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from app.cli.common import opened_settings
from app.cli.demo import DemoPhones, demo_phones, demo_settings
from app.domain.errors import ReplyRefused
from app.domain.reply import Reply, ReplyState
from app.domain.server import Server
from app.main import Program
from app.runtime.clock import SystemClock
from app.runtime.tasks import spawn, stop
from app.seat import Keys, Seat, save_seat
from app.services.browsing import Chat
from app.services.founding import FOUNDER, Founding, Wishes
from app.services.teaming import Teaming, join_team
from app.store.postgres import PostgresDatabase
from devices.adb.server import AdbServer
from tests.fakes.postgres import Postgres
from tests.fakes.team import team_database
from tests.faults.stage import HURRY, Bridge

PATIENCE_S = 90.0
_LOOK_S = 0.05
_TELLS_STATES = """
CREATE FUNCTION tell_state() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_notify('states', NEW.state || ' ' || NEW.body); RETURN NULL; END $$;
CREATE TRIGGER tells_state AFTER UPDATE OF state ON outbox FOR EACH ROW EXECUTE FUNCTION tell_state();
"""


async def until(is_so: Callable[[], Awaitable[bool]], what: str, at_most_s: float = PATIENCE_S) -> float:
    """Wait for what tells nobody (a row, a log) and return how long it took."""
    began = time.monotonic()
    while not await is_so():
        assert time.monotonic() - began < at_most_s, f"not within {at_most_s:.0f} s: {what}"
        await asyncio.sleep(_LOOK_S)
    return time.monotonic() - began


class States:
    """Hears each state of a reply as it is committed, and does at once what is to be done at one of them."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self._at: dict[tuple[str, str], Callable[[], None]] = {}

    def strike(self, state: str, reply: str, deed: Callable[[], None]) -> None:
        """Do something once, the moment a reply reaches a state."""
        self._at[state, reply] = deed

    def hear(self, _connection: object, _pid: int, _channel: str, payload: str) -> None:
        state, _, reply = payload.partition(" ")
        self.seen.append((state, reply))
        deed = self._at.pop((state, reply), None)
        if deed is not None:
            deed()


@dataclass(slots=True)
class Pair:
    """A team with two PCs, `eva` and `bram`, whose bridges are processes of their own, and a third pair of hands."""

    program: Program
    phones: DemoPhones
    owner: asyncpg.Connection[Any]
    states: States
    bridges: dict[str, Bridge]
    bridge_logins: dict[str, str]

    async def driver(self) -> str:
        """Return whose PC holds the lease now, or nothing."""
        row = await self.owner.fetchrow("SELECT lease_holder, lease_until > clock_timestamp() AS held FROM account")
        if row is None or not row["held"]:
            return ""
        pid = int(row["lease_holder"].split(":")[1])
        return next((name for name, bridge in self.bridges.items() if bridge.pid == pid), "")

    async def until_driven_by(self, name: str) -> float:
        async def is_so() -> bool:
            return await self.driver() == name

        return await until(is_so, f"{name} drives")

    async def until_ready(self) -> float:
        async def is_so() -> bool:
            return bool(await self.owner.fetchval("SELECT state = 'ready' FROM account"))

        return await until(is_so, "the phone is ready")

    async def until_stands_by(self, name: str) -> None:
        """Wait until a PC's bridge has logged in to the server."""
        login = self.bridge_logins[name]

        async def is_so() -> bool:
            return bool(await self.owner.fetchval("SELECT count(*) FROM pg_stat_activity WHERE usename = $1", login))

        await until(is_so, f"{name} is logged in")

    async def until_logged(self, name: str, words: str, since: int) -> None:
        async def is_so() -> bool:
            return words in self.said(name)[since:]

        await until(is_so, f"{name} says {words!r}")

    def said(self, name: str) -> str:
        return self.bridges[name].log.read_text("utf-8", "replace") if self.bridges[name].log.exists() else ""

    async def chat(self) -> Chat:
        """Return a chat that may be answered."""
        found: list[Chat] = []

        async def is_there() -> bool:
            found[:] = [c for c in await self.program.browsing.list_chats() if c.kind == "person" and not c.behind]
            return bool(found)

        await until(is_there, "a chat is mirrored")
        return found[0]

    async def queue(self, body: str, *, elsewhere: bool = False) -> Reply:
        """Queue a reply to a chat that may be answered, or to another than the first of them."""
        answerable = sorted(c.id for c in await self.program.browsing.list_chats() if c.kind == "person")
        for chat in reversed(answerable) if elsewhere else answerable:
            with suppress(ReplyRefused):
                return await self.program.replying.queue_reply(chat, body)
        raise AssertionError("no chat may be answered")

    async def queue_and_strike(self, body: str, state: str, number: int) -> tuple[Reply, str]:
        """Queue a reply, and send a signal to its driver's process once it reaches a state; return whose PC it was."""
        driver = await self.driver()
        pid = self.bridges[driver].pid
        assert pid is not None
        self.states.strike(state, body, lambda: os.kill(pid, number))
        return await self.queue(body), driver

    async def state_of(self, reply: Reply) -> ReplyState:
        return ReplyState(await self.owner.fetchval("SELECT state FROM outbox WHERE uid = $1", reply.id))

    async def until_settled(self, reply: Reply) -> ReplyState:
        settled = {"sent", "delivered", "read", "failed"}

        async def is_so() -> bool:
            return await self.state_of(reply) in settled

        await until(is_so, f"reply {reply.body!r} is settled")
        return await self.state_of(reply)

    async def bubbles(self, body: str) -> int:
        """Return how often a text stands on the phone, by the phone's own ledger."""
        truth = await asyncio.to_thread(self.phones.ask, self.phones.addresses[0], "truth")
        return sum(m["own"] and m["text"] == body for chat in truth for m in chat["messages"])


@asynccontextmanager
async def pair_of(postgres: Postgres, folder: Path, seed: int) -> AsyncIterator[Pair]:
    """Yield a team whose two PCs stand ready to drive one simulated phone; no bridge runs yet."""
    async with team_database(postgres) as owner, demo_phones(1, seed, "none") as phones:
        homes = {name: _home(folder / name) for name in ("eva", "bram")}
        seat = await _found(owner, homes["eva"])
        async with opened_settings(demo_settings(homes["eva"])) as program, _watched(owner, program) as watched:
            account = await program.watching.add_phone(phones.addresses[0], "com.whatsapp.w4b", "Winkel", "full")
            await program.restraining.set_policy(account, **HURRY)
            logins = {"eva": _pc(seat), "bram": _pc(await _join(program, seat, homes["bram"]))}
            bridges = {name: Bridge(demo_settings(home), folder / f"{name}.log") for name, home in homes.items()}
            connection, states = watched
            try:
                yield Pair(program, phones, connection, states, bridges, logins)
            finally:
                for bridge in bridges.values():
                    await bridge.end()
                    with suppress(OSError):
                        await asyncio.to_thread(_end_adb, bridge)


def _end_adb(bridge: Bridge) -> None:
    settings = bridge.settings
    AdbServer(settings.adb_port, settings.home / "adb", settings.adb_usb).stop()


@asynccontextmanager
async def _watched(owner: Server, program: Program) -> AsyncIterator[tuple[asyncpg.Connection[Any], States]]:
    states, connection = States(), await PostgresDatabase(owner).connect()
    try:
        await connection.execute(_TELLS_STATES)
        await connection.add_listener("states", states.hear)
        following = spawn(program.feed.run(), "feed")
        try:
            yield connection, states
        finally:
            await stop(following)
    finally:
        connection.terminate()


async def _found(owner: Server, home: Path) -> Seat:
    keys = Keys(home, in_file=True)
    founded = await Founding(owner, SystemClock(), keys).found(Wishes("Winkel", "Eva", "eva"), None, lambda *_: None)
    seat = Seat("Winkel", founded.person, "Eva", FOUNDER, founded.bridge)
    save_seat(home, seat)
    return seat


async def _join(program: Program, seat: Seat, home: Path) -> Seat:
    teaming = Teaming(program.store, program.clock, seat.person, seat.team)
    await teaming.set_numbers(seat.person.user, ())
    invitation = await teaming.invite("Bram", ("agent",), (), valid_h=1, drives=True)
    person, bridge = await join_team(invitation, program.clock, Keys(home, in_file=True))
    joined = Seat(seat.team, person, "Bram", ("agent",), bridge)
    save_seat(home, joined)
    return joined


def _home(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _pc(seat: Seat) -> str:
    assert seat.bridge is not None
    return seat.bridge.user
