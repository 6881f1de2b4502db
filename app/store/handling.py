"""How the team stands to chats, as `app.team.states` has it: loaded with the row locked, saved with its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import BadInput, NotAllowed
from app.domain.ids import AccountId, ChatId, ReplyId
from app.domain.reply import Reply
from app.store import opening
from app.store.engine import Unit
from app.store.members import is_server
from app.store.schema import account, chat, chat_case, handling_event
from app.team.cases import Case
from app.team.choosing import AssignRules
from app.team.states import ChatState, Handling, Kind, Record, Rules
from app.team.urgency import Priority

_ASSIGN = text("SELECT assign_chat(:chat, :owner)")
_ANSWERS = frozenset({Kind.HUMAN_OUT, Kind.PHONE_OUT})


@dataclass(frozen=True, slots=True)
class Handled:
    """One chat as the team stands to it."""

    chat: ChatId
    account: AccountId
    kind: str
    """Of the chat: person, group, self."""
    handling: Handling
    priority: Priority
    case_id: int | None

    @property
    def state(self) -> ChatState:
        """Return where the chat stands."""
        return self.handling.state


@dataclass(frozen=True, slots=True)
class TeamRules:
    """What a team chose for one number."""

    steps: Rules
    assign: AssignRules


@dataclass(frozen=True, slots=True)
class Event:
    """One line of what happened to a chat."""

    chat: ChatId
    case_id: int | None
    at: datetime
    kind: str
    actor: str | None
    member: int | None
    from_member: int | None
    note: str
    until: datetime | None
    reply: ReplyId | None


async def lock_chat(unit: Unit, chat_id: ChatId) -> bool:
    """Keep others from handling or answering a chat until this transaction ends; false where the login may not."""
    # Messages and replies that are only added beside it meanwhile need not wait.
    query = select(chat.c.id).where(chat.c.id == chat_id).with_for_update(key_share=True)
    return (await unit.connection.execute(query)).first() is not None


async def get_handled(connection: AsyncConnection, chat_id: ChatId) -> Handled | None:
    """Return how a chat stands, None where there is no such chat."""
    row = (await connection.execute(_CHAT.where(chat.c.id == chat_id))).mappings().one_or_none()
    return await _handled(connection, dict(row)) if row is not None else None


async def load_locked(unit: Unit, chat_id: ChatId) -> Handled:
    """Return how a chat stands, and keep it so for this transaction.

    Raises:
        BadInput: There is no such chat.
        NotAllowed: This login may only read it.
    """
    if not await lock_chat(unit, chat_id):
        if await get_handled(unit.connection, chat_id) is None:
            raise BadInput(f"there is no chat {chat_id}")
        raise NotAllowed("you may only read on this number; nothing was changed")
    found = await get_handled(unit.connection, chat_id)
    if found is None:
        raise BadInput(f"there is no chat {chat_id}")
    return found


HANDLING = (
    "state", "assignee_id", "waiting_since", "stretch_paused_s", "snoozed_until", "snoozed_for_reply", "paused_at",
)  # fmt: skip
_CHAT = select(chat.c.id, chat.c.account_id, chat.c.kind, chat.c.priority, *(chat.c[name] for name in HANDLING))
CASE = (
    "number", "opened_at", "is_ours", "closed_at", "reopen_count", "first_inbound_at", "first_answer_at", "paused_s",
)  # fmt: skip


async def _handled(connection: AsyncConnection, row: dict[str, Any]) -> Handled:
    newest = select(chat_case).where(chat_case.c.chat_id == row["id"]).order_by(chat_case.c.number.desc()).limit(1)
    found = (await connection.execute(newest)).mappings().one_or_none()
    case = Case(**{name: found[name] for name in CASE}) if found is not None else None
    handling = handling_of(row, case)
    return Handled(
        ChatId(row["id"]),
        AccountId(row["account_id"]),
        row["kind"],
        handling,
        Priority(row["priority"]),
        found["id"] if found is not None else None,
    )


def handling_of(row: Mapping[str, Any] | RowMapping, case: Case | None) -> Handling:
    """Return how the team stands to a chat.

    Args:
        row: The columns of the chat.
        case: Its last case.
    """
    state = ChatState(row["state"])
    if case is None and state in {ChatState.NEW, ChatState.OPEN, ChatState.WAITING}:
        # Nothing is known to have happened in it.
        state = ChatState.DONE
    return Handling(
        state=state,
        assignee=row["assignee_id"],
        waiting_since=row["waiting_since"],
        stretch_paused_s=row["stretch_paused_s"],
        snoozed_until=row["snoozed_until"],
        snoozed_for_reply=row["snoozed_for_reply"],
        paused_at=row["paused_at"],
        case=case,
    )


def _chat_values(handling: Handling) -> dict[str, Any]:
    values = {name: getattr(handling, name) for name in HANDLING if name not in ("state", "assignee_id")}
    return values | {"state": handling.state.value}


async def save_handling(
    unit: Unit,
    before: Handled,
    after: Handling,
    records: tuple[Record, ...],
    *,
    actor: str | None = None,
    reply: Reply | None = None,
) -> Handled:
    """Keep what an event made of a chat, with the lines of it.

    Args:
        unit: The transaction that loaded it.
        before: The chat as it was.
        after: How it stands now.
        records: The lines.
        actor: The login of who did it; an answer is its author's.
        reply: The reply that went out, of an answer.
    """
    if after == before.handling and not records:
        return before
    case_id = await _save_case(unit, before, after.case)
    if _chat_values(after) != _chat_values(before.handling):
        await unit.connection.execute(update(chat).where(chat.c.id == before.chat).values(_chat_values(after)))
    cases = ((before.handling.case, before.case_id), (after.case, case_id))
    ids: dict[int | None, int | None] = {case.number: row for case, row in cases if case is not None}
    rows = [_event_values(before, one, ids.get(one.case), actor, reply) for one in records]
    if rows:
        await unit.connection.execute(insert(handling_event), rows)
    await unit.touch("chat", before.chat, before.chat)
    if after.assignee != before.handling.assignee:
        # At the end: who sees only their own chats does not see it any more.
        await _set_owner(unit, before.chat, after.assignee)
    return replace(before, handling=after, case_id=case_id)


async def _set_owner(unit: Unit, chat_id: ChatId, owner: int | None) -> None:
    if is_server(unit.connection):
        await unit.connection.execute(_ASSIGN, {"chat": chat_id, "owner": owner})
    else:
        await unit.connection.execute(update(chat).where(chat.c.id == chat_id).values(assignee_id=owner))


async def _save_case(unit: Unit, before: Handled, case: Case | None) -> int | None:
    """Insert a new case, or change the one that goes on; return its id."""
    known = before.handling.case
    if case is None or case == known:
        return before.case_id
    values = asdict(case)
    if known is None or known.number != case.number:
        values |= {"chat_id": before.chat, "account_id": before.account}
        made = await unit.connection.execute(insert(chat_case).values(values).returning(chat_case.c.id))
        return int(made.scalar_one())
    del values["number"], values["opened_at"], values["is_ours"]
    await unit.connection.execute(update(chat_case).where(chat_case.c.id == before.case_id).values(values))
    return before.case_id


def _event_values(
    handled: Handled, record: Record, case_id: int | None, actor: str | None, reply: Reply | None
) -> dict[str, Any]:
    answer = reply if record.kind in _ANSWERS else None
    return {
        "chat_id": handled.chat,
        "account_id": handled.account,
        "case_id": case_id,
        "at": record.at,
        "kind": record.kind.value,
        "actor": None if record.by is None else answer.author if answer is not None else actor,
        "member_id": record.to_agent,
        "from_member_id": record.from_agent,
        "note": record.note,
        "until": record.until,
        "reply_uid": answer.id if answer is not None else None,
    }


async def set_priority(unit: Unit, before: Handled, priority: Priority, actor: str) -> Handled:
    """Say how much a chat presses."""
    if priority == before.priority:
        return before
    await unit.connection.execute(update(chat).where(chat.c.id == before.chat).values(priority=int(priority)))
    values: dict[str, Any] = {"chat_id": before.chat, "account_id": before.account, "case_id": before.case_id}
    values |= {"at": unit.now, "kind": "priority", "actor": actor, "note": priority.name.lower()}
    await unit.connection.execute(insert(handling_event).values(values))
    await unit.touch("chat", before.chat, before.chat)
    return replace(before, priority=priority)


async def is_answered_by(connection: AsyncConnection, reply: ReplyId) -> bool:
    """Tell whether a reply is among what happened already."""
    query = select(handling_event.c.id).where(handling_event.c.reply_uid == reply)
    return (await connection.execute(query)).first() is not None


async def list_events(connection: AsyncConnection, chat_id: ChatId) -> list[Event]:
    """Return what happened to a chat, oldest first."""
    query = select(handling_event).where(handling_event.c.chat_id == chat_id).order_by(handling_event.c.id)
    return [
        Event(
            chat=ChatId(row["chat_id"]),
            case_id=row["case_id"],
            at=row["at"],
            kind=row["kind"],
            actor=row["actor"],
            member=row["member_id"],
            from_member=row["from_member_id"],
            note=row["note"],
            until=row["until"],
            reply=ReplyId(row["reply_uid"]) if row["reply_uid"] else None,
        )
        for row in (await connection.execute(query)).mappings()
    ]


async def list_due(connection: AsyncConnection, holder: str, now: datetime) -> list[ChatId]:
    """Return chats whose snooze is over, of the numbers whose phone this process drives."""
    query = (
        select(chat.c.id)
        .join(account, account.c.id == chat.c.account_id)
        .where(chat.c.snoozed_until <= now, account.c.lease_holder == holder)
        .order_by(chat.c.snoozed_until)
    )
    return [ChatId(one) for one in (await connection.execute(query)).scalars()]


# -- what the team chose ------------------------------------------------------------------------------

LIMITS = {"new_case_hours": (1, 24 * 365), "most_open": (1, 500), "alert_minutes": (1, 24 * 60)}
"""The numbers among the rules, and from what to what."""


async def load_rules(connection: AsyncConnection, account_id: AccountId) -> TeamRules:
    """Return the rules of a number; what was never chosen is as the program has it."""
    values = await rule_values(connection, account_id)
    hours = await opening.get_hours(connection, account_id)
    return TeamRules(
        Rules(timedelta(hours=values["new_case_hours"]), hours.calendar),
        AssignRules(values["auto_assign"], values["most_open"], timedelta(minutes=values["alert_minutes"])),
    )


async def rule_values(connection: AsyncConnection, account_id: AccountId) -> dict[str, Any]:
    """Return the rules of a number by name."""
    chosen = (await connection.execute(select(account.c.rules).where(account.c.id == account_id))).scalar()
    return {"new_case_hours": 72, "auto_assign": False, "most_open": 5, "alert_minutes": 10} | (chosen or {})


async def set_rules(unit: Unit, account_id: AccountId, values: dict[str, Any]) -> bool:
    """Keep what was chosen, on top of what was before; false where the number is not this person's to change."""
    # Two who change different rules at once: the second sees what the first chose.
    query = select(account.c.rules).where(account.c.id == account_id).with_for_update(key_share=True)
    chosen = (await unit.connection.execute(query)).scalar() or {}
    done = await unit.connection.execute(
        update(account).where(account.c.id == account_id).values(rules=chosen | values)
    )
    await unit.touch("account", account_id)
    return bool(done.rowcount)
