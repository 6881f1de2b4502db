"""Says whether a row on the screen may be a message of the mirror, and what of it is then new.

The core (side, minute, day) never changes; text may only change in the ways the app itself shows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from app.domain.message import TICK_ORDER, Content, Direction, Entry, Kind, Media, Origin, Shown, Tick
from app.domain.observation import ListRowSeen, RowSeen

_MARKUP = str.maketrans(
    "", "", "*_~`\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufe0f\u2066\u2067\u2068\u2069"
)
_MIDNIGHT = 24 * 60


def is_same(entry: Entry, row: RowSeen) -> bool:
    """Tell whether the row shows the entry exactly as it is known, volatile marks aside."""
    return has_core(entry, row) and has_content(entry.content, row.content)


def may_be(entry: Entry, row: RowSeen) -> bool:
    """Tell whether the row can be the entry, unchanged or after a change that the app shows as such."""
    if is_worded_anew(entry, row):
        return True
    return has_core(entry, row) and (has_content(entry.content, row.content) or is_update(entry.content, row.content))


def is_worded_anew(entry: Entry, row: RowSeen) -> bool:
    """Tell whether a notice or call of an exported file may be this row: the app words them otherwise there."""
    kind = entry.content.kind
    if entry.origin is not Origin.EXPORT or kind is not row.content.kind or kind not in (Kind.SYSTEM, Kind.CALL):
        return False
    if None not in (entry.shown.minute, row.shown.minute) and entry.shown.minute != row.shown.minute:
        return False
    return entry.shown.day is None or row.shown.day is None or entry.shown.day == row.shown.day


def has_core(entry: Entry, row: RowSeen) -> bool:
    """Compare side, minute and, where both know it, day. A notification's minute may be one beside the screen's."""
    if entry.direction is not row.direction:
        return False
    mine, seen = entry.shown, row.shown
    if mine.minute is None or seen.minute is None:
        return mine.minute == seen.minute
    slack = 1 if entry.origin is Origin.NOTIFICATION else 0
    apart = abs(mine.minute - seen.minute)
    if min(apart, _MIDNIGHT - apart) > slack:
        return False
    if mine.day is None or seen.day is None:
        return True
    return abs((mine.day - seen.day).days) <= (slack if apart > 1 else 0)


def has_content(mine: Content, seen: Content) -> bool:
    """Compare kind and text, direction marks, emphasis and spaces aside."""
    if mine.kind is not seen.kind:
        return False
    if mine.kind not in (Kind.TEXT, Kind.SYSTEM, Kind.UNKNOWN) and (not mine.text or not seen.text):
        return _same_name(mine, seen)
    if mine.text == seen.text:
        return True
    ours, theirs = plain(mine.text), plain(seen.text)
    return ours == theirs or (seen.cut and bool(theirs) and ours.startswith(theirs)) or (
        mine.cut and bool(ours) and theirs.startswith(ours)
    )  # fmt: skip


def _same_name(mine: Content, seen: Content) -> bool:
    ours, theirs = (mine.media.name if mine.media else ""), (seen.media.name if seen.media else "")
    return not ours or not theirs or ours == theirs


def is_update(mine: Content, seen: Content) -> bool:
    """Tell whether the app may show `mine` as `seen` later: deleted, edited, named once known."""
    if seen.kind is Kind.DELETED or mine.kind is Kind.UNKNOWN:
        return True
    return seen.edited and mine.kind is seen.kind


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return text as it is compared."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_MARKUP)).split())


def merged(entry: Entry, row: RowSeen) -> tuple[Content, Shown]:
    """Return what is known of the entry once the row was seen; nothing known is given up for something unknown."""
    mine, seen = entry.content, row.content
    text = seen.text
    if mine.text and has_content(mine, seen) and (len(mine.text) > len(text) or plain(mine.text) == plain(text)):
        text = mine.text
    if mine.kind is Kind.UNKNOWN and entry.origin is Origin.EXPORT:
        # A file that an export does not name may have a caption there.
        text = text or mine.text
    content = replace(
        seen,
        text=text,
        tick=_further(mine.tick, seen.tick),
        sender=seen.sender or mine.sender,
        edited=mine.edited or seen.edited,
        forwarded=mine.forwarded or seen.forwarded,
        cut=seen.cut and len(text) <= len(seen.text),
        quoted=seen.quoted or mine.quoted,
        media=both_media(seen.media, mine.media),
    )
    minute = row.shown.minute if row.shown.minute is not None else entry.shown.minute
    return content, Shown(minute, row.shown.day or entry.shown.day)


def both_media(first: Media | None, second: Media | None) -> Media | None:
    """Return what both say of a file; where both say something, the first does."""
    if first is None or second is None:
        return first or second
    return Media(
        first.name or second.name,
        first.size or second.size,
        first.duration or second.duration,
        first.description or second.description,
        first.is_absent,
        first.count or second.count,
    )


def shows_last(row: ListRowSeen, last: Entry) -> bool:
    """Tell whether a row of the chat list, nothing unread, speaks of this message: side, minute or day, and text."""
    if row.unread or row.own_last != (last.direction is Direction.OUT):
        return False
    if row.when.minute is not None and row.when.minute != last.shown.minute:
        return False
    if row.when.day is not None and last.shown.day is not None and row.when.day != last.shown.day:
        return False
    if last.content.kind is not Kind.TEXT:
        return last.content.kind is not Kind.UNKNOWN
    shown, text = plain(row.preview), plain(last.content.text)
    cut = shown.removesuffix("\u2026").rstrip()
    return bool(shown) and (shown == text or (cut != shown and text.startswith(cut)))


def is_heard(row: ListRowSeen, entries: Sequence[Entry]) -> bool:
    """Tell whether notifications told all that a row of the chat list speaks of: its last message, all unread ones."""
    said = [e for e in entries if not e.gone and e.content.kind is not Kind.SYSTEM]
    if not said or not shows_last(replace(row, unread=0), said[-1]):
        return False
    theirs = list(takewhile(lambda e: e.direction is Direction.IN, reversed(said)))
    return len(theirs) >= row.unread


def _further(mine: Tick | None, seen: Tick | None) -> Tick | None:
    """Ticks only go forward; an icon that cannot be read changes nothing."""
    if mine is None or seen is None:
        return seen or mine
    return max(mine, seen, key=TICK_ORDER.index)
