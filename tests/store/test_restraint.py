"""Policies, consents and overrides are kept; a database of the first step gets them without losing anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from app.domain.change import MessageAdded
from app.domain.ids import ReplyId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.domain.policy import Policy, parse_quiet
from app.domain.reply import Override, Reason, Reply, ReplyState
from app.store import accounts, consents, messages, replies
from app.store.engine import Store
from tests.fakes.clock import FakeClock
from tests.store.conftest import Desk

S = ReplyState
TO_SUBMITTED = (S.QUEUED, S.CLAIMED, S.TYPING, S.SUBMITTED)


def made(text: str, direction: Direction = Direction.OUT, kind: Kind = Kind.TEXT, *, gap: bool = False) -> MessageAdded:
    return MessageAdded(direction, Shown(700), Content(kind, text), Origin.SCREEN, None, gap_before=gap)


async def sides(desk: Desk) -> messages.Sides:
    async with desk.store.read() as connection:
        return await messages.read_sides(connection, desk.chat)


async def submitted(desk: Desk, uid: str, *further: ReplyState) -> ReplyId:
    reply = await desk.queue(uid)
    steps = [*TO_SUBMITTED, *further]
    for source, target in pairwise(steps):
        async with desk.store.write() as unit:
            assert await replies.move(unit, reply, source, target)
    return reply


async def test_an_account_has_the_default_policy_until_another_is_set(desk: Desk) -> None:
    policy = Policy(gap_s=9, quiet=parse_quiet("21:00-07:00"))
    async with desk.store.read() as connection:
        assert (await accounts.get_account(connection, desk.account)).policy == Policy()
    async with desk.store.write() as unit:
        await accounts.set_policy(unit, desk.account, policy)
        assert {one.kind for one in unit.touched} == {"account", "queue"}
    again = desk.another()
    async with again.read() as connection:
        assert (await accounts.list_accounts(connection))[0].policy == policy
    await again.close()


async def test_a_consent_holds_until_it_is_withdrawn_and_is_kept_after_that(desk: Desk) -> None:
    async with desk.store.write() as unit:
        first = await consents.add_consent(unit, desk.chat, "e-mail", "may be told when the bike is ready", "Eva")
        second = await consents.add_consent(unit, desk.chat, "counter", "again", "Bram")
    async with desk.store.read() as connection:
        assert [c.id for c in await consents.list_consents(connection)] == [first, second]
    for one, still in ((first, True), (second, False)):
        async with desk.store.write() as unit:
            assert await consents.withdraw_consent(unit, one, "Eva")
            assert not await consents.withdraw_consent(unit, one, "Eva")
            assert await consents.has_consent(unit.connection, desk.chat) is still
    async with desk.store.read() as connection:
        kept = await connection.exec_driver_sql("SELECT source, withdrawn_by FROM consent ORDER BY id")
        assert [tuple(row) for row in kept] == [("e-mail", "Eva"), ("counter", "Eva")]


async def test_overrides_are_kept_with_their_reply(desk: Desk) -> None:
    why = Override(Reason.UNANSWERED, "Eva", desk.clock.now(), "the customer called and asked for it")
    reply = Reply(ReplyId("r"), desk.account, desk.chat, "hi", "Eva", S.QUEUED, desk.clock.now(), overrides=(why,))
    async with desk.store.write() as unit:
        await replies.add_reply(unit, reply)
        await replies.add_reply(unit, reply)
    await desk.queue("other")
    assert (await desk.reply(ReplyId("r"))).overrides == (why,)
    assert (await desk.reply(ReplyId("other"))).overrides == ()


async def test_what_a_reply_waited_for_is_forgotten_when_it_is_claimed(desk: Desk) -> None:
    uid = await desk.queue("r")
    async with desk.store.write() as unit:
        claimed = await replies.claim(unit, uid, "pc", 3)
        assert claimed is not None
        await replies.move(unit, uid, S.CLAIMED, S.QUEUED, reason=Reason.SOMEONE_ELSE_TYPING)
    assert (await desk.reply(uid)).reason is Reason.SOMEONE_ELSE_TYPING
    async with desk.store.write() as unit:
        assert await replies.claim(unit, uid, "pc", 3) is not None
        assert await replies.claim(unit, uid, "pc", 3) is None
    assert (await desk.reply(uid)).reason is None


async def test_taps_are_those_of_an_hour_and_the_newest_before(desk: Desk) -> None:
    times = []
    for number in range(4):
        await submitted(desk, f"r{number}", S.SENT)
        times.append(desk.clock.now())
        desk.clock.advance(1000)
    async with desk.store.read() as connection:
        assert await replies.list_taps(connection, desk.account, times[2]) == tuple(times[2:])
        assert await replies.list_taps(connection, desk.account, times[3] + timedelta(days=1)) == (times[3],)


async def test_own_messages_count_since_the_customers_last_one(desk: Desk) -> None:
    found = await sides(desk)
    assert (found.is_empty, found.inbound_seen_at, found.own_since) == (True, None, 0)
    await desk.apply(made("hello"), made("there"))
    assert ((await sides(desk)).is_empty, (await sides(desk)).own_since) == (False, 2)
    last = (await desk.apply(made("yes?", Direction.IN)))[-1]
    theirs = desk.clock.now()
    desk.clock.advance(60)
    assert (await sides(desk)).own_since == 2  # it was placed before them
    await desk.apply(*[made(text, kind=kind) for text, kind in (("notice", Kind.SYSTEM), ("call", Kind.CALL))])
    found = await sides(desk)
    assert (found.inbound_seen_at, found.own_since, found.has_gap_since) == (theirs, 2, False)
    await desk.apply(MessageAdded(Direction.OUT, Shown(701), Content(Kind.TEXT, "x"), Origin.SCREEN, last, None, True))
    assert (await sides(desk)).has_gap_since


async def test_replies_under_way_and_in_doubt_are_counted_once(desk: Desk) -> None:
    way = frozenset({S.QUEUED, S.SUBMITTED})
    await desk.queue("waits")
    await submitted(desk, "goes")
    await submitted(desk, "lost", S.UNKNOWN)
    (bubble,) = await desk.apply(made("hello"))
    async with desk.store.write() as unit:
        assert await replies.count_under_way(unit.connection, desk.chat, way) == 2
        await messages.bind_echo(unit, desk.chat, bubble, ReplyId("goes"))
        assert await replies.count_under_way(unit.connection, desk.chat, way) == 1
        assert await replies.count_in_doubt(unit.connection, desk.chat, None) == 1
        before = unit.now - timedelta(seconds=1)
        assert await replies.count_in_doubt(unit.connection, desk.chat, before) == 1
        assert await replies.count_in_doubt(unit.connection, desk.chat, unit.now) == 0


@pytest.fixture
def old_database(tmp_path: Path) -> Path:
    """A database of the first step, with an account, a chat and a reply that waits."""
    path = tmp_path / "old.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "app.store:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO account (serial, package, name) VALUES ('S', 'com.whatsapp', 'Winkel')")
        connection.exec_driver_sql("INSERT INTO chat (account_id, title, title_key) VALUES (1, 'Otto', 'otto')")
        connection.exec_driver_sql(
            "INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at) "
            "VALUES ('r', 1, 1, 'hello', 'Eva', 'queued', '2026-08-18 11:33:00')"
        )
    engine.dispose()
    return path


async def test_a_database_of_the_first_step_keeps_what_it_holds(old_database: Path) -> None:
    store = Store(old_database, FakeClock().now)
    await store.open()
    async with store.read() as connection:
        (account,) = await accounts.list_accounts(connection)
        (reply,) = await replies.list_replies(connection)
        assert (account.name, account.policy) == ("Winkel", Policy())
        assert (reply.body, reply.overrides) == ("hello", ())
    await store.close()
    with closing(sqlite3.connect(old_database)) as raw:
        names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='trigger'")}
    assert len(names) == 3
