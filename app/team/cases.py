"""Cases: countable stretches on top of one endless chat. What happens to the chat drives them; see `states`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

NEW_CASE_AFTER = timedelta(hours=72)
"""A customer who writes longer than this after Done begins a new case (product.md 2.1)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One stretch of a chat.

    Attributes:
        number: Counts within its chat, from 1; the store gives it an identity of its own.
        opened_at: When the customer first wrote, or we did.
        is_ours: We wrote first: such a case has no first response time (product.md 5.3).
        closed_at: When it was done the last time; None while it is open.
        reopen_count: How often it came back after Done.
        first_inbound_at: None where we wrote first and no answer came.
        first_answer_at: The first human answer to what the customer wrote, from the program or typed on the phone.
        paused_s: Open seconds in which its resolution was not in our hands, up to the pause that runs now.
    """

    number: int
    opened_at: datetime
    is_ours: bool = False
    closed_at: datetime | None = None
    reopen_count: int = 0
    first_inbound_at: datetime | None = None
    first_answer_at: datetime | None = None
    paused_s: int = 0

    @property
    def is_unanswered(self) -> bool:
        """Tell whether the customer never heard from a person in it."""
        return not self.is_ours and self.first_answer_at is None


def open_case(before: Case | None, at: datetime, *, by_customer: bool) -> Case:
    """Return the case that follows another one."""
    number = 1 if before is None else before.number + 1
    return Case(number, at, is_ours=not by_customer, first_inbound_at=at if by_customer else None)


def close_case(case: Case, at: datetime) -> Case:
    """Return a case that is done."""
    return replace(case, closed_at=at)


def reopen_case(case: Case) -> Case:
    """Return a done case that came back."""
    return replace(case, closed_at=None, reopen_count=case.reopen_count + 1)


def begins_anew(case: Case | None, at: datetime, new_case_after: timedelta) -> bool:
    """Tell whether what is written now belongs to a new case rather than to the last one."""
    return case is None or (case.closed_at is not None and at - case.closed_at > new_case_after)


def note_inbound(case: Case, at: datetime) -> Case:
    """Return a case in which the customer wrote."""
    return case if case.first_inbound_at is not None else replace(case, first_inbound_at=at)


def note_answer(case: Case, at: datetime) -> Case:
    """Return a case in which a person of ours wrote; only the first answer to the customer leaves a trace."""
    if case.first_inbound_at is None or case.first_answer_at is not None:
        return case
    return replace(case, first_answer_at=at)
