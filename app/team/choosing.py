"""Who gets a chat that nobody owns, and whose chats need somebody else (product.md 2.1, 4.1). Off at first.

Nothing is taken from anybody: chats of who is away are shown to the team, and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.ids import AccountId, ChatId

_NEVER = datetime.min.replace(tzinfo=UTC)


class Presence(StrEnum):
    """Whether an agent is there."""

    AVAILABLE = "available"
    BUSY = "busy"
    """There, but gets no new chats."""
    BREAK = "break"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class AssignRules:
    """How chats are given out: at all, up to how many open ones an agent, and after how long an absence alerts."""

    is_on: bool = False
    most_open: int = 5
    alert_after: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class UnownedChat:
    """A chat that waits for somebody of ours and that nobody owns."""

    chat: ChatId
    account: AccountId
    waiting_since: datetime


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """An agent as the one who gives out chats sees them.

    Attributes:
        agent: Who it is.
        accounts: The numbers they may send on.
        presence: Whether they are there; only who is available gets a chat.
        open_chats: How many they own that are new or open.
        last_given_at: When they last got one; None: never.
    """

    agent: int
    accounts: frozenset[AccountId]
    presence: Presence = Presence.AVAILABLE
    open_chats: int = 0
    last_given_at: datetime | None = None


def plan_assignments(
    waiting: Iterable[UnownedChat], agents: Iterable[AgentLoad], rules: AssignRules
) -> list[tuple[ChatId, int]]:
    """Return which chat goes to whom: who waits longest first, each to who has the fewest open.

    Of those with as few, who has been without a new one for longest, then the lowest id. A chat that nobody may or can
    take is left; those behind it are not held up.
    """
    if not rules.is_on:
        return []
    present = [one for one in agents if one.presence is Presence.AVAILABLE]
    open_chats = {one.agent: one.open_chats for one in present}
    turns = dict.fromkeys(open_chats, 0)
    plan: list[tuple[ChatId, int]] = []
    for chat in sorted(waiting, key=lambda one: (one.waiting_since, one.chat)):
        able = [one for one in present if chat.account in one.accounts and open_chats[one.agent] < rules.most_open]
        if not able:
            continue
        best = min(
            able,
            key=lambda one: (open_chats[one.agent], turns[one.agent], one.last_given_at or _NEVER, one.agent),
        )
        plan.append((chat.chat, best.agent))
        open_chats[best.agent] += 1
        turns[best.agent] = len(plan)
    return plan


@dataclass(frozen=True, slots=True)
class OwnedChat:
    """A chat that somebody owns and in which the customer waits for an answer."""

    chat: ChatId
    agent: int
    waiting_since: datetime


def plan_alerts(
    owned: Iterable[OwnedChat],
    absences: Mapping[int, datetime],
    rules: AssignRules,
    now: datetime,
) -> list[OwnedChat]:
    """Return the chats that the team is alerted of because their owner is away, who waits longest first.

    Args:
        owned: The open chats with an owner.
        absences: Since when each agent is away who is, on a break or offline.
        rules: How long an absence may last; a lost connection of a minute alerts nobody.
        now: The time now.
    """
    away = {agent for agent, since in absences.items() if now - since > rules.alert_after}
    return sorted((one for one in owned if one.agent in away), key=lambda one: (one.waiting_since, one.chat))
