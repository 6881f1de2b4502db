"""Times, days, greetings and opening hours as people write them, in Dutch and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.team.hours import Calendar, Opening, next_opening, zone_of


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language. Weekdays begin with Monday, months with January."""

    greetings: tuple[str, str, str]
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    months: tuple[str, ...]
    today: str
    tomorrow: str
    at: str
    through: str
    around_the_clock: str


PHRASES: dict[str, Phrases] = {
    "nl": Phrases(
        ("goedemorgen", "goedemiddag", "goedenavond"),
        ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
        ("ma", "di", "wo", "do", "vr", "za", "zo"),
        (
            *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
            *("augustus", "september", "oktober", "november", "december"),
        ),
        "vandaag", "morgen", "om", "t/m", "de hele dag",
    ),
    "en": Phrases(
        ("good morning", "good afternoon", "good evening"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        (
            *("January", "February", "March", "April", "May", "June", "July"),
            *("August", "September", "October", "November", "December"),
        ),
        "today", "tomorrow", "at", "to", "all day",
    ),
}  # fmt: skip


def phrases_of(language: str) -> Phrases:
    """Return the words of a language such as `nl` or `nl_NL`; of one that is not known the English ones."""
    return PHRASES.get(language[:2].lower(), PHRASES["en"])


def greeting_text(now: datetime, zone: str, language: str) -> str:
    """Return the greeting of the hour: a morning from 5, an afternoon from 12, an evening from 18 and in the night."""
    hour = now.astimezone(zone_of(zone)).hour
    part = 0 if 5 <= hour < 12 else 1 if 12 <= hour < 18 else 2
    return phrases_of(language).greetings[part]


def date_text(day: date, language: str) -> str:
    """Return a day with its weekday: `donderdag 20 augustus`."""
    words = phrases_of(language)
    return f"{words.weekdays[day.weekday()]} {day.day} {words.months[day.month - 1]}"


def opening_text(now: datetime, calendar: Calendar | None, language: str) -> str:
    """Return when the office opens next: `morgen om 9:00`; nothing where it never does, or never closes."""
    opens = next_opening(now, calendar)
    if opens is None or calendar is None:
        return ""
    words, zone = phrases_of(language), zone_of(calendar.zone)
    local = opens.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    day = words.today if days == 0 else words.tomorrow if days == 1 else words.weekdays[local.weekday()]
    if days >= 7:
        day = date_text(local.date(), language)
    return f"{day} {words.at} {local.hour}:{local.minute:02}"


def hours_text(calendar: Calendar | None, language: str) -> str:
    """Return the usual week: `ma t/m vr 9:00-17:00, za 10:00-14:00`; nothing where there are no hours."""
    if calendar is None:
        return ""
    words = phrases_of(language)
    runs: list[tuple[int, int, str]] = []
    for weekday in range(7):
        blocks = sorted((one for one in calendar.week if one.weekday == weekday), key=lambda one: one.start)
        hours = " / ".join(_block_text(one, words) for one in blocks)
        if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], weekday, hours)
        else:
            runs.append((weekday, weekday, hours))
    return ", ".join(f"{_days_text(first, last, words)} {hours}" for first, last, hours in runs if hours)


def _days_text(first: int, last: int, words: Phrases) -> str:
    if first == last:
        return words.short_weekdays[first]
    return f"{words.short_weekdays[first]} {words.through} {words.short_weekdays[last]}"


def _block_text(block: Opening, words: Phrases) -> str:
    if block.start == block.end % 1440 == 0:
        return words.around_the_clock
    return f"{_minute_text(block.start)}-{_minute_text(block.end)}"


def _minute_text(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
