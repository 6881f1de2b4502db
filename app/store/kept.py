"""What a person wrote while the team's server was away: a file of its own on this PC, until the server has each.

A reply has its uid from the beginning, so that handing it over twice is the same as once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from app.domain.errors import StoreTooNew
from app.domain.ids import ChatId, MessageId, ReplyId
from app.store.engine import Store, Unit
from app.store.schema import UtcTime

_VERSION = 1
_tables = MetaData()
_kept = Table(
    "kept",
    _tables,
    Column("seq", Integer, primary_key=True),
    Column("uid", String(40), nullable=False, unique=True),
    Column("is_draft", Boolean, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", UtcTime(), nullable=False),
    Column("known", JSON, nullable=False),
    Column("seen_at", UtcTime(), nullable=False),
    Column("last_seen_id", BigInteger),
    Column("quote_id", BigInteger),
    Column("anyway", Boolean, nullable=False),
    Column("overrides", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("words", Text, nullable=False),
    Column("tried_at", UtcTime()),
    Column("told", Boolean, nullable=False),
    sqlite_autoincrement=True,
)


class KeptState(StrEnum):
    """Where something that was kept is. What the server has is kept no more."""

    WAITING = "waiting"
    """For the server."""
    WITHDRAWN = "withdrawn"
    """Taken back when the server may have had it already; it is asked when it is there."""
    RETURNED = "returned"
    """Not sent; its text is the author's draft in that chat."""
    REFUSED = "refused"
    """Not sent; its text is here alone."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """A reply or a draft that was written without the server.

    Attributes:
        uid: The client's own id.
        is_draft: A draft, not a reply.
        account: The number.
        chat: The chat.
        title: How the chat was called.
        body: The text.
        author: The login of who wrote it.
        at: When, by this PC.
        seen_at: How far the copy was complete that its author had before them, by the server's clock.
        last_seen: The last message that stood there.
        known: The uids of colleagues' replies that stood there.
        quote: The message that it quotes.
        anyway: It is to be sent whatever stands in the way.
        overrides: Rules that are set aside for it, each with why.
        base: Of a draft: when the one that it goes on with was changed last.
    """

    uid: ReplyId
    is_draft: bool
    account: int
    chat: ChatId
    title: str
    body: str
    author: str
    at: datetime
    seen_at: datetime
    last_seen: MessageId | None = None
    known: tuple[str, ...] = ()
    quote: MessageId | None = None
    anyway: bool = False
    overrides: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    state: KeptState = KeptState.WAITING
    words: str = ""
    """Why it was not sent."""
    tried_at: datetime | None = None
    """When it was handed over at first; None: the server certainly never had it."""
    told: bool = False


def _make(connection: Connection) -> None:
    """Make the table.

    Raises:
        StoreTooNew: A newer program made this file; nothing was changed.
    """
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if version > _VERSION:
        raise StoreTooNew("a newer Phoneshelf kept replies on this PC; nothing was changed. Update this one")
    if version < _VERSION:
        _tables.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {_VERSION}")


class KeptFile(Store):
    """The file. It is made when something is kept at first."""

    make = staticmethod(_make)

    @property
    def is_there(self) -> bool:
        """Tell whether anything was ever kept."""
        return isinstance(self.place, Path) and self.place.is_file()

    async def open(self) -> None:
        """Make the file, for this user alone."""
        if isinstance(self.place, Path) and not self.is_there:
            self.place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.place.touch(mode=0o600)
        await super().open()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        """Yield the one writing transaction; what it deletes is overwritten."""
        async with super().write() as unit:
            await unit.connection.exec_driver_sql("PRAGMA secure_delete=ON")
            yield unit

    async def add(self, one: KeptText) -> None:
        """Keep a text. A draft takes the place of one that waits in its chat; a reply ends it."""
        await self.open()
        async with self.write() as unit:
            drafts = (_kept.c.chat_id == one.chat, _kept.c.is_draft, _kept.c.state == KeptState.WAITING.value)
            await unit.connection.execute(delete(_kept).where(*drafts))
            await unit.connection.execute(insert(_kept).values(_values(one)))

    async def list_all(self) -> list[KeptText]:
        """Return what is kept, oldest first."""
        if not self.is_there:
            return []
        await self.open()
        async with self.read() as connection:
            rows = await connection.execute(select(_kept).order_by(_kept.c.seq))
            return [_text(dict(row)) for row in rows.mappings()]

    async def begin(self, uid: ReplyId, at: datetime) -> bool:
        """Note, before it goes to the server, that it may be there from now on; false where it waits no more."""
        return await self._change(uid, KeptState.WAITING, tried_at=at)

    async def end(self, uid: ReplyId, source: KeptState) -> bool:
        """Forget what was handed over or is certainly not sent; false where it is in another state by now."""
        async with self.write() as unit:
            where = (_kept.c.uid == uid, _kept.c.state == source.value)
            return bool((await unit.connection.execute(delete(_kept).where(*where))).rowcount)

    async def give_back(self, one: KeptText, state: KeptState, words: str, behind: str) -> bool:
        """Note that the server did not take a text, and that the replies behind it in its chat do not go either.

        Args:
            one: The text.
            state: `RETURNED` or `REFUSED`.
            words: Why.
            behind: Why those behind it do not go.
        """
        async with self.write() as unit:
            waits = _kept.c.state == KeptState.WAITING.value
            changed = update(_kept).where(_kept.c.uid == one.uid, waits).values(state=state.value, words=words)
            done = await unit.connection.execute(changed)
            if done.rowcount and not one.is_draft:
                rest = update(_kept).where(_kept.c.chat_id == one.chat, waits, ~_kept.c.is_draft)
                await unit.connection.execute(rest.values(state=KeptState.REFUSED.value, words=behind))
            return bool(done.rowcount)

    async def withdraw(self, uid: ReplyId) -> KeptState | None:
        """Take a text back.

        Returns:
            `WAITING`: the server never had it, nor will. `WITHDRAWN`: it may have it. Others: it was given back before,
            and is forgotten now. None: nothing is kept by this id.
        """
        if not self.is_there:
            return None
        await self.open()
        async with self.write() as unit:
            row = (await unit.connection.execute(select(_kept).where(_kept.c.uid == uid))).mappings().one_or_none()
            if row is None:
                return None
            if row["state"] == KeptState.WAITING.value and row["tried_at"] is not None and not row["is_draft"]:
                changed = update(_kept).where(_kept.c.uid == uid).values(state=KeptState.WITHDRAWN.value)
                await unit.connection.execute(changed)
                return KeptState.WITHDRAWN
            if row["state"] != KeptState.WITHDRAWN.value:
                await unit.connection.execute(delete(_kept).where(_kept.c.uid == uid))
            return KeptState(row["state"])

    async def mark_told(self, uid: ReplyId) -> None:
        """Note that the author knows that a text was not sent; what became a draft need not be kept here as well."""
        await self._change(uid, KeptState.REFUSED, told=True)
        await self.end(uid, KeptState.RETURNED)

    async def _change(self, uid: ReplyId, source: KeptState, **values: Any) -> bool:
        async with self.write() as unit:
            where = (_kept.c.uid == uid, _kept.c.state == source.value)
            return bool((await unit.connection.execute(update(_kept).where(*where).values(**values))).rowcount)


def _values(one: KeptText) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "is_draft": one.is_draft,
        "account_id": one.account,
        "chat_id": one.chat,
        "title": one.title,
        "body": one.body,
        "author": one.author,
        "at": one.at,
        "known": {"replies": list(one.known), "base": one.base},
        "seen_at": one.seen_at,
        "last_seen_id": one.last_seen,
        "quote_id": one.quote,
        "anyway": one.anyway,
        "overrides": dict(one.overrides),
        "state": one.state.value,
        "words": one.words,
        "told": one.told,
    }


def _text(row: dict[str, Any]) -> KeptText:
    return KeptText(
        uid=ReplyId(row["uid"]),
        is_draft=row["is_draft"],
        account=row["account_id"],
        chat=ChatId(row["chat_id"]),
        title=row["title"],
        body=row["body"],
        author=row["author"],
        at=row["at"],
        seen_at=row["seen_at"],
        last_seen=MessageId(row["last_seen_id"]) if row["last_seen_id"] is not None else None,
        known=tuple(row["known"]["replies"]),
        quote=MessageId(row["quote_id"]) if row["quote_id"] is not None else None,
        anyway=row["anyway"],
        overrides=row["overrides"],
        base=row["known"]["base"],
        state=KeptState(row["state"]),
        words=row["words"],
        tried_at=row["tried_at"],
        told=row["told"],
    )
