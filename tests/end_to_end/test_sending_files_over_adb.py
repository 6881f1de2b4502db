"""Files on their way to a simulated phone over a real adb, and what cables, dialogs and full phones do to them."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.attached import Parcel, Push
from app.domain.errors import PhoneLost, ScreenNotRecognised
from app.domain.ids import ChatId, Serial
from app.domain.observation import ComposerSeen
from app.domain.ports import ChatTarget
from app.domain.reply import ON_THE_PHONE, Reason, Reply, ReplyState
from app.runtime.clock import SystemClock
from app.runtime.phone_thread import OwnThread
from app.services.attaching import Attaching
from app.services.mirroring import Mirroring
from app.services.pacing import Pacing
from app.services.replying import Replying
from app.services.restraining import Restraining
from app.services.sending import Sending
from app.services.watching import Watching
from app.store import accounts, chats
from app.store.engine import Store
from app.store.vault import Vault
from devices.adb.phone import AdbPhone
from devices.whatsapp.driver import WhatsAppPhone
from tests.end_to_end.bench import AT_ONCE
from tests.fakes.pictures import MP4, OPUS, picture
from tests.fakes.shelf import SimulatedShelf, files, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
S = ReplyState
PHOTO = picture()
_NUMBERS = itertools.count(31622000001)


class Struck(WhatsAppPhone):
    """A driver around whose steps something happens, once."""

    before: dict[str, Callable[[], None]]
    after: dict[str, Callable[[], None]]

    def push_file(self, push: Push) -> str:
        path = super().push_file(push)
        self.after.pop("push_file", lambda: None)()
        return path

    def offer_file(self, target: ChatTarget, parcel: Parcel) -> ComposerSeen:
        self.before.pop("offer_file", lambda: None)()
        return super().offer_file(target, parcel)

    def tap_send_file(self, target: ChatTarget, ready: ComposerSeen) -> None:
        self.before.pop("tap_send_file", lambda: None)()
        super().tap_send_file(target, ready)
        self.after.pop("tap_send_file", lambda: None)()


class Line:
    """The services, one phone on a shelf, and what is true on it."""

    def __init__(self, shelf: SimulatedShelf, store: Store, folder: Path) -> None:
        self.shelf, self.store, self.folder = shelf, store, folder
        self.clock = SystemClock()
        self.adb = AdbPhone(shelf.adb, Serial(shelf.address))
        self.phone = Struck(self.adb, "com.whatsapp.w4b", files())
        self.phone.before, self.phone.after = {}, {}
        self.thread = OwnThread(lambda: self.phone, "files")
        self.mirroring = Mirroring(store, self.clock)
        self.attaching = Attaching(Vault(folder / "media"), self.clock)
        self.sending = Sending(store, self.clock, self.mirroring, self.attaching)
        self.replying = Replying(store, self.clock, "Eva")
        self.watching = Watching(store, self.clock)
        self.chat = ChatId(0)
        self.number = str(next(_NUMBERS))
        self.title = f"Customer {self.number[-4:]}"

    async def begin(self) -> None:
        await self.watching.add_phone(self.shelf.address, "com.whatsapp.w4b", "Winkel", "full")
        async with self.store.read() as connection:
            (self.account,) = await accounts.list_accounts(connection)
        await Restraining(self.store, "Eva").set_policy(self.account.id, **AT_ONCE)
        self.shelf.ask("add_chat", number=self.number, name=self.title)
        self.shelf.ask("customer_writes", chat=self.title, text="can I see it?")
        async with self.store.write() as unit:
            jid = f"{self.number}@s.whatsapp.net"
            self.chat = await chats.add_chat(unit, self.account.id, self.title, "person", jid)
        await self.start()

    async def start(self) -> None:
        """Begin as a worker does."""
        await self.thread.call(lambda p: p.stop(), 30)
        facts = await self.thread.call(lambda p: p.start(), 90)
        await self.watching.set_facts(self.account.id, facts)
        async with self.store.read() as connection:
            (self.account,) = await accounts.list_accounts(connection)
        await self.thread.call(lambda p: p.drop_files(), 30)

    async def queue(self, name: str = "bike.jpg", body: bytes = PHOTO, caption: str = "") -> Reply:
        path = self.folder / name
        _write(path, body)
        await self.replying.queue_reply(self.chat, caption, file=self.attaching.take(path, caption))
        found = (await Pacing(self.store, self.clock).claim_next(self.account.id, "pc", 1)).reply
        assert found is not None
        return found

    async def deliver(self, reply: Reply) -> ReplyState:
        return await self.sending.deliver(self.thread, self.account, reply, lambda: True)

    async def again(self) -> Reply | None:
        return (await Pacing(self.store, self.clock).claim_next(self.account.id, "pc", 1)).reply

    async def reply(self, reply: Reply) -> Reply:
        found = await self.replying.get_reply(reply.id)
        assert found is not None
        return found

    def own(self) -> list[dict[str, Any]]:
        return [one for one in self.shelf.ask("truth", chat=self.title)["messages"] if one["own"]]

    def left(self) -> list[str]:
        found = self.adb.shell("find", "/sdcard/Phoneshelf", "-type", "f").out.split("\n")
        return [path for path in found if path.startswith("/")]

    def unplug(self) -> None:
        self.shelf.ask("strike", name="unplug", seconds=600)

    def plug_in(self) -> None:
        self.shelf.ask("lift", name="unplug")
        self.adb.server.run("disconnect", self.shelf.address, timeout_s=10)
        self.adb.connect()


def _write(path: Path, body: bytes) -> None:
    path.write_bytes(body)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    with simulated_shelf(tmp_path_factory.mktemp("shelf"), "--chats", "2", "--messages", "4") as shelf:
        yield shelf


@pytest.fixture
async def line(shelf: SimulatedShelf, tmp_path: Path) -> AsyncIterator[Line]:
    shelf.ask("configure", free_kb=160_000_000)
    shelf.ask("settings", is_jid_ignored=False, extra_recipients=[], dead_sends=0, is_draft_caption=False)
    shelf.ask("show", screen="none")
    store = Store(tmp_path / "phoneshelf.db", SystemClock().now)
    await store.open()
    line = Line(shelf, store, tmp_path)
    await line.begin()
    yield line
    await line.thread.call(lambda p: p.stop(), 30)
    line.thread.close()
    await store.close()


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("bike.jpg", PHOTO, "photo"),
        ("round.mp4", MP4, "video"),
        ("Our offer; 100% $(new).pdf", b"%PDF-1.4 for you", "document"),
        ("prices.csv", b"a;b\n1;2\n", "document"),
    ],
)
async def test_each_kind_arrives_whole_and_once_with_its_caption(line: Line, name: str, body: bytes, kind: str) -> None:
    reply = await line.queue(name, body, "Ready at 16:00 👍\n'bye'")
    assert await line.deliver(reply) in ON_THE_PHONE
    (sent,) = line.own()
    assert (sent["kind"], sent["text"]) == (kind, "Ready at 16:00 👍\n'bye'")
    assert sent["name"] == name or kind != "document"
    (path,) = sent["paths"]
    assert line.adb.shell("sha256sum", path).out.split()[0] == hashlib.sha256(body).hexdigest()
    assert line.left() == []
    assert await line.again() is None


async def test_a_sound_arrives_without_a_caption(line: Line) -> None:
    assert await line.deliver(await line.queue("note.opus", OPUS)) in ON_THE_PHONE
    assert [one["kind"] for one in line.own()] == ["voice"]


async def test_a_cable_pulled_between_push_and_tap_sends_nothing_and_the_next_start_cleans_up(line: Line) -> None:
    line.phone.after["push_file"] = line.unplug
    reply = await line.queue()
    with pytest.raises(PhoneLost):
        await line.deliver(reply)
    assert (await line.reply(reply)).state is S.QUEUED
    line.plug_in()
    assert len(line.left()) == 1
    await line.start()
    assert line.left() == line.own() == []
    again = await line.again()
    assert again is not None
    assert await line.deliver(again) in ON_THE_PHONE
    assert len(line.own()) == 1


@pytest.mark.parametrize("fault", ["cable", "reply lost"])
async def test_what_happens_after_the_tap_leaves_it_unknown_until_its_bubble_is_seen(line: Line, fault: str) -> None:
    if fault == "cable":
        line.phone.after["tap_send_file"] = line.unplug
    else:
        line.phone.before["tap_send_file"] = lambda: line.shelf.ask("strike", name="reply_lost", route="click")
    reply = await line.queue(caption="your bike")
    with pytest.raises(PhoneLost):
        await line.deliver(reply)
    assert (await line.reply(reply)).state is S.UNKNOWN
    if fault == "cable":
        line.plug_in()
    await line.start()
    (unknown,) = await line.sending.recover(line.account)
    assert await line.sending.settle_by_looking(line.thread, line.account, unknown) in ON_THE_PHONE
    assert len(line.own()) == 1
    assert await line.again() is None


async def test_a_click_that_is_ignored_is_seen_by_the_composer_and_repeated(line: Line) -> None:
    line.phone.before["tap_send_file"] = lambda: line.shelf.ask("strike", name="click_ignored")
    assert await line.deliver(await line.queue(caption="your bike")) in ON_THE_PHONE
    assert len(line.own()) == 1


async def test_a_composer_that_stays_fails_for_certain_and_is_left(line: Line) -> None:
    line.shelf.ask("settings", dead_sends=99)
    reply = await line.queue(caption="your bike")
    assert await line.deliver(reply) is S.FAILED
    line.shelf.ask("settings", dead_sends=0)
    assert (await line.reply(reply)).reason is Reason.FILE_NOT_OFFERED
    assert line.own() == line.left() == []
    assert (await line.thread.call(lambda p: p.look(), 30)).kind.value == "chat_list"


async def test_a_picker_instead_of_the_composer_is_left_without_choosing(line: Line) -> None:
    line.shelf.ask("settings", is_jid_ignored=True)
    reply = await line.queue()
    assert await line.deliver(reply) is S.FAILED
    assert (await line.reply(reply)).reason is Reason.FILE_NOT_OFFERED
    assert line.own() == line.left() == []
    assert (await line.thread.call(lambda p: p.look(), 30)).kind.value == "chat_list"


async def test_a_second_recipient_is_never_sent_to(line: Line) -> None:
    line.shelf.ask("settings", extra_recipients=["Somebody else"])
    reply = await line.queue()
    assert await line.deliver(reply) is S.FAILED
    assert (await line.reply(reply)).reason is Reason.WRONG_CHAT
    assert line.own() == line.left() == []


async def test_a_recipient_whom_a_person_adds_right_before_the_tap_gets_nothing(line: Line) -> None:
    line.phone.before["tap_send_file"] = lambda: line.shelf.ask("settings", extra_recipients=["Somebody else"])
    reply = await line.queue()
    assert await line.deliver(reply) is S.FAILED
    assert (await line.reply(reply)).reason is Reason.WRONG_CHAT
    assert line.own() == line.left() == []


async def test_a_dialog_over_the_composer_is_left_to_a_person(line: Line) -> None:
    def ask() -> None:
        line.shelf.ask("show", screen="dialog", text="Something new. Do you agree?", buttons=["Agree"])

    line.phone.before["tap_send_file"] = ask
    reply = await line.queue()
    assert await line.deliver(reply) is S.FAILED
    assert (await line.reply(reply)).reason is Reason.FILE_NOT_OFFERED
    assert line.own() == line.left() == []
    assert not line.shelf.ask("ledger", kind="dialog_button")


async def test_a_dialog_before_the_composer_lets_the_reply_wait(line: Line) -> None:
    def ask() -> None:
        line.shelf.ask("show", screen="dialog", text="Something new. Do you agree?", buttons=["Agree"])

    line.phone.before["offer_file"] = ask
    reply = await line.queue()
    try:
        state = await line.deliver(reply)
    except ScreenNotRecognised:
        state = (await line.reply(reply)).state
    # The share may open its composer over it; either way nothing is pressed there, and nothing sent twice.
    assert state in ON_THE_PHONE | {S.QUEUED}
    assert len(line.own()) == (state in ON_THE_PHONE)
    assert not line.shelf.ask("ledger", kind="dialog_button")


async def test_a_full_phone_refuses_the_file(line: Line) -> None:
    line.shelf.ask("configure", free_kb=0)
    reply = await line.queue()
    assert await line.deliver(reply) is S.FAILED
    assert (await line.reply(reply)).reason is Reason.FILE_NOT_PUSHED
    assert line.own() == line.left() == []


@pytest.mark.parametrize("takes_draft", [False, True])
async def test_a_persons_draft_is_as_it_was(line: Line, takes_draft: bool) -> None:
    line.shelf.ask("add_chat", number=line.number, draft="I will call y")
    line.shelf.ask("settings", is_draft_caption=takes_draft)
    assert await line.deliver(await line.queue(caption="your bike")) in ON_THE_PHONE
    assert [one["text"] for one in line.own()] == ["your bike"]
    target = ChatTarget(line.title, line.number)
    seen = await line.thread.call(lambda p: p.read_chat(target), 30)
    assert seen.entry is not None
    assert seen.entry.text == "I will call y"


async def test_a_file_that_the_app_cannot_read_is_a_certain_failure(line: Line) -> None:
    line.phone.before["offer_file"] = line.phone.drop_files
    reply = await line.queue()
    assert await line.deliver(reply) is S.FAILED
    assert (await line.reply(reply)).reason is Reason.FILE_NOT_OFFERED
    assert line.own() == []
