"""Imports of exported chats: applied many rows at a time, recorded row by row, taken back where nobody else saw them.

A row `added` a message, `changed` one, `closed` or `marked` a gap, or has only `seen` a message of another import.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.change import Change, GapClosed, GapFound, MessageAdded, MessageChanged
from app.domain.ids import ChatId, MessageId
from app.domain.message import Origin
from app.store import chats, messages
from app.store.engine import Unit
from app.store.schema import chat, chat_import, chat_import_row, message, revision

_MANY = 500
"""Rows in one statement."""


@dataclass(frozen=True, slots=True)
class Import:
    """One recorded import."""

    id: int
    chat: ChatId
    chat_title: str
    source: str
    author: str
    at: datetime
    counts: dict[str, int]
    undone_by: str | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewImport:
    """What is recorded of an import besides its rows."""

    chat: ChatId
    source: str
    author: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back came to."""

    removed: int
    kept: int
    """Messages that a phone, a reply or another import showed since."""
    restored: int


async def apply_import(
    unit: Unit,
    new: NewImport,
    changes: Sequence[Change],
    seen: Sequence[MessageId],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, list[MessageId]]:
    """Apply a plan and record it; return the import's id and those of the messages added.

    Args:
        unit: The transaction: all of it happens, or nothing.
        new: What to record.
        changes: The plan.
        seen: Messages of earlier imports that the file holds too.
        progress: Told how many messages of how many were added.
    """
    values = {"chat_id": new.chat, "source": new.source[:255], "author": new.author, "at": unit.now}
    values |= {"counts": new.counts, "chat_before": {}, "chat_after": {}}
    made = await unit.connection.execute(insert(chat_import).values(values).returning(chat_import.c.id))
    import_id = int(made.scalar_one())
    record = [{"message_id": one, "what": "seen"} for one in seen]
    for change in changes:
        if isinstance(change, MessageChanged | GapClosed | GapFound):
            record.append(await _change(unit, new.chat, change))
    places: dict[MessageId | None, list[MessageAdded]] = {}
    for change in changes:
        if isinstance(change, MessageAdded):
            places.setdefault(change.after, []).append(change)
    total, added = sum(map(len, places.values())), list[MessageId]()
    for after, rows in places.items():
        positions = await _positions(unit, new.chat, after, len(rows))
        for start in range(0, len(rows), _MANY):
            part = slice(start, start + _MANY)
            added += await _insert(unit, new.chat, rows[part], positions[part])
            if progress is not None:
                progress(len(added), total)
    record += [{"message_id": one, "what": "added"} for one in added]
    await _record(unit, import_id, record)
    await unit.touch_many("message", added, new.chat)
    await unit.touch("chat", new.chat, new.chat)
    return import_id, added


async def _change(unit: Unit, chat_id: ChatId, change: MessageChanged | GapClosed | GapFound) -> dict[str, Any]:
    row: dict[str, Any] = {"message_id": change.id}
    if isinstance(change, MessageChanged):
        before = await _entries(unit.connection, [change.id])
        row |= {"what": "changed", "after": messages.columns_of(change.content, change.shown)}
        row["before"] = messages.columns_of(before[change.id].content, before[change.id].shown)
    else:
        row["what"] = "closed" if isinstance(change, GapClosed) else "marked"
    await messages.apply_changes(unit, chat_id, (change,))
    return row


async def _entries(connection: AsyncConnection, ids: Sequence[MessageId]) -> dict[MessageId, Any]:
    rows = (await connection.execute(select(message).where(message.c.id.in_(ids)))).mappings()
    return {MessageId(row["id"]): messages.entry_of(dict(row)) for row in rows}


async def _positions(unit: Unit, chat_id: ChatId, after: MessageId | None, count: int) -> list[int]:
    """Return free orders for so many messages right behind `after`, or in front of everything."""
    mine = message.c.chat_id == chat_id
    if after is None:
        first = (await unit.connection.execute(select(func.min(message.c.position)).where(mine))).scalar()
        top = (count + 1) * messages.STEP if first is None else int(first)
        return [top - (count - index) * messages.STEP for index in range(count)]
    low = int((await unit.connection.execute(select(message.c.position).where(message.c.id == after))).scalar_one())
    query = select(func.min(message.c.position)).where(mine, message.c.position > low)
    high = (await unit.connection.execute(query)).scalar()
    step = messages.STEP if high is None else min(messages.STEP, (int(high) - low) // (count + 1))
    if step < 1:
        await messages.spread(unit, chat_id)
        return await _positions(unit, chat_id, after, count)
    return [low + (index + 1) * step for index in range(count)]


async def _insert(
    unit: Unit, chat_id: ChatId, rows: Sequence[MessageAdded], positions: Sequence[int]
) -> list[MessageId]:
    account_id = (await unit.connection.execute(select(chat.c.account_id).where(chat.c.id == chat_id))).scalar_one()
    values = [
        messages.columns_of(row.content, row.shown)
        | {
            "chat_id": chat_id,
            "account_id": account_id,
            "position": position,
            "direction": row.direction.value,
            "origin": row.origin.value,
            "gap_before": row.gap_before,
            "first_seen_at": unit.now,
        }
        for row, position in zip(rows, positions, strict=True)
    ]
    await unit.connection.execute(insert(message), values)
    span = message.c.position.between(positions[0], positions[-1])
    query = select(message.c.id).where(message.c.chat_id == chat_id, span).order_by(message.c.position)
    return [MessageId(one) for one in (await unit.connection.execute(query)).scalars()]


async def _record(unit: Unit, import_id: int, rows: Sequence[dict[str, Any]]) -> None:
    whole = [{"import_id": import_id, "before": None, "after": None} | row for row in rows]
    for start in range(0, len(whole), _MANY):
        await unit.connection.execute(insert(chat_import_row), whole[start : start + _MANY])


async def list_imports(connection: AsyncConnection, import_id: int | None = None) -> list[Import]:
    """Return the imports, oldest first, also those that were taken back."""
    query = select(chat_import, chat.c.title).join(chat, chat.c.id == chat_import.c.chat_id).order_by(chat_import.c.id)
    if import_id is not None:
        query = query.where(chat_import.c.id == import_id)
    return [
        Import(
            r["id"], ChatId(r["chat_id"]), r["title"], r["source"], r["author"], r["at"], r["counts"], r["undone_by"],
            r["undone_at"],
        )
        for r in (await connection.execute(query)).mappings()
    ]  # fmt: skip


# -- taking back -------------------------------------------------------------------------------------


async def undo_import(unit: Unit, one: Import, author: str) -> Undone:
    """Remove what an import added and nobody else showed since, and give back what it changed.

    What stays keeps its order; where something was removed in front of it, a gap shows.
    """
    rows = (
        await unit.connection.execute(
            select(chat_import_row).where(chat_import_row.c.import_id == one.id).order_by(chat_import_row.c.id)
        )
    ).mappings()
    record = [dict(row) for row in rows]
    added = [MessageId(row["message_id"]) for row in record if row["what"] == "added"]
    shared = await _hand_over(unit, one.id, added)
    doomed = await _unseen(unit.connection, [i for i in added if i not in shared])
    before = await _order(unit.connection, one.chat)
    await _remove(unit, doomed)
    restored = [await _restore(unit, row) for row in record if row["what"] == "changed"]
    gaps = {MessageId(row["message_id"]): row["what"] for row in record if row["what"] in ("closed", "marked")}
    touched = await _mark_gaps(unit, before, doomed, set(added), gaps)
    await unit.connection.execute(
        update(chat_import).where(chat_import.c.id == one.id).values(undone_by=author, undone_at=unit.now)
    )
    changed = [MessageId(row["message_id"]) for row in record if row["what"] == "changed"]
    await unit.touch_many("message", list(dict.fromkeys([*doomed, *changed, *touched])), one.chat)
    await unit.touch("chat", one.chat, one.chat)
    await _restore_chat(unit, one)
    return Undone(len(doomed), len(added) - len(doomed), sum(restored))


async def _restore_chat(unit: Unit, one: Import) -> None:
    """Give the chat's own line back what it said; not where it says something else again since."""
    query = select(chat_import.c.chat_before, chat_import.c.chat_after).where(chat_import.c.id == one.id)
    before, after = (await unit.connection.execute(query)).one()
    now = await _chat_line(unit.connection, one.chat)
    back = {name: before[name] for name, value in after.items() if now[name] == value and before[name] != value}
    if back:
        await unit.connection.execute(update(chat).where(chat.c.id == one.chat).values(_chat_columns(back)))


async def _chat_line(connection: AsyncConnection, chat_id: ChatId) -> dict[str, Any]:
    row = (await connection.execute(select(chat.c.complete, chat.c.last_at).where(chat.c.id == chat_id))).one()
    return {"complete": bool(row.complete), "last_at": row.last_at.isoformat() if row.last_at else None}


def _chat_columns(line: dict[str, Any]) -> dict[str, Any]:
    moved = line.get("last_at")
    return line | ({"last_at": datetime.fromisoformat(moved) if moved else None} if "last_at" in line else {})


async def change_chat(unit: Unit, chat_id: ChatId, import_id: int, **values: Any) -> None:
    """Change columns of an import's chat, and record what its own line said before and says now."""
    before = await _chat_line(unit.connection, chat_id)
    await chats.change_chat(unit, chat_id, **values)
    line = {"chat_before": before, "chat_after": await _chat_line(unit.connection, chat_id)}
    await unit.connection.execute(update(chat_import).where(chat_import.c.id == import_id).values(line))


async def _hand_over(unit: Unit, import_id: int, added: Sequence[MessageId]) -> set[MessageId]:
    """Messages that another import holds too become its own; return them."""
    shared: set[MessageId] = set()
    alive = select(chat_import.c.id).where(chat_import.c.undone_at.is_(None), chat_import.c.id != import_id)
    for start in range(0, len(added), _MANY):
        where = (
            chat_import_row.c.what == "seen",
            chat_import_row.c.import_id.in_(alive),
            chat_import_row.c.message_id.in_(added[start : start + _MANY]),
        )
        found = await unit.connection.execute(
            select(chat_import_row.c.message_id, func.min(chat_import_row.c.id)).where(*where)
            .group_by(chat_import_row.c.message_id)
        )  # fmt: skip
        owners = {MessageId(row[0]): int(row[1]) for row in found}
        shared |= set(owners)
        for row_id in owners.values():
            await unit.connection.execute(
                update(chat_import_row).where(chat_import_row.c.id == row_id).values(what="added")
            )
    return shared


async def _unseen(connection: AsyncConnection, ids: Sequence[MessageId]) -> list[MessageId]:
    """Return the messages that only an export showed: no screen, no notification, no reply's echo."""
    unseen: list[MessageId] = []
    for start in range(0, len(ids), _MANY):
        query = select(message.c.id).where(
            message.c.id.in_(ids[start : start + _MANY]),
            message.c.origin == Origin.EXPORT.value,
            message.c.reply_uid.is_(None),
            message.c.time_ms.is_(None),
        )
        unseen += [MessageId(one) for one in (await connection.execute(query)).scalars()]
    return unseen


async def _order(connection: AsyncConnection, chat_id: ChatId) -> list[MessageId]:
    query = select(message.c.id).where(message.c.chat_id == chat_id, ~message.c.gone).order_by(message.c.position)
    return [MessageId(one) for one in (await connection.execute(query)).scalars()]


async def _remove(unit: Unit, ids: Sequence[MessageId]) -> None:
    for start in range(0, len(ids), _MANY):
        part = ids[start : start + _MANY]
        await unit.connection.execute(delete(revision).where(revision.c.message_id.in_(part)))
        await unit.connection.execute(delete(message).where(message.c.id.in_(part)))


async def _restore(unit: Unit, row: dict[str, Any]) -> bool:
    """Give a message back what it said before; not where it says something else again since."""
    message_id = MessageId(row["message_id"])
    now = (await _entries(unit.connection, [message_id])).get(message_id)
    if now is None or messages.columns_of(now.content, now.shown) != row["after"]:
        return False
    await unit.connection.execute(update(message).where(message.c.id == message_id).values(row["before"]))
    last = select(func.max(revision.c.id)).where(revision.c.message_id == message_id).scalar_subquery()
    if (row["before"]["kind"], row["before"]["text"]) != (row["after"]["kind"], row["after"]["text"]):
        await unit.connection.execute(delete(revision).where(revision.c.id == last))
    return True


async def _mark_gaps(
    unit: Unit,
    before: Sequence[MessageId],
    doomed: Sequence[MessageId],
    added: set[MessageId],
    gaps: dict[MessageId, str],
) -> list[MessageId]:
    """Open the gaps that the import closed, unless a message of it that stays stands in front; return what changed.

    Args:
        unit: The transaction.
        before: The chat's messages as they stood, oldest first.
        doomed: Those that were removed.
        added: Those that the import had added.
        gaps: What it did to the gaps before which messages.
    """
    gone, values, last, is_torn = set(doomed), dict[MessageId, bool](), None, False
    for one in before:
        if one in gone:
            is_torn = True
            continue
        stays_behind = last in added and not is_torn
        if gaps.get(one) == "closed" and not stays_behind:
            values[one] = True
        elif gaps.get(one) == "marked" and is_torn:
            values[one] = False
        elif one in added and is_torn:
            values[one] = True
        last, is_torn = one, False
    for one, flag in values.items():
        await unit.connection.execute(update(message).where(message.c.id == one).values(gap_before=flag))
    return list(values)
