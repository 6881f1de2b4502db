"""Joins windows of one chat, read while scrolling up, to one contiguous run of messages.

Two windows are joined only where their rows and the distance dragged leave exactly one way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.message import Kind, Shown
from app.domain.observation import ChatSeen, RowSeen

_SLACK_PX = 24
"""A row's foot may be cut by its padding; bubbles are not (rows that are not whole are left out)."""
_TALL = 0.6


@dataclass(frozen=True, slots=True)
class Run:
    """Whole rows in the phone's order without a hole, oldest first."""

    rows: tuple[RowSeen, ...]
    starts_chat: bool
    ends_chat: bool


def whole_rows(seen: ChatSeen) -> tuple[RowSeen, ...]:
    """Return the rows that no edge cuts. One taller than the window counts once its foot is in view."""
    top, bottom = seen.list_bounds[1], seen.list_bounds[3]
    tall = (bottom - top) * _TALL
    return tuple(
        row for row in seen.rows
        if row.whole
        or (row.shown.minute is not None and row.bounds[3] < bottom and row.bounds[3] - row.bounds[1] > tall)
    )  # fmt: skip


def begin_run(seen: ChatSeen) -> Run:
    """Return the run that one window holds."""
    return Run(with_days(whole_rows(seen)), seen.starts_chat, seen.ends_chat)


def extend_run(run: Run, newer: ChatSeen, older: ChatSeen, dragged_px: int) -> Run | None:
    """Return the run with the rows of a window further up, or None where they do not join in exactly one way.

    Args:
        run: What was read so far; it begins with the whole rows of `newer`.
        newer: The window read before the drag.
        older: The window read after it.
        dragged_px: How far the finger moved the content down.
    """
    head, above = whole_rows(newer), whole_rows(older)
    fits = [
        (k, px) for k in range(1, min(len(head), len(above)) + 1) if (px := _shift(above[-k:], head[:k])) is not None
    ]
    fits = [(k, px) for k, px in fits if -_SLACK_PX <= px <= dragged_px + _SLACK_PX]
    if not fits:
        return None
    if len(fits) > 1:
        fits.sort(key=lambda fit: abs(fit[1] - dragged_px))
        if older.starts_chat or abs(fits[1][1] - dragged_px) - abs(fits[0][1] - dragged_px) < _SLACK_PX:
            return None
    k = fits[0][0]
    joined = _join(above, run.rows, k)
    return Run(with_days(joined), older.starts_chat, run.ends_chat)


def _join(above: tuple[RowSeen, ...], rows: tuple[RowSeen, ...], overlap: int) -> tuple[RowSeen, ...]:
    """Keep what either window knew of the rows both showed: day and sender are known only from further up."""
    shared = []
    for up, down in zip(above[-overlap:], rows[:overlap], strict=True):
        content = replace(down.content, sender=down.content.sender or up.content.sender)
        shown = Shown(down.shown.minute, down.shown.day or up.shown.day)
        shared.append(
            replace(
                down,
                starts_day=up.starts_day or down.starts_day,
                content=content,
                shown=shown,
                after_unread_divider=up.after_unread_divider or down.after_unread_divider,
            )
        )
    return above[:-overlap] + tuple(shared) + rows[overlap:]


def _shift(above: tuple[RowSeen, ...], head: tuple[RowSeen, ...]) -> int | None:
    """Return by how many pixels the same rows stand lower, None if they are not the same rows moved as one."""
    shifts = []
    for up, down in zip(above, head, strict=True):
        if not _is_same_row(up, down):
            return None
        shifts.append(up.bounds[3] - down.bounds[3])
    return shifts[-1] if max(shifts) - min(shifts) <= _SLACK_PX else None


def _is_same_row(a: RowSeen, b: RowSeen) -> bool:
    if (a.direction, a.shown.minute, a.content.kind) != (b.direction, b.shown.minute, b.content.kind):
        return False
    if a.shown.day is not None and b.shown.day is not None and a.shown.day != b.shown.day:
        return False
    return a.content.text == b.content.text


def with_days(rows: tuple[RowSeen, ...]) -> tuple[RowSeen, ...]:
    """Carry each known day to the rows after it, as far as the next divider, readable or not."""
    day = None
    carried = []
    for row in rows:
        day = row.shown.day if row.starts_day else row.shown.day or day
        carried.append(row if row.shown.day == day else replace(row, shown=Shown(row.shown.minute, day)))
    return tuple(carried)


def with_last_day(rows: tuple[RowSeen, ...], last: Shown) -> tuple[RowSeen, ...]:
    """Give the rows below the last divider the day that the chat list names for the newest message.

    Between two days there is always a divider, so they are all of one day.
    """
    if last.day is None or not rows or rows[-1].shown.day is not None:
        return rows
    first = max((i for i, row in enumerate(rows) if row.starts_day), default=0)
    if any(row.shown.day is not None for row in rows[first:]):
        return rows
    dated = tuple(replace(row, shown=Shown(row.shown.minute, last.day)) for row in rows[first:])
    return rows[:first] + dated
