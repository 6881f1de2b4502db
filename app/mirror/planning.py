"""Decides what a run of rows, or a notification, adds to the mirror. What cannot be placed for certain is a gap.

Exact stage: the newest entries must be the first rows, in one way only, anchored in a minute older than the newest.
Event stage: an alignment in bits of evidence where a message vanished or arrived late (reconciling.md C3).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from app.domain.change import Change, GapClosed, GapFound, MessageAdded, MessageChanged, MessageVanished
from app.domain.ids import MessageId
from app.domain.message import ChatWindow, Direction, Entry, Kind, Origin, Shown
from app.domain.observation import NotifiedMessage, RowSeen
from app.mirror.alignment import align
from app.mirror.matching import has_content, is_same, may_be, merged, plain
from app.mirror.run import Run

_ANCHOR_ROWS = 2
_DEPTH = 5
"""So many known rows a run must show again: a message that came late may stand above the last ones."""


class Verdict(StrEnum):
    """What a plan is worth."""

    PLACED = "placed"
    NEEDS_MORE = "needs_more"
    """Read further up, then plan again."""
    NOT_PLACED = "not_placed"
    """Nothing was committed; the chat shows a gap at its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to apply in one transaction, in order."""

    verdict: Verdict
    changes: tuple[Change, ...] = ()
    has_gap: bool = False


def plan(window: ChatWindow, run: Run, *, is_last: bool) -> Plan:
    """Return the changes that make the mirror agree with a run of rows.

    Args:
        window: The newest entries of the mirror, oldest first.
        run: Contiguous rows that end at the newest message.
        is_last: Nothing further up can be read; decide now.
    """
    entries = [e for e in window.entries if not e.gone]
    settled = _settled(entries)
    heard = entries[len(settled) :]
    if not settled:
        return _first(window, heard, run, is_last)
    overlap = _exact(window, settled, heard, run)
    if overlap is not None:
        return _commit(settled, list(range(len(settled) - overlap, len(settled))), list(range(overlap)), heard, run)
    if not is_last and not run.starts_chat:
        return Plan(Verdict.NEEDS_MORE)
    return _by_events(window, settled, heard, run)


def plan_for_sure(window: ChatWindow, run: Run, *, is_last: bool) -> Plan:
    """Plan for a chat whose header may be another's: rows that lack what is known of it are not taken for its own."""
    decided = plan(window, run, is_last=is_last)
    is_strange = decided.has_gap or any(isinstance(change, MessageVanished) for change in decided.changes)
    is_strange = is_strange and bool(_settled([e for e in window.entries if not e.gone]))
    return Plan(Verdict.NOT_PLACED, has_gap=True) if is_strange else decided


def _settled(entries: list[Entry]) -> list[Entry]:
    """Return the entries up to the last one that a screen or an export showed; those behind it were only heard of."""
    end = len(entries)
    while end and entries[end - 1].origin is Origin.NOTIFICATION:
        end -= 1
    return entries[:end]


def _first(window: ChatWindow, heard: list[Entry], run: Run, is_last: bool) -> Plan:
    """The chat was never read before."""
    if not run.starts_chat and not is_last:
        return Plan(Verdict.NEEDS_MORE)
    changes, _ = _tail(None, heard, list(run.rows), gap_before=not run.starts_chat)
    return Plan(Verdict.PLACED, tuple(changes), has_gap=not run.starts_chat)


def _exact(window: ChatWindow, settled: list[Entry], heard: list[Entry], run: Run) -> int | None:
    """Return how many rows the run shares with the end of the mirror, None unless there is one anchored answer."""
    rows = run.rows
    fits = [
        n for n in range(1, min(len(settled), len(rows)) + 1)
        if may_be(settled[-n], rows[0])
        and all(may_be(e, r) for e, r in zip(settled[-n:], rows[:n], strict=True))
        and _embeds(heard, rows[n:])
    ]  # fmt: skip
    if len(fits) != 1:
        return None
    overlap = fits[0]
    covers_all = overlap == len(settled) and (window.complete or run.starts_chat)
    if run.starts_chat and overlap == len(rows):
        covers_all = True
    return overlap if covers_all or _is_anchored(settled, rows[:overlap]) else None


def find_overlap(window: ChatWindow, run: Run) -> int | None:
    """Return how many first rows of a run are the newest entries of a window; None unless there is one sure answer."""
    return _exact(window, list(window.entries), [], run)


def _is_anchored(settled: list[Entry], shared: tuple[RowSeen, ...]) -> bool:
    """Only rows that show their entry unchanged hold: one that would be an update may as well be another message."""
    if len(shared) < _DEPTH:
        return False
    newest = _minute_key(settled[-1].shown)
    pairs = zip(settled[len(settled) - len(shared) :], shared, strict=True)
    unchanged = [row if is_same(entry, row) else None for entry, row in pairs]
    older = [row for row in unchanged if row and row.shown.minute is not None and _minute_key(row.shown) != newest]
    return unchanged[0] is not None and len(older) >= _ANCHOR_ROWS


def _minute_key(shown: Shown) -> tuple[object, ...]:
    return (shown.minute,)


def _embeds(heard: list[Entry], rows: tuple[RowSeen, ...]) -> bool:
    """Tell whether what notifications told is found, in order, among the new rows."""
    return len(_embedding(heard, rows)) == len(heard)


def _embedding(heard: list[Entry], rows: tuple[RowSeen, ...] | list[RowSeen]) -> dict[int, int]:
    """Return row by heard entry: as many as can be, in order; of equal ones the newest, for a run ends at the end."""
    width = len(rows) + 1
    best = [[0] * width for _ in range(len(heard) + 1)]
    for i, entry in enumerate(heard, 1):
        for j, row in enumerate(rows, 1):
            hit = 1 + best[i - 1][j - 1] if may_be(entry, row) else 0
            best[i][j] = max(hit, best[i - 1][j], best[i][j - 1])
    found: list[tuple[int, int]] = []
    i, j = len(heard), len(rows)
    while i and j:
        if best[i][j] == 1 + best[i - 1][j - 1] and may_be(heard[i - 1], rows[j - 1]):
            i, j = i - 1, j - 1
            found.append((i, j))
        elif best[i - 1][j] >= best[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return dict(reversed(found))


def _commit(
    settled: list[Entry], known: list[int], seen: list[int], heard: list[Entry], run: Run, *, is_whole: bool = False
) -> Plan:
    """Update the matched entries, insert what stands between them, append the rest.

    Where both sides are whole, what is not matched in front of the first match vanished or arrived too.
    """
    changes: list[Change] = []
    matched = dict(zip(known, seen, strict=True))
    by_row = {row: entry for entry, row in matched.items()}
    last_row = max(seen)
    after: MessageId | None = settled[known[0] - 1].id if known[0] > 0 else None
    reaches_back = known[0] == 0 or is_whole
    first = 0 if is_whole else known[0]
    for index in range(last_row + 1):
        if index in by_row:
            entry = settled[by_row[index]]
            changes += update_entry(entry, run.rows[index])
            after = entry.id
        elif index > min(seen) or reaches_back:
            changes.append(_added(run.rows[index], after, gap_before=index == 0 and not run.starts_chat))
    changes += [MessageVanished(settled[i].id) for i in range(first, len(settled)) if i not in matched]
    closed = known if reaches_back and (run.starts_chat or min(seen) > 0) else known[1:]
    if not run.starts_chat:
        # What came late may stand in front of the last ones above a gap: filling back looks further up.
        closed = [i for i in closed if i in known[_DEPTH:]]
    gaps = [settled[i] for i in closed if settled[i].gap_before]
    changes += [GapClosed(e.id) for e in gaps]
    tail, _ = _tail(settled[-1].id, heard, list(run.rows[last_row + 1 :]), gap_before=False)
    return Plan(Verdict.PLACED, tuple(changes + tail))


def _tail(
    after: MessageId | None, heard: list[Entry], rows: list[RowSeen], *, gap_before: bool
) -> tuple[list[Change], MessageId | None]:
    """Append rows behind `after`; those that a notification told already only change."""
    changes: list[Change] = []
    found = {row: entry for entry, row in _embedding(heard, rows).items()}
    # Where something is missing in front, what was heard before the first row stands there, out of view.
    above = min(found.values(), default=len(heard)) if gap_before else 0
    after = heard[above - 1].id if above else after
    for index, row in enumerate(rows):
        if index in found:
            entry = heard[found[index]]
            changes += update_entry(entry, row)
            changes += [GapFound(entry.id)] if gap_before and index == 0 else []
            after = entry.id
        else:
            changes.append(_added(row, after, gap_before=gap_before and index == 0))
    changes += [MessageVanished(e.id) for i, e in enumerate(heard) if i >= above and i not in found.values()]
    return changes, after


def _by_events(window: ChatWindow, settled: list[Entry], heard: list[Entry], run: Run) -> Plan:
    """Something vanished or came late: align by evidence, or say that it cannot be placed."""
    found = align(settled, run.rows)
    is_whole = window.complete and run.starts_chat
    if is_whole and (found is None or (found[0][0] > 0 and found[1][0] > 0)):
        # The whole chat is in view: whichever of two equal rows stayed, the result is the same.
        pairs = _embedding(settled, run.rows)
        found = (list(pairs), list(pairs.values())) if pairs else found
    if found is not None and (is_whole or _goes_on_above(settled, run.rows, found[0][0], found[1][0])):
        known, seen = found
        return _commit(settled, known, seen, heard, run, is_whole=is_whole)
    if not _shares_anything(settled, run.rows):
        changes, _ = _tail(settled[-1].id, heard, list(run.rows), gap_before=True)
        return Plan(Verdict.PLACED, tuple(changes), has_gap=True)
    return Plan(Verdict.NOT_PLACED, has_gap=True)


def _goes_on_above(settled: list[Entry], rows: tuple[RowSeen, ...], known: int, seen: int) -> bool:
    """Tell whether the rows right above the first match are the entries right above it; a late one must not be passed.

    Above the oldest entry, and above a gap, anything may stand.
    """
    if known == 0 or settled[known].gap_before:
        return True
    above = zip(reversed(settled[max(0, known - 2) : known]), reversed(rows[max(0, seen - 2) : seen]), strict=False)
    return all(may_be(entry, row) for entry, row in above)


def _shares_anything(settled: list[Entry], rows: tuple[RowSeen, ...]) -> bool:
    keys = {(e.direction, e.shown.minute, plain(e.content.text)) for e in settled[-400:]}
    return any((r.direction, r.shown.minute, plain(r.content.text)) in keys for r in rows if r.shown.minute is not None)


def update_entry(entry: Entry, row: RowSeen) -> list[Change]:
    """Return the change that makes an entry say what its row shows now, none where it does."""
    content, shown = merged(entry, row)
    if (content, shown, Origin.SCREEN) == (entry.content, entry.shown, entry.origin):
        return []
    return [MessageChanged(entry.id, content, shown, Origin.SCREEN, entry.time_ms)]


def _added(row: RowSeen, after: MessageId | None, *, gap_before: bool = False) -> MessageAdded:
    return MessageAdded(row.direction, row.shown, row.content, Origin.SCREEN, after, gap_before=gap_before)


def plan_notified(window: ChatWindow, messages: tuple[NotifiedMessage, ...], zone: tzinfo) -> Plan:
    """Return the messages of a notification that the mirror lacks. The app's own milliseconds identify them.

    Args:
        window: The newest entries of the mirror.
        messages: What the notification lists, oldest first.
        zone: The phone's zone, in which its screen shows minutes.
    """
    entries = [e for e in window.entries if not e.gone and e.direction is Direction.IN]
    unclaimed = [e for e in entries if e.time_ms is None and e.content.kind is not Kind.SYSTEM]
    used: set[MessageId] = set()
    changes: list[Change] = []
    last = window.entries[-1].id if window.entries else None
    for message in _news(entries, messages):
        shown = _shown_at(message.time_ms, zone)
        twin = next((e for e in unclaimed if e.id not in used and _is_twin(e, message, shown)), None)
        if twin is not None:
            used.add(twin.id)
            changes.append(MessageChanged(twin.id, twin.content, twin.shown, twin.origin, message.time_ms))
            continue
        changes.append(
            MessageAdded(Direction.IN, shown, message.content, Origin.NOTIFICATION, last, time_ms=message.time_ms)
        )
    return Plan(Verdict.PLACED, tuple(changes))


def _news(entries: list[Entry], messages: tuple[NotifiedMessage, ...]) -> list[NotifiedMessage]:
    """Return the messages that no entry of their time stands for; the app's times are whole seconds, two may share one.

    An entry of the same text is the message; else one of the same time is, told anew with another text.
    """
    known = [e for e in entries if e.time_ms is not None]
    news: list[NotifiedMessage] = []
    for message in messages:
        twin = next(
            (e for e in known if e.time_ms == message.time_ms and has_content(e.content, message.content)), None
        )
        if twin is not None:
            known.remove(twin)
        else:
            news.append(message)
    left = Counter(e.time_ms for e in known)
    unknown: list[NotifiedMessage] = []
    for message in news:
        if left[message.time_ms]:
            left[message.time_ms] -= 1
        else:
            unknown.append(message)
    return unknown


def _shown_at(time_ms: int, zone: tzinfo) -> Shown:
    local = datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone)
    return Shown(local.hour * 60 + local.minute, local.date())


def _is_twin(entry: Entry, message: NotifiedMessage, shown: Shown) -> bool:
    if entry.shown.minute is None or shown.minute is None or abs(entry.shown.minute - shown.minute) > 1:
        return False
    if entry.shown.day is not None and entry.shown.day != shown.day:
        return False
    if entry.origin is Origin.EXPORT and entry.content.kind is Kind.UNKNOWN:
        return message.content.kind not in (Kind.TEXT, Kind.SYSTEM)
    return has_content(entry.content, message.content)
