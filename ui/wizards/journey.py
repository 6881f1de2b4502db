"""What all pages of the way into a team share: the steps, the profile, and what is held still meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from app.team_setup import TeamSetup
from ui.theme.theme import Theme


class Step(IntEnum):
    """The pages."""

    MEANING = 0
    CHOICE = 1
    NAMES = 2
    PLACE = 3
    MOVE = 4
    INVITE = 5
    JOIN = 6
    JOINED = 7


async def _nothing() -> None:
    """Hold nothing still."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One profile on its way."""

    setup: TeamSetup
    theme: Theme
    now: Callable[[], datetime]
    hold: Callable[[], Awaitable[None]] = _nothing
    """Holds still what drives phones and writes to the profile's file."""
    release: Callable[[], Awaitable[None]] = _nothing
    """Lets it go on."""
