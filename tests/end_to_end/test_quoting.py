"""A reply that quotes: its message is found beyond doubt, or nothing is typed; it is sent once, its quote is known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from app.domain.errors import BadInput, PhoneLost
from app.domain.ids import ChatId, MessageId
from app.domain.message import Kind, Quote
from app.domain.reply import Reason, Reply, ReplyState
from app.store import messages
from tests.end_to_end.bench import Bench
from tests.fakes.phone import FakeChat

BODY = "Yes, that one."
S = ReplyState


@pytest.fixture
async def otto(bench: Bench) -> FakeChat:
    return bench.phone.add_chat("Otto", "31600000001")


@pytest.fixture
async def chat(bench: Bench, otto: FakeChat) -> ChatId:
    return await bench.chat(otto.title, otto.number)


async def say(bench: Bench, otto: FakeChat, chat: ChatId, *texts: str) -> list[MessageId]:
    """Let the customer write, read the chat, and return the ids of what was written."""
    for text in texts:
        bench.phone.customer_writes(otto, text)
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    async with bench.store.read() as connection:
        rows = await messages.list_messages(connection, chat, 1000)
    return [row.entry.id for row in rows if row.entry.content.kind is not Kind.SYSTEM]


async def queue(bench: Bench, chat: ChatId, message: MessageId, body: str = BODY) -> Reply:
    await bench.replying.queue_quote(chat, body, message)
    return await bench.claim()


def is_empty(otto: FakeChat) -> bool:
    return otto.entry == "" and otto.quoting is None


async def test_a_reply_is_sent_once_under_the_message_it_quotes(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    reply = await queue(bench, chat, ids[0])
    assert await bench.deliver(reply) is S.SENT
    assert bench.phone.sent == [BODY]
    assert otto.last.quoted == Quote("Otto", "the blue one?")
    kept = await bench.reply(reply.id)
    assert (kept.reason, kept.quote and kept.quote.message) == (None, ids[0])
    assert is_empty(otto)


async def test_our_own_message_can_be_quoted(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    bench.phone.customer_writes(otto, "hello")
    bench.phone.owner_types(otto, "we have two")
    ids = await say(bench, otto, chat, "which?")
    assert await bench.deliver(await queue(bench, chat, ids[1])) is S.SENT
    assert otto.last.quoted == Quote("You", "we have two")


async def test_a_message_windows_further_up_is_found(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    ids = await say(bench, otto, chat, *(f"question {number}" for number in range(60)))
    for at in (25, 40):
        assert await bench.deliver(await queue(bench, chat, ids[at])) is S.SENT
        assert otto.last.quoted == Quote("Otto", f"question {at}")


async def test_a_message_too_far_up_is_refused_and_nothing_is_typed(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    for first in range(0, 300, 50):
        ids = await say(bench, otto, chat, *(f"question {number}" for number in range(first, first + 50)))
    reply = await queue(bench, chat, ids[3])
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.QUOTE_NOT_FOUND
    assert bench.phone.typed == []
    assert is_empty(otto)


async def test_of_two_equal_messages_the_right_one_is_quoted(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    """The bar says the same of both: only that the list stood still tells which one it is."""
    ids = await say(bench, otto, chat, "hello", "ok", "ok", "so?")
    touched: list[object] = []
    bench.phone.after["quote_row"] = [lambda: touched.append(otto.quoting)]
    assert await bench.deliver(await queue(bench, chat, ids[1])) is S.SENT
    assert touched == [otto.content.sent[2]]


async def test_equal_messages_that_could_have_changed_places_are_not_quoted(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    ids = await say(bench, otto, chat, "hello", *["ok"] * 40)
    reply = await queue(bench, chat, ids[-2])
    assert await bench.deliver(reply) in (S.QUEUED, S.FAILED)
    assert bench.phone.typed == []
    assert is_empty(otto)


@pytest.mark.parametrize("fault", ["dead_swipes", "slipped_swipes"])
async def test_another_message_or_none_is_quoted_so_nothing_is_typed(
    bench: Bench, otto: FakeChat, chat: ChatId, fault: str
) -> None:
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    reply = await queue(bench, chat, ids[1])
    setattr(bench.phone, fault, 3)
    for ends in (S.QUEUED, S.QUEUED, S.FAILED):
        assert await bench.deliver(reply) is ends
        assert is_empty(otto)
        bench.clock.advance(10)
        reply = await bench.claim() if ends is S.QUEUED else reply
    assert (await bench.reply(reply.id)).reason is Reason.QUOTE_NOT_TAKEN
    assert bench.phone.typed == []
    assert bench.phone.sent == []


async def test_one_swipe_that_did_nothing_is_made_good_by_the_next_attempt(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    ids = await say(bench, otto, chat, "the blue one?")
    bench.phone.dead_swipes = 1
    assert await bench.deliver(await queue(bench, chat, ids[0])) is S.QUEUED
    bench.clock.advance(10)
    assert await bench.deliver(await bench.claim()) is S.SENT
    assert bench.phone.sent == [BODY]


async def test_a_message_that_moves_the_rows_away_makes_it_look_again(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    ids = await say(bench, otto, chat, *(f"question {number}" for number in range(30)))

    def customer() -> None:
        bench.phone.customer_writes(otto, "hello?")

    bench.phone.before["quote_row"] = [customer, customer]
    assert await bench.deliver(await queue(bench, chat, ids[-2])) is S.SENT
    assert otto.last.quoted == Quote("Otto", "question 28")
    assert (await bench.texts(chat))[-3:] == ["hello?", "hello?", BODY]


@pytest.mark.parametrize("quoted", [None, 0, 1])
async def test_a_persons_quote_waits_like_a_draft(
    bench: Bench, otto: FakeChat, chat: ChatId, quoted: int | None
) -> None:
    """Also one of the very message that the reply quotes: at its first attempt that is nobody's but a person's."""
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    otto.quoting = otto.content.sent[2]
    reply = await (bench.queue(chat, BODY) if quoted is None else queue(bench, chat, ids[quoted]))
    assert await bench.deliver(reply) is S.QUEUED
    assert (await bench.reply(reply.id)).reason is Reason.SOMEONE_ELSE_TYPING
    assert otto.quoting is otto.content.sent[2]
    assert bench.phone.typed == []


async def test_a_bar_that_a_person_closes_or_a_text_that_one_adds_is_never_sent(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    ids = await say(bench, otto, chat, "the blue one?")

    def close() -> None:
        otto.quoting = None

    def add() -> None:
        otto.entry = "wait, I"

    for meddle, entry in ((close, ""), (add, "wait, I")):
        otto.entry, otto.quoting = "", None
        reply = await queue(bench, chat, ids[0])
        bench.phone.before["tap_send"] = [meddle]
        assert await bench.deliver(reply) is S.FAILED
        assert (await bench.reply(reply.id)).reason is Reason.SOMEONE_ELSE_TYPING
        assert (otto.entry, otto.quoting) == (entry, None)
    assert bench.phone.sent == []


async def test_a_text_without_a_quote_never_goes_out_under_one(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    await say(bench, otto, chat, "the blue one?")

    def swipe() -> None:
        otto.quoting = otto.content.sent[1]

    bench.phone.before["tap_send"] = [swipe]
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.SOMEONE_ELSE_TYPING
    assert otto.entry == ""
    assert bench.phone.sent == []


def lose(bench: Bench) -> Callable[[], None]:
    def unplug() -> None:
        bench.phone.is_plugged = False
        raise PhoneLost("unplugged")

    return unplug


@pytest.mark.parametrize("step", ["quote_row", "end_of_chat", "type_reply"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_phone_lost_before_the_tap_leaves_it_queued_and_it_is_sent_once(
    bench: Bench, otto: FakeChat, chat: ChatId, step: str, when: str
) -> None:
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    reply = await queue(bench, chat, ids[0])
    getattr(bench.phone, when)[step] = [lose(bench)]
    if (when, step) == ("after", "end_of_chat"):
        bench.phone.before["type_reply"] = [lose(bench)]
    with pytest.raises(PhoneLost):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.QUEUED
    bench.phone.is_plugged = True
    assert await bench.deliver(await bench.claim()) is S.SENT
    assert bench.phone.sent == [BODY]
    assert otto.last.quoted == Quote("Otto", "the blue one?")


@pytest.mark.parametrize("typed", ["", BODY])
async def test_what_a_dead_run_left_is_removed_also_before_a_plain_reply(
    bench: Bench, otto: FakeChat, chat: ChatId, typed: str
) -> None:
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    dead = await queue(bench, chat, ids[0])
    await bench.bring(dead, S.TYPING)
    otto.quoting, otto.entry = otto.content.sent[1], typed
    assert await bench.sending.recover(bench.account) == []
    assert await bench.replying.cancel_reply(dead.id)
    assert await bench.deliver(await bench.queue(chat, "Something else")) is S.SENT
    assert bench.phone.sent == ["Something else"]
    assert otto.last.quoted is None


@pytest.mark.parametrize("was_tapped", [False, True])
async def test_a_crash_around_the_tap_is_settled_by_looking(
    bench: Bench, otto: FakeChat, chat: ChatId, was_tapped: bool
) -> None:
    ids = await say(bench, otto, chat, "the blue one?")
    reply = await queue(bench, chat, ids[0])
    await bench.bring(reply, S.TYPING, S.SUBMITTED)
    if was_tapped:
        bench.phone.owner_types(otto, BODY, otto.content.sent[1])
    else:
        otto.quoting, otto.entry = otto.content.sent[1], BODY
    (unknown,) = await bench.sending.recover(bench.account)
    state = await bench.sending.settle_by_looking(bench.thread, bench.account, unknown)
    assert state is (S.SENT if was_tapped else S.FAILED)
    assert is_empty(otto)
    assert bench.phone.sent == []


async def test_a_bubble_without_the_quote_is_still_ours_and_says_so(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    ids = await say(bench, otto, chat, "the blue one?")
    bench.phone.drops_quotes = True
    reply = await queue(bench, chat, ids[0])
    assert await bench.deliver(reply) is S.SENT
    assert (await bench.reply(reply.id)).reason is Reason.QUOTE_LOST
    assert bench.phone.sent == [BODY]


async def test_a_tap_that_did_nothing_is_repeated_once_under_the_same_quote(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    ids = await say(bench, otto, chat, "the blue one?")
    bench.phone.dead_taps = 1
    assert await bench.deliver(await queue(bench, chat, ids[0])) is S.SENT
    assert bench.phone.sent == [BODY]
    bench.phone.dead_taps = 2
    assert await bench.deliver(await queue(bench, chat, ids[0], "again")) is S.FAILED
    assert is_empty(otto)


async def test_a_message_edited_meanwhile_is_quoted_as_it_is(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    reply = await queue(bench, chat, ids[0])
    otto.content.sent[1].edit("the green one?")
    assert await bench.deliver(reply) is S.SENT
    assert otto.last.quoted == Quote("Otto", "the green one?")
    kept = await bench.reply(reply.id)
    assert (kept.reason, kept.quote and kept.quote.text) == (None, "the green one?")


@pytest.mark.parametrize("step", ["end_of_chat", "type_reply", "tap"])
async def test_a_run_cancelled_under_the_quote_sends_it_once_later(
    bench: Bench, otto: FakeChat, chat: ChatId, step: str
) -> None:
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    reply = await queue(bench, chat, ids[0])

    def stop() -> None:
        raise asyncio.CancelledError

    where = bench.phone.after if step == "tap" else bench.phone.before
    where["type_reply" if step == "tap" else step] = [stop]
    with pytest.raises(asyncio.CancelledError):
        await bench.deliver(reply)
    assert otto.quoting is not None
    assert await bench.sending.recover(bench.account) == []
    assert await bench.deliver(await bench.claim()) is S.SENT
    assert bench.phone.sent == [BODY]
    assert otto.last.quoted == Quote("Otto", "the blue one?")
    assert is_empty(otto)


async def test_a_message_deleted_meanwhile_is_not_quoted(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    ids = await say(bench, otto, chat, "the blue one?", "or the red one?")
    reply = await queue(bench, chat, ids[0])
    otto.content.sent[1].delete()
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.QUOTE_NOT_FOUND
    assert bench.phone.typed == []


async def test_what_cannot_be_quoted_is_refused_before_it_is_queued(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    bench.phone.customer_writes(otto, "", Kind.PHOTO)
    ids = await say(bench, otto, chat, "the blue one?")
    other = await bench.chat("Anna", "31600000002")
    for where, message in ((chat, ids[0]), (chat, MessageId(10_000)), (other, ids[1])):
        with pytest.raises(BadInput):
            await bench.replying.queue_quote(where, BODY, message)
    assert await bench.try_to_claim() is None
