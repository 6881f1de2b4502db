"""A modelled chat that many mirrors read in turn: it counts windows, and opens at the first new message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.message import Content, Direction, Kind, Media
from app.domain.observation import ChatSeen
from tests.fakes.chat import PhoneChat, Sent

_ABOVE = 4
"""The first new message opens below this part of the window: so much of what is known stands above it."""


@dataclass
class Bubble(Sent):
    """A message whose file may still be on its way."""

    loading: bool = False

    @property
    def content(self) -> Content:
        """Say what the bubble shows; a file that is not there yet shows its size."""
        plain = super().content
        return replace(plain, media=Media(size="120 kB")) if self.loading and plain.media else plain


class CountedChat(PhoneChat):
    """A phone's chat that counts how many windows were asked for. `touch` tells that a message changed."""

    def __init__(self, height: int) -> None:
        super().__init__(height)
        self.trips = 0
        self._news = 1
        self._known: tuple[list[Sent], list[tuple[int, int, int]]] | None = None

    def touch(self) -> None:
        """Forget the layout."""
        self._known = None

    def put(self, direction: Direction, text: str, kind: Kind, after_s: float, at: int | None = None) -> Bubble:
        """Let a message come, or one that came late stand at a place among the known."""
        super().append(direction, text, kind, int(after_s))
        last = self.ever.pop()
        one = Bubble(last.direction, last.at, last.kind, last.text, last.tick)
        if at is None:
            self.ever.append(one)
        else:
            one.at = self.ever[at - 1].at
            self.ever.insert(at, one)
        self.touch()
        return one

    def mark_read(self) -> None:
        """All that stands here now is known to those who read it."""
        self._news = len(self.sent)

    @property
    def sent(self) -> list[Sent]:
        """What stands on the phone now."""
        return self._held()[0]

    def _layout(self) -> list[tuple[int, int, int]]:
        return self._held()[1]

    def _held(self) -> tuple[list[Sent], list[tuple[int, int, int]]]:
        if self._known is None:
            self._known = ([one for one in self.ever if not one.gone], [])
            self._known[1].extend(super()._layout())
        return self._known

    # -- windows --------------------------------------------------------------------------------------

    def newest(self) -> ChatSeen:
        """Return the window at the end."""
        self.trips += 1
        return super().newest()

    def scroll_up(self, jitter: int, *, careful: bool = False) -> tuple[ChatSeen, int]:
        """Drag the content down and look."""
        self.trips += 1
        return super().scroll_up(jitter, careful=careful)

    def read_down(self) -> Iterator[ChatSeen]:
        """Open at the first new message and read down to the newest: the fair way for who keeps no more than a list."""
        first = min(self._news, len(self.sent) - 1)
        self._offset = max(0, min(self._end(), self._layout()[first][0] - self.height // _ABOVE))
        self.trips += 1
        yield self.window()
        while self._offset < self._end():
            self._offset = min(self._end(), self._offset + self.height * 3 // 5)
            self.trips += 1
            yield self.window()
