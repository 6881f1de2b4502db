"""What the window is given: services, settings, and what runs beside it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.services.browsing import Browsing
from app.services.replying import Replying
from app.settings import Settings
from app.team_setup import TeamSetup

Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """One agent's place at the shelf."""

    settings: Settings
    browsing: Browsing
    replying: Replying
    now: Callable[[], datetime]
    check_now: Callable[[], None] | None = None
    """Compares the phones with the mirror now; None where another process drives them."""
    background: tuple[Work, ...] = ()
    """What runs as long as the window does."""
    team: TeamSetup | None = None
    """The way into a team, or to new colleagues in it; None where there is none to offer."""

    @property
    def place(self) -> str:
        """Return what the database is called: the team, or the profile's file."""
        seat = self.team.seat if self.team is not None else None
        return seat.team if seat is not None else self.settings.database.name
