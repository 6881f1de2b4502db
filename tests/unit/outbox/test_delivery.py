"""What a look at the chat proves about a reply, and which bubble is whose echo."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.attached import ReplyFile
from app.domain.ids import AccountId, ChatId, MessageId, ReplyId
from app.domain.message import Content, Direction, Entry, Kind, Media, Shown, Tick
from app.domain.observation import ChatSeen, ComposerSeen, EntrySeen, RowSeen
from app.domain.ports import ChatTarget
from app.domain.reply import Reply, ReplyState
from app.outbox.delivery import AfterTap, count_equal, holds, is_echo, is_echo_of, judge, match_echoes, state_of
from tests.fakes.clock import START

BODY = "We are open until 18:00."


def reply(uid: str, body: str = BODY, state: ReplyState = ReplyState.SUBMITTED) -> Reply:
    return Reply(ReplyId(uid), AccountId(1), ChatId(1), body, "Eva", state, START)


def entry(number: int, text: str = BODY, direction: Direction = Direction.OUT) -> Entry:
    return Entry(MessageId(number), number, direction, Shown(700), Content(Kind.TEXT, text))


def seen(*texts: str, typed: str | None = None, direction: Direction = Direction.OUT) -> ChatSeen:
    rows = tuple(
        RowSeen(direction, Shown(700), Content(Kind.TEXT, text), True, (0, 100 * n, 500, 100 * n + 90))
        for n, text in enumerate(texts)
    )
    field = EntrySeen(typed, (0, 900, 400, 990), (400, 900, 500, 990)) if typed is not None else None
    return ChatSeen("Otto", "", rows, field, (0, 0, 500, 900))


@pytest.mark.parametrize(
    ("shown", "body"),
    [
        ("bold and plain", "*bold* and plain"),
        ("two lines", "two\nlines"),
        ("two lines", "two   lines "),
        ("‎Olá", "Olá"),
        ("cafe\u0301", "caf\u00e9"),
        ("❤\ufe0f", "❤"),
        ("a b", "a\u00a0b"),
    ],
)
def test_a_bubble_is_an_echo_whatever_the_app_does_to_marks_and_spaces(shown: str, body: str) -> None:
    assert is_echo(Content(Kind.TEXT, shown), body)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (Content(Kind.TEXT, "ok"), "okay"),
        (Content(Kind.TEXT, "We are open"), BODY),
        (Content(Kind.PHOTO, BODY), BODY),
        (Content(Kind.DELETED), BODY),
        (Content(Kind.TEXT, "", cut=True), BODY),
        (Content(Kind.TEXT, "We are closed", cut=True), BODY),
    ],
)
def test_another_text_or_another_kind_is_no_echo(content: Content, body: str) -> None:
    assert not is_echo(content, body)


def test_a_long_text_is_known_by_the_part_that_the_app_shows() -> None:
    assert is_echo(Content(Kind.TEXT, "We are open", cut=True), BODY)


def test_equal_replies_take_equal_bubbles_in_order_each_once() -> None:
    waiting = [reply("a"), reply("b"), reply("c", "another")]
    pairs = match_echoes(waiting, [entry(1), entry(2, "another"), entry(3), entry(4)])
    assert [(one.id, bubble.id) for one, bubble in pairs] == [("a", 1), ("c", 2), ("b", 3)]


def test_only_replies_in_doubt_without_an_echo_take_a_bubble() -> None:
    states = [ReplyState.QUEUED, ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SENT, ReplyState.FAILED]
    waiting = [reply(state, state=state) for state in states]
    bound = replace(reply("bound"), echo=MessageId(9))
    unknown = reply("unknown", state=ReplyState.UNKNOWN)
    pairs = match_echoes([*waiting, bound, unknown], [entry(1), entry(2)])
    assert [(one.id, bubble.id) for one, bubble in pairs] == [("unknown", 1)]


def test_a_reply_in_flight_takes_its_bubble_before_an_old_one_in_doubt() -> None:
    old, fresh = reply("old", "Ok", ReplyState.UNKNOWN), reply("fresh", "Ok")
    assert [one.id for one, _ in match_echoes([old, fresh], [entry(1, "Ok")])] == ["fresh"]
    assert [one.id for one, _ in match_echoes([old, fresh], [entry(1, "Ok"), entry(2, "Ok")])] == ["fresh", "old"]


def test_a_customer_who_repeats_the_text_is_no_echo() -> None:
    assert match_echoes([reply("a")], [entry(1, direction=Direction.IN)]) == []


@pytest.mark.parametrize(
    ("tick", "state"),
    [
        (None, ReplyState.SENT),
        (Tick.UNKNOWN, ReplyState.SENT),
        (Tick.PENDING, ReplyState.SENT),
        (Tick.SENT, ReplyState.SENT),
        (Tick.DELIVERED, ReplyState.DELIVERED),
        (Tick.READ, ReplyState.READ),
    ],
)
def test_a_tick_proves_no_more_than_it_says(tick: Tick | None, state: ReplyState) -> None:
    assert state_of(tick) is state


def test_only_own_bubbles_count_for_the_baseline() -> None:
    assert count_equal(seen(BODY, "other", BODY), reply("a")) == 2
    assert count_equal(seen(BODY, direction=Direction.IN), reply("a")) == 0


@pytest.mark.parametrize(
    ("look", "baseline", "has_echo", "verdict"),
    [
        (seen(BODY, typed=""), 0, True, AfterTap.ARRIVED),
        (seen(typed=BODY), 0, False, AfterTap.STILL_TYPED),
        (seen(BODY, typed=BODY), 1, False, AfterTap.STILL_TYPED),
        (seen(BODY, typed=BODY), 0, False, AfterTap.OPEN),
        (seen(typed=""), 0, False, AfterTap.OPEN),
        (seen(), 0, False, AfterTap.OPEN),
        (seen(typed="a colleague's draft"), 0, False, AfterTap.OPEN),
    ],
)
def test_a_look_after_the_tap_proves_one_of_three_things(
    look: ChatSeen, baseline: int, has_echo: bool, verdict: AfterTap
) -> None:
    assert judge(look, reply("a"), baseline, has_echo=has_echo) is verdict


def with_file(kind: Kind, caption: str = "", name: str = "offer.pdf", mime: str = "application/pdf") -> Reply:
    return replace(reply("f", caption), file=ReplyFile("0" * 64, name, kind, mime, 10))


@pytest.mark.parametrize(
    ("sent", "shown", "is_it"),
    [
        (with_file(Kind.PHOTO), Content(Kind.PHOTO), True),
        (with_file(Kind.PHOTO, "the *bike*"), Content(Kind.PHOTO, "the bike"), True),
        (with_file(Kind.PHOTO, "the bike"), Content(Kind.PHOTO), False),
        (with_file(Kind.PHOTO), Content(Kind.PHOTO, "another"), False),
        (with_file(Kind.PHOTO), Content(Kind.PHOTO, media=Media(count=4)), False),
        (with_file(Kind.PHOTO), Content(Kind.VIDEO), False),
        (with_file(Kind.PHOTO, mime="image/gif"), Content(Kind.VIDEO), True),
        (with_file(Kind.PHOTO, "hello"), Content(Kind.TEXT, "hello"), False),
        (with_file(Kind.VOICE), Content(Kind.VOICE, media=Media(duration="0:04")), True),
        (with_file(Kind.DOCUMENT), Content(Kind.DOCUMENT, media=Media(name="offer.pdf")), True),
        (with_file(Kind.DOCUMENT), Content(Kind.DOCUMENT, media=Media(name="offer")), True),
        (with_file(Kind.DOCUMENT), Content(Kind.DOCUMENT, media=Media(name="another.pdf")), False),
        (with_file(Kind.DOCUMENT), Content(Kind.DOCUMENT), False),
    ],
)
def test_the_bubble_of_a_file_is_known_by_kind_caption_and_name(sent: Reply, shown: Content, is_it: bool) -> None:
    assert is_echo_of(shown, sent) is is_it


def test_a_file_whose_composer_is_still_there_was_not_sent_and_a_draft_says_nothing() -> None:
    sent = with_file(Kind.PHOTO, BODY)
    assert judge(None, sent, 0, has_echo=False) is AfterTap.STILL_TYPED
    assert judge(None, sent, 0, has_echo=True) is AfterTap.ARRIVED
    assert judge(seen(typed=BODY), sent, 0, has_echo=False) is AfterTap.OPEN


@pytest.mark.parametrize(
    ("recipients", "caption", "files", "is_ours"),
    [
        (("Otto",), "the bike", 1, True),
        (("+31 6 00000001",), "the bike", 1, True),
        (("Otto", "Anna"), "the bike", 1, False),
        (("Anna",), "the bike", 1, False),
        (("Otto",), "another", 1, False),
        (("Otto",), "the bike", 2, False),
        ((), "the bike", 1, False),
    ],
)
def test_a_composer_that_was_left_holds_a_reply_only_if_all_of_it_fits(
    recipients: tuple[str, ...], caption: str, files: int, is_ours: bool
) -> None:
    composer = ComposerSeen(recipients, caption, files, (0, 0, 9, 9))
    target = ChatTarget("Otto", "31600000001")
    assert holds(composer, with_file(Kind.PHOTO, "the bike"), target) is is_ours
