"""Service levels: which clock runs, when it is due, pauses, colours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.team.clocks import ClockKind, Colour, ServiceLevel, clock_of, clocks_of
from app.team.hours import Calendar, Opening
from app.team.states import (
    Closed,
    Event,
    Handling,
    HumanOut,
    Inbound,
    MarkedSpam,
    Rules,
    Snoozed,
    TimePassed,
    step,
)

NOW = datetime(2026, 8, 18, 9, tzinfo=UTC)
OFFICE = Calendar("UTC", tuple(Opening(day, 9 * 60, 17 * 60) for day in range(5)))
FIRST = ServiceLevel(first_minutes=60, resolution_minutes=None)
ALL = ServiceLevel(first_minutes=20, next_minutes=40, resolution_minutes=100)
EVA = 1


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def after(*events: Event, calendar: Calendar | None = None) -> Handling:
    handling = Handling()
    for event in events:
        handling, _ = step(handling, event, Rules(calendar=calendar))
    return handling


def test_sixty_minutes_after_seven_are_due_at_ten() -> None:
    level = ServiceLevel(first_minutes=60, resolution_minutes=None, calendar=OFFICE)
    clock = clock_of(after(Inbound(at(-120)), calendar=OFFICE), level, at(-60))
    assert clock is not None
    assert (clock.kind, clock.started_at, clock.due_at) == (ClockKind.FIRST, at(-120), at(60))
    assert (clock.share_left, clock.colour, clock.is_paused) == (1, Colour.GREY, False)


@pytest.mark.parametrize(
    ("minutes", "share", "colour"),
    [
        (0, 1, Colour.GREY),
        (44, 16 / 60, Colour.GREY),
        (45, 0.25, Colour.AMBER),
        (60, 0, Colour.AMBER),
        (61, 0, Colour.RED),
    ],
)
def test_amber_from_a_quarter_left_and_red_when_it_is_over(minutes: int, share: float, colour: Colour) -> None:
    clock = clock_of(after(Inbound(at(0))), FIRST, at(minutes))
    assert clock is not None
    assert clock.share_left == pytest.approx(share)
    assert clock.colour is colour


def test_what_was_due_at_closing_is_red_in_the_evening() -> None:
    level = ServiceLevel(first_minutes=60, resolution_minutes=None, calendar=OFFICE)
    handling = after(Inbound(at(7 * 60)), calendar=OFFICE)
    clock = clock_of(handling, level, at(9 * 60))
    assert clock is not None
    assert (clock.due_at, clock.colour) == (at(8 * 60), Colour.RED)


def test_the_first_answer_the_next_one_and_the_whole_have_clocks_of_their_own() -> None:
    asked = (Inbound(at(0)),)
    again = (*asked, HumanOut(at(5), EVA), Inbound(at(30)))
    first, whole = clocks_of(after(*asked), ALL, at(1))
    assert [(one.kind, one.due_at) for one in (first, whole)] == [
        (ClockKind.FIRST, at(20)),
        (ClockKind.RESOLUTION, at(100)),
    ]
    following, whole = clocks_of(after(*again), ALL, at(31))
    assert (following.kind, following.due_at) == (ClockKind.NEXT, at(70))
    assert (whole.kind, whole.due_at) == (ClockKind.RESOLUTION, at(125))
    assert clock_of(after(*again), ALL, at(31)) == following
    assert clock_of(after(*again), ServiceLevel(resolution_minutes=None), at(31)) is None


def test_the_customers_turn_stops_the_clock_of_the_whole() -> None:
    handling = after(Inbound(at(0)), HumanOut(at(5), EVA))
    early, late = clock_of(handling, ALL, at(10)), clock_of(handling, ALL, at(500))
    assert early is not None
    assert late is not None
    assert early.is_paused
    assert early.share_left == late.share_left == pytest.approx(0.95)
    assert late.due_at == at(595)
    assert late.colour is Colour.GREY


def test_a_dated_snooze_stops_both_and_moves_what_is_due() -> None:
    snoozed = (Inbound(at(0)), Snoozed(at(10), EVA, at(60)))
    clocks = clocks_of(after(*snoozed), ALL, at(50))
    assert [(one.is_paused, one.due_at) for one in clocks] == [(True, at(60)), (True, at(140))]
    clocks = clocks_of(after(*snoozed, TimePassed(at(65))), ALL, at(65))
    assert [(one.is_paused, one.due_at) for one in clocks] == [(False, at(70)), (False, at(150))]


def test_what_was_late_before_it_was_put_aside_stays_late() -> None:
    late = (Inbound(at(0)), Snoozed(at(30), EVA, at(60)))
    first = clocks_of(after(*late), ALL, at(50))[0]
    assert (first.is_paused, first.colour, first.due_at) == (True, Colour.RED, at(20))
    first = clocks_of(after(*late, TimePassed(at(60))), ALL, at(60))[0]
    assert (first.is_paused, first.colour, first.due_at) == (False, Colour.RED, at(50))


def test_a_pause_while_the_office_is_closed_moves_nothing() -> None:
    level = ServiceLevel(first_minutes=60, resolution_minutes=None, calendar=OFFICE)
    snoozed = (Inbound(at(7 * 60 + 30)), Snoozed(at(7 * 60 + 40), EVA, at(23 * 60)))
    clock = clock_of(after(*snoozed, calendar=OFFICE), level, at(10 * 60))
    assert clock is not None
    assert (clock.is_paused, clock.due_at) == (True, at(24 * 60 + 50))
    clock = clock_of(after(*snoozed, TimePassed(at(23 * 60)), calendar=OFFICE), level, at(23 * 60))
    assert clock is not None
    assert (clock.is_paused, clock.due_at) == (False, at(24 * 60 + 50))


def test_a_snooze_until_the_customer_writes_stops_nothing_while_one_waits() -> None:
    clocks = clocks_of(after(Inbound(at(0)), Snoozed(at(10), EVA, None)), ALL, at(50))
    assert [(one.is_paused, one.colour) for one in clocks] == [(False, Colour.RED), (False, Colour.GREY)]


def test_done_and_spam_have_no_clock() -> None:
    assert clocks_of(Handling(), ALL, NOW) == ()
    assert clocks_of(after(Inbound(at(0)), Closed(at(1), EVA)), ALL, at(2)) == ()
    assert clocks_of(after(Inbound(at(0)), MarkedSpam(at(1), EVA)), ALL, at(2)) == ()


def test_an_office_that_never_opens_is_never_late() -> None:
    never = ServiceLevel(calendar=Calendar("UTC"))
    clock = clock_of(after(Inbound(at(0)), calendar=never.calendar), never, at(9000))
    assert clock is not None
    assert (clock.due_at, clock.share_left, clock.colour) == (None, 1, Colour.GREY)


def test_no_time_is_no_service_level() -> None:
    with pytest.raises(ValueError, match="one minute"):
        ServiceLevel(first_minutes=0)
