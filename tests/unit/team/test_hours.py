"""Open time: the vectors of product.md, nights, holidays, changes of the clock, and a counter of single minutes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.team.hours import (
    Calendar,
    Opening,
    add_open_seconds,
    calendar_of,
    calendar_values,
    is_open,
    moment_at,
    next_opening,
    open_seconds,
    open_until,
)

ZONE = ZoneInfo("Europe/Amsterdam")
HOUR = 3600


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def week(*blocks: tuple[int, int], days: range = range(5), **more: object) -> Calendar:
    openings = tuple(Opening(day, first * 60, last * 60) for day in days for first, last in blocks)
    return Calendar("Europe/Amsterdam", openings, **more)  # type: ignore[arg-type]


OFFICE = week((9, 17))
NIGHT = week((22, 6), days=range(7))


# -- counting -----------------------------------------------------------------------------------------


def test_time_before_the_opening_does_not_count() -> None:
    assert open_seconds(local(2026, 8, 18, 7), local(2026, 8, 18, 10), OFFICE) == HOUR


def test_a_weekend_does_not_count() -> None:
    assert open_seconds(local(2026, 8, 21, 16, 30), local(2026, 8, 24, 9, 30), OFFICE) == HOUR


def test_a_lunch_is_left_out() -> None:
    assert open_seconds(local(2026, 8, 18, 9), local(2026, 8, 18, 17), week((9, 12), (13, 17))) == 7 * HOUR


def test_a_night_in_which_the_clock_is_put_forward_is_an_hour_shorter_and_one_put_back_an_hour_longer() -> None:
    assert open_seconds(local(2026, 3, 27, 12), local(2026, 3, 28, 12), NIGHT) == 8 * HOUR
    assert open_seconds(local(2026, 3, 28, 12), local(2026, 3, 29, 12), NIGHT) == 7 * HOUR
    assert open_seconds(local(2026, 10, 24, 12), local(2026, 10, 25, 12), NIGHT) == 9 * HOUR


def test_an_end_that_is_not_after_the_start_gives_nothing() -> None:
    noon = local(2026, 8, 18, 12)
    assert open_seconds(noon, noon, OFFICE) == open_seconds(noon, noon - timedelta(hours=1), OFFICE) == 0
    assert open_seconds(noon, noon - timedelta(hours=1), None) == 0


def test_without_a_calendar_all_time_counts_and_with_an_empty_one_none() -> None:
    begin, end = local(2026, 3, 28, 12), local(2026, 3, 29, 12)
    assert open_seconds(begin, end, None) == 23 * HOUR
    assert open_seconds(begin, end, Calendar("Europe/Amsterdam")) == 0


def test_overlapping_blocks_count_once_even_over_midnight() -> None:
    calendar = week((9, 13), (12, 17), (16, 10), days=range(2))
    assert open_seconds(local(2026, 8, 17), local(2026, 8, 19), calendar) == (24 + 24 - 9) * HOUR


def test_a_day_may_be_open_around_the_clock() -> None:
    always = week((0, 0), days=range(7))
    assert open_seconds(local(2026, 3, 28), local(2026, 3, 30), always) == 47 * HOUR
    assert next_opening(local(2026, 3, 28), always) is None
    assert open_until(local(2026, 3, 28), always) is None
    assert open_seconds(local(2026, 8, 17), local(2026, 8, 19), week((0, 24), days=range(1))) == 24 * HOUR


def test_a_holiday_is_closed_and_the_night_before_runs_to_its_end() -> None:
    king = date(2026, 4, 27)
    assert open_seconds(local(2026, 4, 27), local(2026, 4, 28), week((9, 17), holidays=frozenset({king}))) == 0
    night = week((22, 6), days=range(7), holidays=frozenset({king}))
    assert open_seconds(local(2026, 4, 27), local(2026, 4, 28), night) == 6 * HOUR


def test_an_exception_goes_before_the_week_and_before_a_holiday() -> None:
    eve = date(2026, 12, 24)
    short = (eve, (Opening(eve.weekday(), 9 * 60, 12 * 60),))
    calendar = week((9, 17), holidays=frozenset({eve}), exceptions=(short,))
    assert open_seconds(local(2026, 12, 24), local(2026, 12, 25), calendar) == 3 * HOUR
    closed = week((9, 17), exceptions=((eve, ()),))
    assert open_seconds(local(2026, 12, 24), local(2026, 12, 25), closed) == 0


def test_a_time_that_the_clock_jumps_over_is_the_first_moment_after_it() -> None:
    calendar = Calendar("Europe/Amsterdam", (Opening(6, 2 * 60 + 30, 3 * 60 + 15),))
    assert open_seconds(local(2026, 3, 29), local(2026, 3, 30), calendar) == 15 * 60
    assert next_opening(local(2026, 3, 29), calendar) == local(2026, 3, 29, 3)
    back = Calendar("Europe/Amsterdam", (Opening(6, 2 * 60 + 30, 3 * 60),))
    assert open_seconds(local(2026, 10, 25), local(2026, 10, 26), back) == 90 * 60


def test_a_day_that_a_zone_left_out_is_no_time_at_all() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert moment_at(datetime.fromisoformat("2011-12-30T12:00"), apia) == datetime(2011, 12, 31, tzinfo=apia)
    calendar = Calendar("Pacific/Apia", tuple(Opening(day, 0, 0) for day in range(7)))
    begin, end = datetime(2011, 12, 29, tzinfo=apia), datetime(2012, 1, 1, tzinfo=apia)
    assert open_seconds(begin, end, calendar) == 48 * HOUR


# -- due ----------------------------------------------------------------------------------------------


def test_sixty_minutes_after_seven_are_ten_where_the_office_opens_at_nine() -> None:
    due = add_open_seconds(local(2026, 8, 18, 7), HOUR, OFFICE)
    assert due == local(2026, 8, 18, 10)
    assert due is not None
    assert due.tzinfo is UTC


def test_what_does_not_fit_before_closing_goes_on_at_the_next_opening() -> None:
    assert add_open_seconds(local(2026, 8, 21, 16, 30), HOUR, OFFICE) == local(2026, 8, 24, 9, 30)
    assert add_open_seconds(local(2026, 8, 21, 16), HOUR, OFFICE) == local(2026, 8, 21, 17)


def test_no_seconds_are_no_wait_and_no_open_time_is_no_due_time() -> None:
    night = local(2026, 8, 18, 3)
    assert add_open_seconds(night, 0, OFFICE) == night
    assert add_open_seconds(night, 1, Calendar("Europe/Amsterdam")) is None
    assert add_open_seconds(night, 90, None) == night + timedelta(seconds=90)
    with pytest.raises(ValueError, match="backwards"):
        add_open_seconds(night, -1, None)


# -- now ----------------------------------------------------------------------------------------------


def test_open_from_the_first_moment_up_to_the_last() -> None:
    nine, five = local(2026, 8, 18, 9), local(2026, 8, 18, 17)
    assert is_open(nine, OFFICE)
    assert not is_open(five, OFFICE)
    assert is_open(five - timedelta(microseconds=1), OFFICE)
    assert open_until(nine, OFFICE) == five
    assert open_until(five, OFFICE) is None
    assert next_opening(five, OFFICE) == nine + timedelta(days=1)
    assert next_opening(nine - timedelta(seconds=1), OFFICE) == nine
    assert next_opening(nine, OFFICE) == nine + timedelta(days=1)


def test_blocks_that_touch_are_one_opening() -> None:
    calendar = week((9, 12), (12, 17), (17, 0), (0, 3))
    assert open_until(local(2026, 8, 18, 10), calendar) == local(2026, 8, 19, 3)
    assert next_opening(local(2026, 8, 18, 10), calendar) == local(2026, 8, 19, 9)


def test_an_office_that_never_opens_or_never_closes_says_so() -> None:
    now, never = local(2026, 8, 18), Calendar("Europe/Amsterdam")
    assert not is_open(now, never)
    assert next_opening(now, never) is None
    assert is_open(now, None)
    assert next_opening(now, None) is None
    assert open_until(now, None) is None


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(datetime(2026, 8, 18), OFFICE)  # noqa: DTZ001


# -- written down -------------------------------------------------------------------------------------


def test_a_calendar_is_the_same_after_json() -> None:
    eve = date(2026, 12, 24)
    calendar = week(
        (9, 12), (13, 24), (22, 0),
        holidays=frozenset({date(2026, 12, 25), date(2026, 1, 1)}),
        exceptions=((eve, (Opening(eve.weekday(), 540, 720),)), (date(2026, 12, 31), ())),
    )  # fmt: skip
    assert calendar_of(json.loads(json.dumps(calendar_values(calendar)))) == calendar


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (None, "names with values"),
        ([], "names with values"),
        ({}, "names its zone"),
        ({"zone": "Europe/Nowhere"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": "Europe"}, "no time zone"),
        ({"zone": "UTC", "weeks": []}, "has no weeks"),
        ({"zone": "UTC", "week": {}}, "week is a list"),
        ({"zone": "UTC", "week": [7]}, "an opening is written"),
        ({"zone": "UTC", "week": [{"day": 7, "from": "09:00", "to": "10:00"}]}, "weekday"),
        ({"zone": "UTC", "week": [{"day": True, "from": "09:00", "to": "10:00"}]}, "day of an opening"),
        ({"zone": "UTC", "week": [{"day": 1, "from": "9:00", "to": "10:00"}]}, "written as 09:00"),
        ({"zone": "UTC", "week": [{"day": 1, "from": "24:00", "to": "10:00"}]}, "between"),
        ({"zone": "UTC", "week": [{"day": 1, "from": "09:60", "to": "10:00"}]}, "written as 09:00"),
        ({"zone": "UTC", "week": [{"day": 1, "from": "09:00", "to": "24:01"}]}, "between"),
        ({"zone": "UTC", "week": [{"day": 1, "from": "09:00", "to": "10:00", "x": 1}]}, "no x"),
        ({"zone": "UTC", "holidays": ["25-12-2026"]}, "written as 2026-12-25"),
        ({"zone": "UTC", "holidays": [20261225]}, "written as 2026-12-25"),
        ({"zone": "UTC", "exceptions": [{"date": "2026-12-24", "open": [{"from": "x", "to": "y"}]}]}, "09:00"),
        ({"zone": "UTC", "exceptions": [{"date": "2026-12-24"}, {"date": "2026-12-24"}]}, "one exception"),
    ],
)
def test_bad_values_are_told_apart(values: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        calendar_of(values)


def test_a_block_of_an_exception_belongs_to_its_day() -> None:
    with pytest.raises(ValueError, match="another weekday"):
        Calendar("UTC", exceptions=((date(2026, 12, 24), (Opening(0, 60, 120),)),))


# -- whatever the calendar ----------------------------------------------------------------------------

_BLOCKS = st.builds(Opening, st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440))
_WEEKS = st.sampled_from([date(2026, 3, 26), date(2026, 10, 22), date(2026, 8, 17)])


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    first = draw(_WEEKS)
    days = [first + timedelta(days=n) for n in range(5)]
    closed = draw(st.frozensets(st.sampled_from(days), max_size=2))
    other = draw(st.lists(st.sampled_from(days), unique=True, max_size=2))
    blocks = st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1440)), max_size=2)
    exceptions = tuple((d, tuple(Opening(d.weekday(), *block) for block in draw(blocks))) for d in other)
    calendar = Calendar("Europe/Amsterdam", tuple(draw(st.lists(_BLOCKS, max_size=6))), closed, exceptions)
    return calendar, datetime(first.year, first.month, first.day, tzinfo=ZONE).astimezone(UTC)


def minutes_open(calendar: Calendar, begin: datetime, minutes: int) -> set[int]:
    """Tell which minutes after `begin` are open, by walking them one by one with the clock on the wall in hand."""
    walk_from = begin - timedelta(days=2)
    count = minutes + 4 * 1440
    walls = [(walk_from + timedelta(minutes=n)).astimezone(ZONE).replace(tzinfo=None) for n in range(count)]
    first_at: dict[datetime, int] = {}
    latest = walls[0]
    for number, wall in enumerate(walls):  # every minute of a wall clock, at the first moment that shows or passes it
        while latest <= wall:
            first_at[latest] = number
            latest += timedelta(minutes=1)
    found: set[int] = set()
    exceptions = dict(calendar.exceptions)
    day = walls[0].date() + timedelta(days=1)
    while day < walls[-1].date() - timedelta(days=1):
        usual = [] if day in calendar.holidays else [b for b in calendar.week if b.weekday == day.weekday()]
        for block in exceptions.get(day, usual):
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
            length = block.end if block.end > block.start else block.end + 1440
            opens = first_at[midnight + timedelta(minutes=block.start)]
            found.update(range(opens, first_at[midnight + timedelta(minutes=length)]))
        day += timedelta(days=1)
    return {number - 2 * 1440 for number in found}


@settings(deadline=None, max_examples=30)
@given(calendars(), st.integers(0, 4000), st.integers(0, 3000))
def test_it_counts_what_a_walk_along_single_minutes_counts(
    given_: tuple[Calendar, datetime], skip: int, length: int
) -> None:
    calendar, begin = given_
    opened = minutes_open(calendar, begin, 7200)
    start = begin + timedelta(minutes=skip)
    expected = sum(1 for n in opened if skip <= n < skip + length)
    assert open_seconds(start, start + timedelta(minutes=length), calendar) == expected * 60
    assert is_open(start, calendar) == (skip in opened)
    until = open_until(start, calendar)
    if until is not None and until < begin + timedelta(minutes=7000):
        last = int((until - begin).total_seconds()) // 60
        assert set(range(skip, last)) <= opened
        assert last not in opened
    opens = next_opening(start, calendar)
    if opens is not None and opens < begin + timedelta(minutes=7000):
        at = int((opens - begin).total_seconds()) // 60
        assert at in opened
        assert at - 1 not in opened


@settings(deadline=None, max_examples=60)
@given(calendars(), st.lists(st.integers(0, 400_000), min_size=3, max_size=3))
def test_time_adds_up(given_: tuple[Calendar, datetime], seconds: list[int]) -> None:
    calendar, begin = given_
    first, middle, last = (begin + timedelta(seconds=n) for n in sorted(seconds))
    whole = open_seconds(first, last, calendar)
    assert open_seconds(first, middle, calendar) + open_seconds(middle, last, calendar) == whole
    assert 0 <= whole <= (last - first).total_seconds()


@settings(deadline=None, max_examples=60)
@given(calendars(), st.integers(0, 400_000), st.integers(1, 200_000))
@example((OFFICE, datetime(2026, 3, 26, tzinfo=UTC)), 0, 8 * HOUR)
def test_due_is_the_first_moment_by_which_the_time_has_passed(
    given_: tuple[Calendar, datetime], skip: int, seconds: int
) -> None:
    calendar, begin = given_
    start = begin + timedelta(seconds=skip)
    due = add_open_seconds(start, seconds, calendar)
    if due is None:
        assert open_seconds(start, start + timedelta(days=21), calendar) < seconds
    else:
        assert open_seconds(start, due, calendar) == seconds
        assert open_seconds(start, due - timedelta(seconds=1), calendar) == seconds - 1
