"""Below rows that stand unchanged in one place a run is the truth, however much changed there."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message import Direction, Kind
from app.domain.observation import RowSeen
from app.mirror.alignment import align_below
from app.mirror.anchoring import find_anchor, find_place
from app.mirror.planning import Verdict, plan
from app.mirror.run import Run, begin_run
from tests.bench.peers.stories import Habits, Story
from tests.fakes.chat import Sent
from tests.unit.mirror.model import Mirror

_CALM = Habits("calm", 0.3, 0.05, 45, has_events=False)


def long_story(seed: int, messages: int = 120) -> tuple[Story, Mirror]:
    """Return a chat of many minutes and a mirror of all of it."""
    story, mirror = Story(_CALM, 720, str(seed)), Mirror()
    for _ in range(messages):
        story._write(0.0)
    mirror.catch_up(story.chat)
    mirror.fill_back(story.chat)
    return story, mirror


def rows_from(story: Story, first: int) -> tuple[RowSeen, ...]:
    """Return a run of rows from one message on, as if all windows had been joined."""
    sent = story.chat.sent[first:]
    return tuple(RowSeen(m.direction, m.shown, m.content, whole=True, bounds=(0, 0, 1, 1)) for m in sent)


def change(one: Sent, act: float) -> None:
    """Delete, hide or edit three messages in ten."""
    if act < 0.1:
        one.delete()
    elif act < 0.2:
        one.gone = True
    elif act < 0.3 and one.kind is Kind.TEXT:
        one.edit(one.text + "!")


@given(st.integers(0, 40), st.data())
def test_whatever_changes_below_an_anchor_the_mirror_says_what_the_run_says(seed: int, data: st.DataObject) -> None:
    story, mirror = long_story(seed)
    dice = random.Random(data.draw(st.integers(0, 10_000)))
    first = len(story.chat.sent) - 60
    for one in story.chat.sent[first + 10 :]:
        change(one, dice.random())
    for _ in range(data.draw(st.integers(0, 4))):
        place = len(story.chat.ever) - dice.randrange(1, 12)
        story.chat.put(Direction.IN, dice.choice(("ok", "ja", "later")), Kind.TEXT, 0, place)
    for _ in range(data.draw(st.integers(0, 20))):
        story._write(0.0)
    run = Run(rows_from(story, first), starts_chat=False, ends_chat=True)
    if find_anchor(mirror.live(), run.rows) is None:
        return
    decided = plan(mirror.window(), run, is_last=False)
    if decided.verdict is Verdict.PLACED:
        mirror.apply(decided.changes)
        shown = [(r.direction, r.shown.minute, r.content.kind, r.content.text) for r in run.rows]
        assert mirror.keys()[-len(shown) :] == shown


def test_an_ambiguous_change_does_not_keep_the_rest_from_being_placed() -> None:
    story, mirror = long_story(3)
    for _ in range(4):
        story.chat.put(Direction.IN, "ok", Kind.TEXT, 1)
    mirror.catch_up(story.chat)
    equal = [one for one in story.chat.sent[-4:] if one.text == "ok"]
    equal[1].gone = True
    story.chat.put(Direction.IN, "ok", Kind.TEXT, 0, len(story.chat.ever) - 2)
    equal[3].delete()
    story.chat.put(Direction.IN, "and this?", Kind.TEXT, 60)
    story.chat.touch()
    decided = mirror.catch_up(story.chat)
    assert decided.verdict is Verdict.PLACED
    assert story.chat.agrees_with(mirror.keys())


@pytest.mark.parametrize("seed", range(6))
def test_a_gap_closes_over_messages_that_changed_above_it(seed: int) -> None:
    story, mirror = long_story(seed)
    for _ in range(60):
        story._write(0.0)
    decided = plan(mirror.window(), begin_run(story.chat.newest()), is_last=True)
    mirror.apply(decided.changes)
    above = [one for one in story.chat.sent[:120] if one.kind is Kind.TEXT][-3:]
    above[0].delete()
    above[1].edit(above[1].text + " please")
    above[2].gone = True
    story.chat.touch()
    mirror.fill_back(story.chat)
    assert not mirror.flagged
    assert story.chat.agrees_with(mirror.keys())


def test_rows_that_fit_twice_or_tell_little_have_no_place() -> None:
    _, mirror = long_story(1)
    entries = mirror.live()
    rows = [RowSeen(e.direction, e.shown, e.content, whole=True, bounds=(0, 0, 1, 1)) for e in entries]
    at = len(entries) - 30
    assert find_place(entries, rows[at : at + 8]) == at
    assert find_place(entries, rows[at : at + 4]) is None
    assert find_place([*entries, *entries], rows[at : at + 8]) is None
    one_minute = [replace(row, shown=rows[at].shown) for row in rows[at : at + 8]]
    assert find_place(entries, one_minute) is None


def test_pairs_are_in_order_and_each_row_is_taken_once() -> None:
    story, mirror = long_story(5)
    entries = mirror.live()[-80:]
    story.chat.sent[-20].gone = True
    rows = rows_from(story, len(story.chat.sent) - 79)
    pairs = align_below(entries, rows)
    assert [i for i, _ in pairs] == sorted({i for i, _ in pairs})
    assert [j for _, j in pairs] == sorted({j for _, j in pairs})
    assert len(pairs) == 79
