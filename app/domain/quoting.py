"""What of a message is known when a reply answers it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import MessageId
from app.domain.message import Content, Direction


@dataclass(frozen=True, slots=True)
class ReplyQuote:
    """The message that a reply quotes, as the mirror has it. `sender` is empty but in groups."""

    message: MessageId
    direction: Direction
    text: str
    sender: str = ""
    cut: bool = False
    """The app showed only the beginning of the text."""


def quote_of(message: MessageId, direction: Direction, content: Content) -> ReplyQuote:
    """Return what a reply that quotes this message carries."""
    return ReplyQuote(message, direction, content.text, content.sender or "", content.cut)
