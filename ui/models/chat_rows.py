"""What the list knows of a chat: its own line, and what its last messages tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import AccountId, ChatId
from app.domain.message import Direction, Kind
from app.domain.reply import ReplyState
from app.services.browsing import Chat, MessageRow
from ui.phrases import summary
from ui.words import one_line

TAIL = 6
"""Messages that are looked at: enough to step over notices of the app."""

_ON_ITS_WAY = frozenset({ReplyState.QUEUED, ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Tail:
    """How a conversation ends now."""

    line: str = ""
    is_ours: bool = False
    state: str = ""
    is_waiting: bool = False
    failed: int = 0
    unknown: int = 0
    on_its_way: int = 0


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One row of the chat list."""

    chat: Chat
    tail: Tail | None = None
    has_draft: bool = False

    @property
    def is_waiting(self) -> bool:
        """Tell whether the last word is the customer's."""
        if self.chat.kind == "self":
            return False
        return self.tail.is_waiting if self.tail else self.chat.state in {"new", "open"} or self.chat.unread > 0

    @property
    def preview(self) -> str:
        """Return the newest message in one line."""
        return (self.tail.line if self.tail else "") or one_line(self.chat.preview)


def tail_of(rows: list[MessageRow], hidden: frozenset[str] = frozenset()) -> Tail:
    """Return how a conversation with these last rows ends; `hidden` are failed replies that were seen to."""
    pending = [row for row in rows if row.order is None and row.key not in hidden]
    said = [r for r in rows if r.order is not None and not r.gone and r.content.kind is not Kind.SYSTEM]
    under_way = sum(row.reply_state in _ON_ITS_WAY for row in pending)
    last = next((r for r in reversed(pending) if r.reply_state in _ON_ITS_WAY), said[-1] if said else None)
    if last is None:
        return Tail(line=summary(rows[-1].content) if rows else "")
    sender = one_line(last.content.sender or "")
    line = summary(last.content)
    return Tail(
        line=f"{sender}: {line}" if sender and last.direction is Direction.IN else line,
        is_ours=last.direction is Direction.OUT,
        state=last.state,
        is_waiting=last.direction is Direction.IN,
        failed=sum(row.reply_state is ReplyState.FAILED for row in pending),
        unknown=sum(row.reply_state is ReplyState.UNKNOWN for row in pending),
        on_its_way=under_way,
    )


@dataclass(frozen=True, slots=True)
class View:
    """Which chats the list shows."""

    account: AccountId | None = None
    only_waiting: bool = False
    words: str = ""

    def shows(self, row: ChatRow) -> bool:
        """Tell whether a chat belongs to this view."""
        if self.account is not None and row.chat.account != self.account:
            return False
        if self.only_waiting and not row.is_waiting:
            return False
        return not self.words or _fits(row.chat, self.words)


def _fits(chat: Chat, words: str) -> bool:
    title = chat.title.casefold()
    if all(word in title for word in words.casefold().split()):
        return True
    digits = "".join(c for c in words if c.isdigit()).lstrip("0")
    return len(digits) >= 3 and digits in (chat.number or "")


def order_of(chat: Chat) -> tuple[float, int]:
    """Return the sort key of a chat: newest first, then the oldest id."""
    last: datetime | None = chat.last_at
    return (-last.timestamp() if last else 0.0, chat.id)


def initials(title: str) -> str:
    """Return one or two letters for an avatar; empty for a number."""
    words = [word for word in one_line(title).split() if word[0].isalpha()]
    letters = [words[0][0], *([words[-1][0]] if len(words) > 1 else [])] if words else []
    return "".join(letters).upper()


def chat_ids(rows: list[ChatRow]) -> list[ChatId]:
    """Return the ids of rows."""
    return [row.chat.id for row in rows]
