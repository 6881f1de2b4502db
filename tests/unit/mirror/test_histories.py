"""Whatever order readings, crashes, notices and changes come in, one exact history is left, or a gap that shows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.domain.change import MessageAdded, MessageChanged, MessageVanished
from app.domain.ids import AccountId, ChatId, MessageId, ReplyId
from app.domain.message import Direction, Kind, Tick
from app.domain.observation import ChatSeen, RowSeen
from app.domain.reply import Reply, ReplyState
from app.mirror.matching import plain
from app.mirror.planning import Verdict
from app.outbox.delivery import match_echoes
from tests.fakes.chat import START, PhoneChat, Sent
from tests.unit.mirror.model import Mirror
from tests.unit.mirror.test_properties import BURST, HEIGHTS, JITTER, QUICK, Said, Story, said

STATEFUL = settings(
    max_examples=40, stateful_step_count=14, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
IN, OUT = Direction.IN, Direction.OUT


class History(RuleBasedStateMachine):
    """A phone and its mirror; the screen may change its height, the program may die between reading and writing."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(700, 0)
        self.known: list[MessageId] = []

    @rule(burst=BURST)
    def people_write(self, burst: list[Said]) -> None:
        self.story.live([burst])

    @rule(where=st.integers(0, 12), what=st.sampled_from(["edit", "delete"]))
    @precondition(lambda self: len(self.story.chat.sent) > 1)
    def a_message_changes(self, where: int, what: str) -> None:
        sent = self.story.chat.sent
        self.story._change(sent[-1 - where % (len(sent) - 1)], what)

    @rule()
    @precondition(lambda self: self.story.unread)
    def the_phone_notifies(self) -> None:
        self.story.mirror.hear(self.story.chat, self.story.unread[-7:])

    @rule(height=HEIGHTS, jitter=JITTER)
    def another_screen(self, height: int, jitter: int) -> None:
        self.story.chat.height, self.story.jitter = height, jitter

    @rule()
    def read(self) -> None:
        self.story.read()
        self.agrees()

    @rule()
    def die_before_writing(self) -> None:
        """What was read is lost with the program; the next reading starts from what was written."""
        mirror = self.story.mirror
        kept = list(mirror.entries), list(mirror.log), mirror.flagged, mirror.complete
        found = mirror.catch_up(self.story.chat, self.story.jitter)
        mirror.entries, mirror.log, mirror.flagged, mirror.complete = kept
        again = mirror.catch_up(self.story.chat, self.story.jitter)
        assert again == found
        self.story.unread = []
        self.agrees()

    @rule(pages=st.integers(1, 9))
    @precondition(lambda self: self.story.mirror.entries and not self.story.unread)
    def fill_back(self, pages: int) -> None:
        self.story.mirror.fill_back(self.story.chat, self.story.jitter, pages)

    def agrees(self) -> None:
        mirror, chat = self.story.mirror, self.story.chat
        assert mirror.flagged or chat.agrees_with(mirror.keys())

    @invariant()
    def nothing_known_leaves_or_moves(self) -> None:
        order = self.story.mirror.order()
        assert [one for one in order if one in set(self.known)] == self.known
        self.known = order

    def teardown(self) -> None:
        self.story.read()
        self.agrees()


History.TestCase.settings = STATEFUL
TestHistory = History.TestCase


class NoisyChat(PhoneChat):
    """Shows a chat with marks that mean nothing: ticks, reactions, direction marks, the line above what is unread."""

    noise = 0

    def window(self) -> ChatSeen:
        seen = super().window()
        return replace(seen, rows=tuple(map(self._marked, seen.rows)))

    def _marked(self, row: RowSeen) -> RowSeen:
        if not self.noise:
            return row
        content = row.content
        # The same row looks the same in each window of one reading.
        chance = random.Random(f"{self.noise} {row.direction} {content.text}")
        if content.kind is Kind.TEXT and content.text:
            at = chance.randrange(len(content.text) + 1)
            content = replace(content, text=content.text[:at] + "\u200e" + content.text[at:])
        tick = chance.choice((*Tick, None)) if row.direction is OUT else None
        content = replace(content, tick=tick, reactions=chance.choice(((), ("\U0001f44d",))))
        return replace(row, content=content, after_unread_divider=chance.random() < 0.3)


@QUICK
@given(st.lists(BURST, min_size=1, max_size=6), HEIGHTS, JITTER)
def test_marks_that_mean_nothing_change_nothing(bursts: list[list[Said]], height: int, jitter: int) -> None:
    quiet, noisy = Story(height, jitter), Story(height, jitter)
    noisy.chat = NoisyChat(height)
    for number, burst in enumerate(bursts, 1):
        for story in (quiet, noisy):
            story.live([burst])
        noisy.chat.noise = number
        quiet.read()
        noisy.read()
    assert noisy.mirror.flagged == quiet.mirror.flagged
    kept, plain_ones = (
        [(*key[:3], plain(key[3])) for key in one] for one in (noisy.mirror.keys(), quiet.mirror.keys())
    )
    assert kept == plain_ones
    assert not any(isinstance(change, MessageVanished) for change in noisy.mirror.log)


@QUICK
@given(st.lists(BURST, min_size=2, max_size=7), HEIGHTS, st.data())
def test_two_readers_that_take_turns_are_one_reader(bursts: list[list[Said]], height: int, data: st.DataObject) -> None:
    """Each reader has a screen of its own and only what is written in common."""
    story, alone = Story(height, 0), Mirror()
    for burst in bursts:
        story.live([burst])
        story.chat.height = data.draw(HEIGHTS)
        story.read()
        story.chat.height = height
        alone.catch_up(story.chat)
    assert story.mirror.flagged or alone.flagged or story.mirror.keys() == alone.keys() == story.chat.keys()


class ZonedChat(PhoneChat):
    """A chat on a phone whose clock is changed at night."""

    zone = ZoneInfo("Europe/Amsterdam")

    def append(self, direction: Direction, text: str, kind: Kind = Kind.TEXT, after_s: int = 1) -> Sent:
        one = super().append(direction, text, kind, after_s)
        one.at = self.now.astimezone(self.zone)
        return one


@QUICK
@pytest.mark.parametrize(
    "begin", [datetime(2026, 10, 24, 23, 20, tzinfo=UTC), datetime(2026, 3, 29, 0, 20, tzinfo=UTC)]
)
@given(bursts=st.lists(BURST, min_size=1, max_size=6), pauses=st.lists(st.integers(0, 4000), min_size=6, max_size=6),
       height=HEIGHTS)  # fmt: skip
def test_a_clock_that_is_set_back_or_forward_at_night_mixes_nothing_up(
    begin: datetime, bursts: list[list[Said]], pauses: list[int], height: int
) -> None:
    story = Story(height, 0)
    story.chat = ZonedChat(height)
    story.chat.now = begin
    story.chat.ever[0].at = begin.astimezone(ZonedChat.zone)
    for burst, pause in zip(bursts, pauses, strict=False):
        story.chat.now += timedelta(seconds=pause)
        story.live([[replace(one, after_s=min(one.after_s, 61)) for one in burst]])
        story.read()
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()


@QUICK
@given(st.lists(said(), min_size=8, max_size=14), st.integers(0, 4), st.permutations(["edit", "edit", "read", "read"]))
def test_a_message_that_changes_many_times_stays_one(messages: list[Said], where: int, steps: list[str]) -> None:
    """Edited, edited again, deleted for everyone: one entry, and each form that was seen in its history."""
    chat, mirror = PhoneChat(1200), Mirror()
    for number, one in enumerate(messages):
        # A text of its own each minute, so that no other row can be taken for it.
        chat.append(one.direction, f"{number} {one.text}", after_s=61)
    one = chat.sent[-1 - where]
    mirror.catch_up(chat)
    told = mirror.live()[-1 - where].id
    count, forms = len(mirror.entries), []
    for number, step in enumerate([*steps, "read", "delete", "read"]):
        if step == "edit":
            one.edit(f"{one.text} {number}")
        elif step == "delete":
            one.delete()
        else:
            forms += [(one.kind, one.text)]
            chat.append(IN, f"later {number}", after_s=61)
            assert mirror.catch_up(chat).verdict is Verdict.PLACED
            count += 1
    assert len(mirror.entries) == count
    assert not any(isinstance(change, MessageVanished) for change in mirror.log)
    seen = [(c.content.kind, c.content.text) for c in mirror.log if isinstance(c, MessageChanged) and c.id == told]
    assert all(form in seen for form in forms if form != (Kind.TEXT, one.earlier[0][1]))
    assert next(entry for entry in mirror.entries if entry.id == told).content.kind is Kind.DELETED


def reply(number: int, body: str, state: ReplyState) -> Reply:
    return Reply(ReplyId(str(number)), AccountId(1), ChatId(1), body, "Eva", state, START)


@QUICK
@given(
    st.lists(st.tuples(st.sampled_from(["ok", "*ok*", "we are open"]), BURST, st.booleans()), min_size=1, max_size=6),
    HEIGHTS,
)
def test_each_reply_has_one_bubble_and_each_bubble_one_reply(
    rounds: list[tuple[str, list[Said], bool]], height: int
) -> None:
    """Replies that the phone took are found among the rows that appeared, whatever customers wrote around them."""
    story, waiting = Story(height, 0), dict[ReplyId, Reply]()
    bound: dict[ReplyId, MessageId] = {}
    story.read()
    for number, (body, burst, is_lost) in enumerate(rounds):
        story.live([[replace(one, direction=IN) for one in burst]])
        before = set(story.mirror.order())
        state = ReplyState.UNKNOWN if is_lost else ReplyState.SUBMITTED
        waiting[ReplyId(str(number))] = reply(number, body, state)
        story.chat.append(OUT, body.strip("*"), after_s=1)
        story.read()
        if story.mirror.flagged:
            return
        fresh = [entry for entry in story.mirror.live() if entry.id not in before]
        for found, entry in match_echoes(list(waiting.values()), fresh):
            assert waiting.pop(found.id)
            bound[found.id] = entry.id
    assert waiting == {}
    assert len(set(bound.values())) == len(bound) == len(rounds)
    own = [entry.id for entry in story.mirror.live() if entry.direction is OUT]
    assert sorted(bound.values(), key=own.index) == own


@QUICK
@given(
    st.lists(st.tuples(st.sampled_from(["ok", "ja", "ok ok"]), st.sampled_from(list(ReplyState))), max_size=8),
    st.lists(st.tuples(st.sampled_from(["ok", "ja", "ok ok"]), st.sampled_from(list(Direction))), max_size=8),
)
def test_echoes_are_found_for_replies_in_doubt_only_and_once(
    replies: list[tuple[str, ReplyState]], rows: list[tuple[str, Direction]]
) -> None:
    chat, mirror = PhoneChat(4000), Mirror()
    for text, direction in rows:
        chat.append(direction, text, after_s=61)
    mirror.catch_up(chat)
    pairs = match_echoes([reply(n, body, state) for n, (body, state) in enumerate(replies)], mirror.live())
    assert len({found.id for found, _ in pairs}) == len({entry.id for _, entry in pairs}) == len(pairs)
    for found, entry in pairs:
        assert found.state in (ReplyState.SUBMITTED, ReplyState.UNKNOWN)
        assert (entry.direction, entry.content.text) == (OUT, found.body)


@QUICK
@given(st.lists(BURST, min_size=3, max_size=6), HEIGHTS)
def test_filling_back_first_or_reading_on_first_comes_to_the_same(bursts: list[list[Said]], height: int) -> None:
    """The mirror begins in the middle of a chat; the rest comes from above and from below in either order."""
    keys = []
    for is_back_first in (True, False):
        story = Story(height, 0)
        story.live(bursts[:-1])
        story.mirror.begin_at_end(story.chat)
        if is_back_first:
            story.mirror.fill_back(story.chat)
        story.live(bursts[-1:])
        story.read()
        story.mirror.fill_back(story.chat)
        if story.mirror.flagged:
            return
        keys.append(story.mirror.keys())
    assert keys[0] == keys[1] == story.chat.keys()
    assert sum(isinstance(change, MessageAdded) for change in story.mirror.log) == len(story.chat.sent)
