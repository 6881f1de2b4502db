"""The guard before an answer: does somebody else answer, did somebody, did the customer write? (product.md 4.4).

It asks, it never forbids: "send anyway" names what the agent was shown, and what came after that stops the reply again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.ids import MessageId, ReplyId
from app.domain.reply import ReplyState

LEASE_S = 60
"""How long a lease lasts without a heartbeat."""
HEARTBEAT_S = 20


class Mode(StrEnum):
    """What an agent does in a chat."""

    VIEW = "view"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Lease:
    """An agent is in a chat, until it expires by the clock of the database."""

    agent: int
    mode: Mode
    since: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OtherReply:
    """An answer in the chat by somebody else; `agent` is None for one typed on the phone."""

    id: ReplyId | MessageId
    agent: int | None
    body: str
    at: datetime
    """When it was queued, or typed on the phone."""
    state: ReplyState


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is about to go: whose, since when it is written, and the last message its author saw."""

    agent: int
    begun_at: datetime
    last_seen: MessageId | None


class ObstacleKind(StrEnum):
    """What stands in the way of an answer."""

    TYPING = "typing"
    ANSWERED = "answered"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing to ask before an answer goes; what it names is what is accepted with it.

    Attributes:
        kind: What it is.
        agent: Of `TYPING`: who writes an answer too.
        replies: Of `ANSWERED`: what the others answered meanwhile, oldest first.
        messages: Of `UNREAD`: what the customer wrote meanwhile, in the order of the chat.
    """

    kind: ObstacleKind
    agent: int | None = None
    replies: tuple[OtherReply, ...] = ()
    messages: tuple[MessageId, ...] = ()

    @property
    def count(self) -> int:
        """Return how many replies or messages it names."""
        return len(self.replies) or len(self.messages)


def others_in(leases: Iterable[Lease], agent: int, now: datetime) -> tuple[Lease, ...]:
    """Return who else is in a chat, those who type first, then the longest there."""
    live = [lease for lease in leases if lease.agent != agent and lease.expires_at > now]
    return tuple(sorted(live, key=lambda lease: (lease.mode is not Mode.TYPE, lease.since, lease.agent)))


def find_obstacles(
    draft: Draft,
    leases: Iterable[Lease],
    replies: Iterable[OtherReply],
    inbound: Iterable[MessageId],
    now: datetime,
) -> tuple[Obstacle, ...]:
    """Return what stands in the way of an answer.

    Args:
        draft: The answer.
        leases: Who is in the chat, expired or not.
        replies: Answers of the chat, at least those since the draft began; failed and cancelled ones do not count.
        inbound: The customer's messages in the order of the chat: all after the last one that the agent saw, or from
            any earlier one on that this last one is among.
        now: The time of the database.
    """
    found = [
        Obstacle(ObstacleKind.TYPING, agent=lease.agent)
        for lease in others_in(leases, draft.agent, now)
        if lease.mode is Mode.TYPE
    ]
    gone = {ReplyState.CANCELLED, ReplyState.FAILED}
    answers = [
        reply
        for reply in replies
        if reply.agent != draft.agent and reply.at >= draft.begun_at and reply.state not in gone
    ]
    if answers:
        found.append(Obstacle(ObstacleKind.ANSWERED, replies=tuple(sorted(answers, key=lambda reply: reply.at))))
    unread = tuple(inbound)
    if draft.last_seen in unread:
        unread = unread[unread.index(draft.last_seen) + 1 :]
    if unread:
        found.append(Obstacle(ObstacleKind.UNREAD, messages=unread))
    return tuple(found)


def not_accepted(found: Iterable[Obstacle], accepted: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    """Return what still stands in the way once an agent accepted what they were shown: only what is new of it."""
    known = tuple(accepted)
    typing = {one.agent for one in known if one.kind is ObstacleKind.TYPING}
    replies = {reply.id for one in known for reply in one.replies}
    messages = {message for one in known for message in one.messages}
    left = []
    for one in found:
        fresh = replace(
            one,
            replies=tuple(reply for reply in one.replies if reply.id not in replies),
            messages=tuple(message for message in one.messages if message not in messages),
        )
        if fresh.count or (one.kind is ObstacleKind.TYPING and one.agent not in typing):
            left.append(fresh)
    return tuple(left)
