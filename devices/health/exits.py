"""`dumpsys activity exit-info` becomes the reasons why an app's process ended. Pure; times are the phone's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

_RECORD = re.compile(r"^[ \t]*ApplicationExitInfo #\d+:\s*$", re.MULTILINE)
_TIME = re.compile(r"timestamp=(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?)")
_REASON = re.compile(r"process=(\S+) reason=(\d{1,9}) \((.*?)\) subreason=(\d{1,9}) \((.*?)\) status=(-?\d+)")
_DESCRIPTION = re.compile(r"description=(.*?) state=\S+ trace=", re.DOTALL)
_FAULTS = frozenset({4, 5, 6, 9, 11})
"""Crash, native crash, ANR, initialisation, excessive resources (android.app.ApplicationExitInfo)."""
_BY_PERSON = frozenset({10, 12})


@dataclass(frozen=True, slots=True)
class ExitSaid:
    """One end of a process. `at` is naive: the phone prints its own wall clock."""

    process: str
    at: datetime | None
    reason: int
    reason_text: str
    subreason_text: str
    description: str

    @property
    def is_fault(self) -> bool:
        """Tell whether the app or the phone failed, not a person or the system's housekeeping."""
        return self.reason in _FAULTS

    @property
    def is_by_person(self) -> bool:
        """Tell whether somebody stopped it: a force stop, or adb."""
        return self.reason in _BY_PERSON


def parse_exits(text: str) -> list[ExitSaid]:
    """Return the recorded ends of processes, newest first as the phone lists them."""
    begins = [match.start() for match in _RECORD.finditer(text)]
    records = (text[a:b] for a, b in pairwise([*begins, len(text)]))
    return [found for record in records if (found := _exit(record)) is not None]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _exit(record: str) -> ExitSaid | None:
    reason = _REASON.search(record)
    if reason is None:
        return None
    time, description = _TIME.search(record), _DESCRIPTION.search(record)
    return ExitSaid(
        process=reason[1],
        at=_moment(time[1]) if time else None,
        reason=int(reason[2]),
        reason_text=reason[3],
        subreason_text=reason[5],
        description=description[1] if description else "",
    )
