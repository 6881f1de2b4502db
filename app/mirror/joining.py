"""Finds which entries of the mirror are which rows of an export, in order. Pure.

The whole history is compared, so the matrix of `alignment` would be too large: only pairs of one minute are looked at,
and the heaviest chain of them is the answer. A pair counts only where no rival that says something else comes near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app.domain.exported import ExportedRow
from app.domain.message import Content, Entry, Kind, Origin
from app.mirror.matching import has_content, plain

_EXACT, _MAY, _NOTICE, _ANEW = 12.0, 10.0, 1.0, 4.0
"""Bits that a pair says. Of those some nine are for the entry that else would have vanished from the phone."""
_LONG_TEXT = 24
"""Characters from which a text says no more than a shorter one."""
_MARGIN = 3.0
_NEAR = timedelta(days=2)
_SURE_RUN = 3
_UNTIMED = frozenset({Kind.SYSTEM, Kind.CALL})
"""Rows that the phone may show without a minute."""
_SPEAKING = frozenset({Kind.TEXT, Kind.SYSTEM, Kind.DELETED, Kind.CALL})
"""Kinds that are no file: an export tells them always."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry (index), the row (index) that may be it, and how much that says."""

    entry: int
    row: int
    weight: float


def join(entries: Sequence[Entry], rows: Sequence[ExportedRow]) -> list[Pair]:
    """Return the pairs that are certain, in the order of both."""
    bounds = _bounds(entries)
    pairs = _candidates(entries, rows, bounds)
    chain = _sure(pairs, rows)
    return [p for run in _runs(chain, entries) for p in run if _holds(p, run, entries, rows, bounds)]


def may_be_one(entry: Entry, row: ExportedRow) -> bool:
    """Tell whether an entry and a row that were not joined can still be one message, told differently."""
    if entry.content.kind is Kind.SYSTEM or row.content.kind is Kind.SYSTEM:
        return False
    if entry.direction is not row.direction or not _same_sort(entry.content, row.content):
        return False
    days = abs((entry.shown.day - row.shown.day).days) if entry.shown.day and row.shown.day else 0
    if entry.shown.minute is None or row.shown.minute is None:
        return days == 0
    apart = abs(entry.shown.minute - row.shown.minute)
    return min(apart, 1440 - apart) <= 2 and days <= (1 if apart > 2 else 0)


def _same_sort(mine: Content, theirs: Content) -> bool:
    return mine.kind is theirs.kind or bool({mine.kind, theirs.kind} & {Kind.UNKNOWN, Kind.DELETED, Kind.VIEW_ONCE})


def _bounds(entries: Sequence[Entry]) -> list[tuple[date | None, date | None]]:
    """Return the days that an entry lies between: its own where it is known, else those of its neighbours."""
    lows: list[date | None] = []
    day: date | None = None
    for entry in entries:
        day = entry.shown.day or day
        lows.append(day)
    highs: list[date | None] = []
    day = None
    for entry in reversed(entries):
        day = entry.shown.day or day
        highs.append(day)
    return list(zip(lows, reversed(highs), strict=True))


def _candidates(
    entries: Sequence[Entry], rows: Sequence[ExportedRow], bounds: Sequence[tuple[date | None, date | None]]
) -> list[list[Pair]]:
    """Return for each entry the rows that it may be, in the rows' order."""
    by_day: dict[object, list[int]] = defaultdict(list)
    by_minute: dict[object, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_day[row.shown.minute, row.shown.day].append(index)
        by_minute[row.shown.minute].append(index)
        if row.content.kind is Kind.CALL:
            by_day[None, row.shown.day].append(index)
    found: list[list[Pair]] = []
    for index, entry in enumerate(entries):
        if entry.shown.day is not None:
            near = {i for key in _keys(entry) for i in by_day.get(key, ())}
        else:
            near = {i for i in by_minute.get(entry.shown.minute, ()) if _within(rows[i], bounds[index])}
        part = 0.5 if entry.gone else 1.0
        weighed = [Pair(index, i, part * _weight(entry, rows[i])) for i in sorted(near)]
        found.append([p for p in weighed if p.weight > 0])
    return found


def _keys(entry: Entry) -> list[tuple[int | None, date | None]]:
    """A notification's minute may be one beside the screen's."""
    minute, day = entry.shown.minute, entry.shown.day
    if minute is None or day is None or entry.origin is not Origin.NOTIFICATION:
        return [(minute, day)]
    moved = [divmod(minute + by, 1440) for by in (-1, 0, 1)]
    return [(left, day + timedelta(days=days)) for days, left in moved]


def _within(row: ExportedRow, bounds: tuple[date | None, date | None]) -> bool:
    low, high = bounds
    day = row.shown.day
    return day is None or ((low is None or day >= low) and (high is None or day <= high))


def _weight(entry: Entry, row: ExportedRow) -> float:
    """Return how much it says that an entry and a row of its minute are one; 0 where they cannot be."""
    mine, theirs = entry.content, row.content
    if Kind.SYSTEM in (mine.kind, theirs.kind):
        if mine.kind is not theirs.kind:
            return 0.0
        return _EXACT if plain(mine.text) == plain(theirs.text) else _NOTICE
    if entry.direction is not row.direction:
        return 0.0
    if has_content(mine, theirs):
        weight = _EXACT + (min(len(theirs.text), _LONG_TEXT) / 4 if mine.kind is Kind.TEXT else 0)
        return weight if entry.shown.minute == row.shown.minute else weight - _ANEW
    return _MAY if _told_otherwise(mine, theirs) else 0.0


def _told_otherwise(mine: Content, theirs: Content) -> bool:
    """Tell whether both can be one message: deleted or edited in between, or a file that one of them does not name."""
    kinds = (mine.kind, theirs.kind)
    if Kind.DELETED in kinds or mine.kind is Kind.UNKNOWN:
        return True
    if theirs.kind is Kind.UNKNOWN:
        return mine.kind not in _SPEAKING
    if mine.kind is theirs.kind is Kind.TEXT:
        return mine.edited or theirs.edited
    return mine.kind is theirs.kind and mine.kind in (Kind.CALL, Kind.POLL, Kind.LOCATION, Kind.CONTACT)


# -- the heaviest chain ------------------------------------------------------------------------------


class _Best:
    """The greatest value among the keys up to one, for keys 0..n-1 (a Fenwick tree)."""

    def __init__(self, size: int) -> None:
        self._values: list[tuple[float, Pair | None]] = [(0.0, None)] * (size + 1)

    def up_to(self, key: int) -> tuple[float, Pair | None]:
        best: tuple[float, Pair | None] = (0.0, None)
        key += 1
        while key > 0:
            if self._values[key][0] > best[0]:
                best = self._values[key]
            key -= key & -key
        return best

    def put(self, key: int, value: float, pair: Pair) -> None:
        key += 1
        while key < len(self._values):
            if value > self._values[key][0]:
                self._values[key] = (value, pair)
            key += key & -key


def _scores(groups: Iterable[Sequence[Pair]], size: int, *, back: bool) -> dict[Pair, tuple[float, Pair | None]]:
    """Return for each pair the heaviest chain that ends with it, and the pair before it there."""
    best = _Best(size)
    scores: dict[Pair, tuple[float, Pair | None]] = {}
    for group in groups:
        for pair in group:
            key = size - 1 - pair.row if back else pair.row
            before, came = best.up_to(key - 1)
            scores[pair] = (before + pair.weight, came)
        for pair in group:
            best.put(size - 1 - pair.row if back else pair.row, scores[pair][0], pair)
    return scores


def _sure(pairs: Sequence[Sequence[Pair]], rows: Sequence[ExportedRow]) -> list[Pair]:
    """Return the heaviest chain, without the pairs of an entry that may as well be a row that says something else."""
    ahead = _scores(pairs, len(rows), back=False)
    if not ahead:
        return []
    behind = _scores(reversed(pairs), len(rows), back=True)
    end = max(ahead, key=lambda p: ahead[p][0])
    most = ahead[end][0]
    chain: list[Pair] = []
    step: Pair | None = end
    while step is not None:
        chain.append(step)
        step = ahead[step][1]
    return [
        one for one in reversed(chain)
        if all(
            _says(rows[rival.row]) == _says(rows[one.row]) for rival in pairs[one.entry]
            if ahead[rival][0] + behind[rival][0] - rival.weight > most - _MARGIN
        )
    ]  # fmt: skip


def _says(row: ExportedRow) -> tuple[object, ...]:
    return (row.direction, row.shown, row.content.kind, plain(row.content.text))


# -- entries whose day is not known ------------------------------------------------------------------


def _runs(chain: Sequence[Pair], entries: Sequence[Entry]) -> list[list[Pair]]:
    """Return the chain in runs of neighbours, in the mirror without a gap and in the export."""
    runs: list[list[Pair]] = []
    for pair in chain:
        last = runs[-1][-1] if runs else None
        follows = last is not None and (pair.entry, pair.row) == (last.entry + 1, last.row + 1)
        if follows and not entries[pair.entry].gap_before:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _holds(
    pair: Pair,
    run: Sequence[Pair],
    entries: Sequence[Entry],
    rows: Sequence[ExportedRow],
    bounds: Sequence[tuple[date | None, date | None]],
) -> bool:
    """An entry without a day is placed only between near days, or by a run that is dated or long enough."""
    if entries[pair.entry].shown.day is not None:
        return True
    low, high = bounds[pair.entry]
    if low is not None and high is not None and high - low <= _NEAR:
        return True
    if any(entries[p.entry].shown.day is not None for p in run):
        return True
    exact = [p for p in run if p.weight >= _EXACT]
    minutes = [rows[p.row].shown.minute for p in exact]
    return len(exact) >= _SURE_RUN and len(list(groupby(minutes))) > 1
