"""The rules on the way to the phone: refused at once, waited for, asked again before typing, never after the tap."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import BadInput, ReplyRefused
from app.domain.ids import ChatId, ReplyId
from app.domain.policy import Policy, Role, parse_quiet
from app.domain.reply import Reason, Reply, ReplyState
from app.services.browsing import Browsing
from app.services.guarding import Facts
from app.services.pacing import Pacing
from app.services.replying import Replying
from app.services.restraining import Restraining
from app.store import accounts
from app.store.engine import Store
from tests.end_to_end.bench import Bench
from tests.fakes.phone import FakeChat

S = ReplyState
WHY = "the customer asked for it by phone"
PLAIN = {f.name: getattr(Policy(), f.name) for f in fields(Policy)}


@pytest.fixture
async def otto(bench: Bench) -> FakeChat:
    chat = bench.phone.add_chat("Otto", "31600000001")
    bench.phone.customer_writes(chat, "until when are you open?")
    await bench.set_policy(**PLAIN)
    return chat


@pytest.fixture
async def chat(bench: Bench, otto: FakeChat) -> ChatId:
    chat = await bench.chat(otto.title, otto.number)
    await read(bench, chat)
    return chat


@pytest.fixture
async def stranger(bench: Bench, otto: FakeChat) -> ChatId:
    """A chat in which only we have written."""
    one = bench.phone.add_chat("Anna", "31600000002")
    bench.phone.owner_types(one, "Good morning, your parcel is here.")
    return await bench.chat(one.title, one.number)


async def read(bench: Bench, chat: ChatId) -> None:
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)


async def send(bench: Bench, chat: ChatId, body: str) -> ReplyState:
    """Queue a reply, let its time come, and deliver it."""
    queued = await bench.replying.queue_reply(chat, body)
    bench.clock.advance(60)
    claimed = await bench.claim()
    assert claimed.id == queued.id
    return await bench.deliver(claimed)


async def refusal(bench: Bench, chat: ChatId, body: str = "hello?") -> ReplyRefused:
    with pytest.raises(ReplyRefused) as told:
        await bench.replying.queue_reply(chat, body)
    return told.value


def led(bench: Bench, role: Role = Role.LEAD) -> Replying:
    return Replying(bench.store, bench.clock, "Lea", role)


async def waits(bench: Bench) -> dict[ReplyId, tuple[float, Reason]]:
    """Return the seconds from now and the reason of every reply that waits."""
    now = bench.clock.now()
    found = await Browsing(bench.store, bench.clock).list_outbox()
    return {r.id: ((r.wait.until - now).total_seconds(), r.wait.reason) for r in found if r.wait}


# -- who may be written to ----------------------------------------------------------------------------


async def test_who_has_not_written_is_not_written_to_until_a_consent_is_recorded(
    bench: Bench, stranger: ChatId
) -> None:
    await read(bench, stranger)
    told = await refusal(bench, stranger)
    assert (told.reason, told.may_override) == (Reason.FIRST_CONTACT, None)
    for rule in (Reason.FIRST_CONTACT, Reason.PACE, Reason.TOO_LONG, Reason.WRONG_CHAT):
        with pytest.raises(BadInput):
            await led(bench, Role.ADMIN).queue_reply(stranger, "hello?", overrides={rule: WHY})
    restraining = Restraining(bench.store, "Eva")
    made = await restraining.add_consent(stranger, "e-mail", "wants to hear when the parcel can be fetched")
    assert await send(bench, stranger, "You can fetch it now.") is S.SENT
    assert await restraining.withdraw_consent(made.id)
    assert (await refusal(bench, stranger)).reason is Reason.FIRST_CONTACT
    assert await restraining.list_consents() == []


async def test_a_chat_that_was_never_read_is_asked_about_on_the_phone_before_typing(
    bench: Bench, stranger: ChatId
) -> None:
    assert await send(bench, stranger, "hello?") is S.FAILED
    (only,) = await Browsing(bench.store, bench.clock).list_outbox()
    assert only.reason is Reason.FIRST_CONTACT
    assert bench.phone.typed == bench.phone.sent == []


async def test_a_consent_needs_a_source_and_a_note(bench: Bench, stranger: ChatId) -> None:
    for source, note in (("", "yes"), ("e-mail", " "), ("x" * 41, "yes"), ("e-mail", "x" * 2001)):
        with pytest.raises(BadInput):
            await Restraining(bench.store, "Eva").add_consent(stranger, source, note)
    with pytest.raises(BadInput):
        await Restraining(bench.store, "Eva").add_consent(ChatId(99), "e-mail", "yes")


# -- two unanswered -----------------------------------------------------------------------------------


async def test_after_two_unanswered_messages_the_third_takes_a_lead(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    assert await send(bench, chat, "Until 18:00.") is S.SENT
    assert await send(bench, chat, "On Sundays until 17:00.") is S.SENT
    told = await refusal(bench, chat)
    assert (told.reason, told.may_override) == (Reason.UNANSWERED, Role.LEAD)
    for who, why in ((bench.replying, WHY), (led(bench), "  ")):
        with pytest.raises(BadInput):
            await who.queue_reply(chat, "hello?", overrides={Reason.UNANSWERED: why})
    lea = led(bench).knowing(Facts(is_anyway=True))
    queued = await lea.queue_reply(chat, "Your bike is ready.", overrides={Reason.UNANSWERED: WHY})
    (kept,) = queued.overrides
    assert (kept.rule, kept.author, kept.why, kept.at) == (Reason.UNANSWERED, "Lea", WHY, bench.clock.now())
    bench.clock.advance(60)
    assert await bench.deliver(await bench.claim()) is S.SENT
    assert (await bench.reply(queued.id)).overrides == queued.overrides
    bench.phone.customer_writes(otto, "thanks")
    await read(bench, chat)
    assert await send(bench, chat, "You are welcome.") is S.SENT


async def test_replies_on_their_way_count_as_unanswered_and_taken_back_ones_do_not(bench: Bench, chat: ChatId) -> None:
    first = await bench.replying.queue_reply(chat, "one")
    await bench.replying.queue_reply(chat, "two")
    assert (await refusal(bench, chat)).reason is Reason.UNANSWERED
    assert await bench.replying.cancel_reply(first.id)
    await bench.replying.queue_reply(chat, "three")


async def test_a_retried_command_stays_one_reply_and_is_not_refused_for_itself(bench: Bench, chat: ChatId) -> None:
    await bench.set_policy(unanswered=1)
    uid = ReplyId("once")
    first = await bench.replying.queue_reply(chat, "one", reply_id=uid)
    assert (await bench.replying.queue_reply(chat, "one", reply_id=uid)).id == first.id
    assert (await refusal(bench, chat)).reason is Reason.UNANSWERED


async def test_messages_typed_on_the_phone_meanwhile_are_seen_before_typing(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    await bench.replying.queue_reply(chat, "Until 18:00.")
    for text in ("I answer myself", "and once more"):
        bench.phone.owner_types(otto, text)
    bench.clock.advance(60)
    claimed = await bench.claim()
    assert await bench.deliver(claimed) is S.FAILED
    assert (await bench.reply(claimed.id)).reason is Reason.UNANSWERED
    assert bench.phone.typed == bench.phone.sent == []


async def test_after_typing_began_no_rule_stops_a_reply(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    def owner() -> None:
        for text in ("I answer myself", "and once more"):
            bench.phone.owner_types(otto, text)

    bench.phone.before["tap_send"] = [owner]
    assert await send(bench, chat, "Until 18:00.") is S.SENT


async def test_a_text_that_is_too_long_is_refused_by_a_rule(bench: Bench, chat: ChatId) -> None:
    told = await refusal(bench, chat, "x" * 65_537)
    assert (told.reason, told.may_override) == (Reason.TOO_LONG, None)


# -- when ---------------------------------------------------------------------------------------------


async def test_a_reply_can_be_taken_back_for_as_long_as_the_policy_says(bench: Bench, chat: ChatId) -> None:
    await bench.set_policy(undo_s=8)
    now = bench.clock.now()
    for asked, given in ((5, 8), (10, 10), (40, 15), (0, 8)):
        reply = await bench.replying.queue_reply(chat, "ok", undo_s=asked)
        assert reply.not_before == now + timedelta(seconds=given)
        assert await waits(bench) == {reply.id: (given, Reason.UNDO)}
        assert await bench.try_to_claim() is None
        assert await bench.replying.cancel_reply(reply.id)
    assert (await bench.replying.queue_reply(chat, "ok")).not_before is None


async def test_sends_keep_their_gap_and_the_time_of_typing(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    await send(bench, chat, "one")
    tapped = bench.phone.calls.count("tap_send")
    reply = await bench.replying.queue_reply(chat, "x" * 100)
    wait = (await bench.reply(reply.id)).wait
    assert wait is not None
    assert wait.reason is Reason.PACE
    while await bench.try_to_claim() is None:
        bench.clock.advance(0.5)
    assert timedelta() <= bench.clock.now() - wait.until < timedelta(seconds=0.5)
    assert tapped == 1


async def test_the_hourly_ceiling_holds_and_survives_a_restart(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    await bench.set_policy(per_hour=2, unanswered=20)
    for text in ("one", "two"):
        assert await send(bench, chat, text) is S.SENT
    third = await bench.replying.queue_reply(chat, "three")
    bench.clock.advance(60)
    (left, reason) = (await waits(bench))[third.id]
    assert reason is Reason.HOURLY_CEILING
    again = Store(bench.store.place, bench.clock.now)
    pacing = Pacing(again, bench.clock)
    turn = await pacing.claim_next(bench.account.id, "pc", 2)
    assert turn.reply is None
    assert turn.ask_again_at == bench.clock.now() + timedelta(seconds=left)
    bench.clock.advance(left - 1)
    assert (await pacing.claim_next(bench.account.id, "pc", 2)).reply is None
    bench.clock.advance(1)
    claimed = (await pacing.claim_next(bench.account.id, "pc", 2)).reply
    assert claimed is not None
    assert claimed.id == third.id
    await again.close()


async def test_quiet_hours_hold_in_the_phones_zone_and_an_agent_may_set_them_aside(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    await bench.set_policy(quiet=parse_quiet("11:00-14:00"))
    facts = replace(bench.phone.start(), zone="Europe/Amsterdam")
    async with bench.store.write() as unit:
        await accounts.set_facts(unit, bench.account.id, facts)
    waiting = await bench.replying.queue_reply(chat, "one")
    urgent = await bench.replying.queue_reply(chat, "two")
    over = datetime(2026, 8, 18, 12, tzinfo=UTC)
    assert set((await waits(bench)).values()) == {
        ((over - bench.clock.now()).total_seconds(), Reason.QUIET_HOURS),
        ((over - bench.clock.now()).total_seconds() + 5.15, Reason.QUIET_HOURS),
    }
    bench.clock.advance(60)
    assert await bench.try_to_claim() is None
    for reply in (waiting, urgent):
        assert await bench.replying.cancel_reply(reply.id)
    now = await bench.replying.queue_reply(chat, "three", overrides={Reason.QUIET_HOURS: WHY})
    bench.clock.advance(60)
    assert (await bench.claim()).id == now.id


async def test_quiet_hours_that_begin_while_the_chat_is_opened_hold_what_is_not_typed_yet(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    await bench.set_policy(quiet=parse_quiet("11:35-12:00"))
    reply = await bench.replying.queue_reply(chat, "Until 18:00.")
    bench.clock.advance(60)
    claimed = await bench.claim()
    bench.phone.after["open_chat"] = [lambda: bench.clock.advance(90)]
    assert await bench.deliver(claimed) is S.QUEUED
    assert bench.phone.typed == bench.phone.sent == []
    assert (await waits(bench))[reply.id][1] is Reason.QUIET_HOURS
    bench.clock.advance(30 * 60)
    assert await bench.deliver(await bench.claim()) is S.SENT


async def test_a_policy_that_changes_is_followed_by_what_waits(bench: Bench, otto: FakeChat, chat: ChatId) -> None:
    await bench.set_policy(quiet=parse_quiet("00:00-23:59"))
    await bench.replying.queue_reply(chat, "Until 18:00.")
    bench.clock.advance(60)
    assert await bench.try_to_claim() is None
    await bench.set_policy(quiet=None)
    assert await bench.try_to_claim() is not None


async def test_somebody_who_types_on_the_phone_is_said_to_be_waited_for(
    bench: Bench, otto: FakeChat, chat: ChatId
) -> None:
    otto.entry = "a draft of the owner"
    reply = await bench.replying.queue_reply(chat, "Until 18:00.")
    bench.clock.advance(60)
    await bench.deliver(await bench.claim())
    assert (await waits(bench))[reply.id][1] is Reason.SOMEONE_ELSE_TYPING


@pytest.mark.parametrize("values", [{"gap_s": -1}, {"per_hour": 0}, {"undo_s": 60}, {"unanswered": 0}])
async def test_a_policy_out_of_its_limits_is_refused_and_the_old_one_kept(
    bench: Bench, values: dict[str, float]
) -> None:
    before = await Restraining(bench.store, "Eva").find_account("winkel")
    with pytest.raises(BadInput):
        await bench.set_policy(**values)
    assert (await Restraining(bench.store, "Eva").find_account("1")).policy == before.policy


async def test_nobody_is_found_by_a_name_that_is_not_one_phones(bench: Bench) -> None:
    with pytest.raises(BadInput):
        await Restraining(bench.store, "Eva").find_account("Werkplaats")


def test_one_recipient_is_all_that_a_reply_can_have() -> None:
    assert {name: kind for name, kind in Reply.__annotations__.items() if "hat" in kind} == {"chat": "ChatId"}
