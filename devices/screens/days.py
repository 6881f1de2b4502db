"""Reads the minutes and days that a screen writes beside messages. An unreadable one is None, never a guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from app.domain.message import Shown
from devices.screens import words

_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})[:.h](\d{2})(?!\d|[.]\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})[./\-\s]\s*(\d{1,2})[./\-\s]\s*(\d{2,4})(?!\d)")


def _by_word(known: tuple[tuple[str, ...], ...], first: int, told: list[list[str]]) -> dict[str, int]:
    """Return which of a row of things a word names; CLDR adds words to those that were seen."""
    found = {words.fold(name).rstrip("."): n for n, names in enumerate(told, first) for name in names}
    return found | {words.fold(name): n for n, names in enumerate(known, first) for name in names}


_MONTH_OF = _by_word(words.MONTHS, 1, words.CLDR["months"])
_MONTHS_OF_MORE_WORDS = sorted((name for name in _MONTH_OF if not name.isalpha()), key=len, reverse=True)
_WEEKDAY_OF = _by_word(words.WEEKDAYS, 0, words.CLDR["weekdays"])
_AM, _PM = (frozenset(map(words.fold, half)) for half in words.CLDR["halves"])
_TODAY = frozenset(map(words.fold, words.TODAY))
_YESTERDAY = frozenset(map(words.fold, words.YESTERDAY))


@lru_cache(maxsize=2048)
def parse_minute(text: str) -> int | None:
    """Return minutes since midnight from "22:37", "10:52 PM", "下午3:05"; None when there is no time in the text."""
    plain = words.fold(_digits(text))
    match = _CLOCK.search(plain)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    rest = (plain[: match.start()] + " " + plain[match.end() :]).strip()
    if rest in _PM or rest.startswith(words.PM):
        hour = hour % 12 + 12
    elif rest in _AM or rest.startswith(words.AM):
        hour %= 12
    return hour * 60 + minute if hour < 24 and minute < 60 else None


@lru_cache(maxsize=512)
def parse_day(text: str, today: date, *, month_first: bool | None = None) -> date | None:
    """Return the day that a divider or the list's date column names; never one after `today`.

    Args:
        text: What stands there.
        today: The phone's own day.
        month_first: Whether this phone writes the month first in a date of numbers; None where that is not known.
    """
    plain = words.fold(_digits(text))
    if plain in _TODAY:
        return today
    if plain in _YESTERDAY:
        return today - timedelta(days=1)
    if plain.rstrip(".") in _WEEKDAY_OF:
        back = (today.weekday() - _WEEKDAY_OF[plain.rstrip(".")]) % 7 or 7
        return today - timedelta(days=back)
    found = _written(plain) or _numeric(plain, today, month_first)
    return found if found is not None and found <= today + timedelta(days=1) else None


def parse_when(text: str, desc: str, today: date, *, month_first: bool | None = None) -> Shown:
    """Return what the chat list's date column says: a time means today, a date means that day at an unknown minute."""
    # A date first: "18.08.26" holds what looks like a time.
    day = parse_day(desc, today, month_first=month_first) or parse_day(text, today, month_first=month_first)
    minute = None if day is not None else parse_minute(text)
    return Shown(minute, today if minute is not None else day)


def _written(plain: str) -> date | None:
    """Read "28 may 2026", "15 de abril de 2026", "july 21, 2026" and "2026年4月15日"."""
    eastern = re.fullmatch(r"(\d{4})[年년]\s*(\d{1,2})[月월]\s*(\d{1,2})[日일]", plain)
    if eastern:
        return _date(int(eastern[1]), int(eastern[2]), int(eastern[3]))
    month = None
    for name in _MONTHS_OF_MORE_WORDS:
        if name in plain:
            month, plain = _MONTH_OF[name], plain.replace(name, " ", 1)
            break
    tokens = re.findall(r"[^\W\d_]+|\d+", plain)
    month = month or next((_MONTH_OF[t] for t in tokens if t in _MONTH_OF), None)
    numbers = [int(t) for t in tokens if t.isdecimal() and len(t) <= 4]
    year = next((n for n in numbers if n >= 1900), None)
    day = next((n for n in numbers if 1 <= n <= 31), None)
    if month is None or year is None or day is None:
        return None
    return _date(year, month, day)


def _numeric(plain: str, today: date, month_first: bool | None) -> date | None:
    """Read 29/04/2026, 18.08.26, 2026-04-29; an order that the phone does not use only where the other cannot be."""
    match = _NUMERIC.search(plain)
    if match is None:
        return None
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    if first > 31:
        return _date(first, second, third)
    year = third if third >= 100 else 2000 + third
    usual, other = _date(year, second, first), _date(year, first, second)
    if month_first:
        usual, other = other, usual
    if usual is None or usual > today + timedelta(days=1):
        return other
    return usual


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _digits(text: str) -> str:
    """Replace digits of other scripts by ours."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() and unicodedata.digit(c, -1) >= 0 else c
        for c in text
    )
