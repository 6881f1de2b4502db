"""How far an own message got, drawn: clock, one tick, two, two in blue, and the signs of failed and unknown."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.theme import icons
from ui.theme.colours import Colours

WIDTH, HEIGHT = 18.0, 12.0
_CLOCK = {"queued", "claimed", "typing", "submitted", "pending"}
_ONE, _TWO = {"sent"}, {"delivered", "read"}


def has_tick(state: str) -> bool:
    """Tell whether a state is drawn at all."""
    return state in _CLOCK | _ONE | _TWO | {"failed", "unknown"}


def draw_tick(painter: QPainter, at: QPointF, state: str, colours: Colours, quiet: str) -> None:
    """Draw a state's sign into WIDTH x HEIGHT pixels from a left top corner.

    Args:
        painter: Where.
        at: The corner.
        state: As `MessageRow.state` says.
        colours: The palette.
        quiet: The colour of what is neither read nor wrong.
    """
    if state in ("failed", "unknown"):
        name, colour = ("warning", colours.bad) if state == "failed" else ("unknown", colours.warn)
        icons.paint(painter, name, colour, QRectF(at.x() + 2, at.y() - 2, 16, 16))
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colours.tick_read if state == "read" else quiet), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state in _CLOCK:
        _clock(painter, at)
    else:
        for shift in (0.0, 4.5) if state in _TWO else (3.0,):
            _tick(painter, QPointF(at.x() + shift, at.y()))
    painter.restore()


def _tick(painter: QPainter, at: QPointF) -> None:
    painter.drawPolyline(
        [QPointF(at.x() + 2, at.y() + 6.5), QPointF(at.x() + 5, at.y() + 9.5), QPointF(at.x() + 11.5, at.y() + 2.5)]
    )


def _clock(painter: QPainter, at: QPointF) -> None:
    middle = QPointF(at.x() + 11, at.y() + 6)
    painter.drawEllipse(middle, 4.8, 4.8)
    painter.drawPolyline([QPointF(middle.x(), middle.y() - 2.6), middle, QPointF(middle.x() + 2.2, middle.y() + 0.8)])
