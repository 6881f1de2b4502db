"""What happens on the phone moves the team's own state of a chat, each message once."""

from __future__ import annotations

import pytest

from app.domain.ids import ChatId
from app.domain.reply import ReplyState
from app.services.handling import ChatState, Handled, Handling, Preset
from tests.end_to_end.bench import Bench
from tests.fakes.phone import FakeChat


@pytest.fixture
def hand(bench: Bench) -> Handling:
    return Handling(bench.store, bench.clock, "Eva")


async def read(bench: Bench, chat: ChatId) -> None:
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    bench.phone.leave_chat()


async def notices(bench: Bench) -> None:
    await bench.mirroring.take_notifications(bench.account, bench.phone.read_notifications())


async def kinds(hand: Handling, chat: ChatId) -> list[str]:
    return [event.kind for event in await hand.list_events(chat)]


async def sends(bench: Bench, chat: ChatId, text: str) -> None:
    assert await bench.deliver(await bench.queue(chat, text)) is ReplyState.SENT
    bench.phone.leave_chat()


async def test_what_a_notification_told_and_the_screen_shows_is_one_message(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await notices(bench)
    assert (await hand.get(chat)).state is ChatState.NEW
    await notices(bench)
    await read(bench, chat)
    assert await kinds(hand, chat) == ["open", "inbound"]


async def test_a_reply_answers_and_its_author_owns_the_chat(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await notices(bench)
    await sends(bench, chat, "until six")
    await read(bench, chat)
    found = await hand.get(chat)
    me = await hand.me()
    assert (found.state, found.handling.assignee, found.handling.waiting_since) == (ChatState.WAITING, me.id, None)
    assert await kinds(hand, chat) == ["open", "inbound", "human_out", "assign"]
    (answer,) = [event for event in await hand.list_events(chat) if event.reply is not None]
    assert (answer.actor, answer.at <= bench.clock.now()) == ("Eva", True)


async def test_an_answer_typed_on_the_phone_takes_nobody(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await notices(bench)
    bench.phone.owner_types(otto, "until six, says the boss")
    await read(bench, chat)
    await read(bench, chat)
    found = await hand.get(chat)
    assert (found.state, found.handling.assignee) == (ChatState.WAITING, None)
    assert await kinds(hand, chat) == ["open", "inbound", "phone_out"]


async def test_who_wrote_behind_an_answer_still_waits(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await notices(bench)
    bench.phone.owner_types(otto, "until six")
    bench.phone.customer_writes(otto, "and on sunday?")
    await notices(bench)
    await read(bench, chat)
    found: Handled = await hand.get(chat)
    assert found.state is ChatState.OPEN
    assert found.handling.waiting_since is not None
    assert (await kinds(hand, chat)).count("inbound") == 2
    assert (await kinds(hand, chat)).count("phone_out") == 1


async def test_a_chat_that_is_read_for_the_first_time_is_no_news_where_it_is_old(bench: Bench, hand: Handling) -> None:
    anna = bench.phone.add_chat("Anna", "31600000007")
    for number in range(4):
        bench.phone.customer_writes(anna, f"long ago {number}")
    chat = await bench.chat(anna.title, anna.number)
    bench.phone.pass_time(5 * 24 * 3600)
    bench.clock.advance(5 * 24 * 3600)
    await read(bench, chat)
    assert len(await bench.texts(chat)) == 4
    assert (await hand.get(chat)).state is ChatState.DONE
    assert await kinds(hand, chat) == []
    bench.phone.customer_writes(anna, "and now?")
    await read(bench, chat)
    assert await kinds(hand, chat) == ["open", "inbound"]


async def test_a_snooze_wakes_when_the_customer_writes(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await notices(bench)
    await hand.snooze(chat, Preset.TOMORROW)
    await notices(bench)
    assert (await hand.get(chat)).state is ChatState.SNOOZED
    bench.phone.customer_writes(otto, "are you there?")
    await notices(bench)
    await read(bench, chat)
    assert (await hand.get(chat)).state is ChatState.NEW
    assert (await kinds(hand, chat))[-2:] == ["wake", "inbound"]


async def test_thanks_leave_done_done_and_a_question_does_not(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await read(bench, chat)
    await sends(bench, chat, "until six")
    await hand.done(chat)
    bench.phone.customer_writes(otto, "Dank je wel!")
    await notices(bench)
    await read(bench, chat)
    assert (await hand.get(chat)).state is ChatState.DONE
    bench.phone.customer_writes(otto, "on sunday too?")
    await read(bench, chat)
    assert (await hand.get(chat)).state is ChatState.OPEN
    assert (await kinds(hand, chat))[-2:] == ["reopen", "inbound"]


async def test_a_reply_that_a_person_says_was_sent_answers_once(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await notices(bench)
    reply = await bench.queue(chat, "until six")
    await bench.bring(reply, ReplyState.TYPING, ReplyState.SUBMITTED, ReplyState.UNKNOWN)
    assert (await hand.get(chat)).state is ChatState.NEW
    assert await bench.replying.settle_reply(reply.id, was_sent=True)
    assert (await hand.get(chat)).state is ChatState.WAITING
    bench.phone.owner_types(otto, "until six")
    await read(bench, chat)
    assert await kinds(hand, chat) == ["open", "inbound", "human_out", "assign"]


async def test_a_settled_reply_that_was_not_sent_answers_nobody(
    bench: Bench, otto: FakeChat, chat: ChatId, hand: Handling
) -> None:
    await notices(bench)
    reply = await bench.queue(chat, "until six")
    await bench.bring(reply, ReplyState.TYPING, ReplyState.SUBMITTED, ReplyState.UNKNOWN)
    assert await bench.replying.settle_reply(reply.id, was_sent=False)
    assert (await hand.get(chat)).state is ChatState.NEW
