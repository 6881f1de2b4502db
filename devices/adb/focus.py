"""Which window of a phone has the focus, as its event log pushes it (`input_focus`, since Android 12).

The log's reader writes, the phone's own thread reads.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

_MOST = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A window that has the focus: its number, hexadecimal, and since when that is known, in monotonic seconds."""

    window: str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Company:
    """Windows that somebody else may have opened. While it stays equal, nobody else has opened a chat."""

    listening: int = 0
    strangers: frozenset[str] = frozenset()


class Focus:
    """What was heard last; nothing where the log is not open or the phone does not tell."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held = Held()
        self._company = Company()
        self._own: tuple[str, ...] = ()

    @property
    def held(self) -> Held | None:
        """Return the window that has the focus, None where that is not known."""
        held = self._held
        return held if held.window else None

    @property
    def moved_at(self) -> float:
        """Return when the focus was last heard to move, in monotonic seconds."""
        return self._held.since

    @property
    def company(self) -> Company | None:
        """Return who else may have been at the phone; None where nothing is heard."""
        return self._company if self._held.since else None

    def hear(self, window: str) -> None:
        """Take in that a window got the focus; "" where one lost it."""
        with self._lock:
            self._held = Held(window, time.monotonic())
            if window and window not in self._own:
                strangers = self._company.strangers | {window}
                if len(strangers) > _MOST:
                    self._begin_anew()
                else:
                    self._company = Company(self._company.listening, strangers)

    def stop(self) -> None:
        """Nobody listens any more: whatever was known may have changed."""
        with self._lock:
            self._held = Held()
            self._begin_anew()

    def own(self, since: float) -> None:
        """Say that a window which got the focus since a moment was opened by this program."""
        with self._lock:
            window = self._held.window
            if window and self._held.since >= since:
                # A window that is gone does not come back: old ones may be forgotten.
                self._own = (*self._own[-_MOST:], window)
                self._company = Company(self._company.listening, self._company.strangers - {window})

    def _begin_anew(self) -> None:
        self._company = Company(self._company.listening + 1)
