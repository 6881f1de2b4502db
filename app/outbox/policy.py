"""May this reply be sent at all? Answers from what is known of the chat, and says when that is not enough."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from app.domain.policy import Policy
from app.domain.reply import Reason

MAX_TEXT = 65_536
"""Characters; the app's own limit for one message [general knowledge, checked again by reading the entry back]."""


@dataclass(frozen=True, slots=True)
class ChatHistory:
    """What the mirror and the outbox know of a chat.

    `unanswered` counts our messages since the customer's last one: those that the phone showed, those in doubt, and,
    for a new reply, those on their way.
    """

    has_inbound: bool
    has_consent: bool
    unanswered: int
    under_way: int = 0
    """How many of those are replies on their way: they follow whatever the phone knows."""
    is_certain: bool = True
    """False: the phone may know more (never read, a gap, unread messages). Right before typing, the phone was read."""
    is_self: bool = False
    """The number's chat with itself: nobody is there to be spared."""


def refuse_text(body: str) -> Reason | None:
    """Return why a text is refused whatever the chat."""
    return Reason.TOO_LONG if len(body) > MAX_TEXT else None


def refuse(history: ChatHistory, policy: Policy, overridden: Collection[Reason] = ()) -> Reason | None:
    """Return why a reply to this chat is refused, None when it may go.

    Args:
        history: The chat; taken at its word, certain or not.
        policy: The account's policy.
        overridden: Rules that a person set aside for this reply. A first contact cannot be; it needs a consent.
    """
    if history.is_self:
        return None
    if not (history.has_inbound or history.has_consent):
        return Reason.FIRST_CONTACT
    if history.unanswered >= policy.unanswered and Reason.UNANSWERED not in overridden:
        return Reason.UNANSWERED
    return None


def refuse_early(history: ChatHistory, policy: Policy, overridden: Collection[Reason] = ()) -> Reason | None:
    """Return why a reply is refused before the phone is asked: only where the answer cannot change by reading it."""
    if not history.is_certain:
        history = replace(history, has_inbound=True, unanswered=history.under_way)
    return refuse(history, policy, overridden)
