"""Above a conversation: who it is with, on which of our numbers, and until when it is known to be complete."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.services.browsing import Chat
from ui.phrases import hour_minute
from ui.theme.scale import HEADER, Type, font
from ui.widgets.chat_delegate import draw_avatar
from ui.widgets.labels import CutLabel
from ui.words import isolate, one_line, tr


class Avatar(QWidget):
    """A disc with initials."""

    def __init__(self) -> None:
        super().__init__()
        self._chat: Chat | None = None
        self.setFixedSize(40, 40)

    def show_chat(self, chat: Chat) -> None:
        """Stand for a chat."""
        self._chat = chat
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        if self._chat is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_avatar(painter, QRectF(0, 0, 40, 40), self._chat.title, self._chat.id)
        painter.end()


class Header(QWidget):
    """Title and facts of the open chat."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEADER)
        self._avatar = Avatar()
        self.title = CutLabel()
        self.title.setFont(font(Type.TITLE))
        self.facts = CutLabel()
        self.facts.setFont(font(Type.SMALL))
        self.facts.setProperty("dim", "true")
        self.verified = QLabel()
        self.verified.setTextFormat(Qt.TextFormat.PlainText)
        self.verified.setFont(font(Type.SMALL))
        self.verified.setProperty("dim", "true")
        self.verified.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 20, 0)
        layout.setSpacing(12)
        layout.addWidget(self._avatar)
        layout.addLayout(words, 1)
        layout.addWidget(self.verified)

    def show_chat(self, chat: Chat, now: datetime) -> None:
        """Show the facts of a chat."""
        self._avatar.show_chat(chat)
        self.title.setText(one_line(chat.title))
        facts = [one_line(chat.number)] if chat.number and chat.number != chat.title.replace(" ", "") else []
        if chat.kind == "group":
            facts.append(tr("Group"))
        facts.append(tr("via %1").replace("%1", isolate(chat.account_name)))
        self.facts.setText("  ·  ".join(facts))
        if chat.verified_until is None:
            self.verified.setText(tr("not yet compared with the phone"))
        else:
            self.verified.setText(tr("verified until %1").replace("%1", hour_minute(chat.verified_until, now)))
        self.verified.setToolTip(tr("Everything that the phone showed up to then is here."))
        if chat.opened_at is not None:
            ticks = tr("blue ticks given %1").replace("%1", hour_minute(chat.opened_at, now))
            self.verified.setToolTip(f"{self.verified.toolTip()}\n{ticks}")
            self.verified.setText(f"{self.verified.text()}  ·  {ticks}")

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Let long titles be cut."""
        return QSize(200, HEADER)
