"""The presets of a snooze, with and without opening hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.team.hours import Calendar, Opening
from app.team.snoozing import Preset, custom_until, presets_at, snooze_until

PLACE = "Europe/Amsterdam"
ZONE = ZoneInfo(PLACE)
OFFICE = Calendar(PLACE, tuple(Opening(day, 8 * 60 + 30, 17 * 60) for day in range(5)))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=ZONE)


TUESDAY = local(18, 10)


def test_without_a_calendar_a_day_begins_at_nine() -> None:
    assert presets_at(TUESDAY, None, PLACE) == (
        (Preset.HOUR, local(18, 11)),
        (Preset.AFTERNOON, local(18, 13)),
        (Preset.TOMORROW, local(19, 9)),
        (Preset.NEXT_WEEK, local(24, 9)),
        (Preset.REPLY, None),
    )
    assert all(until is None or until.tzinfo is UTC for _, until in presets_at(TUESDAY, None, PLACE))


def test_with_a_calendar_it_begins_as_the_office_opens() -> None:
    assert snooze_until(Preset.TOMORROW, TUESDAY, OFFICE, "UTC") == local(19, 8, 30)
    assert snooze_until(Preset.TOMORROW, local(21, 12), OFFICE, "UTC") == local(24, 8, 30)
    assert snooze_until(Preset.NEXT_WEEK, TUESDAY, OFFICE, "UTC") == local(24, 8, 30)
    assert snooze_until(Preset.NEXT_WEEK, local(24, 7), OFFICE, "UTC") == local(31, 8, 30)
    closed = Calendar(PLACE, OFFICE.week, frozenset({date(2026, 8, 24)}))
    assert snooze_until(Preset.NEXT_WEEK, TUESDAY, closed, "UTC") == local(25, 8, 30)


def test_tomorrow_is_the_day_after_the_local_one() -> None:
    late = datetime(2026, 8, 18, 22, 30, tzinfo=UTC)
    assert snooze_until(Preset.TOMORROW, late, None, PLACE) == local(20, 9)


def test_an_office_that_never_closes_or_never_opens_begins_at_nine() -> None:
    always = Calendar(PLACE, tuple(Opening(day, 0, 0) for day in range(7)))
    for calendar in (always, Calendar(PLACE)):
        assert snooze_until(Preset.TOMORROW, TUESDAY, calendar, PLACE) == local(19, 9)


def test_a_night_shift_that_runs_at_midnight_is_not_the_opening() -> None:
    night = Calendar(PLACE, tuple(Opening(day, 20 * 60, 4 * 60) for day in range(7)))
    assert snooze_until(Preset.TOMORROW, TUESDAY, night, PLACE) == local(19, 20)
    from_midnight = Calendar(PLACE, tuple(Opening(day, 0, 4 * 60) for day in range(7)))
    assert snooze_until(Preset.TOMORROW, TUESDAY, from_midnight, PLACE) == local(19, 0)


def test_an_afternoon_that_has_begun_or_is_closed_is_not_offered() -> None:
    assert snooze_until(Preset.AFTERNOON, local(18, 13), None, PLACE) is None
    lunch = Calendar(PLACE, (Opening(1, 540, 750), Opening(1, 810, 1020)))
    assert snooze_until(Preset.AFTERNOON, TUESDAY, lunch, PLACE) == local(18, 13, 30)
    mornings = Calendar(PLACE, tuple(Opening(day, 540, 720) for day in range(5)))
    assert Preset.AFTERNOON not in dict(presets_at(TUESDAY, mornings, PLACE))


def test_a_moment_of_ones_own_is_local_and_later() -> None:
    assert custom_until(datetime.fromisoformat("2026-08-18T10:05"), TUESDAY, PLACE) == local(18, 10, 5)
    with pytest.raises(ValueError, match="later"):
        custom_until(datetime.fromisoformat("2026-08-18T10:00"), TUESDAY, PLACE)
