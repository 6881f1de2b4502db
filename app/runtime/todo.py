"""What waits to be done on one phone. Only order and times: nothing here touches the phone or the database."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.ids import ChatId
from app.domain.observation import ListRowSeen
from app.domain.reply import Reply

GAP_AGAIN_S = (30.0, 120.0, 600.0, 3600.0)
"""A gap that could not be closed is tried again after so long, the last of these for good."""
_GO_ON_S = 1.0
TICKS_AFTER_S = (20.0, 120.0, 600.0, 3600.0, 6 * 3600.0)
"""A chat with an unread reply is looked at so long after the look before."""


@dataclass(slots=True)
class Todo:
    """What waits. `reads` keeps order and holds each chat once, with the list's row that called for it."""

    reads: dict[ChatId, ListRowSeen | None] = field(default_factory=dict)
    notices: bool = True
    sweep: bool = True
    unknown: list[Reply] = field(default_factory=list)
    drafts: list[ChatId] = field(default_factory=list)
    """Chats in whose entry a person's draft is still to be put back."""
    later: dict[ChatId, float] = field(default_factory=dict)
    """Chats to be read at a time, in monotonic seconds."""
    ticks: dict[ChatId, int] = field(default_factory=dict)
    """Chats with a reply that the customer has not read: how often they were looked at for that."""
    gaps: dict[ChatId, tuple[int, float]] = field(default_factory=dict)
    """Chats whose gap could not be closed: how often it was tried, and when to try again."""

    def wake(self, now: float) -> bool:
        """Put one chat whose time has come among those to be read; false when there is none."""
        due = next((chat for chat, when in self.later.items() if when <= now), None)
        if due is None:
            return False
        del self.later[due]
        self.reads.setdefault(due, None)
        return True

    def follow(self, chat: ChatId, looks: int, now: float, most: int) -> None:
        """Have a chat's ticks looked at again after a while, unless that was done `most` times."""
        if looks < min(most, len(TICKS_AFTER_S)):
            self.ticks[chat] = looks + 1
            self.later[chat] = now + TICKS_AFTER_S[looks]
        else:
            self.ticks.pop(chat, None)

    def next_gap(self, chats: list[ChatId], now: float) -> ChatId | None:
        """Return the first of these chats whose turn it is."""
        return next((chat for chat in chats if self.gaps.get(chat, (0, 0.0))[1] <= now), None)

    def tried_gap(self, chat: ChatId, now: float) -> None:
        """Put the next try off, longer each time."""
        tries = self.gaps.get(chat, (0, 0.0))[0]
        self.gaps[chat] = tries + 1, now + GAP_AGAIN_S[min(tries, len(GAP_AGAIN_S) - 1)]

    def left_gap(self, chat: ChatId, now: float) -> None:
        """The try gave way to something urgent: that is no failure to wait longer for."""
        tries = self.gaps[chat][0]
        self.gaps[chat] = max(tries - 1, 0), now + _GO_ON_S
