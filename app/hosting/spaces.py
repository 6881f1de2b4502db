"""Free space where a server writes, judged: a server whose log of changes finds no room panics and stays down."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

LOW_BYTES = 2 * 1024**3
LOW_SHARE = 0.05
ALARM_BYTES = 1024**3
"""As much as the log of changes takes between two check points (max_wal_size): below it the next one may not fit."""


class Room(StrEnum):
    """How much space is left."""

    ENOUGH = "enough"
    LOW = "low"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Space:
    """The free space of the disk that a folder is on, in bytes."""

    folder: Path
    free: int
    total: int

    @property
    def room(self) -> Room:
        """Judge it: low below 2 GB or a twentieth, an alarm below 1 GB."""
        if self.free < ALARM_BYTES:
            return Room.ALARM
        is_low = self.free < LOW_BYTES or self.free < self.total * LOW_SHARE
        return Room.LOW if is_low else Room.ENOUGH

    @property
    def next_step(self) -> str:
        """Say what a person should do."""
        if self.room is Room.ENOUGH:
            return ""
        left = f"{self.free / 1024**3:.1f} GB are left on the disk of {self.folder}"
        if self.room is Room.LOW:
            return f"{left}. Free space on it soon: a full disk stops the database"
        return f"{left}. Free space on it now: the database is about to stop"


def disk_space(folder: Path) -> Space:
    """Measure.

    Raises:
        OSError: The folder is not there.
    """
    usage = shutil.disk_usage(folder)
    return Space(folder, usage.free, usage.total)


def tightest(spaces: Sequence[Space]) -> Space:
    """Return the one to worry about most."""
    order = (Room.ALARM, Room.LOW, Room.ENOUGH)
    return min(spaces, key=lambda space: (order.index(space.room), space.free))
