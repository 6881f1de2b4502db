"""Chats that nobody owns are given out where a team wants that, by who drives the phone alone; on both engines."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.ids import ChatId
from app.runtime.chores import EVERY_S, Chores
from app.services.attending import Attending, Presence
from app.services.giving import Giving
from app.services.handling import ChatState, Handling, Preset
from app.services.hearing import Heard, News, hear
from app.store import chats
from tests.store.conftest import Desk


def hand(desk: Desk, name: str = "Eva") -> Handling:
    return Handling(desk.store, desk.clock, name)


async def arrive(desk: Desk, name: str, state: Presence = Presence.AVAILABLE) -> int:
    """Have a member of the number sign in."""
    me = await hand(desk, name).me()
    await Attending(desk.store, desk.clock, name).sign_in(state)
    async with desk.store.write() as unit:
        values = {"a": desk.account, "m": me.id}
        await unit.connection.execute(sa.text("INSERT INTO membership (account_id, member_id) VALUES (:a, :m)"), values)
    return me.id


async def customer(desk: Desk, title: str) -> ChatId:
    desk.clock.advance(1)
    async with desk.store.write() as unit:
        made = await chats.add_chat(unit, desk.account, title, "person")
        await hear(unit, made, News((Heard(unit.now, "hello"),)))
    return made


@pytest.fixture
async def giving(desk: Desk) -> Giving:
    async with desk.store.write() as unit:
        await unit.connection.execute(sa.text("UPDATE account SET lease_holder = 'pc'"))
    return Giving(desk.store, desk.clock)


async def test_it_is_off_at_first(desk: Desk, giving: Giving) -> None:
    await arrive(desk, "Eva")
    await customer(desk, "a")
    assert await giving.give_out("pc") == []
    await hand(desk).set_rules(desk.account, auto_assign=True)
    assert await giving.give_out("another pc") == []
    assert len(await giving.give_out("pc")) == 1


async def test_who_has_the_fewest_and_is_there_gets_who_waits_longest(desk: Desk, giving: Giving) -> None:
    await hand(desk).set_rules(desk.account, auto_assign=True, most_open=2)
    eva, bram = await arrive(desk, "Eva"), await arrive(desk, "Bram")
    await arrive(desk, "Cees", Presence.BREAK)
    await arrive(desk, "Dirk", Presence.BUSY)
    first, second, third, fourth, fifth = [await customer(desk, title) for title in "abcde"]
    await hand(desk).take(first)
    given = dict(await giving.give_out("pc"))
    assert given[second] == bram
    assert sorted(given) == [second, third, fourth]
    assert sorted(given.values()) == [eva, bram, bram]
    assert (await hand(desk).get(fifth)).handling.assignee is None
    assert await giving.give_out("pc") == []
    (event,) = [one for one in await hand(desk).list_events(second) if one.kind == "assign"]
    assert (event.actor, event.member) == (None, bram)


async def test_who_was_silent_for_a_minute_gets_nothing(desk: Desk, giving: Giving) -> None:
    await hand(desk).set_rules(desk.account, auto_assign=True)
    await arrive(desk, "Eva")
    await customer(desk, "a")
    desk.clock.advance(61)
    assert await giving.give_out("pc") == []


async def test_an_answered_or_snoozed_chat_is_given_to_nobody(desk: Desk, giving: Giving) -> None:
    await hand(desk).set_rules(desk.account, auto_assign=True)
    await arrive(desk, "Eva")
    one, other = await customer(desk, "a"), await customer(desk, "b")
    async with desk.store.write() as unit:
        await hear(unit, one, News((Heard(unit.now, is_own=True),)))
    await hand(desk).done(other)
    assert await giving.give_out("pc") == []


async def test_who_drives_the_phone_wakes_and_gives_out_now_and_then(desk: Desk, giving: Giving) -> None:
    await hand(desk).set_rules(desk.account, auto_assign=True)
    chores = Chores(desk.store, desk.clock, "pc")
    eva = await arrive(desk, "Eva")
    await chores.do()
    one = await customer(desk, "a")
    await chores.do()
    assert (await hand(desk).get(one)).handling.assignee is None
    desk.clock.advance(EVERY_S)
    await chores.do()
    assert (await hand(desk).get(one)).handling.assignee == eva
    await hand(desk).snooze(one, Preset.HOUR)
    desk.clock.advance(3600)
    await chores.do()
    assert (await hand(desk).get(one)).state is ChatState.OPEN
