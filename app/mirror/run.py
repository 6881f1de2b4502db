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
_PLAIN_KINDS = frozenset({Kind.UNKNOWN, Kind.PHOTO, Kind.TEXT})
"""What a row is taken for while nothing more special of it is in view."""


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

    Every row that both windows show must stand where the distance puts it, also rows that an edge cuts. A window that
    did not move proves nothing: the drag was swallowed, the tree is an old one, or it is the top of a chat that does
    not say so. Only a window that shows the chat's own beginning is its first.

    Args:
        run: What was read so far; it begins with the whole rows of `newer`.
        newer: The window read before the drag.
        older: The window read after it.
        dragged_px: How far the finger moved the content down.
    """
    fits = _distances(newer, older, dragged_px)
    if not fits or older.rows == newer.rows:
        return None
    if len(fits) > 1:
        fits.sort(key=lambda px: abs(px - dragged_px))
        if older.starts_chat or abs(fits[1] - dragged_px) - abs(fits[0] - dragged_px) < _SLACK_PX:
            return None
    head, above = whole_rows(newer), whole_rows(older)
    overlap = _overlap(above, head, fits[0])
    if overlap is None:
        return None
    return Run(with_days(_join(above, run.rows, overlap)), older.starts_chat, run.ends_chat)


def _distances(newer: ChatSeen, older: ChatSeen, dragged_px: int) -> list[int]:
    """Return the distances, no two near each other, at which the newer window lies over the older one."""
    found: list[int] = []
    for px in sorted({px for up in older.rows for down in newer.rows for px in _moves(up, down, newer, older)}):
        is_new = not found or px - found[-1] > _SLACK_PX
        if is_new and -_SLACK_PX <= px <= dragged_px + _SLACK_PX and _lies_over(newer, older, px):
            found.append(px)
    return found


def _moves(up: RowSeen, down: RowSeen, newer: ChatSeen, older: ChatSeen) -> list[int]:
    """Return how far a row moved down if both are the same row, by an edge that neither window cuts."""
    if not _may_be_same(up, down):
        return []
    if up.bounds[3] < older.list_bounds[3] and down.bounds[3] < newer.list_bounds[3]:
        return [up.bounds[3] - down.bounds[3]]
    if up.bounds[1] > older.list_bounds[1] and down.bounds[1] > newer.list_bounds[1]:
        return [up.bounds[1] - down.bounds[1]]
    return []


def _lies_over(newer: ChatSeen, older: ChatSeen, px: int) -> bool:
    """Tell whether each row of the newer window, moved down, is where the older one shows it."""
    top, bottom = older.list_bounds[1], older.list_bounds[3]
    for row in newer.rows:
        foot, head = min(row.bounds[3] + px, bottom), max(row.bounds[1] + px, top)
        if foot - head <= _SLACK_PX:
            continue
        is_cut = row.starts_day and row.bounds[3] + px > bottom
        if is_cut and not any(one.bounds[3] > head + _SLACK_PX for one in older.rows):
            # Of a row at the edge no more than the day above it may be in view: that is no row.
            continue
        # How far a row reaches above the newer window's own edge is not known.
        least = top if row.bounds[1] <= newer.list_bounds[1] else head
        if not any(
            abs(one.bounds[3] - foot) <= _SLACK_PX
            and least - _SLACK_PX <= one.bounds[1] <= head + _SLACK_PX
            and _may_be_same(one, row)
            for one in older.rows
        ):
            return False
    return True


def _overlap(above: tuple[RowSeen, ...], head: tuple[RowSeen, ...], px: int) -> int | None:
    """Return how many whole rows both windows share at that distance, None where a row between them is in neither."""
    if not above or not head:
        return None
    k = sum(1 for row in above if row.bounds[3] - px > head[0].bounds[1] + _SLACK_PX)
    if k == 0:
        return 0 if head[0].bounds[1] - (above[-1].bounds[3] - px) <= _SLACK_PX else None
    if k > len(head) or not all(_is_same_row(a, b) for a, b in zip(above[-k:], head[:k], strict=True)):
        return None
    return k


def _join(above: tuple[RowSeen, ...], rows: tuple[RowSeen, ...], overlap: int) -> tuple[RowSeen, ...]:
    """Keep what either window knew of the rows both showed: day and sender are known only from further up."""
    shared = []
    older, both = above[: len(above) - overlap], above[len(above) - overlap :]
    for up, down in zip(both, rows[:overlap], strict=True):
        content = replace(down.content, sender=down.content.sender or up.content.sender)
        shown = Shown(down.shown.minute, down.shown.day or up.shown.day)
        shared.append(
            replace(
                down,
                content=content,
                shown=shown,
                after_unread_divider=up.after_unread_divider or down.after_unread_divider,
            )
        )
    return older + tuple(shared) + rows[overlap:]


def _may_be_same(a: RowSeen, b: RowSeen) -> bool:
    """Compare two rows; one that an edge cuts may lack its time, its text and what tells its kind."""
    if a.whole and b.whole:
        return _is_same_row(a, b)
    if a.shown.minute is not None and b.shown.minute is not None and a.shown.minute != b.shown.minute:
        return False
    if a.content.kind is not b.content.kind and not (_tells_no_kind(a) or _tells_no_kind(b)):
        return False
    return not a.content.text or not b.content.text or a.content.text == b.content.text


def _tells_no_kind(row: RowSeen) -> bool:
    """What tells a cut row's kind may lie beyond the edge: a video without its length looks like a photo."""
    is_sliver = row.bounds[3] - row.bounds[1] <= 2 * _SLACK_PX
    return not row.whole and (row.content.kind in _PLAIN_KINDS or is_sliver)


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
