"""Finds where in the mirror rows stand that show it unchanged: so many equal rows in one place are no accident.

Below such an anchor a run of rows is the truth, whatever changed there.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.message import Entry
from app.domain.observation import RowSeen
from app.mirror.matching import is_same

_SURE_ROWS = 5
_SURE_MINUTES = 3
_BLOCK = 7


def find_place(entries: Sequence[Entry], rows: Sequence[RowSeen]) -> int | None:
    """Return the index of the entry that the first of these rows is, None unless they fit in one place only.

    So few rows, or rows of so few minutes, prove nothing.
    """
    if len(rows) < _SURE_ROWS or len({row.shown.minute for row in rows}) < _SURE_MINUTES:
        return None
    fits = [
        start for start in range(len(entries) - len(rows) + 1)
        if is_same(entries[start], rows[0]) and all(map(is_same, entries[start : start + len(rows)], rows))
    ]  # fmt: skip
    return fits[0] if len(fits) == 1 else None


def find_anchor(entries: Sequence[Entry], rows: Sequence[RowSeen]) -> int | None:
    """Return the index of the entry that a run begins with, None where its first rows are not certain to be known."""
    return find_place(entries, rows[:_BLOCK])
