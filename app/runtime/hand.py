"""A person's hand on the phone: noticed by what nobody but this program and people opens, and yielded to."""

from __future__ import annotations

from app.domain.observation import ScreenKind, ScreenSeen
from app.domain.ports import Clock

HAND_S = 60.0
"""So long after the last thing a person did on the phone it is left to them."""
_BY_HAND = frozenset({
    ScreenKind.CHAT, ScreenKind.ARCHIVE, ScreenKind.SEARCH, ScreenKind.CONTACT_PICKER, ScreenKind.CONTACT_FORM,
    ScreenKind.DOCUMENT_PICKER, ScreenKind.ATTACH_SHEET, ScreenKind.MEDIA_COMPOSER,
})  # fmt: skip
"""Screens of the app that nobody opens but this program and people."""


class Hand:
    """What is known of a person at one phone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: tuple[ScreenSeen, float] | None = None
        self.could_show = False
        """Whether this program left the phone at its chat list: then who opens something is a person."""

    def moves(self) -> None:
        """This program is about to open something: what is in front then shows no hand."""
        self.could_show = False

    def left_at_list(self) -> None:
        """This program left the phone at its chat list."""
        self.could_show = True

    def is_on(self, seen: ScreenSeen) -> bool:
        """Tell whether a person uses the phone: it is not where it was left, and within a minute it changed."""
        now = self._clock.monotonic()
        if not self.could_show or seen.kind not in _BY_HAND:
            self._seen = None
            return False
        if self._seen is None or self._seen[0] != seen:
            self._seen = seen, now
        if now - self._seen[1] < HAND_S:
            return True
        self._seen, self.could_show = None, False
        return False
