"""What a chat holds: kinds, directions and ticks of messages, and what the mirror knows of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.ids import ChatId, MessageId


class Direction(StrEnum):
    """Who wrote a message, seen from the number on the phone."""

    IN = "in"
    OUT = "out"


class Kind(StrEnum):
    """What a message is. A kind that the screen parser cannot tell is `UNKNOWN`, never left out."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"
    CALL = "call"
    VIEW_ONCE = "view_once"
    DELETED = "deleted"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Tick(StrEnum):
    """How far an own message got, as its `status` icon says; `UNKNOWN` is an icon whose word is not known."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNKNOWN = "unknown"


TICK_ORDER = (Tick.UNKNOWN, Tick.PENDING, Tick.SENT, Tick.DELIVERED, Tick.READ)


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that another one answers, as its bubble shows it."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Media:
    """What a bubble says of its file: name, size as shown, length as shown. Empty where the bubble is silent."""

    name: str = ""
    size: str = ""
    duration: str = ""
    description: str = ""
    is_absent: bool = False
    """The phone has not downloaded it: a button to do so stands on it."""
    count: int = 0
    """Pictures of an album; 0 for anything else."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The minute that the phone showed beside a message, in the phone's own zone.

    `minute` counts from midnight, None where the row shows no time; `day` is None until a divider told it.
    """

    minute: int | None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What can change in a message after it was first seen."""

    kind: Kind
    text: str = ""
    tick: Tick | None = None
    sender: str | None = None
    edited: bool = False
    forwarded: bool = False
    cut: bool = False
    reactions: tuple[str, ...] = ()
    quoted: Quote | None = None
    media: Media | None = None


class Origin(StrEnum):
    """What shows a message: the chat itself, or so far only a notification or a file that the app exported."""

    SCREEN = "screen"
    EXPORT = "export"
    NOTIFICATION = "notification"


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of the mirror. `order` is the phone's order, never a time."""

    id: MessageId
    order: int
    direction: Direction
    shown: Shown
    content: Content
    origin: Origin = Origin.SCREEN
    time_ms: int | None = None
    """Unix time from a notification; exact where it is known."""
    gone: bool = False
    gap_before: bool = False
    """Messages are known to be missing before this one."""


@dataclass(frozen=True, slots=True)
class ChatWindow:
    """The newest entries of one chat in the mirror, oldest first. `complete` tells that nothing older was left out."""

    chat: ChatId
    entries: tuple[Entry, ...] = field(default=())
    complete: bool = False
