"""Stored files and the messages they belong to; why the others have none yet, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId, MessageId
from app.domain.media import LinkState, MediaFile, Verdict
from app.domain.message import Entry
from app.store.engine import Unit
from app.store.messages import entry_of
from app.store.schema import account as accounts
from app.store.schema import chat, media_file, media_link, message
from app.store.vault import Kept


@dataclass(frozen=True, slots=True)
class Dated:
    """A message of the days that are looked at, and what became of its file so far."""

    chat: ChatId
    entry: Entry
    state: LinkState | None
    tries: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What the database says of a chat's ends.

    `first` is the least order of all its messages; `seen_at` is when the phone's list last agreed with the mirror.
    """

    chat: ChatId
    first: int | None
    complete: bool
    last_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pulled:
    """A file that was stored for a message, as the phone and as people name it."""

    place: int
    name: str
    source: MediaFile
    kept: Kept
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Attachment:
    """A message's file as people see it. Without `sha256` there is none yet; `state` says why."""

    message: MessageId
    chat: ChatId
    chat_title: str
    place: int
    state: LinkState
    name: str
    sha256: str | None
    size: int | None
    mime: str | None
    verdict: Verdict | None
    has_thumbnail: bool
    entry: Entry


async def newest_message(connection: AsyncConnection) -> int:
    """Return the greatest id of a message, 0 where there is none."""
    return int((await connection.execute(select(func.max(message.c.id)))).scalar() or 0)


async def is_due(connection: AsyncConnection, account: AccountId, now: datetime, since: str) -> bool:
    """Tell whether the file of some message since a day is to be looked for again."""
    query = (
        select(media_link.c.id)
        .join(message, message.c.id == media_link.c.message_id)
        .where(media_link.c.account_id == account, media_link.c.state != LinkState.LINKED.value)
        .where(media_link.c.try_at <= now, message.c.shown_day >= since)
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def load_days(connection: AsyncConnection, account: AccountId, since: str) -> list[Dated]:
    """Return an account's messages since a day, chat by chat in the phone's order."""
    query = (
        select(message, media_link.c.state.label("link_state"), media_link.c.tries.label("link_tries"))
        .join(chat, chat.c.id == message.c.chat_id)
        .outerjoin(media_link, (media_link.c.message_id == message.c.id) & (media_link.c.place == 0))
        .where(chat.c.account_id == account, message.c.shown_day >= since)
        .order_by(message.c.chat_id, message.c.position)
    )
    rows = (await connection.execute(query)).mappings()
    return [_dated(dict(row)) for row in rows]


def _dated(row: dict[str, Any]) -> Dated:
    state = LinkState(row["link_state"]) if row["link_state"] else None
    return Dated(ChatId(row["chat_id"]), entry_of(row), state, row["link_tries"] or 0)


async def load_reaches(connection: AsyncConnection, account: AccountId) -> list[Reach]:
    """Return what is known of the ends of an account's chats."""
    first = select(func.min(message.c.position)).where(message.c.chat_id == chat.c.id).scalar_subquery()
    query = (
        select(chat.c.id, first.label("first"), chat.c.complete, chat.c.last_at, accounts.c.verified_until)
        .join(accounts, accounts.c.id == chat.c.account_id)
        .where(chat.c.account_id == account)
    )
    return [
        Reach(ChatId(row.id), row.first, row.complete, row.last_at, row.verified_until)
        for row in await connection.execute(query)
    ]


async def linked_files(connection: AsyncConnection, account: AccountId) -> set[tuple[str, int, int]]:
    """Return path, size and time of the phone's files that belong to a message already."""
    query = select(media_link.c.phone_path, media_link.c.phone_size, media_link.c.phone_changed_s).where(
        media_link.c.account_id == account, media_link.c.state == LinkState.LINKED.value
    )
    return {(row.phone_path, row.phone_size, row.phone_changed_s) for row in await connection.execute(query)}


async def set_state(unit: Unit, account: AccountId, one: Dated, state: LinkState, try_at: datetime | None) -> None:
    """Say why a message has no file, and when to look again. What was linked meanwhile stays."""
    if await _is_linked(unit, one.entry.id):
        return
    await unit.connection.execute(delete(media_link).where(media_link.c.message_id == one.entry.id))
    values = {"message_id": one.entry.id, "account_id": account, "state": state.value, "at": unit.now}
    await unit.connection.execute(insert(media_link).values(**values, tries=one.tries + 1, try_at=try_at))
    if state is not one.state:
        await unit.touch("message", one.entry.id, one.chat)


async def link(unit: Unit, account: AccountId, one: Dated, files: Sequence[Pulled]) -> bool:
    """Give a message its files, all of them; false where it has some already, or one of these is another's."""
    taken = await linked_files(unit.connection, account)
    sources = {(file.source.path, file.source.size, file.source.changed_s) for file in files}
    if await _is_linked(unit, one.entry.id) or sources & taken:
        return False
    await unit.connection.execute(delete(media_link).where(media_link.c.message_id == one.entry.id))
    for file in files:
        values = {
            "message_id": one.entry.id,
            "place": file.place,
            "account_id": account,
            "state": LinkState.LINKED.value,
            "file_id": await _file_id(unit, file),
            "name": file.name,
            "phone_path": file.source.path,
            "phone_size": file.source.size,
            "phone_changed_s": file.source.changed_s,
            "tries": one.tries + 1,
            "at": unit.now,
        }
        await unit.connection.execute(insert(media_link).values(values))
    await unit.touch("message", one.entry.id, one.chat)
    return True


async def _is_linked(unit: Unit, message_id: MessageId) -> bool:
    query = select(media_link.c.id).where(
        media_link.c.message_id == message_id, media_link.c.state == LinkState.LINKED.value
    )
    return (await unit.connection.execute(query.limit(1))).first() is not None


async def _file_id(unit: Unit, file: Pulled) -> int:
    """Return the row of these bytes; the same bytes have one row however often they came."""
    query = select(media_file.c.id).where(media_file.c.sha256 == file.kept.sha256)
    known = (await unit.connection.execute(query)).scalar()
    if known is not None:
        return int(known)
    values = {
        "sha256": file.kept.sha256,
        "size": file.kept.size,
        "mime": file.kept.mime,
        "verdict": file.verdict.value,
        "thumbnail": file.verdict is Verdict.OK,
        "stored_at": unit.now,
    }
    return int(
        (await unit.connection.execute(insert(media_file).values(values).returning(media_file.c.id))).scalar_one()
    )


async def find_verdict(connection: AsyncConnection, sha256: str) -> Verdict | None:
    """Return what the check of these bytes found before, None where they are new."""
    found = (await connection.execute(select(media_file.c.verdict).where(media_file.c.sha256 == sha256))).scalar()
    return Verdict(found) if found else None


async def list_attachments(
    connection: AsyncConnection, chat_id: ChatId | None = None, messages: Sequence[MessageId] = ()
) -> list[Attachment]:
    """Return the files of a chat, of some messages, or all; oldest message first."""
    query = (
        select(
            message,
            chat.c.title,
            media_link.c.place,
            media_link.c.state,
            media_link.c.name,
            media_file.c.sha256,
            media_file.c.size,
            media_file.c.mime,
            media_file.c.verdict,
            media_file.c.thumbnail,
        )
        .join(media_link, media_link.c.message_id == message.c.id)
        .join(chat, chat.c.id == message.c.chat_id)
        .outerjoin(media_file, media_file.c.id == media_link.c.file_id)
        .order_by(message.c.chat_id, message.c.position, media_link.c.place)
    )
    if chat_id is not None:
        query = query.where(message.c.chat_id == chat_id)
    if messages:
        query = query.where(message.c.id.in_(messages))
    return [_attachment(dict(row)) for row in (await connection.execute(query)).mappings()]


async def list_pictures(connection: AsyncConnection, chat_id: ChatId, first: int, last: int) -> dict[MessageId, str]:
    """Return the hash of each message's first file that has a thumbnail, between two orders of a chat."""
    query = (
        select(message.c.id, media_file.c.sha256)
        .join(media_link, (media_link.c.message_id == message.c.id) & (media_link.c.place == 0))
        .join(media_file, media_file.c.id == media_link.c.file_id)
        .where(message.c.chat_id == chat_id, message.c.position.between(first, last), media_file.c.thumbnail)
    )
    return {MessageId(row.id): row.sha256 for row in await connection.execute(query)}


def _attachment(row: dict[str, Any]) -> Attachment:
    return Attachment(
        message=MessageId(row["id"]),
        chat=ChatId(row["chat_id"]),
        chat_title=row["title"],
        place=row["place"],
        state=LinkState(row["state"]),
        name=row["name"],
        sha256=row["sha256"],
        size=row["size"],
        mime=row["mime"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        has_thumbnail=bool(row["thumbnail"]),
        entry=entry_of(row),
    )
