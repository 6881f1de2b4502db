"""Where each part of a message stands in its bubble. Measured once for a width; the delegate draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from app.domain.message import Content, Direction, Kind, Quote
from app.domain.reply import ReplyState
from app.services.browsing import MessageRow
from ui.phrases import KIND_WORD, clock_text, reply_line, said
from ui.theme.scale import BUBBLE_MAX, BUBBLE_PAD_X, BUBBLE_PAD_Y, CONVERSATION_MAX, GAP, ROOM, Type, font, italic
from ui.widgets.texts import TextBlock, is_only_emoji, lay_out
from ui.widgets.ticks import WIDTH as TICK_WIDTH
from ui.widgets.ticks import has_tick
from ui.words import one_line, tr

_ICON, _TILE, _PICTURE = 22.0, 40.0, 240.0
_QUIET_KINDS = frozenset({Kind.DELETED, Kind.UNKNOWN, Kind.VIEW_ONCE})


@dataclass(slots=True)
class Bubble:
    """One message, laid out. Coordinates are inside the row; blocks come with their left top corner."""

    row: MessageRow
    height: float = 0.0
    box: QRectF = field(default_factory=QRectF)
    author: tuple[str, QRectF] | None = None
    forwarded: QRectF | None = None
    quote_box: QRectF | None = None
    quote: list[tuple[TextBlock, QPointF]] = field(default_factory=list)
    media_icon: tuple[str, QRectF] | None = None
    picture: tuple[Path, QRectF] | None = None
    media: list[tuple[TextBlock, QPointF, bool]] = field(default_factory=list)
    text: tuple[TextBlock, QPointF] | None = None
    note: tuple[TextBlock, QPointF] | None = None
    meta: tuple[str, QRectF] | None = None
    reactions: tuple[str, QRectF] | None = None

    @property
    def is_own(self) -> bool:
        """Tell whether we wrote it."""
        return self.row.direction is Direction.OUT


def lane(width: float) -> tuple[float, float]:
    """Return left and right of where bubbles stand in a row."""
    used = min(width - 2 * ROOM, CONVERSATION_MAX)
    left = (width - used) / 2
    return left, left + used


def measure(row: MessageRow, width: float, *, opens_group: bool) -> Bubble:
    """Lay a message out for a row of `width` pixels."""
    left, right = lane(width)
    room = max(min(BUBBLE_MAX, (right - left) * 0.78) - 2 * BUBBLE_PAD_X, 80.0)
    bubble = Bubble(row)
    top = GAP + 2.0 if opens_group else 3.0
    y, wide = top + BUBBLE_PAD_Y, 0.0
    for part in (_author if opens_group else _nothing, _forwarded, _quote, _media, _text):
        y, part_width = part(bubble, y, room)
        wide = max(wide, part_width)
    y, wide = _meta(bubble, y, wide, room)
    y, part_width = _note(bubble, y, room)
    wide = max(wide, part_width)
    full = wide + 2 * BUBBLE_PAD_X
    x = right - full if bubble.is_own else left
    bubble.box = QRectF(x, top, full, y + BUBBLE_PAD_Y - top)
    bubble.height = bubble.box.bottom() + _reactions(bubble)
    _place(bubble, x + BUBBLE_PAD_X, wide)
    return bubble


def _nothing(bubble: Bubble, y: float, room: float) -> tuple[float, float]:
    return y, 0.0


def _author(bubble: Bubble, y: float, room: float) -> tuple[float, float]:
    row = bubble.row
    name = one_line((row.author if bubble.is_own else row.content.sender) or "")
    if not name:
        return y, 0.0
    width = min(QFontMetricsF(font(Type.SMALL_STRONG)).horizontalAdvance(name) + 2, room)
    bubble.author = (name, QRectF(0, y, width, 16))
    return y + 19, width


def _forwarded(bubble: Bubble, y: float, room: float) -> tuple[float, float]:
    if not bubble.row.content.forwarded:
        return y, 0.0
    width = QFontMetricsF(italic(Type.CAPTION)).horizontalAdvance(tr("Forwarded")) + 20
    bubble.forwarded = QRectF(0, y, width, 16)
    return y + 19, width


def _quote(bubble: Bubble, y: float, room: float) -> tuple[float, float]:
    quoted: Quote | None = bubble.row.content.quoted
    if quoted is None:
        return y, 0.0
    inner = room - 20
    name = lay_out(one_line(quoted.author) or tr("Quoted"), font(Type.SMALL_STRONG), inner, max_lines=1)
    text = lay_out(one_line(quoted.text) or "…", font(Type.SMALL), inner, max_lines=2)
    bubble.quote = [(name, QPointF(12, y + 6)), (text, QPointF(12, y + 6 + name.height))]
    height = name.height + text.height + 12
    width = min(max(name.width, text.width) + 22, room)
    bubble.quote_box = QRectF(0, y, width, height)
    return y + height + 6, width


def _media(bubble: Bubble, y: float, room: float) -> tuple[float, float]:
    content = bubble.row.content
    if content.kind in (Kind.TEXT, Kind.SYSTEM):
        return y, 0.0
    if bubble.row.picture is not None and content.kind not in _QUIET_KINDS:
        width = min(room, _PICTURE)
        bubble.picture = (bubble.row.picture, QRectF(0, y, width, width * 0.75))
        return y + width * 0.75 + 6, width
    is_quiet = content.kind in _QUIET_KINDS
    side = _ICON if is_quiet else _TILE
    inner = room - side - 10
    title = lay_out(_media_title(content), italic(Type.BODY) if is_quiet else font(Type.STRONG), inner, max_lines=2)
    blocks = [title]
    detail = _media_detail(content)
    if detail and not is_quiet:
        blocks.append(lay_out(detail, font(Type.CAPTION), inner, max_lines=1))
    words = sum(block.height for block in blocks)
    height = max(words, side)
    top = y + (height - words) / 2
    for block in blocks:
        bubble.media.append((block, QPointF(side + 10, top), block is not title))
        top += block.height
    bubble.media_icon = (content.kind.value, QRectF(0, y + (height - side) / 2, side, side))
    return y + height + (6 if content.text else 0), side + 10 + max(block.width for block in blocks)


def _media_title(content: Content) -> str:
    media = content.media
    if content.kind is Kind.DOCUMENT and media and media.name:
        return one_line(media.name)
    return said(KIND_WORD[content.kind])


def _media_detail(content: Content) -> str:
    media = content.media
    if media is None:
        return ""
    kind = said(KIND_WORD[content.kind]) if content.kind is Kind.DOCUMENT and media.name else ""
    name = "" if content.kind is Kind.DOCUMENT else media.name
    parts = [one_line(part) for part in (kind, name, media.duration, media.size) if part]
    return " · ".join(parts) or one_line(media.description)


def _text(bubble: Bubble, y: float, room: float) -> tuple[float, float]:
    content = bubble.row.content
    if not content.text or content.kind is Kind.DELETED:
        return y, 0.0
    written = font(Type.EMOJI if is_only_emoji(content.text) else Type.BODY)
    block = lay_out(content.text, written, room)
    bubble.text = (block, QPointF(0, y))
    return y + block.height, block.width


def meta_text(row: MessageRow) -> str:
    """Return what stands beside the ticks."""
    parts = [tr("edited")] if row.content.edited else []
    time = clock_text(row.shown)
    return " ".join([*parts, time]) if time else " ".join(parts)


def _meta(bubble: Bubble, y: float, wide: float, room: float) -> tuple[float, float]:
    """Put time and ticks beside the last line where there is room, else below it."""
    text = meta_text(bubble.row)
    tick = TICK_WIDTH + 3 if bubble.is_own and has_tick(bubble.row.state) else 0.0
    width = QFontMetricsF(font(Type.CAPTION)).horizontalAdvance(text) + 1 + tick
    if width <= 1:
        return y, wide
    reach = _reach(bubble)
    is_beside = reach is not None and reach + 12 + width <= room
    if is_beside and reach is not None:
        wide = max(wide, reach + 12 + width)
        top = y - 17
    else:
        wide, top, y = max(wide, width), y + 1, y + 17
    bubble.meta = (text, QRectF(0, top, width, 16))
    return y, wide


def _reach(bubble: Bubble) -> float | None:
    """Return how far the lowest line reaches, None where nothing may stand beside it."""
    if bubble.text:
        return bubble.text[0].last_width
    if bubble.media and bubble.media_icon:
        return max(at.x() + block.width for block, at, _ in bubble.media)
    return None


def _note(bubble: Bubble, y: float, room: float) -> tuple[float, float]:
    """What a person must know besides: where a reply stands, that a message is gone or cut."""
    row = bubble.row
    line = ""
    if row.order is None:
        line = reply_line(row)
    elif row.gone:
        line = tr("No longer shown on the phone")
    elif row.content.cut:
        line = tr("The phone shows only the beginning; read the rest there")
    if not line:
        return y, 0.0
    block = lay_out(line, font(Type.CAPTION), room)
    bubble.note = (block, QPointF(0, y + 3))
    return y + block.height + 3, block.width


def _reactions(bubble: Bubble) -> float:
    if not bubble.row.content.reactions:
        return 3.0
    text = " ".join(one_line(r) for r in bubble.row.content.reactions)
    width = QFontMetricsF(font(Type.CAPTION)).horizontalAdvance(text) + 16
    bubble.reactions = (text, QRectF(0, bubble.box.bottom() - 6, width, 22))
    return 20.0


def _place(bubble: Bubble, x: float, wide: float) -> None:
    """Move every part from the bubble's own left edge to the row's."""
    shift = QPointF(x, 0)
    if bubble.author:
        bubble.author = (bubble.author[0], bubble.author[1].translated(shift))
    if bubble.forwarded:
        bubble.forwarded = bubble.forwarded.translated(shift)
    if bubble.quote_box:
        bubble.quote_box = QRectF(x, bubble.quote_box.y(), wide, bubble.quote_box.height())
    if bubble.picture:
        bubble.picture = (bubble.picture[0], bubble.picture[1].translated(shift))
    if bubble.media_icon:
        bubble.media_icon = (bubble.media_icon[0], bubble.media_icon[1].translated(shift))
    bubble.quote = [(block, at + shift) for block, at in bubble.quote]
    bubble.media = [(block, at + shift, is_dim) for block, at, is_dim in bubble.media]
    _place_foot(bubble, x, wide)


def _place_foot(bubble: Bubble, x: float, wide: float) -> None:
    if bubble.text:
        block, at = bubble.text
        is_right = block.last_width is None
        bubble.text = (block, QPointF(x + (wide - block.width if is_right else 0), at.y()))
    if bubble.note:
        bubble.note = (bubble.note[0], bubble.note[1] + QPointF(x, 0))
    if bubble.meta:
        text, rect = bubble.meta
        bubble.meta = (text, QRectF(x + wide - rect.width(), rect.y(), rect.width(), rect.height()))
    if bubble.reactions:
        text, rect = bubble.reactions
        at_x = bubble.box.right() - rect.width() - 8 if bubble.is_own else bubble.box.left() + 8
        bubble.reactions = (text, QRectF(at_x, rect.y(), rect.width(), rect.height()))


def is_wrong(row: MessageRow) -> str:
    """Return `bad` or `warn` for a reply that needs a person, else nothing."""
    if row.order is not None:
        return ""
    return {ReplyState.FAILED: "bad", ReplyState.UNKNOWN: "warn"}.get(row.reply_state or ReplyState.SENT, "")
