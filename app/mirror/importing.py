"""Decides what an exported chat adds to the mirror. What cannot be placed for certain is left out and counted.

Known entries keep their order and what is known of them. Between two messages that both hold, the export is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from app.domain.change import Change, GapClosed, GapFound, MessageAdded, MessageChanged
from app.domain.exported import ExportedRow
from app.domain.ids import MessageId
from app.domain.message import ChatWindow, Content, Entry, Kind, Origin, Shown
from app.mirror.joining import Pair, join, may_be_one
from app.mirror.matching import both_media, plain


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Changes to apply in one transaction, and what they come to."""

    changes: tuple[Change, ...]
    read: int
    known: int
    added: int
    completed: int
    gaps_closed: int
    not_placed: int
    left_out: int
    """Notices of the app where the phone's own screen shows none."""
    reaches_start: bool
    """The mirror now begins where the chat does."""
    seen: tuple[MessageId, ...]
    """Entries of earlier imports that this export holds too."""


@dataclass(frozen=True, slots=True)
class _Hole:
    """What stands between two joined messages: entries of the mirror, rows of the export. A None is an end."""

    before: Entry | None
    after: Entry | None
    entries: tuple[Entry, ...]
    rows: tuple[ExportedRow, ...]

    def next_of(self, slot: int) -> Entry | None:
        """Return the entry that a slot lies in front of."""
        return self.entries[slot] if slot < len(self.entries) else self.after

    def previous_of(self, slot: int) -> Entry | None:
        """Return the entry that a slot lies behind."""
        return self.entries[slot - 1] if slot else self.before


@dataclass(slots=True)
class _Draft:
    """A plan in the making."""

    changes: list[Change] = field(default_factory=list)
    added: int = 0
    not_placed: int = 0
    left_out: int = 0
    reaches_start: bool = False

    def add(self, hole: _Hole, rows: Sequence[ExportedRow], slot: int, *, has_gap: bool) -> None:
        """Put rows behind what stands before a slot."""
        place = hole.previous_of(slot)
        for index, row in enumerate(rows):
            after = place.id if place is not None else None
            flag = has_gap and index == 0
            self.changes.append(
                MessageAdded(row.direction, row.shown, row.content, Origin.EXPORT, after, gap_before=flag)
            )
        self.added += len(rows)

    def leave(self, rows: Sequence[ExportedRow]) -> None:
        """Count rows that are not placed."""
        notices = sum(row.content.kind is Kind.SYSTEM for row in rows)
        self.left_out += notices
        self.not_placed += len(rows) - notices

    def close(self, entries: Sequence[Entry | None]) -> None:
        """Nothing is missing before these."""
        self.changes += [GapClosed(e.id) for e in entries if e is not None and e.gap_before]

    def doubt(self, entries: Sequence[Entry | None]) -> None:
        """Before what was only heard of, and no export tells for certain, anything may be missing."""
        heard = [e for e in entries if e is not None and e.origin is Origin.NOTIFICATION and not e.gap_before]
        self.changes += [GapFound(e.id) for e in heard]


def plan_import(window: ChatWindow, rows: Sequence[ExportedRow], *, starts_chat: bool) -> ImportPlan:
    """Return what an export adds.

    Args:
        window: All entries of the chat, also those that are gone.
        rows: The export, in its own order, in the time of the account's phone.
        starts_chat: The export begins where the chat does.
    """
    # What was only heard of, and then not found on the screen, was never part of the chat.
    entries = tuple(e for e in window.entries if not (e.gone and e.origin is Origin.NOTIFICATION))
    window = replace(window, entries=entries)
    pairs = join(entries, rows)
    draft = _Draft()
    completed = [change for pair in pairs for change in _complete(window.entries[pair.entry], rows[pair.row])]
    draft.changes += completed
    for hole in _holes(window, rows, pairs):
        _fill(draft, hole, is_complete=window.complete, starts_chat=starts_chat)
    return ImportPlan(
        changes=tuple(draft.changes),
        read=len(rows),
        known=len(pairs),
        added=draft.added,
        completed=len(completed),
        gaps_closed=sum(isinstance(change, GapClosed) for change in draft.changes),
        not_placed=draft.not_placed,
        left_out=draft.left_out,
        reaches_start=draft.reaches_start,
        seen=tuple(e.id for p in pairs if (e := window.entries[p.entry]).origin is Origin.EXPORT),
    )


def _holes(window: ChatWindow, rows: Sequence[ExportedRow], pairs: Sequence[Pair]) -> list[_Hole]:
    entries = window.entries
    marks = [(-1, -1), *((p.entry, p.row) for p in pairs), (len(entries), len(rows))]
    holes: list[_Hole] = []
    for (left, top), (right, bottom) in pairwise(marks):
        between = tuple(e for e in entries[left + 1 : right] if not e.gone)
        before = entries[left] if left >= 0 else None
        after = entries[right] if right < len(entries) else None
        holes.append(_Hole(before, after, between, tuple(rows[top + 1 : bottom])))
    return holes


def _fill(draft: _Draft, hole: _Hole, *, is_complete: bool, starts_chat: bool) -> None:
    """Place what one hole lacks, and say where nothing is missing any more."""
    if hole.before is None and (hole.after is not None or not hole.entries) and starts_chat:
        draft.reaches_start = not hole.entries
    if not hole.rows:
        _close_without_rows(draft, hole, starts_chat=starts_chat)
        return
    doubtful = [i for i, row in enumerate(hole.rows) if any(may_be_one(e, row) for e in hole.entries)]
    if doubtful:
        _fill_around(draft, hole, doubtful, is_complete=is_complete, starts_chat=starts_chat)
        return
    slot = _slot(hole, hole.rows, is_complete=is_complete)
    if slot is None:
        draft.leave(hole.rows)
        draft.reaches_start = draft.reaches_start and hole.before is not None
        draft.doubt([*hole.entries, hole.after] if hole.after is not None else [])
        return
    rows = hole.rows
    if not _is_open(hole, slot, is_complete=is_complete):
        # The phone showed both neighbours side by side: a notice between them is one that it does not show.
        rows = tuple(row for row in rows if row.content.kind is not Kind.SYSTEM)
        draft.left_out += len(hole.rows) - len(rows)
    _close_around(draft, hole, slot)
    draft.add(hole, rows, slot, has_gap=_begins_in_a_gap(hole, slot, starts_chat=starts_chat))


def _begins_in_a_gap(hole: _Hole, slot: int, *, starts_chat: bool) -> bool:
    """Tell whether messages may be missing before the first row of a hole."""
    if hole.before is not None:
        return False
    return slot > 0 or not starts_chat


def _close_without_rows(draft: _Draft, hole: _Hole, *, starts_chat: bool) -> None:
    if hole.before is not None and hole.after is not None:
        draft.close([*hole.entries, hole.after])
    elif hole.before is None and starts_chat and not hole.entries:
        draft.close([hole.after])
    elif hole.after is not None:
        draft.doubt([*hole.entries, hole.after])


def _close_around(draft: _Draft, hole: _Hole, slot: int) -> None:
    """From one joined message to the rows, and from them to the next, the export leaves nothing out."""
    if hole.before is not None:
        draft.close(hole.entries[:slot])
    else:
        draft.doubt(hole.entries[:slot])
    if hole.after is not None:
        draft.close([*hole.entries[slot:], hole.after])
    elif hole.before is None and slot < len(hole.entries) and not hole.entries[slot].gap_before:
        # Nothing joins the export to what follows it.
        draft.changes.append(GapFound(hole.entries[slot].id))


def _fill_around(draft: _Draft, hole: _Hole, doubtful: Sequence[int], *, is_complete: bool, starts_chat: bool) -> None:
    """Some rows may be entries of the hole, told differently: place only what stands clear of both."""
    first, last = doubtful[0], doubtful[-1]
    twins = [i for i, e in enumerate(hole.entries) if any(may_be_one(e, hole.rows[d]) for d in doubtful)]
    head, tail = hole.rows[:first], hole.rows[last + 1 :]
    is_apart = hole.before is None and hole.after is None
    low = _slot(hole, head, is_complete=is_complete) if head and not is_apart else None
    high = _slot(hole, tail, is_complete=is_complete) if tail and not is_apart else None
    if low is not None and low <= twins[0]:
        draft.add(hole, head, low, has_gap=_begins_in_a_gap(hole, low, starts_chat=starts_chat))
    else:
        draft.leave(head)
        draft.reaches_start = draft.reaches_start and hole.before is not None
    draft.leave(hole.rows[first : last + 1])
    draft.doubt([*hole.entries, hole.after] if hole.after is not None else [])
    if high is not None and high > twins[-1]:
        if hole.after is None:
            draft.doubt(hole.entries[:high])
        draft.add(hole, tail, high, has_gap=True)
    else:
        draft.leave(tail)


def _slot(hole: _Hole, rows: Sequence[ExportedRow], *, is_complete: bool) -> int | None:
    """Return the one place among the entries of a hole where the rows can stand.

    Where the mirror has entries that the export lacks, the rows stand in a place that was not whole (a gap, an end,
    before what was only heard of), and only where the times leave one such place.
    """
    if not hole.entries:
        return 0
    is_apart = hole.before is None and hole.after is None
    if is_apart and any(e.shown.day is None for e in hole.entries):
        return None
    fits = [
        slot for slot in range(len(hole.entries) + 1)
        if _is_open(hole, slot, is_complete=is_complete) and _agrees(hole, slot, rows)
    ]  # fmt: skip
    return fits[0] if len(fits) == 1 else None


def _is_open(hole: _Hole, slot: int, *, is_complete: bool) -> bool:
    following = hole.next_of(slot)
    if following is None:
        return True
    if hole.previous_of(slot) is None and not is_complete:
        return True
    return following.gap_before or following.origin is Origin.NOTIFICATION


def _agrees(hole: _Hole, slot: int, rows: Sequence[ExportedRow]) -> bool:
    """Tell whether the times allow the rows to stand there; what has no time or day allows all."""
    return not any(
        _is_later(e.shown, row.shown) if i < slot else _is_later(row.shown, e.shown)
        for i, e in enumerate(hole.entries)
        for row in (min(rows, key=_time), max(rows, key=_time))
    )


def _time(row: ExportedRow) -> tuple[int, int]:
    return (row.shown.day.toordinal() if row.shown.day else 0, row.shown.minute or 0)


def _is_later(one: Shown, other: Shown) -> bool:
    if one.day is None or other.day is None or one.day < other.day:
        return False
    if one.day > other.day:
        return True
    return one.minute is not None and other.minute is not None and one.minute > other.minute


def _complete(entry: Entry, row: ExportedRow) -> list[Change]:
    """Return the change that tells of an entry what only the export knows; nothing known is given up."""
    if entry.gone:
        return []
    mine, theirs = entry.content, row.content
    content = replace(mine, sender=mine.sender or theirs.sender)
    if mine.kind is Kind.UNKNOWN and theirs.kind not in (Kind.UNKNOWN, Kind.DELETED):
        content = replace(content, kind=theirs.kind, text=theirs.text or mine.text)
    if mine.kind is theirs.kind:
        content = _complete_text(content, theirs)
    if mine.kind not in (Kind.TEXT, Kind.DELETED, Kind.SYSTEM):
        content = replace(content, media=both_media(mine.media, theirs.media))
    shown = Shown(entry.shown.minute, entry.shown.day or row.shown.day)
    if (content, shown) == (mine, entry.shown):
        return []
    return [MessageChanged(entry.id, content, shown, entry.origin, entry.time_ms)]


def _complete_text(mine: Content, theirs: Content) -> Content:
    ours, exported = plain(mine.text), plain(theirs.text)
    if mine.cut and len(exported) >= len(ours) and exported.startswith(ours):
        return replace(mine, text=theirs.text, cut=False, edited=mine.edited or theirs.edited)
    if theirs.edited and not mine.edited:
        return replace(mine, text=mine.text if ours == exported else theirs.text, edited=True)
    if mine.kind is not Kind.TEXT and not mine.text:
        return replace(mine, text=theirs.text)
    return mine
