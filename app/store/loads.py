"""What giving out chats goes by: who waits for an owner on a number, and how much each of its agents has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.members import is_server
from app.store.presence import list_present
from app.store.schema import account, chat, handling_event, membership
from app.team.choosing import AgentLoad, UnownedChat
from app.team.states import ChatState

_OURS = (ChatState.NEW.value, ChatState.OPEN.value)


async def list_driven(connection: AsyncConnection, holder: str) -> list[AccountId]:
    """Return the numbers whose phone this process drives and whose chats are given out."""
    query = select(account.c.id, account.c.rules).where(account.c.lease_holder == holder, ~account.c.removed)
    rows = await connection.execute(query.order_by(account.c.id))
    return [AccountId(row.id) for row in rows if (row.rules or {}).get("auto_assign")]


async def list_unowned(connection: AsyncConnection, account_id: AccountId) -> list[UnownedChat]:
    """Return the chats of a number that wait for somebody of ours and that nobody owns."""
    query = select(chat.c.id, chat.c.waiting_since).where(
        chat.c.account_id == account_id,
        chat.c.state.in_(_OURS),
        chat.c.assignee_id.is_(None),
        chat.c.waiting_since.is_not(None),
    )
    rows = await connection.execute(query)
    return [UnownedChat(ChatId(row.id), account_id, row.waiting_since) for row in rows]


async def list_loads(connection: AsyncConnection, account_id: AccountId, now: datetime) -> list[AgentLoad]:
    """Return who is there and may answer on a number, with what they own on all numbers."""
    there = await list_present(connection, now)
    able = set(there)
    if is_server(connection):
        query = select(membership.c.member_id).where(membership.c.account_id == account_id, membership.c.may_send)
        able &= set((await connection.execute(query)).scalars())
    if not able:
        return []
    owned = select(chat.c.assignee_id, func.count()).where(chat.c.state.in_(_OURS), chat.c.assignee_id.in_(able))
    counts = {row[0]: int(row[1]) for row in await connection.execute(owned.group_by(chat.c.assignee_id))}
    given = select(handling_event.c.member_id, func.max(handling_event.c.at)).where(
        handling_event.c.kind == "assign", handling_event.c.member_id.in_(able)
    )
    last = {row[0]: row[1] for row in await connection.execute(given.group_by(handling_event.c.member_id))}
    accounts = frozenset({account_id})
    return [AgentLoad(one, accounts, there[one][0], counts.get(one, 0), last.get(one)) for one in sorted(able)]
