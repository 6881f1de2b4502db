"""The views of the team's inbox: one question each, paged by keys, answered from indexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy import case as when
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.alerts import is_left_alone
from app.store.handling import CASE, handling_of
from app.store.schema import account, chat, chat_case, chat_presence, draft, member
from app.team.cases import Case
from app.team.clocks import Clock
from app.team.states import ChatState, Handling
from app.team.urgency import Priority

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = -1
PAGE = 100


class View(StrEnum):
    """What the rail of the window names."""

    MINE = "mine"
    WAITING = "waiting"
    """Somebody of ours has to answer, the longest first."""
    UNASSIGNED = "unassigned"
    TEAM = "team"
    """All that is open."""
    SNOOZED = "snoozed"
    DONE = "done"
    SPAM = "spam"


_OPEN = (ChatState.NEW.value, ChatState.OPEN.value, ChatState.WAITING.value)
_OURS = (ChatState.NEW.value, ChatState.OPEN.value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: its last chat by the order of its view."""

    at: datetime
    chat: ChatId


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One chat in a view."""

    chat: ChatId
    account: AccountId
    account_name: str
    title: str
    preview: str
    unread: int
    state: ChatState
    owner: int | None
    owner_name: str
    waiting_since: datetime | None
    snoozed_until: datetime | None
    priority: Priority
    last_at: datetime | None
    others: int
    """Colleagues who are in it."""
    others_type: bool
    has_draft: bool
    """Of the person who asks."""
    handling: Handling
    """How the team stands to it, with its last case."""
    place: Place
    """Where to go on behind it."""
    is_left_alone: bool = False
    """The team was alerted: its customer waits, and its owner is away."""
    clock: Clock | None = None
    """The clock that matters most, as it stands at the time of the question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see.

    Attributes:
        view: Which chats.
        me: Who asks; None: somebody who never did anything here.
        now: The time now.
        account: Of one number only.
        by_wait: The longest waiting first; else the newest first. The view of who waits is so in any case.
        limit: At most so many.
        before: Go on behind this place.
    """

    view: View
    me: int | None
    now: datetime
    account: AccountId | None = None
    by_wait: bool = False
    limit: int = PAGE
    before: Place | None = None

    @property
    def is_by_wait(self) -> bool:
        """Tell whether the longest waiting come first."""
        return self.by_wait or self.view is View.WAITING


def _where(view: View, me: int | None) -> ColumnElement[bool]:
    """Return which chats belong to a view. One of which nothing is known is in none but what is done."""
    is_open = chat.c.state.in_(_OPEN)
    waits = and_(chat.c.state.in_(_OURS), chat.c.waiting_since.is_not(None))
    views: Mapping[View, ColumnElement[bool]] = {
        View.MINE: and_(chat.c.assignee_id == (me if me is not None else _NOBODY), is_open),
        View.WAITING: waits,
        View.UNASSIGNED: and_(chat.c.assignee_id.is_(None), is_open),
        View.TEAM: is_open,
        View.SNOOZED: chat.c.state == ChatState.SNOOZED.value,
        View.DONE: chat.c.state == ChatState.DONE.value,
        View.SPAM: chat.c.state == ChatState.SPAM.value,
    }
    return views[view]


async def list_inbox(connection: AsyncConnection, asked: Asked) -> list[InboxRow]:
    """Return a page of a view."""
    is_alive = and_(chat_presence.c.chat_id == chat.c.id, chat_presence.c.expires_at > asked.now)
    me = literal(asked.me if asked.me is not None else _NOBODY)
    others = select(func.count()).where(is_alive, chat_presence.c.member_id != me).correlate(chat).scalar_subquery()
    typing = exists().where(is_alive, chat_presence.c.member_id != me, chat_presence.c.mode == "type").correlate(chat)
    last = (
        select(func.max(chat_case.c.number)).where(chat_case.c.chat_id == chat.c.id).correlate(chat).scalar_subquery()
    )
    mine = exists().where(draft.c.chat_id == chat.c.id, draft.c.member_id == me).correlate(chat)
    query = (
        select(
            chat,
            account.c.name.label("account_name"),
            member.c.name.label("owner_name"),
            others.label("others"),
            typing.label("others_type"),
            mine.label("has_draft"),
            is_left_alone(asked.now).label("is_left_alone"),
            *(chat_case.c[name].label(f"case_{name}") for name in CASE),
        )
        .join(account, account.c.id == chat.c.account_id)
        .outerjoin(member, member.c.id == chat.c.assignee_id)
        .outerjoin(chat_case, and_(chat_case.c.chat_id == chat.c.id, chat_case.c.number == last))
        .where(_where(asked.view, asked.me))
    )
    if asked.account is not None:
        query = query.where(chat.c.account_id == asked.account)
    rows = (await connection.execute(_paged(query, asked))).mappings()
    return [_row(dict(row), by_wait=asked.is_by_wait) for row in rows]


def _paged(query: Any, asked: Asked) -> Any:
    """Return a question for one page: who waits longest, those who wait for nothing last; or the newest first."""
    column, before = chat.c.last_at, asked.before
    if asked.is_by_wait:
        column = chat.c.waiting_since
        if asked.view is not View.WAITING:
            query = query.where(column.is_not(None))
        if before is not None:
            query = query.where(or_(column > before.at, and_(column == before.at, chat.c.id > before.chat)))
        return query.order_by(column, chat.c.id).limit(asked.limit)
    if before is not None:
        behind = or_(column < before.at, and_(column == before.at, chat.c.id < before.chat), column.is_(None))
        at_end = and_(column.is_(None), chat.c.id < before.chat)
        query = query.where(at_end if before.at == _NEVER else behind)
    return query.order_by(column.desc().nulls_last(), chat.c.id.desc()).limit(asked.limit)


def _row(row: dict[str, Any], *, by_wait: bool) -> InboxRow:
    at = row["waiting_since" if by_wait else "last_at"] or _NEVER
    case = Case(**{name: row[f"case_{name}"] for name in CASE}) if row["case_number"] is not None else None
    return InboxRow(
        chat=ChatId(row["id"]),
        account=AccountId(row["account_id"]),
        account_name=row["account_name"],
        title=row["title"],
        preview=row["preview"],
        unread=row["unread"],
        state=ChatState(row["state"]),
        owner=row["assignee_id"],
        owner_name=row["owner_name"] or "",
        waiting_since=row["waiting_since"],
        snoozed_until=row["snoozed_until"],
        priority=Priority(row["priority"]),
        last_at=row["last_at"],
        others=row["others"],
        others_type=bool(row["others_type"]),
        has_draft=bool(row["has_draft"]),
        handling=handling_of(row, case),
        place=Place(at, ChatId(row["id"])),
        is_left_alone=bool(row["is_left_alone"]),
    )


async def count_inbox(
    connection: AsyncConnection, me: int | None, account_id: AccountId | None = None
) -> dict[View, int]:
    """Return how many chats are in each view."""
    sums = [func.coalesce(func.sum(when((_where(view, me), 1), else_=0)), 0).label(view.value) for view in View]
    query = select(*sums).select_from(chat)
    if account_id is not None:
        query = query.where(chat.c.account_id == account_id)
    row = (await connection.execute(query)).mappings().one()
    return {view: int(row[view.value]) for view in View}
