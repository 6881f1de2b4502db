"""Until when a chat sleeps: the presets of a snooze as moments (product.md 2.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.team.hours import Calendar, is_open, moment_at, next_opening, zone_of

MORNING = time(9)
"""When a day begins that no calendar gives an opening."""
AFTERNOON = time(13)


class Preset(StrEnum):
    """What an agent picks. A custom moment comes from `custom_until`."""

    HOUR = "hour"
    AFTERNOON = "afternoon"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"
    REPLY = "reply"
    """Until the customer writes, which ends every other snooze too."""


def presets_at(now: datetime, calendar: Calendar | None, zone: str) -> tuple[tuple[Preset, datetime | None], ...]:
    """Return the presets that can be picked now, each with its moment (UTC); None is until the customer writes.

    Args:
        now: The time now.
        calendar: The hours of the number; its own zone counts.
        zone: The zone where there is no calendar.
    """
    found: list[tuple[Preset, datetime | None]] = []
    for preset in Preset:
        until = snooze_until(preset, now, calendar, zone)
        if until is not None or preset is Preset.REPLY:
            found.append((preset, until))
    return tuple(found)


def snooze_until(preset: Preset, now: datetime, calendar: Calendar | None, zone: str) -> datetime | None:
    """Return the moment that a preset means now, in UTC.

    This afternoon is 13:00, or the opening after it; tomorrow and next week (Monday) begin as the office opens, on a
    later day where it stays closed, and at 9:00 where it never closes or never opens.

    Returns:
        None of a snooze until the customer writes, and of an afternoon that is over, has begun or is closed.
    """
    place = calendar.zone if calendar is not None else zone
    today = now.astimezone(zone_of(place)).date()
    if preset is Preset.HOUR:
        return now.astimezone(UTC) + timedelta(hours=1)
    if preset is Preset.AFTERNOON:
        return _afternoon(today, now, calendar, place)
    if preset is Preset.TOMORROW:
        return _opening_from(today + timedelta(days=1), calendar, place)
    if preset is Preset.NEXT_WEEK:
        return _opening_from(today + timedelta(days=7 - today.weekday()), calendar, place)
    return None


def custom_until(local: datetime, now: datetime, zone: str) -> datetime:
    """Return the moment (UTC) at which the clocks of a zone show a naive local time.

    Raises:
        ValueError: It is not later than now.
    """
    until = moment_at(local, zone_of(zone))
    if until <= now:
        raise ValueError("a snooze ends later than now")
    return until


def _afternoon(today: date, now: datetime, calendar: Calendar | None, place: str) -> datetime | None:
    zone = zone_of(place)
    begins = moment_at(datetime.combine(today, AFTERNOON), zone)
    if begins <= now:
        return None
    if is_open(begins, calendar):
        return begins
    opens = next_opening(begins, calendar)
    return opens if opens is not None and opens.astimezone(zone).date() == today else None


def _opening_from(day: date, calendar: Calendar | None, place: str) -> datetime:
    """Return the first opening of a day or after it."""
    zone = zone_of(place)
    midnight = moment_at(datetime.combine(day, time()), zone)
    opens = next_opening(midnight - timedelta(microseconds=1), calendar)
    return opens or moment_at(datetime.combine(day, MORNING), zone)
