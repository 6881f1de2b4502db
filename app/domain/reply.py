"""A reply: what an agent wants sent, and the only ways its state may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.attached import ReplyFile
from app.domain.ids import AccountId, ChatId, MessageId, ReplyId
from app.domain.quoting import ReplyQuote


class ReplyState(StrEnum):
    """Where a reply is. `FAILED` is certain (before the tap); `UNKNOWN` came after it and is never retried."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    TYPING = "typing"
    SUBMITTED = "submitted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


ALLOWED: dict[ReplyState, frozenset[ReplyState]] = {
    ReplyState.QUEUED: frozenset({ReplyState.CLAIMED, ReplyState.CANCELLED, ReplyState.FAILED}),
    ReplyState.CLAIMED: frozenset({ReplyState.TYPING, ReplyState.QUEUED, ReplyState.FAILED}),
    ReplyState.TYPING: frozenset({ReplyState.SUBMITTED, ReplyState.QUEUED, ReplyState.FAILED}),
    ReplyState.SUBMITTED: frozenset(
        {
            ReplyState.SENT,
            ReplyState.DELIVERED,
            ReplyState.READ,
            ReplyState.UNKNOWN,
            ReplyState.FAILED,
        }
    ),
    ReplyState.UNKNOWN: frozenset({ReplyState.SENT, ReplyState.DELIVERED, ReplyState.READ, ReplyState.FAILED}),
    ReplyState.SENT: frozenset({ReplyState.DELIVERED, ReplyState.READ}),
    ReplyState.DELIVERED: frozenset({ReplyState.READ}),
    ReplyState.READ: frozenset(),
    ReplyState.FAILED: frozenset(),
    ReplyState.CANCELLED: frozenset(),
}
"""The one place that says which way a reply may go (architecture: rule 5)."""

ON_THE_PHONE = frozenset({ReplyState.SENT, ReplyState.DELIVERED, ReplyState.READ})
SETTLED = ON_THE_PHONE | {ReplyState.FAILED, ReplyState.CANCELLED}
IN_HAND = frozenset({ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SUBMITTED})


class Reason(StrEnum):
    """Why a reply failed, is unknown, waits or is refused; the interface has a sentence with the next step for each."""

    PHONE_AWAY = "phone_away"
    PHONE_LOCKED = "phone_locked"
    SCREEN_NOT_RECOGNISED = "screen_not_recognised"
    WRONG_CHAT = "wrong_chat"
    CHAT_NOT_FOUND = "chat_not_found"
    CHAT_AMBIGUOUS = "chat_ambiguous"
    NOT_ON_APP = "not_on_app"
    READ_ONLY = "read_only"
    TEXT_NOT_ACCEPTED = "text_not_accepted"
    SOMEONE_ELSE_TYPING = "someone_else_typing"
    NOT_CONFIRMED = "not_confirmed"
    PROGRAM_STOPPED = "program_stopped"
    ACCOUNT_BLOCKED = "account_blocked"
    SETTLED_BY_PERSON = "settled_by_person"
    TOO_LONG = "too_long"
    FIRST_CONTACT = "first_contact"
    UNANSWERED = "unanswered"
    QUIET_HOURS = "quiet_hours"
    HOURLY_CEILING = "hourly_ceiling"
    PACE = "pace"
    UNDO = "undo"
    BEHIND_OTHERS = "behind_others"
    LAYOUT_UNKNOWN = "layout_unknown"
    NEEDS_NUMBER = "needs_number"
    FILE_MISSING = "file_missing"
    FILE_NOT_PUSHED = "file_not_pushed"
    FILE_NOT_OFFERED = "file_not_offered"
    SENT_BY_HAND = "sent_by_hand"
    QUOTE_NOT_FOUND = "quote_not_found"
    QUOTE_AMBIGUOUS = "quote_ambiguous"
    QUOTE_NOT_TAKEN = "quote_not_taken"
    QUOTE_LOST = "quote_lost"
    """Of a reply that was sent: the phone shows it without the quote."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when a queued reply waits, as far as is known now, and what for."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Override:
    """One rule that a person set aside for one reply: who, when and why."""

    rule: Reason
    author: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One row of the outbox."""

    id: ReplyId
    account: AccountId
    chat: ChatId
    body: str
    author: str
    state: ReplyState
    queued_at: datetime
    not_before: datetime | None = None
    reason: Reason | None = None
    attempts: int = 0
    baseline: int = 0
    """Own messages equal to the body at the bottom of the chat right before the tap."""
    echo: MessageId | None = None
    submitted_at: datetime | None = None
    """When its tap was about to be made."""
    settled_at: datetime | None = None
    overrides: tuple[Override, ...] = ()
    file: ReplyFile | None = None
    """With a file `body` is its caption, and may be empty."""
    quote: ReplyQuote | None = None
    wait: Wait | None = None
    """Worked out where a reply is shown, never stored: it follows from the history, the policy and the time."""
