"""The whole program on simulated phones whose app has other ids, or speaks a language that no table holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.domain.ids import AccountId, ChatId
from app.domain.message import Direction, Tick
from app.domain.phone import PhoneState
from app.domain.reply import ON_THE_PHONE, Reason, ReplyState
from app.main import Program, build
from app.runtime.tasks import spawn, stop
from app.settings import Settings
from tests.fakes.shelf import SimulatedShelf, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
DEADLINE_S = 60.0
NUMBER = "31611112222"
ALL_RENAMED = """
format = 1
[parts]
entry = ["compose_box"]
status = ["delivery_mark"]
voice_note_btn = ["record_btn"]
date = ["sent_at"]
message_text = ["body"]
"""


HOME_RENAMED = """
format = 1
from = "2.27"
home = ["lobby", "lobby_row"]
[parts]
contact_row_container = ["lobby_row"]
conversations_row_contact_name = ["lobby_name"]
"""
PASSING: tuple[tuple[str, dict[str, object]], ...] = (
    ("source_truncated", {"count": 3}),
    ("source_invalid_chars", {"count": 3}),
    ("stale_tree", {"seconds": 4.0}),
    ("never_idle", {"seconds": 5.0}),
)


class Driven:
    """A program that drives one simulated phone."""

    def __init__(self, program: Program, shelf: SimulatedShelf, account: AccountId, home: Path) -> None:
        self.program, self.shelf, self.account, self.home = program, shelf, account, home

    async def ask(self, verb: str, **arguments: object) -> object:
        return await asyncio.to_thread(self.shelf.ask, verb, **arguments)

    async def until(self, check: Callable[[], Awaitable[bool]], deadline_s: float = DEADLINE_S) -> None:
        """Wait for a condition on the database; it is asked again at each change."""
        changed = asyncio.Event()
        self.program.store.listen(lambda _: changed.set())
        end = time.monotonic() + deadline_s
        while not await check():
            changed.clear()
            left = end - time.monotonic()
            assert left > 0, f"the condition did not come true; the phone is {await self.state()}"
            try:
                async with asyncio.timeout(min(left, 0.5)):
                    await changed.wait()
            except TimeoutError:
                continue

    async def state(self) -> tuple[PhoneState, str]:
        (one,) = await self.program.browsing.list_phones()
        return one.state, one.detail

    async def is_in(self, state: PhoneState) -> bool:
        return (await self.state())[0] is state

    async def chat(self) -> ChatId:
        async def is_there() -> bool:
            return bool(await self.program.browsing.find_chats(NUMBER))

        await self.until(is_there)
        return (await self.program.browsing.find_chats(NUMBER))[0].id

    async def reply_is(self, uid: object, states: frozenset[ReplyState]) -> bool:
        return next(one.state for one in await self.program.browsing.list_outbox() if one.id == uid) in states

    async def own(self, chat: ChatId) -> dict[str, Tick | None]:
        rows = await self.program.browsing.list_messages(chat, 200)
        return {r.content.text: r.content.tick for r in rows if r.direction is Direction.OUT and r.order is not None}

    async def has_read(self, chat: ChatId, text: str) -> bool:
        rows = await self.program.browsing.list_messages(chat, 200)
        known = await self.program.browsing.get_chat(chat)
        is_there = any(row.content.text == text and row.order is not None for row in rows)
        # A notification tells the text first; once the chat was read nothing is unread.
        return is_there and known is not None and known.unread == 0

    async def truth(self) -> dict[str, str]:
        told = await self.ask("truth", chat=NUMBER)
        assert isinstance(told, dict)
        return {one["text"]: one["status"] for one in told["messages"] if one["own"]}

    async def draft(self) -> str:
        told = await self.ask("truth", chat=NUMBER)
        assert isinstance(told, dict)
        return str(told.get("draft", ""))


@asynccontextmanager
async def driven(shelf: SimulatedShelf, home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Driven]:
    monkeypatch.setenv("PHONESHELF_CACHE", str(home / "cache"))
    await asyncio.to_thread(home.mkdir)
    program = build(Settings(home, adb_port=shelf.adb.port, adb_usb=False))
    await program.store.open()
    account = await program.watching.add_phone(shelf.address, "com.whatsapp.w4b", "Winkel", "full")
    await program.restraining.set_policy(account, gap_s=0, typing_cap_s=0, per_hour=600, unanswered=20)
    bridge = spawn(program.bridge.run(), "bridge")
    try:
        yield Driven(program, shelf, account, home)
    finally:
        await stop(bridge)
        await program.store.close()


async def test_other_ids_make_the_phone_read_only_and_a_profile_file_ends_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulated_shelf(tmp_path, "--chats", "0", "--layout", "2027") as shelf:
        async with driven(shelf, tmp_path / "home", monkeypatch) as one:
            await one.ask("customer_writes", chat=NUMBER, text="until when are you open?", name="Jan")
            chat = await one.chat()
            reply = await one.program.replying.queue_reply(chat, "Until 18:00.")
            await one.until(lambda: one.is_in(PhoneState.READ_ONLY))
            assert "entry" in (await one.state())[1]
            (waiting,) = await one.program.browsing.list_outbox()
            assert (waiting.state, waiting.reason) == (ReplyState.QUEUED, Reason.LAYOUT_UNKNOWN)
            assert await one.truth() == {}
            assert await one.draft() == ""
            (report,) = (one.home / "reports").iterdir()
            kept = report.read_text("utf-8")
            assert "compose_box" in kept
            assert "Jan" not in kept
            assert "until" not in kept

            (one.home / "screens").mkdir()
            (one.home / "screens" / "2027.toml").write_text(ALL_RENAMED, "utf-8")
            await one.until(lambda: one.reply_is(reply.id, ON_THE_PHONE))
            assert list(await one.truth()) == ["Until 18:00."]
            await one.until(lambda: one.is_in(PhoneState.READY))
            await one.ask("advance_ticks", chat=NUMBER, to="read")
            await one.ask("customer_writes", chat=NUMBER, text="thanks")

            async def is_read() -> bool:
                return (await one.own(chat)).get("Until 18:00.") is Tick.READ

            await one.until(is_read)


async def test_a_home_screen_that_nothing_knows_makes_a_new_version_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulated_shelf(tmp_path, "--chats", "0", "--layout", "2027-home") as shelf:
        async with driven(shelf, tmp_path / "home", monkeypatch) as one:
            await one.ask("customer_writes", chat=NUMBER, text="until when are you open?", name="Jan")
            await one.until(lambda: one.is_in(PhoneState.READ_ONLY))
            assert (await one.state())[1] == "screen"
            chat = await one.chat()
            reply = await one.program.replying.queue_reply(chat, "Until 18:00.")
            assert await one.truth() == {}
            folder = one.home / "screens"
            await asyncio.to_thread(folder.mkdir)
            await asyncio.to_thread((folder / "broken.toml").write_text, "format = 1\nhomes = []\n", "utf-8")
            await asyncio.to_thread((folder / "new.toml").write_text, HOME_RENAMED, "utf-8")
            await one.until(lambda: one.reply_is(reply.id, ON_THE_PHONE))
            assert list(await one.truth()) == ["Until 18:00."]


async def test_an_update_while_the_program_runs_and_its_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulated_shelf(tmp_path, "--chats", "0") as shelf:
        async with driven(shelf, tmp_path / "home", monkeypatch) as one:
            await one.ask("customer_writes", chat=NUMBER, text="a", name="Jan")
            chat = await one.chat()
            first = await one.program.replying.queue_reply(chat, "one")
            await one.until(lambda: one.reply_is(first.id, ON_THE_PHONE))
            await one.ask("update_app", layout="2027-entry")
            second = await one.program.replying.queue_reply(chat, "two")
            await one.until(lambda: one.is_in(PhoneState.READ_ONLY))
            assert await one.reply_is(second.id, frozenset({ReplyState.QUEUED}))
            # What was read meanwhile has the right side, though its ticks went.
            await one.ask("customer_writes", chat=NUMBER, text="b")
            await one.until(lambda: one.has_read(chat, "b"))
            assert list(await one.own(chat)) == ["one"]
            await one.ask("update_app", layout="2026")
            await one.ask("customer_writes", chat=NUMBER, text="c")
            await one.until(lambda: one.reply_is(second.id, ON_THE_PHONE))
            assert list(await one.own(chat)) == ["one", "two"]
            assert list(await one.truth()) == ["one", "two"]


async def test_what_only_passes_makes_no_phone_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with simulated_shelf(tmp_path, "--chats", "0", "--latency", "good") as shelf:
        async with driven(shelf, tmp_path / "home", monkeypatch) as one:
            states: set[PhoneState] = set()

            async def watched(uid: object) -> bool:
                states.add((await one.state())[0])
                return await one.reply_is(uid, ON_THE_PHONE | {ReplyState.UNKNOWN})

            await one.ask("customer_writes", chat=NUMBER, text="a", name="Jan")
            chat = await one.chat()
            for number, (fault, values) in enumerate(PASSING):
                await one.ask("strike", name=fault, **values)
                reply = await one.program.replying.queue_reply(chat, f"answer {number}")
                await one.until(lambda uid=reply.id: watched(uid))
                await one.ask("lift", name=fault)
            assert PhoneState.READ_ONLY not in states
            assert not (one.home / "reports").exists()


@pytest.mark.parametrize("language", ["fi", "vi"])
async def test_ticks_of_a_language_without_a_table_are_learned_and_never_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    order = [Tick.UNKNOWN, Tick.PENDING, Tick.SENT, Tick.DELIVERED, Tick.READ]
    with simulated_shelf(tmp_path, "--chats", "0", "--locale", language) as shelf:
        async with driven(shelf, tmp_path / "home", monkeypatch) as one:
            await one.ask("customer_writes", chat=NUMBER, text="moi", name="Jan")
            chat = await one.chat()

            async def never_wrong() -> None:
                seen, truth = await one.own(chat), await one.truth()
                for text, tick in seen.items():
                    assert order.index(tick or Tick.UNKNOWN) <= order.index(Tick(truth[text]))

            await one.until(lambda: one.has_read(chat, "moi"))
            for number in range(3):
                body = f"vastaus {number}"
                reply = await one.program.replying.queue_reply(chat, body)
                await one.until(lambda uid=reply.id: one.reply_is(uid, ON_THE_PHONE))
                if number == 0:
                    assert (await one.own(chat))[body] is Tick.UNKNOWN
                for status in ("delivered", "read"):
                    await one.ask("advance_ticks", chat=NUMBER, to=status)
                    await one.ask("customer_writes", chat=NUMBER, text=f"{status} {number}")
                    await one.until(lambda text=f"{status} {number}": one.has_read(chat, text))
                    await never_wrong()

            async def is_known() -> bool:
                return all(tick is not None and order.index(tick) >= 3 for tick in (await one.own(chat)).values())

            await one.ask("customer_writes", chat=NUMBER, text="kiitos")
            await one.until(is_known)
            await never_wrong()
