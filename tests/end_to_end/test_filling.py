"""A long chat is read back: in quiet moments, as far as was asked, yielding, and going on where it stopped."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from app.domain.errors import BadInput
from app.domain.filling import FillState
from app.domain.ids import ChatId
from app.domain.message import ChatWindow, Direction
from app.mirror.planning import Plan, Verdict
from app.mirror.run import Run
from app.services.filling import Filling, Manners
from app.services.mirroring import ReadingStopped
from app.store import chats, messages
from tests.end_to_end.bench import Bench
from tests.fakes.phone import FakeChat

LONG = 700


async def nothing() -> None:
    """Have nothing to do meanwhile."""


FREE = Manners(lambda: False, nothing)


def stops_after(windows: int) -> Manners:
    """Return manners that give way after so many windows."""
    left = [windows]

    def must_stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    return Manners(must_stop, nothing)


@pytest.fixture
def filling(bench: Bench) -> Filling:
    return Filling(bench.store, bench.clock, bench.mirroring, "Eva")


@pytest.fixture
def long_chat(bench: Bench) -> FakeChat:
    """A chat of many days, with bursts of equal texts here and there."""
    chat = bench.phone.add_chat("Otto", "31611111111")
    for number in range(LONG):
        text = "ok" if number % 50 < 3 else f"bericht {number} " + "x" * (number * 7 % 90)
        side = Direction.OUT if number % 3 == 0 else Direction.IN
        chat.content.append(side, text, after_s=60 * (number % 40))
    return chat


async def mirrored(bench: Bench, chat: ChatId) -> list[tuple[Direction, str]]:
    async with bench.store.read() as connection:
        window = await messages.load_window(connection, chat, 5000)
    return [(e.direction, e.content.text) for e in window.entries if not e.gone]


async def first_read(bench: Bench, chat: FakeChat) -> ChatId:
    """Read a chat for the first time, long after its last message."""
    bench.clock.advance((chat.content.now + timedelta(hours=1) - bench.clock.now()).total_seconds())
    chat_id = await bench.chat(chat.title, chat.number)
    read = await bench.mirroring.read_chat(bench.thread, bench.account, chat_id, lambda: False)
    assert read.plan.verdict is Verdict.PLACED
    return chat_id


def on_phone(chat: FakeChat) -> list[tuple[Direction, str]]:
    return [(one.direction, one.text) for one in chat.content.sent]


async def test_the_first_read_is_short_and_says_that_more_is_missing(bench: Bench, long_chat: FakeChat) -> None:
    chat = await first_read(bench, long_chat)
    have = await mirrored(bench, chat)
    assert 0 < len(have) < LONG // 3
    assert have == on_phone(long_chat)[-len(have) :]
    assert (await bench.mirroring.get_chat(chat)).has_gap


async def test_a_gap_is_filled_to_the_first_message(bench: Bench, long_chat: FakeChat, filling: Filling) -> None:
    chat = await first_read(bench, long_chat)
    filled = await filling.fill_gap(bench.thread, bench.account, chat, FREE)
    assert filled.is_whole
    assert await mirrored(bench, chat) == on_phone(long_chat)
    found = await bench.mirroring.get_chat(chat)
    assert found.complete
    assert not found.has_gap


async def test_what_was_read_is_kept_when_it_gives_way_and_is_passed_in_large_steps_later(
    bench: Bench, long_chat: FakeChat, filling: Filling
) -> None:
    chat = await first_read(bench, long_chat)
    goes, before = 0, 0
    while (await bench.mirroring.get_chat(chat)).has_gap:
        try:
            await filling.fill_gap(bench.thread, bench.account, chat, stops_after(25))
        except ReadingStopped:
            have = await mirrored(bench, chat)
            assert have == on_phone(long_chat)[-len(have) :]
            assert len(have) > before
            before = len(have)
        goes += 1
        assert goes < 40
    assert goes > 2
    assert await mirrored(bench, chat) == on_phone(long_chat)
    assert bench.phone.calls.count("skip_chat_up") > 2


async def test_what_is_missing_far_above_does_not_make_the_list_news(
    bench: Bench, long_chat: FakeChat, filling: Filling
) -> None:
    long_chat.content.append(Direction.IN, "tot dan")
    chat = await first_read(bench, long_chat)
    assert await bench.mirroring.take_list(bench.account, bench.phone.read_chat_list()) == []
    with pytest.raises(ReadingStopped):
        await filling.fill_gap(bench.thread, bench.account, chat, stops_after(25))
    assert await bench.mirroring.take_list(bench.account, bench.phone.read_chat_list()) == []
    bench.phone.owner_types(long_chat, "nog iets")
    (behind,) = await bench.mirroring.take_list(bench.account, bench.phone.read_chat_list())
    assert behind[0] == chat


async def test_a_chat_whose_end_has_no_place_stays_news_though_its_row_says_what_is_known(
    bench: Bench, long_chat: FakeChat
) -> None:
    long_chat.content.append(Direction.IN, "tot dan")
    chat = await first_read(bench, long_chat)
    assert await bench.mirroring.take_list(bench.account, bench.phone.read_chat_list()) == []

    def find_no_place(window: ChatWindow, run: Run, *, is_last: bool) -> Plan:
        return Plan(Verdict.NOT_PLACED, has_gap=True)

    nothing_seen = Run((), starts_chat=False, ends_chat=True)
    await bench.mirroring.place(chat, nothing_seen, UTC, find_no_place, is_last=True)
    async with bench.store.write() as unit:
        await chats.change_chat(unit, chat, list_mark="")
    (behind,) = await bench.mirroring.take_list(bench.account, bench.phone.read_chat_list())
    assert behind[0] == chat


async def test_a_wish_ends_at_its_day(bench: Bench, long_chat: FakeChat, filling: Filling) -> None:
    chat = await first_read(bench, long_chat)
    days = sorted({one.at.date() for one in long_chat.content.sent})
    since = days[len(days) // 2]
    request = await filling.ask(chat, since)
    assert await filling.fulfil(bench.thread, bench.account, request, FREE) is FillState.DONE
    ended = await filling.get(request.id)
    assert ended.reached is not None
    assert ended.reached <= since
    assert ended.added > 0
    have = await mirrored(bench, chat)
    wanted = [(m.direction, m.text) for m in long_chat.content.sent if m.at.date() >= since]
    assert len(wanted) <= len(have) < LONG
    assert have == on_phone(long_chat)[-len(have) :]


async def test_a_wish_for_more_than_there_is_ends_at_the_first_message(
    bench: Bench, long_chat: FakeChat, filling: Filling
) -> None:
    chat = await first_read(bench, long_chat)
    request = await filling.ask(chat, date(2001, 1, 1))
    assert await filling.fulfil(bench.thread, bench.account, request, FREE) is FillState.DONE
    assert await mirrored(bench, chat) == on_phone(long_chat)


async def test_a_wish_that_gave_way_waits_and_counts_on(bench: Bench, long_chat: FakeChat, filling: Filling) -> None:
    chat = await first_read(bench, long_chat)
    request = await filling.ask(chat, None)
    with pytest.raises(ReadingStopped):
        await filling.fulfil(bench.thread, bench.account, request, stops_after(20))
    waiting = await filling.next_request(bench.account.id)
    assert waiting is not None
    assert waiting.state is FillState.WAITING
    assert waiting.added > 0
    assert await filling.fulfil(bench.thread, bench.account, waiting, FREE) is FillState.DONE
    assert (await filling.get(request.id)).windows > waiting.windows
    assert await filling.next_request(bench.account.id) is None


async def test_a_wish_taken_back_stops_the_reading(bench: Bench, long_chat: FakeChat, filling: Filling) -> None:
    chat = await first_read(bench, long_chat)
    request = await filling.ask(chat, None)

    async def regret() -> None:
        if (await filling.get(request.id)).state is FillState.RUNNING:
            await filling.cancel(request.id)

    with pytest.raises(ReadingStopped):
        await filling.fulfil(bench.thread, bench.account, request, Manners(lambda: False, regret))
    ended = await filling.get(request.id)
    assert ended.state is FillState.CANCELLED
    assert ended.ended_at is not None
    with pytest.raises(BadInput):
        await filling.cancel(request.id)
    have = await mirrored(bench, chat)
    assert have == on_phone(long_chat)[-len(have) :]


async def test_a_chat_is_wanted_once(bench: Bench, long_chat: FakeChat, filling: Filling) -> None:
    chat = await first_read(bench, long_chat)
    await filling.ask(chat, None)
    with pytest.raises(BadInput):
        await filling.ask(chat, date(2026, 1, 1))


@pytest.mark.parametrize("when", [3, 9, 30])
async def test_messages_that_come_while_it_is_read_are_neither_lost_nor_doubled(
    bench: Bench, long_chat: FakeChat, filling: Filling, when: int
) -> None:
    chat = await first_read(bench, long_chat)
    left = [when]

    async def customer() -> None:
        left[0] -= 1
        if left[0] == 0:
            bench.phone.customer_writes(long_chat, "nog iets")

    for _ in range(6):
        await filling.fill_gap(bench.thread, bench.account, chat, Manners(lambda: False, customer))
        await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
        if not (await bench.mirroring.get_chat(chat)).has_gap:
            break
    assert await mirrored(bench, chat) == on_phone(long_chat)


async def test_a_wish_for_a_lively_chat_gets_further_with_every_go(
    bench: Bench, long_chat: FakeChat, filling: Filling
) -> None:
    chat = await first_read(bench, long_chat)
    request = await filling.ask(chat, None)

    async def take_long() -> None:
        bench.clock.advance(0.8)

    before = len(await mirrored(bench, chat))
    for _ in range(LONG):
        async with bench.store.write() as unit:
            await chats.change_chat(unit, chat, last_at=bench.clock.now())
        try:
            await filling.fulfil(bench.thread, bench.account, request, Manners(lambda: False, take_long))
        except ReadingStopped:
            have = len(await mirrored(bench, chat))
            assert have > before
            before = have
        else:
            break
    assert await mirrored(bench, chat) == on_phone(long_chat)


async def test_a_lively_chat_is_not_gone_through_far_by_itself(
    bench: Bench, long_chat: FakeChat, filling: Filling
) -> None:
    chat = await first_read(bench, long_chat)
    with pytest.raises(ReadingStopped):
        await filling.fill_gap(bench.thread, bench.account, chat, stops_after(60))
    async with bench.store.write() as unit:
        await chats.change_chat(unit, chat, last_at=bench.clock.now())
    bench.phone.calls.clear()
    with pytest.raises(ReadingStopped):
        await filling.fill_gap(bench.thread, bench.account, chat, FREE)
    assert bench.phone.calls == []
