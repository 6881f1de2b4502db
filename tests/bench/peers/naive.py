"""Three common mirrors, each as good as its idea allows. All get whole rows only and a fair way through the chat."""

from __future__ import annotations

from app.domain.observation import ChatSeen
from app.mirror.run import whole_rows
from tests.bench.peers.chat import CountedChat
from tests.fakes.chat import Key


def keys_of(seen: ChatSeen) -> list[Key]:
    """Return what a script compares of each row: side, time as shown, kind and text."""
    return [(row.direction, row.shown.minute, row.content.kind, row.content.text) for row in whole_rows(seen)]


class SetOfRows:
    """Holds a row once, by sender, text and time."""

    name = "set of sender, text, time"

    def __init__(self) -> None:
        self._rows: dict[Key, None] = {}

    def read(self, chat: CountedChat, jitter: int) -> None:
        """Add each row that is not held yet."""
        del jitter
        for seen in chat.read_down():
            self._rows.update(dict.fromkeys(keys_of(seen)))

    def keys(self) -> list[Key]:
        """Return the messages."""
        return list(self._rows)


class AfterLastSeen:
    """Appends what stands below the last row it knows; of equal rows the lowest counts."""

    name = "after the last seen row"

    def __init__(self) -> None:
        self._rows: list[Key] = []

    def read(self, chat: CountedChat, jitter: int) -> None:
        """Append the rows below the last known one; all where that one is not in view."""
        del jitter
        for seen in chat.read_down():
            rows = keys_of(seen)
            known = max((i for i, row in enumerate(rows) if self._rows and row == self._rows[-1]), default=-1)
            self._rows += rows[known + 1 :]

    def keys(self) -> list[Key]:
        """Return the messages."""
        return self._rows


class SlidingWindow:
    """Joins each window to what is held where the longest end of the one is the beginning of the other."""

    name = "sliding window, boundary merge"

    def __init__(self) -> None:
        self._rows: list[Key] = []

    def read(self, chat: CountedChat, jitter: int) -> None:
        """Append what stands below the longest overlap; all where there is none."""
        del jitter
        for seen in chat.read_down():
            rows = keys_of(seen)
            sizes = range(min(len(rows), len(self._rows)), 0, -1)
            self._rows += rows[next((n for n in sizes if self._rows[-n:] == rows[:n]), 0) :]

    def keys(self) -> list[Key]:
        """Return the messages."""
        return self._rows
