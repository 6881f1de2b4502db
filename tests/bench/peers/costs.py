"""What the steps of a catch-up cost in processor time, on a chat of 2,500 messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

from app.domain.ids import ChatId, MessageId
from app.domain.message import ChatWindow, Direction, Entry, Kind, Shown
from app.domain.observation import ListRowSeen, RowSeen
from app.mirror.alignment import align
from app.mirror.matching import shows_last
from app.mirror.planning import Verdict, plan
from app.mirror.run import begin_run
from tests.bench.peers.chat import CountedChat
from tests.bench.peers.stories import HABITS, Story

ENTRIES = 2_500


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time that one step takes, in the middle."""

    name: str
    ms: float
    note: str


def costs(seed: int) -> list[Cost]:
    """Measure each step."""
    chat = _long_chat(seed)
    entries = _entries(chat)
    window = ChatWindow(ChatId(1), entries, complete=True)
    same = begin_run(chat.newest())
    chat.put(Direction.IN, "one more of it, please", Kind.TEXT, 90)
    news = begin_run(chat.newest())
    decided = plan(window, news, is_last=False)
    assert decided.verdict is Verdict.PLACED
    assert len(decided.changes) == 1
    assert plan(window, same, is_last=False).changes == ()
    last = entries[-1]
    row = ListRowSeen("Otto", last.content.text, "", "", Shown(last.shown.minute), 0, (0, 0, 9, 9))
    row = replace(row, own_last=last.direction is Direction.OUT)
    known, shown = _aligned(entries[-60:])
    assert align(known, shown) is not None
    return [
        Cost("reconcile one window", _ms(lambda: plan(window, news, is_last=False)),
             f"one new message, {len(entries)} entries in the mirror"),
        Cost("reconcile an unchanged window", _ms(lambda: plan(window, same, is_last=False)), "nothing changes"),
        Cost("skip an unchanged chat", _ms(lambda: shows_last(row, last)), "its row in the list says what is known"),
        Cost(f"align {len(known)} entries with {len(shown)} rows", _ms(lambda: align(known, shown)),
             "one message vanished, one came late"),
    ]  # fmt: skip


def _long_chat(seed: int) -> CountedChat:
    story = Story(HABITS[0], 720, f"{seed} long")
    while len(story.chat.ever) < ENTRIES:
        story.go_on()
    for one in story.chat.ever[ENTRIES:]:
        one.gone = True
    story.chat.touch()
    return story.chat


def _entries(chat: CountedChat) -> tuple[Entry, ...]:
    return tuple(
        Entry(MessageId(n), n, one.direction, one.shown, one.content) for n, one in enumerate(chat.sent, 1)
    )  # fmt: skip


def _aligned(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[RowSeen, ...]]:
    """Return 60 entries and 39 rows of the same messages, but for one that is gone and one that came late."""
    kept = [*entries[-39:-20], *entries[-19:]]
    rows = [RowSeen(e.direction, e.shown, e.content, True, (0, 0, 9, 9)) for e in kept]
    late = replace(rows[-8], content=replace(rows[-8].content, text="this one came late"))
    rows.insert(len(rows) - 7, late)
    return entries, tuple(rows)


def _ms(step: Callable[[], object], times: int = 60) -> float:
    """Return the middle of many runs, in milliseconds of processor time."""
    taken = []
    for _ in range(times):
        before = time.process_time()
        step()
        taken.append(time.process_time() - before)
    return round(median(taken) * 1000, 4)
