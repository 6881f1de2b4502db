"""Which file belongs to which message: examples of each rule, and a phone with everything that confuses."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.ids import ChatId, MessageId
from app.domain.media import LinkState, MediaFile
from app.domain.message import Kind
from app.mirror.coverage import EVER, NEVER, Dated, Ends, covers, minute_at, minute_of, whole_in_all, whole_spans
from app.mirror.linking import Candidate, LinkPlan, Presence, Slot, plan_links
from app.mirror.sizes import fits_length, fits_size

ZONE = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 8, 18, 12, 0, tzinfo=ZONE)
SPRING = datetime(2026, 3, 29, 1, 55, tzinfo=ZONE)
PREFIX = {Kind.PHOTO: "IMG", Kind.VIDEO: "VID", Kind.VOICE: "PTT", Kind.DOCUMENT: "DOC"}


@dataclass
class Told:
    """What is true of a message."""

    id: int
    chat: int
    at: datetime
    kind: Kind = Kind.PHOTO
    is_own: bool = False
    presence: Presence = Presence.HERE
    size: int = 0
    name: str = ""
    length: str = ""
    count: int = 1
    files: list[str] = field(default_factory=list)


class World:
    """A phone with its folders, written by the app, and the mirror of its chats."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.files: list[MediaFile] = []
        self.lengths: dict[str, float] = {}
        self.numbers: Counter[str] = Counter()
        self.spans: dict[ChatId, list[tuple[int, int]]] = {}

    def message(self, chat: int, at: datetime, **values: object) -> Told:
        one = Told(len(self.told) + 1, chat, at, **values)  # type: ignore[arg-type]
        self.told.append(one)
        self.spans.setdefault(ChatId(chat), [(EVER, NEVER)])
        return one

    def write(self, one: Told, after_s: float = 2.0, size: int = 50_000, name: str = "") -> None:
        """The phone has the file of a message."""
        for _ in range(one.count):
            prefix = f"{PREFIX[one.kind]}-{one.at.astimezone(ZONE):%Y%m%d}-WA"
            self.numbers[prefix] += 1
            path = f"/m/{one.kind}/{one.is_own}/" + (name or one.name or f"{prefix}{self.numbers[prefix]:04}.jpg")
            # Arithmetic on aware times of one zone would be that of its clock face.
            moment = int(one.at.timestamp() + after_s)
            self.files.append(MediaFile(path, size, moment, one.kind, one.is_own and one.kind is not Kind.VOICE))
            one.files.append(path)

    def sent(self, chat: int, at: datetime, **values: object) -> Told:
        one = self.message(chat, at, **values)
        self.write(one)
        return one

    def plan(self) -> LinkPlan:
        slots = []
        for one in self.told:
            local = one.at.astimezone(ZONE)
            minute = minute_of(local.date(), local.hour * 60 + local.minute)
            size = f"{one.size} B" if one.size else ""
            slots.append(
                Slot(
                    MessageId(one.id), ChatId(one.chat), one.id, one.kind, one.is_own, minute, one.presence, one.name,
                    size, one.length, one.count,
                )
            )  # fmt: skip
        files = [Candidate(f, *minute_at(f.changed_s, ZONE), self.lengths.get(f.path)) for f in self.files]
        return plan_links(slots, files, self.spans)

    def linked(self) -> dict[int, list[str]]:
        """Return the paths of each linked message; a wrong one fails."""
        found: dict[int, list[str]] = {}
        plan = self.plan()
        for link in sorted(plan.links, key=lambda one: one.place):
            found.setdefault(int(link.message), []).append(link.file.path)
        truth = {one.id: one.files for one in self.told}
        assert {key: truth[key] for key in found} == found, "a file of another message"
        assert not set(found) & set(plan.states)
        return found


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("kind", [Kind.PHOTO, Kind.VIDEO, Kind.VOICE])
@pytest.mark.parametrize("is_own", [False, True])
def test_one_message_and_one_file_in_a_minute_are_a_pair(world: World, kind: Kind, is_own: bool) -> None:
    world.sent(1, NOON, kind=kind, is_own=is_own)
    assert world.linked() == {1: world.told[0].files}


def test_several_in_one_chat_are_paired_by_order(world: World) -> None:
    for second in (0, 5, 9):
        world.sent(1, NOON + timedelta(seconds=second))
    assert len(world.linked()) == 3


def test_several_in_two_chats_are_not_paired(world: World) -> None:
    world.sent(1, NOON)
    world.sent(2, NOON + timedelta(seconds=5))
    assert world.linked() == {}
    assert set(world.plan().states.values()) == {LinkState.SEVERAL}


def test_minutes_that_follow_each_other_are_paired_in_one_chat_only(world: World) -> None:
    """Of two chats the first's file may be slow, and the second's early by a clock that is behind."""
    for second in (0, 30, 60, 90, 120):
        world.sent(1, NOON + timedelta(seconds=second))
    assert len(world.linked()) == 5
    for chat in (1, 2):
        world.sent(chat, NOON + timedelta(minutes=30 + chat))
    assert len(world.linked()) == 5
    for chat in (1, 2):
        world.sent(chat, NOON + timedelta(hours=1, minutes=2 * chat))
    assert len(world.linked()) == 7


@pytest.mark.parametrize("is_first_here", [True, False])
def test_a_row_of_minutes_whose_end_has_no_file_may_have_lost_its_first(world: World, is_first_here: bool) -> None:
    for minute in range(4):
        one = world.message(1, NOON + timedelta(minutes=minute))
        if minute != (3 if is_first_here else 0):
            world.write(one, after_s=2 if is_first_here else -58)
    assert world.linked() == {}


def test_numbers_that_go_back_from_one_minute_to_the_next_tell_of_a_slow_file(world: World) -> None:
    world.write(world.message(1, NOON), after_s=70)
    world.write(world.message(1, NOON + timedelta(minutes=1)), after_s=-58)
    assert world.linked() == {}


@pytest.mark.parametrize("size", [0, 50_000])
def test_a_deleted_messages_file_may_come_two_minutes_after_it(world: World, size: int) -> None:
    world.write(world.message(1, NOON + timedelta(seconds=50), presence=Presence.DELETED), after_s=70)
    world.message(1, NOON + timedelta(minutes=3), size=size)
    assert world.linked() == {}


def test_files_that_all_come_two_minutes_late_are_not_those_of_the_next_message(world: World) -> None:
    for minute in range(0, 140, 2):
        world.write(world.message(1 + minute % 3, NOON + timedelta(minutes=minute, seconds=50)), after_s=75)
    assert world.linked() == {}


def test_kinds_and_sides_do_not_mix(world: World) -> None:
    world.sent(1, NOON)
    world.sent(2, NOON, is_own=True)
    world.sent(3, NOON, kind=Kind.VOICE)
    assert len(world.linked()) == 3


def test_voice_messages_of_two_chats_are_paired_by_their_length(world: World) -> None:
    for chat, seconds in ((1, 7), (2, 31)):
        world.sent(chat, NOON, kind=Kind.VOICE, length=f"0:{seconds:02}")
    assert world.linked() == {}
    assert len(world.plan().unheard) == 2
    world.lengths = {world.told[0].files[0]: 7.4, world.told[1].files[0]: 31.4}
    assert len(world.linked()) == 2
    world.sent(3, NOON, kind=Kind.VOICE, length="0:08")
    assert sorted(f.path for f in world.plan().unheard) == world.told[2].files
    world.lengths[world.told[2].files[0]] = 8.0
    assert world.linked() == {}


def test_a_lone_file_one_minute_beside_is_still_its_messages(world: World) -> None:
    for hour, off_s in ((1, -60), (3, 60), (5, 1500)):
        world.write(world.message(1, NOON + timedelta(hours=hour)), after_s=off_s)
    assert len(world.linked()) == 3


def test_what_is_missing_or_too_much_is_not_guessed(world: World) -> None:
    world.message(1, NOON)
    world.sent(1, NOON + timedelta(seconds=20))
    world.sent(1, NOON + timedelta(hours=3))
    world.write(world.told[-1])
    world.told[-1].files.pop()
    assert world.linked() == {}


def test_a_file_that_comes_late_is_not_given_to_the_message_of_that_minute(world: World) -> None:
    late = world.message(1, NOON)
    world.write(late, after_s=600)
    other = world.message(2, NOON + timedelta(seconds=600))
    world.write(other, after_s=700)
    assert world.linked() == {}


def test_what_is_not_downloaded_says_so_and_claims_files_of_its_size(world: World) -> None:
    world.message(1, NOON, presence=Presence.ABSENT, size=70_000)
    world.sent(2, NOON + timedelta(hours=2))
    assert len(world.linked()) == 1
    assert world.plan().states == {MessageId(1): LinkState.NOT_DOWNLOADED}
    world.write(world.message(3, NOON + timedelta(hours=4)), size=70_000)
    assert len(world.linked()) == 1


def test_beside_a_deleted_message_nothing_is_paired(world: World) -> None:
    world.sent(1, NOON)
    world.message(2, NOON, presence=Presence.DELETED)
    assert world.linked() == {}


def test_a_deleted_messages_file_is_not_counted_as_that_of_the_one_beside_it(world: World) -> None:
    world.write(world.message(1, NOON, kind=Kind.VOICE), after_s=23 * 60)
    world.write(world.message(2, NOON, kind=Kind.VOICE, presence=Presence.DELETED))
    world.message(3, NOON + timedelta(minutes=22), kind=Kind.VOICE)
    assert world.linked() == {}


def test_a_chat_that_is_not_whole_there_may_hold_the_message(world: World) -> None:
    world.sent(1, NOON)
    world.spans[ChatId(9)] = [(EVER, minute_at(int(NOON.timestamp()), ZONE)[0])]
    assert world.linked() == {}


def test_an_album_takes_as_many_files_as_it_has_pictures(world: World) -> None:
    world.sent(1, NOON, count=5)
    world.sent(1, NOON + timedelta(seconds=30))
    assert {key: len(found) for key, found in world.linked().items()} == {1: 5, 2: 1}


def test_midnight_and_the_night_of_two_o_clocks(world: World) -> None:
    world.write(world.message(1, datetime(2026, 8, 18, 23, 59, 58, tzinfo=ZONE)), after_s=4)
    assert len(world.linked()) == 1
    for fold in (0, 1):
        world.sent(1 + fold, datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=fold))
    assert len(world.linked()) == 1
    for hour, count in ((3, 1), (5, 2)):
        world.sent(1, datetime(2026, 3, 29, hour, 0, tzinfo=ZONE))
        assert len(world.linked()) == count


@pytest.mark.parametrize(("day", "first"), [((2026, 3, 29), (1, 50)), ((2026, 10, 25), (2, 50))])
def test_after_the_clock_was_moved_an_hour_is_not_what_it_seems(day: tuple[int, ...], first: tuple[int, int]) -> None:
    world = World()
    start = datetime(*day, *first, tzinfo=ZONE)  # type: ignore[arg-type, misc]
    world.write(world.message(1, start), after_s=20 * 60)
    world.message(2, datetime.fromtimestamp(start.timestamp() + 20 * 60, ZONE))
    assert world.linked() == {}


def test_documents_are_paired_by_name_and_size_whenever_they_came(world: World) -> None:
    world.write(world.message(1, NOON, kind=Kind.DOCUMENT, name="bon.pdf", size=900), after_s=7200, size=900)
    world.write(world.message(2, NOON, kind=Kind.DOCUMENT, name="lijst.pdf", size=5000), size=5000)
    assert len(world.linked()) == 2
    for chat in (3, 4):
        one = world.message(chat, NOON, kind=Kind.DOCUMENT, name="factuur.pdf", size=4000)
        world.write(one, size=4000, name="factuur.pdf" if chat == 3 else "factuur (1).pdf")
    world.message(5, NOON, kind=Kind.DOCUMENT, name="nooit.pdf")
    assert len(world.linked()) == 2
    assert world.plan().states[MessageId(5)] is LinkState.NOT_YET
    assert world.plan().states[MessageId(3)] is LinkState.SEVERAL


def test_a_name_of_another_day_is_no_file_of_today(world: World) -> None:
    one = world.message(1, NOON)
    world.write(one, name="IMG-20260816-WA0001.jpg")
    assert world.linked() == {}


def test_what_a_person_asked_for_later_is_known_by_the_size_that_was_shown(world: World) -> None:
    late = world.message(1, NOON, size=70_000)
    world.write(late, after_s=20_000, size=70_000)
    world.sent(2, NOON + timedelta(hours=2))
    assert len(world.linked()) == 2
    world.message(3, NOON + timedelta(hours=5))
    assert set(world.linked()) == {2}


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 400),  # seconds after the one before
        st.integers(1, 3),  # chat
        st.sampled_from([Kind.PHOTO, Kind.PHOTO, Kind.PHOTO, Kind.VOICE]),
        st.booleans(),
        st.sampled_from(
            ["here"] * 8
            + ["absent", "late", "deleted", "deleted_file", "forwarded", "album", "slow", "lost", "notice"]
            + ["asked"]
        ),
    ),
    max_size=14,
)


PRESENCE = {
    "absent": Presence.ABSENT, "late": Presence.ABSENT, "deleted": Presence.DELETED, "deleted_file": Presence.DELETED,
    "forwarded": Presence.UNSURE, "notice": Presence.UNSURE,
}  # fmt: skip


def _happen(world: World, kind_of: str, one: Told, chance: random.Random) -> None:
    one.presence = PRESENCE.get(kind_of, Presence.HERE)
    size = chance.choice([50_000, 70_000])
    if one.presence is Presence.ABSENT:
        one.size = chance.choice([0, size])
    if kind_of == "asked":
        one.size = size
    if kind_of == "album" and one.kind is Kind.PHOTO:
        one.count = 3
    if kind_of in ("absent", "deleted", "lost") or (kind_of == "forwarded" and chance.random() < 0.5):
        return
    world.write(one, chance.uniform(0, 3000 if kind_of in ("late", "slow", "asked") else 20), size)


SKEWS = [0, 0, 0, 0, -60, -45, -30, 30, 45, 60]


@settings(max_examples=400, deadline=None)
@given(EVENTS, st.integers(0, 3), st.sampled_from(SKEWS), st.randoms(use_true_random=False))
@example([(0, 1, Kind.PHOTO, False, "lost"), (300, 2, Kind.PHOTO, False, "here")], 0, 0, random.Random(1))
@example(
    [
        (10, 1, Kind.PHOTO, False, "deleted"),
        (193, 1, Kind.PHOTO, True, "forwarded"),  # The first chance of this seed leaves it without a file.
        (87, 1, Kind.PHOTO, True, "here"),
        (10, 1, Kind.PHOTO, True, "here"),
    ],
    0,
    -60,
    random.Random(7),
)
def test_no_file_is_ever_given_to_another_message(
    events: list[tuple[int, int, Kind, bool, str]], start: int, skew_s: int, chance: random.Random
) -> None:
    world = World()
    starts = (NOON, NOON.replace(hour=23, minute=58), datetime(2026, 10, 25, 1, 55, tzinfo=ZONE), SPRING)
    moment = starts[start].timestamp()
    for after, chat, kind, is_own, kind_of in events:
        moment += after
        at = datetime.fromtimestamp(moment, ZONE)
        one = world.message(chat, at, kind=kind, is_own=is_own)
        _happen(world, kind_of, one, chance)
    if skew_s:
        world.files = [MediaFile(f.path, f.size, f.changed_s + skew_s, f.kind, f.is_sent) for f in world.files]
    world.linked()


@given(st.integers(1, 9), st.integers(0, 60))
def test_a_quiet_day_is_linked_as_a_whole(count: int, step: int) -> None:
    world = World()
    for number in range(count):
        world.sent(number % 3, NOON + timedelta(minutes=number * (3 + step), seconds=number * 6 % 55))
    assert len(world.linked()) == count


def test_sizes_and_lengths_as_bubbles_show_them() -> None:
    assert fits_size("3,3 MB", 3_300_000)
    assert fits_size("3.3 MB", 3 * 1024 * 1024 + 300 * 1024)
    assert fits_size("120 kB", 120_400)
    assert fits_size("", 5)
    assert fits_size("veel", 5)
    assert not fits_size("120 kB", 140_000)
    assert not fits_size("3,3 MB", 3_900_000)
    assert fits_length("0:07", 7.6)
    assert fits_length("", 7.6)
    assert not fits_length("1:02:07", 7.0)


def test_a_chat_is_whole_between_its_gaps_and_up_to_the_last_comparison() -> None:
    rows = [Dated(10, False), Dated(None, False), Dated(20, False), Dated(40, True), Dated(50, False)]
    whole = whole_spans(rows, Ends(has_start=True, last=50, seen=90, is_current=True))
    assert whole == [(EVER, 19), (41, 88), (52, 88)]
    assert whole_spans(rows[:1], Ends(has_start=False, last=70, seen=90, is_current=True)) == [(72, 88)]
    assert whole_spans([], Ends(has_start=False, last=None, seen=90, is_current=False)) == [(EVER, 88)]
    assert whole_spans(rows[:3], Ends(has_start=True, last=None, seen=None, is_current=True)) == [(EVER, 19)]


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda two: (min(two), max(two))), max_size=4)


@given(st.lists(SPANS, max_size=4), st.integers(-1, 13), st.integers(0, 6))
def test_what_is_whole_in_all_chats_is_whole_in_each(chats: list[list[tuple[int, int]]], first: int, more: int) -> None:
    last = first + more
    each = all(any(start <= first and last <= end for start, end in spans) for spans in chats)
    assert covers(whole_in_all(chats), first, last) is each
