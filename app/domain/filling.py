"""Somebody's wish that a chat be read further back than the program would by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.ids import ChatId


class FillState(StrEnum):
    """How far a wish came."""

    WAITING = "waiting"
    """Not begun, or it gave way to something more urgent and goes on by itself."""
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    STUCK = "stuck"
    """The rows on the phone could not be joined to what is known; what was read is kept, the gap stays in view."""


OPEN_STATES = frozenset({FillState.WAITING, FillState.RUNNING})


@dataclass(frozen=True, slots=True)
class FillRequest:
    """One wish. `since` is the day to read back to, None the chat's first message."""

    id: int
    chat: ChatId
    since: date | None
    author: str
    asked_at: datetime
    state: FillState
    windows: int
    """Windows read for it so far."""
    added: int
    """Messages that it brought."""
    reached: date | None
    """The oldest day that was read."""
    ended_at: datetime | None
