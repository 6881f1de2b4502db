"""How the app is made to quote a message: a swipe over its row, and the bar over the entry that comes of it.

No capture shows the gesture or the bar: what is taken for granted of them is marked as a guess.
"""

from __future__ import annotations

import time

from app.domain.errors import SendRefused
from app.domain.message import Quote
from app.domain.observation import Bounds, ChatSeen, RowSeen, ScreenKind
from app.domain.ports import ChatTarget
from app.domain.reply import Reason
from devices.whatsapp.screen import POLL_S, Screen
from devices.whatsapp.ways import Ways

BAR_S = 6.0
"""How long a bar may take to come or go."""
_FROM, _TO = 0.2, 0.75
"""Parts of a row's width: far enough to be taken for a swipe, clear of the edges, where a phone goes back [guess]."""
_KEYBOARD = 6
"""A keyboard takes more than this part of the list's height."""


class PhoneQuotes:
    """The part of a phone's driver that quotes messages."""

    _screen: Screen
    _ways: Ways

    def quote_row(self, target: ChatTarget, row: RowSeen) -> ChatSeen:
        """Swipe once over a row that stands where it was seen, and wait for the bar."""
        seen = self._screen.chat_now(target)
        if seen.entry is None or seen.lacks:
            raise SendRefused(Reason.READ_ONLY if seen.read_only_notice else Reason.QUOTE_NOT_TAKEN)
        if seen.entry.text or seen.entry.quote is not None:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if not any(_is_same(row, one) for one in seen.rows):
            return seen
        self._screen.swipe(*_way(row.bounds, is_mirrored=self._screen.sight.is_mirrored))
        until = time.monotonic() + BAR_S
        while True:
            after = self._screen.chat_now(target)
            if after.entry is not None and after.entry.quote is not None:
                return self._without_keyboard(target, seen, self._screen.settled_chat(target, after))
            if time.monotonic() > until:
                raise SendRefused(Reason.QUOTE_NOT_TAKEN)
            self._screen.wait(POLL_S)

    def _without_keyboard(self, target: ChatTarget, before: ChatSeen, seen: ChatSeen) -> ChatSeen:
        """Lower the keyboard that comes along with the bar [guess]: above it too few rows are left to be read.

        The source tells of no keyboard; where one is, the entry stands higher. Back lowers it and does nothing else.

        Raises:
            SendRefused: It left the chat.
        """
        if not _is_lifted(before, seen):
            return seen
        self._screen.back()
        now = self._screen.wait_for(
            lambda one: one.kind is not ScreenKind.CHAT or one.chat is None or not _is_lifted(before, one.chat), BAR_S
        )
        if now.kind is not ScreenKind.CHAT:
            raise SendRefused(Reason.QUOTE_NOT_TAKEN)
        return self._screen.settled_chat(target)

    def end_of_chat(self, target: ChatTarget) -> ChatSeen:
        """Go down the open chat to its newest message."""
        return self._ways.to_end(self._screen.chat_now(target), target)

    def drop_quote(self, target: ChatTarget, bar: Quote) -> None:
        """Close the bar by its own button."""
        until = time.monotonic() + BAR_S
        entry = self._screen.chat_now(target).entry
        if entry is None or entry.quote != bar or entry.close_quote is None:
            return
        self._screen.tap(entry.close_quote)
        while time.monotonic() < until:
            entry = self._screen.chat_now(target).entry
            if entry is None or entry.quote is None:
                return
            self._screen.wait(POLL_S)


def _is_same(row: RowSeen, now: RowSeen) -> bool:
    """Tell whether a row stands where it was; its tick may have moved on."""
    mine, seen = row.content, now.content
    return (row.bounds, row.direction, row.shown.minute, mine.kind, mine.text) == (
        now.bounds, now.direction, now.shown.minute, seen.kind, seen.text
    )  # fmt: skip


def _is_lifted(before: ChatSeen, now: ChatSeen) -> bool:
    """Tell whether the entry stands so much higher than before that a keyboard must be below it."""
    if before.entry is None or now.entry is None:
        return False
    lifted = before.entry.bounds[3] - now.entry.bounds[3]
    return lifted * _KEYBOARD > before.list_bounds[3] - before.list_bounds[1]


def _way(row: Bounds, *, is_mirrored: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a finger goes: over the lower part of a row, below a day that may stand in it."""
    left, top, right, bottom = row
    y = top + (bottom - top) * 2 // 3
    near, far = (left + round((right - left) * part) for part in (_FROM, _TO))
    # Where the language is written from the right, the gesture goes the other way [guess].
    return ((right - near + left, y), (right - far + left, y)) if is_mirrored else ((near, y), (far, y))
