"""Reads chats further back: gaps by themselves, and as far as somebody asked for. Gives way at once to what is urgent.

What was read is committed every few windows, and known messages are passed in large steps, so little is done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from app.domain.errors import BadInput, SendRefused
from app.domain.filling import OPEN_STATES, FillRequest, FillState
from app.domain.ids import AccountId, ChatId, MessageId
from app.domain.message import ChatWindow, Entry
from app.domain.observation import ChatSeen
from app.domain.ports import ChatTarget, Clock, PhoneThread
from app.mirror.anchoring import find_place
from app.mirror.backfill import may_close, newest_gap, plan_back
from app.mirror.planning import Plan, Verdict
from app.mirror.run import Run, begin_run
from app.services.mirroring import BACK_WINDOW, OPEN_S, PAGE_S, Mirroring, ReadingStopped, dated, zone_of
from app.store import chats, fillings, messages
from app.store.accounts import Account
from app.store.engine import Store

__all__ = ["FillRequest", "FillState", "Filling"]
logger = logging.getLogger(__name__)

_WINDOWS = 4_000
"""Windows read in one go at most."""
_KEEP_EVERY = 15
"""So many windows are lost at most when the program ends in the middle."""
_NEAR = 30
"""So many known messages are read again, row by row, before the gap: they prove where it is."""
_FAR = 190
"""With so many known messages before the gap a lively chat is left alone, unless somebody asked."""
_FLING = 6
"""Windows that one large step passes at most, until it is known."""
_LEAST_ROWS = 8
_MOST_MISSES = 6
_SKIPS = 400
_TELL_EVERY = 3
_LIVELY = timedelta(minutes=10)
"""A chat in which something was written so lately is left after a moment: what comes while it is open and scrolled up
shows nowhere. The others are left less often."""
_LIVELY_S, _QUIET_S = 8.0, 120.0
_WAY_S = 40.0
"""The way to the gap may take so long besides: a go that ends before it reads anything new would only begin again."""

Tell = Callable[[int, int, date | None], Awaitable[None]]
"""Told now and then: windows read, messages added, oldest day read."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What one go came to. `is_whole` tells that no gap is left between the newest and the oldest message read."""

    windows: int
    added: int
    is_whole: bool
    reached: date | None = None
    is_stuck: bool = False


@dataclass(frozen=True, slots=True)
class Manners:
    """How a long reading behaves towards everything else, asked at every window."""

    must_stop: Callable[[], bool]
    meanwhile: Callable[[], Awaitable[None]]
    """What can be done without the screen."""


@dataclass(slots=True)
class _Go:
    """One go through one chat."""

    phone: PhoneThread
    account: Account
    chat: ChatId
    target: ChatTarget
    manners: Manners
    since: date | None = None
    tell: Tell | None = None
    careful: bool = False
    at_most_s: float = _QUIET_S
    windows: int = 0
    added: int = 0
    reached: date | None = None


@dataclass(slots=True)
class _Climb:
    """Where a go stands: the rows read without a hole, the window they begin with, and what they hang on."""

    run: Run
    seen: ChatSeen
    end: MessageId | None
    older: ChatWindow
    below: int
    new_since: float | None = None
    """When it first reached above the gap, in monotonic seconds."""

    @property
    def has_news(self) -> bool:
        """Tell whether the rows reach above the gap."""
        return len(self.run.rows) > self.below

    @property
    def can_keep(self) -> bool:
        """Tell whether the rows reach above a gap that nothing known lies beyond: then they have one place."""
        return not self.older.entries and self.has_news


class Filling:
    """The way further up a chat."""

    def __init__(self, store: Store, clock: Clock, mirroring: Mirroring, author: str) -> None:
        self._store = store
        self._clock = clock
        self._mirroring = mirroring
        self._author = author

    # -- wishes -----------------------------------------------------------------------------------

    async def ask(self, chat_id: ChatId, since: date | None) -> FillRequest:
        """Have a chat read back to a day, or to its first message. It is done when nothing else is to be done.

        Raises:
            BadInput: That was asked already.
        """
        async with self._store.write() as unit:
            if any(one.chat == chat_id for one in await fillings.open_requests(unit.connection)):
                raise BadInput("this chat is being read back already; `history list` shows how far it is")
            request_id = await fillings.add_request(unit, chat_id, since, self._author)
        return await self.get(request_id)

    async def get(self, request_id: int) -> FillRequest:
        """Return a wish.

        Raises:
            BadInput: There is none of that number.
        """
        async with self._store.read() as connection:
            found = await fillings.get_request(connection, request_id)
        if found is None:
            raise BadInput(f"nothing of number {request_id} was asked; `history list` shows what was")
        return found

    async def list_requests(self, limit: int = 50) -> list[FillRequest]:
        """Return the newest wishes, oldest first."""
        async with self._store.read() as connection:
            return await fillings.list_requests(connection, limit)

    async def cancel(self, request_id: int) -> FillRequest:
        """Take a wish back; what was read stays.

        Raises:
            BadInput: There is none of that number, or it has ended.
        """
        await self.get(request_id)
        async with self._store.write() as unit:
            done = await fillings.change_request(unit, request_id, state=FillState.CANCELLED.value, ended_at=unit.now)
        if not done:
            raise BadInput("that has ended already; what was read is kept")
        return await self.get(request_id)

    async def next_request(self, account: AccountId) -> FillRequest | None:
        """Return the oldest wish of an account that is not fulfilled."""
        async with self._store.read() as connection:
            waiting = await fillings.open_requests(connection, account)
        return waiting[0] if waiting else None

    async def fulfil(self, phone: PhoneThread, account: Account, request: FillRequest, manners: Manners) -> FillState:
        """Read on for a wish, and say how far it came.

        Raises:
            ReadingStopped: Something urgent came, or it was taken back; what was read is kept.
        """
        is_open = True

        async def tell(windows: int, added: int, reached: date | None, state: FillState = FillState.RUNNING) -> None:
            nonlocal is_open
            values: dict[str, object] = {
                "windows": request.windows + windows,
                "added": request.added + added,
                "state": state.value,
            }
            if reached is not None:
                values["reached"] = reached.isoformat()
            async with self._store.write() as unit:
                if state not in OPEN_STATES:
                    values["ended_at"] = unit.now
                is_open = await fillings.change_request(unit, request.id, **values)

        await tell(0, 0, None)
        yielding = replace(manners, must_stop=lambda: manners.must_stop() or not is_open)
        go = await self._go(phone, account, request.chat, yielding)
        go.since, go.tell = request.since, tell
        state = FillState.WAITING
        try:
            filled = await self._run(go)
            state = FillState.STUCK if filled.is_stuck else FillState.DONE
        except SendRefused as refusal:
            logger.info("chat %s cannot be opened: %s", request.chat, refusal.reason)
            state = FillState.STUCK
        finally:
            await tell(go.windows, go.added, go.reached, state)
        return state

    # -- gaps -------------------------------------------------------------------------------------

    async def chats_with_gaps(self, account: Account) -> list[ChatId]:
        """Return the chats in which messages are missing and that can be told from all others."""
        async with self._store.read() as connection:
            found = await chats.list_chats(connection, account.id)
        titles = [chats.title_key(chat.title) for chat in found]
        return [
            chat.id
            for chat, title in zip(found, titles, strict=True)
            if chat.has_gap and (titles.count(title) == 1 or chat.number)
        ]

    async def fill_gap(self, phone: PhoneThread, account: Account, chat_id: ChatId, manners: Manners) -> Filled:
        """Read upwards through a chat's gaps, and close them.

        Raises:
            ReadingStopped: It had to stop; what was read is kept.
        """
        return await self._run(await self._go(phone, account, chat_id, manners))

    # -- one go -----------------------------------------------------------------------------------

    async def _go(self, phone: PhoneThread, account: Account, chat_id: ChatId, manners: Manners) -> _Go:
        chat = await self._mirroring.get_chat(chat_id)
        is_lively = chat.last_at is not None and self._clock.now() - chat.last_at < _LIVELY
        target = await self._mirroring.target(chat)
        return _Go(phone, account, chat_id, target, manners, at_most_s=_LIVELY_S if is_lively else _QUIET_S)

    async def _run(self, go: _Go) -> Filled:
        """Read gap after gap until the chat is whole as far back as was asked, at most twice through one gap."""
        while True:
            filled = await self._through_gap(go)
            if filled is None:
                # Two windows did not join: the second time most rows are seen twice.
                go.careful = True
                filled = await self._through_gap(go)
            if filled is None:
                return Filled(go.windows, go.added, is_whole=False, reached=go.reached, is_stuck=True)
            if filled.is_whole and await self._has_gap(go) and go.windows < _WINDOWS:
                go.careful = False
                continue
            return filled

    async def _through_gap(self, go: _Go) -> Filled | None:
        """Read up to the far side of the newest gap; None where two windows do not join."""
        climb = await self._begin(go)
        began = self._clock.monotonic()
        while go.windows < _WINDOWS:
            must_end = go.manners.must_stop() or self._is_long(go, climb, began)
            go.reached = _oldest_day(climb.run) or go.reached
            is_far = _is_before(go.reached, go.since) and not climb.older.entries
            is_last = must_end or is_far or climb.run.starts_chat
            if is_last or may_close(climb.older, climb.run, climb.below):
                decided = await self._commit(go, climb, is_last=is_last)
                if must_end and decided.has_gap:
                    raise ReadingStopped
                if decided.verdict is not Verdict.NEEDS_MORE:
                    is_stuck = decided.verdict is Verdict.NOT_PLACED
                    return Filled(go.windows, go.added, is_far or not decided.has_gap, go.reached, is_stuck)
            elif go.windows % _KEEP_EVERY == _KEEP_EVERY - 1 and climb.can_keep:
                decided = await self._commit(go, climb, is_last=True)
                if decided.verdict is Verdict.NOT_PLACED:
                    return Filled(go.windows, go.added, is_whole=False, reached=go.reached, is_stuck=True)
                await self._refresh(go, climb)
            if not await self._up(go, climb):
                await self._commit(go, climb, is_last=True)
                return None
        return Filled(go.windows, go.added, is_whole=False, reached=go.reached)

    def _is_long(self, go: _Go, climb: _Climb, began: float) -> bool:
        """Tell whether the chat is to be left for now: what was new has its time, and the way there besides."""
        now = self._clock.monotonic()
        if climb.new_since is None and climb.has_news:
            climb.new_since = now
        until = began + _WAY_S if climb.new_since is None else climb.new_since
        return now > until + go.at_most_s

    async def _up(self, go: _Go, climb: _Climb) -> bool:
        """Read one window more; false where it does not join."""
        await go.manners.meanwhile()
        run, seen = await self._mirroring.go_up(go.phone, go.target, climb.run, climb.seen, careful=go.careful)
        go.windows += 1
        if go.tell is not None and go.windows % _TELL_EVERY == 0:
            await go.tell(go.windows, go.added, go.reached)
        if run is None:
            logger.info("chat %s: two windows do not join%s", go.chat, ", a gap" if go.careful else "")
            return False
        climb.run, climb.seen = run, seen
        return True

    async def _begin(self, go: _Go) -> _Climb:
        """Open the chat and go up to just below the gap.

        Raises:
            ReadingStopped: That is far, and the chat is lively: another time.
        """
        entries = await self._entries(go.chat)
        gap = newest_gap(entries)
        known = len(entries) - gap if gap is not None else 0
        if known > _FAR and go.tell is None and go.at_most_s == _LIVELY_S:
            raise ReadingStopped
        seen = await self._mirroring.open(go.phone, go.chat, go.target)
        chat = await self._mirroring.get_chat(go.chat)
        newest = dated(begin_run(seen), chat, zone_of(go.account.zone))
        if gap is not None and known > _FLING * _LEAST_ROWS + _NEAR:
            seen, end = await self._skip(go, seen, entries, gap)
            if end is not None:
                return _climb(begin_run(seen), seen, end, entries)
            seen = await go.phone.call(lambda p: p.open_chat(go.target), OPEN_S)
            newest = dated(begin_run(seen), chat, zone_of(go.account.zone))
        at = find_place(entries, newest.rows)
        return _climb(newest, seen, entries[at + len(newest.rows) - 1].id if at is not None else None, entries)

    async def _skip(self, go: _Go, seen: ChatSeen, entries: list[Entry], gap: int) -> tuple[ChatSeen, MessageId | None]:
        """Pass what is known in large steps; return a window near the gap and the message it ends with.

        None for the message: it cannot be said for certain where in the mirror the phone stands.
        """
        step, before, misses, is_flung = 0, len(entries), 0, False
        for _ in range(_SKIPS):
            if go.manners.must_stop():
                raise ReadingStopped
            await go.manners.meanwhile()
            rows = begin_run(seen).rows
            at = find_place(entries, rows)
            if at is not None and at - gap <= _NEAR:
                return seen, entries[at + len(rows) - 1].id
            if at is not None:
                step, before, misses = max(step, before - at if is_flung else 0), at, 0
            else:
                misses += 1
            if misses > _MOST_MISSES or seen.starts_chat:
                break
            # Where the rows are lower than before, a step passes more of them.
            most = (step or _FLING * max(len(rows), _LEAST_ROWS)) * 5 // 4
            is_flung = at is not None and before - gap > most
            if is_flung:
                seen = await go.phone.call(lambda p: p.skip_chat_up(go.target), PAGE_S)
            else:
                seen, _ = await go.phone.call(lambda p: p.scroll_chat_up(go.target), PAGE_S)
            go.windows += 1
        return seen, None

    async def _entries(self, chat_id: ChatId) -> list[Entry]:
        async with self._store.read() as connection:
            window = await messages.load_window(connection, chat_id, BACK_WINDOW)
        return [e for e in window.entries if not e.gone]

    async def _refresh(self, go: _Go, climb: _Climb) -> None:
        """What was committed is known now; the gap stands further up."""
        entries = await self._entries(go.chat)
        fresh = _climb(climb.run, climb.seen, climb.end, entries)
        climb.older, climb.below = fresh.older, fresh.below

    async def _commit(self, go: _Go, climb: _Climb, *, is_last: bool) -> Plan:
        planner = partial(plan_back, end=climb.end)
        zone = zone_of(go.account.zone)
        decided, added = await self._mirroring.place(go.chat, climb.run, zone, planner, is_last=is_last, is_back=True)
        go.added += added
        return decided

    async def _has_gap(self, go: _Go) -> bool:
        """Tell whether a gap is left in the part that was asked for."""
        entries = await self._entries(go.chat)
        gap = newest_gap(entries)
        if gap is None:
            return False
        day = next((e.shown.day for e in entries[gap:] if e.shown.day is not None), None)
        return not _is_before(day, go.since)


def _climb(run: Run, seen: ChatSeen, end: MessageId | None, entries: list[Entry]) -> _Climb:
    gap = newest_gap(entries)
    if gap is None:
        # What is missing is at the end: the whole mirror is what the rows may join.
        return _Climb(run, seen, end, ChatWindow(ChatId(0), tuple(entries)), 0)
    last = next((i for i, e in enumerate(entries) if e.id == end), len(entries) - 1)
    return _Climb(run, seen, end, ChatWindow(ChatId(0), tuple(entries[:gap])), last + 1 - gap)


def _oldest_day(run: Run) -> date | None:
    return next((row.shown.day for row in run.rows if row.shown.day is not None), None)


def _is_before(day: date | None, since: date | None) -> bool:
    return day is not None and since is not None and day < since
