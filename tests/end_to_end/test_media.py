"""Files of a simulated phone, over a real adb, into the store: each to its own message, with the phone's own bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.ids import Serial
from app.domain.media import LinkState, Verdict
from app.main import Program, build
from app.runtime.phone_thread import OwnThread
from app.runtime.tasks import spawn, stop
from app.services.fetching import FetchReport
from app.settings import Settings
from app.store import media
from app.store.media import Attachment
from devices.adb.phone import AdbPhone
from devices.whatsapp.driver import WhatsAppPhone
from tests.end_to_end.test_worker import until
from tests.fakes.shelf import SimulatedShelf, files, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
ANN, BEN, CEM = "31600000001", "31600000002", "31600000003"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    with simulated_shelf(tmp_path_factory.mktemp("shelf"), "--chats", "0", "--phones", "2") as found:
        yield found


class Office:
    """A program with one phone on its shelf, and the people who write to it."""

    def __init__(self, program: Program, shelf: SimulatedShelf, address: str) -> None:
        self.program, self.shelf, self.address = program, shelf, address
        self.sent: dict[int, dict[str, Any]] = {}
        self._start = datetime.now(UTC) - timedelta(hours=3)

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
        adb = AdbPhone(self.shelf.adb, Serial(self.address))
        found = set()
        for chat in self.shelf.ask("truth", self.address):
            for one in chat["messages"]:
                for place, path in enumerate(one["paths"]):
                    shown = adb.shell("sha256sum", path).out.split()
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


@pytest.fixture
async def office(shelf: SimulatedShelf, tmp_path: Path) -> AsyncIterator[Office]:
    program = build(Settings(home=tmp_path, adb_port=shelf.adb.port, adb_usb=False))
    await program.store.open()
    yield Office(program, shelf, shelf.addresses[0])
    await program.store.close()


def _phone(office: Office) -> WhatsAppPhone:
    return WhatsAppPhone(AdbPhone(office.shelf.adb, Serial(office.address)), "com.whatsapp.w4b", files())


async def _mirrored(office: Office) -> None:
    """Read the phone until its list agrees with the mirror."""
    bridge = spawn(office.program.bridge.run(), "bridge")
    try:

        async def is_compared() -> bool:
            return all(one.verified_until for one in await office.program.browsing.list_phones())

        await until(is_compared, 60)
    finally:
        await stop(bridge)


async def _fetched(office: Office) -> FetchReport:
    (account,) = await office.program.browsing.list_accounts()
    thread = OwnThread(lambda: _phone(office), "media")
    try:
        return await office.program.fetching.fetch(thread, account, lambda: False)
    finally:
        thread.close()


async def test_files_of_several_chats_find_their_messages(office: Office) -> None:
    for number, (chat, kind) in enumerate(((ANN, "photo"), (BEN, "voice"), (CEM, "document"), (ANN, "video"))):
        office.send(chat, number * 5, kind=kind)
        office.send(chat, number * 5 + 2.5, kind=kind, own=True)
    office.send(ANN, 30, kind="album", count=6)
    for second in range(3):
        office.send(BEN, 35 + second / 60, kind="photo")
    for chat in (ANN, BEN):
        office.send(chat, 40, kind="photo")
    for chat, seconds in ((ANN, 4), (BEN, 19)):
        office.send(chat, 45, kind="voice", duration_s=seconds)
    for chat in (ANN, CEM):
        office.send(chat, 50 if chat == ANN else 55, kind="photo", picture="the same")
    office.send(CEM, 60, kind="photo", is_downloaded=False)
    office.send(CEM, 61, kind="text", text="that is all")
    await office.program.watching.add_phone(office.address, "com.whatsapp.w4b", "Winkel", "full")
    await _mirrored(office)
    await _fetched(office)
    assert await office.wrong() == []
    linked = await office.linked()
    states = Counter(one.state for one in await office.attachments())
    assert states == {LinkState.LINKED: 8 + 6 + 3 + 2 + 2, LinkState.SEVERAL: 2, LinkState.NOT_DOWNLOADED: 1}
    stored = [path for path in (office.program.settings.home / "media").rglob("*") if path.is_file()]
    pictures = [path for path in stored if path.name.endswith(".thumb.jpg")]
    # One picture was sent to two chats; it is stored once.
    assert len(stored) - len(pictures) == len({one.sha256 for one in linked}) == len(linked) - 1
    assert {one.verdict for one in linked if one.mime == "image/jpeg"} == {Verdict.OK}
    assert len(pictures) == len({one.sha256 for one in linked if one.has_thumbnail}) == 2 + 6 + 3 + 1
