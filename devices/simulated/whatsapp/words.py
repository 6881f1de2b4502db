"""Speak one locale: words, days, dates and times as the app writes them on its screens.

A word that a locale lacks is the English one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from devices.simulated.whatsapp.word_tables import (
    ENGLISH,
    LIST_DATES,
    LONG_DATES,
    MONTHS,
    TABLES,
    WEEKDAYS,
)

NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one phone."""

    locale: str
    is_24h: bool

    @property
    def language(self) -> str:
        """The language alone; English for one without a table."""
        language = self.locale.replace("_", "-").partition("-")[0].lower()
        return language if language in TABLES else "en"

    def __call__(self, key: str, **values: object) -> str:
        """Return a word, filled in."""
        text = TABLES[self.language].get(key) or ENGLISH[key]
        return text.format(**values) if values else text

    def counted(self, key: str, number: int) -> str:
        """Return the singular or plural of `key`."""
        return self(f"{key}_one") if number == 1 else self(f"{key}_many", n=number)

    def time(self, moment: datetime) -> str:
        """Return `22:37`, or `10:37 pm` with a narrow no-break space."""
        if self.is_24h:
            return f"{moment:%H:%M}"
        hour = moment.hour % 12 or 12
        half = self("am") if moment.hour < 12 else self("pm")
        return f"{hour}:{moment.minute:02}{NARROW_SPACE}{half}"

    def long_date(self, day: date) -> str:
        """Return `28 May 2026` or `15 de abril de 2026`."""
        month = _spaced(MONTHS[self.language].split()[day.month - 1])
        form = LONG_DATES.get(self.language, "{d} {month} {y}")
        return form.format(d=day.day, month=month, y=day.year)

    def list_date(self, moment: datetime, now: datetime) -> tuple[str, str]:
        """Return text and description of a date in the chat list."""
        if moment.date() == now.date():
            return self.time(moment), self.time(moment)
        if moment.date() == now.date() - timedelta(days=1):
            return self("yesterday"), self("yesterday")
        day = moment.date()
        text = LIST_DATES[self.language].format(d=day.day, m=day.month, y=day.year, yy=day.year % 100)
        return text, self.long_date(day)

    def divider(self, day: date, today: date) -> str:
        """Return the text of a day divider: today, yesterday, a weekday of the last week, or a date."""
        age = (today - day).days
        if age == 0:
            return self("today")
        if age == 1:
            return self("yesterday")
        if 1 < age < 7:
            weekday = _spaced(WEEKDAYS[self.language].split()[day.weekday()])
            return weekday[0].upper() + weekday[1:]
        return self.long_date(day)

    def last_seen(self, moment: datetime, now: datetime) -> str:
        """Return the status line of a contact."""
        if moment.date() == now.date():
            return self("last_seen_today", time=self.time(moment))
        if moment.date() == now.date() - timedelta(days=1):
            return self("last_seen_yesterday", time=self.time(moment))
        return self("last_seen", date=self.list_date(moment, now)[0])


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def clock_length(seconds: int) -> str:
    """Return `0:07`."""
    return f"{seconds // 60}:{seconds % 60:02}"
