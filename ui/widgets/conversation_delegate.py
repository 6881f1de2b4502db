"""Draws the rows of a conversation. Measures each row once for a width and keeps it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.conversation import NOTICE
from ui.models.conversation_items import Item, ItemKind
from ui.models.keyed import ROW
from ui.phrases import day_line, said
from ui.theme import icons
from ui.theme.scale import RADIUS, Type, font, italic
from ui.theme.theme import Theme
from ui.widgets.bubble import Bubble, is_wrong, lane, measure
from ui.widgets.pictures import Pictures
from ui.widgets.texts import TextBlock, draw_line, draw_line_centred, lay_out
from ui.widgets.ticks import HEIGHT as TICK_HEIGHT
from ui.widgets.ticks import WIDTH as TICK_WIDTH
from ui.widgets.ticks import draw_tick, has_tick
from ui.words import tr

_KEPT = 2000
_TILE_FROM = 30
_TIGHT = 4


class ConversationDelegate(QStyledItemDelegate):
    """The look of messages."""

    def __init__(self, theme: Theme, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._today = today
        self._bubbles: OrderedDict[str, tuple[Item, int, Bubble]] = OrderedDict()
        self._chips: OrderedDict[tuple[str, int], TextBlock] = OrderedDict()
        self.pictures = Pictures(self)
        self.width = 600
        self.flashed: str | None = None

    def forget(self) -> None:
        """Measure everything again: the language changed."""
        self._bubbles.clear()
        self._chips.clear()

    def bubble(self, item: Item) -> Bubble:
        """Return a message laid out for the width of now."""
        kept = self._bubbles.get(item.key)
        if kept is not None and kept[1] == self.width and (kept[0] is item or kept[0] == item):
            return kept[2]
        assert item.row is not None  # noqa: S101
        made = measure(item.row, self.width, opens_group=item.opens_group)
        self._bubbles[item.key] = (item, self.width, made)
        if len(self._bubbles) > _KEPT:
            self._bubbles.popitem(last=False)
        return made

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Return the size of a row."""
        item: Item | None = index.data(ROW)
        if item is None:
            return QSize(self.width, 0)
        if item.kind is ItemKind.MESSAGE:
            return QSize(self.width, int(self.bubble(item).height + 0.999))
        return QSize(self.width, int(self._chip(item).height) + 10 + 18)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row."""
        item: Item | None = index.data(ROW)
        if item is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(option.rect.topLeft())
        if item.kind is ItemKind.MESSAGE:
            is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            is_focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            self._paint_bubble(
                painter, self.bubble(item), is_marked=(is_chosen and is_focused) or item.key == self.flashed
            )
        else:
            self._paint_chip(painter, item)
        painter.restore()

    # -- between messages -----------------------------------------------------------------------

    def _chip_text(self, item: Item) -> str:
        if item.kind is ItemKind.DAY and item.day is not None:
            return day_line(item.day, self._today())
        if item.row is not None:
            return item.row.content.text or tr("A notice of the app")
        return said(NOTICE[item.kind])

    def _chip(self, item: Item) -> TextBlock:
        left, right = lane(self.width)
        room = int(min(right - left - 60, 520))
        text = self._chip_text(item)
        kept = self._chips.get((text, room))
        if kept is None:
            size = Type.SMALL_STRONG if item.kind is ItemKind.DAY else Type.CAPTION
            kept = self._chips[(text, room)] = lay_out(text, font(size), room)
            if len(self._chips) > _KEPT:
                self._chips.popitem(last=False)
        return kept

    def _paint_chip(self, painter: QPainter, item: Item) -> None:
        colours = self._theme.colours
        block = self._chip(item)
        is_gap = item.kind in (ItemKind.GAP, ItemKind.BEHIND)
        extra = 24.0 if is_gap else 0.0
        width = block.width + 24 + extra
        left, right = lane(self.width)
        box = QRectF((self.width - width) / 2, 9, width, block.height + 10)
        if is_gap:
            pen = QPen(QColor(colours.warn), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            y = box.center().y()
            painter.drawLine(QPointF(left, y), QPointF(box.left() - 8, y))
            painter.drawLine(QPointF(box.right() + 8, y), QPointF(right, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.warn_back if is_gap else colours.chip))
        radius = min(box.height() / 2, 12)
        painter.drawRoundedRect(box, radius, radius)
        if is_gap:
            icons.paint(painter, "gap", colours.warn, QRectF(box.left() + 10, box.center().y() - 9, 18, 18))
        block.draw(
            painter, QPointF(box.left() + 12 + extra, box.top() + 5), colours.warn if is_gap else colours.text_dim
        )

    # -- messages -------------------------------------------------------------------------------

    def _paint_bubble(self, painter: QPainter, bubble: Bubble, *, is_marked: bool) -> None:
        colours = self._theme.colours
        self._paint_box(painter, bubble, is_marked=is_marked)
        text = colours.bubble_out_text if bubble.is_own else colours.text
        dim = colours.bubble_out_dim if bubble.is_own else colours.text_dim
        if bubble.author:
            draw_line(painter, bubble.author[1], bubble.author[0], font(Type.SMALL_STRONG), self._accent(bubble))
        if bubble.forwarded:
            icons.paint(painter, "forward", dim, QRectF(bubble.forwarded.topLeft(), QSize(16, 16)))
            draw_line(painter, bubble.forwarded.adjusted(20, 0, 0, 0), tr("Forwarded"), italic(Type.CAPTION), dim)
        self._paint_quote(painter, bubble, text, dim)
        self._paint_media(painter, bubble, text, dim)
        if bubble.text:
            bubble.text[0].draw(painter, bubble.text[1], dim if bubble.row.gone else text)
        self._paint_foot(painter, bubble, dim)

    def _accent(self, bubble: Bubble) -> str:
        colours = self._theme.colours
        return colours.bubble_out_dim if bubble.is_own else colours.accent

    def _paint_box(self, painter: QPainter, bubble: Bubble, *, is_marked: bool) -> None:
        colours = self._theme.colours
        wrong = is_wrong(bubble.row)
        border = {"bad": colours.bad, "warn": colours.warn}.get(wrong, "")
        if is_marked:
            border = colours.accent
        back = colours.bubble_out if bubble.is_own else colours.bubble_in
        if bubble.row.gone:
            back = colours.chip
        edge = border or ("" if bubble.is_own or bubble.row.gone else colours.bubble_line)
        painter.setPen(QPen(QColor(edge), 1.5 if border else 1) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(back))
        painter.drawPath(_box_path(bubble.box.adjusted(0.5, 0.5, -0.5, -0.5), is_own=bubble.is_own))

    def _paint_quote(self, painter: QPainter, bubble: Bubble, text: str, dim: str) -> None:
        if bubble.quote_box is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        tint = QColor(dim)
        tint.setAlpha(28)
        painter.setBrush(tint)
        painter.drawRoundedRect(bubble.quote_box, 6, 6)
        bar = QRectF(bubble.quote_box.left(), bubble.quote_box.top() + 4, 3, bubble.quote_box.height() - 8)
        painter.setBrush(QColor(self._theme.colours.accent))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        for (block, at), colour in zip(bubble.quote, (text, dim), strict=True):
            block.draw(painter, at, colour)

    def _paint_media(self, painter: QPainter, bubble: Bubble, text: str, dim: str) -> None:
        if bubble.picture is not None:
            self._paint_picture(painter, *bubble.picture, dim)
        if bubble.media_icon is None:
            return
        name, box = bubble.media_icon
        is_quiet = box.width() < _TILE_FROM
        if is_quiet:
            icons.paint(painter, name, dim, box)
        else:
            tile = QColor(dim)
            tile.setAlpha(30)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tile)
            painter.drawRoundedRect(box, 9, 9)
            icons.paint(painter, name, self._theme.colours.accent, box.adjusted(9, 9, -9, -9))
        for block, at, is_dim in bubble.media:
            block.draw(painter, at, dim if is_dim or is_quiet else text)

    def _paint_picture(self, painter: QPainter, path: Path, box: QRectF, dim: str) -> None:
        """Fill the box with the middle of the picture; until it is read, with a quiet surface."""
        shape = QPainterPath()
        shape.addRoundedRect(box, 7, 7)
        tile = QColor(dim)
        tile.setAlpha(30)
        painter.fillPath(shape, tile)
        picture = self.pictures.get(path)
        if picture is None:
            return
        scale = max(box.width() / picture.width(), box.height() / picture.height())
        part = QRectF(0, 0, box.width() / scale, box.height() / scale)
        part.moveCenter(QRectF(picture.rect()).center())
        painter.save()
        painter.setClipPath(shape)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(box, picture, part)
        painter.restore()

    def _paint_foot(self, painter: QPainter, bubble: Bubble, dim: str) -> None:
        colours = self._theme.colours
        if bubble.note:
            wrong = {"bad": colours.bad, "warn": colours.warn}.get(is_wrong(bubble.row), dim)
            bubble.note[0].draw(painter, bubble.note[1], wrong)
        if bubble.meta:
            text, rect = bubble.meta
            if bubble.is_own and has_tick(bubble.row.state):
                at = QPointF(rect.right() - TICK_WIDTH + 2, rect.center().y() - TICK_HEIGHT / 2)
                draw_tick(painter, at, bubble.row.state, colours, dim)
            draw_line(painter, rect, text, font(Type.CAPTION), dim)
        if bubble.reactions:
            text, rect = bubble.reactions
            painter.setPen(QPen(QColor(colours.bubble_line), 1))
            painter.setBrush(QColor(colours.panel))
            painter.drawRoundedRect(rect, 11, 11)
            draw_line_centred(painter, rect, text, font(Type.CAPTION), colours.text)


def _box_path(box: QRectF, *, is_own: bool) -> QPainterPath:
    """Return a rounded box with one tighter corner, at the foot of the side it comes from."""
    right, left = (_TIGHT, RADIUS) if is_own else (RADIUS, _TIGHT)
    path = QPainterPath(QPointF(box.left() + RADIUS, box.top()))
    for x, y, radius, angle in (
        (box.right(), box.top(), RADIUS, 90),
        (box.right(), box.bottom(), right, 0),
        (box.left(), box.bottom(), left, 270),
        (box.left(), box.top(), RADIUS, 180),
    ):
        corner_x = x - 2 * radius if x == box.right() else x
        corner_y = y - 2 * radius if y == box.bottom() else y
        path.arcTo(QRectF(corner_x, corner_y, 2 * radius, 2 * radius), angle, -90)
    path.closeSubpath()
    return path
