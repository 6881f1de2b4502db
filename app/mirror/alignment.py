"""Aligns the end of the mirror with rows on the screen where a message vanished or arrived late.

Scores are bits of evidence; an answer counts only when no rival comes near it (reconciling.md C3, step 3).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from app.domain.message import Entry
from app.domain.observation import RowSeen
from app.mirror.matching import is_same, may_be, plain

_UPDATE, _VANISHED, _LATE = 1.5, -9.0, -6.0
_CAP = 20.0
_MARGIN = 5.0
_MIN_SCORE = 6.0
_REACH = 120
"""Entries looked back; a run seldom holds more."""

_NONE = -1e9
_BAND = 40
_GONE, _NEW, _MATCH = 0, 1, 2


def align(entries: Sequence[Entry], rows: Sequence[RowSeen]) -> tuple[list[int], list[int]] | None:
    """Return which entries are which rows (two index lists of one length), or None where rivals are too near.

    Entries before the first match are free; every entry behind it must match or vanish. Rows before the first match are
    free (older than what is compared), rows between matches arrived late, rows behind the last match are new.
    """
    base = max(0, len(entries) - _REACH)
    known = entries[base:]
    if not known or not rows:
        return None
    bits = _bits(known, rows)
    score, step = _fill(known, rows, bits)
    ends = sorted(((score[-1][j], j) for j in range(len(rows))), key=lambda end: end[0], reverse=True)
    best, j = ends[0]
    rival = ends[1][0] if len(ends) > 1 else _NONE
    if best < _MIN_SCORE or best - rival < _MARGIN:
        return None
    pairs = _trace(step, len(known) - 1, j)
    return [base + i for i, _ in pairs], [j for _, j in pairs]


def _bits(entries: Sequence[Entry], rows: Sequence[RowSeen]) -> dict[tuple[object, ...], float]:
    """Return how much an equal row says: rare rows say more."""
    keys = [_key(e) for e in entries] + [_key(r) for r in rows]
    counts = Counter(keys)
    total = len(keys)
    return {key: min(_CAP, math.log2(2 * total / count)) for key, count in counts.items()}


def _key(item: Entry | RowSeen) -> tuple[object, ...]:
    return (item.direction, item.shown.minute, item.content.kind, plain(item.content.text))


def _fill(
    entries: Sequence[Entry], rows: Sequence[RowSeen], bits: dict[tuple[object, ...], float]
) -> tuple[list[list[float]], list[list[tuple[int, int] | None]]]:
    """Return the best score that consumes entries up to i with the last match at row j, and where each came from.

    A cell stands for "entry i handled, last matched row j"; `step` names the entry and cell before.
    """
    n, m = len(entries), len(rows)
    score = [[_NONE] * m for _ in range(n)]
    step: list[list[tuple[int, int] | None]] = [[None] * m for _ in range(n)]
    for i in range(n):
        prefix = _best_before(score[i - 1], m) if i else [(0.0, -1)] * m
        for j in range(m):
            gain = _gain(entries[i], rows[j], bits)
            # A chain may begin at any entry: what lies before it is older than the run.
            best, came = (gain, (-1, -1)) if gain > _NONE else (_NONE, (-1, -1))
            if i and gain > _NONE:
                before, column = prefix[j]
                if before + gain > best:
                    best, came = before + gain, (i - 1, column)
            if i and score[i - 1][j] + _VANISHED > best:
                best, came = score[i - 1][j] + _VANISHED, (i - 1, j)
                score[i][j], step[i][j] = best, (-(i - 1) - 2, j)
                continue
            score[i][j], step[i][j] = best, came if best > _NONE else None
    return score, step


def _best_before(line: list[float], m: int) -> list[tuple[float, int]]:
    """Return for each row the best earlier cell, each row skipped between charged as a late arrival."""
    found: list[tuple[float, int]] = []
    best, column = _NONE, -1
    for j in range(m):
        found.append((best, column))
        best += _LATE
        if line[j] > best:
            best, column = line[j], j
    return found


def _gain(entry: Entry, row: RowSeen, bits: dict[tuple[object, ...], float]) -> float:
    if is_same(entry, row):
        return bits[_key(row)]
    return _UPDATE if may_be(entry, row) else _NONE


def _trace(step: list[list[tuple[int, int] | None]], i: int, j: int) -> list[tuple[int, int]]:
    """Walk back from the best cell and return the matched pairs, oldest first."""
    pairs: list[tuple[int, int]] = []
    while i >= 0:
        came = step[i][j]
        if came is None:
            break
        source, column = came
        if source <= -2:
            i, j = -source - 2, column
            continue
        pairs.append((i, j))
        i, j = source, column
    return pairs[::-1]


def align_below(entries: Sequence[Entry], rows: Sequence[RowSeen]) -> list[tuple[int, int]]:
    """Return the likeliest pairs of entries and rows where both begin with the same message.

    Every entry is matched or vanished. Rows between matches arrived late, rows behind the last match are new.
    """
    begin = 0
    while begin < min(len(entries), len(rows)) and is_same(entries[begin], rows[begin]):
        begin += 1
    pairs = [(i, i) for i in range(begin)]
    left, shown = entries[begin:], rows[begin:]
    best = _worth(left, shown, _bits(left, shown))
    i = j = 0
    while i < len(left) and j < len(shown):
        step = best[i][j][1]
        if step == _MATCH:
            pairs.append((begin + i, begin + j))
        i, j = i + (step != _NEW), j + (step != _GONE)
    return pairs


def _worth(
    left: Sequence[Entry], shown: Sequence[RowSeen], bits: dict[tuple[object, ...], float]
) -> list[list[tuple[float, int]]]:
    """Return what the entries from i on and the rows from j on are worth, and the step that is worth it.

    Rows behind all matches cost nothing. So far apart as no chat changes at once, nothing is compared.
    """
    many, wide = len(left), len(shown)
    reach = _BAND + max(0, wide - many)
    best = [[(_NONE, _GONE)] * (wide + 1) for _ in range(many)]
    best.append([(0.0, _NEW)] * (wide + 1))
    for i in range(many - 1, -1, -1):
        line, below = best[i], best[i + 1]
        line[wide] = below[wide][0] + _VANISHED, _GONE
        for j in range(min(wide - 1, i + reach), max(-1, i - _BAND - 1), -1):
            line[j] = max(
                (below[j + 1][0] + _gain(left[i], shown[j], bits), _MATCH),
                (line[j + 1][0] + _LATE, _NEW),
                (below[j][0] + _VANISHED, _GONE),
            )
    return best
