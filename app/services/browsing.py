"""What people see: chats, messages with replies on their way, phones. Never a call to a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from app.domain.ids import AccountId, ChatId, MessageId, ReplyId
from app.domain.message import Content, Direction, Kind, Media, Quote, Shown, Tick
from app.domain.phone import Badge, PhoneStatus
from app.domain.ports import Clock
from app.domain.reply import ON_THE_PHONE, Reason, Reply, ReplyState, Wait
from app.services.mirroring import zone_of
from app.services.pacing import with_waits
from app.services.sharing import Sharing
from app.store import accounts, chats, media, members, messages, replies, searching
from app.store.accounts import Account
from app.store.chats import Chat
from app.store.engine import Reader, RowChanged, Store
from app.store.messages import MirroredMessage
from app.store.searching import Hit
from app.store.vault import Vault

__all__ = ["Browsing", "Chat", "Hit", "MessageRow", "RowChanged"]

_OPEN = frozenset(set(ReplyState) - ON_THE_PHONE - {ReplyState.CANCELLED})


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One row of a conversation: a message of the mirror, or a reply that the phone does not show yet.

    `key` names the row for good: `m<id>` or `r<reply>`. `order` pages; a reply on its way has none.
    """

    key: str
    chat: ChatId
    order: int | None
    direction: Direction
    shown: Shown
    content: Content
    author: str | None
    """Who of ours wrote it, by name."""
    gap_before: bool = False
    gone: bool = False
    reply: ReplyId | None = None
    reply_state: ReplyState | None = None
    reason: Reason | None = None
    may_undo_until: datetime | None = None
    wait: Wait | None = None
    """What a queued reply waits for, and until when at least."""
    first_seen_at: datetime | None = None
    """When the mirror first held it."""
    picture: Path | None = None
    """A small picture of its file, made by this program."""

    @property
    def message(self) -> MessageId | None:
        """Return the id of the message, None for a reply on its way."""
        return MessageId(int(self.key[1:])) if self.order is not None else None

    @property
    def state(self) -> str:
        """Return how far the message is: received, a tick, or where the reply stands."""
        if self.gone:
            return "gone"
        if self.order is None and self.reply_state is not None:
            return self.reply_state.value
        if self.direction is Direction.IN:
            return "received"
        return (self.content.tick or Tick.UNKNOWN).value

    @property
    def shown_at(self) -> str | None:
        """Return the local minute as the phone showed it, ISO; only what was shown."""
        return shown_text(self.shown)


def shown_text(shown: Shown) -> str | None:
    """Return `2026-11-21T14:02`, `14:02` where the day is not known, the day where the minute is not."""
    clock = f"{shown.minute // 60:02d}:{shown.minute % 60:02d}" if shown.minute is not None else None
    if shown.day is None:
        return clock
    return f"{shown.day.isoformat()}T{clock}" if clock else shown.day.isoformat()


class Browsing:
    """Reading, for every interface."""

    def __init__(self, store: Store, clock: Clock, vault: Vault | None = None, sharing: Sharing | None = None) -> None:
        self._store = store
        self._sharing = sharing
        self._clock = clock
        self._vault = vault

    def listen(self, listener: Callable[[list[RowChanged]], None]) -> None:
        """Call `listener` after each commit, here or in another process, with the ids of what changed."""
        self._store.listen(listener)

    async def list_accounts(self) -> list[Account]:
        """Return the accounts that are driven."""
        async with self._store.read() as connection:
            return await accounts.list_accounts(connection)

    async def list_phones(self) -> list[PhoneStatus]:
        """Return each phone's state, health and queue."""
        async with self._store.read() as connection:
            return await accounts.list_statuses(connection, self._clock.now())

    async def list_badges(self) -> dict[AccountId, Badge]:
        """Return how each number is told from others, removed ones included: their chats are still shown."""
        async with self._store.read() as connection:
            return await accounts.list_badges(connection)

    async def list_chats(self, account: AccountId | None = None) -> list[Chat]:
        """Return chats, newest first."""
        async with self._store.read() as connection:
            return await chats.list_chats(connection, account)

    async def get_chat(self, chat_id: ChatId) -> Chat | None:
        """Return one chat."""
        async with self._store.read() as connection:
            return await chats.get_chat(connection, chat_id)

    async def find_chats(self, wanted: str, *, by_part: bool = True) -> list[Chat]:
        """Return the chats that a person may mean: by id, number, title, then, if allowed, by a part of the title."""
        found = await self.list_chats()
        plain = wanted.strip()
        if plain.isdigit() and any(c.id == int(plain) for c in found):
            return [c for c in found if c.id == int(plain)]
        digits = "".join(c for c in plain if c.isdigit())
        if len(digits) >= 7 and not any(c.isalpha() for c in plain):
            return [c for c in found if c.number and c.number.endswith(digits.removeprefix("00").lstrip("0"))]
        exact = [c for c in found if c.title.casefold() == plain.casefold()]
        if exact or not by_part:
            return exact
        return [c for c in found if plain and plain.casefold() in c.title.casefold()]

    async def list_messages(
        self, chat_id: ChatId, limit: int = 200, before: int | None = None, after: int | None = None
    ) -> list[MessageRow]:
        """Return a page of a conversation, oldest first. The newest page ends with the replies on their way."""
        async with self._store.read() as connection:
            page = await messages.list_messages(connection, chat_id, limit, before, after)
            waiting = []
            if before is None:
                waiting = await replies.list_replies(connection, chat_id=chat_id, states=_OPEN)
            waiting = await with_waits(connection, waiting, self._clock.now())
            own = {r.id: r for r in await replies.list_replies(connection, chat_id=chat_id, states=ON_THE_PHONE)}
            pictures = await self._pictures(connection, chat_id, page)
            authors = [one.author for one in page if one.author] + [reply.author for reply in waiting]
            names = await members.names_of(connection, set(authors))
        rows = [replace(_row(one, own), picture=pictures.get(one.entry.id)) for one in page]
        rows += [_pending(reply) for reply in waiting if reply.echo is None]
        return [replace(row, author=names.get(row.author, row.author)) if row.author else row for row in rows]

    async def _pictures(self, connection: Reader, chat_id: ChatId, page: list[MirroredMessage]) -> dict[int, Path]:
        if self._vault is None or not page:
            return {}
        found = await media.list_pictures(connection, chat_id, page[0].entry.order, page[-1].entry.order)
        if self._sharing is not None:
            await self._sharing.fetch_thumbnails(list(found.values()))
        return {message: self._vault.thumbnail(sha256) for message, sha256 in found.items()}

    async def list_outbox(self) -> list[Reply]:
        """Return every reply, oldest first, its author by name, with what each queued one waits for."""
        async with self._store.read() as connection:
            found = await with_waits(connection, await replies.list_replies(connection), self._clock.now())
            names = await members.names_of(connection, {one.author for one in found})
        return [replace(one, author=names.get(one.author, one.author)) for one in found]

    async def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Return messages that hold all words, newest first."""
        async with self._store.read() as connection:
            return await searching.search_messages(connection, words, limit)

    async def today(self, account: AccountId) -> date:
        """Return the day on that account's phone."""
        zone = next((a.zone for a in await self.list_accounts() if a.id == account), "")
        return self._clock.now().astimezone(zone_of(zone)).date()


def _row(one: messages.MirroredMessage, own: dict[ReplyId, Reply]) -> MessageRow:
    entry = one.entry
    reply = own.get(one.reply) if one.reply else None
    return MessageRow(
        key=f"m{entry.id}",
        chat=one.chat,
        order=entry.order,
        direction=entry.direction,
        shown=entry.shown,
        content=entry.content,
        author=one.author,
        gap_before=entry.gap_before,
        gone=entry.gone,
        reply=one.reply,
        reply_state=reply.state if reply else None,
        first_seen_at=one.first_seen_at,
    )


def _content_of(reply: Reply) -> Content:
    file = reply.file
    if file is not None:
        return Content(file.kind, reply.body, media=Media(name=file.name))
    quoted = Quote(reply.quote.sender, reply.quote.text) if reply.quote else None
    return Content(Kind.TEXT, reply.body, quoted=quoted)


def _pending(reply: Reply) -> MessageRow:
    local = reply.queued_at.astimezone()
    return MessageRow(
        key=f"r{reply.id}",
        chat=reply.chat,
        order=None,
        direction=Direction.OUT,
        shown=Shown(local.hour * 60 + local.minute, local.date()),
        content=_content_of(reply),
        author=reply.author,
        reply=reply.id,
        reply_state=reply.state,
        reason=reply.reason,
        may_undo_until=reply.not_before if reply.state is ReplyState.QUEUED else None,
        wait=reply.wait,
    )
