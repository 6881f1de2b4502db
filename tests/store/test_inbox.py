"""The views of the inbox: what belongs to each, in which order, page by page; on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.domain.ids import AccountId, ChatId
from app.services.attending import Attending
from app.services.drafting import Drafting
from app.services.handling import Handling, Preset, Priority
from app.services.hearing import Heard, News, hear
from app.services.opening import Opening
from app.services.viewing import InboxRow, View, Viewing
from app.store import accounts, chats, inbox
from app.store.schema import chat
from app.team.clocks import ClockKind, Colour
from tests.store.conftest import Desk


@pytest.fixture
def eva(desk: Desk) -> Viewing:
    return Viewing(desk.store, desk.clock, "Eva")


def hand(desk: Desk, name: str = "Eva") -> Handling:
    return Handling(desk.store, desk.clock, name)


async def customer(desk: Desk, title: str, minutes_ago: int | None, account: AccountId | None = None) -> ChatId:
    """Add a chat whose customer wrote so long ago; None: of which nothing is known."""
    async with desk.store.write() as unit:
        made = await chats.add_chat(unit, account or desk.account, title, "person")
        if minutes_ago is not None:
            at: datetime = unit.now - timedelta(minutes=minutes_ago)
            await chats.change_chat(unit, made, last_at=at, preview=f"of {title}")
            await hear(unit, made, News((Heard(at, "hello"),)))
    return made


def titles(rows: list[InboxRow]) -> list[str]:
    return [row.title for row in rows]


async def test_each_view_holds_what_is_its_own(desk: Desk, eva: Viewing) -> None:
    names = {
        name: await customer(desk, name, minutes) for minutes, name in enumerate(("new", "mine", "his", "late"), 1)
    }
    mine = hand(desk)
    await mine.take(names["mine"])
    await hand(desk, "Bram").take(names["his"])
    await mine.snooze(names["late"], Preset.TOMORROW)
    for title, deed in (("done", mine.done), ("spam", mine.spam)):
        await deed(await customer(desk, title, 9))
    wanted = {
        View.MINE: ["mine"],
        View.WAITING: ["his", "mine", "new"],
        View.UNASSIGNED: ["new"],
        View.TEAM: ["new", "mine", "his"],
        View.SNOOZED: ["late"],
        View.DONE: ["done", "Otto"],
        View.SPAM: ["spam"],
    }
    assert {view: titles(await eva.list_inbox(view)) for view in View} == wanted
    assert await eva.count_inbox() == {view: len(found) for view, found in wanted.items()}


async def test_a_row_says_who_owns_it_since_when_it_waits_and_who_is_there(desk: Desk, eva: Viewing) -> None:
    one = await customer(desk, "Anna", 7)
    await hand(desk, "Bram").take(one)
    await hand(desk).set_priority(one, Priority.HIGH)
    await Drafting(desk.store, desk.clock, "Eva").save(one, "until")
    await Attending(desk.store, desk.clock, "Eva").typing(one)
    (row,) = await eva.list_inbox(View.TEAM)
    assert (row.owner_name, row.priority, row.has_draft) == ("Bram", Priority.HIGH, True)
    assert row.waiting_since == desk.clock.now() - timedelta(minutes=7)
    assert (row.others, row.others_type) == (0, False)
    await Attending(desk.store, desk.clock, "Bram").typing(one)
    (row,) = await eva.list_inbox(View.TEAM)
    assert (row.others, row.others_type) == (1, True)
    (his,) = await Viewing(desk.store, desk.clock, "Bram").list_inbox(View.MINE)
    assert not his.has_draft
    desk.clock.advance(61)
    (row,) = await eva.list_inbox(View.TEAM)
    assert (row.others, row.others_type) == (0, False)


@pytest.mark.parametrize(("view", "by_wait"), [(View.TEAM, False), (View.TEAM, True), (View.WAITING, False)])
async def test_pages_join_without_a_row_lost_or_twice(desk: Desk, eva: Viewing, view: View, by_wait: bool) -> None:
    for number in range(9):
        await customer(desk, f"c{number}", number // 2)
    whole = await eva.list_inbox(view, by_wait=by_wait)
    paged: list[InboxRow] = []
    while page := await eva.list_inbox(view, by_wait=by_wait, limit=2, before=paged[-1].place if paged else None):
        paged += page
    assert titles(paged) == titles(whole)
    assert sorted(titles(whole)) == [f"c{number}" for number in range(9)]


async def test_chats_without_a_time_are_the_last_pages(desk: Desk, eva: Viewing) -> None:
    for number in range(4):
        await customer(desk, f"unknown {number}", None)
    await hand(desk).done(await customer(desk, "known", 3))
    paged: list[InboxRow] = []
    while page := await eva.list_inbox(View.DONE, limit=2, before=paged[-1].place if paged else None):
        paged += page
    assert titles(paged) == ["known", "unknown 3", "unknown 2", "unknown 1", "unknown 0", "Otto"]


async def test_one_number_is_shown_alone(desk: Desk, eva: Viewing) -> None:
    async with desk.store.write() as unit:
        other = await accounts.add_account(unit, "phone2", "com.whatsapp.w4b", "Werkplaats", "full")
    await customer(desk, "here", 1)
    await customer(desk, "there", 2, other)
    assert titles(await eva.list_inbox(View.TEAM, other)) == ["there"]
    assert (await eva.count_inbox(other))[View.TEAM] == 1
    assert titles(await eva.list_inbox(View.TEAM)) == ["here", "there"]


_QUESTIONS = [
    inbox.Asked(view, 1, datetime(2026, 1, 1, tzinfo=UTC), account, by_wait=by_wait, limit=5, before=before)
    for view in View
    for account in (None, AccountId(1))
    for by_wait in (False, True)
    for before in (None, inbox.Place(datetime(2026, 1, 2, tzinfo=UTC), ChatId(7)))
]


async def test_pages_of_a_file_come_from_an_index_in_its_order(file_desk: Desk) -> None:
    async with file_desk.store.read() as connection:
        for asked in _QUESTIONS:
            text = (
                inbox._page(inbox._shape(asked))
                .params(**inbox._values(asked))
                .compile(connection.engine.sync_engine, compile_kwargs={"literal_binds": True})
            )
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
            told = " ".join(str(row[-1]) for row in plan)
            assert "INDEX ix_chat_" in told, (asked, told)
            # The one sort that there is puts two pages together.
            assert told.count("USE TEMP B-TREE FOR ORDER BY") <= (not asked.is_by_wait), (asked, told)


async def test_pages_of_a_server_come_from_an_index_in_its_order(server_desk: Desk) -> None:
    async with server_desk.store.write() as unit:
        rows = [
            {"account_id": server_desk.account, "title": str(n), "title_key": str(n),
             "state": ("done", "open", "new", "spam", "snoozed", "waiting")[n % 6],
             "last_at": server_desk.clock.now() - timedelta(minutes=n % 977) if n % 9 else None,
             "assignee_id": n % 3 + 1 if n % 3 else None,
             "waiting_since": server_desk.clock.now() - timedelta(minutes=n % 643) if n % 4 == 0 else None}
            for n in range(20_000)
        ]  # fmt: skip
        await unit.connection.execute(sa.insert(chat), rows)
        await unit.connection.execute(sa.text("ANALYZE chat"))
    async with server_desk.store.read() as connection:
        for asked in _QUESTIONS:
            text = (
                inbox._page(inbox._shape(asked))
                .params(**inbox._values(asked))
                .compile(connection.engine.sync_engine, compile_kwargs={"literal_binds": True})
            )
            plan = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {text}")).scalar_one()
            assert "Seq Scan" not in str(plan), (asked, plan)
            assert "Index" in str(plan), (asked, plan)


async def test_the_clock_of_a_chat_that_waits_over_night_stands_still_until_the_office_opens(
    desk: Desk, eva: Viewing
) -> None:
    opening = Opening(desk.store, desk.clock, "Eva")
    await opening.set_week(desk.account, "mon-fri 09:00-17:00", "Europe/Amsterdam")
    await opening.set_level(desk.account, first_minutes=120, next_minutes=30, resolution_minutes=None)
    # A Tuesday; the customer writes at 16:00 in Amsterdam and has waited for one open hour when the office closes.
    desk.clock.advance((datetime(2026, 8, 18, 14, tzinfo=UTC) - desk.clock.now()).total_seconds())
    late = await customer(desk, "late", 0)
    due = datetime(2026, 8, 19, 8, tzinfo=UTC)

    async def stands(hours: float) -> tuple[ClockKind, datetime | None, Colour]:
        desk.clock.advance(hours * 3600)
        (row,) = await eva.list_inbox(View.WAITING)
        assert row.clock is not None
        return row.clock.kind, row.clock.due_at, row.clock.colour

    assert await stands(0) == (ClockKind.FIRST, due, Colour.GREY)
    assert await stands(16.9) == (ClockKind.FIRST, due, Colour.GREY)
    assert await stands(0.7) == (ClockKind.FIRST, due, Colour.AMBER)
    assert await stands(0.5) == (ClockKind.FIRST, due, Colour.RED)
    async with desk.store.write() as unit:
        await hear(unit, late, News((Heard(unit.now, "", is_own=True),)))
        await hear(unit, late, News((Heard(unit.now, "and?"),)))
    assert await stands(0) == (ClockKind.NEXT, desk.clock.now() + timedelta(minutes=30), Colour.GREY)


async def test_pauses_are_counted_in_the_open_hours_of_the_number(desk: Desk, eva: Viewing) -> None:
    opening = Opening(desk.store, desk.clock, "Eva")
    await opening.set_week(desk.account, "mon-fri 09:00-17:00", "Europe/Amsterdam")
    await opening.set_level(desk.account, first_minutes=60, resolution_minutes=None)
    desk.clock.advance((datetime(2026, 8, 18, 14, tzinfo=UTC) - desk.clock.now()).total_seconds())
    chat_id = await customer(desk, "Anna", 0)
    hand_ = hand(desk)
    # Tomorrow is as the office opens: one open hour in between, the night does not count.
    assert (await hand_.snooze(chat_id, Preset.TOMORROW)).handling.snoozed_until == datetime(2026, 8, 19, 7, tzinfo=UTC)
    desk.clock.advance(17 * 3600)
    assert (await hand_.wake(chat_id)).handling.stretch_paused_s == 3600
    (row,) = await eva.list_inbox(View.WAITING)
    assert row.clock is not None
    assert row.clock.due_at == datetime(2026, 8, 19, 8, tzinfo=UTC)


async def test_whose_clock_runs_out_first_comes_first_page_by_page(desk: Desk, eva: Viewing) -> None:
    async with desk.store.write() as unit:
        quick = await accounts.add_account(unit, "phone2", "com.whatsapp.w4b", "Werkplaats", "full")
    opening = Opening(desk.store, desk.clock, "Eva")
    await opening.set_level(desk.account, first_minutes=60, resolution_minutes=None)
    await opening.set_level(quick, first_minutes=5, resolution_minutes=None)
    for title, minutes, account in (("slow", 30, None), ("quick", 1, quick), ("slower", 10, None)):
        await customer(desk, title, minutes, account)
    await hand(desk).snooze(await customer(desk, "aside", 50), Preset.TOMORROW)
    whole = await eva.list_by_clock(View.TEAM)
    assert titles(whole) == ["quick", "slow", "slower"]
    paged: list[InboxRow] = []
    while page := await eva.list_by_clock(View.TEAM, limit=2, before=paged[-1].place if paged else None):
        paged += page
    assert titles(paged) == titles(whole)
    assert [row.clock for row in await eva.list_inbox(View.DONE)] == [None]
