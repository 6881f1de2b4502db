"""The outbox and the leases: every way a reply may go and no other, claimed once, fenced."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta
from itertools import product

import pytest

from app.domain.attached import ReplyFile
from app.domain.ids import AccountId, ChatId, ReplyId
from app.domain.message import Kind
from app.domain.policy import Policy
from app.domain.reply import ALLOWED, IN_HAND, SETTLED, Reason, Reply, ReplyState
from app.outbox.pacing import Pace, take_turn
from app.store import accounts, chats, replies
from app.store.engine import Store
from tests.store.conftest import Desk

S = ReplyState
WAYS: dict[ReplyState, tuple[ReplyState, ...]] = {
    S.QUEUED: (),
    S.CLAIMED: (S.CLAIMED,),
    S.TYPING: (S.CLAIMED, S.TYPING),
    S.SUBMITTED: (S.CLAIMED, S.TYPING, S.SUBMITTED),
    S.SENT: (S.CLAIMED, S.TYPING, S.SUBMITTED, S.SENT),
    S.DELIVERED: (S.CLAIMED, S.TYPING, S.SUBMITTED, S.SENT, S.DELIVERED),
    S.READ: (S.CLAIMED, S.TYPING, S.SUBMITTED, S.READ),
    S.FAILED: (S.FAILED,),
    S.UNKNOWN: (S.CLAIMED, S.TYPING, S.SUBMITTED, S.UNKNOWN),
    S.CANCELLED: (S.CANCELLED,),
}
PAIRS = list(product(ReplyState, ReplyState))


async def _move(store: Store, uid: ReplyId, source: ReplyState, target: ReplyState, **values: object) -> bool:
    async with store.write() as unit:
        return await replies.move(unit, uid, source, target, **values)


async def _brought_to(desk: Desk, state: ReplyState, uid: str = "r1") -> ReplyId:
    reply, now = await desk.queue(uid), S.QUEUED
    for step in WAYS[state]:
        assert await _move(desk.store, reply, now, step)
        now = step
    return reply


@pytest.mark.parametrize(("source", "target"), [p for p in PAIRS if p[1] in ALLOWED[p[0]]])
async def test_every_allowed_move_works_once(desk: Desk, source: ReplyState, target: ReplyState) -> None:
    reply = await _brought_to(desk, source)
    assert await _move(desk.store, reply, source, target)
    assert (await desk.reply(reply)).state is target
    assert not await _move(desk.store, reply, source, target)
    assert ((await desk.reply(reply)).settled_at is not None) == (target in SETTLED or source in SETTLED)


async def test_every_other_move_is_a_bug_and_changes_nothing(desk: Desk) -> None:
    for number, source in enumerate(ReplyState):
        reply = await _brought_to(desk, source, f"r{number}")
        for target in set(ReplyState) - ALLOWED[source]:
            with pytest.raises(ValueError, match="no way"):
                await _move(desk.store, reply, source, target)
        assert (await desk.reply(reply)).state is source


@pytest.mark.parametrize("state", sorted(ReplyState))
async def test_a_move_from_where_a_reply_is_not_changes_nothing(desk: Desk, state: ReplyState) -> None:
    reply = await _brought_to(desk, state)
    for source, targets in ALLOWED.items():
        if source is state:
            continue
        for target in targets:
            assert not await _move(desk.store, reply, source, target)
    assert (await desk.reply(reply)).state is state


async def test_nothing_that_was_tapped_can_be_queued_again() -> None:
    after_the_tap = {S.SUBMITTED, S.UNKNOWN, S.SENT, S.DELIVERED, S.READ, S.FAILED}
    assert not [state for state in after_the_tap if S.QUEUED in ALLOWED[state]]
    assert all(ALLOWED[state] <= SETTLED | {S.UNKNOWN} for state in after_the_tap)


async def test_a_retried_insert_stays_one_reply(desk: Desk) -> None:
    await desk.queue("same", "first")
    await desk.queue("same", "second")
    async with desk.store.read() as connection:
        (only,) = await replies.list_replies(connection, account_id=desk.account)
    assert only.body == "first"


async def _claim(store: Store, account: AccountId, holder: str, epoch: int = 1) -> Reply | None:
    """Take the first reply whose own time has come, as a driver without any pace would."""
    async with store.write() as unit:
        while True:
            queue, busy = await replies.list_queue(unit.connection, account)
            turn = take_turn(queue, busy, Pace(Policy(gap_s=0, typing_cap_s=0), UTC), unit.now)
            if turn.reply is None:
                return None
            claimed = await replies.claim(unit, turn.reply.id, holder, epoch)
            if claimed is not None:
                return claimed


async def test_a_file_stays_with_its_reply_through_every_way_of_reading_it(desk: Desk) -> None:
    file = ReplyFile("ab" * 32, "offer; 'x'.pdf", Kind.DOCUMENT, "application/pdf", 5_000_000_000)
    kept = Reply(ReplyId("f"), desk.account, desk.chat, "", "Eva", ReplyState.QUEUED, desk.clock.now(), file=file)
    plain = await desk.queue("t")
    async with desk.store.write() as unit:
        assert await replies.add_reply(unit, kept)
        assert not await replies.add_reply(unit, kept)
    assert (await desk.reply(kept.id)).file == file
    assert (await desk.reply(plain)).file is None
    async with desk.store.read() as connection:
        listed = await replies.list_replies(connection, chat_id=desk.chat)
        queue, _ = await replies.list_queue(connection, desk.account)
    assert {one.id: one.file for one in listed} == {one.id: one.file for one in queue} == {"f": file, "t": None}
    async with desk.store.write() as unit:
        claimed = await replies.claim(unit, kept.id, "pc", 1)
    assert claimed is not None
    assert claimed.file == file


async def test_one_reply_is_claimed_once_however_many_try(desk: Desk) -> None:
    reply = await desk.queue("only")
    stores = [desk.another() for _ in range(4)]
    try:
        got = await asyncio.gather(*[_claim(store, desk.account, f"pc{n}") for n, store in enumerate(stores * 3)])
    finally:
        for store in stores:
            await store.close()
    assert [one.id for one in got if one is not None] == [reply]
    assert (await desk.reply(reply)).attempts == 1


async def test_many_replies_of_many_chats_are_claimed_once_each(desk: Desk) -> None:
    async with desk.store.write() as unit:
        others = [await chats.add_chat(unit, desk.account, f"Chat {n}", "person") for n in range(8)]
    for number, chat in enumerate(others):
        await desk.queue(f"r{number}", chat=chat)
    stores = [desk.another() for _ in range(3)]
    try:
        got = await asyncio.gather(*[_claim(store, desk.account, f"pc{n}") for n, store in enumerate(stores * 4)])
    finally:
        for store in stores:
            await store.close()
    claimed = [one.id for one in got if one is not None]
    assert sorted(claimed) == [f"r{n}" for n in range(8)]


@pytest.mark.parametrize("state", sorted(IN_HAND))
async def test_a_chat_with_a_reply_in_hand_waits(desk: Desk, state: ReplyState) -> None:
    await _brought_to(desk, state, "first")
    await desk.queue("second")
    assert await _claim(desk.store, desk.account, "pc") is None
    async with desk.store.write() as unit:
        other = await chats.add_chat(unit, desk.account, "Another", "person")
    await desk.queue("elsewhere", chat=other)
    found = await _claim(desk.store, desk.account, "pc")
    assert found is not None
    assert found.id == "elsewhere"


async def test_a_reply_waits_for_its_time_and_replies_go_in_their_order(desk: Desk) -> None:
    async with desk.store.write() as unit:
        other = await chats.add_chat(unit, desk.account, "Another", "person")
    await desk.queue("b")
    desk.clock.advance(1)
    await desk.queue("a", chat=other)
    reply = await _claim(desk.store, desk.account, "pc")
    assert reply is not None
    assert reply.id == "b"
    later = desk.clock.now() + timedelta(seconds=60)
    assert await _move(desk.store, reply.id, S.CLAIMED, S.QUEUED, not_before=later)
    desk.clock.advance(59)
    following = await _claim(desk.store, desk.account, "pc")
    assert following is not None
    assert following.id == "a"
    assert await _move(desk.store, following.id, S.CLAIMED, S.FAILED, reason=Reason.WRONG_CHAT)
    desk.clock.advance(2)
    again = await _claim(desk.store, desk.account, "pc")
    assert again is not None
    assert (again.id, again.attempts) == ("b", 2)


async def test_a_reply_never_overtakes_an_earlier_one_of_its_chat(desk: Desk) -> None:
    await desk.queue("first")
    desk.clock.advance(1)
    await desk.queue("second")
    reply = await _claim(desk.store, desk.account, "pc")
    assert reply is not None
    assert reply.id == "first"
    later = desk.clock.now() + timedelta(seconds=60)
    assert await _move(desk.store, reply.id, S.CLAIMED, S.QUEUED, not_before=later)
    assert await _claim(desk.store, desk.account, "pc") is None
    desk.clock.advance(60)
    again = await _claim(desk.store, desk.account, "pc")
    assert again is not None
    assert again.id == "first"


# -- leases -------------------------------------------------------------------------------------------


async def _hold(desk: Desk, holder: str) -> int | None:
    async with desk.store.write() as unit:
        return await accounts.claim_lease(unit, desk.account, holder, unit.now + timedelta(seconds=6))


async def test_a_lease_has_one_holder_until_it_ends(desk: Desk) -> None:
    assert await _hold(desk, "pc1") == 1
    assert await _hold(desk, "pc2") is None
    desk.clock.advance(5)
    assert await _hold(desk, "pc1") == 1
    desk.clock.advance(5)
    assert await _hold(desk, "pc2") is None
    desk.clock.advance(2)
    assert await _hold(desk, "pc2") == 2
    assert await _hold(desk, "pc1") is None


async def test_a_lease_given_back_is_free_and_its_number_never_comes_again(desk: Desk) -> None:
    assert await _hold(desk, "pc1") == 1
    async with desk.store.write() as unit:
        await accounts.release_lease(unit, desk.account, "pc2")
    assert await _hold(desk, "pc2") is None
    async with desk.store.write() as unit:
        await accounts.release_lease(unit, desk.account, "pc1")
    assert await _hold(desk, "pc2") == 2
    assert await _hold(desk, "pc2") == 2


async def test_many_hosts_at_once_give_one_holder(desk: Desk) -> None:
    stores = [desk.another() for _ in range(4)]

    async def hold(store: Store, holder: str) -> int | None:
        async with store.write() as unit:
            return await accounts.claim_lease(unit, desk.account, holder, unit.now + timedelta(seconds=6))

    try:
        got = await asyncio.gather(*[hold(store, f"pc{n}") for n, store in enumerate(stores)])
    finally:
        for store in stores:
            await store.close()
    assert sorted(number for number in got if number is not None) == [1]


async def test_a_removed_phone_comes_back_with_its_history(desk: Desk) -> None:
    await desk.add("one")
    async with desk.store.write() as unit:
        await accounts.remove_account(unit, desk.account)
    async with desk.store.read() as connection:
        assert await accounts.list_accounts(connection) == []
    async with desk.store.write() as unit:
        again = await accounts.add_account(unit, "127.0.0.1:7600", "com.whatsapp.w4b", "Winkel", "full")
    assert again == desk.account
    assert await desk.texts() == ["one"]


async def test_two_chats_of_one_title_are_both_found(desk: Desk) -> None:
    async with desk.store.write() as unit:
        second = await chats.add_chat(unit, desk.account, "  OTTO ", "person", "31600000001@s.whatsapp.net")
    async with desk.store.read() as connection:
        found = await chats.find_by_title(connection, desk.account, "otto")
        by_jid = await chats.find_by_jid(connection, desk.account, "31600000001@s.whatsapp.net")
    assert {chat.id for chat in found} == {desk.chat, second}
    assert by_jid is not None
    assert (by_jid.id, by_jid.number) == (ChatId(second), "+31600000001")
