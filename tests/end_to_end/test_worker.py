"""A worker drives a phone in memory in real time: notices, replies, a cable that comes and goes, screens in the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import PhoneLost
from app.domain.observation import ScreenKind
from app.domain.phone import PhoneState
from app.domain.policy import parse_quiet
from app.domain.reply import Reason, ReplyState
from app.runtime import worker
from app.runtime.clock import SystemClock
from app.runtime.phone_thread import OwnThread
from app.runtime.tasks import spawn, stop
from app.runtime.worker import Bench as Services
from app.runtime.worker import Worker
from app.services.attaching import Attaching
from app.services.browsing import Browsing
from app.services.completing import Completing
from app.services.filling import Filling
from app.services.mirroring import Mirroring
from app.services.replying import Replying
from app.services.restraining import Restraining
from app.services.sending import Sending
from app.services.watching import Watching
from app.store.engine import Store
from app.store.vault import Vault
from devices.whatsapp.screen import pause
from tests.fakes.phone import FakeChat, FakePhone

DEADLINE_S = 20.0


class FakeLine:
    """Implements `PhoneLine`: the adb state and the event log of a phone in memory."""

    def __init__(self) -> None:
        self.adb_state = "device"
        self._events: asyncio.Queue[bool | None] = asyncio.Queue()
        self._changed = asyncio.Event()

    async def events(self) -> AsyncIterator[bool]:
        while (event := await self._events.get()) is not None:
            yield event
        raise PhoneLost("the event log ended")

    def post(self) -> None:
        self._events.put_nowait(True)

    def move_focus(self) -> None:
        self._events.put_nowait(False)

    def state(self) -> str:
        return self.adb_state

    def change(self, state: str) -> None:
        self.adb_state = state
        if state != "device":
            self._events.put_nowait(None)
        self._changed.set()

    async def wait_for_change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


class Drive:
    """A worker at work, and what people see of it."""

    def __init__(self, store: Store, phone: FakePhone) -> None:
        self.store, self.phone, self.line = store, phone, FakeLine()
        self.clock = SystemClock()
        self.browsing = Browsing(store, self.clock)
        self.replying = Replying(store, self.clock, "Eva")
        self.watching = Watching(store, self.clock)
        self.filling = Filling(store, self.clock, Mirroring(store, self.clock), "Eva")

    def services(self) -> Services:
        mirroring = Mirroring(self.store, self.clock)
        sending = Sending(self.store, self.clock, mirroring, Attaching(Vault(Path("no-files")), self.clock))
        return Services(
            self.store, self.clock, mirroring, Completing(self.store, mirroring), self.filling, sending, self.watching
        )

    def worker(self, holder: str, account: object) -> Worker:
        thread = OwnThread(lambda: self.phone, holder)
        return Worker(account, thread, self.line, self.services(), holder)  # type: ignore[arg-type]

    async def state(self) -> tuple[PhoneState, str]:
        (one,) = await self.browsing.list_phones()
        return one.state, one.detail

    async def is_in(self, state: PhoneState) -> bool:
        return (await self.state())[0] is state

    async def is_compared(self) -> bool:
        """Tell whether the phone's whole list agreed with the mirror."""
        return all(one.verified_until is not None for one in await self.browsing.list_phones())

    async def texts(self, title: str) -> list[str]:
        found = [chat for chat in await self.browsing.list_chats() if chat.title == title]
        if not found:
            return []
        rows = await self.browsing.list_messages(found[0].id, 1000)
        return [row.content.text for row in rows if row.order is not None and row.content.kind != "system"]

    async def reply(self, title: str, body: str) -> str:
        (chat,) = [chat for chat in await self.browsing.list_chats() if chat.title == title]
        return str((await self.replying.queue_reply(chat.id, body)).id)

    async def reply_state(self, uid: str) -> ReplyState:
        (one,) = [one for one in await self.browsing.list_outbox() if one.id == uid]
        return one.state


async def until(check: Callable[[], Awaitable[bool]], deadline_s: float = DEADLINE_S) -> None:
    """Wait for a condition, at most the deadline."""
    end = time.monotonic() + deadline_s
    while not await check():
        assert time.monotonic() < end, "the condition did not come true"
        await asyncio.sleep(0.02)


@pytest.fixture
def phone() -> FakePhone:
    return FakePhone()


@pytest.fixture
def otto(phone: FakePhone) -> FakeChat:
    chat = phone.add_chat("Otto", "31600000001")
    phone.customer_writes(chat, "until when are you open?")
    return chat


@asynccontextmanager
async def driven(
    path: Path, phone: FakePhone, make: Callable[[Store, FakePhone], Drive] = Drive
) -> AsyncIterator[Drive]:
    store = Store(path / "phoneshelf.db", SystemClock().now)
    await store.open()
    drive = make(store, phone)
    await drive.watching.add_phone(phone.serial, "com.whatsapp.w4b", "Winkel", "full")
    (account,) = await drive.watching.list_accounts()
    worker = drive.worker("pc1", account)
    task = spawn(worker.run(), "worker")
    store.listen(lambda touched: worker.nudge() if any(one.kind == "reply" for one in touched) else None)
    try:
        await until(lambda: drive.is_in(PhoneState.READY))
        yield drive
    finally:
        await stop(task)
        await store.close()


@pytest.fixture
async def drive(tmp_path: Path, phone: FakePhone, otto: FakeChat) -> AsyncIterator[Drive]:
    async with driven(tmp_path, phone) as one:
        yield one


async def test_a_file_that_a_dead_run_left_on_the_phone_is_removed_at_the_start(
    tmp_path: Path, phone: FakePhone, otto: FakeChat
) -> None:
    phone.pushed["/storage/emulated/0/Phoneshelf/x/t1/bike.jpg"] = b"left"
    async with driven(tmp_path, phone):
        assert phone.pushed == {}


async def test_what_was_there_and_what_comes_is_mirrored(drive: Drive, otto: FakeChat) -> None:
    async def has(*texts: str) -> bool:
        return await drive.texts("Otto") == list(texts)

    await until(lambda: has("until when are you open?"))
    drive.phone.customer_writes(otto, "hello?")
    drive.line.post()
    await until(lambda: has("until when are you open?", "hello?"))
    drive.phone.owner_types(otto, "by hand")
    drive.phone.customer_writes(otto, "thanks")
    drive.line.post()
    await until(lambda: has("until when are you open?", "hello?", "by hand", "thanks"))


async def test_a_queued_reply_goes_out_once(drive: Drive, otto: FakeChat) -> None:
    async def is_sent(uid: str) -> bool:
        return await drive.reply_state(uid) is ReplyState.SENT

    await until(lambda: _async(bool(otto.content.sent) and not otto.unread))
    uid = await drive.reply("Otto", "Until 18:00.")
    await until(lambda: is_sent(uid))
    assert drive.phone.sent == ["Until 18:00."]
    assert (await drive.texts("Otto"))[-1] == "Until 18:00."


async def _async(value: bool) -> bool:
    return value


async def test_on_a_layout_that_is_not_known_is_read_and_nothing_typed(drive: Drive, otto: FakeChat) -> None:
    async def is_sent(uid: str) -> bool:
        return await drive.reply_state(uid) is ReplyState.SENT

    async def has(*texts: str) -> bool:
        return await drive.texts("Otto") == list(texts)

    await until(lambda: _async(not otto.unread))
    drive.phone.lacks = ("entry",)
    await until(lambda: drive.is_in(PhoneState.READ_ONLY))
    assert (await drive.state())[1] == "entry"
    uid = await drive.reply("Otto", "Until 18:00.")
    drive.phone.customer_writes(otto, "hello?")
    drive.line.post()
    await until(lambda: has("until when are you open?", "hello?"))
    assert drive.phone.typed == []
    (waiting,) = await drive.browsing.list_outbox()
    assert (waiting.state, waiting.reason) == (ReplyState.QUEUED, Reason.LAYOUT_UNKNOWN)
    drive.phone.lacks = ()
    await until(lambda: is_sent(uid))
    assert (await drive.browsing.list_outbox())[0].reason is None


async def test_a_cable_pulled_out_is_said_and_work_goes_on_when_it_is_back(drive: Drive, otto: FakeChat) -> None:
    async def is_sent(uid: str) -> bool:
        return await drive.reply_state(uid) is ReplyState.SENT

    await until(lambda: _async(not otto.unread))
    drive.phone.is_plugged = False
    drive.line.change("absent")
    await until(lambda: drive.is_in(PhoneState.UNPLUGGED))
    uid = await drive.reply("Otto", "Until 18:00.")
    drive.phone.customer_writes(otto, "are you there?")
    assert await drive.reply_state(uid) is ReplyState.QUEUED
    drive.phone.is_plugged = True
    drive.line.change("device")
    await until(lambda: is_sent(uid))
    await until(lambda: drive.is_in(PhoneState.READY))
    assert drive.phone.sent == ["Until 18:00."]
    assert await drive.texts("Otto") == ["until when are you open?", "are you there?", "Until 18:00."]


async def test_a_program_that_ends_brings_a_reply_that_is_on_its_way_to_its_end(
    tmp_path: Path, phone: FakePhone, otto: FakeChat
) -> None:
    async with driven(tmp_path, phone) as drive:
        await until(lambda: _async(not otto.unread and phone.opened is None))
        phone.after["tap_send"] = [lambda: pause(0.3)]
        uid = await drive.reply("Otto", "Until 18:00.")
        await until(lambda: _async(phone.sent == ["Until 18:00."]))
    store = Store(tmp_path / "phoneshelf.db", SystemClock().now)
    await store.open()
    assert await Drive(store, phone).reply_state(uid) is ReplyState.SENT
    await store.close()


async def test_a_phone_in_somebodys_hand_is_left_to_them(drive: Drive, otto: FakeChat) -> None:
    async def is_sent(uid: str) -> bool:
        return await drive.reply_state(uid) is ReplyState.SENT

    async def is_noticed() -> bool:
        # What the program was doing may have closed it again: a person opens it once more.
        drive.phone.opened = otto
        return await drive.is_in(PhoneState.IN_USE)

    await until(lambda: _async(not otto.unread and drive.phone.opened is None))
    await until(drive.is_compared)
    await until(is_noticed)
    uid = await drive.reply("Otto", "Until 18:00.")
    looks = drive.phone.calls.count("look")
    await until(lambda: _async(drive.phone.calls.count("look") > looks))
    assert drive.phone.opened is otto
    assert await drive.reply_state(uid) is ReplyState.QUEUED
    assert drive.phone.sent == []
    drive.phone.opened = None
    await until(lambda: is_sent(uid))
    assert drive.phone.sent == ["Until 18:00."]


async def test_a_reply_waits_for_the_end_of_quiet_hours_and_goes_when_they_are_lifted(
    drive: Drive, otto: FakeChat
) -> None:
    async def is_sent(uid: str) -> bool:
        return await drive.reply_state(uid) is ReplyState.SENT

    await until(lambda: _async(not otto.unread))
    restraining = Restraining(drive.store, "Eva")
    (account,) = await drive.watching.list_accounts()
    now = drive.clock.now()
    quiet = f"{now - timedelta(hours=3):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    await restraining.set_policy(account.id, quiet=parse_quiet(quiet), gap_s=0, typing_cap_s=0)
    uid = await drive.reply("Otto", "Until 18:00.")
    drive.phone.customer_writes(otto, "hello?")
    drive.line.post()
    await until(lambda: _async(not otto.unread))
    (waiting,) = await drive.browsing.list_outbox()
    assert waiting.wait is not None
    assert (waiting.state, waiting.wait.reason) == (ReplyState.QUEUED, Reason.QUIET_HOURS)
    await restraining.set_policy(account.id, quiet=None)
    await until(lambda: is_sent(uid))
    assert drive.phone.sent == ["Until 18:00."]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (ScreenKind.DIALOG, PhoneState.BLOCKED),
        (ScreenKind.UNKNOWN, PhoneState.BLOCKED),
        (ScreenKind.UPDATE_REQUIRED, PhoneState.BLOCKED),
        (ScreenKind.LOCKED, PhoneState.LOCKED),
    ],
)
async def test_a_screen_that_needs_a_person_is_shown_within_ten_seconds(
    drive: Drive, otto: FakeChat, kind: ScreenKind, state: PhoneState
) -> None:
    await until(lambda: _async(not otto.unread))
    drive.phone.show(kind)
    await until(lambda: drive.is_in(state), 10)
    drive.phone.front = None
    await until(lambda: drive.is_in(PhoneState.READY), 10)


async def test_a_phone_that_says_who_has_the_focus_is_left_in_peace_until_something_happens(
    tmp_path: Path, phone: FakePhone, otto: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "WATCH_EVERY_S", 0.05)
    monkeypatch.setattr(worker, "CALM_AFTER_S", 0.5)
    phone.pushes_focus = True

    async def rests() -> bool:
        before = list(phone.calls)
        await asyncio.sleep(0.6)
        return phone.calls == before

    async with driven(tmp_path, phone) as drive:
        await until(lambda: _async(not otto.unread))
        await until(drive.is_compared)
        await until(rests)
        phone.show(ScreenKind.DIALOG)
        drive.line.move_focus()
        await until(lambda: drive.is_in(PhoneState.BLOCKED), 10)
        phone.front = None
        await until(lambda: drive.is_in(PhoneState.READY), 10)


async def test_a_phone_lost_during_the_tap_is_settled_by_looking_when_it_is_back(drive: Drive, otto: FakeChat) -> None:
    async def is_sent(uid: str) -> bool:
        return await drive.reply_state(uid) is ReplyState.SENT

    def unplug() -> None:
        drive.phone.is_plugged = False
        raise PhoneLost("unplugged")

    await until(lambda: _async(not otto.unread))
    drive.phone.after["tap_send"] = [unplug]
    uid = await drive.reply("Otto", "Until 18:00.")
    await until(lambda: _async(not drive.phone.is_plugged))
    drive.phone.is_plugged = True
    await until(lambda: is_sent(uid))
    assert drive.phone.sent == ["Until 18:00."]


async def test_only_the_holder_of_the_lease_drives_and_another_takes_over(
    tmp_path: Path, otto: FakeChat, phone: FakePhone
) -> None:
    async with driven(tmp_path, phone) as drive:
        (account,) = await drive.watching.list_accounts()
        spare = FakePhone(phone.serial)
        second = Drive(drive.store, spare)
        task = spawn(second.worker("pc2", account).run(), "second")
        try:
            await until(lambda: _async(not otto.unread))
            assert await drive.watching.hold(account.id, "pc3") is None
            assert not spare.is_started
        finally:
            await stop(task)
    assert not phone.is_started
