"""Says which message a cut row is, and which row shows more of the same text."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.message import Entry
from app.domain.observation import RowSeen
from app.mirror.matching import is_same, plain

_SURE_CHARS = 40
"""So much equal text is no accident."""


def find_cut(entries: Sequence[Entry], rows: Sequence[RowSeen]) -> tuple[Entry, RowSeen] | None:
    """Return a message whose text is cut with the one row that shows it; None when no row is certain to.

    Args:
        entries: Messages of the mirror.
        rows: What the open chat shows.
    """
    for row in reversed(rows):
        if not row.content.cut or not row.more_at or len(plain(row.content.text)) < _SURE_CHARS:
            continue
        fits = [entry for entry in entries if is_same(entry, row)]
        shown = [one for one in rows if one.content.text == row.content.text]
        if len(fits) == 1 and len(shown) == 1 and fits[0].content.cut:
            return fits[0], row
    return None


def find_longer(row: RowSeen, rows: Sequence[RowSeen]) -> RowSeen | None:
    """Return the one row that begins with a cut row's text and goes on; it may be taller than the window now."""
    head = plain(row.content.text)
    fits = [
        one for one in rows
        if one.direction is row.direction
        and one.shown.minute in (None, row.shown.minute)
        and plain(one.content.text).startswith(head)
        and len(plain(one.content.text)) > len(head)
    ]  # fmt: skip
    return fits[0] if len(fits) == 1 else None
