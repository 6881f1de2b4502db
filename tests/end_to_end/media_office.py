"""An office with one simulated phone over a real adb: people send files, and the phone itself is asked what is true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.ids import Serial
from app.domain.media import LinkState
from app.main import Program, build
from app.runtime.phone_thread import OwnThread
from app.runtime.tasks import spawn, stop
from app.services.fetching import FetchReport
from app.store import media
from app.store.media import Attachment
from devices.adb.phone import AdbPhone
from devices.whatsapp.driver import WhatsAppPhone
from tests.end_to_end.test_worker import until
from tests.fakes.shelf import SimulatedShelf, files

ANN, BEN, CEM = "31600000001", "31600000002", "31600000003"


class Office:
    """A program with one phone on its shelf, and the people who write to it."""

    def __init__(self, program: Program, shelf: SimulatedShelf, address: str) -> None:
        self.program, self.shelf, self.address = program, shelf, address
        self._start = datetime.now(UTC) - timedelta(hours=3)

        self.adb = AdbPhone(shelf.adb, Serial(address))

    async def shelve(self, reading: str = "full") -> None:
        """Put the phone on the shelf, once."""
        if not await self.program.browsing.list_accounts():
            await self.program.watching.add_phone(self.address, "com.whatsapp.w4b", "Winkel", reading)

    def reconnect(self) -> None:
        """Put the cable back; adb forgets the dead connection."""
        self.shelf.ask("lift", self.address, name="unplug")
        self.adb.server.run("disconnect", self.address, timeout_s=10)

    def send(self, chat: str, minute: float, **values: Any) -> dict[str, Any]:
        """Let a message come or go so many minutes after the start of the story."""
        verb = "owner_types_by_hand" if values.pop("own", False) else "customer_writes"
        at = (self._start + timedelta(minutes=minute)).isoformat()
        told: dict[str, Any] = self.shelf.ask(verb, self.address, chat=chat, at=at, **values)
        return told

    async def attachments(self) -> list[Attachment]:
        async with self.program.store.read() as connection:
            return await media.list_attachments(connection)

    async def linked(self) -> list[Attachment]:
        return [one for one in await self.attachments() if one.state is LinkState.LINKED]

    def sums(self) -> set[tuple[str, str, str, int]]:
        """Return each file's hash with chat, minute and place of the message that the phone has it for."""
        found = set()
        for chat in self.shelf.ask("truth", self.address):
            for one in chat["messages"]:
                for place, path in enumerate(one["paths"]):
                    shown = self.adb.shell("sha256sum", path).out.split()
                    found.add((shown[0], chat["title"], one["at"][:16], place))
        return found

    async def wrong(self) -> list[Attachment]:
        """Return the links whose bytes are another message's on the phone."""
        truth = self.sums()
        bad = []
        for one in await self.linked():
            assert one.sha256 is not None
            body = (self.program.settings.home / "media" / one.sha256[:2] / one.sha256).read_bytes()
            assert hashlib.sha256(body).hexdigest() == one.sha256
            shown = one.entry.shown
            assert shown.day is not None
            assert shown.minute is not None
            at = f"{shown.day}T{shown.minute // 60:02}:{shown.minute % 60:02}"
            if (one.sha256, one.chat_title, at, one.place) not in truth:
                bad.append(one)
        return bad


def phone_of(office: Office) -> WhatsAppPhone:
    return WhatsAppPhone(AdbPhone(office.shelf.adb, Serial(office.address)), "com.whatsapp.w4b", files())


async def mirrored(office: Office, *, files: bool = False) -> None:
    """Read the phone until its list agrees with the mirror; with `files` the bridge fetches those too."""
    await office.shelve()
    program = build(replace(office.program.settings, media=files))
    await program.store.open()
    bridge = spawn(program.bridge.run(), "bridge")

    async def is_done() -> bool:
        if files:
            return bool(await office.linked())
        return all(one.verified_until for one in await program.browsing.list_phones())

    try:
        await until(is_done, 60)
    finally:
        await stop(bridge)
        await program.store.close()


async def fetched(office: Office, must_stop: Callable[[], bool] = lambda: False) -> FetchReport:
    (account,) = await office.program.browsing.list_accounts()
    thread = OwnThread(lambda: phone_of(office), "media")
    try:
        return await office.program.fetching.fetch(thread, account, must_stop)
    finally:
        thread.close()
