"""What rows of a chat prove of the words of their phone. Only a message that is known for certain proves anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from app.domain.ids import MessageId
from app.domain.message import Entry, Kind
from app.domain.observation import ListRowSeen, RowSeen
from app.domain.words import WordEvidence
from app.mirror.matching import has_content, has_core, is_same, plain

_LONG = 300
"""The app cuts no shorter text."""
_TAIL = re.compile(r"\u2026\s*([^\n\u2026]{2,40})$")
_DATE = re.compile(r"(\d{1,2})[./\-\s]\s*(\d{1,2})[./\-\s]\s*(?:\d{4}|\d{2})")
_WORDS = 4

Pairs = list[tuple[Entry, RowSeen]]


def pair_rows(entries: Sequence[Entry], rows: Sequence[RowSeen]) -> Pairs:
    """Return which entry each row shows, for rows that end at the newest message; nothing where one does not fit."""
    live = [entry for entry in entries if not entry.gone]
    if not rows or len(rows) > len(live):
        return []
    pairs = list(zip(live[-len(rows) :], rows, strict=True))
    fits = all(has_core(entry, row) and has_content(entry.content, row.content) for entry, row in pairs)
    return pairs if fits else []


def follow_ticks(pairs: Pairs, said: Mapping[MessageId, str]) -> tuple[dict[MessageId, str], WordEvidence]:
    """Return the words that own messages show now, and which word replaced which since `said`.

    Texts only, and only one of its kind: of two equal messages of one minute nobody can tell which one a row shows.
    """
    alike = Counter(_key(entry) for entry, _ in pairs)
    now = {
        entry.id: row.tick_word
        for entry, row in pairs
        if row.tick_word and row.whole and entry.content.kind is Kind.TEXT and alike[_key(entry)] == 1
    }
    followed = {(said[one], word) for one, word in now.items() if one in said and said[one] != word}
    return now, WordEvidence(followed=frozenset(followed))


def _key(entry: Entry) -> tuple[object, ...]:
    return entry.direction, entry.shown.minute, plain(entry.content.text)


def find_deleted(before: Sequence[Entry], rows: Sequence[RowSeen]) -> WordEvidence:
    """Return the words that stand, with an icon and no sign of an edit, where the mirror has another text.

    The messages right above and right below must be the known ones, and the place the only one.
    """
    live = [entry for entry in before if not entry.gone]
    found: dict[str, frozenset[int]] = {}
    for at in range(1, len(rows) - 1):
        row = rows[at]
        if not row.has_icon or row.content.edited or row.content.kind is not Kind.TEXT or not row.whole:
            continue
        places = [
            entry
            for above, entry, below in zip(live, live[1:], live[2:], strict=False)
            if is_same(above, rows[at - 1]) and is_same(below, rows[at + 1]) and has_core(entry, row)
        ]
        if len(places) == 1 and not has_content(places[0].content, row.content) and places[0].content.text:
            word = _folded(row.content.text).rstrip(".")
            found[word] = found.get(word, frozenset()) | {int(places[0].id)}
    return WordEvidence(deleted=found)


def find_cut(pairs: Pairs) -> WordEvidence:
    """Return what stands behind dots at the end of long texts."""
    found: dict[str, frozenset[int]] = {}
    for entry, row in pairs:
        tail = _TAIL.search(row.content.text) if len(row.content.text) >= _LONG else None
        if tail is not None and len(tail[1].split()) <= _WORDS:
            word = _folded(tail[1])
            found[word] = found.get(word, frozenset()) | {int(entry.id)}
    return WordEvidence(cut=found)


def find_dates(rows: Sequence[ListRowSeen]) -> WordEvidence:
    """Return which order dates of numbers certainly have: no month is greater than twelve."""
    seen: set[str] = set()
    for row in rows:
        date = _DATE.fullmatch(row.when_text.strip())
        if date is not None and (int(date[1]) > 12) != (int(date[2]) > 12):
            seen.add("day" if int(date[1]) > 12 else "month")
    return WordEvidence(dates=frozenset(seen))


def _folded(text: str) -> str:
    return " ".join(plain(text).split()).casefold()
