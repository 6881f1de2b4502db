"""A phone that pushes who has the focus: the way to a chat without a look first, and what must stop it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import pytest

from app.domain.errors import ScreenNotRecognised, SendRefused, TakenOver
from app.domain.ids import Serial
from app.domain.observation import ScreenKind
from app.domain.ports import ChatTarget, Prefill
from app.runtime.tasks import spawn, stop
from devices.adb.focus import Focus
from devices.adb.phone import AdbPhone
from devices.adb.rack import AdbLine, PhoneTracker
from devices.whatsapp.driver import WhatsAppPhone
from tests.fakes.shelf import SimulatedShelf, files, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="no adb for this platform")
APP = "com.whatsapp.w4b"
EVA, BO = ChatTarget("Eva", "31611111111"), ChatTarget("Bo", "31622222222")
TEXT = "We zijn open.\nTot 18:00 & later 👍 (50 % korting?)"
DEADLINE_S = 10.0


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    with simulated_shelf(tmp_path_factory.mktemp("shelf"), "--chats", "0") as shelf:
        for target in (EVA, BO):
            shelf.ask("add_chat", number=target.number, name=target.title)
            shelf.ask("customer_writes", chat=target.title, text="hallo")
        yield shelf


@dataclass
class Watched:
    """A driver whose phone's event log is read."""

    shelf: SimulatedShelf
    phone: WhatsAppPhone
    focus: Focus

    async def at_rest(self) -> None:
        """Leave the phone at its list, until it is known that nothing else has the focus."""
        self.shelf.ask("show", screen="none")
        self.shelf.ask("unlock")
        self.shelf.ask("bring", package=APP)
        async with asyncio.timeout(DEADLINE_S):
            while not self.phone.is_undisturbed:
                # The log tells of the next change only: make one.
                if self.focus.held is None:
                    await asyncio.to_thread(self.phone.open_chat, EVA)
                await asyncio.to_thread(self.phone.leave_chat)
                await asyncio.sleep(0.2)
                await asyncio.to_thread(self.phone.look)
        self.shelf.ask("reset_trips")

    async def until(self, is_met: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not is_met():  # noqa: ASYNC110 - what is waited for is another process
                await asyncio.sleep(0.02)

    def trips(self) -> list[str]:
        """Return the kinds of what was asked, as often as it was asked."""
        asked = self.shelf.ask("trips")
        return sorted(kind for kind, n in asked.items() if kind.startswith(("shell:", "http:")) for _ in range(n))

    def entry(self, target: ChatTarget) -> str:
        return str(self.shelf.ask("truth", chat=target.title)["draft"])


@pytest.fixture
async def watched(shelf: SimulatedShelf) -> AsyncIterator[Watched]:
    focus = Focus()
    phone = WhatsAppPhone(AdbPhone(shelf.adb, Serial(shelf.address)), APP, files(), focus=focus)
    line = AdbLine(PhoneTracker(shelf.adb), shelf.address, APP, focus)

    async def listen() -> None:
        async for _ in line.events():
            pass

    await asyncio.to_thread(phone.start)
    task = spawn(listen(), "events")
    await asyncio.sleep(0.3)
    one = Watched(shelf, phone, focus)
    await one.at_rest()
    yield one
    await stop(task)
    await asyncio.to_thread(phone.stop)


async def test_another_chat_costs_one_command_and_one_look(watched: Watched) -> None:
    seen = await asyncio.to_thread(watched.phone.open_chat, BO)
    assert seen.title == "Bo"
    trips = watched.trips()
    assert trips[-1] == "shell:am"
    assert set(trips[:-1]) == {"http:GET /source"}
    assert len(trips) <= 4


async def test_a_text_comes_along_and_is_sent_by_one_tap(watched: Watched) -> None:
    before = [one["text"] for one in watched.shelf.ask("truth", chat="Eva")["messages"]]
    seen = await asyncio.to_thread(watched.phone.open_chat, EVA, Prefill(TEXT, lambda row: True))
    assert seen.entry is not None
    assert seen.entry.text == TEXT
    typed = await asyncio.to_thread(watched.phone.type_reply, EVA, TEXT)
    await asyncio.to_thread(watched.phone.tap_send, EVA, typed)
    assert not any("/keys" in kind or "/value" in kind for kind in watched.trips())
    after = [one["text"] for one in watched.shelf.ask("truth", chat="Eva")["messages"]]
    assert after == [*before, TEXT]


async def test_a_row_that_does_not_say_the_last_message_gets_no_text(watched: Watched) -> None:
    seen = await asyncio.to_thread(watched.phone.open_chat, BO, Prefill(TEXT, lambda row: False))
    assert seen.entry is not None
    assert seen.entry.text == ""


@pytest.mark.parametrize("text", [" spaces around ", "x" * 3001, "\n"])
async def test_a_text_that_a_link_may_change_is_not_given_to_it(watched: Watched, text: str) -> None:
    seen = await asyncio.to_thread(watched.phone.open_chat, BO, Prefill(text, lambda row: True))
    assert seen.entry is not None
    assert seen.entry.text == ""


async def test_a_dialog_that_came_after_the_look_is_not_covered(watched: Watched) -> None:
    watched.shelf.ask("show", screen="dialog", text="Bijwerken?", buttons=["NU", "LATER"])
    await watched.until(lambda: not watched.phone.is_undisturbed)
    with pytest.raises(ScreenNotRecognised):
        await asyncio.to_thread(watched.phone.open_chat, BO)
    assert "shell:am" not in watched.trips()
    assert (await asyncio.to_thread(watched.phone.look)).kind is ScreenKind.DIALOG


async def test_the_phone_itself_stops_it_where_the_log_is_late(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched.focus, "hear", lambda window: None)
    watched.shelf.ask("show", screen="dialog", text="Bijwerken?", buttons=["NU", "LATER"])
    assert watched.phone.is_undisturbed
    with pytest.raises(TakenOver):
        await asyncio.to_thread(watched.phone.open_chat, BO, Prefill(TEXT, lambda row: True))
    assert watched.entry(BO) == ""
    assert (await asyncio.to_thread(watched.phone.look)).kind is ScreenKind.DIALOG


async def test_a_person_in_a_chat_is_not_sent_away(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched.focus, "hear", lambda window: None)
    watched.shelf.ask("open_chat", chat="Eva")
    with pytest.raises(TakenOver):
        await asyncio.to_thread(watched.phone.open_chat, BO)
    assert (await asyncio.to_thread(watched.phone.read_chat, EVA)).title == "Eva"


async def test_who_opens_something_is_heard_at_once(watched: Watched) -> None:
    assert watched.phone.is_undisturbed
    watched.shelf.ask("open_chat", chat="Eva")
    await watched.until(lambda: not watched.phone.is_undisturbed)


async def test_a_log_that_ends_is_no_proof(watched: Watched) -> None:
    watched.focus.hear("")
    assert not watched.phone.is_undisturbed
    seen = await asyncio.to_thread(watched.phone.open_chat, BO)
    assert seen.title == "Bo"
    assert watched.trips().count("http:GET /source") >= 2


async def test_a_phone_that_cannot_say_its_focus_is_asked_the_old_way(watched: Watched) -> None:
    for _ in range(4):
        await watched.at_rest()
        held = watched.focus.held
        assert held is not None
        watched.focus.hear("0badc0de")
        await asyncio.to_thread(watched.phone.look)
        assert (await asyncio.to_thread(watched.phone.open_chat, BO)).title == "Bo"
    watched.shelf.ask("reset_trips")
    await asyncio.to_thread(watched.phone.leave_chat)
    watched.focus.hear("0badc0de")
    await asyncio.to_thread(watched.phone.look)
    await asyncio.to_thread(watched.phone.open_chat, BO)
    assert watched.trips().count("shell:am") == 1


async def test_a_chat_that_was_seen_without_a_draft_gets_the_text_until_somebody_else_opens_one(
    watched: Watched,
) -> None:
    nothing = Prefill(TEXT, lambda row: False)

    async def comes_along() -> bool:
        await watched.at_rest()
        seen = await asyncio.to_thread(watched.phone.open_chat, BO, nothing)
        assert seen.entry is not None
        came = seen.entry.text == TEXT
        await asyncio.to_thread(watched.phone.clear_entry, BO, TEXT)
        await asyncio.to_thread(watched.phone.read_chat, BO)
        await asyncio.to_thread(watched.phone.leave_chat)
        return came

    await comes_along()
    assert await comes_along()
    await watched.at_rest()
    watched.shelf.ask("open_chat", chat="Bo")
    watched.shelf.ask("add_chat", number=BO.number, draft="half a sentence")
    watched.shelf.ask("go_home")
    await watched.until(lambda: not watched.phone.is_undisturbed)
    await watched.at_rest()
    seen = await asyncio.to_thread(watched.phone.open_chat, BO, nothing)
    assert seen.entry is not None
    assert seen.entry.text == "half a sentence"
    watched.shelf.ask("add_chat", number=BO.number, draft="")


async def test_a_text_that_came_into_another_chat_is_taken_back(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(watched.phone.open_chat, EVA)
    await watched.at_rest()
    other = ChatTarget("Somebody", EVA.number)
    with pytest.raises(SendRefused):
        await asyncio.to_thread(watched.phone.open_chat, other, Prefill(TEXT, lambda row: True))
    assert watched.entry(EVA) == ""
