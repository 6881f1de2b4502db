"""Copies what one person sees of a team's database into a file of the same tables, and what changed since.

The server decides what is seen: all is read as the person. What is seen no more goes from the file, its bytes too.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, desc, func, insert, nulls_last, or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import StoreFailed
from app.domain.ids import ChatId
from app.store.engine import Store, Unit
from app.store.schema import (
    account,
    account_hours,
    chat,
    chat_case,
    consent,
    draft,
    member,
    membership,
    message,
    outbox,
    reply_file,
    reply_override,
    reply_quote,
    setting,
)

_PEOPLE = (account, member, membership, account_hours)
"""What is small and copied whole each time."""
_OF_REPLIES = (reply_override, reply_file, reply_quote)
_OF_CHATS = (message, outbox, chat_case, consent)
_ALL = (*_OF_REPLIES, draft, *_OF_CHATS, chat, membership, account_hours, member, account, setting)
"""In an order in which they may be emptied."""
_KEY = "copy"
_LOOK = text(
    "SELECT current_setting('search_path') AS path, transaction_timestamp() AS at, current_database() AS database, "
    "session_user::text AS login, has_any_column_privilege('chat', 'SELECT') AS reads, "
    "has_any_column_privilege('draft', 'SELECT') AS writes"
)
_SINCE = text(
    "SELECT id, xid::text AS xid, chat_id, xid < pg_snapshot_xmin(pg_current_snapshot()) AS is_settled FROM change "
    "WHERE (xid, id) > (CAST(:xid AS text)::xid8, :id) ORDER BY xid, id LIMIT :most"
)
_OLDER = text("SELECT EXISTS (SELECT 1 FROM change WHERE (xid, id) <= (CAST(:xid AS text)::xid8, :id))")
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
_MOST_CHANGES = 5000
"""When more changed, all is copied again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Up to which change a copy goes."""

    xid: str
    id: int
    has_older: bool
    """Something stood there or before it: when it is gone, so may be what came next."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a copy says of itself."""

    holder: str = ""
    """Which run of which program changes it."""
    of: str = ""
    """Whose it is, with which rights, at which step of the tables."""
    place: Place | None = None
    until: datetime | None = None
    """Up to when it is complete, by the server's clock."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks the server, and with which rights."""

    at: datetime
    """Since when the server shows what it shows in this transaction."""
    sees_chats: bool
    has_drafts: bool
    of: str


@dataclass(frozen=True, slots=True)
class News:
    """What changed since a place."""

    place: Place
    chats: frozenset[ChatId]
    is_everything: bool


# -- the server ---------------------------------------------------------------------------------------


async def look(connection: AsyncConnection) -> Standing:
    """Return who asks. Where the rights have changed a copy made before is of another person, so to say."""
    row = (await connection.execute(_LOOK)).mappings().one()
    mine = select(member.c.roles, member.c.only_own, member.c.sees_numbers)
    mine = mine.where(member.c.login == row["login"], member.c.removed_at.is_(None))
    found = (await connection.execute(mine)).first()
    if found is None:
        return Standing(row["at"], False, False, "")
    of = [row["login"], row["database"], row["path"], found.roles, found.only_own, found.sees_numbers]
    return Standing(row["at"], row["reads"], row["writes"], json.dumps(of))


async def list_changes(connection: AsyncConnection, place: Place | None) -> News:
    """Return what changed since a place; without one, or where that is too long ago, everything did."""
    if place is not None:
        found = (await connection.execute(_SINCE, {"xid": place.xid, "id": place.id, "most": _MOST_CHANGES})).all()
        has_older = await _has_older(connection, place.xid, place.id)
        if len(found) < _MOST_CHANGES and (has_older or not place.has_older):
            # What committed behind one that still runs is copied now, and looked at once more.
            settled = [row for row in found if row.is_settled]
            new = Place(settled[-1].xid, settled[-1].id, True) if settled else place
            return News(new, frozenset(ChatId(row.chat_id) for row in found if row.chat_id is not None), False)
    horizon = str((await connection.execute(_HORIZON)).scalar_one())
    return News(Place(horizon, 0, await _has_older(connection, horizon, 0)), frozenset(), True)


async def _has_older(connection: AsyncConnection, xid: str, number: int) -> bool:
    return bool((await connection.execute(_OLDER, {"xid": xid, "id": number})).scalar_one())


async def choose(connection: AsyncConnection, standing: Standing, since: datetime, most: int) -> list[ChatId]:
    """Return the chats that are copied: those with something since a time, those that wait, those with a draft."""
    is_wanted = [chat.c.last_at >= since, chat.c.last_at.is_(None), chat.c.waiting_since.is_not(None)]
    if standing.has_drafts:
        is_wanted.append(chat.c.id.in_(select(draft.c.chat_id)))
    newest = (nulls_last(desc(chat.c.last_at)), chat.c.id)
    found = await connection.execute(select(chat.c.id).where(or_(*is_wanted)).order_by(*newest).limit(most))
    return [ChatId(one) for one in found.scalars()]


Rows = list[tuple[Table, list[dict[str, Any]]]]
"""Rows by table, in an order in which they may be put in."""


async def read_people(connection: AsyncConnection, standing: Standing) -> Rows:
    """Return numbers, people and hours, and the person's own drafts."""
    found = [(table, await _rows(connection, select(table))) for table in _PEOPLE]
    numbers = {row["id"] for row in found[0][1]}
    # Who is on numbers that this person is not on is of no use here.
    found[2] = (membership, [row for row in found[2][1] if row["account_id"] in numbers])
    drafts = await _rows(connection, select(draft)) if standing.has_drafts else []
    return [*found, (draft, drafts)]


async def read_chats(connection: AsyncConnection, chats: Sequence[ChatId], most: int) -> Rows:
    """Return chats with their newest messages and replies. Where older ones are left out, a gap is marked."""
    found = await _rows(connection, select(chat).where(chat.c.id.in_(chats)))
    messages = await _newest(connection, message, message.c.position, chats, most)
    oldest: dict[int, dict[str, Any]] = {}
    counts: dict[int, int] = {}
    for row in messages:
        counts[row["chat_id"]] = counts.get(row["chat_id"], 0) + 1
        if row["rank"] <= most:
            oldest.setdefault(row["chat_id"], row)
    for row in found:
        if row["jid"] and "\u2022" in row["jid"]:
            # Hidden numbers look alike, and the tables allow each only once.
            row["jid"] = row["jid"].replace("@", f"@{row['id']}@", 1)
        if counts.get(row["id"], 0) > most:
            row["complete"], row["has_gap"], oldest[row["id"]]["gap_before"] = False, True, True
    replies = await _newest(connection, outbox, outbox.c.queued_at, chats, most)
    uids = [row["uid"] for row in replies]
    beside = [(one, await _rows(connection, select(one).where(one.c.reply_uid.in_(uids)))) for one in _OF_REPLIES]
    others = [(one, await _rows(connection, select(one).where(one.c.chat_id.in_(chats)))) for one in _OF_CHATS[2:]]
    kept = [(table, [_bare(row) for row in rows if row["rank"] <= most]) for table, rows in
            ((message, messages), (outbox, replies))]  # fmt: skip
    return [(chat, found), *kept, *others, *beside]


async def _newest(
    connection: AsyncConnection, table: Table, order: Any, chats: Sequence[ChatId], most: int
) -> list[dict[str, Any]]:
    """Return the newest rows of each chat, one more than so many, oldest first."""
    rank = func.row_number().over(partition_by=table.c.chat_id, order_by=order.desc()).label("rank")
    ranked = select(table, rank).where(table.c.chat_id.in_(chats)).subquery()
    newest = select(ranked).where(ranked.c.rank <= most + 1).order_by(ranked.c.chat_id, ranked.c.rank.desc())
    return await _rows(connection, newest)


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "rank"}


async def _rows(connection: AsyncConnection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(query)).mappings()]


# -- the file -----------------------------------------------------------------------------------------


class CopyFile(Store):
    """The file of a copy."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        """Yield the one writing transaction.

        Raises:
            StoreFailed: It failed; also where rows do not fit together, which only this file is to blame for.
        """
        try:
            async with super().write() as unit:
                yield unit
        except IntegrityError as error:
            raise StoreFailed(f"{self.label}: what the server has does not fit into the copy") from error


async def read_marks(connection: AsyncConnection) -> Marks:
    """Return what a copy says of itself."""
    found = (await connection.execute(select(setting.c.value).where(setting.c.key == _KEY))).scalar()
    if found is None:
        return Marks()
    said = json.loads(found)
    place = Place(*said["place"]) if said["place"] else None
    return Marks(said["holder"], said["of"], place, datetime.fromisoformat(said["until"]) if said["until"] else None)


async def write_marks(unit: Unit, marks: Marks) -> None:
    """Keep what a copy says of itself."""
    place = marks.place
    said = {
        "holder": marks.holder,
        "of": marks.of,
        "place": [place.xid, place.id, place.has_older] if place is not None else None,
        "until": marks.until.isoformat() if marks.until is not None else None,
    }
    await unit.connection.execute(delete(setting).where(setting.c.key == _KEY))
    await unit.connection.execute(insert(setting).values(key=_KEY, value=json.dumps(said)))


async def list_copied(connection: AsyncConnection) -> frozenset[ChatId]:
    """Return the chats that a copy holds."""
    return frozenset(ChatId(one) for one in (await connection.execute(select(chat.c.id))).scalars())


async def put_people(unit: Unit, rows: Rows, held: Collection[ChatId]) -> None:
    """Put numbers, people and drafts in place of those that were there; drafts of chats that are not copied are not."""
    await _begin(unit)
    for table, new in rows:
        await unit.connection.execute(delete(table))
        fit = [row for row in new if table is not draft or row["chat_id"] in held]
        if fit:
            await unit.connection.execute(insert(table), fit)


async def put_chats(unit: Unit, rows: Rows) -> None:
    """Put chats in place of what was there of them."""
    await _begin(unit)
    await _remove(unit, [row["id"] for row in rows[0][1]], with_chat=False)
    for table, new in rows:
        if table is chat and new:
            await unit.connection.execute(delete(chat).where(chat.c.id.in_([row["id"] for row in new])))
        if new:
            await unit.connection.execute(insert(table), new)


async def remove_chats(unit: Unit, chats: Collection[ChatId]) -> None:
    """Take chats out, their bytes as well."""
    if chats:
        await _begin(unit)
        await _remove(unit, list(chats), with_chat=True)
        await _forget_words(unit)


async def empty(unit: Unit) -> None:
    """Take everything out, its bytes as well."""
    await _begin(unit)
    for table in _ALL:
        await unit.connection.execute(delete(table))
    await _forget_words(unit)


async def _begin(unit: Unit) -> None:
    # What is deleted is overwritten, and rows may be replaced while others point at them.
    await unit.connection.exec_driver_sql("PRAGMA secure_delete=ON")
    await unit.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")


async def _remove(unit: Unit, chats: Sequence[int], *, with_chat: bool) -> None:
    theirs = select(outbox.c.uid).where(outbox.c.chat_id.in_(chats))
    for table in _OF_REPLIES:
        await unit.connection.execute(delete(table).where(table.c.reply_uid.in_(theirs)))
    for table in (*_OF_CHATS, *((draft,) if with_chat else ())):
        await unit.connection.execute(delete(table).where(table.c.chat_id.in_(chats)))
    if with_chat:
        await unit.connection.execute(delete(chat).where(chat.c.id.in_(chats)))


async def _forget_words(unit: Unit) -> None:
    """Make the index anew: it marks words of what was removed as gone, and keeps them."""
    await unit.connection.exec_driver_sql("INSERT INTO message_words(message_words) VALUES ('rebuild')")
