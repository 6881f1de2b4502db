"""Labels on chats, marks of each person, and saved views. What is removed stays as history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import ChatId
from app.store.beside import chat_label, chat_mark, label, saved_view
from app.store.engine import Unit
from app.store.inserting import insert_new
from app.team.canned import fold


@dataclass(frozen=True, slots=True)
class Label:
    """A label that chats may have. `removed_at` None: it can be put on chats."""

    id: int
    uid: str
    name: str
    colour: str
    author: str
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """One time that a label was on a chat."""

    chat: ChatId
    label: Label
    author: str
    at: datetime
    removed_by: str | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What one person marked a chat with."""

    chat: ChatId
    star: bool = False
    follow: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """A search that is kept; a shared one is everybody's to see and its owner's to change."""

    id: int
    uid: str
    owner: str
    name: str
    query: Mapping[str, Any]
    shared: bool


# -- labels -------------------------------------------------------------------------------------------


async def add_label(unit: Unit, uid: str, name: str, colour: str, author: str) -> bool:
    """Insert a label; false where one of this uid, or a living one of this name, is there."""
    values = {"uid": uid, "name": name, "name_key": fold(name), "colour": colour, "author": author, "at": unit.now}
    is_new = await insert_new(unit.connection, label, values)
    made = await find_label(unit.connection, uid=uid) if is_new else None
    if made is not None:
        await unit.touch("label", made.id)
    return is_new


async def find_label(connection: AsyncConnection, *, uid: str | None = None, name: str | None = None) -> Label | None:
    """Return the label of a uid, or the living one of a name."""
    where = (label.c.uid == uid,) if uid is not None else (label.c.name_key == fold(name or ""), _is_living(label))
    found = await _labels(connection, *where)
    return found[0] if found else None


async def list_labels(connection: AsyncConnection, *, with_removed: bool = False) -> list[Label]:
    """Return labels by name."""
    return await _labels(connection, *(() if with_removed else (_is_living(label),)))


async def change_label(unit: Unit, label_id: int, **values: Any) -> bool:
    """Change a living label; false where there is none."""
    if "name" in values:
        values["name_key"] = fold(values["name"])
    where = (label.c.id == label_id, _is_living(label))
    done = await unit.connection.execute(update(label).where(*where).values(**values))
    if done.rowcount:
        await unit.touch("label", label_id)
    return bool(done.rowcount)


async def put_label(unit: Unit, chat_id: ChatId, label_id: int, author: str) -> bool:
    """Put a label on a chat; false where it is on it."""
    values = {"chat_id": chat_id, "label_id": label_id, "author": author, "at": unit.now}
    is_new = await insert_new(unit.connection, chat_label, values)
    if is_new:
        await unit.touch("chat_label", label_id, chat_id)
    return is_new


async def take_label(unit: Unit, chat_id: ChatId, label_id: int, author: str) -> bool:
    """Take a label off a chat; false where it is not on it."""
    where = (chat_label.c.chat_id == chat_id, chat_label.c.label_id == label_id, _is_living(chat_label))
    values = {"removed_at": unit.now, "removed_by": author}
    done = await unit.connection.execute(update(chat_label).where(*where).values(**values))
    if done.rowcount:
        await unit.touch("chat_label", label_id, chat_id)
    return bool(done.rowcount)


async def list_labelled(
    connection: AsyncConnection, chat_id: ChatId | None = None, *, with_history: bool = False
) -> list[Labelled]:
    """Return which labels are on a chat, or on any; with history also which were, oldest first."""
    query = select(
        chat_label, label.c.id.label("of"), label.c.uid, label.c.name, label.c.colour, label.c.author.label("made_by"),
        label.c.removed_at.label("label_removed_at"),
    ).join(label, label.c.id == chat_label.c.label_id)  # fmt: skip
    if chat_id is not None:
        query = query.where(chat_label.c.chat_id == chat_id)
    if not with_history:
        query = query.where(_is_living(chat_label), _is_living(label))
    rows = (await connection.execute(query.order_by(chat_label.c.at, chat_label.c.id))).mappings()
    return [
        Labelled(
            ChatId(r["chat_id"]),
            Label(int(r["of"]), r["uid"], r["name"], r["colour"], r["made_by"], r["label_removed_at"]),
            r["author"],
            r["at"],
            r["removed_by"],
            r["removed_at"],
        )
        for r in rows
    ]


async def _labels(connection: AsyncConnection, *where: Any) -> list[Label]:
    rows = (await connection.execute(select(label).where(*where).order_by(label.c.name_key, label.c.id))).mappings()
    return [Label(int(r["id"]), r["uid"], r["name"], r["colour"], r["author"], r["removed_at"]) for r in rows]


# -- marks --------------------------------------------------------------------------------------------


async def set_mark(unit: Unit, owner: str, mark: Mark) -> None:
    """Keep what a person marks a chat with."""
    values = {"star": mark.star, "follow": mark.follow, "at": unit.now}
    row = {"owner": owner, "chat_id": mark.chat, **values}
    if not await insert_new(unit.connection, chat_mark, row):
        where = (chat_mark.c.owner == owner, chat_mark.c.chat_id == mark.chat)
        await unit.connection.execute(update(chat_mark).where(*where).values(**values))
    await unit.touch("mark", mark.chat, mark.chat)


async def list_marks(connection: AsyncConnection, owner: str) -> list[Mark]:
    """Return the chats that a person marked, with what."""
    where = (chat_mark.c.owner == owner, or_(chat_mark.c.star, chat_mark.c.follow))
    rows = await connection.execute(select(chat_mark).where(*where).order_by(chat_mark.c.chat_id))
    return [Mark(ChatId(row.chat_id), row.star, row.follow) for row in rows]


# -- views --------------------------------------------------------------------------------------------


async def add_view(unit: Unit, one: SavedView) -> bool:
    """Insert a view; false where one of its uid is there."""
    values = {
        "uid": one.uid,
        "owner": one.owner,
        "name": one.name,
        "query": dict(one.query),
        "shared": one.shared,
        "at": unit.now,
    }
    is_new = await insert_new(unit.connection, saved_view, values)
    if is_new:
        await unit.touch("view", one.uid)
    return is_new


async def change_view(unit: Unit, uid: str, owner: str, **values: Any) -> bool:
    """Change a view of its owner that is not removed; false where there is none."""
    where = (saved_view.c.uid == uid, saved_view.c.owner == owner, _is_living(saved_view))
    done = await unit.connection.execute(update(saved_view).where(*where).values(**values))
    if done.rowcount:
        await unit.touch("view", uid)
    return bool(done.rowcount)


async def list_views(connection: AsyncConnection, owner: str) -> list[SavedView]:
    """Return a person's own views and the shared ones, by name."""
    where = (or_(saved_view.c.owner == owner, saved_view.c.shared), _is_living(saved_view))
    rows = await connection.execute(select(saved_view).where(*where).order_by(saved_view.c.name, saved_view.c.id))
    return [SavedView(int(r["id"]), r["uid"], r["owner"], r["name"], r["query"], r["shared"]) for r in rows.mappings()]


def _is_living(table: Any) -> Any:
    return table.c.removed_at.is_(None)
