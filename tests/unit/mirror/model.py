"""The mirror of one chat in memory, brought up to date the way the program does it.

A window at the newest message first, then further up as needed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC

from app.domain.change import Change, GapClosed, GapFound, MessageAdded, MessageChanged, MessageVanished
from app.domain.ids import ChatId, MessageId
from app.domain.message import ChatWindow, Content, Entry, Shown
from app.domain.observation import NotifiedMessage
from app.mirror.backfill import plan_back
from app.mirror.planning import Plan, Verdict, plan, plan_notified
from app.mirror.run import begin_run, extend_run, with_last_day
from tests.fakes.chat import Key, PhoneChat, Sent

_PAGES = 60


@dataclass
class Mirror:
    """The mirror of one chat: applies changes as the store does, in memory."""

    entries: list[Entry] = field(default_factory=list)
    log: list[Change] = field(default_factory=list)
    flagged: bool = False
    complete: bool = False
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def window(self) -> ChatWindow:
        return ChatWindow(ChatId(1), tuple(self.entries[-400:]), self.complete and len(self.entries) < 400)

    def live(self) -> list[Entry]:
        return [one for one in self.entries if not one.gone]

    def keys(self) -> list[Key]:
        return [(e.direction, e.shown.minute, e.content.kind, e.content.text) for e in self.live()]

    def order(self) -> list[MessageId]:
        return [one.id for one in self.entries]

    def apply(self, changes: tuple[Change, ...]) -> None:
        tails: dict[MessageId | None, MessageId] = {}
        for change in changes:
            self.log.append(change)
            if isinstance(change, MessageAdded):
                self._add(change, tails)
            else:
                at = self.order().index(change.id)
                self.entries[at] = self._changed(self.entries[at], change)

    def _add(self, change: MessageAdded, tails: dict[MessageId | None, MessageId]) -> None:
        anchor = tails.get(change.after, change.after)
        at = 0 if anchor is None else self.order().index(anchor) + 1
        new = MessageId(next(self._ids))
        entry = Entry(
            new,
            0,
            change.direction,
            change.shown,
            change.content,
            change.origin,
            change.time_ms,
            False,
            change.gap_before,
        )
        self.entries.insert(at, entry)
        tails[change.after] = new

    @staticmethod
    def _changed(entry: Entry, change: MessageChanged | MessageVanished | GapFound | GapClosed) -> Entry:
        if isinstance(change, MessageVanished):
            return replace(entry, gone=True)
        if isinstance(change, GapFound | GapClosed):
            return replace(entry, gap_before=isinstance(change, GapFound))
        return replace(
            entry, content=change.content, shown=change.shown, origin=change.origin, time_ms=change.time_ms, gone=False
        )

    # -- the ways up ----------------------------------------------------------------------------------

    def hear(self, chat: PhoneChat, told: list[Sent]) -> Plan:
        """Take a notification that lists these messages."""
        lines = tuple(
            NotifiedMessage(
                "Otto", Content(one.kind, one.text, media=one.content.media), int(one.at.timestamp() * 1000)
            )
            for one in told
        )
        found = plan_notified(self.window(), lines, UTC)
        self.apply(found.changes)
        return found

    def begin_at_end(self, chat: PhoneChat) -> Plan:
        """Take the newest window alone; what stands above it is a gap."""
        return self._commit(plan(self.window(), begin_run(chat.newest()), is_last=True))

    def catch_up(self, chat: PhoneChat, jitter: int = 0) -> Plan:
        """Read the chat from its end until it joins what is known."""
        decided = self._climb(chat, jitter, careful=False) or self._climb(chat, jitter, careful=True)
        assert decided is not None
        return decided

    def _climb(self, chat: PhoneChat, jitter: int, *, careful: bool) -> Plan | None:
        seen = chat.newest()
        newest_day = chat.sent[-1].at.date()
        run = begin_run(seen)
        run = replace(run, rows=with_last_day(run.rows, Shown(None, newest_day)))
        for page in range(_PAGES + 1):
            decided = plan(self.window(), run, is_last=page == _PAGES or run.starts_chat)
            if decided.verdict is not Verdict.NEEDS_MORE:
                self.complete = self.complete or (run.starts_chat and decided.verdict is Verdict.PLACED)
                return self._commit(decided)
            older, dragged = chat.scroll_up(jitter, careful=careful)
            longer = extend_run(run, seen, older, dragged)
            if longer is None:
                return self._commit(plan(self.window(), run, is_last=True)) if careful else None
            run, seen = longer, older
        raise AssertionError("unreachable")

    def fill_back(self, chat: PhoneChat, jitter: int = 0, pages: int = 400) -> Plan:
        """Read upwards through the newest gap, so many windows at most."""
        seen = chat.newest()
        run = begin_run(seen)
        run = replace(run, rows=with_last_day(run.rows, Shown(None, chat.sent[-1].at.date())))
        for page in range(pages + 1):
            whole = ChatWindow(ChatId(1), tuple(self.entries), self.complete)
            decided = plan_back(whole, run, is_last=page == pages or run.starts_chat)
            if decided.verdict is not Verdict.NEEDS_MORE:
                self.complete = self.complete or (run.starts_chat and decided.verdict is Verdict.PLACED)
                return self._commit(decided)
            older, dragged = chat.scroll_up(jitter, careful=True)
            longer = extend_run(run, seen, older, dragged)
            if longer is None:
                return self._commit(plan_back(whole, run, is_last=True))
            run, seen = longer, older
        raise AssertionError("unreachable")

    def _commit(self, decided: Plan) -> Plan:
        self.apply(decided.changes)
        self.flagged = (
            decided.verdict is Verdict.NOT_PLACED or decided.has_gap or any(one.gap_before for one in self.entries)
        )
        return decided
