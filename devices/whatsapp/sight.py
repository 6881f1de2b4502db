"""How one phone's screens are read: by the profile of its app's version and its own words; whether that still works.

A layout that lacks what sending needs makes the phone read-only until a whole chat is seen again.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.domain.observation import PhoneFacts, ScreenKind, ScreenSeen
from app.domain.words import LearnedWords
from devices.screens.profile import Profile
from devices.screens.recognise import parse_screen
from devices.screens.selftest import LayoutGuard
from devices.whatsapp.profiles import ScreenProfiles
from devices.whatsapp.reports import Reports

logger = logging.getLogger(__name__)

_RELOAD_S = 2.0
_MIRRORED = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from the right."""
_MONTH_FIRST = frozenset({"en-us", "en-as", "en-gu", "en-mh", "en-mp", "en-ph", "en-pr", "en-um", "en-vi", "es-pa",
                          "es-pr", "fil-ph", "haw-us"})  # fmt: skip
"""Locales whose short dates begin with the month, by Unicode CLDR."""


class Sight:
    """The eyes of one phone's driver.

    Args:
        package: The app.
        home: The profile folder; without one there are no files beside ours.
        user: The Android user whose app it is: 0 the owner, another a work profile or a clone.
    """

    def __init__(self, package: str, home: Path | None = None, user: int = 0) -> None:
        self.package = package
        self.user = user
        self._has_twin = False
        self._profiles = ScreenProfiles(home / "screens" if home is not None else None)
        self._reports = Reports(home / "reports") if home is not None else None
        self._words = LearnedWords()
        self._version = ""
        self._locale = ""
        self._asked_at = 0.0
        self._guard = LayoutGuard()
        self._profile = self._find()

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """Return the local ids that the app may have given to the field for the text."""
        return self._profile.parts["entry"]

    @property
    def caption_ids(self) -> tuple[str, ...]:
        """Return the local ids that the app may have given to the field for a caption."""
        return self._profile.parts["caption"]

    @property
    def is_mirrored(self) -> bool:
        """Tell whether the phone's language is written from the right."""
        return self._profile.is_mirrored

    @property
    def needs_proof(self) -> bool:
        """Tell whether another user's app may look the same, so that each look has to prove whose it is."""
        return self.user != 0 or self._has_twin

    def note_users(self, users: frozenset[int]) -> None:
        """Learn which Android users have the app; empty: the phone does not tell."""
        self._has_twin = bool(users - {self.user})

    @property
    def was_whole(self) -> bool:
        """Tell whether this version of the app showed a chat with all its parts."""
        return self._guard.was_whole

    def begin(self, facts: PhoneFacts) -> None:
        """Take the phone's version and language into account."""
        self._locale = facts.locale.replace("_", "-").lower()
        self.use_version(facts.app_version)

    def use_version(self, version: str) -> None:
        """Read the screens as this version of the app has them; what was found amiss with another is forgotten."""
        if version and version != self._version:
            self._version = version
            self._guard = LayoutGuard()
        self._renew()

    def use_words(self, learned: LearnedWords) -> None:
        """Read with these words from now on."""
        self._words = learned
        self._renew()

    def read(self, source: str, today: date) -> ScreenSeen:
        """Return what a page source shows, with what its layout lacks.

        Raises:
            SourceUnreadable: The text is no page source.
        """
        now = time.monotonic()
        if now - self._asked_at > _RELOAD_S:
            self._asked_at = now
            if self._profiles.is_changed():
                self._renew()
        seen = parse_screen(source, today, self._profile)
        if seen.kind is ScreenKind.UNKNOWN and not self._profile.knows(self._version):
            seen = replace(seen, lacks=("screen",))
        before = self._guard.verdict
        self._guard.note(seen, now)
        after = self._guard.verdict
        if after != before:
            self._tell(source, after)
        return replace(seen, read_only=after) if after else seen

    def _renew(self) -> None:
        """Read with what the files say now; where that is something else, what was found amiss may be so no more."""
        before, self._profile = self._profile, self._find()
        if replace(before, words=self._profile.words, is_mirrored=self._profile.is_mirrored) != self._profile:
            self._guard = LayoutGuard()
            logger.info("%s: screens are read with %s", self.package, ", ".join(self._profile.names))

    def _tell(self, source: str, lacks: tuple[str, ...]) -> None:
        if not lacks:
            logger.info("%s: the layout is as it must be again", self.package)
            return
        what = f"{self.package} {self._version or 'of unknown version'} lacks {', '.join(lacks)}"
        logger.warning("%s: read-only", what)
        if self._reports is not None:
            self._reports.keep(source, f"{what}; read with {', '.join(self._profile.names)}")

    def _find(self) -> Profile:
        found = self._profiles.find(self.package, self._version)
        learned = self._words
        if learned.month_first is None and self._locale in _MONTH_FIRST:
            learned = replace(learned, month_first=True)
        return replace(found, words=learned, is_mirrored=self._locale.partition("-")[0] in _MIRRORED)
