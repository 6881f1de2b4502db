"""Sizes on one grid of 4 pixels, and few sizes of text. Pixels are device-independent: Qt scales them."""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

GRID = 4
GAP = 2 * GRID
ROOM = 4 * GRID
RAIL_WIDTH = 84
CHAT_ROW = 72
HEADER = 64
STATUS = 32
RADIUS = 12
BUBBLE_PAD_X, BUBBLE_PAD_Y = 12, 8
BUBBLE_MAX = 620
CONVERSATION_MAX = 1060
"""A wider window gets margins, not longer lines."""

_FAMILY = "Inter"
_FONTS = Path(__file__).parent / "fonts"


class Type(Enum):
    """A size of text in pixels, and its weight."""

    TITLE = (17, QFont.Weight.DemiBold)
    STRONG = (14, QFont.Weight.DemiBold)
    BODY = (14, QFont.Weight.Normal)
    SMALL = (13, QFont.Weight.Normal)
    SMALL_STRONG = (12, QFont.Weight.DemiBold)
    CAPTION = (12, QFont.Weight.Normal)
    TINY = (11, QFont.Weight.DemiBold)
    EMOJI = (34, QFont.Weight.Normal)


@cache
def load_fonts() -> None:
    """Make the program's own fonts known to Qt, once."""
    for path in sorted(_FONTS.glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))


@cache
def font(size: Type) -> QFont:
    """Return the font of a size."""
    load_fonts()
    made = QFont(_FAMILY)
    pixels, weight = size.value
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@cache
def italic(size: Type) -> QFont:
    """Return the slanted font of a size."""
    made = QFont(font(size))
    made.setItalic(True)
    return made


@cache
def fixed_font() -> QFont:
    """Return the font of commands: all signs equally wide."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(Type.SMALL.value[0])
    return made
