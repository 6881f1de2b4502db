"""The bar at the foot: each phone with light, word, next step, queue, and until when it is verified."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.domain.phone import PhoneState, PhoneStatus
from ui.phrases import PHONE_STEP, PHONE_WORD, hour_minute, said
from ui.theme import icons
from ui.theme.scale import STATUS, Type, font
from ui.theme.theme import Theme
from ui.widgets.lights import draw_light
from ui.widgets.texts import draw_line
from ui.words import isolate, one_line, tr


def phone_line(phone: PhoneStatus, now: datetime) -> tuple[str, str]:
    """Return a phone's name and state, and the rest: next step, queue, verified."""
    head = f"{one_line(phone.name)}: {said(PHONE_WORD[phone.state])}"
    parts = [said(PHONE_STEP[phone.state])]
    if phone.queue:
        parts.append(tr("%n in the queue", "", phone.queue))
    if phone.state is PhoneState.READY:
        until = phone.verified_until
        verified = tr("verified until %1").replace("%1", hour_minute(until, now)) if until else ""
        parts.append(verified or tr("not yet compared with the phone"))
        battery = phone.health.battery_percent if phone.health else None
        if battery is not None and battery <= 20:
            parts.append(tr("battery %1 %").replace("%1", str(battery)))
    return head, " · ".join(part for part in parts if part)


class PhoneSegment(QWidget):
    """One phone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._phone: PhoneStatus | None = None
        self._head, self._rest = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(110)

    def show_phone(self, phone: PhoneStatus, now: datetime) -> None:
        """Stand for a phone."""
        self._phone = phone
        self._head, self._rest = phone_line(phone, now)
        words = f"{self._head}. {self._rest}"
        self.setAccessibleName(words)
        self.setToolTip(isolate(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for all its words."""
        width = QFontMetricsF(font(Type.SMALL_STRONG)).horizontalAdvance(self._head)
        width += QFontMetricsF(font(Type.CAPTION)).horizontalAdvance(self._rest)
        return QSize(int(width) + 60, STATUS - 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        if self._phone is None:
            return
        colours = self._theme.colours
        painter = QPainter(self)
        middle = self.height() / 2
        draw_light(painter, QRectF(10, middle - 8, 16, 16), self._phone.state)
        is_wrong = self._phone.state not in (PhoneState.READY, PhoneState.STARTING)
        width = QFontMetricsF(font(Type.SMALL_STRONG)).horizontalAdvance(self._head) + 2
        box = QRectF(32, 0, min(width, self.width() - 36), self.height())
        draw_line(painter, box, self._head, font(Type.SMALL_STRONG), colours.bad if is_wrong else colours.text)
        rest = QRectF(box.right() + 10, 0, self.width() - box.right() - 16, self.height())
        if rest.width() > 24:
            draw_line(painter, rest, self._rest, font(Type.CAPTION), colours.text_dim)
        painter.end()


class StatusBar(QWidget):
    """All phones and the database."""

    def __init__(self, theme: Theme, database: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(STATUS)
        self._theme = theme
        self._now = now
        self._phones: list[PhoneStatus] = []
        self.segments: list[PhoneSegment] = []
        self._sign = QLabel()
        self.database = QLabel(database)
        self.database.setFont(font(Type.CAPTION))
        self.database.setProperty("dim", "true")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(4, 1, 14, 0)
        self._layout.setSpacing(6)
        self._layout.addStretch(1)
        self._layout.addWidget(self._sign)
        self._layout.addWidget(self.database)
        theme.changed.connect(self._dress)
        self._dress()

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.setAccessibleName(tr("State of the phones"))
        self.show_phones(self._phones)

    def show_phones(self, phones: list[PhoneStatus]) -> None:
        """Show a segment for each phone."""
        self._phones = phones
        while len(self.segments) > len(phones):
            gone = self.segments.pop()
            gone.setParent(None)
            gone.deleteLater()
        while len(self.segments) < len(phones):
            segment = PhoneSegment(self._theme)
            self._layout.insertWidget(len(self.segments), segment)
            self.segments.append(segment)
        for segment, phone in zip(self.segments, phones, strict=True):
            segment.show_phone(phone, self._now())

    def _dress(self) -> None:
        self._sign.setPixmap(icons.pixmap("database", self._theme.colours.text_dim, 16, self.devicePixelRatioF()))
        self.update()
