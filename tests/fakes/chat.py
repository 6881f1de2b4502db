"""A phone's chat as a list of messages with heights, and windows on it in pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app.domain.message import Content, Direction, Kind, Media, Quote, Shown, Tick
from app.domain.observation import ChatSeen, RowSeen

START = datetime(2026, 8, 18, 22, 0, tzinfo=UTC)
_TOP = 200
_HEIGHTS = {
    Kind.TEXT: 60,
    Kind.PHOTO: 180,
    Kind.VIDEO: 180,
    Kind.DOCUMENT: 90,
    Kind.SYSTEM: 100,
    Kind.DELETED: 60,
    Kind.VOICE: 90,
}
_DIVIDER, _PADDING = 40, 6
_LEAST_DRAG, _EDGE = 160, 40
Key = tuple[Direction, int | None, Kind, str]


@dataclass
class Sent:
    """One message as the phone holds it."""

    direction: Direction
    at: datetime
    kind: Kind
    text: str
    tick: Tick | None = None
    edited: bool = False
    gone: bool = False
    name: str = ""
    quoted: Quote | None = None
    earlier: list[tuple[Kind, str]] = field(default_factory=list)

    def edit(self, text: str) -> None:
        self.earlier.append((self.kind, self.text))
        self.text, self.edited = text, True

    def delete(self) -> None:
        """Delete for everyone: the row stays and says so."""
        self.earlier.append((self.kind, self.text))
        self.kind, self.text = Kind.DELETED, ""

    def may_stand_as(self, key: Key) -> bool:
        """Tell whether a mirror that did not look since some change shows it so."""
        return key[:2] == (self.direction, self.shown.minute) and key[2:] in [*self.earlier, (self.kind, self.text)]

    @property
    def shown(self) -> Shown:
        minute = None if self.kind is Kind.SYSTEM else self.at.hour * 60 + self.at.minute
        return Shown(minute, self.at.date())

    @property
    def content(self) -> Content:
        has_file = self.kind in (Kind.PHOTO, Kind.VIDEO, Kind.VOICE, Kind.DOCUMENT)
        media = Media(name=self.name) if has_file else None
        return Content(self.kind, self.text, self.tick, edited=self.edited, quoted=self.quoted, media=media)


class PhoneChat:
    """A chat on the phone and a window of some height on it."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.now = START
        self.ever = [Sent(Direction.IN, START, Kind.SYSTEM, "Messages are end-to-end encrypted.")]
        self._offset = 0
        self._is_at_end = True

    def append(self, direction: Direction, text: str, kind: Kind = Kind.TEXT, after_s: int = 1) -> Sent:
        """Let a message come or go."""
        self.now += timedelta(seconds=after_s)
        tick = Tick.SENT if direction is Direction.OUT else None
        one = Sent(direction, self.now, kind, text, tick)
        self.ever.append(one)
        return one

    @property
    def sent(self) -> list[Sent]:
        """What stands on the phone now."""
        return [one for one in self.ever if not one.gone]

    def keys(self) -> list[Key]:
        return [(m.direction, m.shown.minute, m.kind, m.text) for m in self.sent]

    def agrees_with(self, keys: list[Key]) -> bool:
        """Tell whether these are the chat's messages in order, no one missing, no one twice.

        What was deleted from the phone or edited out of view may still stand as it was.
        """
        reached = {0}
        for one in self.ever:
            moved = {i + 1 for i in reached if i < len(keys) and one.may_stand_as(keys[i])}
            reached = moved | reached if one.gone else moved
        return len(keys) in reached

    # -- windows --------------------------------------------------------------------------------------

    def _layout(self) -> list[tuple[int, int, int]]:
        """Return row top, bubble top and row bottom of each message in content pixels."""
        rows, y, day = [], _PADDING, None
        for one in self.sent:
            divider = _DIVIDER if one.at.date() != day else 0
            day = one.at.date()
            lines = max(1, len(one.text) // 30)
            bottom = y + divider + _HEIGHTS[one.kind] + 30 * (lines - 1)
            rows.append((y, y + divider, bottom))
            y = bottom
        return rows

    def _end(self) -> int:
        return max(0, self._layout()[-1][2] + _PADDING - self.height)

    def newest(self) -> ChatSeen:
        """Return the window at the end."""
        self._offset = self._end()
        self._is_at_end = True
        return self.window()

    def here(self) -> ChatSeen:
        """Return the window as it stands: what comes while it is at the end moves it along."""
        return self.newest() if self._is_at_end else self.window()

    def scroll_up(self, jitter: int, *, careful: bool = False) -> tuple[ChatSeen, int]:
        """Drag the content down as the driver does; the true distance may be some pixels off."""
        seen = self.window()
        first = next((row for row in seen.rows if row.whole), None)
        room = seen.list_bounds[3] - first.bounds[3] - _EDGE if first is not None else _LEAST_DRAG
        most = self.height // 5 if careful else self.height * 9 // 10
        distance = max(_LEAST_DRAG, min(most, room))
        self._offset = max(0, self._offset - distance - jitter)
        self._is_at_end = False
        return self.window(), distance

    def in_view(self) -> list[Sent]:
        """Return what the window shows, row by row."""
        top, bottom = self._offset, self._offset + self.height
        rows = zip(self.sent, self._layout(), strict=True)
        return [one for one, (row_top, _, row_bottom) in rows if row_bottom > top and row_top < bottom]

    def window(self) -> ChatSeen:
        top, bottom = self._offset, self._offset + self.height
        scrolls = self._end() > 0
        rows: list[RowSeen] = []
        day: date | None = None
        days: list[date] = []
        starts = not scrolls
        for one, (row_top, bubble_top, row_bottom) in zip(self.sent, self._layout(), strict=True):
            if row_bottom <= top or row_top >= bottom:
                continue
            starts_day = bubble_top > row_top >= top
            if starts_day:
                day = one.at.date()
                days.append(day)
            whole = not scrolls or (bubble_top > top and row_bottom < bottom)
            starts = starts or (one.kind is Kind.SYSTEM and whole and not rows)
            minute = one.shown.minute if row_bottom <= bottom else None
            bounds = (0, max(row_top, top) - top + _TOP, 1000, min(row_bottom, bottom) - top + _TOP)
            rows.append(RowSeen(one.direction, Shown(minute, day), one.content, whole, bounds, starts_day=starts_day))
        area = (0, _TOP, 1000, _TOP + self.height)
        return ChatSeen(
            "Otto", "", tuple(rows), None, area, "", starts, bottom >= self._end() + self.height, tuple(days)
        )
