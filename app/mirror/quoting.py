"""Which row of a chat on the phone is one certain message of the mirror."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.ids import MessageId
from app.domain.message import Entry, Kind
from app.domain.observation import RowSeen
from app.mirror.matching import is_same, may_be

_UNSEEN = 3
"""So many messages at most come between reading the mirror's end and looking again. A choice."""


class Sight(StrEnum):
    """Where a message is."""

    HERE = "here"
    FURTHER_UP = "further_up"
    LOST = "lost"
    """Mirror and rows do not agree, or the message is none that can be told by its text."""
    AMBIGUOUS = "ambiguous"
    """Rows that look like it leave more than one way to lay the mirror over them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is, and with HERE which row it is."""

    sight: Sight
    index: int = 0


def find_row(entries: Sequence[Entry], rows: Sequence[RowSeen], wanted: MessageId) -> Place:
    """Return which row is a message, by laying the end of the mirror over the end of the rows, one for one.

    Args:
        entries: The newest entries of the mirror, oldest first, nothing gone; the last one is the chat's newest.
        rows: Contiguous whole rows, oldest first, that end at the chat's newest message.
        wanted: The message.
    """
    behind = next((n for n, entry in enumerate(reversed(entries), 1) if entry.id == wanted), len(entries) + 1)
    # Above a gap anything may stand.
    sure = next((n for n, entry in enumerate(reversed(entries), 1) if entry.gap_before), len(entries))
    if behind > sure or not _fits(entries, rows, sure, 0):
        return Place(Sight.LOST)
    if behind > len(rows):
        return Place(Sight.FURTHER_UP)
    index, entry = len(rows) - behind, entries[-behind]
    if entry.content.kind is not Kind.TEXT or not entry.content.text or not is_same(entry, rows[index]):
        return Place(Sight.LOST)
    has_twin = any(is_same(entry, row) for n, row in enumerate(rows) if n != index)
    # Had some come since, the message stood so much further up: in view as a twin, or out of view.
    most = len(rows) - 1 if has_twin else min(_UNSEEN, len(rows) - 1)
    if any(_fits(entries, rows, sure, late) for late in range(1, most + 1) if has_twin or late > index):
        return Place(Sight.AMBIGUOUS)
    return Place(Sight.HERE, index)


def _fits(entries: Sequence[Entry], rows: Sequence[RowSeen], sure: int, late: int) -> bool:
    """Tell whether the mirror's end lies over the rows when so many of them came since it was read."""
    count = min(len(rows) - late, sure)
    pairs = zip(entries[len(entries) - count :], rows[len(rows) - late - count : len(rows) - late], strict=True)
    return all(may_be(entry, row) for entry, row in pairs)
