"""The light of a phone: colour and shape, so that it is told without colour too; a word always stands beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.domain.phone import PhoneState

GOOD, BUSY, BAD, OFF = "#36b36b", "#e8a93a", "#f0695f", "#9aa2b8"
_BUSY = frozenset({PhoneState.STARTING, PhoneState.NOT_ANSWERING})


def light_of(state: PhoneState) -> str:
    """Return the colour of a state."""
    if state is PhoneState.READY:
        return GOOD
    if state is PhoneState.STOPPED:
        return OFF
    return BUSY if state in _BUSY else BAD


def draw_light(painter: QPainter, box: QRectF, state: PhoneState, ring: str = "") -> None:
    """Draw a disc for ready, a ring for off, a diamond for busy, a triangle for what needs a person."""
    colour = light_of(state)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if ring:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ring))
        painter.drawEllipse(box)
    inner = box.adjusted(2, 2, -2, -2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    if colour == GOOD:
        painter.drawEllipse(inner)
    elif colour == OFF:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colour), 2))
        painter.drawEllipse(inner.adjusted(1, 1, -1, -1))
    else:
        painter.drawPolygon(_diamond(inner) if colour == BUSY else _triangle(inner))
    painter.restore()


def _diamond(box: QRectF) -> QPolygonF:
    middle = box.center()
    return QPolygonF(
        [
            QPointF(middle.x(), box.top()),
            QPointF(box.right(), middle.y()),
            QPointF(middle.x(), box.bottom()),
            QPointF(box.left(), middle.y()),
        ]
    )


def _triangle(box: QRectF) -> QPolygonF:
    return QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()])
