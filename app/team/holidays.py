"""Holidays out of an iCalendar file (RFC 5545): its events of whole days. What the file holds else is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

MAX_TEXT = 2_000_000
"""Characters; a list of holidays is a few thousand."""
MAX_DAYS = 5_000
"""Days, and events, of one file."""
MAX_SPAN = 366
"""Days of one event."""
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_BREAK = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r'"[^"]*"')
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_DURATION = re.compile(r"\+?P(\d{1,4})([DW])", re.ASCII)


def parse_holidays(text: str) -> frozenset[date]:
    """Return the days that the all-day events of an iCalendar file cover.

    An event without an end is one day; an end is not part of it. Events with a time of day, cancelled ones and those
    that other components hold are passed over; a rule of repetition is not followed, so only the days named count.

    Raises:
        ValueError: It is no such file, is cut off, names an impossible day, or holds more than any list of holidays.
    """
    if len(text) > MAX_TEXT:
        raise ValueError("this file is too large for a list of holidays")
    days: set[date] = set()
    for number, event in enumerate(_events(_FOLD.sub("", text.removeprefix("\ufeff")))):
        days |= _days_of(event)
        if max(len(days), number) > MAX_DAYS:
            raise ValueError(f"a list of holidays has at most {MAX_DAYS} days and events")
    return frozenset(days)


def _events(text: str) -> Iterator[dict[str, str]]:
    """Yield the first value of each property of each event, by its name in capitals."""
    inside: list[str] = []
    event: dict[str, str] = {}
    was_calendar = False
    for line in _BREAK.split(text):
        name, value = _property(line)
        if name == "BEGIN":
            inside.append(value.upper())
            was_calendar = was_calendar or inside == ["VCALENDAR"]
            event = {} if inside == ["VCALENDAR", "VEVENT"] else event
        elif name == "END":
            if not inside or inside.pop() != value.upper():
                raise ValueError(f"this iCalendar file ends a {value[:40]} that it did not begin")
            if value.upper() == "VEVENT" and inside == ["VCALENDAR"]:
                yield event
        elif name and inside == ["VCALENDAR", "VEVENT"]:
            event.setdefault(name, value)
    if inside or not was_calendar:
        raise ValueError("this is not an iCalendar file, or it is cut off")


def _property(line: str) -> tuple[str, str]:
    """Return the name and the value of a line; what parameters it has says nothing that the value does not."""
    head, _, value = _QUOTED.sub("", line).partition(":")
    return head.partition(";")[0].strip().upper(), value.strip()


def _days_of(event: dict[str, str]) -> set[date]:
    first = _day_of(event.get("DTSTART", ""))
    if first is None or event.get("STATUS", "").upper() == "CANCELLED":
        return set()
    span = _span_of(event, first)
    if span > MAX_SPAN:
        raise ValueError(f"a holiday lasts at most {MAX_SPAN} days; one from {first} is longer")
    try:
        return {first + timedelta(days=n) for n in range(span)}
    except OverflowError as error:
        raise ValueError(f"there is no day after {date.max}") from error


def _span_of(event: dict[str, str], first: date) -> int:
    """Return how many days an event lasts, one at least."""
    end = _day_of(event.get("DTEND", ""))
    if end is not None:
        return max(1, (end - first).days)
    lasts = _DURATION.fullmatch(event.get("DURATION", ""))
    return max(1, int(lasts[1]) * (7 if lasts[2] == "W" else 1)) if lasts else 1


def _day_of(value: str) -> date | None:
    """Return the day of a value that is a whole day, None for any other."""
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise ValueError(f"there is no day {value}") from error
