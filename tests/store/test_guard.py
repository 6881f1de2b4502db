"""The guard before an answer: who else writes or answered, and what came in; asked in the transaction that queues."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.change import MessageAdded
from app.domain.errors import AnswerBlocked, BadInput
from app.domain.ids import ChatId, MessageId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.domain.reply import Reply
from app.services.guarding import Facts, ObstacleKind
from app.services.replying import Replying
from app.services.restraining import Restraining
from app.store import accounts, chats, handling, members, messages, own_drafts, presence, replies
from app.store.engine import Store
from app.store.own_drafts import OwnDraft
from app.team.guarding import Mode
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres
from tests.fakes.team import Team, team_of
from tests.store.conftest import Desk

ROUNDS = 20


def replying(desk: Desk, author: str = "Eva") -> Replying:
    return Replying(desk.store, desk.clock, author)


async def blocked(who: Replying, desk: Desk, body: str = "until six") -> AnswerBlocked:
    with pytest.raises(AnswerBlocked) as caught:
        await who.queue_reply(desk.chat, body)
    return caught.value


async def queued(desk: Desk) -> list[str]:
    async with desk.store.read() as connection:
        return sorted(reply.body for reply in await replies.list_replies(connection))


async def seat(desk: Desk, name: str, mode: Mode) -> None:
    async with desk.store.write() as unit:
        who = await members.own_member(unit, name)
        await presence.enter(unit, desk.chat, who.id, mode)


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    await Restraining(desk.store, "Eva").set_policy(desk.account, gap_s=0, per_hour=600, unanswered=20)
    return desk


async def test_one_person_alone_is_never_stopped(desk: Desk) -> None:
    await desk.add("hello")
    await seat(desk, "Eva", Mode.TYPE)
    for body in ("one", "two"):
        await replying(desk).queue_reply(desk.chat, body)
    assert await queued(desk) == ["one", "two"]


async def test_a_colleague_who_types_stops_it_until_the_lease_ends(desk: Desk) -> None:
    await desk.add("hello")
    await seat(desk, "Bram", Mode.TYPE)
    found = await blocked(replying(desk), desk)
    assert [one.kind for one in found.obstacles] == [ObstacleKind.TYPING]
    assert "Bram is writing" in str(found)
    assert await queued(desk) == []
    desk.clock.advance(61)
    await replying(desk).queue_reply(desk.chat, "until six")
    assert await queued(desk) == ["until six"]


async def test_a_colleague_who_only_looks_stops_nothing(desk: Desk) -> None:
    await desk.add("hello")
    await seat(desk, "Bram", Mode.VIEW)
    await replying(desk).queue_reply(desk.chat, "until six")


async def test_an_answer_of_another_stops_it_until_the_customer_writes(desk: Desk) -> None:
    (first,) = await desk.add("hello")
    desk.clock.advance(5)
    await replying(desk, "Bram").queue_reply(desk.chat, "until five")
    found = await blocked(replying(desk), desk)
    (obstacle,) = found.obstacles
    assert [reply.body for reply in obstacle.replies] == ["until five"]
    assert "until five" in str(found)
    desk.clock.advance(5)
    await desk.add("and on sunday?", after=first)
    await replying(desk).queue_reply(desk.chat, "closed")
    assert await queued(desk) == ["closed", "until five"]


async def test_an_answer_that_was_taken_back_stops_nothing(desk: Desk) -> None:
    await desk.add("hello")
    bram = replying(desk, "Bram")
    reply = await bram.queue_reply(desk.chat, "until five")
    await bram.cancel_reply(reply.id)
    await replying(desk).queue_reply(desk.chat, "until six")


async def test_what_is_accepted_passes_and_what_is_new_stops_again(desk: Desk) -> None:
    (first,) = await desk.add("hello")
    facts = Facts(desk.clock.now(), first)
    desk.clock.advance(5)
    await desk.add("are you there?", after=first)
    found = await blocked(replying(desk).knowing(facts), desk)
    assert [(one.kind, one.count) for one in found.obstacles] == [(ObstacleKind.UNREAD, 1)]
    shown = Facts(facts.begun_at, first, found.obstacles)
    await replying(desk, "Bram").knowing(Facts(is_anyway=True)).queue_reply(desk.chat, "until five")
    again = await blocked(replying(desk).knowing(shown), desk)
    assert [one.kind for one in again.obstacles] == [ObstacleKind.ANSWERED]
    both = Facts(facts.begun_at, first, found.obstacles + again.obstacles)
    await replying(desk).knowing(both).queue_reply(desk.chat, "until six")
    assert await queued(desk) == ["until five", "until six"]


async def test_an_answer_typed_on_the_phone_is_somebodys_too(desk: Desk) -> None:
    (first,) = await desk.add("hello")
    facts = Facts(desk.clock.now(), first)
    await desk.apply(
        MessageAdded(Direction.OUT, Shown(700), Content(Kind.TEXT, "by hand"), Origin.SCREEN, MessageId(first))
    )
    found = await blocked(replying(desk).knowing(facts), desk)
    assert [(reply.agent, reply.body) for one in found.obstacles for reply in one.replies] == [(None, "by hand")]
    assert "at the phone" in str(found)


async def test_sending_ends_the_draft_and_the_typing_and_a_stop_ends_neither(desk: Desk) -> None:
    await desk.add("hello")
    await seat(desk, "Eva", Mode.TYPE)
    async with desk.store.write() as unit:
        me = (await members.own_member(unit, "Eva")).id
        now = unit.now
        await own_drafts.save_draft(unit, OwnDraft(desk.chat, me, desk.account, "until", None, None, now, now, None))
    await seat(desk, "Bram", Mode.TYPE)

    async def left() -> tuple[bool, Mode]:
        async with desk.store.read() as connection:
            draft = await own_drafts.get_draft(connection, desk.chat, me)
            leases = (await presence.list_leases(connection, [desk.chat], desk.clock.now()))[desk.chat]
        return draft is not None, next(one.mode for one in leases if one.agent == me)

    await blocked(replying(desk), desk)
    assert await left() == (True, Mode.TYPE)
    await replying(desk).knowing(Facts(is_anyway=True)).queue_reply(desk.chat, "until six")
    assert await left() == (False, Mode.VIEW)


@pytest.fixture
async def team(postgres: Postgres) -> AsyncIterator[Team]:
    async with team_of(postgres, {"eva": "agent", "bram": "agent"}) as made:
        yield made


async def test_of_two_who_press_send_at_once_one_passes_each_time(team: Team, tmp_path: Path) -> None:
    clock = FakeClock()
    root = Store(team.owner, clock.now)
    async with root.write() as unit:
        account = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
        chat = await chats.add_chat(unit, account, "Otto", "person")
        await unit.connection.execute(sa.text("INSERT INTO membership SELECT 1, id, true FROM member"))
    await Restraining(root, "root").set_policy(account, gap_s=0, per_hour=600, unanswered=20)
    stores = {name: Store(team.server(name), clock.now) for name in ("eva", "bram")}
    people = {name: Replying(store, clock, team.login(name)) for name, store in stores.items()}
    try:
        for number in range(ROUNDS):
            clock.advance(60)
            await _customer_writes(root, chat, number)
            clock.advance(60)
            ends = await asyncio.gather(
                *(who.queue_reply(chat, f"{name} {number}") for name, who in people.items()), return_exceptions=True
            )
            assert sorted(type(end).__name__ for end in ends) == [AnswerBlocked.__name__, Reply.__name__]
    finally:
        for store in (*stores.values(), root):
            await store.close()


async def _customer_writes(store: Store, chat: ChatId, number: int) -> datetime:
    async with store.write() as unit:
        window = await messages.load_window(unit.connection, chat)
        last = window.entries[-1].id if window.entries else None
        content = Content(Kind.TEXT, f"question {number}")
        await messages.apply_changes(
            unit, chat, (MessageAdded(Direction.IN, Shown(700), content, Origin.SCREEN, last),)
        )
        assert await handling.get_handled(unit.connection, chat) is not None
        return unit.now


@pytest.mark.parametrize("body", ["Dear {{voornaam}}, {{?the price}} it is", "{{voornaam}}{{voornaam}} {{?the price}}"])
async def test_a_text_with_open_slots_is_not_queued(desk: Desk, body: str) -> None:
    (asked,) = await desk.add("hello")
    who = replying(desk)
    with pytest.raises(BadInput, match=r"\{\{voornaam\}\}, \{\{\?the price\}\}; fill"):
        await who.queue_reply(desk.chat, body)
    with pytest.raises(BadInput, match="Nothing was queued"):
        await who.queue_quote(desk.chat, body, asked)
    assert await queued(desk) == []
    await who.queue_reply(desk.chat, "Dear Otto, {9} it is")
    assert await queued(desk) == ["Dear Otto, {9} it is"]
