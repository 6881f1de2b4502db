"""Chats: found by the app's own identity where it is known, by their title where it is the only one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import desc, insert, nulls_last, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.engine import Unit
from app.store.schema import account, chat


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat of one account."""

    id: ChatId
    account: AccountId
    account_name: str
    title: str
    jid: str | None
    kind: str
    state: str
    unread: int
    preview: str
    list_mark: str
    last_at: datetime | None
    verified_until: datetime | None
    complete: bool
    has_gap: bool
    opened_at: datetime | None
    """When the chat was last open on the phone by this program: by then its customer saw blue ticks."""
    behind: bool
    """The phone's list says something that the mirror does not hold."""
    archived: bool
    """It stands among the phone's archived chats."""

    @property
    def number(self) -> str | None:
        """Return `+` and digits where the number is known, from the app's identity or the title."""
        return shown_number(self.jid, self.title if self.kind != "group" else "")


def shown_number(jid: str | None, title: str) -> str | None:
    """Return the number that a chat's identity or its title tells, `+` and digits."""
    if jid and jid.endswith("@s.whatsapp.net"):
        return "+" + jid.partition("@")[0]
    digits = "".join(c for c in title if c.isdigit())
    # A self chat is titled "+31 6 … (You)".
    return "+" + digits if title.startswith("+") and len(digits) >= 7 else None


def title_key(title: str) -> str:
    """Return a title as it is compared."""
    return " ".join(title.split()).casefold()


async def find_by_jid(connection: AsyncConnection, account_id: AccountId, jid: str) -> Chat | None:
    """Return the chat with this identity."""
    rows = await _select(connection, chat.c.account_id == account_id, chat.c.jid == jid)
    return rows[0] if rows else None


async def find_by_title(connection: AsyncConnection, account_id: AccountId, title: str) -> list[Chat]:
    """Return every chat of that title."""
    return await _select(connection, chat.c.account_id == account_id, chat.c.title_key == title_key(title))


async def get_chat(connection: AsyncConnection, chat_id: ChatId) -> Chat | None:
    """Return one chat."""
    rows = await _select(connection, chat.c.id == chat_id)
    return rows[0] if rows else None


async def list_chats(
    connection: AsyncConnection, account_id: AccountId | None = None, limit: int = 100_000
) -> list[Chat]:
    """Return chats, newest first."""
    where = () if account_id is None else (chat.c.account_id == account_id,)
    return await _select(connection, *where, limit=limit)


async def _select(connection: AsyncConnection, *where: Any, limit: int = 100_000) -> list[Chat]:
    query = (
        select(chat, account.c.name.label("account_name"))
        .join(account, account.c.id == chat.c.account_id)
        .where(*where)
        .order_by(nulls_last(desc(chat.c.last_at)), chat.c.id)
        .limit(limit)
    )
    return [_chat(dict(row)) for row in (await connection.execute(query)).mappings()]


def _chat(row: dict[str, Any]) -> Chat:
    return Chat(
        id=ChatId(row["id"]),
        account=AccountId(row["account_id"]),
        account_name=row["account_name"],
        title=row["title"],
        jid=row["jid"],
        kind=row["kind"],
        state=row["state"],
        unread=row["unread"],
        preview=row["preview"],
        list_mark=row["list_mark"],
        last_at=row["last_at"],
        verified_until=row["verified_until"],
        complete=row["complete"],
        has_gap=row["has_gap"],
        opened_at=row["opened_at"],
        behind=row["behind"],
        archived=row["archived"],
    )


async def add_chat(unit: Unit, account_id: AccountId, title: str, kind: str, jid: str | None = None) -> ChatId:
    """Insert a chat."""
    values = {"account_id": account_id, "title": title, "title_key": title_key(title), "kind": kind, "jid": jid or None}
    # Nothing happened in it as far as anybody knows: what becomes known then moves it.
    values["state"] = "done"
    new_id = (await unit.connection.execute(insert(chat).values(values).returning(chat.c.id))).scalar_one()
    chat_id = ChatId(int(new_id))
    await unit.touch("chat", chat_id, chat_id)
    return chat_id


async def change_chat(unit: Unit, chat_id: ChatId, **values: Any) -> None:
    """Change columns of a chat."""
    if "title" in values:
        values["title_key"] = title_key(values["title"])
    await unit.connection.execute(update(chat).where(chat.c.id == chat_id).values(**values))
    await unit.touch("chat", chat_id, chat_id)
