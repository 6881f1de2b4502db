"""A text that a person left in a chat's entry on the phone: waited for, put aside for a reply, and put back."""

from __future__ import annotations

import contextlib

import pytest

from app.domain.errors import PhoneLost
from app.domain.ids import ChatId
from app.domain.reply import Reason, Reply, ReplyState
from tests.end_to_end.bench import Bench, lose
from tests.fakes.phone import FakeChat

pytestmark = pytest.mark.parametrize("bench", [False, True], indirect=True, ids=["silent", "pushing"])
"""On a phone that does not say who has the focus, and on one that does."""
BODY = "We are open until 18:00."
DRAFT = "half a sentence of the owner"
S = ReplyState


async def test_a_draft_that_somebody_goes_on_with_is_waited_for_and_never_touched(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    otto.entry = "a draft of the owner"
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.QUEUED
    waiting = await bench.reply(reply.id)
    assert waiting.not_before is not None
    assert waiting.not_before > bench.clock.now()
    for _ in range(10):
        bench.clock.advance(61)
        otto.entry += "!"
        again = await bench.try_to_claim()
        if again is None:
            break
        await bench.deliver(again)
    ended = await bench.reply(reply.id)
    assert (ended.state, ended.reason) == (S.FAILED, Reason.SOMEONE_ELSE_TYPING)
    assert otto.entry.startswith("a draft of the owner!")
    assert bench.phone.sent == []


async def after_a_minute(bench: Bench, chat: ChatId) -> Reply:
    """Return a reply that has waited for a draft for a minute, claimed again."""
    assert await bench.deliver(await bench.queue(chat, BODY)) is S.QUEUED
    bench.clock.advance(61)
    return await bench.claim()


async def test_a_draft_that_nobody_goes_on_with_gives_way_and_is_put_back(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    otto.entry = DRAFT
    reply = await after_a_minute(bench, chat)
    assert await bench.deliver(reply) is S.SENT
    assert bench.phone.sent == [BODY]
    assert otto.entry == DRAFT
    assert await bench.sending.drafts_aside(bench.account) == []
    bench.phone.leave_chat()
    # What has stood there so long holds nobody up again.
    assert await bench.deliver(await bench.queue(chat, "next")) is S.SENT
    assert otto.entry == DRAFT


@pytest.mark.parametrize("step", ["type_reply", "tap_send", "read_chat"])
async def test_a_draft_survives_a_phone_that_is_lost_while_it_is_aside(
    bench: Bench, otto: FakeChat, chat: ChatId, step: str
) -> None:
    otto.entry = DRAFT
    reply = await after_a_minute(bench, chat)
    (bench.phone.before if step == "read_chat" else bench.phone.after)[step] = [lose(bench)]
    with contextlib.suppress(PhoneLost):
        await bench.deliver(reply)
    bench.phone.is_plugged = True
    bench.phone.leave_chat()
    assert await bench.sending.drafts_aside(bench.account) == [chat]
    for unknown in await bench.sending.recover(bench.account):
        await bench.sending.settle_by_looking(bench.thread, bench.account, unknown)
    await bench.sending.put_draft_back(bench.thread, chat)
    assert otto.entry == DRAFT
    assert await bench.sending.drafts_aside(bench.account) == []
    assert bench.phone.sent == ([BODY] if step != "type_reply" else [])


async def test_a_draft_is_put_back_where_the_tap_did_nothing(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    otto.entry = DRAFT
    reply = await after_a_minute(bench, chat)
    bench.phone.dead_taps = 2
    assert await bench.deliver(reply) is S.FAILED
    assert otto.entry == DRAFT
    assert bench.phone.sent == []


async def test_a_draft_that_its_writer_sent_meanwhile_is_not_put_back(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    def sends() -> None:
        bench.phone.owner_types(otto, DRAFT)

    otto.entry = DRAFT
    reply = await after_a_minute(bench, chat)
    bench.phone.after["tap_send"] = [sends]
    assert await bench.deliver(reply) is S.SENT
    assert otto.entry == ""
    assert await bench.sending.drafts_aside(bench.account) == []


async def test_a_draft_that_grew_before_it_was_touched_is_where_it_was(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    def grows() -> None:
        otto.entry = f"{DRAFT} and more"

    otto.entry = DRAFT
    reply = await after_a_minute(bench, chat)
    bench.phone.before["type_reply"] = [grows]
    assert await bench.deliver(reply) is S.QUEUED
    assert otto.entry == f"{DRAFT} and more"
    assert await bench.sending.drafts_aside(bench.account) == []


async def test_the_same_words_begun_anew_are_waited_for_anew(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    otto.entry = DRAFT
    assert await bench.deliver(await after_a_minute(bench, chat)) is S.SENT
    otto.entry = ""
    assert await bench.deliver(await bench.queue(chat, "next")) is S.SENT
    otto.entry = DRAFT
    assert await bench.deliver(await bench.queue(chat, "and next")) is S.QUEUED
    assert otto.entry == DRAFT


async def test_cables_that_came_out_do_not_count_as_waiting_for_a_draft(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    reply = await bench.queue(chat, BODY)
    for _ in range(6):
        bench.phone.before["open_chat"] = [lose(bench)]
        with pytest.raises(PhoneLost):
            await bench.deliver(reply)
        bench.phone.is_plugged = True
        reply = await bench.claim()
    otto.entry = DRAFT
    assert await bench.deliver(reply) is S.QUEUED


async def test_a_text_that_somebody_began_meanwhile_keeps_the_entry_and_the_draft_waits(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    def begins() -> None:
        otto.entry = "somebody begins anew"

    otto.entry = DRAFT
    reply = await after_a_minute(bench, chat)
    bench.phone.after["tap_send"] = [begins]
    await bench.deliver(reply)
    assert otto.entry == "somebody begins anew"
    assert await bench.sending.drafts_aside(bench.account) == [chat]
    otto.entry = ""
    await bench.sending.put_draft_back(bench.thread, chat)
    assert otto.entry == DRAFT
