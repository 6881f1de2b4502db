"""The views of the team's inbox: one question each, paged by keys, answered from indexes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    RowMapping,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.alerts import is_left_alone
from app.store.handling import CASE, HANDLING, handling_of
from app.store.presence import LEASE
from app.store.schema import UtcTime, account, chat, chat_case, chat_presence, draft, member
from app.team.cases import Case
from app.team.clocks import Clock
from app.team.states import ChatState, Handling
from app.team.urgency import Priority

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = -1
PAGE = 100
_SHOWN = ("id", "account_id", "title", "preview", "unread", "last_at", "priority")


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
    is_left_alone: bool
    """The team was alerted: its customer waits, and its owner is away."""
    clock: Clock | None
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


class _Behind(StrEnum):
    """Where a page begins."""

    NOTHING = "nothing"
    A_TIME = "a time"
    NO_TIME = "no time"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What makes two questions the same statement with other values."""

    view: View
    by_wait: bool
    of_one_number: bool
    behind: _Behind


def _shape(asked: Asked) -> _Shape:
    behind = _Behind.NOTHING
    if asked.before is not None:
        behind = _Behind.NO_TIME if asked.before.at == _NEVER else _Behind.A_TIME
    return _Shape(asked.view, asked.is_by_wait, asked.account is not None, behind)


def _values(asked: Asked) -> dict[str, Any]:
    values: dict[str, Any] = {"me": _id_of(asked.me), "now": asked.now, "limit": asked.limit}
    values["here_since"] = asked.now - LEASE
    if asked.account is not None:
        values["account"] = asked.account
    if asked.before is not None:
        values["chat"] = asked.before.chat
        values["at"] = asked.before.at
    return values


def _id_of(me: int | None) -> int:
    return me if me is not None else _NOBODY


_ME, _CHAT = bindparam("me", type_=BigInteger), bindparam("chat", type_=BigInteger)
_AT, _NOW = bindparam("at", type_=UtcTime()), bindparam("now", type_=UtcTime())
_HERE_SINCE = bindparam("here_since", type_=UtcTime())
_ACCOUNT, _LIMIT = bindparam("account", type_=BigInteger), bindparam("limit", type_=BigInteger)


def _in_state(*states: str, by_wait: bool) -> ColumnElement[bool]:
    # Written into the statement: a database that plans for any value would not take an index of these alone.
    values: list[ColumnElement[str]] = [literal_column(f"'{ChatState(one).value}'") for one in states]
    # Who waits is read in the order of waiting: an index of anything else would have to be sorted, and is not offered.
    return (chat.c.state.concat("") if by_wait else chat.c.state).in_(values)


def _where(view: View, *, by_wait: bool = False) -> ColumnElement[bool]:
    """Return which chats belong to a view. One of which nothing is known is in none but what is done."""
    is_open = _in_state(*_OPEN, by_wait=by_wait)
    views: Mapping[View, ColumnElement[bool]] = {
        View.MINE: and_((chat.c.assignee_id + 0 if by_wait else chat.c.assignee_id) == _ME, is_open),
        View.WAITING: and_(_in_state(*_OURS, by_wait=True), chat.c.waiting_since.is_not(None)),
        View.UNASSIGNED: and_(chat.c.assignee_id.is_(None), is_open),
        View.TEAM: is_open,
    }
    if view in views:
        return views[view]
    return and_(_in_state(view.value, by_wait=by_wait), ~_in_state(*_OPEN, by_wait=by_wait))


async def list_inbox(
    connection: AsyncConnection, asked: Asked, clock_of: Callable[[AccountId, Handling], Clock | None]
) -> list[InboxRow]:
    """Return a page of a view; `clock_of` tells the clock of a chat of a number."""
    rows = (await connection.execute(_statement(_shape(asked)), _values(asked))).mappings()
    return [_row(row, clock_of, by_wait=asked.is_by_wait) for row in rows]


@cache
def _statement(shape: _Shape) -> Select[Any]:
    is_alive = and_(chat_presence.c.chat_id == chat.c.id, chat_presence.c.expires_at > _NOW)
    others = select(func.count()).where(is_alive, chat_presence.c.member_id != _ME).correlate(chat).scalar_subquery()
    typing = exists().where(is_alive, chat_presence.c.member_id != _ME, chat_presence.c.mode == "type").correlate(chat)
    last = (
        select(func.max(chat_case.c.number)).where(chat_case.c.chat_id == chat.c.id).correlate(chat).scalar_subquery()
    )
    mine = exists().where(draft.c.chat_id == chat.c.id, draft.c.member_id == _ME).correlate(chat)
    return (
        select(
            *(chat.c[name] for name in dict.fromkeys((*_SHOWN, *HANDLING))),
            account.c.name.label("account_name"),
            member.c.name.label("owner_name"),
            others.label("others"),
            typing.label("others_type"),
            mine.label("has_draft"),
            is_left_alone(_HERE_SINCE).label("is_left_alone"),
            *(chat_case.c[name].label(f"case_{name}") for name in CASE),
        )
        .join(account, account.c.id == chat.c.account_id)
        .outerjoin(member, member.c.id == chat.c.assignee_id)
        .outerjoin(chat_case, and_(chat_case.c.chat_id == chat.c.id, chat_case.c.number == last))
        .where(chat.c.id.in_(_page(shape)))
        .order_by(*_order(shape))
    )


def _order(shape: _Shape) -> tuple[ColumnElement[Any], ...]:
    """Return the order of a page: who waits longest first, or the newest first and those without a time last."""
    if shape.by_wait:
        return chat.c.waiting_since, chat.c.id
    return chat.c.last_at.desc().nulls_last(), chat.c.id.desc()


def _page(shape: _Shape) -> Select[Any]:
    """Return a question for the ids of one page, each of its parts in the order of an index."""
    query = select(chat.c.id).where(_where(shape.view, by_wait=shape.by_wait))
    if shape.of_one_number:
        # As a sum: the order of the page is worth more than an index of the number's chats.
        query = query.where(chat.c.account_id + 0 == _ACCOUNT)
    if not shape.by_wait:
        return _newest(query, shape.behind)
    query = query.where(chat.c.waiting_since.is_not(None))
    if shape.behind is not _Behind.NOTHING:
        query = query.where(tuple_(chat.c.waiting_since, chat.c.id) > tuple_(_AT, _CHAT))
    return query.order_by(chat.c.waiting_since, chat.c.id).limit(_LIMIT)


def _newest(query: Select[Any], behind: _Behind) -> Select[Any]:
    """Return those with a time, then those without: no index has both in this order on both engines."""
    column = chat.c.last_at
    timed, timeless = query.where(column.is_not(None)), query.where(column.is_(None))
    if behind is _Behind.NO_TIME:
        return timeless.where(chat.c.id < _CHAT).order_by(column.desc(), chat.c.id.desc()).limit(_LIMIT)
    if behind is _Behind.A_TIME:
        timed = timed.where(tuple_(column, chat.c.id) < tuple_(_AT, _CHAT))
    parts = [
        select(part.add_columns(column, literal(rank).label("rank"))
               .order_by(column.desc(), chat.c.id.desc()).limit(_LIMIT).subquery())
        for rank, part in enumerate((timed, timeless))
    ]  # fmt: skip
    both = union_all(*parts).subquery()
    return select(both.c.id).order_by(both.c.rank, both.c.last_at.desc(), both.c.id.desc()).limit(_LIMIT)


def _row(row: RowMapping, clock_of: Callable[[AccountId, Handling], Clock | None], *, by_wait: bool) -> InboxRow:
    at = row["waiting_since" if by_wait else "last_at"] or _NEVER
    case = Case(**{name: row[f"case_{name}"] for name in CASE}) if row["case_number"] is not None else None
    number, handling = AccountId(row["account_id"]), handling_of(row, case)
    return InboxRow(
        chat=ChatId(row["id"]),
        account=number,
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
        handling=handling,
        place=Place(at, ChatId(row["id"])),
        is_left_alone=bool(row["is_left_alone"]),
        clock=clock_of(number, handling),
    )


async def count_inbox(
    connection: AsyncConnection, me: int | None, account_id: AccountId | None = None
) -> dict[View, int]:
    """Return how many chats are in each view."""
    here = () if account_id is None else (chat.c.account_id == account_id,)
    groups = (chat.c.account_id, chat.c.state, chat.c.assignee_id)
    rows = (await connection.execute(select(*groups, func.count().label("many")).where(*here).group_by(*groups))).all()
    waits = select(func.count()).select_from(chat).where(_where(View.WAITING), *here)
    counts = dict.fromkeys(View, 0)
    counts[View.WAITING] = (await connection.execute(waits)).scalar_one()
    for row in rows:
        for view in _views_of(row.state, row.assignee_id, me):
            counts[view] += row.many
    return counts


def _views_of(state: str, owner: int | None, me: int | None) -> list[View]:
    """Return the views of a chat, but for the one of who waits."""
    if state not in _OPEN:
        return [View(state)] if state in tuple(View) else []
    found = [View.TEAM]
    if owner is None:
        found.append(View.UNASSIGNED)
    if owner is not None and owner == me:
        found.append(View.MINE)
    return found
