"""A reply reaches the customer at most once, never another one, and its fate is always known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.errors import PhoneLost, ScreenNotRecognised, SendRefused
from app.domain.ids import ChatId
from app.domain.message import Tick
from app.domain.observation import ScreenKind
from app.domain.reply import ON_THE_PHONE, Reason, Reply, ReplyState
from app.services.sending import CONFIRM_S, LeaseLost
from app.store import messages
from tests.end_to_end.bench import Bench, lose
from tests.fakes.phone import FakeChat

BODY = "We are open until 18:00."
S = ReplyState


pytestmark = pytest.mark.parametrize("bench", [False, True], indirect=True, ids=["silent", "pushing"])
"""On a phone that does not say who has the focus, and on one that does: there the text comes along with the link."""


async def test_a_reply_is_sent_once_and_mirrored_from_the_phone(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.SENT
    assert bench.phone.sent == [BODY]
    assert await bench.texts(chat) == ["until when are you open?", BODY]
    assert (await bench.reply(reply.id)).echo is not None


async def test_what_a_rule_forbids_once_the_chat_is_read_does_not_stay_in_its_entry(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    def types_by_hand() -> None:
        bench.phone.owner_types(otto, "typed by hand")

    await bench.deliver(await bench.queue(chat, BODY))
    bench.phone.leave_chat()
    reply = await bench.queue(chat, "and another")
    bench.phone.before["open_chat"] = [types_by_hand]
    await bench.set_policy(unanswered=2)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.UNANSWERED
    assert otto.entry == ""
    assert bench.phone.sent == [BODY]


async def test_a_phone_lost_right_after_the_link_leaves_a_text_that_is_known(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    await bench.deliver(await bench.queue(chat, "first"))
    bench.phone.leave_chat()
    bench.phone.after["open_chat"] = [lose(bench)]
    reply = await bench.queue(chat, BODY)
    with pytest.raises(PhoneLost):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.QUEUED
    bench.phone.is_plugged = True
    bench.phone.leave_chat()
    again = await bench.claim()
    assert await bench.deliver(again) is S.SENT
    assert bench.phone.sent == ["first", BODY]


async def test_equal_replies_one_after_the_other_are_both_sent_once(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    for _ in range(3):
        assert await bench.deliver(await bench.queue(chat, "Ok")) is S.SENT
    assert bench.phone.sent == ["Ok"] * 3


async def test_ticks_move_a_reply_on_and_never_back(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    reply = await bench.queue(chat, BODY)
    await bench.deliver(reply)

    for tick, state in ((Tick.DELIVERED, S.DELIVERED), (Tick.READ, S.READ), (Tick.DELIVERED, S.READ)):
        otto.last.tick = tick
        await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
        assert (await bench.reply(reply.id)).state is state


async def test_a_reply_is_followed_until_it_was_read(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    await bench.deliver(await bench.queue(chat, BODY))
    for tick, is_open in ((Tick.SENT, True), (Tick.DELIVERED, True), (Tick.READ, False)):
        otto.last.tick = tick
        await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
        assert await bench.sending.is_unread(chat) is is_open
        assert await bench.sending.chats_with_unread(bench.account) == ([chat] if is_open else [])


@pytest.mark.parametrize("step", ["open_chat", "type_reply"])
async def test_a_phone_lost_before_the_tap_leaves_the_reply_queued(
    bench: Bench, otto: FakeChat, chat: ChatId, step: str
) -> None:
    reply = await bench.queue(chat, BODY)
    bench.phone.before[step] = [lose(bench)]
    with pytest.raises(PhoneLost):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.QUEUED
    bench.phone.is_plugged = True
    assert await bench.deliver(await bench.claim()) is S.SENT
    assert bench.phone.sent == [BODY]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_phone_lost_around_the_tap_leaves_it_unknown_and_a_look_settles_it(
    bench: Bench, otto: FakeChat, chat: ChatId, moment: str
) -> None:
    reply = await bench.queue(chat, BODY)
    getattr(bench.phone, moment)["tap_send"] = [lose(bench)]
    with pytest.raises(PhoneLost):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.UNKNOWN
    bench.phone.is_plugged = True
    state = await bench.sending.settle_by_looking(bench.thread, bench.account, await bench.reply(reply.id))
    was_sent = moment == "after"
    assert state is (S.SENT if was_sent else S.FAILED)
    assert bench.phone.sent == [BODY] * was_sent
    assert otto.entry == ""


@pytest.mark.parametrize(
    ("states", "ends"),
    [
        ((), S.QUEUED),
        ((S.TYPING,), S.QUEUED),
        ((S.TYPING, S.SUBMITTED), S.UNKNOWN),
        ((S.TYPING, S.SUBMITTED, S.SENT), S.SENT),
        ((S.TYPING, S.SUBMITTED, S.UNKNOWN), S.UNKNOWN),
        ((S.FAILED,), S.FAILED),
    ],
)
async def test_after_a_crash_in_any_state_a_reply_is_known_and_sent_at_most_once(
    bench: Bench, otto: FakeChat, chat: ChatId, states: tuple[ReplyState, ...], ends: ReplyState
) -> None:
    reply = await bench.queue(chat, BODY)
    await bench.bring(reply, *states)
    if states:
        otto.entry = "" if S.SENT in states or S.FAILED in states else BODY
    unknown = await bench.sending.recover(bench.account)
    assert (await bench.reply(reply.id)).state is ends
    assert [one.id for one in unknown] == ([reply.id] if ends is S.UNKNOWN else [])
    for one in unknown:
        await bench.sending.settle_by_looking(bench.thread, bench.account, one)
    if ends is S.QUEUED:
        await bench.deliver(await bench.claim())
    assert len(bench.phone.sent) == (ends is S.QUEUED)
    assert (await bench.reply(reply.id)).state is not S.UNKNOWN


async def test_a_crash_right_after_the_tap_is_settled_by_the_bubble(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    reply = await bench.queue(chat, BODY)
    await bench.bring(reply, S.TYPING, S.SUBMITTED)
    bench.phone.owner_types(otto, BODY)
    (unknown,) = await bench.sending.recover(bench.account)
    assert await bench.sending.settle_by_looking(bench.thread, bench.account, unknown) is S.SENT
    assert bench.phone.sent == []


async def test_an_unknown_reply_without_a_trace_stays_unknown_for_a_person(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    reply = await bench.queue(chat, BODY)
    await bench.bring(reply, S.TYPING, S.SUBMITTED)
    (unknown,) = await bench.sending.recover(bench.account)
    assert await bench.sending.settle_by_looking(bench.thread, bench.account, unknown) is S.UNKNOWN
    assert await bench.replying.settle_reply(reply.id, was_sent=False)
    assert (await bench.reply(reply.id)).reason is Reason.SETTLED_BY_PERSON
    assert bench.phone.sent == []


async def test_nothing_is_typed_when_another_chat_is_in_front(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    other = bench.phone.add_chat("Somebody else", "31600000002")

    def tapped_by_hand() -> None:
        bench.phone.opened = other

    bench.phone.after["open_chat"] = [tapped_by_hand]
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.WRONG_CHAT
    assert (bench.phone.typed, bench.phone.sent, other.entry) == ([], [], "")


async def test_nothing_is_tapped_when_another_chat_comes_in_front_after_typing(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    other = bench.phone.add_chat("Somebody else", "31600000002")

    def tapped_by_hand() -> None:
        bench.phone.opened = other

    bench.phone.before["tap_send"] = [tapped_by_hand]
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.FAILED
    assert bench.phone.sent == []
    assert (await bench.reply(reply.id)).reason is Reason.WRONG_CHAT


async def test_a_text_of_our_own_left_in_the_box_is_overwritten(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    left = await bench.queue(chat, "left by a run that died")
    await bench.bring(left, S.TYPING, S.QUEUED)
    assert await bench.replying.cancel_reply(left.id)
    otto.entry = left.body
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) in ON_THE_PHONE
    assert bench.phone.sent == [BODY]


async def test_the_words_of_a_reply_that_no_run_ever_had_are_a_persons(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    left = await bench.replying.queue_reply(chat, "taken back at once")
    assert await bench.replying.cancel_reply(left.id)
    otto.entry = left.body
    assert await bench.deliver(await bench.queue(chat, BODY)) is S.QUEUED
    assert otto.entry == left.body


async def test_a_text_that_a_dead_run_left_and_a_person_sent_is_not_sent_again(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    reply = await bench.queue(chat, BODY)
    bench.phone.after["type_reply"] = [lose(bench)]
    with pytest.raises(PhoneLost):
        await bench.deliver(reply)
    bench.phone.is_plugged = True
    assert otto.entry == BODY
    otto.entry = ""
    bench.phone.owner_types(otto, BODY)
    assert await bench.deliver(await bench.claim()) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.SENT_BY_HAND
    assert bench.phone.sent == []


async def test_what_a_person_types_while_the_chat_is_read_is_not_taken_out(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    def begins() -> None:
        otto.entry = "somebody begins"

    await bench.deliver(await bench.queue(chat, "first"))
    bench.phone.leave_chat()
    bench.phone.before["type_reply"] = [begins]
    assert await bench.deliver(await bench.queue(chat, BODY)) is S.QUEUED
    assert otto.entry == "somebody begins"
    assert bench.phone.sent == ["first"]


async def test_a_tap_that_did_nothing_is_repeated_exactly_once(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    bench.phone.dead_taps = 1
    assert await bench.deliver(await bench.queue(chat, BODY)) is S.SENT
    assert bench.phone.calls.count("tap_send") == 2
    assert bench.phone.sent == [BODY]


async def test_two_dead_taps_are_a_certain_failure_and_the_entry_is_emptied(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    bench.phone.dead_taps = 99
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.FAILED
    assert bench.phone.calls.count("tap_send") == 2
    assert (bench.phone.sent, otto.entry) == ([], "")
    assert bench.clock.monotonic() >= CONFIRM_S


async def test_a_bubble_that_never_shows_is_unknown_and_not_sent_again(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    def swallowed() -> None:
        otto.entry = ""

    bench.phone.before["tap_send"] = [swallowed]
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.UNKNOWN
    assert await bench.try_to_claim() is None
    assert bench.phone.calls.count("tap_send") == 1


async def test_a_process_that_lost_the_phone_does_not_tap(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    reply = await bench.queue(chat, BODY)
    with pytest.raises(LeaseLost):
        await bench.deliver(reply, may_tap=False)
    assert bench.phone.sent == []
    assert (await bench.reply(reply.id)).state is S.QUEUED


@pytest.mark.parametrize("step", ["open_chat", "type_reply"])
async def test_a_reply_that_another_process_took_back_is_not_tapped(
    bench: Bench, otto: FakeChat, chat: ChatId, step: str
) -> None:
    reply = await bench.queue(chat, BODY)
    taken: list[Reply] = []
    original = bench.thread.call

    async def call(run: Callable[..., object], deadline_s: float) -> object:
        count = bench.phone.calls.count(step)
        result = await original(run, deadline_s)
        if bench.phone.calls.count(step) > count and not taken:
            taken.append(reply)
            await bench.sending.recover(bench.account)
        return result

    bench.thread.call = call  # type: ignore[method-assign, assignment]
    with pytest.raises(LeaseLost):
        await bench.deliver(reply)
    assert bench.phone.sent == []
    assert (await bench.reply(reply.id)).state is S.QUEUED


@pytest.mark.parametrize("step", ["open_chat", "type_reply"])
async def test_a_process_that_wakes_leaves_a_reply_alone_that_another_took_since(
    bench: Bench, otto: FakeChat, chat: ChatId, step: str
) -> None:
    reply = await bench.queue(chat, BODY)
    taken: list[Reply | None] = []
    original = bench.thread.call

    async def call(run: Callable[..., object], deadline_s: float) -> object:
        count = bench.phone.calls.count(step)
        result = await original(run, deadline_s)
        if bench.phone.calls.count(step) > count and not taken:
            await bench.sending.recover(bench.account)
            taken.append(await bench.try_to_claim())
        return result

    bench.thread.call = call  # type: ignore[method-assign, assignment]
    with pytest.raises(LeaseLost):
        await bench.deliver(reply, may_tap=False)
    assert bench.phone.sent == []
    assert taken[0] is not None
    found = await bench.reply(reply.id)
    assert (found.state, found.attempts) == (S.CLAIMED, 2)


@pytest.mark.parametrize("kind", [ScreenKind.DIALOG, ScreenKind.LOCKED, ScreenKind.UPDATE_REQUIRED, ScreenKind.UNKNOWN])
async def test_a_screen_in_the_way_is_left_alone_and_the_reply_waits(
    bench: Bench, otto: FakeChat, chat: ChatId, kind: ScreenKind
) -> None:
    bench.phone.show(kind)
    reply = await bench.queue(chat, BODY)
    with pytest.raises(ScreenNotRecognised):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.QUEUED
    assert bench.phone.sent == bench.phone.typed == []


async def test_a_read_only_chat_refuses_for_certain(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    otto.read_only = "This account is restricted."
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.READ_ONLY


async def test_a_number_without_the_app_fails_for_certain(bench: Bench) -> None:
    chat = await bench.chat("+31 6 9999", "3169999")
    reply = await bench.queue(chat, BODY)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.NOT_ON_APP


async def test_a_message_that_comes_while_typing_is_mirrored_in_front_of_the_reply(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    def customer() -> None:
        bench.phone.customer_writes(otto, "hello?")

    bench.phone.after["type_reply"] = [customer]
    assert await bench.deliver(await bench.queue(chat, BODY)) is S.SENT
    assert await bench.texts(chat) == ["until when are you open?", "hello?", BODY]


async def test_an_old_reply_in_doubt_does_not_steal_a_new_replys_bubble(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    old = await bench.queue(chat, "Ok")
    await bench.bring(old, S.TYPING, S.SUBMITTED, S.UNKNOWN)
    fresh = await bench.queue(chat, "Ok")
    assert await bench.deliver(fresh) is S.SENT
    assert (await bench.reply(old.id)).state is S.UNKNOWN


async def test_a_hand_that_scrolls_right_after_the_tap_changes_no_history(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    """The first look after the tap shows a window further up: it is not taken for the chat's end."""
    for number in range(40):
        bench.phone.customer_writes(otto, f"question {number % 3}")
    reply = await bench.queue(chat, BODY)

    def scroll() -> None:
        for _ in range(3):
            otto.content.scroll_up(0)

    bench.phone.before["read_chat"] = [scroll]
    assert await bench.deliver(reply) is S.SENT
    texts = await bench.texts(chat)
    assert texts == ["until when are you open?", *[f"question {n % 3}" for n in range(40)], BODY]
    async with bench.store.read() as connection:
        rows = await messages.list_messages(connection, chat, 1000)
    assert not [row for row in rows if row.entry.gone]


@pytest.mark.parametrize(("hiccups", "state"), [(1, S.SENT), (2, S.SENT), (3, S.FAILED)])
async def test_a_text_that_the_phone_refused_is_tried_again_a_few_times(
    bench: Bench, otto: FakeChat, chat: ChatId, hiccups: int, state: ReplyState
) -> None:
    def refuse() -> None:
        raise SendRefused(Reason.TEXT_NOT_ACCEPTED)

    bench.phone.before["type_reply"] = [refuse] * hiccups
    reply = await bench.queue(chat, BODY)
    await bench.deliver(reply)
    for _ in range(4):
        bench.clock.advance(10)
        again = await bench.try_to_claim()
        if again is not None:
            await bench.deliver(again)
    assert (await bench.reply(reply.id)).state is state
    assert bench.phone.sent == ([BODY] if state is S.SENT else [])


async def test_of_two_chats_of_one_name_only_the_one_with_its_number_is_answered(bench: Bench) -> None:
    first, second = (bench.phone.add_chat("Anna", f"3160000009{n}") for n in range(2))
    bench.phone.customer_writes(first, "first question")
    bench.phone.customer_writes(second, "second question")
    mine = await bench.chat("Anna", first.number)
    other = await bench.chat("Anna", second.number)
    for chat in (mine, other):
        await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    assert await bench.deliver(await bench.queue(mine, BODY)) is S.SENT
    assert [one.text for one in first.content.sent[-1:]] == [BODY]
    assert await bench.texts(mine) == ["first question", BODY]
    assert await bench.texts(other) == ["second question"]


async def test_a_chat_that_says_something_else_than_it_did_is_not_the_one_of_that_name(bench: Bench) -> None:
    anna = bench.phone.add_chat("Anna", "31600000090")
    for number in range(30):
        bench.phone.customer_writes(anna, f"question {number}")
    mine = await bench.chat("Anna", anna.number)
    await bench.chat("Anna", "31600000091")
    await bench.mirroring.read_chat(bench.thread, bench.account, mine, lambda: False)
    known = await bench.texts(mine)
    stranger = bench.phone.add_chat("Anna", "31600000092")
    for number in range(30):
        bench.phone.customer_writes(stranger, f"something else {number}")
    # The link leads to the other one: the header reads the same.
    anna.number, stranger.number = stranger.number, anna.number
    reply = await bench.queue(mine, BODY)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.CHAT_AMBIGUOUS
    assert bench.phone.sent == []
    assert await bench.texts(mine) == known


async def test_an_old_tree_while_a_chat_is_read_upwards_takes_nothing_away(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    for number in range(60):
        bench.phone.customer_writes(otto, f"question {number}")
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    known = await bench.texts(chat)
    otto.content.sent[-2].gone = True
    bench.phone.customer_writes(otto, "and one more")
    bench.phone.stale_drags = 50
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    assert (await bench.texts(chat))[:55] == known[:55]
    bench.phone.stale_drags = 0
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    assert await bench.texts(chat) == [*known[:-2], known[-1], "and one more"]


async def test_a_text_that_a_dead_run_left_untapped_does_not_hold_the_next_reply_up(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    bench.phone.before["tap_send"] = [lose(bench)]
    first = await bench.queue(chat, BODY)
    with pytest.raises(PhoneLost):
        await bench.deliver(first)
    assert (await bench.reply(first.id)).state is S.UNKNOWN
    assert otto.entry == BODY
    bench.phone.is_plugged = True
    assert await bench.deliver(await bench.queue(chat, "The next.")) is S.SENT
    assert bench.phone.sent == ["The next."]
    settled = await bench.reply(first.id)
    assert (settled.state, settled.reason) == (S.FAILED, Reason.PROGRAM_STOPPED)


async def test_a_text_that_a_dead_run_tapped_is_sent_once_whatever_comes_next(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    bench.phone.after["tap_send"] = [lose(bench)]
    first = await bench.queue(chat, BODY)
    with pytest.raises(PhoneLost):
        await bench.deliver(first)
    bench.phone.is_plugged = True
    assert await bench.deliver(await bench.queue(chat, "The next.")) is S.SENT
    assert bench.phone.sent == [BODY, "The next."]
    assert (await bench.reply(first.id)).state in ON_THE_PHONE


async def test_a_person_who_types_what_was_sent_in_doubt_is_waited_for(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    """The bubble shows that it went out: what stands in the entry is somebody's own."""
    reply = await bench.queue(chat, BODY)
    await bench.bring(reply, S.TYPING, S.SUBMITTED, S.UNKNOWN)
    bench.phone.owner_types(otto, BODY)
    bench.phone.leave_chat()
    otto.entry = BODY
    following = await bench.queue(chat, "The next.")
    assert await bench.deliver(following) is S.QUEUED
    assert (await bench.reply(reply.id)).state in ON_THE_PHONE
    assert otto.entry == BODY
    assert bench.phone.sent == []
