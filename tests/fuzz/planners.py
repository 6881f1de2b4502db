"""Targets that decide: any mirror, any rows, any windows give a plan that can be applied."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, timedelta

from app.domain.change import GapClosed, GapFound, MessageAdded, MessageChanged, MessageVanished
from app.domain.ids import ChatId, MessageId
from app.domain.message import ChatWindow, Content, Direction, Entry, Kind, Media, Origin, Shown, Tick
from app.domain.observation import ChatSeen, NotifiedMessage, RowSeen
from app.mirror.backfill import plan_back
from app.mirror.planning import Plan, Verdict, plan, plan_notified
from app.mirror.run import Run, begin_run, extend_run, with_last_day
from tests.fuzz.readers import TODAY, decode

_TEXTS = ("ok", "ok", "", "a b", "\u200eok", "*ok*", "o" * 400, "cafe\u0301", "\U0001f44d\ufe0f", "\ud83d", "\x00")


def reconcile(body: bytes) -> None:
    """A plan names known messages only, adds no row twice, and decides when it must."""
    chance = _chance(body)
    texts = _texts(body)
    entries = tuple(_entry(chance, texts, n) for n in range(chance.choice((0, 1, 3, 12, 60))))
    rows = _rows(chance, texts, entries, chance.choice((0, 1, 3, 12, 40)))
    run = Run(rows, chance.random() < 0.3, ends_chat=True)
    window = ChatWindow(ChatId(1), entries, chance.random() < 0.3)
    for is_last in (False, True):
        for planner in (plan, plan_back):
            decided = planner(window, run, is_last=is_last)
            _check(decided, {entry.id for entry in entries}, len(rows))
            if decided.verdict is Verdict.NEEDS_MORE:
                assert not is_last
                assert not run.starts_chat
                assert decided.changes == ()


def take_notifications(body: bytes) -> None:
    """Messages of a notification are added once each, or are known."""
    chance = _chance(body)
    texts = _texts(body)
    entries = tuple(_entry(chance, texts, n) for n in range(chance.choice((0, 2, 20))))
    told = tuple(
        NotifiedMessage("Otto", _content(chance, texts), 1_787_000_000_000 + 1000 * chance.randrange(90_000))
        for _ in range(chance.randrange(12))
    )
    window = ChatWindow(ChatId(1), entries)
    _check(plan_notified(window, told, UTC), {entry.id for entry in entries}, len(told))


def join_windows(body: bytes) -> None:
    """Windows join to a longer run, or do not join; what was read stays."""
    chance = _chance(body)
    texts = _texts(body)
    newer, older = (_window(chance, texts) for _ in range(2))
    if chance.random() < 0.5:
        older = replace(newer, rows=tuple(_moved(row, chance.choice((0, 60, 180))) for row in newer.rows))
    run = begin_run(newer)
    longer = extend_run(run, newer, older, chance.choice((0, 60, 180, 400, 100_000, -50)))
    if longer is not None:
        assert len(longer.rows) >= len(run.rows)
        assert [row.content.text for row in longer.rows[len(longer.rows) - len(run.rows) :]] == [
            row.content.text for row in run.rows
        ]
    with_last_day(run.rows, Shown(None, TODAY))


def _chance(body: bytes) -> random.Random:
    return random.Random(body[:64])


def _texts(body: bytes) -> tuple[str, ...]:
    return (*_TEXTS, *decode(body[:300]).split("\n"))


def _check(decided: Plan, known: set[MessageId], most: int) -> None:
    added = 0
    for change in decided.changes:
        if isinstance(change, MessageAdded):
            assert change.after is None or change.after in known
            added += 1
        else:
            assert isinstance(change, MessageChanged | MessageVanished | GapFound | GapClosed)
            assert change.id in known
    assert added <= most
    gone = [change.id for change in decided.changes if isinstance(change, MessageVanished)]
    assert len(gone) == len(set(gone))


def _content(chance: random.Random, texts: tuple[str, ...]) -> Content:
    return Content(
        chance.choice(list(Kind)),
        chance.choice(texts),
        chance.choice((None, *Tick)),
        edited=chance.random() < 0.1,
        cut=chance.random() < 0.1,
        media=chance.choice((None, Media(), Media(name="a"))),
    )


def _shown(chance: random.Random) -> Shown:
    day: date | None = TODAY - timedelta(days=chance.randrange(3))
    return Shown(chance.choice((None, 0, 1, 600, 600, 601, 1439)), chance.choice((None, day)))


def _entry(chance: random.Random, texts: tuple[str, ...], number: int) -> Entry:
    return Entry(
        MessageId(number + 1),
        number,
        chance.choice(list(Direction)),
        _shown(chance),
        _content(chance, texts),
        chance.choice((Origin.SCREEN, Origin.SCREEN, Origin.NOTIFICATION)),
        chance.choice((None, 1_787_000_000_000 + number)),
        gone=chance.random() < 0.1,
        gap_before=chance.random() < 0.1,
    )


def _rows(chance: random.Random, texts: tuple[str, ...], entries: tuple[Entry, ...], count: int) -> tuple[RowSeen, ...]:
    """Return rows of which some show the last entries, some anything."""
    start = chance.randrange(len(entries) + 1)
    known = [RowSeen(e.direction, e.shown, e.content, True, (0, 0, 9, 9)) for e in entries[start:]]
    rows = [row for row in known if chance.random() < 0.9]
    rows += [_row(chance, texts, 60 * n) for n in range(count)]
    return tuple(rows)


def _row(chance: random.Random, texts: tuple[str, ...], top: int) -> RowSeen:
    height = chance.choice((0, 20, 60, 60, 180, 900))
    return RowSeen(
        chance.choice(list(Direction)),
        _shown(chance),
        _content(chance, texts),
        chance.random() < 0.8,
        (0, top, 100, top + height),
        starts_day=chance.random() < 0.1,
    )


def _window(chance: random.Random, texts: tuple[str, ...]) -> ChatSeen:
    rows = tuple(_row(chance, texts, 60 * n) for n in range(chance.choice((0, 1, 4, 12))))
    return ChatSeen("Otto", "", rows, None, (0, 0, 100, 700), starts_chat=chance.random() < 0.2)


def _moved(row: RowSeen, px: int) -> RowSeen:
    left, top, right, bottom = row.bounds
    return replace(row, bounds=(left, top + px, right, bottom + px))
