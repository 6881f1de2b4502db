"""Chats that once came out wrong, kept as they were found, and the rules of the exact stage one by one."""

from __future__ import annotations

from app.domain.change import MessageAdded, MessageVanished
from app.domain.message import Content, Direction, Kind, Media, Shown
from app.domain.observation import ChatSeen, RowSeen
from app.mirror.backfill import plan_back
from app.mirror.planning import Verdict
from app.mirror.run import Run, begin_run, extend_run
from tests.fakes.chat import PhoneChat, Sent
from tests.unit.mirror.model import Mirror

IN, OUT = Direction.IN, Direction.OUT


def chat_of(height: int, *texts: str) -> PhoneChat:
    """Return a chat with an incoming message a minute."""
    chat = PhoneChat(height)
    for text in texts:
        chat.append(IN, text, after_s=60)
    return chat


def test_two_equal_photos_of_which_the_edge_cuts_one_stay_two() -> None:
    chat = PhoneChat(360)
    for _ in range(2):
        chat.append(IN, "", Kind.PHOTO, after_s=0)
    chat.append(IN, "?", after_s=5)
    mirror = Mirror()
    mirror.catch_up(chat)
    assert not mirror.flagged
    assert mirror.keys() == chat.keys()


def test_a_row_too_tall_to_stay_whole_is_joined_by_what_is_left_of_it() -> None:
    chat = PhoneChat(260)
    chat.append(OUT, "", Kind.PHOTO, after_s=0)
    mirror = Mirror()
    mirror.catch_up(chat)
    assert not mirror.flagged
    assert mirror.keys() == chat.keys()


def test_a_row_that_no_window_showed_whole_is_a_gap_and_never_skipped() -> None:
    chat = chat_of(260, "one", "two")
    chat.append(OUT, "", Kind.PHOTO, after_s=1)
    chat.append(IN, "three", after_s=40_000)
    mirror = Mirror()
    mirror.catch_up(chat, jitter=8)
    assert mirror.flagged or mirror.keys() == chat.keys()


def test_a_message_deleted_from_a_short_chat_becomes_a_tombstone_and_the_chat_goes_on() -> None:
    chat = PhoneChat(1200)
    for direction in (IN, OUT):
        chat.append(direction, "ok")
    mirror = Mirror()
    mirror.catch_up(chat)
    chat.append(OUT, "👍")
    chat.sent[2].gone = True
    assert mirror.catch_up(chat).verdict is Verdict.PLACED
    assert mirror.keys() == chat.keys()
    assert [entry.content.text for entry in mirror.entries if entry.gone] == ["ok"]


def test_a_vanished_message_beside_a_deleted_one_is_not_taken_for_its_deletion() -> None:
    chat = chat_of(420, "one", "two", "three", "four", "five", "six")
    mirror = Mirror()
    chat.sent[3].delete()
    mirror.catch_up(chat)
    chat.sent[4].gone = True
    chat.append(IN, "seven", after_s=60)
    mirror.catch_up(chat)
    assert chat.agrees_with(mirror.keys())


def test_two_messages_of_one_second_told_one_after_the_other_are_two() -> None:
    chat = PhoneChat(700)
    first = chat.append(IN, "hello", after_s=60)
    second = chat.append(IN, "are you there?", after_s=0)
    mirror = Mirror()
    mirror.hear(chat, [first])
    mirror.hear(chat, [first, second])
    assert [entry.content.text for entry in mirror.entries] == ["hello", "are you there?"]


def test_a_told_message_edited_since_is_still_one() -> None:
    chat = PhoneChat(700)
    one = chat.append(IN, "helo", after_s=60)
    mirror = Mirror()
    mirror.hear(chat, [one])
    one.edit("hello")
    assert mirror.hear(chat, [one]).changes == ()


def test_a_message_typed_by_hand_on_the_phone_is_mirrored_in_its_place() -> None:
    chat = chat_of(900, "one", "two", "three")
    mirror = Mirror()
    mirror.catch_up(chat)
    told = chat.append(IN, "four", after_s=60)
    chat.append(OUT, "by hand", after_s=1)
    mirror.hear(chat, [told])
    mirror.catch_up(chat)
    assert mirror.keys() == chat.keys()


def test_a_chat_that_was_cleared_and_goes_on_shows_a_gap_and_loses_nothing() -> None:
    chat = chat_of(700, *[f"text {n}" for n in range(12)])
    mirror = Mirror()
    mirror.catch_up(chat)
    known = len(mirror.entries)
    fresh = PhoneChat(700)
    fresh.now = chat.now
    fresh.ever = [Sent(IN, chat.now, Kind.TEXT, "quite new")]
    mirror.catch_up(fresh)
    assert len(mirror.entries) == known + 1
    assert mirror.flagged
    assert not any(isinstance(change, MessageVanished) for change in mirror.log)


def test_three_equal_answers_in_one_minute_are_three() -> None:
    chat = chat_of(700, "how are you?", "and how many?", "say it")
    mirror = Mirror()
    mirror.catch_up(chat)
    for count in (1, 1, 1):
        for _ in range(count):
            chat.append(IN, "ok", after_s=1)
        mirror.catch_up(chat)
    assert mirror.keys() == chat.keys()
    assert sum(isinstance(change, MessageAdded) for change in mirror.log) == len(chat.sent)


def test_what_was_heard_above_a_first_window_that_does_not_reach_it_stays_and_the_gap_shows() -> None:
    chat = PhoneChat(320)
    told = [
        chat.append(IN, "the same long text on several lines of the screen of a phone " * 3, after_s=0)
        for _ in range(5)
    ]
    mirror = Mirror()
    mirror.hear(chat, told)
    for _ in range(2):
        mirror.catch_up(chat)
    assert len(mirror.live()) >= len(told)
    assert mirror.flagged or mirror.keys() == chat.keys()


def test_a_stretch_of_equal_photos_taller_than_the_window_is_not_the_top_of_the_chat() -> None:
    """A drag of one photo's height shows the same window again."""
    chat = PhoneChat(720)
    for number in range(20):
        chat.append(IN, f"text {number}", after_s=60)
    mirror = Mirror()
    mirror.catch_up(chat)
    for _ in range(9):
        chat.append(IN, "", Kind.PHOTO, after_s=1)
    chat.append(IN, "that was all", after_s=60)
    for jitter in (-9, 0, 8):
        mirror.catch_up(chat, jitter)
        assert not any(isinstance(change, MessageVanished) for change in mirror.log)
        assert mirror.flagged or mirror.keys() == chat.keys()


def same_again(starts_chat: bool, *tops: int) -> tuple[ChatSeen, Run]:
    """Return a window of equal photos at these places, and the run it holds."""
    photo = Content(Kind.PHOTO, media=Media())
    rows = tuple(RowSeen(IN, Shown(600), photo, top < 740, (0, top, 100, min(920, top + 180))) for top in tops)
    seen = ChatSeen("Otto", "", rows, None, (0, 200, 100, 920), starts_chat=starts_chat)
    return seen, begin_run(seen)


def test_a_window_that_looks_the_same_after_a_drag_is_never_taken_for_the_top() -> None:
    for feet in ((210, 390, 570, 750), (210,)):
        seen, run = same_again(False, *feet)
        assert extend_run(run, seen, seen, 180) is None


def test_an_end_that_could_not_be_placed_stays_flagged_until_it_is() -> None:
    """Filling back has no gap among the messages to close then; it must not call the chat whole."""
    chat = chat_of(720, *[f"text {n}" for n in range(6)], "ok", "ok")
    mirror = Mirror()
    mirror.catch_up(chat)
    chat.append(IN, "ok", after_s=1)
    chat.append(IN, "not seen yet", after_s=60)
    run = begin_run(chat.newest())
    tail = Run(run.rows[-3:], starts_chat=False, ends_chat=True)
    assert plan_back(mirror.window(), tail, is_last=True).has_gap
    mirror.fill_back(chat)
    assert not mirror.flagged
    assert mirror.keys() == chat.keys()


def test_a_message_that_came_late_above_the_last_rows_is_found_there() -> None:
    chat = chat_of(720, *[f"text {n}" for n in range(9)])
    mirror = Mirror()
    mirror.catch_up(chat)
    late = Sent(IN, chat.ever[-4].at, Kind.TEXT, "sent long ago")
    chat.ever.insert(-3, late)
    for n in range(7):
        chat.append(IN, f"new {n}", after_s=60)
    mirror.catch_up(chat)
    assert mirror.keys() == chat.keys()
