"""How wide text is and how it wraps, in density-independent pixels: plausible, not Android's own font metrics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

_NARROW = frozenset("ijl.,:;'|!()[]tfrI \u202f\u00a0")
_WIDE = frozenset("mwMW@%—…")
_INVISIBLE = frozenset("\u200e\u200f\u200b\u200c\u200d\ufe0f")
_LINE_FACTOR = 1.22


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns density-independent pixels into the pixels of one display."""

    factor: float

    def __call__(self, dp: float) -> int:
        """Return pixels, rounded."""
        return round(dp * self.factor)


def char_width(char: str, size: float) -> float:
    """Return the width of one character set at `size` dp."""
    if char in _INVISIBLE:
        return 0.0
    if ord(char) > 0x2190:
        return size * 1.2
    if char in _NARROW:
        return size * 0.29
    if char in _WIDE:
        return size * 0.84
    return size * (0.62 if char.isupper() or char.isdigit() else 0.53)


@lru_cache(maxsize=8192)
def text_width(text: str, size: float) -> float:
    """Return the width of a single line in dp."""
    return sum(char_width(char, size) for char in text)


def line_height(size: float) -> float:
    """Return the height of one line in dp."""
    return size * _LINE_FACTOR


@lru_cache(maxsize=8192)
def wrapped(text: str, size: float, width: float) -> tuple[str, ...]:
    """Break text into lines no wider than `width` dp; a word longer than a line is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrapped_paragraph(paragraph, size, width))
    return tuple(lines)


def _wrapped_paragraph(paragraph: str, size: float, width: float) -> list[str]:
    lines, line = [], ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        pieces = _cut_word(word, size, width)
        lines.extend(pieces[:-1])
        line = pieces[-1]
    lines.append(line)
    return lines


def _cut_word(word: str, size: float, width: float) -> list[str]:
    pieces, piece, used = [], "", 0.0
    for char in word:
        step = char_width(char, size)
        if piece and used + step > width:
            pieces.append(piece)
            piece, used = "", 0.0
        piece += char
        used += step
    pieces.append(piece)
    return pieces


def ellipsized(text: str, size: float, width: float) -> str:
    """Cut a single line with "…" where it would be wider than `width` dp."""
    if text_width(text, size) <= width:
        return text
    used, kept = char_width("…", size), ""
    for char in text:
        used += char_width(char, size)
        if used > width:
            break
        kept += char
    return f"{kept.rstrip()}…"
