"""Notes of the team on a chat, and who is mentioned in them. They have nothing to do with messages or replies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.beside import mention, note
from app.store.engine import Unit
from app.store.inserting import insert_new
from app.store.schema import chat, member, membership
from app.team.mentions import AgentName


@dataclass(frozen=True, slots=True)
class Note:
    """One note on one chat."""

    id: int
    uid: str
    chat: ChatId
    account: AccountId
    author: str
    body: str
    at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class MentionOfMe:
    """A note in which somebody is mentioned; `read_at` None: not read yet."""

    note: Note
    chat_title: str
    read_at: datetime | None


async def add_note(unit: Unit, uid: str, place: tuple[ChatId, AccountId], author: str, body: str) -> bool:
    """Insert a note on a chat of a number; false where one of this uid is there."""
    values = {"uid": uid, "chat_id": place[0], "account_id": place[1], "author": author, "body": body, "at": unit.now}
    is_new = await insert_new(unit.connection, note, values)
    found = await find_note(unit.connection, uid) if is_new else None
    if found is not None:
        await unit.touch("note", found.id, found.chat)
    return is_new


async def change_note(unit: Unit, one: Note, **values: Any) -> bool:
    """Change a note of its author that is not removed; false where it is."""
    where = (note.c.id == one.id, note.c.author == one.author, note.c.removed_at.is_(None))
    done = await unit.connection.execute(update(note).where(*where).values(**values))
    if done.rowcount:
        await unit.touch("note", one.id, one.chat)
    return bool(done.rowcount)


async def find_note(connection: AsyncConnection, uid: str) -> Note | None:
    """Return the note of a uid, also a removed one."""
    rows = await connection.execute(select(note).where(note.c.uid == uid))
    return next((_note(dict(row)) for row in rows.mappings()), None)


async def get_note(connection: AsyncConnection, note_id: int) -> Note | None:
    """Return a note that is not removed."""
    rows = await connection.execute(select(note).where(note.c.id == note_id, note.c.removed_at.is_(None)))
    return next((_note(dict(row)) for row in rows.mappings()), None)


async def list_notes(connection: AsyncConnection, chat_id: ChatId) -> list[Note]:
    """Return the notes of a chat, oldest first."""
    where = (note.c.chat_id == chat_id, note.c.removed_at.is_(None))
    rows = await connection.execute(select(note).where(*where).order_by(note.c.at, note.c.id))
    return [_note(dict(row)) for row in rows.mappings()]


async def list_names(connection: AsyncConnection, account_id: AccountId) -> list[AgentName]:
    """Return the members of a number, by whom they are mentioned."""
    query = (
        select(member.c.id, member.c.login, member.c.name)
        .join(membership, membership.c.member_id == member.c.id)
        .where(membership.c.account_id == account_id, member.c.removed_at.is_(None))
        .order_by(member.c.login)
    )
    return [AgentName(int(row.id), row.login, row.name) for row in await connection.execute(query)]


async def add_mentions(unit: Unit, one: Note, members: Iterable[int]) -> None:
    """Enter who is mentioned in a note; who was already, stays as they are."""
    known = {row[0] for row in await unit.connection.execute(_members_of(one))}
    for member_id in sorted(set(members) - known):
        await unit.connection.execute(insert(mention).values(note_id=one.id, member_id=member_id))
        await unit.touch("mention", f"{one.id}/{member_id}", one.chat)


def _members_of(one: Note) -> Any:
    return select(mention.c.member_id).where(mention.c.note_id == one.id)


async def list_mentions(connection: AsyncConnection, login: str, *, only_unread: bool) -> list[MentionOfMe]:
    """Return where a member is mentioned, newest first."""
    query = (
        select(note, mention.c.read_at, chat.c.title)
        .join(mention, mention.c.note_id == note.c.id)
        .join(member, member.c.id == mention.c.member_id)
        .join(chat, chat.c.id == note.c.chat_id)
        .where(member.c.login == login, note.c.removed_at.is_(None))
        .order_by(note.c.at.desc(), note.c.id.desc())
    )
    if only_unread:
        query = query.where(mention.c.read_at.is_(None))
    rows = (await connection.execute(query)).mappings()
    return [MentionOfMe(_note(dict(row)), row["title"], row["read_at"]) for row in rows]


async def mark_mention(unit: Unit, note_id: int, login: str) -> bool:
    """Say that a member has read where they are mentioned; false where there is nothing unread."""
    me = select(member.c.id).where(member.c.login == login).scalar_subquery()
    where = (mention.c.note_id == note_id, mention.c.member_id == me, mention.c.read_at.is_(None))
    done = await unit.connection.execute(update(mention).where(*where).values(read_at=unit.now))
    if done.rowcount:
        await unit.touch("mention", f"{note_id}")
    return bool(done.rowcount)


def _note(row: dict[str, Any]) -> Note:
    return Note(
        id=int(row["id"]),
        uid=row["uid"],
        chat=ChatId(row["chat_id"]),
        account=AccountId(row["account_id"]),
        author=row["author"],
        body=row["body"],
        at=row["at"],
        edited_at=row["edited_at"],
    )
