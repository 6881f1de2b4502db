"""A worker fetches files while nothing else is to be done, and gives way to a reply within one piece of a file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.domain.media import WITH_FILE
from app.domain.message import Kind
from app.runtime.worker import Bench as Services
from app.services.browsing import Browsing
from app.services.fetching import Fetching, Limits
from app.store.vault import Vault
from tests.end_to_end.test_worker import Drive, driven, until
from tests.fakes.phone import FakePhone
from tests.fakes.pictures import picture

_FOLDER = "/storage/emulated/0/Android/media/com.whatsapp.w4b/WhatsApp Business/Media/WhatsApp Business Images"
EVER = Limits(True, 10_000, dict.fromkeys(WITH_FILE, 10_000_000))


class FetchingDrive(Drive):
    """A worker that fetches files too."""

    def services(self) -> Services:
        fetching = Fetching(self.store, self.clock, Vault(self.store.database.path.parent / "media"), EVER)
        return replace(super().services(), fetching=fetching)


async def pictures(drive: Drive, title: str) -> list[Path]:
    browsing = Browsing(drive.store, drive.clock, Vault(drive.store.database.path.parent / "media"))
    found = [chat.id for chat in await browsing.list_chats() if chat.title == title]
    return [row.picture for one in found for row in await browsing.list_messages(one) if row.picture is not None]


async def test_a_reply_that_is_queued_meanwhile_stops_the_file_and_goes_first(tmp_path: Path) -> None:
    phone = FakePhone()
    otto = phone.add_chat("Otto", "31600000001")
    photo = phone.customer_writes(otto, "", Kind.PHOTO)
    phone.put_file(f"{_FOLDER}/IMG-20260818-WA0000.jpg", picture(), photo.at + timedelta(seconds=2))
    loop = asyncio.get_running_loop()
    async with driven(tmp_path, phone, FetchingDrive) as drive:

        def queue() -> None:
            asyncio.run_coroutine_threadsafe(drive.reply("Otto", "thank you"), loop).result(20)

        phone.before["pull_media"] = [queue]

        async def is_shown() -> bool:
            return bool(await pictures(drive, "Otto"))

        await until(is_shown, 60)
    assert phone.sent == ["thank you"]
    steps = [call for call in phone.calls if call in ("pull_media", "tap_send")]
    assert steps == ["pull_media", "tap_send", "pull_media"]
