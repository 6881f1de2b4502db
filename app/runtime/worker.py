"""Drives one account: notices what is new, reads it, sends what waits, and says loudly when it cannot.

Replies come first, then notices, then reading, then the safety poll. It never gives up and never guesses.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.errors import LeaseLost, PhoneLost, PhoneRefused, ScreenNotRecognised, SendRefused, TakenOver
from app.domain.ids import ChatId
from app.domain.observation import ChatListSeen, ListRowSeen, ScreenSeen
from app.domain.phone import PhoneState
from app.domain.ports import Clock, PhoneThread
from app.domain.reply import ON_THE_PHONE, ReplyState
from app.mirror.planning import Verdict
from app.runtime.hand import Hand
from app.runtime.lease import Lease
from app.runtime.media_errand import EVERY_S as MEDIA_EVERY_S
from app.runtime.media_errand import MediaErrand
from app.runtime.states import state_of_adb, state_of_screen
from app.runtime.tasks import spawn, stop, to_its_end
from app.runtime.todo import TICKS_AFTER_S, Todo
from app.services.completing import Completing
from app.services.fetching import Fetching
from app.services.filling import Filling, Manners
from app.services.mirroring import Mirroring, ReadingStopped
from app.services.pacing import Pacing
from app.services.sending import Sending
from app.services.watching import Watching
from app.store.accounts import Account
from app.store.engine import Store

logger = logging.getLogger(__name__)

START_S = 180.0
FAREWELL_S = 12.0
"""So long the end of the program waits for a reply that is being typed."""
LOOK_S = 45.0
ARCHIVE_S = 120.0
ARCHIVE_EVERY_S = 60.0
WATCH_EVERY_S = 6.0
CALM_WATCH_EVERY_S = 50.0
"""While the phone itself tells who has the focus, and nothing happens."""
CALM_AFTER_S = 120.0
POLL_EVERY_S = 30.0
CALM_POLL_EVERY_S = 50.0
DEAF_POLL_EVERY_S = 5.0
HEALTH_EVERY_S = 300.0
SWEEP_EVERY_S = 600.0
GAPS_EVERY_S = 20.0
SILENCE_S = 3.0
"""A phone that answers nothing for so long is shown as not answering, though it may still be waited for."""
PROBE_EVERY_S = 60.0
"""While the layout is not known and a reply waits, its chat is looked at so often."""
_READABLE = frozenset({PhoneState.READY, PhoneState.READ_ONLY})
_LISTEN_AGAIN_S = 5.0
_PATIENCE_S = 5.0
"""A reply waits so long for a chat that is being read; giving up sooner would read it all again."""
_RETRIES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
_LIST_PAGES = 400
_RETRY_READ_S = 20.0


class PhoneLine(Protocol):
    """What a worker needs of a phone's connection besides the phone itself."""

    def events(self) -> AsyncIterator[bool]:
        """Yield True when the app posted a notification, False for other news of the app; ends with PhoneLost."""

    def state(self) -> str:
        """Return what adb last said of the phone: device, offline, unauthorized, absent."""

    async def wait_for_change(self) -> None:
        """Return at the next change of the phone's adb state."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The services that a worker works with."""

    store: Store
    clock: Clock
    mirroring: Mirroring
    completing: Completing
    filling: Filling
    sending: Sending
    watching: Watching
    fetching: Fetching | None = None
    """None where no files are copied."""


class Worker:
    """One account on one phone."""

    def __init__(self, account: Account, thread: PhoneThread, line: PhoneLine, bench: Bench, holder: str) -> None:
        self.account = account
        self._thread = thread
        self._line = line
        self._bench = bench
        self._lease = Lease(account.id, holder, bench.watching, bench.clock)
        self._wake = asyncio.Event()
        self._todo = Todo()
        self._due: dict[str, float] = {}
        self._state: tuple[PhoneState, str] | None = None
        self._reply_hint = False
        self._pacing = Pacing(bench.store, bench.clock)
        self._ask_again_at: datetime | None = None
        self._poll_s = POLL_EVERY_S
        self._read_began = 0.0
        self._failures = 0
        self._hand = Hand(bench.clock)
        self._archived = ""
        """What the way to the archive counted when it was last in view."""
        self._archive_due = 0.0
        self._busy_at = bench.clock.monotonic()
        self._media = MediaErrand(bench.fetching, thread, lambda: self._reply_hint or self._todo.notices)

    def nudge(self) -> None:
        """Say that a reply may have been queued."""
        self._reply_hint = True
        self._wake.set()

    def read_back_now(self) -> None:
        """Say that somebody may want a chat read back."""
        self._due["gaps"] = 0.0
        self._wake.set()

    def check_now(self) -> None:
        """Compare the whole phone with the mirror now."""
        self._todo.sweep = True
        self._wake.set()

    # -- the loop -----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Drive the phone until cancelled."""
        heartbeat = spawn(self._lease.keep(self._tell_silence), f"lease-{self.account.serial}")
        try:
            while True:
                await self._lease.have()
                try:
                    await self._start()
                    await self._work()
                except (PhoneLost, PhoneRefused) as error:
                    # Where another process took our session the phone is theirs to speak of.
                    if await self._lease.ask():
                        await self._away(error)
                        await self._wait_for_phone(_RETRIES_S[min(self._failures, len(_RETRIES_S) - 1)])
                        self._failures += 1
                except LeaseLost:
                    # Its new driver has a session of its own; ours is gone.
                    self._state = None
        finally:
            await stop(heartbeat)
            await asyncio.shield(self._leave())

    async def _leave(self) -> None:
        """Give the phone back; one that another process drives is not touched."""
        if not self._lease.epoch:
            return
        try:
            await self._thread.call(lambda p: p.stop(), 15)
        except PhoneLost:
            logger.info("%s: left without a farewell", self.account.serial)
        await self._show(PhoneState.STOPPED)
        await self._lease.release()

    async def _start(self) -> None:
        if self._state is None or self._may_read():
            # A trouble stays in view until it is over, not only between two attempts.
            await self._show(PhoneState.STARTING)
        await self._thread.call(lambda p: p.stop(), 20)
        facts = await self._thread.call(lambda p: p.start(), START_S)
        await self._bench.watching.set_facts(self.account.id, facts)
        self.account = next(a for a in await self._bench.watching.list_accounts() if a.id == self.account.id)
        await self._thread.call(lambda p: p.use_words(self.account.words), LOOK_S)
        # Files for chats that a run which died left behind.
        await self._thread.call(lambda p: p.drop_files(), LOOK_S)
        signed = self._lease.holder, self._lease.epoch
        self._todo.unknown = await self._bench.sending.recover(self.account, signed)
        for chat in await self._bench.sending.chats_with_unread(self.account):
            self._follow(chat, 0)
        self._todo.notices = self._todo.sweep = True
        self._moves()
        self._due.clear()

    async def _work(self) -> None:
        """Do what is due until the phone is lost."""
        listener = spawn(self._listen(), f"events-{self.account.serial}")
        try:
            await self._watch()
            while True:
                self._wake.clear()
                if self._lease.is_lost:
                    raise LeaseLost
                if not await self._step():
                    await self._rest()
        finally:
            await stop(listener)

    async def _step(self) -> bool:
        """Do the most urgent thing; false when nothing is to be done now."""
        try:
            return await self._urgent() or await self._reading() or await self._routine()
        except TakenOver:
            # It was left at its list, so who opened something is a person.
            self._hand.left_at_list()
            await self._watch()
        except ScreenNotRecognised as error:
            await self._blocked(error.seen)
        except SendRefused as refusal:
            logger.info("%s: a chat could not be opened: %s", self.account.serial, refusal.reason)
        except ReadingStopped:
            return True
        return False

    async def _urgent(self) -> bool:
        if self._state is not None and self._state[0] is PhoneState.READY and await self._send_one():
            return True
        if self._todo.notices:
            self._todo.notices = False
            await self._take_notices()
            return True
        return False

    async def _reading(self) -> bool:
        if not self._may_read():
            return False
        await self._probe()
        if (self._todo.unknown or self._todo.drafts) and not self._is_held():
            return await self._mend()
        if self._todo.reads:
            await self._read_next()
            return True
        return False

    async def _mend(self) -> bool:
        """Find out what became of a reply in doubt, or put a person's draft back."""
        # Either may touch the entry, and that is typing too.
        if await self._finds_a_hand():
            return False
        self._moves()
        if self._todo.unknown:
            await self._bench.sending.settle_by_looking(self._thread, self.account, self._todo.unknown.pop(0))
        else:
            await self._bench.sending.put_draft_back(self._thread, self._todo.drafts.pop(0))
            await self._back_to_list()
        return True

    async def _routine(self) -> bool:
        """Safety poll, sweep, watch, health, files and gaps, each when its time has come."""
        ready = self._may_read()
        if ready and (self._todo.sweep or self._is_due("sweep", SWEEP_EVERY_S)):
            self._todo.sweep = False
            self._todo.drafts = await self._bench.sending.drafts_aside(self.account)
            await self._sweep(_LIST_PAGES)
            return True
        if ready and self._is_due("poll", self._poll_every_s()):
            # Where the event log is silent, notifications are asked for.
            self._todo.notices = self._todo.notices or self._poll_s != POLL_EVERY_S
            await self._sweep(1)
            return True
        if self._is_due("watch", self._watch_every_s()):
            await self._watch()
            return True
        if self._is_due("health", HEALTH_EVERY_S):
            report = await self._thread.call(lambda p: p.read_health(), LOOK_S)
            await self._bench.watching.set_health(self.account.id, report)
            return True
        has_fetched = self._is_due("media", MEDIA_EVERY_S) and await self._media.run(self.account)
        return has_fetched or (ready and self._is_due("gaps", GAPS_EVERY_S) and await self._read_back())

    def _moves(self) -> None:
        """Note that this program is about to open something on the phone."""
        self._hand.moves()
        self._busy_at = self._bench.clock.monotonic()

    def _is_calm(self) -> bool:
        """Tell whether nothing happened for a while, on a phone that pushes who has the focus."""
        return self._thread.is_undisturbed() and self._bench.clock.monotonic() - self._busy_at > CALM_AFTER_S

    def _watch_every_s(self) -> float:
        return CALM_WATCH_EVERY_S if self._is_calm() else WATCH_EVERY_S

    def _poll_every_s(self) -> float:
        return CALM_POLL_EVERY_S if self._poll_s == POLL_EVERY_S and self._is_calm() else self._poll_s

    def _is_due(self, name: str, every_s: float) -> bool:
        now = self._bench.clock.monotonic()
        if now < self._due.get(name, 0.0):
            return False
        self._due[name] = now + every_s
        return True

    async def _rest(self) -> None:
        """Sleep until woken or until the next reply or routine is due."""
        now = self._bench.clock.monotonic()
        next_due = min(self._due.values(), default=now + 1)
        if self._todo.wake(now):
            return
        if self._ask_again_at is not None:
            left = (self._ask_again_at - self._bench.clock.now()).total_seconds()
            # One that is over waits for the phone, not for its time.
            next_due = min(next_due, now + left) if left > 0 else next_due
        pause = max(0.05, min(next_due - now, 1.0))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()

    # -- sending --------------------------------------------------------------------------------------

    async def _send_one(self) -> bool:
        self._reply_hint = False
        turn = await self._pacing.claim_next(self.account.id, self._lease.holder, self._lease.epoch)
        reply, self._ask_again_at = turn.reply, turn.ask_again_at
        if reply is None:
            return False
        if await self._finds_a_hand():
            await self._bench.sending.put_back(reply)
            return False
        self._moves()
        began = self._bench.clock.monotonic()
        work = self._bench.sending.deliver(self._thread, self.account, reply, self._lease.may_tap)
        # Its fate, a person's draft, a copy of a file: what was begun on the phone is brought to an end.
        state = await to_its_end(work, "deliver", FAREWELL_S)
        logger.info(
            "%s: reply %s %s, %.1f s", self.account.serial, reply.id, state, self._bench.clock.monotonic() - began
        )
        if state is ReplyState.UNKNOWN or state in ON_THE_PHONE:
            # Its bubble, or its ticks, are looked for again.
            self._follow(reply.chat, 0)
        await self._back_to_list()
        return True

    def _follow(self, chat: ChatId, looks: int) -> None:
        """Look at a chat again after a while: the list does not tell how far a reply got."""
        # A quiet account opens a chat to answer it; opened again it would give blue ticks for what came since.
        most = len(TICKS_AFTER_S) if self.account.reading == "full" else 1
        self._todo.follow(chat, looks, self._bench.clock.monotonic(), most)

    async def _follow_on(self, chat: ChatId) -> None:
        """After a look: once more, later, unless every reply of this chat was read or failed."""
        looks = self._todo.ticks.pop(chat, None)
        if looks is not None and await self._bench.sending.is_unread(chat):
            self._follow(chat, looks)

    def _has_urgent(self) -> bool:
        """Asked while a chat is read: does a reply wait, and long enough to give up what was read?"""
        return self._reply_hint and self._bench.clock.monotonic() - self._read_began > _PATIENCE_S

    # -- reading --------------------------------------------------------------------------------------

    async def _take_notices(self) -> None:
        seen = await self._thread.call(lambda p: p.read_notifications(), LOOK_S)
        news, has_nameless = await self._bench.mirroring.take_notifications(self.account, seen)
        if self.account.reading == "full":
            for chat in news:
                self._todo.reads.setdefault(chat, None)
        if has_nameless:
            self._due["poll"] = 0.0

    async def _read_next(self) -> None:
        """Read the oldest waiting chat. One that cannot be read now is tried again later, the others go on."""
        chat, row = next(iter(self._todo.reads.items()))
        if await self._finds_a_hand():
            return
        self._moves()
        began = self._read_began = self._bench.clock.monotonic()
        try:
            result = await self._bench.mirroring.read_chat(self._thread, self.account, chat, self._has_urgent)
        except ReadingStopped:
            raise
        except (SendRefused, ScreenNotRecognised):
            del self._todo.reads[chat]
            self._todo.later[chat] = self._bench.clock.monotonic() + _RETRY_READ_S
            raise
        del self._todo.reads[chat]
        took = self._bench.clock.monotonic() - began
        logger.info(
            "%s: read chat %s, %s new, %s windows, %.1f s",
            self.account.serial,
            chat,
            result.added,
            result.pages + 1,
            took,
        )
        if row is not None and result.plan.verdict is Verdict.PLACED:
            await self._bench.mirroring.has_read(chat, row)
        grown = result.plan.verdict is Verdict.PLACED and await self._complete(chat)
        await self._follow_on(chat)
        if grown or not self._todo.reads:
            await self._back_to_list()

    def _may_read(self) -> bool:
        return self._state is not None and self._state[0] in _READABLE

    def _is_held(self) -> bool:
        return self._state is not None and self._state[0] is PhoneState.READ_ONLY

    async def _probe(self) -> None:
        """While nothing is typed, look at the chat of the reply that waits longest: one whole chat ends that."""
        if self._is_held() and self._is_due("probe", PROBE_EVERY_S):
            chat = await self._pacing.first_waiting(self.account.id)
            if chat is not None:
                self._todo.reads.setdefault(chat, None)

    async def _complete(self, chat: ChatId) -> bool:
        """Read cut texts in full; tell whether some rows may be taller than a window now."""
        if self.account.reading != "full" or self._is_held():
            # On a layout that is not known nothing inside a message is tapped.
            return False
        try:
            return bool(await self._bench.completing.complete(self._thread, chat, self._has_urgent))
        except ReadingStopped:
            return True

    async def _read_back(self) -> bool:
        """With nothing else to do, read on what somebody asked for, else one chat in which messages are missing."""
        now = self._bench.clock.monotonic()
        request = await self._bench.filling.next_request(self.account.id)
        gaps = await self._bench.filling.chats_with_gaps(self.account) if self.account.reading == "full" else []
        chat = request.chat if request is not None else self._todo.next_gap(gaps, now)
        if chat is None or await self._finds_a_hand():
            return False
        self._moves()
        manners = Manners(lambda: self._reply_hint or self._has_to_read(now), self._hear)
        try:
            if request is not None:
                await self._bench.filling.fulfil(self._thread, self.account, request, manners)
            else:
                self._todo.tried_gap(chat, now)
                filled = await self._bench.filling.fill_gap(self._thread, self.account, chat, manners)
                logger.info("%s: chat %s, %s messages into its gap", self.account.serial, chat, filled.added)
                if filled.is_whole:
                    del self._todo.gaps[chat]
        except ReadingStopped:
            if request is None:
                self._todo.left_gap(chat, self._bench.clock.monotonic())
            raise
        finally:
            self._due["gaps"] = 0.0
            await self._back_to_list()
        return True

    def _has_to_read(self, began: float) -> bool:
        return bool(self._todo.reads) and self._bench.clock.monotonic() - began > _PATIENCE_S

    async def _hear(self) -> None:
        """Take notices while a chat is read: that needs no screen."""
        if self._todo.notices:
            self._todo.notices = False
            await self._take_notices()

    async def _back_to_list(self) -> None:
        """Leave the chat, so that new messages in it notify; what came while it was open stands in the list."""
        seen = await self._thread.call(lambda p: p.leave_chat(), LOOK_S)
        self._hand.left_at_list()
        behind: dict[ChatId, ListRowSeen] = {}
        await self._compare(seen, behind)
        for chat, row in behind.items():
            self._todo.reads[chat] = row
        self._todo.notices = True

    async def _sweep(self, pages: int) -> None:
        """Compare the phone's list with the mirror, window by window from the top, and read what differs."""
        if await self._finds_a_hand():
            return
        started = self._bench.clock.now()
        top = await self._thread.call(lambda p: p.read_chat_list(), LOOK_S)
        self._hand.left_at_list()
        # That was a look too.
        self._due["watch"] = self._bench.clock.monotonic() + self._watch_every_s()
        behind: dict[ChatId, ListRowSeen] = {}
        await self._compare_list(top, pages, behind)
        now = self._bench.clock.monotonic()
        is_news = top.archive_count not in ("", self._archived) or pages > 1 or now > self._archive_due
        # What was counted is read in a moment; a quiet account leaves it, so that only another count is news.
        self._archived = top.archive_count if self.account.reading != "full" else ""
        if top.archive_at is not None and is_news:
            self._archive_due = now + (SWEEP_EVERY_S if self._is_calm() else ARCHIVE_EVERY_S)
            # Archived chats do not notify: only the archive tells of them.
            self._hand.moves()
            for seen in await self._thread.call(lambda p: p.read_archive(), ARCHIVE_S):
                await self._compare(seen, behind, is_archive=True)
            await self._thread.call(lambda p: p.read_chat_list(), LOOK_S)
            self._hand.left_at_list()
        for chat, row in behind.items():
            self._todo.reads[chat] = row
        self._failures = 0
        if not behind:
            await self._bench.mirroring.verified(self.account.id, started)

    async def _compare_list(self, top: ChatListSeen, pages: int, behind: dict[ChatId, ListRowSeen]) -> None:
        """Compare so many windows of the list; after more than one the phone shows its top again."""
        seen = top
        for page in range(pages):
            await self._compare(seen, behind)
            if seen.ends_list or page == pages - 1:
                break
            titles = [row.title for row in seen.rows]
            seen = await self._thread.call(lambda p: p.scroll_chat_list(), LOOK_S)
            if [row.title for row in seen.rows] == titles:
                break
        if pages > 1:
            await self._thread.call(lambda p: p.read_chat_list(), LOOK_S)

    async def _compare(
        self, seen: ChatListSeen, behind: dict[ChatId, ListRowSeen], *, is_archive: bool = False
    ) -> None:
        news = await self._bench.mirroring.take_list(self.account, seen, is_archive=is_archive)
        if news:
            # The list cuts what a notification may tell in full.
            self._todo.notices = True
        if self.account.reading == "full":
            behind.update(news)

    # -- state ----------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Look at what is in front and say what it means."""
        seen = await self._thread.call(lambda p: p.look(), LOOK_S)
        state, detail = state_of_screen(seen)
        if state in _READABLE and self._hand.is_on(seen):
            state, detail = PhoneState.IN_USE, ""
        if state in _READABLE or self._state is None or self._state[0] is not state:
            await self._show(state, detail)
        if state is PhoneState.LOCKED:
            await self._try_to_unlock()

    async def _finds_a_hand(self) -> bool:
        """Look before the phone is moved; where a person has it, leave it to them and say so."""
        if not self._hand.could_show or self._thread.is_undisturbed():
            # Where nothing else had the focus nobody opened anything; the phone is asked again when a chat is opened.
            return False
        if not self._hand.is_on(await self._thread.call(lambda p: p.look(), LOOK_S)):
            return False
        await self._show(PhoneState.IN_USE)
        return True

    async def _try_to_unlock(self) -> None:
        try:
            await self._thread.call(lambda p: p.leave_chat(), LOOK_S)
        except ScreenNotRecognised:
            return
        await self._show(PhoneState.READY)

    async def _blocked(self, seen: ScreenSeen) -> None:
        state, detail = state_of_screen(seen)
        await self._show(PhoneState.BLOCKED if state is PhoneState.READY else state, detail)

    async def _show(self, state: PhoneState, detail: str = "") -> None:
        if self._state != (state, detail):
            logger.info("%s: %s %s", self.account.serial, state, detail)
        self._state = (state, detail)
        await self._bench.watching.set_state(self.account.id, state, detail)

    async def _away(self, error: Exception) -> None:
        """Say what adb knows of a phone that is lost."""
        await self._show(*state_of_adb(self._line.state(), error))

    async def _wait_for_phone(self, at_most_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await self._line.wait_for_change()

    async def _tell_silence(self) -> None:
        """Say that the phone is slow before its time is up: people must know within seconds."""
        # One that froze with a call under way finds the phone silent; it is another's then.
        if self._may_read() and self._lease.may_tap() and self._thread.silence_s() > SILENCE_S:
            await self._show(PhoneState.NOT_ANSWERING, "slow")
            self._due["watch"] = 0.0

    async def _listen(self) -> None:
        """Follow the event log; while it is silent or gone the safety poll comes more often."""
        while True:
            try:
                async for posted in self._line.events():
                    self._poll_s = POLL_EVERY_S
                    self._todo.notices = self._todo.notices or posted
                    if posted:
                        self._busy_at = self._bench.clock.monotonic()
                    elif self._hand.could_show and not self._thread.is_undisturbed():
                        self._due["watch"] = 0.0
                    self._wake.set()
            except PhoneLost as error:
                logger.info("%s: %s", self.account.serial, error)
            self._poll_s = DEAF_POLL_EVERY_S
            self._due["poll"] = 0.0
            self._wake.set()
            await self._bench.clock.sleep(_LISTEN_AGAIN_S)
