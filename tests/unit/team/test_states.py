"""What becomes of a chat: states, owners, waiting, snoozes, spam, cases, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.team.hours import Calendar, Opening
from app.team.states import (
    Assigned,
    AutoOut,
    ChatState,
    Closed,
    Event,
    Handling,
    HumanOut,
    Inbound,
    Kind,
    MarkedSpam,
    NotPossible,
    NotSpam,
    PhoneOut,
    Record,
    Reopened,
    Rules,
    Snoozed,
    Taken,
    TimePassed,
    Unassigned,
    Woken,
    step,
)

NOW = datetime(2026, 8, 18, 9, tzinfo=UTC)
EVA, BRAM = 1, 2
RULES = Rules()


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def after(*events: Event, rules: Rules = RULES) -> Handling:
    return run(*events, rules=rules)[0]


def run(*events: Event, rules: Rules = RULES) -> tuple[Handling, list[Record]]:
    handling, records = Handling(), []
    for event in events:
        handling, more = step(handling, event, rules)
        records += more
    return handling, records


def kinds(*events: Event) -> list[Kind]:
    return [record.kind for record in run(*events)[1]]


ASKED = Inbound(at(0), "Is de pomp binnen?")
ANSWERED = (ASKED, HumanOut(at(5), EVA))
DONE = (*ANSWERED, Closed(at(10), EVA))


# -- writing ------------------------------------------------------------------------------------------


def test_the_first_message_opens_a_case_that_is_new_until_a_person_answers() -> None:
    handling = after(ASKED, Inbound(at(1)), AutoOut(at(2)), Inbound(at(3)))
    assert (handling.state, handling.waiting_since, handling.assignee) == (ChatState.NEW, at(0), None)
    assert handling.case is not None
    assert (handling.case.number, handling.case.opened_at, handling.case.first_inbound_at) == (1, at(0), at(0))
    assert handling.case.is_unanswered
    assert kinds(ASKED) == [Kind.OPEN, Kind.INBOUND]


def test_who_replies_first_owns_it_and_the_customer_is_up() -> None:
    handling, records = run(*ANSWERED, HumanOut(at(6), BRAM))
    assert (handling.state, handling.waiting_since, handling.assignee) == (ChatState.WAITING, None, EVA)
    assert handling.case is not None
    assert handling.case.first_answer_at == at(5)
    given_to = [record for record in records if record.kind is Kind.ASSIGN]
    assert [(one.from_agent, one.to_agent, one.by) for one in given_to] == [(None, EVA, EVA)]


def test_a_reply_typed_on_the_phone_answers_and_takes_nobody() -> None:
    handling = after(ASKED, PhoneOut(at(4)))
    assert (handling.state, handling.waiting_since, handling.assignee) == (ChatState.WAITING, None, None)
    assert handling.case is not None
    assert handling.case.first_answer_at == at(4)


def test_an_automatic_reply_clears_nothing() -> None:
    assert after(ASKED, AutoOut(at(1))) == after(ASKED)
    assert kinds(ASKED, AutoOut(at(1)))[-1] is Kind.AUTO_OUT


def test_a_customer_who_writes_again_waits_since_then_and_is_not_new() -> None:
    handling = after(*ANSWERED, Inbound(at(20), "bedankt"), Inbound(at(30)))
    assert (handling.state, handling.waiting_since, handling.assignee) == (ChatState.OPEN, at(20), EVA)


def test_a_case_that_we_begin_has_no_first_answer_until_the_customer_wrote() -> None:
    handling = after(HumanOut(at(0), EVA))
    assert (handling.state, handling.assignee) == (ChatState.WAITING, EVA)
    assert handling.case is not None
    assert handling.case.is_ours
    assert handling.case.first_answer_at is None
    handling = after(HumanOut(at(0), EVA), Inbound(at(0)))
    assert handling.state is ChatState.OPEN
    assert handling.case is not None
    assert handling.case.is_ours
    assert not handling.case.is_unanswered


# -- owners -------------------------------------------------------------------------------------------


def test_taking_moves_a_chat_and_taking_again_is_nothing() -> None:
    handling, records = run(*ANSWERED, Taken(at(6), BRAM), Taken(at(7), BRAM))
    assert handling.assignee == BRAM
    assert [(r.from_agent, r.to_agent) for r in records if r.kind is Kind.ASSIGN] == [(None, EVA), (EVA, BRAM)]
    assert after(ASKED, Taken(at(1), EVA)).state is ChatState.NEW


def test_a_hand_over_needs_a_note_but_the_program_and_oneself_need_none() -> None:
    with pytest.raises(NotPossible, match="next agent"):
        after(*ANSWERED, Assigned(at(6), BRAM, EVA, "  "))
    handling, records = run(*ANSWERED, Assigned(at(6), BRAM, EVA, " belt om 4 "))
    assert (handling.assignee, records[-1].note, records[-1].by) == (BRAM, "belt om 4", EVA)
    assert after(ASKED, Assigned(at(1), BRAM, None)).assignee == BRAM
    assert after(ASKED, Assigned(at(1), BRAM, BRAM)).assignee == BRAM
    assert kinds(*ANSWERED, Assigned(at(6), EVA, BRAM)) == kinds(*ANSWERED)


def test_a_chat_can_be_given_back() -> None:
    handling, records = run(*ANSWERED, Unassigned(at(6), EVA), Unassigned(at(7), EVA))
    assert handling.assignee is None
    assert (records[-1].from_agent, records[-1].to_agent) == (EVA, None)
    assert sum(record.kind is Kind.ASSIGN for record in records) == 2


# -- snoozes ------------------------------------------------------------------------------------------


def test_a_snooze_ends_at_its_time() -> None:
    snoozed = (*ANSWERED, Snoozed(at(6), EVA, at(60)))
    assert after(*snoozed, TimePassed(at(59))).state is ChatState.SNOOZED
    assert after(*snoozed, TimePassed(at(60))).state is ChatState.OPEN
    handling, records = run(*snoozed, TimePassed(at(75)), TimePassed(at(76)))
    assert (handling.state, handling.snoozed_until) == (ChatState.OPEN, None)
    assert (records[-1].kind, records[-1].at, records[-1].by) == (Kind.WAKE, at(60), None)


@pytest.mark.parametrize("until", [at(600), None])
def test_a_customer_wakes_any_snooze(until: datetime | None) -> None:
    handling, records = run(*ANSWERED, Snoozed(at(6), EVA, until), TimePassed(at(7)), Inbound(at(8)))
    assert (handling.state, handling.snoozed_for_reply, handling.waiting_since) == (ChatState.OPEN, False, at(8))
    assert [record.kind for record in records[-2:]] == [Kind.WAKE, Kind.INBOUND]


def test_a_reply_leaves_a_snooze_as_it_is_but_nobody_waits() -> None:
    handling = after(ASKED, Snoozed(at(1), EVA, at(60)), HumanOut(at(2), EVA))
    assert (handling.state, handling.snoozed_until, handling.waiting_since) == (ChatState.SNOOZED, at(60), None)


def test_a_snooze_replaces_another_and_can_be_ended_by_hand() -> None:
    handling = after(ASKED, Snoozed(at(1), EVA, at(60)), Snoozed(at(2), EVA, None))
    assert (handling.snoozed_until, handling.snoozed_for_reply) == (None, True)
    assert step(handling, Woken(at(3), EVA), RULES)[0].state is ChatState.OPEN
    assert kinds(ASKED, Woken(at(3), EVA)) == kinds(ASKED)


def test_only_an_open_chat_is_snoozed_and_only_until_later() -> None:
    for events in (DONE, (ASKED, MarkedSpam(at(1), EVA))):
        with pytest.raises(NotPossible, match="open chat"):
            after(*events, Snoozed(at(11), EVA, None))
    with pytest.raises(NotPossible, match="later"):
        after(ASKED, Snoozed(at(5), EVA, at(5)))


# -- done, and back -----------------------------------------------------------------------------------


def test_done_keeps_the_owner_and_nobody_waits() -> None:
    handling = after(ASKED, Taken(at(1), EVA), Closed(at(2), EVA))
    assert (handling.state, handling.assignee, handling.waiting_since) == (ChatState.DONE, EVA, None)
    assert handling.case is not None
    assert handling.case.closed_at == at(2)
    assert kinds(*DONE, Closed(at(11), BRAM)) == kinds(*DONE)


def test_within_the_hours_the_case_goes_on_and_after_them_another_begins() -> None:
    limit = 10 + 72 * 60
    handling, records = run(*DONE, Inbound(at(limit)))
    assert (handling.state, handling.assignee, handling.waiting_since) == (ChatState.OPEN, EVA, at(limit))
    assert handling.case is not None
    assert (handling.case.number, handling.case.reopen_count, handling.case.closed_at) == (1, 1, None)
    assert [record.kind for record in records[-2:]] == [Kind.REOPEN, Kind.INBOUND]

    handling, records = run(*DONE, Inbound(at(limit + 1)))
    assert (handling.state, handling.assignee) == (ChatState.NEW, None)
    assert handling.case is not None
    assert (handling.case.number, handling.case.opened_at, handling.case.reopen_count) == (2, at(limit + 1), 0)
    assert [(r.kind, r.case) for r in records[-2:]] == [(Kind.OPEN, 2), (Kind.INBOUND, 2)]


def test_a_message_from_before_done_that_was_read_after_it_reopens() -> None:
    handling = after(*DONE, Inbound(at(9)))
    assert (handling.state, handling.waiting_since) == (ChatState.OPEN, at(9))


def test_thanks_and_the_digit_of_a_survey_leave_a_done_chat_done() -> None:
    assert after(*DONE, Inbound(at(20), "Bedankt!!")) == after(*DONE)
    assert after(*DONE, Inbound(at(20), "4", after_survey=True)) == after(*DONE)
    assert after(*DONE, Inbound(at(20), "4")).state is ChatState.OPEN
    assert after(*DONE, Inbound(at(20))).state is ChatState.OPEN
    assert kinds(*DONE, Inbound(at(20), "ok"))[-1] is Kind.INBOUND
    assert after(Inbound(at(0), "ok")).state is ChatState.NEW


def test_a_reply_after_done_leaves_it_done_unless_that_is_long_ago() -> None:
    handling = after(ASKED, Closed(at(1), EVA), HumanOut(at(2), EVA))
    assert (handling.state, handling.assignee) == (ChatState.DONE, EVA)
    assert handling.case is not None
    assert handling.case.first_answer_at == at(2)
    handling = after(*DONE, PhoneOut(at(11 + 72 * 60)))
    assert handling.state is ChatState.WAITING
    assert handling.case is not None
    assert (handling.case.number, handling.case.is_ours) == (2, True)


def test_a_person_reopens_however_late_it_is() -> None:
    handling = after(*DONE, Reopened(at(90_000), BRAM))
    assert (handling.state, handling.waiting_since, handling.assignee) == (ChatState.OPEN, None, EVA)
    assert handling.case is not None
    assert (handling.case.number, handling.case.reopen_count) == (1, 1)
    assert kinds(ASKED, Reopened(at(1), EVA)) == kinds(ASKED)
    with pytest.raises(NotPossible, match="nothing happened"):
        after(Reopened(at(1), EVA))
    with pytest.raises(NotPossible, match="no spam"):
        after(ASKED, MarkedSpam(at(1), EVA), Reopened(at(2), EVA))


# -- spam ---------------------------------------------------------------------------------------------


def test_spam_stays_spam_until_a_person_says_otherwise() -> None:
    spam = (ASKED, Taken(at(1), EVA), MarkedSpam(at(2), EVA))
    handling = after(*spam, Inbound(at(3)), PhoneOut(at(4)), Inbound(at(5)), TimePassed(at(6)))
    assert (handling.state, handling.assignee) == (ChatState.SPAM, None)
    assert after(*spam, HumanOut(at(3), BRAM)).assignee is None
    with pytest.raises(NotPossible, match="nobody owns spam"):
        after(*spam, Taken(at(3), EVA))
    assert kinds(*spam, MarkedSpam(at(3), EVA)) == kinds(*spam)
    assert kinds(ASKED, NotSpam(at(1), EVA)) == kinds(ASKED)


def test_who_was_no_spam_waits_since_they_wrote() -> None:
    handling = after(ASKED, MarkedSpam(at(2), EVA), Inbound(at(3)), NotSpam(at(9), EVA))
    assert (handling.state, handling.waiting_since) == (ChatState.NEW, at(0))
    handling, records = run(*DONE, MarkedSpam(at(20), EVA), Inbound(at(30)), NotSpam(at(40), EVA))
    assert (handling.state, handling.waiting_since) == (ChatState.OPEN, at(30))
    assert handling.case is not None
    assert handling.case.reopen_count == 1
    assert sum(record.kind is Kind.INBOUND for record in records) == 2
    assert after(*DONE, MarkedSpam(at(20), EVA), NotSpam(at(21), EVA)).state is ChatState.DONE
    assert after(*ANSWERED, MarkedSpam(at(20), EVA), NotSpam(at(21), EVA)).state is ChatState.OPEN
    handling = after(MarkedSpam(at(0), EVA), Inbound(at(1)), NotSpam(at(2), EVA))
    assert (handling.state, handling.waiting_since) == (ChatState.NEW, at(1))


def test_spam_may_be_done() -> None:
    handling = after(ASKED, MarkedSpam(at(2), EVA), Closed(at(3), EVA))
    assert (handling.state, handling.waiting_since) == (ChatState.DONE, None)


# -- pauses -------------------------------------------------------------------------------------------


def test_the_customers_turn_and_dated_snoozes_do_not_count_as_ours() -> None:
    handling = after(*ANSWERED, Inbound(at(25)))
    assert handling.case is not None
    assert (handling.case.paused_s, handling.stretch_paused_s, handling.paused_at) == (20 * 60, 0, None)
    handling = after(ASKED, Snoozed(at(1), EVA, at(31)), TimePassed(at(90)))
    assert handling.case is not None
    assert (handling.case.paused_s, handling.stretch_paused_s) == (30 * 60, 30 * 60)
    handling = step(handling, HumanOut(at(91), EVA), RULES)[0]
    assert (handling.stretch_paused_s, handling.paused_at) == (0, at(91))


def test_a_snooze_until_the_customer_writes_stops_no_clock_of_one_who_waits() -> None:
    handling = after(ASKED, Snoozed(at(1), EVA, None), Woken(at(31), EVA))
    assert handling.case is not None
    assert (handling.case.paused_s, handling.stretch_paused_s) == (0, 0)


def test_pauses_are_counted_in_open_time() -> None:
    office = Calendar("UTC", tuple(Opening(day, 9 * 60, 17 * 60) for day in range(7)))
    handling = after(ASKED, Snoozed(at(1), EVA, at(24 * 60 + 1)), TimePassed(at(3000)), rules=Rules(calendar=office))
    assert handling.stretch_paused_s == 8 * 3600


def test_a_new_case_takes_no_pause_of_the_old_one() -> None:
    handling = after(*DONE, Inbound(at(100_000)))
    assert handling.case is not None
    assert (handling.case.paused_s, handling.paused_at) == (0, None)
    handling = after(*DONE, Inbound(at(20)))
    assert handling.case is not None
    assert handling.case.paused_s == 15 * 60


# -- whatever happens ---------------------------------------------------------------------------------

_AGENTS = st.sampled_from([EVA, BRAM])
_TEXTS = st.sampled_from(["", "ok", "4", "Waar blijft hij?"])


_PLAIN = (Taken, Unassigned, Woken, Closed, Reopened, MarkedSpam, NotSpam, HumanOut)
_HAPPENINGS = st.one_of(
    st.tuples(st.just(Inbound), st.tuples(_TEXTS, st.booleans())),
    st.tuples(st.sampled_from(_PLAIN), st.tuples(_AGENTS)),
    st.tuples(st.just(Assigned), st.tuples(_AGENTS, st.one_of(st.none(), _AGENTS), st.sampled_from(["", "zie boven"]))),
    st.tuples(st.just(Snoozed), st.tuples(_AGENTS, st.sampled_from([None, 30]))),
    st.tuples(st.sampled_from((PhoneOut, AutoOut, TimePassed)), st.tuples()),
)


def _event(kind: Callable[..., Event], moment: datetime, details: tuple[Any, ...]) -> Event:
    if kind is Snoozed and details[1] is not None:
        return Snoozed(moment, details[0], moment + timedelta(hours=details[1]))
    return kind(moment, *details)


@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(st.integers(0, 90), _HAPPENINGS), max_size=12))
def test_a_chat_is_never_in_two_minds(happenings: list[tuple[int, Any]]) -> None:
    handling, moment, opened = Handling(), NOW, 0
    for hours, (kind, details) in happenings:
        moment += timedelta(hours=hours)
        before = handling
        try:
            handling, records = step(before, _event(kind, moment, details), RULES)
        except NotPossible:
            continue
        opened += sum(record.kind is Kind.OPEN for record in records)
        is_snoozed = handling.state is ChatState.SNOOZED
        assert is_snoozed == (handling.snoozed_until is not None or handling.snoozed_for_reply)
        assert not (handling.snoozed_for_reply and handling.snoozed_until)
        is_open = handling.state not in {ChatState.DONE, ChatState.SPAM}
        assert (handling.case.number if handling.case else 0) == opened
        assert not is_open or (handling.case is not None and handling.case.closed_at is None)
        if handling.state is ChatState.DONE:
            assert handling.waiting_since is None
            assert handling.case is None or handling.case.closed_at is not None
        if handling.state in {ChatState.NEW, ChatState.WAITING}:
            assert (handling.waiting_since is None) == (handling.state is ChatState.WAITING)
        assert (handling.paused_at is not None) == (handling.is_paused and handling.case is not None)
        if handling.case is not None:
            assert 0 <= handling.case.paused_s <= (moment - handling.case.opened_at).total_seconds()
        assert bool(records) or handling == before
