"""Which backups are due and which may go. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

DAYS, WEEKS, MONTHS = 7, 4, 12


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """What to do now."""

    is_due: bool
    remove: tuple[datetime, ...]


def plan_backups(existing: Iterable[datetime], now: datetime) -> BackupPlan:
    """Return whether a backup is due (none was made on this day) and which older ones may go.

    The newest of each of the last 7 days, 4 weeks and 12 months that have one are kept: days that a PC was off do not
    count, so nothing goes only because time went by. Backups of the future (a clock was put back) are left alone.

    Args:
        existing: When each was made, aware.
        now: Aware; days, weeks and months are those of its zone.
    """
    mine = {made: made.astimezone(now.tzinfo) for made in existing}
    past = sorted((made for made in mine if made <= now), key=lambda made: mine[made], reverse=True)
    days = [mine[made].date() for made in past]
    ways: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (DAYS, lambda made: mine[made].date()),
        (WEEKS, lambda made: mine[made].isocalendar()[:2]),
        (MONTHS, lambda made: (mine[made].year, mine[made].month)),
    )
    kept: set[datetime] = set()
    for most, period in ways:
        newest: dict[Hashable, datetime] = {}
        for made in past:
            newest.setdefault(period(made), made)
        kept |= set(list(newest.values())[:most])
    return BackupPlan(now.date() not in days, tuple(sorted(made for made in past if made not in kept)))
