"""Which window has the input focus: `dumpsys window` and the event log name it by the same number."""

from __future__ import annotations

import random

from devices.simulated.system.eventlog import EventLog

_TELLS_FROM_SDK = 31
"""Since Android 12 the event log says who gets the focus (tag 62001, `input_focus`)."""


class Focus:
    """The window that has the focus, by its number: no two windows that ever were have the same."""

    def __init__(self, log: EventLog, sdk: int, seed: int) -> None:
        self._log = log
        self._tells = sdk >= _TELLS_FROM_SDK
        self._dice = random.Random(f"windows {seed}")
        self._numbers: dict[tuple[str, int], str] = {}
        self._window: tuple[str, int] = ("", 0)

    def shown(self, user: int = 0) -> str:
        """Return what `dumpsys window` prints after `mCurrentFocus=`, where an app of that user is in front."""
        title = self._window[0]
        return f"Window{{{self._number()} u{user if '/' in title else 0} {title}}}" if title else "null"

    def move(self, title: str, instance: int) -> None:
        """Give the focus to a window; `instance` tells windows of one title apart.

        The line's form is from a public program that reads it; its reasons are *invented*.
        """
        if (title, instance) == self._window:
            return
        is_first, had = self._window == ("", 0), bool(self._window[0])
        if self._tells and had:
            self._tell("leaving", "NO_WINDOW")
        self._window = title, instance
        # What was in front when the phone started is long out of the log.
        if self._tells and title and not is_first:
            self._tell("entering", "setFocusedWindow")

    def _tell(self, what: str, why: str) -> None:
        self._log.write("input_focus", f"[Focus {what} {self._number()} {self._window[0]} (server),reason={why}]")

    def _number(self) -> str:
        if self._window not in self._numbers:
            self._numbers[self._window] = f"{self._dice.randrange(1 << 20, 1 << 28):x}"
        return self._numbers[self._window]
