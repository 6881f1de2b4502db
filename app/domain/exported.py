"""What a file of the app's "Export chat" holds. Facts: nothing here says whose phone it was, or which chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.message import Content, Direction, Kind, Shown


class DateOrder(StrEnum):
    """In which order a file writes day, month and year."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True, slots=True)
class ExportedMessage:
    """One message of a file. `day` and `minute` (from midnight) are local to the phone that exported it.

    `sender` is the name in the file, None for a notice of the app. `edited` and "deleted" are in the content.
    """

    day: date
    minute: int
    sender: str | None
    content: Content

    @property
    def is_notice(self) -> bool:
        """Tell whether the app itself wrote it."""
        return self.content.kind is Kind.SYSTEM


@dataclass(frozen=True, slots=True)
class ExportedChat:
    """A file, in its own order, which is the phone's and not that of the times."""

    messages: tuple[ExportedMessage, ...]
    starts_chat: bool = False
    """It begins with the notice that stands above the first message of a chat."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of those who wrote, in the order in which they appear."""
        return tuple(dict.fromkeys(m.sender for m in self.messages if m.sender is not None))


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """An exported message as the phone's screen would show it: side, local minute and day of the phone, content."""

    direction: Direction
    shown: Shown
    content: Content
