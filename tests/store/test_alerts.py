"""The team is alerted once of an owner who is away while the customer waits, by who drives the phone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.ids import ChatId
from app.runtime.chores import EVERY_S, Chores
from app.services.alerting import Alerting
from app.services.attending import Attending, Presence
from app.services.handling import Handling
from app.services.hearing import Heard, News, hear
from app.services.opening import Opening
from app.services.viewing import View, Viewing
from app.store import chats
from tests.store.conftest import Desk

MINUTE = 60


@pytest.fixture
async def alerting(desk: Desk) -> Alerting:
    async with desk.store.write() as unit:
        await unit.connection.execute(sa.text("UPDATE account SET lease_holder = 'pc'"))
    return Alerting(desk.store, desk.clock)


def eva(desk: Desk) -> Attending:
    return Attending(desk.store, desk.clock, "Eva")


async def waits(desk: Desk, owner: str = "Eva") -> ChatId:
    """Return a chat that somebody owns, and whose customer then wrote."""
    async with desk.store.write() as unit:
        made = await chats.add_chat(unit, desk.account, "Anna", "person")
    await writes(desk, made)
    await Handling(desk.store, desk.clock, owner).take(made)
    return made


async def writes(desk: Desk, chat: ChatId) -> None:
    async with desk.store.write() as unit:
        await hear(unit, chat, News((Heard(unit.now, "hello?"),)))


async def answers(desk: Desk, chat: ChatId) -> None:
    async with desk.store.write() as unit:
        await hear(unit, chat, News((Heard(unit.now, is_own=True),)))


async def stays(desk: Desk, minutes: int) -> None:
    """Let time pass while Eva's program is open."""
    for _ in range(2 * minutes):
        desk.clock.advance(30)
        await eva(desk).beat()


async def marked(desk: Desk) -> list[ChatId]:
    rows = await Viewing(desk.store, desk.clock, "Bram").list_inbox(View.TEAM)
    return [row.chat for row in rows if row.is_left_alone]


async def test_who_leaves_is_told_of_once_beyond_the_rule(desk: Desk, alerting: Alerting) -> None:
    await eva(desk).sign_in()
    chat = await waits(desk)
    await stays(desk, 20)
    assert await alerting.alert("pc") == []
    await eva(desk).sign_out()
    desk.clock.advance(10 * MINUTE)
    assert await alerting.alert("pc") == []
    desk.clock.advance(1)
    heard: list[str] = []
    desk.store.listen(lambda rows: heard.extend(f"{row.kind} {row.row_id}" for row in rows))
    assert await alerting.alert("another pc") == []
    assert await alerting.alert("pc") == [chat]
    assert f"alert {chat}" in heard
    for _ in range(3):
        desk.clock.advance(20 * MINUTE)
        await writes(desk, chat)
        assert await alerting.alert("pc") == []
    (one,) = await alerting.list_alerts()
    assert (one.chat, one.title, one.owner) == (chat, "Anna", "Eva")
    assert await marked(desk) == [chat]
    events = await Handling(desk.store, desk.clock, "Eva").list_events(chat)
    assert [(e.actor, e.member is not None) for e in events if e.kind == "owner_away"] == [(None, True)]


async def test_it_ends_when_the_owner_is_back_or_somebody_takes_the_chat(desk: Desk, alerting: Alerting) -> None:
    await eva(desk).sign_in()
    chat = await waits(desk)
    await eva(desk).sign_out()
    desk.clock.advance(11 * MINUTE)
    assert await alerting.alert("pc") == [chat]
    await eva(desk).sign_in()
    assert await marked(desk) == []
    assert await alerting.list_alerts() == []
    await eva(desk).sign_out()
    assert await marked(desk) == [chat]
    await Attending(desk.store, desk.clock, "Bram").sign_in()
    await Handling(desk.store, desk.clock, "Bram").take(chat)
    assert await alerting.list_alerts() == []
    assert await alerting.alert("pc") == []


async def test_each_time_that_the_customer_waits_is_told_of(desk: Desk, alerting: Alerting) -> None:
    await eva(desk).sign_in()
    chat = await waits(desk)
    await eva(desk).sign_out()
    desk.clock.advance(11 * MINUTE)
    assert await alerting.alert("pc") == [chat]
    await answers(desk, chat)
    assert await alerting.list_alerts() == []
    assert await alerting.alert("pc") == []
    desk.clock.advance(MINUTE)
    await writes(desk, chat)
    assert await alerting.alert("pc") == [chat]


@pytest.mark.parametrize("how", ["a break", "a program that went silent", "never there"])
async def test_however_somebody_is_away(desk: Desk, alerting: Alerting, how: str) -> None:
    if how != "never there":
        await eva(desk).sign_in(Presence.BREAK if how == "a break" else Presence.AVAILABLE)
    chat = await waits(desk)
    desk.clock.advance(9 * MINUTE)
    assert await alerting.alert("pc") == []
    desk.clock.advance(2 * MINUTE)
    assert await alerting.alert("pc") == [chat]


async def test_a_busy_owner_is_there_and_a_team_may_choose_how_long(desk: Desk, alerting: Alerting) -> None:
    await Handling(desk.store, desk.clock, "Eva").set_rules(desk.account, alert_minutes=60)
    await eva(desk).sign_in(Presence.BUSY)
    chat = await waits(desk)
    await stays(desk, 70)
    assert await alerting.alert("pc") == []
    await eva(desk).sign_out()
    desk.clock.advance(30 * MINUTE)
    await eva(desk).sign_out()
    desk.clock.advance(29 * MINUTE)
    assert await alerting.alert("pc") == []
    desk.clock.advance(2 * MINUTE)
    assert await alerting.alert("pc") == [chat]


async def test_nobody_is_expected_while_the_number_is_closed(desk: Desk, alerting: Alerting) -> None:
    chat = await waits(desk)
    opening = Opening(desk.store, desk.clock, "Eva")
    # The clock stands at some hour of a Tuesday.
    await opening.set_week(desk.account, "wed 00:00-24:00", "UTC")
    desk.clock.advance(20 * MINUTE)
    assert await alerting.alert("pc") == []
    await opening.set_week(desk.account, "off")
    assert await alerting.alert("pc") == [chat]


async def test_who_drives_the_phone_sees_to_it(desk: Desk, alerting: Alerting) -> None:
    chores = Chores(desk.store, desk.clock, "pc")
    chat = await waits(desk)
    await chores.do()
    assert await alerting.list_alerts() == []
    desk.clock.advance(11 * MINUTE + EVERY_S)
    await chores.do()
    desk.clock.advance(EVERY_S)
    await chores.do()
    assert [one.chat for one in await alerting.list_alerts()] == [chat]
    events = await Handling(desk.store, desk.clock, "Eva").list_events(chat)
    assert [e.kind for e in events].count("owner_away") == 1
