"""The team's hand on a chat: commands, what they leave behind, and what is refused; on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from app.domain.errors import BadInput
from app.services.handling import ChatState, Handled, Handling, Preset, Priority, Waking
from app.services.hearing import Heard, News, hear
from app.store import handling, migrating
from app.store.schema import chat, chat_case, member
from tests.store.conftest import Desk


@pytest.fixture
def hand(desk: Desk) -> Handling:
    return Handling(desk.store, desk.clock, "Eva")


async def writes(desk: Desk, text: str = "is it in?") -> None:
    async with desk.store.write() as unit:
        await hear(unit, desk.chat, News((Heard(unit.now, text),)))


async def colleague(desk: Desk, name: str = "Bram") -> int:
    async with desk.store.write() as unit:
        made = sa.insert(member).values(login=name.lower(), name=name, joined_at=unit.now).returning(member.c.id)
        return int((await unit.connection.execute(made)).scalar_one())


async def give_number(desk: Desk, who: int) -> None:
    async with desk.store.write() as unit:
        await unit.connection.execute(
            sa.text("INSERT INTO membership (account_id, member_id) VALUES (:a, :m)"), {"a": desk.account, "m": who}
        )


async def kinds(hand: Handling, desk: Desk) -> list[str]:
    return [event.kind for event in await hand.list_events(desk.chat)]


async def test_a_chat_of_which_nothing_is_known_is_done(desk: Desk, hand: Handling) -> None:
    found = await hand.get(desk.chat)
    assert (found.state, found.handling.case, found.case_id) == (ChatState.DONE, None, None)


async def test_a_customer_who_writes_opens_a_case_and_waits(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    desk.clock.advance(60)
    await writes(desk, "hello?")
    found = await hand.get(desk.chat)
    assert found.state is ChatState.NEW
    assert found.handling.waiting_since == desk.clock.now() - timedelta(seconds=60)
    assert await kinds(hand, desk) == ["open", "inbound", "inbound"]
    async with desk.store.read() as connection:
        assert len((await connection.execute(sa.select(chat_case))).all()) == 1


async def test_who_takes_a_chat_owns_it_and_is_named(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    taken = await hand.take(desk.chat)
    me = await hand.me()
    assert taken.handling.assignee == me.id
    assert await hand.take(desk.chat) == taken
    (event,) = [one for one in await hand.list_events(desk.chat) if one.kind == "assign"]
    assert (event.actor, event.member, event.case_id) == ("Eva", me.id, taken.case_id)


async def test_a_hand_over_says_why(desk: Desk, hand: Handling) -> None:
    bram = await colleague(desk)
    await give_number(desk, bram)
    await hand.take(desk.chat)
    with pytest.raises(BadInput, match="one line"):
        await hand.assign(desk.chat, bram)
    assert (await hand.get(desk.chat)).handling.assignee == (await hand.me()).id
    given = await hand.assign(desk.chat, bram, "knows the pump")
    assert given.handling.assignee == bram
    assert (await hand.list_events(desk.chat))[-1].note == "knows the pump"
    assert (await hand.unassign(desk.chat)).handling.assignee is None


async def test_a_chat_is_given_to_members_alone(desk: Desk, hand: Handling) -> None:
    with pytest.raises(BadInput, match="no member 99"):
        await hand.assign(desk.chat, 99, "take it")
    with pytest.raises(BadInput, match="not one member"):
        await hand.find_member("Cees")
    bram = await colleague(desk)
    assert (await hand.find_member(" bram ")).id == bram


async def test_a_chat_that_is_not_there_is_said_so(hand: Handling) -> None:
    with pytest.raises(BadInput, match="no chat 99"):
        await hand.take(99)  # type: ignore[arg-type]


async def test_a_snooze_ends_at_its_moment_for_who_drives_the_phone(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    asleep = await hand.snooze(desk.chat, Preset.HOUR)
    assert asleep.state is ChatState.SNOOZED
    waking = Waking(desk.store, desk.clock)
    desk.clock.advance(3601)
    assert await waking.wake_due("pc") == []
    async with desk.store.write() as unit:
        await unit.connection.execute(sa.text("UPDATE account SET lease_holder = 'pc'"))
    assert await waking.wake_due("pc") == [desk.chat]
    awake = await hand.get(desk.chat)
    assert (awake.state, awake.handling.snoozed_until) == (ChatState.OPEN, None)
    assert awake.handling.stretch_paused_s == 3600
    assert await waking.wake_due("pc") == []


async def test_a_snooze_until_the_customer_writes_ends_with_that(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    assert (await hand.snooze(desk.chat, Preset.REPLY)).handling.snoozed_for_reply
    await writes(desk, "and?")
    assert (await hand.get(desk.chat)).state is ChatState.NEW
    assert (await kinds(hand, desk))[-2:] == ["wake", "inbound"]


async def test_moments_of_a_snooze_are_the_phones_own_and_never_over(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    custom = await hand.snooze(desk.chat, datetime(2026, 8, 19, 9))  # noqa: DTZ001
    assert custom.handling.snoozed_until == datetime(2026, 8, 19, 7, tzinfo=UTC)
    with pytest.raises(BadInput, match="later than now"):
        await hand.snooze(desk.chat, datetime(2026, 8, 18, 9))  # noqa: DTZ001
    with pytest.raises(BadInput, match="afternoon"):
        await hand.snooze(desk.chat, Preset.AFTERNOON)
    assert (await hand.wake(desk.chat)).state is ChatState.OPEN
    assert Preset.AFTERNOON not in dict(await hand.list_presets(desk.chat))


async def test_thanks_leave_a_done_chat_done_and_a_question_reopens_it(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    await hand.take(desk.chat)
    done = await hand.done(desk.chat)
    await writes(desk, "Bedankt!")
    assert (await hand.get(desk.chat)).state is ChatState.DONE
    await writes(desk, "one more thing")
    again = await hand.get(desk.chat)
    assert (again.case_id, again.handling.assignee) == (done.case_id, done.handling.assignee)
    assert again.handling.case is not None
    assert again.handling.case.reopen_count == 1


async def test_a_customer_who_returns_late_begins_a_new_case(desk: Desk, hand: Handling) -> None:
    await hand.set_rules(desk.account, new_case_hours=2)
    await writes(desk)
    first = await hand.done(desk.chat)
    desk.clock.advance(2 * 3600 + 1)
    await writes(desk, "another question")
    second = await hand.get(desk.chat)
    assert second.case_id != first.case_id
    assert second.handling.case is not None
    assert second.handling.case.number == 2


async def test_spam_has_no_owner_and_cannot_be_taken(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    await hand.take(desk.chat)
    assert (await hand.spam(desk.chat)).handling.assignee is None
    for refused in (hand.take(desk.chat), hand.reopen(desk.chat), hand.snooze(desk.chat, Preset.HOUR)):
        with pytest.raises(BadInput):
            await refused
    assert (await hand.not_spam(desk.chat)).state is ChatState.NEW


async def test_a_priority_is_kept_with_who_gave_it(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    assert (await hand.set_priority(desk.chat, Priority.HIGH)).priority is Priority.HIGH
    assert (await hand.get(desk.chat)).priority is Priority.HIGH
    last = (await hand.list_events(desk.chat))[-1]
    assert (last.kind, last.note, last.actor) == ("priority", "high", "Eva")
    await hand.set_priority(desk.chat, Priority.HIGH)
    assert (await kinds(hand, desk)).count("priority") == 1


async def test_others_hear_of_a_command_and_not_of_one_that_changed_nothing(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    heard: list[str] = []
    desk.store.listen(lambda rows: heard.extend(f"{row.kind} {row.row_id}" for row in rows))
    await hand.done(desk.chat)
    assert heard == [f"chat {desk.chat}"]
    await hand.done(desk.chat)
    assert heard == [f"chat {desk.chat}"]


@pytest.mark.parametrize(
    "values", [{"new_case_hours": 0}, {"auto_assign": 1}, {"most_open": True}, {"nothing": 3}, {"alert_minutes": "5"}]
)
async def test_rules_that_cannot_be_are_refused(desk: Desk, hand: Handling, values: dict[str, object]) -> None:
    before = await hand.get_rules(desk.account)
    with pytest.raises(BadInput):
        await hand.set_rules(desk.account, **values)
    assert await hand.get_rules(desk.account) == before


async def test_what_is_saved_is_loaded_again(desk: Desk, hand: Handling) -> None:
    await writes(desk)
    for deed in (hand.take, hand.done, hand.reopen, hand.spam, hand.not_spam):
        done = await deed(desk.chat)
        assert await hand.get(desk.chat) == done
    asleep = await hand.snooze(desk.chat, Preset.TOMORROW)
    assert await hand.get(desk.chat) == asleep


def test_chats_of_before_keep_their_state_and_get_a_case(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        config = migrating._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        connection.exec_driver_sql("INSERT INTO account (id, serial, package, name) VALUES (1, 's', 'p', 'n')")
        for number, state in enumerate(("new", "new", "open", "waiting"), 1):
            connection.exec_driver_sql(
                "INSERT INTO chat (id, account_id, title, title_key, state, last_at) "
                f"VALUES ({number}, 1, 't', 't', '{state}', '2026-08-01 10:00:00.000000')"
            )
        connection.exec_driver_sql(
            "INSERT INTO message (chat_id, position, direction, kind, text, reactions, origin, first_seen_at) "
            "VALUES (2, 1, 'in', 'text', 'x', '[]', 'screen', '2026-08-01'), "
            "(4, 1, 'out', 'text', 'x', '[]', 'screen', '2026-08-01')"
        )
        command.upgrade(config, "0011")
        query = sa.select(chat.c.state, chat.c.waiting_since, chat.c.paused_at).order_by(chat.c.id)
        rows = [tuple(row) for row in connection.execute(query)]
        cases = connection.execute(sa.select(chat_case.c.chat_id, chat_case.c.first_answer_at)).all()
    engine.dispose()
    at = datetime(2026, 8, 1, 10, tzinfo=UTC)
    assert rows == [("done", None, None), ("new", at, None), ("open", at, None), ("waiting", None, at)]
    assert [tuple(case) for case in cases] == [(2, None), (3, None), (4, at)]


async def test_a_new_chat_of_an_older_program_reads_as_done(desk: Desk, hand: Handling) -> None:
    async with desk.store.write() as unit:
        await unit.connection.execute(sa.update(chat).values(state="new"))
        found: Handled | None = await handling.get_handled(unit.connection, desk.chat)
    assert found is not None
    assert found.state is ChatState.DONE
