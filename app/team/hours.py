"""The business calendar: when an office is open, and time counted in open seconds only (product.md 4.5, 5.1).

Every moment is aware; results are UTC. A local time that the clock jumps over is the first moment after the jump, one
that comes twice is the first of the two. No calendar (None) means that the office never closes: open time is wall time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=731)
"""How far ahead an opening is looked for: two years."""
_DAY = timedelta(days=1)
_DAY_MINUTES = 24 * 60
_CLOCK = re.compile(r"(\d\d):(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Opening:
    """A block of a weekday (Monday is 0) in minutes after local midnight.

    An `end` at or before the `start` is on the next day; the same minute twice is a whole day.
    """

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"a weekday is 0 (Monday) to 6 (Sunday), not {self.weekday}")
        if not (0 <= self.start < _DAY_MINUTES and 0 <= self.end <= _DAY_MINUTES):
            raise ValueError("an opening lies between 00:00 and 24:00")


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office is open, in its own zone: a week, days on which it is closed, days with other hours.

    Attributes:
        zone: An IANA name, such as Europe/Amsterdam.
        week: The blocks of a usual week, in any order; where they overlap, the time counts once.
        holidays: Days on which no block begins. A block of the day before still runs to its end.
        exceptions: Days with blocks of their own (none: closed); each goes before the week and before a holiday.

    Raises:
        ValueError: The zone is unknown, a day has two exceptions, or a block of one is of another weekday.
    """

    zone: str
    week: tuple[Opening, ...] = ()
    holidays: frozenset[date] = frozenset()
    exceptions: tuple[tuple[date, tuple[Opening, ...]], ...] = ()

    def __post_init__(self) -> None:
        zone_of(self.zone)
        days = [day for day, _ in self.exceptions]
        if len(set(days)) < len(days):
            raise ValueError("a day has one exception at most")
        for day, blocks in self.exceptions:
            if any(block.weekday != day.weekday() for block in blocks):
                raise ValueError(f"the blocks of {day} belong to another weekday")


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of that name.

    Raises:
        ValueError: There is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def moment_at(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC moment at which the clocks of a zone show a naive time for the first time, or have passed it."""
    at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local:
        return at
    # The clock jumps over it: find the jump, which is between what the offsets after and before it make of the time.
    first = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    seconds = int((at - first).total_seconds())
    before = first.astimezone(zone).utcoffset()
    jump = bisect_right(
        range(seconds), 0, key=lambda s: int((first + timedelta(seconds=s)).astimezone(zone).utcoffset() != before)
    )
    return first.replace(microsecond=0) + timedelta(seconds=jump)


def openings_on(day: date, calendar: Calendar) -> tuple[Opening, ...]:
    """Return the blocks that begin on a day, earliest first: those of its exception, of no holiday, of the week."""
    for exception, blocks in calendar.exceptions:
        if exception == day:
            return tuple(sorted(blocks, key=lambda block: block.start))
    if day in calendar.holidays:
        return ()
    blocks = tuple(block for block in calendar.week if block.weekday == day.weekday())
    return tuple(sorted(blocks, key=lambda block: block.start))


def open_seconds(start: datetime, end: datetime, calendar: Calendar | None) -> int:
    """Return the whole open seconds between two moments; 0 where the end is not after the start."""
    start, end = _utc(start), _utc(end)
    if start >= end:
        return 0
    if calendar is None:
        return int((end - start).total_seconds())
    total = timedelta()
    for begins, over in _stretches(start, end, calendar):
        total += min(over, end) - max(begins, start)
    return int(total.total_seconds())


def add_open_seconds(start: datetime, seconds: float, calendar: Calendar | None) -> datetime | None:
    """Return the first moment at which that many open seconds have passed since the start.

    It undoes `open_seconds`. None where the calendar has less open time than that in the two years after the start.

    Raises:
        ValueError: The seconds are negative.
    """
    if seconds < 0:
        raise ValueError("time is not counted backwards")
    start = _utc(start)
    left = timedelta(seconds=seconds)
    if calendar is None or not left:
        return start + left
    for begins, over in _stretches(start, start + HORIZON, calendar):
        first = max(begins, start)
        if over - first >= left:
            return first + left
        left -= over - first
    return None


def is_open(at: datetime, calendar: Calendar | None) -> bool:
    """Tell whether the office is open at a moment: from the start of a block up to, not including, its end."""
    at = _utc(at)
    if calendar is None:
        return True
    return any(True for _ in _stretches(at, at + timedelta(microseconds=1), calendar))


def next_opening(at: datetime, calendar: Calendar | None) -> datetime | None:
    """Return when the office opens next, after a moment. Where it is open then, that is after it has closed.

    None where it never closes, or does not open within two years.
    """
    at = _utc(at)
    if calendar is None:
        return None
    closed_from = at
    for begins, over in _stretches(at, at + HORIZON, calendar):
        if begins > closed_from:
            return begins
        closed_from = over
    return None


def open_until(at: datetime, calendar: Calendar | None) -> datetime | None:
    """Return when the office closes that is open at a moment.

    None where it is closed then, or stays open for two years.
    """
    at = _utc(at)
    if calendar is None:
        return None
    until = at
    for begins, over in _stretches(at, at + HORIZON, calendar):
        if begins > until:
            break
        until = over
    return until if at < until < at + HORIZON else None


def _stretches(start: datetime, end: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield what is open and touches [start, end): in order, without overlap, not cut at the borders."""
    zone = zone_of(calendar.zone)
    day = start.astimezone(zone).date() - _DAY
    last = end.astimezone(zone).date()
    covered = datetime.min.replace(tzinfo=UTC)
    while day <= last:
        midnight = datetime.combine(day, time())
        for block in openings_on(day, calendar):
            minutes = block.end if block.end > block.start else block.end + _DAY_MINUTES
            begins = max(covered, moment_at(midnight + timedelta(minutes=block.start), zone))
            over = moment_at(midnight + timedelta(minutes=minutes), zone)
            if begins < over:
                covered = over
                if begins < end and over > start:
                    yield begins, over
        day += _DAY


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)


def calendar_values(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar as JSON holds it."""
    return {
        "zone": calendar.zone,
        "week": [{"day": block.weekday, **_block_values(block)} for block in calendar.week],
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
        "exceptions": [
            {"date": day.isoformat(), "open": [_block_values(block) for block in blocks]}
            for day, blocks in calendar.exceptions
        ],
    }


def calendar_of(values: Any) -> Calendar:
    """Return the calendar that `calendar_values` wrote, or that a person wrote alike.

    Raises:
        ValueError: It is none, of whatever type; the text says what is wrong with it.
    """
    form = _mapping(values, "a calendar", {"zone", "week", "holidays", "exceptions"})
    zone = form.get("zone")
    if not isinstance(zone, str):
        raise ValueError("a calendar names its zone, such as Europe/Amsterdam")  # noqa: TRY004
    week = []
    for item in _items(form, "week"):
        block = _mapping(item, "an opening", {"day", "from", "to"})
        week.append(_block_of(block, _weekday_of(block.get("day"))))
    holidays = frozenset(_date_of(item) for item in _items(form, "holidays"))
    exceptions = []
    for item in _items(form, "exceptions"):
        other = _mapping(item, "an exception", {"date", "open"})
        day = _date_of(other.get("date"))
        blocks = [_mapping(block, "an opening", {"from", "to"}) for block in _items(other, "open")]
        exceptions.append((day, tuple(_block_of(block, day.weekday()) for block in blocks)))
    return Calendar(zone, tuple(week), holidays, tuple(exceptions))


def _block_values(block: Opening) -> dict[str, str]:
    return {"from": clock_text(block.start), "to": clock_text(block.end)}


def clock_text(minute: int) -> str:
    """Return a minute of the day as a clock shows it: `09:00`, up to `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _mapping(value: Any, what: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} is written as names with values")  # noqa: TRY004
    unknown = [str(name) for name in value if name not in known]
    if unknown:
        raise ValueError(f"{what} has no {', '.join(unknown)}")
    return value


def _items(form: Mapping[str, Any], name: str) -> list[Any]:
    value = form.get(name, [])
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is a list")  # noqa: TRY004
    return list(value)


def _weekday_of(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("the day of an opening is 0 (Monday) to 6 (Sunday)")  # noqa: TRY004
    return value


def _block_of(form: Mapping[str, Any], weekday: int) -> Opening:
    return Opening(weekday, _minute_of(form.get("from")), _minute_of(form.get("to")))


def _minute_of(value: Any) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[2]) > 59:
        raise ValueError(f"a time of day is written as 09:00, not {value!r}")
    return int(found[1]) * 60 + int(found[2])


def _date_of(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"a day is written as 2026-12-25, not {value!r}") from error
