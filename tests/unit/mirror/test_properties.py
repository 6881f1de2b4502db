"""The mirror of a chat agrees with the phone whatever the phone did; what cannot be known is flagged, not guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.change import MessageChanged, MessageVanished
from app.domain.message import Direction, Kind, Origin
from app.mirror.planning import Plan, plan
from app.mirror.run import begin_run
from tests.fakes.chat import PhoneChat, Sent
from tests.unit.mirror.model import Mirror

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.one_of(
    st.sampled_from(["ok", "ok", "ja", "👍", "?"]),
    st.text("abcdefgh ", min_size=3, max_size=40).map(str.strip).filter(bool),
    st.just("a long one that takes several lines on the screen of a phone " * 3),
)


@dataclass(frozen=True)
class Said:
    """One message: who, how long after the one before, what."""

    direction: Direction
    after_s: int
    kind: Kind
    text: str


@dataclass(frozen=True)
class Did:
    """Something else than a new message."""

    what: str
    where: int = 0


def said() -> st.SearchStrategy[Said]:
    side = st.sampled_from([Direction.IN, Direction.IN, Direction.OUT])
    one = st.builds(Said, side, st.sampled_from([0, 1, 20, 61, 300, 40_000]), st.just(Kind.TEXT), TEXTS)
    photo = st.builds(
        Said, st.sampled_from(list(Direction)), st.sampled_from([0, 1, 61]), st.sampled_from([Kind.PHOTO, Kind.VOICE]),
        st.just(""),
    )  # fmt: skip
    return st.one_of(one, one, photo)


READ, TOLD = st.just(Did("read")), st.just(Did("told"))
HAPPENED = st.builds(Did, st.sampled_from(["edit", "delete", "vanish"]), st.integers(0, 12))
BURST = st.lists(said(), min_size=1, max_size=14)
PLAIN = st.lists(st.one_of(BURST, READ, TOLD), min_size=1, max_size=10)
EVENTFUL = st.lists(st.one_of(BURST, READ, TOLD, HAPPENED), min_size=1, max_size=12)
HEIGHTS = st.sampled_from([500, 700, 900, 1200])
JITTER = st.sampled_from([0, 0, -9, 8])


class Story:
    """A chat and its mirror through everything that happens."""

    def __init__(self, height: int, jitter: int) -> None:
        self.chat, self.mirror, self.jitter = PhoneChat(height), Mirror(), jitter
        self.unread: list[Sent] = []

    def live(self, steps: Iterable[list[Said] | Did]) -> None:
        for step in steps:
            if isinstance(step, list):
                for one in step:
                    self.say(one)
            else:
                self.do(step)

    def say(self, one: Said) -> None:
        sent = self.chat.append(one.direction, one.text, one.kind, one.after_s)
        if one.direction is Direction.IN:
            self.unread.append(sent)

    def do(self, did: Did) -> None:
        if did.what == "read":
            self.read()
        elif did.what == "told" and self.unread:
            self.mirror.hear(self.chat, self.unread[-7:])
        elif did.what in ("edit", "delete", "vanish") and len(self.chat.sent) > 1:
            one = self.chat.sent[-1 - did.where % (len(self.chat.sent) - 1)]
            self._change(one, did.what)

    def _change(self, one: Sent, what: str) -> None:
        if what == "vanish":
            one.gone = True
        elif what == "delete":
            one.delete()
        elif one.kind is Kind.TEXT:
            one.edit(one.text + " fixed")
        # What the app told of a message before it changed it takes back with it.
        self.unread = [waiting for waiting in self.unread if waiting is not one]

    def read(self) -> Plan:
        self.unread = []
        before = self.mirror.order()
        found = self.mirror.catch_up(self.chat, self.jitter)
        assert [i for i in self.mirror.order() if i in set(before)] == before, "known messages changed places"
        return found


@QUICK
@given(PLAIN, HEIGHTS, JITTER)
def test_after_a_reading_the_mirror_is_the_chat(steps: list[list[Said] | Did], height: int, jitter: int) -> None:
    story = Story(height, jitter)
    story.live(steps)
    story.read()
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()


@QUICK
@given(EVENTFUL, HEIGHTS, JITTER)
def test_edits_deletions_and_vanishing_lose_and_double_nothing(
    steps: list[list[Said] | Did], height: int, jitter: int
) -> None:
    story = Story(height, jitter)
    story.live(steps)
    story.read()
    assert story.mirror.flagged or story.chat.agrees_with(story.mirror.keys())


@QUICK
@given(EVENTFUL, st.sampled_from([260, 320, 400]), JITTER)
def test_a_window_of_four_rows_may_leave_a_gap_but_never_a_wrong_chat(
    steps: list[list[Said] | Did], height: int, jitter: int
) -> None:
    story = Story(height, jitter)
    story.live(steps)
    story.read()
    assert story.mirror.flagged or story.chat.agrees_with(story.mirror.keys())


@QUICK
@given(st.lists(BURST, min_size=1, max_size=6), st.lists(BURST, max_size=4), HEIGHTS, JITTER, st.integers(1, 8))
def test_a_gap_is_closed_whole_also_in_parts(
    before: list[list[Said]], after: list[list[Said]], height: int, jitter: int, pages: int
) -> None:
    """The first reading ended early; back-fill comes in parts of some windows, new messages in between."""
    story = Story(height, jitter)
    story.live(before)
    first = plan(story.mirror.window(), begin_run(story.chat.newest()), is_last=True)
    story.mirror.apply(first.changes)
    for burst in [*after, []]:
        story.live([burst])
        story.read()
        before_it = story.mirror.order()
        story.mirror.fill_back(story.chat, jitter, pages)
        known = set(before_it)
        assert [i for i in story.mirror.order() if i in known] == before_it
    story.mirror.fill_back(story.chat, jitter)
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()


@QUICK
@given(EVENTFUL, st.sampled_from([400, 500]), JITTER)
def test_filling_back_what_small_windows_left_out_never_makes_a_wrong_chat(
    steps: list[list[Said] | Did], height: int, jitter: int
) -> None:
    story = Story(height, jitter)
    story.live(steps)
    story.read()
    for _ in range(4):
        story.mirror.fill_back(story.chat, jitter)
    assert story.mirror.flagged or story.chat.agrees_with(story.mirror.keys())


@QUICK
@given(EVENTFUL, HEIGHTS)
def test_reading_the_same_chat_twice_changes_nothing(steps: list[list[Said] | Did], height: int) -> None:
    story = Story(height, 0)
    story.live(steps)
    story.read()
    if not story.mirror.flagged:
        assert story.read().changes == ()


@QUICK
@given(PLAIN, HEIGHTS, JITTER)
def test_a_chat_that_only_grows_gives_no_tombstones_and_no_new_texts(
    steps: list[list[Said] | Did], height: int, jitter: int
) -> None:
    story = Story(height, jitter)
    story.live(steps)
    story.read()
    if story.mirror.flagged:
        return
    assert not [change for change in story.mirror.log if isinstance(change, MessageVanished)]
    texts = {entry.id: (entry.content.kind, entry.content.text) for entry in story.mirror.entries}
    for change in story.mirror.log:
        if isinstance(change, MessageChanged):
            assert (change.content.kind, change.content.text) == texts[change.id]


@QUICK
@given(st.lists(st.one_of(BURST, READ), min_size=1, max_size=8), HEIGHTS)
def test_a_day_that_the_mirror_names_is_the_true_one_also_around_midnight(
    steps: list[list[Said] | Did], height: int
) -> None:
    story = Story(height, 0)
    story.live(steps)
    story.read()
    if story.mirror.flagged:
        return
    for sent, entry in zip(story.chat.sent, story.mirror.live(), strict=True):
        assert entry.shown.day in (None, sent.at.date())


@QUICK
@given(st.lists(said(), min_size=1, max_size=9))
def test_the_same_notification_twice_changes_nothing(messages: list[Said]) -> None:
    story = Story(700, 0)
    story.live([messages])
    told = story.unread[-7:]
    story.mirror.hear(story.chat, told)
    assert story.mirror.hear(story.chat, told).changes == ()
    assert [entry.time_ms for entry in story.mirror.entries] == [int(one.at.timestamp() * 1000) for one in told]


@QUICK
@given(BURST, BURST)
def test_a_notification_of_what_was_read_adds_nothing(before: list[Said], after: list[Said]) -> None:
    story = Story(900, 0)
    story.live([before])
    told = story.unread[-7:]
    story.read()
    story.mirror.hear(story.chat, told)
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()
    story.live([after])
    story.read()
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()


@QUICK
@given(BURST)
def test_what_was_heard_first_becomes_the_row_on_the_screen(messages: list[Said]) -> None:
    story = Story(900, 0)
    story.live([messages])
    story.mirror.hear(story.chat, story.unread[-7:])
    story.read()
    assert story.mirror.flagged or all(entry.origin is Origin.SCREEN for entry in story.mirror.live())
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()
