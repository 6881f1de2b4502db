"""What becomes of a chat as things happen to it: a state machine of its state, its owner, its waiting and its cases.

Events are taken in the order in which they became known, so a message that was read late counts as new; its own time
only says since when somebody waits. Reading a chat is no event: it never takes and never changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.team.cases import (
    NEW_CASE_AFTER,
    Case,
    begins_anew,
    close_case,
    note_answer,
    note_inbound,
    open_case,
    reopen_case,
)
from app.team.hours import Calendar, open_seconds
from app.team.thanks import is_grade, is_thanks


class ChatState(StrEnum):
    """Where a chat stands. `NEW`: the customer wrote and no person ever answered in this case."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    """For the customer."""
    SNOOZED = "snoozed"
    DONE = "done"
    SPAM = "spam"


class NotPossible(ValueError):
    """An event that cannot happen to a chat as it stands; the text says why, and what to do first."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the team chose: when a customer who returns begins a new case, and whose open hours count."""

    new_case_after: timedelta = NEW_CASE_AFTER
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """How the team stands to one chat. As it is made, nothing ever happened: no case, nobody waits.

    Attributes:
        state: Where the chat stands.
        assignee: Its owner.
        waiting_since: The first message of the customer that no person answered; kept in spam, though nobody waits.
        stretch_paused_s: Open seconds of that wait that were snoozed until a date, up to the snooze that runs now.
        snoozed_until: When a snooze ends; None of a snooze that lasts until the customer writes.
        snoozed_for_reply: The snooze lasts until the customer writes.
        paused_at: Since when the resolution of the case is not in our hands, see `is_paused`.
        case: The last case, open or done.
    """

    state: ChatState = ChatState.DONE
    assignee: int | None = None
    waiting_since: datetime | None = None
    stretch_paused_s: int = 0
    snoozed_until: datetime | None = None
    snoozed_for_reply: bool = False
    paused_at: datetime | None = None
    case: Case | None = None

    @property
    def is_wait_paused(self) -> bool:
        """Tell whether somebody waits whose clock stands still: snoozed until a date."""
        return self.waiting_since is not None and self.snoozed_until is not None

    @property
    def is_paused(self) -> bool:
        """Tell whether the clock of the resolution stands still: done, the customer's turn, snoozed until a date."""
        if self.state is ChatState.SNOOZED:
            return self.snoozed_until is not None or self.waiting_since is None
        return self.state in {ChatState.WAITING, ChatState.DONE, ChatState.SPAM}


# -- what happens -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inbound:
    """The customer wrote. A message without a text, such as a picture, has an empty one.

    It wakes a snoozed chat, reopens a done one or begins a new case. Spam stays spam. Thanks, and a digit while a
    survey stands open, leave a done chat done.
    """

    at: datetime
    text: str = ""
    after_survey: bool = False
    """A survey was sent and its answer is awaited; otherwise a digit is a message like any other."""


@dataclass(frozen=True, slots=True)
class HumanOut:
    """An agent's reply went out. The first who replies owns a chat that nobody owns.

    Nobody waits any more. A done, snoozed or spam chat stays what it is: a reply may well leave after its author
    pressed "send and done". Where no case is open and the last is long done, we begin one.
    """

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class PhoneOut:
    """Somebody typed a reply on the phone itself: an answer like any other, but it takes nobody."""

    at: datetime


@dataclass(frozen=True, slots=True)
class AutoOut:
    """An automatic reply went out: the customer still waits."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """An agent took the chat, also from somebody else. Not possible in spam; nothing where it is theirs."""

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """The chat was given to somebody, by an agent or, where `by` is None, by the program.

    An agent who gives it to another says why in a note. Not possible in spam; nothing where it is theirs already.
    """

    at: datetime
    to: int
    by: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unassigned:
    """The chat was given back to the team. Nothing where nobody owns it."""

    at: datetime
    by: int | None


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The chat was put aside, until a moment or, with None, until the customer writes, which ends either.

    Not possible in spam, in a done chat, or until a moment that has passed. A snooze replaces another.
    """

    at: datetime
    by: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Woken:
    """An agent ended a snooze. Nothing where there is none."""

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class Closed:
    """An agent is done with it, from any state. It returns to its owner if it reopens. Nothing if done."""

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class Reopened:
    """An agent took a done chat up again, however old. Not possible in spam or without a case; nothing while open."""

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class MarkedSpam:
    """An agent called it spam. It has no owner and wakes no more. Nothing in spam."""

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class NotSpam:
    """An agent took that back: whoever wrote meanwhile waits since then. Nothing outside of spam."""

    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It became that late: a snooze whose moment came ends, at that moment."""

    at: datetime


Event = (
    Inbound | HumanOut | PhoneOut | AutoOut | Taken | Assigned | Unassigned | Snoozed | Woken | Closed | Reopened
    | MarkedSpam | NotSpam | TimePassed
)  # fmt: skip


# -- what is kept of it -------------------------------------------------------------------------------


class Kind(StrEnum):
    """The kinds of the event log (product.md 5.1) that the state machine writes."""

    INBOUND = "inbound"
    HUMAN_OUT = "human_out"
    PHONE_OUT = "phone_out"
    AUTO_OUT = "auto_out"
    ASSIGN = "assign"
    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"
    SNOOZE = "snooze"
    WAKE = "wake"
    SPAM = "spam"
    NOT_SPAM = "not_spam"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the event log.

    Attributes:
        kind: What it was.
        at: When it happened.
        case: The number of the case it belongs to; None before the first.
        by: The agent who did it; None: the customer, the phone or the program.
        from_agent: Of `ASSIGN`: who owned the chat.
        to_agent: Of `ASSIGN`: who owns it now.
        note: Of `ASSIGN`: the hand-over.
        until: Of `SNOOZE`: its end; None: until the customer writes.
    """

    kind: Kind
    at: datetime
    case: int | None
    by: int | None = None
    from_agent: int | None = None
    to_agent: int | None = None
    note: str = ""
    until: datetime | None = None


_Step = tuple[Handling, list[Record]]


def step(handling: Handling, event: Event, rules: Rules) -> tuple[Handling, tuple[Record, ...]]:
    """Return how a chat stands after an event, and what is to be recorded of it, in order.

    An event that changes nothing where a person would expect just that, such as closing what is done, records nothing.

    Raises:
        NotPossible: The event cannot happen to the chat as it stands. Nothing of it is to be kept.
    """
    after, records = _STEPS[type(event)](handling, event, rules)
    at = records[0].at if records else event.at
    return _count_pauses(handling, after, at, rules), tuple(records)


def _inbound(handling: Handling, event: Inbound, rules: Rules) -> _Step:
    if handling.state is ChatState.SPAM:
        waits = handling.waiting_since or event.at
        return replace(handling, waiting_since=waits), [_record(handling, Kind.INBOUND, event.at)]
    if handling.state is ChatState.DONE:
        is_last_word = is_thanks(event.text) or (event.after_survey and is_grade(event.text))
        if is_last_word and handling.case is not None:
            return handling, [_record(handling, Kind.INBOUND, event.at)]
        return _return_of_customer(handling, event.at, rules)
    records = []
    if handling.state is ChatState.SNOOZED:
        handling = _without_snooze(handling)
        records.append(_record(handling, Kind.WAKE, event.at))
    records.append(_record(handling, Kind.INBOUND, event.at))
    return _waits(handling, event.at), records


def _return_of_customer(handling: Handling, at: datetime, rules: Rules) -> _Step:
    """Return a done chat in which the customer wrote: its case goes on, or a new one begins that nobody owns."""
    if handling.case is None or begins_anew(handling.case, at, rules.new_case_after):
        handling, begun = _begin(handling, at, by_customer=True)
    else:
        handling = replace(handling, case=reopen_case(handling.case))
        begun = _record(handling, Kind.REOPEN, at)
    return _waits(handling, at), [begun, _record(handling, Kind.INBOUND, at)]


def _begin(handling: Handling, at: datetime, *, by_customer: bool) -> tuple[Handling, Record]:
    begun = Handling(case=open_case(handling.case, at, by_customer=by_customer))
    return begun, _record(begun, Kind.OPEN, at)


def _waits(handling: Handling, at: datetime) -> Handling:
    """Return a chat with an open case in which somebody waits, since now unless somebody did already."""
    case = None if handling.case is None else note_inbound(handling.case, at)
    state = ChatState.NEW if case is not None and case.is_unanswered else ChatState.OPEN
    return replace(handling, state=state, waiting_since=handling.waiting_since or at, case=case)


def _human_out(handling: Handling, event: HumanOut, rules: Rules) -> _Step:
    after, records = _answered(handling, event.at, rules)
    records.append(_record(after, Kind.HUMAN_OUT, event.at, by=event.by))
    if after.assignee is None and after.state is not ChatState.SPAM:
        records.append(_record(after, Kind.ASSIGN, event.at, by=event.by, to_agent=event.by))
        after = replace(after, assignee=event.by)
    return after, records


def _phone_out(handling: Handling, event: PhoneOut, rules: Rules) -> _Step:
    after, records = _answered(handling, event.at, rules)
    return after, [*records, _record(after, Kind.PHONE_OUT, event.at)]


def _answered(handling: Handling, at: datetime, rules: Rules) -> _Step:
    """Return a chat in which a person of ours wrote."""
    records = []
    if handling.state is ChatState.DONE and begins_anew(handling.case, at, rules.new_case_after):
        handling, begun = _begin(handling, at, by_customer=False)
        handling = replace(handling, state=ChatState.WAITING)
        records.append(begun)
    stays = handling.state in {ChatState.DONE, ChatState.SNOOZED, ChatState.SPAM}
    after = replace(
        handling,
        state=handling.state if stays else ChatState.WAITING,
        waiting_since=None,
        stretch_paused_s=0,
        case=None if handling.case is None else note_answer(handling.case, at),
    )
    return after, records


def _auto_out(handling: Handling, event: AutoOut, _: Rules) -> _Step:
    return handling, [_record(handling, Kind.AUTO_OUT, event.at)]


def _taken(handling: Handling, event: Taken, _: Rules) -> _Step:
    return _give(handling, event.at, event.by, event.by)


def _assigned(handling: Handling, event: Assigned, _: Rules) -> _Step:
    note = event.note.strip()
    is_hand_over = event.by is not None and event.to not in {event.by, handling.assignee}
    if is_hand_over and not note:
        raise NotPossible("say in one line what the next agent has to know")
    return _give(handling, event.at, event.to, event.by, note)


def _give(handling: Handling, at: datetime, to: int, by: int | None, note: str = "") -> _Step:
    if handling.state is ChatState.SPAM:
        raise NotPossible("nobody owns spam; say first that it is none")
    if handling.assignee == to:
        return handling, []
    record = _record(handling, Kind.ASSIGN, at, by=by, from_agent=handling.assignee, to_agent=to, note=note)
    return replace(handling, assignee=to), [record]


def _unassigned(handling: Handling, event: Unassigned, _: Rules) -> _Step:
    if handling.assignee is None:
        return handling, []
    record = _record(handling, Kind.ASSIGN, event.at, by=event.by, from_agent=handling.assignee)
    return replace(handling, assignee=None), [record]


def _snoozed(handling: Handling, event: Snoozed, _: Rules) -> _Step:
    if handling.state in {ChatState.DONE, ChatState.SPAM}:
        raise NotPossible("only an open chat can be snoozed; reopen it first")
    if event.until is not None and event.until <= event.at:
        raise NotPossible("a snooze ends later than now")
    after = replace(handling, state=ChatState.SNOOZED, snoozed_until=event.until, snoozed_for_reply=event.until is None)
    return after, [_record(after, Kind.SNOOZE, event.at, by=event.by, until=event.until)]


def _woken(handling: Handling, event: Woken, _: Rules) -> _Step:
    if handling.state is not ChatState.SNOOZED:
        return handling, []
    return _without_snooze(handling), [_record(handling, Kind.WAKE, event.at, by=event.by)]


def _time_passed(handling: Handling, event: TimePassed, _: Rules) -> _Step:
    until = handling.snoozed_until
    if until is None or until > event.at:
        return handling, []
    return _without_snooze(handling), [_record(handling, Kind.WAKE, until)]


def _without_snooze(handling: Handling) -> Handling:
    return replace(handling, state=ChatState.OPEN, snoozed_until=None, snoozed_for_reply=False)


def _closed(handling: Handling, event: Closed, _: Rules) -> _Step:
    if handling.state is ChatState.DONE:
        return handling, []
    after = replace(
        _without_snooze(handling),
        state=ChatState.DONE,
        waiting_since=None,
        stretch_paused_s=0,
        case=None if handling.case is None else close_case(handling.case, handling.case.closed_at or event.at),
    )
    return after, [_record(after, Kind.CLOSE, event.at, by=event.by)]


def _reopened(handling: Handling, event: Reopened, _: Rules) -> _Step:
    if handling.state is ChatState.SPAM:
        raise NotPossible("say first that it is no spam")
    if handling.state is not ChatState.DONE:
        return handling, []
    if handling.case is None:
        raise NotPossible("nothing happened in this chat yet that could be reopened")
    after = replace(handling, state=ChatState.OPEN, case=reopen_case(handling.case))
    return after, [_record(after, Kind.REOPEN, event.at, by=event.by)]


def _marked_spam(handling: Handling, event: MarkedSpam, _: Rules) -> _Step:
    if handling.state is ChatState.SPAM:
        return handling, []
    after = replace(_without_snooze(handling), state=ChatState.SPAM, assignee=None)
    return after, [_record(after, Kind.SPAM, event.at, by=event.by)]


def _not_spam(handling: Handling, event: NotSpam, rules: Rules) -> _Step:
    if handling.state is not ChatState.SPAM:
        return handling, []
    records = [_record(handling, Kind.NOT_SPAM, event.at, by=event.by)]
    is_done = handling.case is None or handling.case.closed_at is not None
    if handling.waiting_since is None:
        return replace(handling, state=ChatState.DONE if is_done else ChatState.OPEN), records
    if not is_done:
        return _waits(handling, handling.waiting_since), records
    after, begun = _return_of_customer(handling, handling.waiting_since, rules)
    return after, records + begun[:1]  # the message itself was recorded when it came


def _record(handling: Handling, kind: Kind, at: datetime, **more: Any) -> Record:
    return Record(kind, at, None if handling.case is None else handling.case.number, **more)


def _count_pauses(before: Handling, after: Handling, at: datetime, rules: Rules) -> Handling:
    """Return a chat whose pauses are counted: one that began is noted, one that ended is added up."""
    begun = before.paused_at
    if begun is not None and before.is_wait_paused and after.waiting_since is not None and not after.is_wait_paused:
        paused_s = open_seconds(begun, at, rules.calendar)
        after = replace(after, stretch_paused_s=after.stretch_paused_s + paused_s)
    if before.case is None or after.case is None or before.case.number != after.case.number:
        begun = None
    if after.case is None:
        return after
    if after.is_paused:
        return replace(after, paused_at=begun or at)
    paused_s = after.case.paused_s + (open_seconds(begun, at, rules.calendar) if begun else 0)
    return replace(after, paused_at=None, case=replace(after.case, paused_s=paused_s))


_STEPS: dict[type, Callable[[Handling, Any, Rules], _Step]] = {
    Inbound: _inbound,
    HumanOut: _human_out,
    PhoneOut: _phone_out,
    AutoOut: _auto_out,
    Taken: _taken,
    Assigned: _assigned,
    Unassigned: _unassigned,
    Snoozed: _snoozed,
    Woken: _woken,
    Closed: _closed,
    Reopened: _reopened,
    MarkedSpam: _marked_spam,
    NotSpam: _not_spam,
    TimePassed: _time_passed,
}
