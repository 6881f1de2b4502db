"""How much a chat presses, as the team says: three levels."""

from __future__ import annotations

from enum import IntEnum


class Priority(IntEnum):
    """What a person gave a chat."""

    LOW = -1
    NORMAL = 0
    HIGH = 1
