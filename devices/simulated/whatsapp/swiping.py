"""Swipe over a message to quote it.

*Invented*: how far the finger must go, and that a keyboard comes along.
"""

from __future__ import annotations

from devices.simulated.contract import View
from devices.simulated.whatsapp.model import SYSTEM_KINDS
from devices.simulated.whatsapp.state import AppState

_SHARE = 4
"""A swipe is at least this part of the width."""
_FLAT = 3
"""So many times as wide as high."""


def swiped(root: View, start: tuple[int, int], end: tuple[int, int], width: int) -> int:
    """Return the id of the message that a finger swiped to the right, 0 for another movement."""
    far = end[0] - start[0]
    if far * _SHARE < width or abs(end[1] - start[1]) * _FLAT > far:
        return 0
    row = _row_at(root, *start)
    return int(row.handler.partition(":")[2]) if row is not None else 0


def _row_at(root: View, x: int, y: int) -> View | None:
    """Return the row of a list under a place, whatever lies in it."""
    for child in reversed(root.children):
        found = _row_at(child, x, y)
        if found is not None:
            return found
    left, top, right, bottom = root.bounds
    return root if root.handler.startswith("row:") and left <= x < right and top <= y < bottom else None


def take_swipe(state: AppState, message_id: int) -> None:
    """Quote a message in the chat in front, unless a fault is at work."""
    screen, settings = state.conversation, state.settings
    if screen is None or screen.is_restricted or screen.chat.is_read_only:
        return
    if settings.dead_swipes > 0:
        settings.dead_swipes -= 1
        return
    messages = [one for one in screen.chat.messages if one.kind not in SYSTEM_KINDS and not one.is_deleted]
    at = next((n for n, one in enumerate(messages) if one.id == message_id), None)
    if at is None:
        return
    if settings.slipped_swipes > 0:
        settings.slipped_swipes -= 1
        at = max(0, at - 1)
    screen.chat.quoting = messages[at].id
    state.host.show_keyboard(True)
