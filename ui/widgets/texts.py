"""Lays out and draws plain text of people: each paragraph in its own direction, nothing in it is ever markup."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

_LEADING = 2.0
"""Pixels between two lines."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Paragraphs one below the other. `last_width` is the reach of the last line, None where it runs right to left."""

    paragraphs: tuple[tuple[QTextLayout, float], ...]
    width: float
    height: float
    last_width: float | None

    def draw(self, painter: QPainter, at: QPointF, colour: str) -> None:
        """Draw with the left top corner at a point."""
        painter.setPen(QColor(colour))
        for layout, top in self.paragraphs:
            layout.draw(painter, QPointF(at.x(), at.y() + top))


def lay_out(text: str, font: QFont, width: float, *, max_lines: int = 0) -> TextBlock:
    """Break a text into lines of at most `width` pixels.

    Args:
        text: Plain text.
        font: How it is written.
        width: The most a line may take.
        max_lines: Leave the rest out after so many lines; 0: no limit.
    """
    made: list[tuple[QTextLayout, float]] = []
    widest, top, lines = 0.0, 0.0, 0
    for paragraph in text.split("\n"):
        layout = _paragraph(paragraph, font)
        natural, height, count = _break(layout, width, max_lines - lines if max_lines else 0)
        made.append((layout, top))
        widest, top, lines = max(widest, natural), top + height, lines + count
        if max_lines and lines >= max_lines:
            break
    widest = min(float(int(widest) + 1), width)
    for layout, _ in made:
        if _is_rtl(layout):
            _break(layout, widest, 0 if not max_lines else layout.lineCount())
    last = made[-1][0]
    reach = None if _is_rtl(last) else last.lineAt(last.lineCount() - 1).naturalTextWidth() if last.lineCount() else 0.0
    return TextBlock(tuple(made), widest, top, reach)


def _is_rtl(layout: QTextLayout) -> bool:
    return layout.textOption().textDirection() == Qt.LayoutDirection.RightToLeft


def _paragraph(text: str, font: QFont) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    is_rtl = starts_rtl(text)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
    option.setAlignment(
        (Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignAbsolute
    )
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    return layout


def starts_rtl(text: str) -> bool:
    """Tell whether the first letter of a text belongs to a script that runs from right to left."""
    for c in text:
        if "\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc":
            return True
        if c.isalpha():
            return False
    return False


def _break(layout: QTextLayout, width: float, most: int) -> tuple[float, float, int]:
    """Break a paragraph and return natural width, height, number of lines."""
    layout.beginLayout()
    natural, height, count = 0.0, 0.0, 0
    while not most or count < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height() + _LEADING
        natural = max(natural, line.naturalTextWidth())
        count += 1
    layout.endLayout()
    if count == 0:
        height = QFontMetricsF(layout.font()).height()
    return natural, height, max(count, 1)


@lru_cache(maxsize=4096)
def cut(text: str, font: QFont, width: float) -> str:
    """Return a line that fits into so many pixels, ended by an ellipsis where it must be."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


_ALWAYS = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.AlignmentFlag.AlignAbsolute) | int(Qt.TextFlag.TextSingleLine)
_FLAGS = {
    side: int(side) | _ALWAYS
    for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter)
}


def draw_line(painter: QPainter, rect: QRectF, text: str, font: QFont, colour: str) -> None:
    """Draw one line, cut with an ellipsis, from the left of the rectangle whatever direction the text has."""
    _draw_line(painter, rect, text, font, colour, Qt.AlignmentFlag.AlignLeft)


def draw_line_right(painter: QPainter, rect: QRectF, text: str, font: QFont, colour: str) -> None:
    """Draw one line that ends at the right of the rectangle."""
    _draw_line(painter, rect, text, font, colour, Qt.AlignmentFlag.AlignRight)


def draw_line_centred(painter: QPainter, rect: QRectF, text: str, font: QFont, colour: str) -> None:
    """Draw one line in the middle of the rectangle."""
    _draw_line(painter, rect, text, font, colour, Qt.AlignmentFlag.AlignHCenter)


def _draw_line(painter: QPainter, rect: QRectF, text: str, font: QFont, colour: str, side: Qt.AlignmentFlag) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, _FLAGS[side], cut(text, font, rect.width()))


def is_only_emoji(text: str) -> bool:
    """Tell whether a text is one to three emoji and nothing else, which are then drawn large."""
    bare = [c for c in text.strip() if c not in "\u200d\ufe0f" and not "\U0001f3fb" <= c <= "\U0001f3ff"]
    return 0 < len(bare) <= 3 and all("\U0001f300" <= c <= "\U0001faff" or "\u2600" <= c <= "\u27bf" for c in bare)
