"""Messages that end a conversation rather than go on: a thank-you, and the digit of a survey (product.md 5.3)."""

from __future__ import annotations

import unicodedata

_THANKS = frozenset({"dank", "bedankt", "dankje", "dankjewel", "dankuwel", "thx", "thanks", "ok", "oke", "okay", "👍"})
_PHRASES = frozenset({("thank", "you"), ("thank", "u")})
_BESIDE = frozenset({"je", "jij", "u", "wel", "hartelijk", "heel", "erg", "veel", "very", "much", "so", "you", "hoor"})
_MOST_WORDS = 6
_MOST_CHARACTERS = 200
"""A longer message says more than thanks."""
_GRADES = frozenset("12345") | {"👍", "👎"} | {"⭐" * n for n in range(1, 6)}


def is_thanks(text: str) -> bool:
    """Tell whether a whole message says thanks or fine, in any case and punctuation, and asks nothing."""
    if "?" in text or len(text) > _MOST_CHARACTERS:
        return False
    words = tuple(_fold(text).split())
    if len(set(words)) > _MOST_WORDS:
        return False
    if words[:2] in _PHRASES:
        return all(word in _BESIDE for word in words[2:])
    return any(word in _THANKS for word in words) and all(word in _THANKS | _BESIDE for word in words)


def is_grade(text: str) -> bool:
    """Tell whether a whole message is the answer to a survey: 1 to 5, one to five stars, a thumb."""
    return len(text) <= _MOST_CHARACTERS and _fold(text).replace(" ", "") in _GRADES


def _fold(text: str) -> str:
    """Return the words of a text without case, accents, punctuation and skin colour; each thumb is a word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = []
    for char in plain:
        if char == "👍":
            kept.append(" 👍 ")
        elif char in "⭐👎" or unicodedata.category(char)[0] in "LN":
            kept.append(char)
        elif unicodedata.category(char) not in {"Mn", "Sk", "Cf"}:
            kept.append(" ")
    return " ".join("".join(kept).split())
