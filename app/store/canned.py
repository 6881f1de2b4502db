"""Canned replies, and which alternative of one a customer got when. Removed ones are kept and can come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import desc, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.beside import canned, canned_use
from app.store.engine import Unit
from app.store.inserting import insert_new
from app.store.schema import member
from app.team.canned import fold


@dataclass(frozen=True, slots=True)
class CannedFile:
    """A file of the vault that goes with a canned reply."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A canned reply as a person writes it. `language`: nl, en or any; `account` None: for all numbers."""

    shortcut: str
    title: str
    body: str
    language: str = "any"
    account: AccountId | None = None
    files: tuple[CannedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A canned reply as it is kept."""

    id: int
    uid: str
    draft: Draft
    changed_by: str
    changed_at: datetime
    uses: int = 0
    last_used_at: datetime | None = None
    removed_at: datetime | None = None


def key_of(draft: Draft) -> str:
    """Return what only one living reply has."""
    return f"{draft.account or 0}/{draft.language}/{fold(draft.shortcut)}"


async def add_canned(unit: Unit, uid: str, draft: Draft, author: str) -> bool:
    """Insert a canned reply; false where one of this uid, or a living one of its key, is there."""
    is_new = await insert_new(unit.connection, canned, {"uid": uid, **_values(unit, draft, author)})
    if is_new:
        await unit.touch("canned", uid)
    return is_new


async def change_canned(unit: Unit, one: CannedReply, draft: Draft, author: str) -> None:
    """Keep a canned reply as it is written now."""
    await unit.connection.execute(update(canned).where(canned.c.id == one.id).values(_values(unit, draft, author)))
    await unit.touch("canned", one.uid)


async def set_removed(unit: Unit, one: CannedReply, author: str, *, is_removed: bool) -> None:
    """Remove a canned reply, or bring it back."""
    values: dict[str, Any] = {"changed_by": author, "changed_at": unit.now, "removed_at": None, "removed_by": None}
    if is_removed:
        values |= {"removed_at": unit.now, "removed_by": author}
    await unit.connection.execute(update(canned).where(canned.c.id == one.id).values(values))
    await unit.touch("canned", one.uid)


async def list_canned(connection: AsyncConnection, *, removed: bool = False) -> list[CannedReply]:
    """Return the living canned replies by shortcut, or the removed ones, the last removed first."""
    if removed:
        return await _select(connection, canned.c.removed_at.is_not(None), order=(desc(canned.c.removed_at),))
    return await _select(connection, canned.c.removed_at.is_(None))


async def find_canned(connection: AsyncConnection, *, uid: str | None = None, key: str = "") -> CannedReply | None:
    """Return the canned reply of a uid, or the living one of a key."""
    where = (canned.c.uid == uid,) if uid is not None else (canned.c.name_key == key, canned.c.removed_at.is_(None))
    found = await _select(connection, *where)
    return found[0] if found else None


async def add_use(unit: Unit, uid: str, one: CannedReply, chat_id: ChatId, variant: tuple[int, str]) -> bool:
    """Enter that an alternative went into a chat by somebody; false where that is known."""
    values = {"uid": uid, "canned_id": one.id, "chat_id": chat_id, "variant": variant[0], "author": variant[1]}
    if not await insert_new(unit.connection, canned_use, values | {"at": unit.now}):
        return False
    if unit.connection.dialect.name != "postgresql":
        # A server counts by itself: who uses a reply may not change it there.
        counted = {"uses": canned.c.uses + 1, "last_used_at": unit.now}
        await unit.connection.execute(update(canned).where(canned.c.id == one.id).values(counted))
    await unit.touch("canned", one.uid)
    return True


async def variants_used(connection: AsyncConnection, canned_id: int, chat_id: ChatId) -> dict[int, datetime]:
    """Return when a customer last got each alternative."""
    where = (canned_use.c.canned_id == canned_id, canned_use.c.chat_id == chat_id)
    query = select(canned_use.c.variant, canned_use.c.at).where(*where).order_by(canned_use.c.at)
    return {int(row.variant): row.at for row in await connection.execute(query)}


async def chats_since(connection: AsyncConnection, canned_id: int, since: datetime) -> int:
    """Return to how many chats a canned reply went since a time."""
    query = select(func.count(canned_use.c.chat_id.distinct())).where(canned_use.c.canned_id == canned_id)
    return int((await connection.execute(query.where(canned_use.c.at >= since))).scalar_one())


async def name_of(connection: AsyncConnection, login: str) -> str:
    """Return what a member is called; of who is none, the login."""
    return str((await connection.execute(select(member.c.name).where(member.c.login == login))).scalar() or login)


def _values(unit: Unit, draft: Draft, author: str) -> dict[str, Any]:
    return {
        "name_key": key_of(draft),
        "shortcut": draft.shortcut,
        "title": draft.title,
        "body": draft.body,
        "language": draft.language,
        "account_id": draft.account,
        "files": [{"sha256": one.sha256, "name": one.name} for one in draft.files],
        "changed_by": author,
        "changed_at": unit.now,
    }


async def _select(connection: AsyncConnection, *where: Any, order: tuple[Any, ...] = ()) -> list[CannedReply]:
    query = select(canned).where(*where).order_by(*order, canned.c.shortcut, canned.c.id)
    return [_canned(dict(row)) for row in (await connection.execute(query)).mappings()]


def _canned(row: dict[str, Any]) -> CannedReply:
    files = tuple(CannedFile(one["sha256"], one["name"]) for one in row["files"])
    account = AccountId(row["account_id"]) if row["account_id"] is not None else None
    return CannedReply(
        id=int(row["id"]),
        uid=row["uid"],
        draft=Draft(row["shortcut"], row["title"], row["body"], row["language"], account, files),
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
        uses=row["uses"],
        last_used_at=row["last_used_at"],
        removed_at=row["removed_at"],
    )
