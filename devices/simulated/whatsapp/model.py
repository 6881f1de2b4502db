"""What the app knows: chats and their messages, in the app's own order; screens only read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SYSTEM_KINDS = frozenset({"notice", "e2e", "business", "group_card"})
MEDIA_KINDS = frozenset({"photo", "video", "voice", "document", "sticker", "album", "gif"})
KINDS = (
    SYSTEM_KINDS
    | MEDIA_KINDS
    | frozenset({"text", "location", "contact", "poll", "call", "view_once", "waiting", "unknown"})
)
TICKS = ("pending", "sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that another one answers."""

    title: str
    text: str


@dataclass(slots=True)
class Message:
    """One row of a chat. `sender` is a jid, "" for one's own; `version` grows with every visible change."""

    id: int
    kind: str
    sent_at: datetime
    sender: str = ""
    text: str = ""
    status: str = ""
    name: str = ""
    """File name, place, contact or poll question."""
    size: str = ""
    info: str = ""
    """Page count of a document, address of a place."""
    duration_s: int = 0
    count: int = 0
    """Photos of an album."""
    options: tuple[str, ...] = ()
    link_title: str = ""
    link_url: str = ""
    quote: Quote | None = None
    reactions: list[tuple[str, str]] = field(default_factory=list)
    """Who (jid, "" for one's own) and what."""
    is_edited: bool = False
    is_forwarded: bool = False
    is_deleted: bool = False
    is_played: bool = False
    is_downloaded: bool = True
    is_expanded: bool = False
    is_by_hand: bool = False
    paths: list[str] = field(default_factory=list)
    """Its files on the phone, several of an album; none while it is not downloaded."""
    body: bytes | None = None
    """The bytes that were chosen to be sent; None: they are made up."""
    picture: str = ""
    """Equal words make equal bytes: the same picture sent twice."""
    version: int = 0

    @property
    def is_own(self) -> bool:
        """Whether it stands on the right."""
        return self.sender == "" and self.kind not in SYSTEM_KINDS

    def change(self, **fields: Any) -> None:
        """Set fields and mark the row as changed."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.version += 1

    def truth(self) -> dict[str, Any]:
        """Return everything that is true of the message, ready for JSON."""
        quote = self.quote
        return {
            "id": self.id,
            "kind": self.kind,
            "own": self.is_own,
            "sender": self.sender,
            "text": self.text,
            "name": self.name,
            "at": self.sent_at.isoformat(timespec="milliseconds"),
            "at_ms": round(self.sent_at.timestamp() * 1000),
            "status": self.status,
            "duration_s": self.duration_s,
            "count": self.count,
            "options": list(self.options),
            "quote": None if quote is None else {"title": quote.title, "text": quote.text},
            "reactions": [{"by": by, "emoji": emoji} for by, emoji in self.reactions],
            "edited": self.is_edited,
            "forwarded": self.is_forwarded,
            "deleted": self.is_deleted,
            "by_hand": self.is_by_hand,
            "paths": list(self.paths),
            "downloaded": self.is_downloaded,
        }


@dataclass(slots=True)
class Chat:
    """A person, a group or the own chat."""

    jid: str
    kind: str = "person"
    name: str = ""
    """Saved name or group subject; "" shows the number."""
    about: str = ""
    messages: list[Message] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)
    """Group members by jid: saved name, or "~ Name" for one who is not saved."""
    unread: int = 0
    draft: str = ""
    quoting: int = 0
    """Id of the message that the next text will quote, 0 for none."""
    preview: str = ""
    """What the list shows instead of the last message, as "You reacted ..."; a new message clears it."""
    is_muted: bool = False
    is_pinned: bool = False
    is_archived: bool = False
    is_disappearing: bool = False
    is_business: bool = False
    typing: str = ""
    """Jid of who is typing now."""
    recording: str = ""
    last_seen: datetime | None = None
    is_online: bool = False
    is_read_only: bool = False
    is_media_private: bool = False
    """Its files are kept from the gallery."""
    is_name_described: bool = True
    """Captured both ways in one build: the header's name with and without a description."""
    photo_desc: str = "photo"
    """`photo` or `status`: a contact with a status ring describes the picture differently."""

    @property
    def number(self) -> str:
        """The number as the app prints it."""
        return pretty_number(self.jid.partition("@")[0])

    @property
    def title(self) -> str:
        """What the list and the header show."""
        return self.name or self.number

    @property
    def last(self) -> Message | None:
        """The newest message that is not the notice at the top."""
        for message in reversed(self.messages):
            if message.kind not in {"e2e", "business", "group_card"}:
                return message
        return None

    def place(self, message: Message, before_id: int = 0) -> None:
        """Put a message at the end, or above the message with an id."""
        for position, other in enumerate(self.messages):
            if before_id and other.id == before_id:
                self.messages.insert(position, message)
                return
        self.messages.append(message)

    def find(self, message_id: int) -> Message:
        """Return one message.

        Raises:
            KeyError: There is none with that id.
        """
        for message in reversed(self.messages):
            if message.id == message_id:
                return message
        raise KeyError(message_id)

    def truth(self) -> dict[str, Any]:
        """Return everything that is true of the chat, ready for JSON."""
        return {
            "jid": self.jid,
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "unread": self.unread,
            "draft": self.draft,
            "quoting": self.quoting,
            "muted": self.is_muted,
            "pinned": self.is_pinned,
            "archived": self.is_archived,
            "members": dict(self.members),
            "messages": [message.truth() for message in self.messages],
        }


@dataclass(slots=True)
class Book:
    """All chats of the account, and who exists on WhatsApp at all."""

    own_jid: str
    chats: dict[str, Chat] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    """Jids that are on WhatsApp without having a chat yet."""
    next_id: int = 1

    def new_id(self) -> int:
        """Return the next row id."""
        self.next_id += 1
        return self.next_id - 1

    def on_list(self, is_archived: bool = False) -> list[Chat]:
        """Return the chats of the list, pinned first, then the newest."""
        shown = [chat for chat in self.chats.values() if chat.is_archived == is_archived and self._is_shown(chat)]
        return sorted(shown, key=lambda chat: (not chat.is_pinned, -_stamp(chat)))

    @staticmethod
    def _is_shown(chat: Chat) -> bool:
        return chat.last is not None or bool(chat.draft)

    def is_on_whatsapp(self, jid: str) -> bool:
        """Tell whether a number has an account."""
        return jid in self.chats or jid in self.known

    def open(self, jid: str) -> Chat:
        """Return a chat, a new empty one when there is none."""
        if jid not in self.chats:
            self.chats[jid] = Chat(jid=jid, kind="group" if jid.endswith("@g.us") else "person")
        return self.chats[jid]

    def name_of(self, jid: str, chat: Chat) -> str:
        """Return how a sender is called in a chat."""
        if jid in chat.members:
            return chat.members[jid]
        saved = self.chats.get(jid)
        return saved.title if saved is not None else pretty_number(jid.partition("@")[0])

    def unread_chats(self) -> int:
        """Return how many chats have something unread."""
        return sum(1 for chat in self.chats.values() if chat.unread and not chat.is_archived)


def _stamp(chat: Chat) -> float:
    last = chat.last
    return last.sent_at.timestamp() if last is not None else 0.0


_PLANS = (
    ("31", (1, 8)),
    ("32", (3, 2, 2, 2)),
    ("44", (4, 6)),
    ("49", (3, 8)),
    ("55", (2, 5, 4)),
    ("1", (3, 3, 4)),
)


def pretty_number(digits: str) -> str:
    """Write a number as the app does: `31612345678` is `+31 6 12345678`."""
    for code, groups in _PLANS:
        if digits.startswith(code):
            parts, rest = [code], digits[len(code) :]
            for size in groups[:-1]:
                parts.append(rest[:size])
                rest = rest[size:]
            return "+" + " ".join([*parts, rest])
    return f"+{digits}"
