"""Draws one chat of the list, and one message that a search found. Mirrors for right-to-left languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.services.browsing import Hit
from ui.models.chat_model import excerpt_parts
from ui.models.chat_rows import ChatRow, initials
from ui.models.inbox import Inbox
from ui.models.keyed import ROW
from ui.phrases import list_time, short_day
from ui.theme import icons
from ui.theme.colours import ACCOUNTS, AVATARS
from ui.theme.scale import CHAT_ROW, Type, font
from ui.theme.theme import Theme
from ui.widgets.texts import draw_line, draw_line_centred, draw_line_right, starts_rtl
from ui.widgets.ticks import HEIGHT as TICK_HEIGHT
from ui.widgets.ticks import draw_tick, has_tick
from ui.words import one_line, tr

AnyIndex = QModelIndex | QPersistentModelIndex
_AVATAR = 46.0


def draw_avatar(painter: QPainter, rect: QRectF, title: str, number: int) -> None:
    """Draw a disc with the initials of a name, or a person where there is only a number."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(AVATARS[number % len(AVATARS)]))
    painter.drawEllipse(rect)
    letters = initials(title)
    if letters:
        draw_line_centred(painter, rect, letters, font(Type.STRONG), "#ffffff")
    else:
        side = rect.width() * 0.55
        box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
        icons.paint(painter, "contact", "#ffffff", box)


class _Frame:
    """The rectangles of one row, mirrored where the window runs from right to left."""

    def __init__(self, option: QStyleOptionViewItem) -> None:
        self._direction = option.direction
        self.outer = option.rect.adjusted(6, 1, -6, -1)

    def rect(self, left: float, top: float, right: float, height: float) -> QRectF:
        """Return a rectangle from distances to the left and right edge."""
        outer = self.outer
        width = outer.width() - left - right
        box = QRectF(outer.left() + left, outer.top() + top, width, height).toRect()
        return QRectF(QStyle.visualRect(self._direction, outer, box))


class ChatDelegate(QStyledItemDelegate):
    """The look of a chat."""

    def __init__(self, theme: Theme, inbox: Inbox, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._inbox = inbox
        self._now = now

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """Return the size of a row."""
        return QSize(200, CHAT_ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a row."""
        row: ChatRow | None = index.data(ROW)
        if row is None:
            return
        if row.tail is None:
            self._inbox.want([row.chat.id])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = _Frame(option)
        paint_back(painter, option, frame.outer, self._theme)
        draw_avatar(
            painter, frame.rect(10, 12, frame.outer.width() - 10 - _AVATAR, _AVATAR), row.chat.title, row.chat.id
        )
        self._paint_top(painter, frame, row)
        self._paint_bottom(painter, frame, row)
        painter.restore()

    def _paint_top(self, painter: QPainter, frame: _Frame, row: ChatRow) -> None:
        colours = self._theme.colours
        time = list_time(row.chat.last_at, self._now())
        time_font = font(Type.CAPTION)
        time_width = QFontMetricsF(time_font).horizontalAdvance(time) + 2
        is_new = row.chat.unread > 0
        draw_line_right(
            painter,
            frame.rect(frame.outer.width() - 12 - time_width, 13, 12, 20),
            time,
            time_font,
            colours.accent if is_new else colours.text_dim,
        )
        right = 12 + time_width + 8
        if row.is_waiting:
            box = frame.rect(frame.outer.width() - right - 16, 15, right, 16)
            icons.paint(painter, "waiting", colours.warn, box)
            right += 22
        draw_line(painter, frame.rect(68, 12, right, 22), one_line(row.chat.title), font(Type.STRONG), colours.text)

    def _paint_bottom(self, painter: QPainter, frame: _Frame, row: ChatRow) -> None:
        colours = self._theme.colours
        right = self._paint_badges(painter, frame, row)
        left = 68.0
        tail = row.tail
        if row.has_draft:
            icons.paint(painter, "draft", colours.bad, frame.rect(left, 39, frame.outer.width() - left - 15, 15))
            left += 19
        elif tail and tail.is_ours and has_tick(tail.state):
            box = frame.rect(left - 2, 41, frame.outer.width() - left - 18, TICK_HEIGHT)
            draw_tick(painter, QPointF(box.topLeft()), tail.state, colours, colours.text_dim)
            left += 21
        dim = colours.text if row.chat.unread else colours.text_dim
        draw_line(painter, frame.rect(left, 36, right, 22), row.preview, font(Type.SMALL), dim)

    def _paint_badges(self, painter: QPainter, frame: _Frame, row: ChatRow) -> float:
        """Draw what stands at the end of the second line; return how much it took."""
        colours = self._theme.colours
        right = 12.0
        if row.chat.unread:
            right = self._badge(
                painter, frame, right, str(min(row.chat.unread, 999)), colours.accent, colours.on_accent
            )
        if row.tail and (row.tail.failed or row.tail.unknown):
            name, colour = ("warning", colours.bad) if row.tail.failed else ("unknown", colours.warn)
            icons.paint(painter, name, colour, frame.rect(frame.outer.width() - right - 18, 38, right, 18))
            right += 24
        if len(self._inbox.phones) > 1:
            right = self._account_chip(painter, frame, right, row)
        return right + 2

    def _account_chip(self, painter: QPainter, frame: _Frame, right: float, row: ChatRow) -> float:
        """Draw the number that a chat is on: its colour as a dot, its name."""
        colours = self._theme.colours
        name, written = one_line(row.chat.account_name)[:12], font(Type.TINY)
        width = QFontMetricsF(written).horizontalAdvance(name) + 26
        box = frame.rect(frame.outer.width() - right - width, 37, right, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.chip))
        painter.drawRoundedRect(box, 10, 10)
        painter.setBrush(QColor(ACCOUNTS[self._inbox.account_number(row.chat.account) % len(ACCOUNTS)]))
        dot = frame.rect(frame.outer.width() - right - width + 7, 43, right + width - 15, 8)
        painter.drawEllipse(dot)
        words = frame.rect(frame.outer.width() - right - width + 19, 37, right + 5, 20)
        draw_line(painter, words, name, written, colours.text_dim)
        return right + width + 6

    def _badge(self, painter: QPainter, frame: _Frame, right: float, text: str, back: str, fore: str) -> float:
        written = font(Type.TINY)
        width = max(QFontMetricsF(written).horizontalAdvance(text) + 12, 20.0)
        box = frame.rect(frame.outer.width() - right - width, 37, right, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(back))
        painter.drawRoundedRect(box, 10, 10)
        draw_line_centred(painter, box, text, written, fore)
        return right + width + 6


class HitDelegate(QStyledItemDelegate):
    """The look of a message that a search found."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """Return the size of a row."""
        return QSize(200, 60)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a row."""
        hit: Hit | None = index.data(ROW)
        if hit is None:
            return
        colours = self._theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = _Frame(option)
        paint_back(painter, option, frame.outer, self._theme)
        day = short_day(hit.shown_day)
        width = QFontMetricsF(font(Type.CAPTION)).horizontalAdvance(day) + 2
        right_box = frame.rect(frame.outer.width() - 12 - width, 8, 12, 20)
        draw_line_right(painter, right_box, day, font(Type.CAPTION), colours.text_dim)
        title = frame.rect(12, 8, 20 + width, 20)
        draw_line(painter, title, one_line(hit.chat_title), font(Type.STRONG), colours.text)
        self._paint_excerpt(painter, frame.rect(12, 31, 12, 20), hit)
        painter.restore()

    def _paint_excerpt(self, painter: QPainter, box: QRectF, hit: Hit) -> None:
        """Draw the words that were looked for on a marker's stripe; a text from right to left goes without."""
        colours = self._theme.colours
        parts = excerpt_parts(hit.excerpt)
        written = font(Type.SMALL)
        whole = "".join(text for text, _ in parts)
        if hit.direction == "out":
            prefix = tr("We") + ": "
            whole, parts = prefix + whole, [(prefix, False), *parts]
        measure = QFontMetricsF(written)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.mark))
        done = ""
        for text, is_found in [] if starts_rtl(whole) else parts:
            start = box.left() + measure.horizontalAdvance(done)
            done += text
            end = box.left() + measure.horizontalAdvance(done)
            if is_found and end < box.right():
                painter.drawRoundedRect(QRectF(start - 1, box.top() + 1, end - start + 2, box.height() - 2), 3, 3)
        draw_line(painter, box, whole, written, colours.text_dim)


def paint_back(painter: QPainter, option: QStyleOptionViewItem, rect: QRect, theme: Theme) -> None:
    """Draw what stands behind a chosen, hovered or focused row."""
    colours = theme.colours
    state = option.state
    colour = ""
    if state & QStyle.StateFlag.State_Selected:
        colour = colours.panel_chosen
    elif state & QStyle.StateFlag.State_MouseOver:
        colour = colours.panel_hover
    painter.setBrush(QColor(colour) if colour else Qt.BrushStyle.NoBrush)
    has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
    painter.setPen(QColor(colours.accent) if has_focus else Qt.PenStyle.NoPen)
    if colour or has_focus:
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
