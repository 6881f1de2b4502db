"""The seconds after Send: a reply waits in the outbox and can be taken back until the phone starts to type."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.reply import Reply
from ui.phrases import summary_of_text
from ui.theme import icons
from ui.theme.scale import Type, font
from ui.theme.theme import Theme
from ui.widgets.labels import CutLabel
from ui.words import isolate, tr

_TICK_MS = 200
_COUNTED_S = 60


def _said(reply: Reply) -> str:
    return reply.body or (reply.file.name if reply.file is not None else "")


class UndoRow(QFrame):
    """One reply that can still be taken back."""

    undo_wanted = Signal(object)
    ended = Signal()

    def __init__(self, reply: Reply, title: str, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("undo")
        self.reply = reply
        self._now = now
        label = CutLabel()
        label.setFont(font(Type.SMALL))
        said = isolate(summary_of_text(_said(reply)))
        label.setText(tr("To %1: %2").replace("%1", isolate(title)).replace("%2", said))
        self.button = QPushButton()
        self.button.setIcon(icons.icon("undo", theme.colours.text, 16))
        self.button.setShortcut("Ctrl+Shift+Z")
        self.button.clicked.connect(lambda: self.undo_wanted.emit(self.reply))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 6, 5)
        layout.addWidget(label, 1)
        layout.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.update_time)
        self._timer.start(_TICK_MS)
        self.update_time()

    def left_s(self) -> float:
        """Return the seconds that are left; a reply that waits for longer can be taken back for longer."""
        until = self.reply.wait.until if self.reply.wait else self.reply.not_before
        return (until - self._now()).total_seconds() if until else 0.0

    def update_time(self) -> None:
        """Count down, and end."""
        left = self.left_s()
        if left <= 0:
            self._timer.stop()
            self.ended.emit()
            return
        seconds = tr("Undo (%1 s)").replace("%1", str(math.ceil(left)))
        self.button.setText(seconds if left <= _COUNTED_S else tr("Undo"))


class UndoStrip(QWidget):
    """All replies that can still be taken back, the newest lowest."""

    undo_wanted = Signal(object)

    def __init__(self, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._theme = theme
        self._now = now
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 6, 16, 6)
        self._layout.setSpacing(4)
        self.rows: list[UndoRow] = []
        self.hide()

    def offer(self, reply: Reply, title: str) -> None:
        """Show a reply that was just queued."""
        row = UndoRow(reply, title, self._theme, self._now)
        row.undo_wanted.connect(self.undo_wanted)
        row.ended.connect(lambda: self.drop(reply))
        self.rows.append(row)
        self._layout.addWidget(row)
        self.show()

    def undo_last(self) -> None:
        """Take the newest one back."""
        if self.rows:
            self.undo_wanted.emit(self.rows[-1].reply)

    def drop(self, reply: Reply) -> None:
        """Take a reply off the strip."""
        for row in [row for row in self.rows if row.reply.id == reply.id]:
            self.rows.remove(row)
            row.setParent(None)
            row.deleteLater()
        self.setVisible(bool(self.rows))
