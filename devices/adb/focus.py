"""Which window of a phone has the focus, as its event log pushes it (`input_focus`, since Android 12).

The log's reader writes, the phone's own thread reads.
"""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """A window that has the focus: its number, hexadecimal, and since when that is known, in monotonic seconds."""

    window: str = ""
    since: float = 0.0


class Focus:
    """What was heard last; nothing where the log is not open or the phone does not tell."""

    def __init__(self) -> None:
        self._held = Held()

    @property
    def held(self) -> Held | None:
        """Return the window that has the focus, None where that is not known."""
        held = self._held
        return held if held.window else None

    @property
    def moved_at(self) -> float:
        """Return when the focus was last heard to move, in monotonic seconds."""
        return self._held.since

    def hear(self, window: str) -> None:
        """Take in that a window got the focus; "" where one lost it or nobody listens any more."""
        self._held = Held(window, time.monotonic())
