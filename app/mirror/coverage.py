"""For which minutes the mirror of a chat is whole: only there can a file be said to belong to a known message.

Minutes are counted on the phone's own clock face, since that is what bubbles show.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from app.domain.message import Shown

EVER, NEVER = -(1 << 60), 1 << 60
DAY = 24 * 60
_LIST_SLACK = 1
"""A row of the chat list may be a minute older than what came while it was read."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What coverage needs of a message: its minute, None where it is not known, and whether something is missing."""

    minute: int | None
    gap_before: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """What is known of both ends of a chat's part of the mirror.

    `has_start`: nothing is missing before the first message. `last`: the minute of the newest message by the chat
    list, None where the list shows none. `seen`: the minute at which the list was last compared, None for never.
    `is_current`: all that the list tells of was read.
    """

    has_start: bool
    last: int | None
    seen: int | None
    is_current: bool


def minute_of(day: date, minute: int) -> int:
    """Return a minute of a day as one number."""
    return day.toordinal() * DAY + minute


def minute_at(at_s: int, zone: tzinfo) -> tuple[int, bool]:
    """Return the minute that clocks of a zone showed at a Unix time, and whether they were just moved, or soon are.

    From shortly before until an hour after that, minutes do not tell how long ago another was.

    Raises:
        ValueError: No calendar has that time.
    """
    try:
        local = datetime.fromtimestamp(at_s, zone)
        before, after = (datetime.fromtimestamp(at_s + beside, zone).utcoffset() for beside in (-3600, 180))
    except (OverflowError, OSError) as error:
        raise ValueError("no such time") from error
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return minute_of(local.date(), local.hour * 60 + local.minute), is_twice or before != after


def shown_minute(shown: Shown) -> int | None:
    """Return the minute that a bubble shows, None where day or minute is not known."""
    return None if shown.day is None or shown.minute is None else minute_of(shown.day, shown.minute)


def whole_spans(messages: Sequence[Dated], ends: Ends) -> list[tuple[int, int]]:
    """Return the spans of minutes, both ends included, in which no message of the chat is unknown."""
    spans: list[tuple[int, int]] = []
    start = EVER if ends.has_start else NEVER
    last: int | None = None
    for one in messages:
        if one.gap_before:
            _add(spans, start, None if last is None else last - 1)
            start = NEVER
        if one.minute is None:
            continue
        if start == NEVER:
            # Others of its minute may stand before it.
            start = one.minute + 1
        last = one.minute
    until = None if ends.seen is None else ends.seen - 1 - _LIST_SLACK
    is_newest = ends.is_current and last is not None and (ends.last is None or ends.last <= last + _LIST_SLACK)
    end = None if last is None else last - 1
    _add(spans, start, until if is_newest and until is not None else end)
    _add(spans, EVER if ends.last is None else ends.last + 1 + _LIST_SLACK, until)
    return spans


def _add(spans: list[tuple[int, int]], start: int, end: int | None) -> None:
    if end is not None and start <= end:
        spans.append((start, end))


def whole_in_all(chats: Iterable[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return the spans that lie within one span of each chat, none within another of them."""
    shared = [(EVER, NEVER)]
    for spans in chats:
        found = [(max(a, c), min(b, d)) for a, b in shared for c, d in spans if max(a, c) <= min(b, d)]
        shared = []
        # By start, the longer first: what ends no later than one before lies within it.
        for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if not shared or end > shared[-1][1]:
                shared.append((start, end))
    return shared


def covers(spans: Sequence[tuple[int, int]], first: int, last: int) -> bool:
    """Tell whether one span holds all the minutes from `first` to `last`."""
    at = bisect_right(spans, (first, NEVER + 1)) - 1
    return at >= 0 and spans[at][0] <= first and last <= spans[at][1]
