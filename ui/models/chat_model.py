"""The chat list as a Qt model, narrowed to one view; and the messages that a search found."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QObject

from app.domain.ids import ChatId
from app.services.browsing import Hit
from ui.models.chat_rows import ChatRow, View
from ui.models.inbox import Inbox
from ui.models.keyed import KeyedModel
from ui.words import isolate, one_line, tr


class ChatModel(KeyedModel):
    """Chats of one view, newest first."""

    def __init__(self, inbox: Inbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self.view = View()
        inbox.changed.connect(self.update)

    def key_of(self, row: ChatRow) -> Hashable:
        """Return the chat's id."""
        return row.chat.id

    def describe(self, row: ChatRow) -> str:
        """Return name, state and newest message."""
        parts = [isolate(row.chat.title)]
        if row.chat.unread:
            parts.append(tr("%n unread", "", row.chat.unread))
        if row.is_waiting:
            parts.append(tr("waits for an answer"))
        if row.tail and row.tail.failed:
            parts.append(tr("a reply was not sent"))
        if row.tail and row.tail.unknown:
            parts.append(tr("it is not known whether a reply was sent"))
        if row.has_draft:
            parts.append(tr("draft"))
        parts += [isolate(row.preview), tr("on %1").replace("%1", isolate(row.chat.account_name))]
        return ", ".join(parts)

    def look(self, view: View) -> None:
        """Show other chats."""
        if view != self.view:
            self.view = view
            self.replace(self._wanted())

    def update(self) -> None:
        """Take over what changed."""
        self.apply(self._wanted())

    def position_of_chat(self, chat_id: ChatId) -> int:
        """Return where a chat is, -1 when this view does not show it."""
        return self.position_of(chat_id)

    def _wanted(self) -> list[ChatRow]:
        rows = self._inbox.rows()
        return rows if self.view == View() else [row for row in rows if self.view.shows(row)]


class HitModel(KeyedModel):
    """Messages that hold the words, newest first."""

    def key_of(self, row: Hit) -> Hashable:
        """Return the message's id."""
        return row.message

    def describe(self, row: Hit) -> str:
        """Return chat and excerpt."""
        return f"{isolate(row.chat_title)}: {isolate(one_line(row.excerpt))}"


def excerpt_parts(excerpt: str) -> list[tuple[str, bool]]:
    """Return an excerpt in pieces, each with whether it is one of the words that were looked for."""
    parts: list[tuple[str, bool]] = []
    for piece in excerpt.replace("\n", " ").split("\u2068"):
        found, end, rest = piece.partition("\u2069")
        if end:
            parts.append((found, True))
            parts.append((rest, False))
        else:
            parts.append((piece, False))
    return [(text, is_found) for text, is_found in parts if text]
