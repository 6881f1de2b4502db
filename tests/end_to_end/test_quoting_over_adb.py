"""Replies that quote, on a simulated phone over a real adb: what is sent, under what, and what never is."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import PhoneLost, SendRefused
from app.domain.ids import ChatId, MessageId, Serial
from app.domain.message import Quote
from app.domain.observation import ChatSeen, RowSeen
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
from app.store import accounts, chats, messages
from app.store.engine import Store
from app.store.vault import Vault
from devices.adb.phone import AdbPhone
from devices.whatsapp.driver import WhatsAppPhone
from tests.end_to_end.bench import AT_ONCE
from tests.fakes.shelf import SimulatedShelf, files, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
S = ReplyState
BODY = "Yes, that one."
_NUMBERS = itertools.count(31633000001)


class Struck(WhatsAppPhone):
    """A driver around whose steps something happens, once."""

    before: dict[str, Callable[[], None]]
    after: dict[str, Callable[[], None]]

    def quote_row(self, target: ChatTarget, row: RowSeen) -> ChatSeen:
        self.before.pop("quote_row", lambda: None)()
        seen = super().quote_row(target, row)
        self.after.pop("quote_row", lambda: None)()
        return seen

    def type_reply(
        self, target: ChatTarget, body: str, ours: frozenset[str] = frozenset(), bar: Quote | None = None
    ) -> ChatSeen:
        seen = super().type_reply(target, body, ours, bar)
        self.after.pop("type_reply", lambda: None)()
        return seen


class Line:
    """The services, one phone on a shelf, and what is true on it."""

    def __init__(self, shelf: SimulatedShelf, store: Store, folder: Path) -> None:
        self.shelf, self.store = shelf, store
        self.clock = SystemClock()
        self.adb = AdbPhone(shelf.adb, Serial(shelf.address))
        self.phone = Struck(self.adb, "com.whatsapp.w4b", files())
        self.phone.before, self.phone.after = {}, {}
        self.thread = OwnThread(lambda: self.phone, "quotes")
        self.mirroring = Mirroring(store, self.clock)
        self.sending = Sending(store, self.clock, self.mirroring, Attaching(Vault(folder / "media"), self.clock))
        self.replying = Replying(store, self.clock, "Eva")
        self.watching = Watching(store, self.clock)
        self.number = str(next(_NUMBERS))
        self.title = f"Customer {self.number[-4:]}"

    async def begin(self) -> None:
        await self.watching.add_phone(self.shelf.address, "com.whatsapp.w4b", "Winkel", "full")
        async with self.store.read() as connection:
            (self.account,) = await accounts.list_accounts(connection)
        await Restraining(self.store, "Eva").set_policy(self.account.id, **AT_ONCE)
        self.shelf.ask("add_chat", number=self.number, name=self.title)
        async with self.store.write() as unit:
            jid = f"{self.number}@s.whatsapp.net"
            self.chat = await chats.add_chat(unit, self.account.id, self.title, "person", jid)
        await self.start()

    async def start(self) -> None:
        await self.thread.call(lambda p: p.stop(), 30)
        facts = await self.thread.call(lambda p: p.start(), 90)
        await self.watching.set_facts(self.account.id, facts)
        async with self.store.read() as connection:
            (self.account,) = await accounts.list_accounts(connection)

    async def say(self, *texts: str) -> dict[str, MessageId]:
        """Let the customer write, read the chat, and return the ids by text, of equal ones the newest."""
        for text in texts:
            self.shelf.ask("customer_writes", chat=self.title, text=text)
        await self.mirroring.read_chat(self.thread, self.account, self.chat, lambda: False)
        async with self.store.read() as connection:
            rows = await messages.list_messages(connection, self.chat, 1000)
        return {row.entry.content.text: row.entry.id for row in rows}

    async def queue(self, message: MessageId, body: str = BODY) -> Reply:
        await self.replying.queue_quote(ChatId(self.chat), body, message)
        return await self.claim()

    async def claim(self) -> Reply:
        found = (await Pacing(self.store, self.clock).claim_next(self.account.id, "pc", 1)).reply
        assert found is not None
        return found

    async def deliver(self, reply: Reply) -> ReplyState:
        return await self.sending.deliver(self.thread, self.account, reply, lambda: True)

    async def reply(self, reply: Reply) -> Reply:
        found = await self.replying.get_reply(reply.id)
        assert found is not None
        return found

    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = self.shelf.ask("truth", chat=self.title)
        return found

    def own(self) -> list[tuple[str, str]]:
        """Return what went out, each with what it quotes."""
        own = [one for one in self.truth()["messages"] if one["own"]]
        return [(one["text"], one["quote"]["text"] if one["quote"] else "") for one in own]

    def entry(self) -> tuple[str, int]:
        truth = self.truth()
        return truth["draft"], truth["quoting"]

    def unplug(self) -> None:
        self.shelf.ask("strike", name="unplug", seconds=600)

    async def plug_in(self) -> None:
        self.shelf.ask("lift", name="unplug")
        self.adb.server.run("disconnect", self.shelf.address, timeout_s=10)
        self.adb.connect()
        await self.start()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    with simulated_shelf(tmp_path_factory.mktemp("shelf"), "--chats", "2", "--messages", "4") as found:
        yield found


@pytest.fixture
async def line(shelf: SimulatedShelf, tmp_path: Path) -> AsyncIterator[Line]:
    shelf.ask("settings", dead_swipes=0, slipped_swipes=0)
    store = Store(tmp_path / "phoneshelf.sqlite", SystemClock().now)
    await store.open()
    made = Line(shelf, store, tmp_path)
    await made.begin()
    yield made
    await made.thread.call(lambda p: p.stop(), 30)
    await store.close()


async def test_a_reply_goes_out_once_under_its_message(line: Line) -> None:
    ids = await line.say("the blue one?", "or the red one?")
    reply = await line.queue(ids["the blue one?"])
    assert await line.deliver(reply) in ON_THE_PHONE
    assert line.own() == [(BODY, "the blue one?")]
    assert line.entry() == ("", 0)
    assert (await line.reply(reply)).reason is None
    # A reply behind it, without a quote, has none.
    await line.replying.queue_reply(ChatId(line.chat), "And the shop is open.")
    assert await line.deliver(await line.claim()) in ON_THE_PHONE
    assert line.own()[1:] == [("And the shop is open.", "")]


async def test_messages_windows_up_and_beyond(line: Line) -> None:
    for first in range(0, 160, 40):
        ids = await line.say(*(f"question {number}" for number in range(first, first + 40)))
    assert await line.deliver(await line.queue(ids["question 125"])) in ON_THE_PHONE
    assert line.own() == [(BODY, "question 125")]
    far = await line.queue(ids["question 2"], "too far")
    assert await line.deliver(far) is S.FAILED
    assert (await line.reply(far)).reason is Reason.QUOTE_NOT_FOUND
    assert len(line.own()) == 1
    assert line.entry() == ("", 0)


async def test_one_of_two_equal_messages(line: Line) -> None:
    """The list that gives way to bar and keyboard alone proves that the finger met the right one."""
    ids = await line.say("hello", "ok", "ok", "so which?")
    wanted = [one["id"] for one in line.truth()["messages"] if one["text"] == "ok"][1]
    touched: list[tuple[str, int]] = []
    line.phone.after["quote_row"] = lambda: touched.append(line.entry())
    assert await line.deliver(await line.queue(ids["ok"])) in ON_THE_PHONE
    assert touched == [("", wanted)]
    assert line.own() == [(BODY, "ok")]


async def test_a_list_that_moves_under_the_finger_among_equal_messages(line: Line) -> None:
    """The bar reads as it should, yet it is another message's: only the moved rows tell."""
    await line.say(*(f"question {number}" for number in range(20)), "ok", "ok")
    async with line.store.read() as connection:
        rows = await messages.list_messages(connection, ChatId(line.chat), 2)
    screen = line.phone._screen
    swipe, touched = screen.swipe, []

    def slip(start: tuple[int, int], end: tuple[int, int]) -> None:
        screen.swipe = swipe  # type: ignore[method-assign]
        line.shelf.ask("customer_writes", chat=line.title, text="ok")
        swipe(start, end)

    screen.swipe = slip  # type: ignore[method-assign]
    line.phone.after["quote_row"] = lambda: touched.append(line.entry()[1])
    reply = await line.queue(rows[0].entry.id)
    assert await line.deliver(reply) is S.QUEUED
    wanted, hit, _ = (one["id"] for one in line.truth()["messages"][-3:])
    assert touched == [hit]
    assert line.own() == []
    assert line.entry() == ("", 0)
    await line.clock.sleep(3.2)
    line.phone.after["quote_row"] = lambda: touched.append(line.entry()[1])
    assert await line.deliver(await line.claim()) in ON_THE_PHONE
    assert touched == [hit, wanted]


@pytest.mark.parametrize("fault", ["dead_swipes", "slipped_swipes"])
async def test_no_bar_or_another_messages_bar(line: Line, fault: str) -> None:
    ids = await line.say("the blue one?", "or the red one?")
    line.shelf.ask("settings", **{fault: 1})
    reply = await line.queue(ids["or the red one?"])
    assert await line.deliver(reply) is S.QUEUED
    assert line.own() == []
    assert line.entry() == ("", 0)
    await line.clock.sleep(3.2)
    assert await line.deliver(await line.claim()) in ON_THE_PHONE
    assert line.own() == [(BODY, "or the red one?")]


async def test_a_persons_quote_is_left_alone(line: Line) -> None:
    ids = await line.say("the blue one?", "or the red one?")
    message = line.truth()["messages"][-1]["id"]
    line.shelf.ask("add_chat", number=line.number, quoting=message)
    reply = await line.queue(ids["the blue one?"])
    assert await line.deliver(reply) is S.QUEUED
    assert (await line.reply(reply)).reason is Reason.SOMEONE_ELSE_TYPING
    assert line.entry() == ("", message)
    assert line.own() == []


@pytest.mark.parametrize("step", ["quote_row", "type_reply"])
async def test_a_cable_pulled_under_the_quote(line: Line, step: str) -> None:
    ids = await line.say("the blue one?", "or the red one?")
    line.phone.after[step] = line.unplug
    reply = await line.queue(ids["the blue one?"])
    with pytest.raises(PhoneLost):
        await line.deliver(reply)
    await line.plug_in()
    assert line.entry()[1] != 0
    state = (await line.reply(reply)).state
    if state is S.UNKNOWN:
        # The step to SUBMITTED was made: only a look says what became of it.
        state = await line.sending.settle_by_looking(line.thread, line.account, await line.reply(reply))
        assert state is S.FAILED
        assert line.own() == []
    else:
        assert state is S.QUEUED
        assert await line.deliver(await line.claim()) in ON_THE_PHONE
        assert line.own() == [(BODY, "the blue one?")]
    assert line.entry() == ("", 0)


async def test_an_app_that_was_left_in_another_chat_is_not_swiped_in(line: Line) -> None:
    ids = await line.say("the blue one?")
    other = str(next(_NUMBERS))
    line.shelf.ask("add_chat", number=other, name="Anna Other")
    line.shelf.ask("customer_writes", chat="Anna Other", text="the blue one?")
    line.phone.before["quote_row"] = lambda: line.shelf.ask("open_chat", chat="Anna Other")
    reply = await line.queue(ids["the blue one?"])
    assert await line.deliver(reply) is S.FAILED
    assert (await line.reply(reply)).reason is Reason.WRONG_CHAT
    assert line.shelf.ask("truth", chat="Anna Other")["quoting"] == 0
    assert line.own() == []


async def test_a_member_of_a_group_and_ourselves_are_quoted_there(line: Line) -> None:
    line.title = f"Buurt {line.number[-4:]}"
    jid = f"{line.number}-1@g.us"
    line.shelf.ask("add_chat", jid=jid, kind="group", name=line.title)
    for sender, text in (("Bo", "shall we?"), ("Vera", "ok"), ("Bo", "ok")):
        line.shelf.ask("customer_writes", chat=jid, sender=sender, text=text)
    line.shelf.ask("owner_types_by_hand", chat=jid, text="we have two")
    async with line.store.write() as unit:
        line.chat = await chats.add_chat(unit, line.account.id, line.title, "group", jid)
    ids = await line.say()
    assert await line.deliver(await line.queue(ids["shall we?"])) in ON_THE_PHONE
    assert await line.deliver(await line.queue(ids["ok"], "then so")) in ON_THE_PHONE
    assert await line.deliver(await line.queue(ids["we have two"], "still")) in ON_THE_PHONE
    assert line.own()[1:] == [(BODY, "shall we?"), ("then so", "ok"), ("still", "we have two")]
    assert [one["quote"]["title"] for one in line.truth()["messages"] if one["quote"]] == ["Bo", "Bo", "You"]


async def test_a_chat_with_a_namesake(line: Line) -> None:
    """The way to it leads over the chat list; once it is open nothing leaves it."""
    other = str(next(_NUMBERS))
    line.shelf.ask("add_chat", number=other, name=line.title)
    line.shelf.ask("customer_writes", chat=f"{other}@s.whatsapp.net", text="the blue one?")
    async with line.store.write() as unit:
        await chats.add_chat(unit, line.account.id, line.title, "person", f"{other}@s.whatsapp.net")
    line.title = f"{line.number}@s.whatsapp.net"
    ids = await line.say("the blue one?", "or the red one?")
    assert await line.deliver(await line.queue(ids["the blue one?"])) in ON_THE_PHONE
    assert line.own() == [(BODY, "the blue one?")]
    theirs = line.shelf.ask("truth", chat=f"{other}@s.whatsapp.net")
    assert (theirs["quoting"], theirs["draft"]) == (0, "")
    assert not [one for one in theirs["messages"] if one["own"]]


async def test_the_older_layout(line: Line) -> None:
    line.shelf.ask("update_app", layout="2025")
    try:
        ids = await line.say("hello", "the blue one?", "or the red one?")
        assert await line.deliver(await line.queue(ids["the blue one?"])) in ON_THE_PHONE
        assert line.own() == [(BODY, "the blue one?")]
    finally:
        line.shelf.ask("update_app", layout="2026")


async def test_the_driver_refuses_a_row_of_a_chat_that_takes_no_text(line: Line) -> None:
    await line.say("the blue one?")
    target = ChatTarget(line.title, line.number)
    seen = await line.thread.call(lambda p: p.open_chat(target), 60)
    line.shelf.ask("settings", is_restricted=True)
    try:
        with pytest.raises(SendRefused):
            await line.thread.call(lambda p: p.quote_row(target, seen.rows[-1]), 60)
    finally:
        line.shelf.ask("settings", is_restricted=False)
