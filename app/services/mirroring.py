"""Brings what a phone shows into the mirror: notifications at once, chats by reading them. Never writes to the phone.

What the reconciler cannot place stays a visible gap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.ids import AccountId, ChatId, MessageId
from app.domain.message import ChatWindow, Entry, Kind, Origin, Shown
from app.domain.observation import ChatListSeen, ChatSeen, ListRowSeen, NotificationSeen
from app.domain.ports import ChatTarget, Clock, PhoneThread, Prefill
from app.domain.reply import ON_THE_PHONE, Reason, Reply, ReplyState
from app.mirror.matching import is_heard, shows_last
from app.mirror.planning import Plan, Verdict, plan, plan_for_sure, plan_notified
from app.mirror.run import Run, begin_run, extend_run, with_last_day
from app.outbox.delivery import lost_quote, match_echoes, state_of
from app.services.hearing import Reading, find_news, hear, told
from app.services.learning import Learning
from app.store import accounts, chats, messages, replies
from app.store.accounts import Account
from app.store.chats import Chat
from app.store.engine import Store, Unit

logger = logging.getLogger(__name__)

OPEN_S = 90.0
PAGE_S = 45.0
PAGES = 40
"""Windows read upwards before a gap is shown instead."""
FIRST_PAGES = 6
"""So many for a chat that was never read: all chats are soon there, and are read further back in quiet moments."""
BACK_WINDOW = 20_000
"""Messages of the mirror that are compared then: a gap may be far up."""
_SURE_END = 30
"""So many messages without a gap between them, the last seen on the screen, are a chat's end though more is missing."""
_ECHO_DAYS = timedelta(days=2)
"""A reply in doubt is looked for among the messages of so many days when a gap is filled."""


class Planner(Protocol):
    """Decides what a run adds to the mirror."""

    def __call__(self, window: ChatWindow, run: Run, *, is_last: bool) -> Plan:
        """Return the plan; `is_last` tells that nothing further up is going to be read now."""


class ReadingStopped(Exception):
    """Something more urgent came; nothing was committed, the chat is to be read again."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading a chat came to."""

    plan: Plan
    added: int
    seen: ChatSeen
    pages: int = 0
    """How many windows further up were read; the phone shows the last of them."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A run that was just placed. `known` are the messages known before it; `is_back` tells that it filled a gap."""

    run: Run
    decided: Plan
    known: tuple[Entry, ...]
    is_back: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """How a chat is climbed: so many windows at most, in ordinary steps or in small ones."""

    pages: int
    careful: bool = False


class Mirroring:
    """The way up: from observations to the mirror."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.learning = Learning(store)

    # -- notifications --------------------------------------------------------------------------

    async def take_notifications(self, account: Account, seen: list[NotificationSeen]) -> tuple[list[ChatId], bool]:
        """Mirror what notifications tell.

        Returns:
            The chats that have something new, and whether some notification named no chat: the list must tell then.
        """
        changed: list[ChatId] = []
        has_nameless = False
        zone = zone_of(account.zone)
        async with self._store.write() as unit:
            for one in seen:
                chat = await self._chat_of(unit, account.id, one)
                if chat is None:
                    has_nameless = True
                    continue
                window = await messages.load_window(unit.connection, chat.id, 200)
                found = plan_notified(window, one.messages, zone)
                added = await messages.apply_changes(unit, chat.id, found.changes)
                if added:
                    await chats.change_chat(unit, chat.id, list_mark="")
                is_news = bool(added) or one.count > chat.unread
                if is_news:
                    await self._heard(unit, chat, one)
                    await hear(unit, chat.id, told(found.changes, unit.now))
                    changed.append(chat.id)
        return changed, has_nameless

    async def _heard(self, unit: Unit, chat: Chat, one: NotificationSeen) -> None:
        last = max((m.time_ms for m in one.messages), default=None)
        values: dict[str, object] = {"unread": max(one.count, 1)}
        if last is not None:
            values["last_at"] = datetime.fromtimestamp(last / 1000, UTC)
        await chats.change_chat(unit, chat.id, **values)

    async def _chat_of(self, unit: Unit, account: AccountId, one: NotificationSeen) -> Chat | None:
        """Find a notification's chat by identity, else by its title where that is the only one; else make it."""
        kind = "group" if one.is_group else "person"
        if one.jid:
            chat = await chats.find_by_jid(unit.connection, account, one.jid)
            if chat is not None:
                return chat
        if not one.title:
            return None
        named = [c for c in await chats.find_by_title(unit.connection, account, one.title) if not (one.jid and c.jid)]
        if len(named) > 1 and not one.jid:
            logger.info("account %s: a notification fits several chats", account)
            return None
        # Chats of one name that nobody could read yet are alike: any of them may become this one.
        fits = named if len(named) == 1 else [c for c in named if c.verified_until is None and not c.complete]
        if not fits:
            chat_id = await chats.add_chat(unit, account, one.title, kind, one.jid)
            return await chats.get_chat(unit.connection, chat_id)
        if one.jid:
            await chats.change_chat(unit, fits[0].id, jid=one.jid, kind=kind)
        return await chats.get_chat(unit.connection, fits[0].id)

    # -- the chat list --------------------------------------------------------------------------

    async def take_list(
        self, account: Account, seen: ChatListSeen, *, is_archive: bool = False
    ) -> list[tuple[ChatId, ListRowSeen]]:
        """Mirror a window of the chat list, or of the archive; return the chats whose row says something not read yet.

        Rows that share a title cannot be told apart: when one changes, all with a number are read.
        """
        titles = [chats.title_key(row.title) for row in seen.rows]
        behind: list[tuple[ChatId, ListRowSeen]] = []
        async with self._store.write() as unit:
            await self.learning.take_list(unit, account.id, seen.rows)
            for title in dict.fromkeys(titles):
                rows = [row for row, key in zip(seen.rows, titles, strict=True) if key == title]
                behind += await self._take_namesakes(unit, account.id, rows)
            for row, key in zip(seen.rows, titles, strict=True):
                if titles.count(key) == 1:
                    behind += await self._take_row(unit, account, row, is_archived=is_archive)
        return behind

    async def _take_row(
        self, unit: Unit, account: Account, row: ListRowSeen, *, is_archived: bool
    ) -> list[tuple[ChatId, ListRowSeen]]:
        """Mirror a row whose title is the only one in view; return its chat if it says something new."""
        chat = await self._chat_of_row(unit, account.id, row)
        if chat is None:
            return []
        behind: list[tuple[ChatId, ListRowSeen]] = []
        values: dict[str, object] = {"preview": row.preview, "unread": row.unread, "list_when": row.when_text}
        if chat.list_mark != list_mark(row):
            if await self._is_known(unit, chat, row):
                values["list_mark"] = list_mark(row)
            else:
                behind.append((chat.id, row))
        values["archived"] = is_archived
        values["behind"] = bool(behind) and not await self._is_heard(unit, account, chat, row)
        if row.when.day is not None:
            values["last_at"] = _moment(row.when, zone_of(account.zone), chat.last_at)
        if any(getattr(chat, name) != value for name, value in values.items() if name != "list_when"):
            await chats.change_chat(unit, chat.id, **values)
        return behind

    async def _take_namesakes(
        self, unit: Unit, account: AccountId, rows: list[ListRowSeen]
    ) -> list[tuple[ChatId, ListRowSeen]]:
        """Chats of one name cannot be told apart in the list: those without a number show that messages are missing."""
        named = await chats.find_by_title(unit.connection, account, rows[0].title)
        if max(len(rows), len(named)) < 2:
            return []
        for row in rows[len(named) :]:
            chat_id = await chats.add_chat(unit, account, row.title, "person")
            await chats.change_chat(unit, chat_id, has_gap=True, preview=row.preview)
        together = replace(
            rows[0],
            preview="\n".join(row.preview for row in rows),
            when_text="\n".join(row.when_text for row in rows),
            unread=sum(row.unread for row in rows),
        )
        # Where the others are out of view, only something unread tells that one of them changed.
        is_news = len(rows) == len(named) or together.unread > 0
        return [(c.id, together) for c in named if is_news and c.number and c.list_mark != list_mark(together)]

    async def _is_known(self, unit: Unit, chat: Chat, row: ListRowSeen) -> bool:
        """Tell whether the row only says what the mirror read already: then the chat need not be opened."""
        if chat.verified_until is None or (chat.has_gap and chat.behind):
            return False
        window = await messages.load_window(unit.connection, chat.id, _SURE_END)
        last = next((e for e in reversed(window.entries) if not e.gone and e.content.kind is not Kind.SYSTEM), None)
        if chat.has_gap and not _has_sure_end(window.entries):
            return False
        return last is not None and shows_last(row, last)

    async def prefill(self, chat_id: ChatId, text: str) -> Prefill | None:
        """Return a text for the link to a chat, None where what the list says of the chat could hide a draft."""
        async with self._store.read() as connection:
            window = await messages.load_window(connection, chat_id, 4)
        last = next((e for e in reversed(window.entries) if not e.gone and e.content.kind is not Kind.SYSTEM), None)
        if last is None or last.content.kind is not Kind.TEXT:
            return None
        return Prefill(text, lambda row: not row.sender and shows_last(row, last))

    async def _is_heard(self, unit: Unit, account: Account, chat: Chat, row: ListRowSeen) -> bool:
        """A quiet account opens no chat: tell whether its notifications told all that the row speaks of."""
        if account.reading == "full":
            return False
        window = await messages.load_window(unit.connection, chat.id, max(30, row.unread + 5))
        return is_heard(row, window.entries)

    async def _chat_of_row(self, unit: Unit, account: AccountId, row: ListRowSeen) -> Chat | None:
        named = await chats.find_by_title(unit.connection, account, row.title)
        if len(named) == 1:
            return named[0]
        if len(named) > 1:
            return None
        kind = "self" if row.is_self else "group" if row.sender and not row.own_last else "person"
        chat_id = await chats.add_chat(unit, account, row.title, kind)
        return await chats.get_chat(unit.connection, chat_id)

    async def has_read(self, chat_id: ChatId, row: ListRowSeen) -> None:
        """Remember that the chat was read while its row said this."""
        async with self._store.write() as unit:
            await chats.change_chat(unit, chat_id, list_mark=list_mark(row))

    async def verified(self, account: AccountId, at: datetime) -> None:
        """The phone's whole list agreed with the mirror at that time."""
        async with self._store.write() as unit:
            await accounts.set_verified(unit, account, at)

    # -- reading a chat ---------------------------------------------------------------------------

    async def read_chat(
        self, phone: PhoneThread, account: Account, chat_id: ChatId, must_stop: Callable[[], bool]
    ) -> ReadResult:
        """Open a chat on the phone, read as far up as needed, and mirror it.

        Raises:
            ReadingStopped: `must_stop` said so between two windows.
        """
        chat = await self.get_chat(chat_id)
        target = await self.target(chat)
        started = self._clock.now()
        seen = await self.open(phone, chat_id, target)
        async with self._store.read() as connection:
            pages = PAGES if await messages.is_begun(connection, chat_id) else FIRST_PAGES
        result = await self.take_chat(phone, account, chat_id, seen, must_stop, pages)
        if result.plan.verdict is Verdict.PLACED:
            async with self._store.write() as unit:
                await chats.change_chat(unit, chat_id, verified_until=started, unread=0, behind=False)
        return result

    async def open(
        self, phone: PhoneThread, chat_id: ChatId, target: ChatTarget, prefill: Prefill | None = None
    ) -> ChatSeen:
        """Open a chat on the phone at its newest message. Its customer sees blue ticks from then on: that is kept."""
        seen = await phone.call(lambda p: p.open_chat(target, prefill), OPEN_S)
        chat = await self.get_chat(chat_id)
        if chat.unread or chat.opened_at is None or (chat.last_at is not None and chat.last_at > chat.opened_at):
            async with self._store.write() as unit:
                await chats.change_chat(unit, chat_id, opened_at=self._clock.now())
        return seen

    async def take_chat(
        self,
        phone: PhoneThread,
        account: Account,
        chat_id: ChatId,
        seen: ChatSeen,
        must_stop: Callable[[], bool],
        pages: int = PAGES,
    ) -> ReadResult:
        """Mirror an open chat from the window at its newest message, going up until it joins what is known.

        Args:
            phone: The phone's thread.
            account: The account.
            chat_id: The chat that is open.
            seen: What it shows; where that is not its end, the phone goes there first.
            must_stop: Asked between two windows.
            pages: Windows to go up before a gap is shown instead.

        Raises:
            ReadingStopped: `must_stop` said so.
        """
        target = await self.target(await self.get_chat(chat_id))
        if not seen.ends_chat:
            # What stands further up ends nowhere near the mirror's newest message.
            seen = await phone.call(lambda p: p.open_chat(target), OPEN_S)
        reading = await self._climb(phone, account, chat_id, seen, must_stop, _Way(pages))
        if reading is None:
            # Most windows join at the second try, with more of each in the next.
            again = await phone.call(lambda p: p.open_chat(target), OPEN_S)
            reading = await self._climb(phone, account, chat_id, again, must_stop, _Way(2 * pages, careful=True))
        assert reading is not None  # noqa: S101 - a careful climb always ends in a plan
        learned = await self.learning.fresh_words(account.id)
        if learned is not None:
            await phone.call(lambda p: p.use_words(learned), PAGE_S)
        return reading

    async def _climb(
        self,
        phone: PhoneThread,
        account: Account,
        chat_id: ChatId,
        newest: ChatSeen,
        must_stop: Callable[[], bool],
        way: _Way,
    ) -> ReadResult | None:
        """Read upwards from the newest window until the rows find their place.

        Returns:
            What came of it. None where two windows did not join, unless this was the careful try: then that is a gap.
        """
        chat = await self.get_chat(chat_id)
        target = await self.target(chat)
        zone = zone_of(account.zone)
        seen, run = newest, dated(begin_run(newest), chat, zone)
        decide = plan_for_sure if target.has_namesake else plan
        for page in range(way.pages + 1):
            is_last = page == way.pages or run.starts_chat
            decided, added = await self.place(chat_id, run, zone, decide, is_last=is_last)
            if decided.verdict is not Verdict.NEEDS_MORE:
                return ReadResult(decided, added, newest, page)
            if must_stop():
                raise ReadingStopped
            longer, older = await self.go_up(phone, target, run, seen, careful=way.careful)
            if longer is None:
                logger.info("chat %s: two windows do not join%s", chat_id, ", a gap" if way.careful else "")
                if not way.careful:
                    return None
                decided, added = await self.place(chat_id, run, zone, decide, is_last=True)
                return ReadResult(decided, added, newest, page + 1)
            run, seen = longer, older
        return None

    async def go_up(
        self, phone: PhoneThread, target: ChatTarget, run: Run, seen: ChatSeen, *, careful: bool
    ) -> tuple[Run | None, ChatSeen]:
        """Read one window further up; return the longer run, None where the windows do not join, and the window."""
        older, dragged = await phone.call(lambda p: p.scroll_chat_up(target, careful=careful), PAGE_S)
        return extend_run(run, seen, older, dragged), older

    # -- placing ------------------------------------------------------------------------------

    async def place(
        self,
        chat_id: ChatId,
        run: Run,
        zone: tzinfo,
        decide: Planner = plan,
        *,
        is_last: bool,
        is_back: bool = False,
    ) -> tuple[Plan, int]:
        """Commit what a planner makes of a run, and return its plan and how many messages were added.

        Args:
            chat_id: The chat.
            run: What was read.
            zone: The phone's zone.
            decide: The planner.
            is_last: Nothing further up is going to be read now.
            is_back: The run may reach far up: more of the mirror is compared, and old messages are no echoes.
        """
        async with self._store.write() as unit:
            limit = BACK_WINDOW if is_back else messages.WINDOW
            window = await messages.load_window(unit.connection, chat_id, limit)
            decided = decide(window, run, is_last=is_last)
            if decided.verdict is Verdict.NEEDS_MORE:
                return decided, 0
            added = await messages.apply_changes(unit, chat_id, decided.changes)
            await self._after_changes(unit, chat_id, _Placed(run, decided, window.entries, is_back), zone)
        return decided, len(added)

    async def _after_changes(self, unit: Unit, chat_id: ChatId, placed: _Placed, zone: tzinfo) -> None:
        """Bind echoes, move replies by their ticks, and keep the chat's own line."""
        decided, before = placed.decided, {e.id for e in placed.known}
        window = await messages.load_window(unit.connection, chat_id)
        if not placed.is_back:
            await self.learning.take_rows(unit, chat_id, placed.known, window.entries, placed.run.rows)
        fresh = [e for e in window.entries if e.id not in before]
        # Old messages come with a gap that is filled; the equal text of last year is no echo.
        since = unit.now - _ECHO_DAYS if placed.is_back else None
        young = [e for e in fresh if since is None or (at := moment_of(e, zone)) is None or at >= since]
        echoes, waiting = await self._confirm_replies(unit, chat_id, window.entries, young, zone)
        has_gap = decided.has_gap or await messages.has_gap(unit.connection, chat_id)
        values: dict[str, object] = {"has_gap": has_gap}
        if placed.run.starts_chat and decided.verdict is Verdict.PLACED:
            values["complete"] = True
        if decided.verdict is Verdict.NOT_PLACED and not placed.is_back:
            # The end of the chat is not what the mirror says.
            values["behind"] = True
        last = next((e for e in reversed(window.entries) if e.content.kind is not Kind.SYSTEM and not e.gone), None)
        if last is not None and last.id not in before:
            at = moment_of(last, zone)
            if at is not None:
                values["last_at"] = at
        if fresh:
            # What the list said before may say the same of another message: "ok" after "ok".
            values["list_mark"] = ""
        if any(e.content.sender for e in fresh):
            values["kind"] = "group"
        await chats.change_chat(unit, chat_id, **values)
        when = partial(moment_of, zone=zone)
        reading = Reading(placed.known, window.entries, decided.changes, when, unit.now, echoes, waiting)
        await hear(unit, chat_id, find_news(reading))

    async def _confirm_replies(
        self, unit: Unit, chat_id: ChatId, entries: tuple[Entry, ...], fresh: list[Entry], zone: tzinfo
    ) -> tuple[dict[MessageId, Reply], list[Reply]]:
        """An own message that appeared is the echo of a reply in doubt; a tick that moved on moves its reply.

        Returns:
            Which own messages are echoes now, and all replies as they stood before.
        """
        waiting = await replies.list_replies(unit.connection, chat_id=chat_id)
        echoes = {}
        for reply, entry in match_echoes(waiting, fresh, lambda one: moment_of(one, zone)):
            echoes[entry.id] = reply
            await messages.bind_echo(unit, chat_id, entry.id, reply.id)
            # It was sent, so it is never sent again; that it quotes nothing is said.
            note = {"reason": Reason.QUOTE_LOST} if lost_quote(entry.content, reply) else {}
            await replies.move(unit, reply.id, reply.state, state_of(entry.content.tick), **note)
        ticks = {e.id: e.content.tick for e in entries}
        for reply in waiting:
            if reply.echo is None or reply.state not in ON_THE_PHONE:
                continue
            target = state_of(ticks.get(reply.echo))
            if _is_further(target, reply.state):
                await replies.move(unit, reply.id, reply.state, target)
        return echoes, waiting

    async def target(self, chat: Chat) -> ChatTarget:
        """Return how to find a chat on the phone."""
        number = chat.number.removeprefix("+") if chat.number and chat.kind == "person" else None
        async with self._store.read() as connection:
            named = await chats.find_by_title(connection, chat.account, chat.title)
        has_namesake = len(named) > 1
        return ChatTarget(chat.title, number, chat.kind == "group", has_namesake, is_archived=chat.archived)

    async def get_chat(self, chat_id: ChatId) -> Chat:
        """Return a chat that exists."""
        async with self._store.read() as connection:
            chat = await chats.get_chat(connection, chat_id)
        if chat is None:
            raise LookupError(chat_id)
        return chat


def list_mark(row: ListRowSeen) -> str:
    """Return what of a list row changes when the chat does."""
    return "\u241f".join(
        (row.preview, row.when_text if ":" in row.when_text else "", str(row.unread), str(row.own_last))
    )


def _has_sure_end(entries: tuple[Entry, ...]) -> bool:
    """Tell whether what is missing of a chat stands far above its newest messages."""
    return len(entries) == _SURE_END and entries[-1].origin is Origin.SCREEN and not any(e.gap_before for e in entries)


def zone_of(name: str) -> tzinfo:
    """Return the phone's zone, or this PC's where the phone named none."""
    try:
        return ZoneInfo(name) if name else _local_zone()
    except (ZoneInfoNotFoundError, ValueError):
        return _local_zone()


def _local_zone() -> tzinfo:
    return datetime.now(UTC).astimezone().tzinfo or UTC


def _moment(shown: Shown, zone: tzinfo, known: datetime | None) -> datetime | None:
    """Return a row's time; a day without a minute keeps a better-known time of that day."""
    if shown.day is None:
        return known
    if known is not None and known.astimezone(zone).date() == shown.day and shown.minute is None:
        return known
    minute = shown.minute or 0
    return datetime.combine(shown.day, time(minute // 60, minute % 60), zone).astimezone(UTC)


def moment_of(entry: Entry, zone: tzinfo) -> datetime | None:
    """Return when a message was, to the minute that the phone shows or better."""
    if entry.time_ms is not None:
        return datetime.fromtimestamp(entry.time_ms / 1000, UTC)
    if entry.shown.day is None or entry.shown.minute is None:
        return None
    clock = time(entry.shown.minute // 60, entry.shown.minute % 60)
    return datetime.combine(entry.shown.day, clock, zone).astimezone(UTC)


def dated(run: Run, chat: Chat, zone: tzinfo) -> Run:
    """Rows without a divider in view are all of the newest message's day, which the list told."""
    if chat.last_at is None:
        return run
    day = chat.last_at.astimezone(zone).date()
    return replace(run, rows=with_last_day(run.rows, Shown(None, day)))


def _is_further(target: ReplyState, state: ReplyState) -> bool:
    order = (ReplyState.SENT, ReplyState.DELIVERED, ReplyState.READ)
    return order.index(target) > order.index(state)
