"""A label of one line of plain text that is cut with an ellipsis instead of pushing the window wider."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.widgets.texts import draw_line


class CutLabel(QLabel):
    """One line. A screen reader gets all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return one line's height."""
        return QSize(120, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return that it may become narrow."""
        return QSize(40, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much as fits."""
        painter = QPainter(self)
        colour = self.palette().color(QPalette.ColorRole.WindowText).name()
        draw_line(painter, QRectF(self.contentsRect()), self.text(), self.font(), colour)
        painter.end()
