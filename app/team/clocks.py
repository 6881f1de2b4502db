"""Service levels: which clocks run for a chat, when each is due, and how urgent it looks (product.md 4.5).

The clocks of the first and of the next response start when the customer begins to wait, so a case that was done without
an answer and comes back starts anew; that of the resolution starts with the case. What was paused is counted in open
seconds by `states` and shifts the due time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.team.hours import Calendar, add_open_seconds, open_seconds
from app.team.states import ChatState, Handling

AMBER_SHARE = 0.25
"""What is left, of the whole time, when a clock turns amber."""


class ClockKind(StrEnum):
    """What a clock measures."""

    FIRST = "first"
    NEXT = "next"
    RESOLUTION = "resolution"


class Colour(StrEnum):
    """How a clock looks."""

    GREY = "grey"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The minutes that a number allows itself, in open time; None: no clock of that kind.

    The calendar is the one that the rules of `states` count pauses with.
    """

    first_minutes: int | None = 15
    next_minutes: int | None = None
    resolution_minutes: int | None = 60
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        for minutes in (self.first_minutes, self.next_minutes, self.resolution_minutes):
            if minutes is not None and minutes <= 0:
                raise ValueError("a service level is one minute or more")


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as it stands now.

    Attributes:
        kind: What it measures.
        started_at: When it began.
        due_at: When its time is over, or was; of a paused clock: if it went on now. None: not within two years.
        share_left: What is left of the whole time, 1 to 0; in open time, so it stands still while the office is closed.
        is_paused: It stands still.
        colour: Grey, amber with a quarter or less left, red when it is overdue.
    """

    kind: ClockKind
    started_at: datetime
    due_at: datetime | None
    share_left: float
    is_paused: bool
    colour: Colour


def clock_of(handling: Handling, level: ServiceLevel, now: datetime) -> Clock | None:
    """Return the clock that matters most: the running one that is due first, else such a paused one."""
    clocks = clocks_of(handling, level, now)
    return min(clocks, key=lambda clock: (clock.is_paused, clock.due_at is None, clock.due_at or now), default=None)


def clocks_of(handling: Handling, level: ServiceLevel, now: datetime) -> tuple[Clock, ...]:
    """Return the clocks of a chat, running or paused: that of the response first. What is done or spam has none."""
    if handling.state in {ChatState.DONE, ChatState.SPAM} or handling.case is None:
        return ()
    clocks = []
    minutes = level.first_minutes if handling.case.is_unanswered else level.next_minutes
    if handling.waiting_since is not None and minutes is not None:
        kind = ClockKind.FIRST if handling.case.is_unanswered else ClockKind.NEXT
        stands_since = handling.paused_at if handling.is_wait_paused else None
        wait = _Time(handling.waiting_since, minutes * 60, handling.stretch_paused_s, stands_since)
        clocks.append(_clock(kind, wait, level.calendar, now))
    if level.resolution_minutes is not None:
        stands_since = handling.paused_at if handling.is_paused else None
        whole = _Time(handling.case.opened_at, level.resolution_minutes * 60, handling.case.paused_s, stands_since)
        clocks.append(_clock(ClockKind.RESOLUTION, whole, level.calendar, now))
    return tuple(clocks)


@dataclass(frozen=True, slots=True)
class _Time:
    """What a clock is given: its start, its open seconds, those of its past pauses, and since when it stands still."""

    started_at: datetime
    allowed_s: int
    paused_s: int
    stands_since: datetime | None


def _clock(kind: ClockKind, given: _Time, calendar: Calendar | None, now: datetime) -> Clock:
    at = given.stands_since or now
    due_at = add_open_seconds(given.started_at, given.allowed_s + given.paused_s, calendar)
    left_s = given.allowed_s + given.paused_s - open_seconds(given.started_at, at, calendar)
    share = min(1.0, max(0.0, left_s / given.allowed_s))
    colour = Colour.AMBER if share <= AMBER_SHARE else Colour.GREY
    if due_at is not None and at > due_at:
        colour = Colour.RED
    elif given.stands_since is not None:
        due_at = add_open_seconds(now, max(0, left_s), calendar)
    return Clock(kind, given.started_at, due_at, share, given.stands_since is not None, colour)
