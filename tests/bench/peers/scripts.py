"""What all scripts are asked to do, and the pauses that they make."""

from __future__ import annotations

from typing import Protocol

from tests.bench.peers.windows import APP, Row

CYCLE_S = 10.0
START = f"am start -a android.intent.action.MAIN -c android.intent.category.LAUNCHER -n {APP}/com.whatsapp.Main"
SCREENS = 15
"""Screens of the list that a script looks through for a chat, and how often it goes up without finding anything new."""


class NotFound(Exception):
    """There is no such chat, or what should be on the screen is not there."""


class Script(Protocol):
    """One script on one phone. Between two tasks it stands at the top of the chat list."""

    name: str

    def start(self) -> None:
        """Bring the app to the front and get ready."""

    def stop(self) -> None:
        """Let the phone go."""

    def poll(self) -> dict[str, tuple[Row, ...]]:
        """Look once whether something came, and read what did: rows by chat."""

    def read(self, title: str) -> tuple[Row, ...]:
        """Read what a chat shows."""

    def send(self, title: str, text: str) -> bool:
        """Send a text and tell whether its bubble was seen."""

    def back_fill(self, title: str, count: int) -> list[Row]:
        """Read a chat back until there are so many rows more than at first, or it ends."""

    def go_home(self) -> None:
        """Go to the top of the chat list; no part of a task."""
