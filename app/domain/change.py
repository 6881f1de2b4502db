"""What the reconciler decided. The store applies a list of these in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import MessageId
from app.domain.message import Content, Direction, Origin, Shown


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A message the mirror did not hold. It stands behind `after`, and behind earlier additions of the same place.

    `after` None: before everything known.
    """

    direction: Direction
    shown: Shown
    content: Content
    origin: Origin
    after: MessageId | None
    time_ms: int | None = None
    gap_before: bool = False


@dataclass(frozen=True, slots=True)
class MessageChanged:
    """A known message shows something new; the store keeps what it replaced."""

    id: MessageId
    content: Content
    shown: Shown
    origin: Origin
    time_ms: int | None = None


@dataclass(frozen=True, slots=True)
class MessageVanished:
    """A known message is no longer where it must stand. It is kept and marked."""

    id: MessageId


@dataclass(frozen=True, slots=True)
class GapFound:
    """Messages are missing before this known message."""

    id: MessageId


@dataclass(frozen=True, slots=True)
class GapClosed:
    """Nothing is missing any more before this message."""

    id: MessageId


Change = MessageAdded | MessageChanged | MessageVanished | GapFound | GapClosed
