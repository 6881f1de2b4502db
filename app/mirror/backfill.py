"""Decides what a long run of rows adds above the newest gap of the mirror. Below the gap it must say what is known.

Both end at the newest message, so what stands above the known rows has one place only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.change import Change, GapClosed, MessageAdded
from app.domain.ids import MessageId
from app.domain.message import ChatWindow, Entry, Origin
from app.domain.observation import RowSeen
from app.mirror.matching import is_same, may_be
from app.mirror.planning import Plan, Verdict, find_overlap, plan, update_entry
from app.mirror.run import Run

_SURE_ROWS = 5
_SURE_MINUTES = 3


def newest_gap(entries: Sequence[Entry]) -> int | None:
    """Return the index of the entry right below the newest gap."""
    return max((i for i, e in enumerate(entries) if e.gap_before), default=None)


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


def may_close(window: ChatWindow, run: Run, below: int) -> bool:
    """Tell cheaply whether a run may reach the far side of the gap now: then it is worth a plan.

    Args:
        window: The entries above the gap.
        run: The rows read so far.
        below: How many of its last rows are entries below the gap.
    """
    above = run.rows[: len(run.rows) - below]
    if not window.entries:
        return run.starts_chat
    return find_overlap(window, Run(above, run.starts_chat, ends_chat=False)) is not None


def plan_back(window: ChatWindow, run: Run, *, is_last: bool, end: MessageId | None = None) -> Plan:
    """Return the changes that close the newest gap, or move it up as far as the run reaches.

    Where no gap stands among the messages, the end of the chat is what is missing.

    Args:
        window: Entries of the mirror up to the newest, from well before the gap.
        run: Contiguous rows that end at `end`.
        is_last: Nothing further up is going to be read now.
        end: The message that the run's last row is known to be; None is the newest.
    """
    entries = [e for e in window.entries if not e.gone]
    gap = newest_gap(entries)
    if end is not None and gap is not None:
        entries = entries[: next((i for i, e in enumerate(entries) if e.id == end), -1) + 1]
        if len(entries) <= gap:
            # What the run was joined to is no more, or the gap is another one now.
            return Plan(Verdict.NOT_PLACED, has_gap=True)
    if gap is None:
        # What could not be placed at the end left no mark among the messages: it may fit now that more is read.
        return plan(window, run, is_last=is_last)
    below = entries[gap:]
    rows, above = run.rows[-len(below) :], Run(run.rows[: -len(below)], run.starts_chat, ends_chat=False)
    shown = list(zip(below[len(below) - len(rows) :], rows, strict=True))
    if not all(may_be(e, r) for e, r in shown):
        return Plan(Verdict.NOT_PLACED, has_gap=True)
    overlap = _joins(replace(window, entries=tuple(entries[:gap])), above, is_last=is_last)
    if overlap is None:
        can_tell_more = not is_last and not run.starts_chat
        return Plan(Verdict.NEEDS_MORE if can_tell_more else Verdict.NOT_PLACED, has_gap=True)
    updates = [change for e, r in shown for change in update_entry(e, r)]
    has_gap = gap == 0 and not run.starts_chat
    added = _added(above.rows[overlap:], entries[gap - 1] if gap else None, has_gap=has_gap)
    return Plan(Verdict.PLACED, (*updates, GapClosed(below[0].id), *added), has_gap=has_gap)


def _joins(older: ChatWindow, above: Run, *, is_last: bool) -> int | None:
    """Return how many of the rows above the gap the mirror has, None while that is not sure or more is to be read."""
    if older.entries:
        return find_overlap(older, above)
    return 0 if above.starts_chat or (is_last and above.rows) else None


def _added(rows: tuple[RowSeen, ...], after: Entry | None, *, has_gap: bool) -> list[Change]:
    place = after.id if after is not None else None
    return [
        MessageAdded(r.direction, r.shown, r.content, Origin.SCREEN, place, gap_before=has_gap and i == 0)
        for i, r in enumerate(rows)
    ]
