"""Alerts of owners who are away: kept among what happened to a chat, once for each time that its customer waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.engine import Unit
from app.store.handling import Handled
from app.store.presence import LEASE
from app.store.schema import UtcTime, account, chat, handling_event, member, presence
from app.team.choosing import OwnedChat, Presence
from app.team.states import ChatState

OWNER_AWAY = "owner_away"
_OURS = (ChatState.NEW.value, ChatState.OPEN.value)
_HERE = (Presence.AVAILABLE.value, Presence.BUSY.value)


@dataclass(frozen=True, slots=True)
class Owned:
    """A chat whose customer waits for its owner, and since when that owner is away.

    `away_since` is None for one who is there.
    """

    chat: OwnedChat
    account: AccountId
    away_since: datetime | None


@dataclass(frozen=True, slots=True)
class Alert:
    """A chat that waits for an owner who is away."""

    chat: ChatId
    account: AccountId
    title: str
    owner: str
    waiting_since: datetime
    at: datetime
    """When the team was alerted."""


def _is_alerted() -> ColumnElement[bool]:
    """Tell of a chat whether its owner's absence was told of since its customer began to wait."""
    # Column by column: whoever drives a phone may not read the notes of these lines.
    told = select(handling_event.c.id).where(
        handling_event.c.chat_id == chat.c.id,
        handling_event.c.kind == OWNER_AWAY,
        # What a person enters names them: only the program alerts.
        handling_event.c.actor.is_(None),
        handling_event.c.member_id == chat.c.assignee_id,
        handling_event.c.at >= chat.c.waiting_since,
    )
    return told.correlate(chat).exists()


def is_left_alone(here_since: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Tell of a chat whether the team was alerted of its owner, who was not seen since."""
    is_here = select(presence.c.member_id).where(
        presence.c.member_id == chat.c.assignee_id, presence.c.seen_at > here_since, presence.c.state.in_(_HERE)
    )
    waits = and_(chat.c.state.in_(_OURS), chat.c.waiting_since.is_not(None))
    return and_(waits, _is_alerted(), ~is_here.correlate(chat).exists())


async def list_owned(connection: AsyncConnection, account_id: AccountId, now: datetime) -> list[Owned]:
    """Return the chats of a number that wait for their owner and of whom the team was not alerted yet."""
    given = (
        select(func.max(handling_event.c.at))
        .where(handling_event.c.chat_id == chat.c.id, handling_event.c.member_id == chat.c.assignee_id)
        .correlate(chat)
        .scalar_subquery()
    )
    query = (
        select(
            chat.c.id, chat.c.assignee_id, chat.c.waiting_since, given.label("given_at"),
            presence.c.state, presence.c.since, presence.c.seen_at,
        )
        .outerjoin(presence, presence.c.member_id == chat.c.assignee_id)
        .where(
            chat.c.account_id == account_id, chat.c.state.in_(_OURS), chat.c.assignee_id.is_not(None),
            chat.c.waiting_since.is_not(None), ~_is_alerted(),
        )
    )  # fmt: skip
    rows = (await connection.execute(query)).mappings()
    return [
        Owned(
            OwnedChat(ChatId(row["id"]), row["assignee_id"], row["waiting_since"]),
            account_id,
            _away_since(dict(row), now),
        )
        for row in rows
    ]


def _away_since(row: dict[str, Any], now: datetime) -> datetime | None:
    waiting: datetime = row["waiting_since"]
    since: datetime | None = row["since"]
    seen_at: datetime | None = row["seen_at"]
    if since is None or seen_at is None:
        # Who never says that they are there was there when they got the chat, and has not come since.
        return max(waiting, row["given_at"] or waiting)
    if row["state"] not in _HERE:
        return min(since, seen_at + LEASE)
    return None if seen_at > now - LEASE else seen_at


async def list_driven(connection: AsyncConnection, holder: str) -> list[AccountId]:
    """Return the numbers whose phone this process drives."""
    query = select(account.c.id).where(account.c.lease_holder == holder, ~account.c.removed).order_by(account.c.id)
    return [AccountId(one) for one in (await connection.execute(query)).scalars()]


async def add_alert(unit: Unit, kept: Handled) -> bool:
    """Enter that a chat's owner is away, where that was not done since its customer began to wait.

    Args:
        unit: The transaction that keeps the chat from others.
        kept: The chat.
    """
    query = select(chat.c.id).where(chat.c.id == kept.chat, or_(chat.c.waiting_since.is_(None), _is_alerted()))
    if (await unit.connection.execute(query)).first() is not None:
        return False
    values: dict[str, Any] = {"chat_id": kept.chat, "account_id": kept.account, "case_id": kept.case_id}
    # A phone whose clock is ahead says that the customer wrote in a moment.
    at = max(unit.now, kept.handling.waiting_since or unit.now)
    values |= {"at": at, "kind": OWNER_AWAY, "actor": None, "member_id": kept.handling.assignee, "note": ""}
    await unit.connection.execute(insert(handling_event).values(values))
    await unit.touch("alert", kept.chat, kept.chat)
    await unit.touch("chat", kept.chat, kept.chat)
    return True


async def list_alerts(connection: AsyncConnection, now: datetime) -> list[Alert]:
    """Return the chats whose owner is away since the team was alerted, who waits longest first."""
    told = (
        select(func.max(handling_event.c.at))
        .where(handling_event.c.chat_id == chat.c.id, handling_event.c.kind == OWNER_AWAY)
        .correlate(chat)
        .scalar_subquery()
    )
    query = (
        select(chat.c.id, chat.c.account_id, chat.c.title, chat.c.waiting_since, member.c.name, told.label("told"))
        .outerjoin(member, member.c.id == chat.c.assignee_id)
        .where(is_left_alone(literal(now - LEASE, UtcTime())))
        .order_by(chat.c.waiting_since, chat.c.id)
    )
    return [
        Alert(ChatId(r["id"]), AccountId(r["account_id"]), r["title"], r["name"] or "", r["waiting_since"], r["told"])
        for r in (await connection.execute(query)).mappings()
    ]
