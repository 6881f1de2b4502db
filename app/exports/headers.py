"""The beginning of a line: date, time, and the mark that a message starts here. Days are told once all lines are known.

A file has one layout: that of its first message. A line of another layout is text that somebody pasted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.domain.errors import BadInput
from app.domain.exported import DateOrder
from app.exports.words import MARKS, half_of

_HEADER = re.compile(
    r"(?P<open>\[)?"
    r"(?P<a>\d{1,4})\s?(?P<s1>[./\-年])\s?(?P<b>\d{1,2})\s?(?P<s2>[./\-月])\s?(?P<c>\d{1,4})(?P<end>\s?日|\.|\s?г\.)?"
    r"(?:\s?(?P<comma>[,،、])\s?|\s)(?P<before>[^\W\d_][^\W\d]{0,19}\.?)?\s?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s?(?P<after>[^\W\d_][^\d\[\]:()<>@/\-–]{0,15}))??"
    r"(?(open)\]\s?|\s[-–—]\s?)"
)
_LONGEST = 90
"""Characters looked at; the longest known beginning has some 40."""
_WORD_BEFORE = 5
"""A word between date and time that is no half of the day, as "à" or "klo", has so many letters at most."""
_FIRST_DAY = date(2009, 1, 1)
"""The app did not exist before."""
_END_OF_DAYS = date(2200, 1, 1)
_BACK = timedelta(days=2)
"""Lines stand in the phone's order; times go back by minutes, seldom by a day that a phone was off."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a message begins. `numbers` are the three numbers of its date as they stand; `rest` what follows."""

    numbers: tuple[int, int, int]
    minute: int
    rest: str
    layout: tuple[object, ...]
    is_bracketed: bool
    widths: tuple[int, int, int]
    separator: str


def read_header(line: str) -> Header | None:
    """Return the beginning of a message, None for a line that is none.

    Raises:
        UnknownHalf: The word beside the time is not known.
    """
    found = _HEADER.match(line[:_LONGEST].translate(MARKS))
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"]), _half(found)
    if hour > 24 or minute > 59 or int(found["second"] or 0) > 59:
        return None
    hour = hour % 24 if half is None or hour > 12 else hour % 12 + 12 * half
    widths = (len(found["a"]), len(found["b"]), len(found["c"]))
    layout = (
        found["open"], found["s1"], found["s2"], found["second"] is None, half is None,
        widths[0] > 2, widths[2] > 2, bool(found["comma"]),
    )  # fmt: skip
    spaced = found["s1"] + (" " if found.group().startswith(found["a"] + found["s1"] + " ") else "")
    return Header(
        (int(found["a"]), int(found["b"]), int(found["c"])), hour * 60 + minute, _after(line, found.end()), layout,
        bool(found["open"]), widths, spaced,
    )  # fmt: skip


class UnknownHalf(Exception):
    """A word beside the time, where the half of the day stands, is not known."""


def _half(found: re.Match[str]) -> bool | None:
    before, after = found["before"], found["after"]
    if after is not None:
        half = half_of(after)
        if half is None:
            raise UnknownHalf
        return half
    if before is None:
        return None
    half = half_of(before)
    if half is None and len(before) > _WORD_BEFORE:
        raise UnknownHalf
    return half


def _after(line: str, bare: int) -> str:
    """Return a line behind its first `bare` characters, direction marks not counted: they tell the app's own words."""
    index = 0
    while bare:
        bare -= ord(line[index]) not in MARKS
        index += 1
    return line[index:]


def day_of(header: Header, order: DateOrder) -> date | None:
    """Return the day that a header's numbers mean in an order, None where there is no such day."""
    a, b, c = header.numbers
    year, month, day = {DateOrder.DMY: (c, b, a), DateOrder.MDY: (c, a, b), DateOrder.YMD: (a, b, c)}[order]
    if year < 100:
        year += 2000
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _FIRST_DAY <= found < _END_OF_DAYS else None


def has_day(header: Header) -> bool:
    """Tell whether the numbers can be a day at all."""
    return any(day_of(header, order) for order in _written(header))


def _written(header: Header) -> tuple[DateOrder, ...]:
    """Return the orders that the form allows: no language puts the month first with points or hyphens (CLDR)."""
    if header.widths[0] > 2:
        return (DateOrder.YMD,)
    if header.widths[2] > 2:
        day_first = (DateOrder.DMY,)
        return (*day_first, DateOrder.MDY) if header.separator.startswith("/") else day_first
    if header.separator.startswith("/"):
        return tuple(DateOrder)
    if header.separator == ".":
        return (DateOrder.DMY,)
    return (DateOrder.DMY, DateOrder.YMD)


def find_order(headers: Sequence[Header], latest: date | None) -> DateOrder:
    """Return the one order in which all dates of a file make sense.

    An order is out where a number is no month or day, where a day lies after `latest`, or where the lines would go back
    by more than two days while in another order they do not.

    Raises:
        BadInput: Several orders are left, or none.
    """
    days = {order: [day_of(h, order) for h in headers] for order in _written(headers[0])}
    fits = {
        order: known for order, found in days.items()
        if len(known := [d for d in found if d is not None]) == len(found) and (latest is None or max(known) <= latest)
    }  # fmt: skip
    if not fits:
        raise BadInput(
            "the dates of the file fit no one order of day, month and year; give --order. Nothing was changed"
        )
    if len(set(map(tuple, fits.values()))) == 1:
        return next(iter(fits))
    steady = [order for order, known in fits.items() if all(b >= a - _BACK for a, b in pairwise(known))]
    if len(steady) == 1:
        return steady[0]
    choice = " or ".join(f"--order {order}" for order in (steady or fits))
    raise BadInput(f"the dates of the file can be read in more than one way; say {choice}. Nothing was changed")
