"""Lines of the event log: a wake-up, never a content (phone-screens.md 10.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_LINE = re.compile(
    r"(notification_enqueue|notification_canceled|notification_cancel_all|am_crash|am_anr|am_kill|am_proc_died)\s*:\s*\[(.*)"
)
_FOCUS = re.compile(r"input_focus\s*:\s*\[Focus (entering|leaving) +([0-9a-f]+) (\S+)")
"""Since Android 12; the form is from a public program that reads it."""
_FIELD = {
    "notification_enqueue": 2,
    "notification_cancel_all": 2,
    "am_anr": 2,
    "am_kill": 2,
    "am_crash": 2,
    "am_proc_died": 2,
}


class EventKind(StrEnum):
    """What happened to an app."""

    POSTED = "posted"
    CANCELLED = "cancelled"
    DIED = "died"
    FOCUSED = "focused"
    UNFOCUSED = "unfocused"


@dataclass(frozen=True, slots=True)
class AppEvent:
    """Something happened to an app's notifications or process, or a window of it got or lost the focus."""

    kind: EventKind
    package: str
    window: str = ""
    """The number of the window that got or lost the focus, hexadecimal."""


def parse_event(line: str) -> AppEvent | None:
    """Return what a line of `logcat -b events` says of an app, None for any other line."""
    focus = _FOCUS.search(line)
    if focus is not None and not line.startswith("#"):
        kind = EventKind.FOCUSED if focus[1] == "entering" else EventKind.UNFOCUSED
        return AppEvent(kind, focus[3].partition("/")[0], focus[2])
    match = _LINE.search(line)
    if match is None or line.startswith("#"):
        return None
    name, body = match[1], match[2]
    if name == "notification_canceled":
        parts = body.split("|")
        return AppEvent(EventKind.CANCELLED, parts[1]) if len(parts) > 1 else None
    fields = body.rstrip("]").split(",")
    position = _FIELD[name]
    if len(fields) <= position:
        return None
    kind = {
        "notification_enqueue": EventKind.POSTED,
        "notification_cancel_all": EventKind.CANCELLED,
    }.get(name, EventKind.DIED)
    return AppEvent(kind, fields[position].strip())
