"""Across the whole window: the team's database does not answer, since when, and what becomes of what is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from ui.phrases import hour_minute
from ui.theme import icons
from ui.theme.scale import Type, font
from ui.theme.theme import Theme
from ui.words import tr


class Outage(QFrame):
    """Shown while the database is away."""

    def __init__(self, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("outage")
        self._theme = theme
        self._now = now
        self._since: datetime | None = None
        self._sign = QLabel()
        self.title, self.words = QLabel(), QLabel()
        self.title.setObjectName("said")
        self.title.setFont(font(Type.STRONG))
        self.words.setFont(font(Type.SMALL))
        self.words.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(self.title)
        column.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(12)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def begin(self) -> None:
        """Say it from now on."""
        self._since = self._since or self._now()
        self.retranslate()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def end(self) -> None:
        """Say it no longer."""
        self._since = None
        self.hide()

    def retranslate(self) -> None:
        """Say it in the language of now."""
        since = hour_minute(self._since, self._now()) if self._since is not None else ""
        self.title.setText(tr("The team's database does not answer since %1").replace("%1", since))
        self.words.setText(
            tr(
                "Nothing new is shown and nothing can be sent. What was sent before is kept, what you type stays here. "
                "It goes on by itself; see that the network is there and the server is on."
            )
        )
        self.setAccessibleName(f"{self.title.text()}. {self.words.text()}")

    def _dress(self) -> None:
        self._sign.setPixmap(icons.pixmap("warning", self._theme.colours.bad, 24, self.devicePixelRatioF()))
