"""A text as a code to scan, drawn from its matrix: always dark on white, whatever the palette."""

from __future__ import annotations

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_QUIET = 4
"""Modules of white around a code, as its standard wants."""
_LEAST = 3
"""Pixels of a module that a phone still reads from a screen."""


class QrCode(QWidget):
    """One code, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[bool]] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Stand for a text."""
        self._rows = [[bool(one) for one in row] for row in segno.make(text, error="l").matrix] if text else []
        self.setFixedSize(self.sizeHint())
        self.updateGeometry()
        self.update()

    @property
    def modules(self) -> int:
        """Return how many modules a side has, without the white around."""
        return len(self._rows)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a side that makes each module whole pixels."""
        side = (self.modules + 2 * _QUIET) * _LEAST if self._rows else 0
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        for y, row in enumerate(self._rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    left, top = (x + _QUIET) * _LEAST, (y + _QUIET) * _LEAST
                    painter.fillRect(left, top, _LEAST, _LEAST, QColor("#000000"))
        painter.end()
