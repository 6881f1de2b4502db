"""The phone's log buffers: lines with their time, kept and streamed as `logcat` shows them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

_KEPT = 5000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a log buffer; its text may hold line breaks."""

    at: datetime
    buffer: str
    tag: str
    text: str
    level: str = "I"
    pid: int = 1144
    tid: int = 1144


class EventLog:
    """The log buffers of one phone."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lines: deque[LogLine] = deque(maxlen=_KEPT)
        self._readers: set[asyncio.Queue[LogLine]] = set()

    def write(self, tag: str, text: str, buffer: str = "events", level: str = "I") -> None:
        """Append an entry and hand it to every reader."""
        line = LogLine(self._now(), buffer, tag, text, level)
        self._lines.append(line)
        for reader in self._readers:
            reader.put_nowait(line)

    def kept(self, buffers: frozenset[str]) -> list[LogLine]:
        """Return the entries that are still there."""
        return [line for line in self._lines if line.buffer in buffers]

    def clear(self) -> None:
        """Throw away what is kept."""
        self._lines.clear()

    def subscribe(self) -> asyncio.Queue[LogLine]:
        """Return a queue that gets every further entry."""
        reader: asyncio.Queue[LogLine] = asyncio.Queue()
        self._readers.add(reader)
        return reader

    def unsubscribe(self, reader: asyncio.Queue[LogLine]) -> None:
        """End a subscription."""
        self._readers.discard(reader)


def format_line(line: LogLine, form: str) -> list[str]:
    """Return an entry as logcat prints it.

    Each line of a text with line breaks gets the head again, as in logcat's own formatting; that
    this holds for WhatsApp's tag in an event is a guess (phone-screens.md 10.5).
    """
    head = _head(line, form)
    return [head + part for part in line.text.split("\n")]


def _head(line: LogLine, form: str) -> str:
    millis = f"{line.at.microsecond // 1000:03d}"
    stamp = line.at.strftime("%m-%d %H:%M:%S.") + millis
    ids = f"{line.pid:5d} {line.tid:5d}"
    if form == "raw":
        return ""
    if form == "brief":
        return f"{line.level}/{line.tag:<8}({line.pid:5d}): "
    if form == "tag":
        return f"{line.level}/{line.tag:<8}: "
    if form == "time":
        return f"{stamp} {line.level}/{line.tag:<8}({line.pid:5d}): "
    if form == "epoch":
        stamp = f"{int(line.at.timestamp()):10d}.{millis}"
    elif form == "year":
        stamp = line.at.strftime("%Y-") + stamp
    return f"{stamp} {ids} {line.level} {line.tag:<8}: "
