"""Opening hours, holidays and service levels of a number, on a file and on a server."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.services.opening import Opening, parse_week, week_text
from app.store.engine import RowChanged
from app.team.cases import Case
from app.team.clocks import ClockKind, ServiceLevel
from app.team.hours import Calendar
from app.team.hours import Opening as Block
from app.team.states import ChatState, Handling
from tests.store.conftest import Desk

WEEK = "mon-fri 09:00-12:30 13:00-17:30; sat 10:00-14:00"
ICS = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260818\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
NEW_YEAR = ICS.replace(b"20260818", b"20270101")


@pytest.fixture
def eva(desk: Desk) -> Opening:
    return Opening(desk.store, desk.clock, "eva")


async def test_a_number_without_hours_is_always_open(desk: Desk, eva: Opening) -> None:
    now = await eva.now(desk.account)
    assert (now.is_open, now.until, now.opens) == (True, None, None)
    assert (await eva.get(desk.account)).level == ServiceLevel()


async def test_hours_are_kept_and_tell_until_when_it_is_open(desk: Desk, eva: Opening) -> None:
    told: list[RowChanged] = []
    desk.store.listen(told.extend)
    kept = await eva.set_week(desk.account, WEEK)
    assert kept.calendar is not None
    assert (week_text(kept.calendar), kept.calendar.zone, kept.changed_by) == (WEEK, "Europe/Amsterdam", "eva")
    assert told == [RowChanged("hours", str(desk.account))]
    # A Tuesday, 13:33 in Amsterdam.
    now = await eva.now(desk.account)
    assert (now.is_open, now.until) == (True, datetime(2026, 8, 18, 15, 30, tzinfo=UTC))
    assert now.opens == datetime(2026, 8, 19, 7, tzinfo=UTC)
    assert (await eva.set_week(desk.account, "OFF")).calendar is None


async def test_holidays_are_added_and_stay_when_the_week_changes(desk: Desk, eva: Opening) -> None:
    with pytest.raises(BadInput, match="no opening hours yet"):
        await eva.import_holidays(desk.account, ICS)
    await eva.set_week(desk.account, WEEK)
    assert await eva.import_holidays(desk.account, ICS) == {date(2026, 8, 18)}
    assert await eva.import_holidays(desk.account, ICS) == frozenset()
    assert not (await eva.now(desk.account)).is_open
    await eva.import_holidays(desk.account, NEW_YEAR)
    changed = await eva.set_week(desk.account, "ma 10:00-11:00", "Europe/London")
    assert changed.calendar is not None
    assert changed.calendar.holidays == {date(2026, 8, 18), date(2027, 1, 1)}
    await eva.import_holidays(desk.account, NEW_YEAR, instead=True)
    assert (await eva.now(desk.account)).opens == datetime(2026, 8, 24, 9, tzinfo=UTC)
    for data in (b"\xff", b"hello", ICS[:40]):
        with pytest.raises(BadInput, match="nothing was changed"):
            await eva.import_holidays(desk.account, data)


async def test_a_service_level_is_kept_beside_the_hours(desk: Desk, eva: Opening) -> None:
    await eva.set_level(desk.account, first_minutes=30, resolution_minutes=None)
    kept = await eva.set_week(desk.account, WEEK)
    assert kept.level == ServiceLevel(30, None, None, kept.calendar)
    assert (await eva.set_level(desk.account, next_minutes=5)).level.first_minutes == 30
    for wrong in (0, -1, 10**6):
        with pytest.raises(BadInput, match="nothing was changed"):
            await eva.set_level(desk.account, first_minutes=wrong)


async def test_the_clocks_of_a_chat_run_in_the_hours_of_its_number(desk: Desk, eva: Opening) -> None:
    await eva.set_week(desk.account, "tue 09:00-13:40; wed 09:00-17:00")
    since = datetime(2026, 8, 18, 11, 30, tzinfo=UTC)
    handling = Handling(ChatState.NEW, waiting_since=since, case=Case(1, since))
    first, whole = await eva.clocks(desk.chat, handling)
    assert (first.kind, first.due_at) == (ClockKind.FIRST, datetime(2026, 8, 19, 7, 5, tzinfo=UTC))
    assert whole.due_at == datetime(2026, 8, 19, 7, 50, tzinfo=UTC)
    assert await eva.clocks(desk.chat, Handling()) == ()
    with pytest.raises(BadInput, match="no chat"):
        await eva.clocks(ChatId(99), handling)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "mon",
        "mon 9",
        "mon 09:00-25:00",
        "mon 09:60-10:00",
        "foo 09:00-10:00",
        "mon-foo 09:00-10:00",
        "mon 24:00-01:00",
    ],
)
async def test_what_is_no_week_is_refused(desk: Desk, eva: Opening, text: str) -> None:
    await eva.set_week(desk.account, WEEK)
    with pytest.raises(BadInput, match="Nothing was changed"):
        await eva.set_week(desk.account, text)
    with pytest.raises(BadInput, match="no time zone"):
        await eva.set_week(desk.account, WEEK, "Europe/Nowhere")
    kept = (await eva.get(desk.account)).calendar
    assert kept is not None
    assert week_text(kept) == WEEK


def test_days_are_read_in_two_languages_and_over_the_end_of_the_week() -> None:
    assert parse_week("vr-ma 9:00-10:00") == parse_week("fri,sat,sun,mon 09:00-10:00")
    assert {one.weekday for one in parse_week("vr-ma 9:00-10:00")} == {4, 5, 6, 0}
    assert parse_week("sat 22:00-02:00; sun 00:00-24:00") == (Block(5, 1320, 120), Block(6, 0, 1440))


blocks = st.builds(Block, st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440))


@given(st.frozensets(blocks, min_size=1, max_size=12))
def test_any_week_is_read_as_it_was_written(week: frozenset[Block]) -> None:
    text = week_text(Calendar("Europe/Amsterdam", tuple(week)))
    assert frozenset(parse_week(text)) == week
