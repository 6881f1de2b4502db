"""Whether a bar over the entry names the one message, and a bubble carries it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.ids import AccountId, ChatId, MessageId, ReplyId
from app.domain.message import Content, Direction, Entry, Kind, Quote, Shown
from app.domain.observation import ChatSeen, RowSeen
from app.domain.ports import ChatTarget
from app.domain.quoting import ReplyQuote
from app.domain.reply import Reply, ReplyState
from app.outbox.delivery import lost_quote, match_echoes
from app.outbox.quoting import carries, is_quoted, names, shows, stood_still
from tests.fakes.clock import START

IN, OUT = Direction.IN, Direction.OUT
OTTO = ChatTarget("Otto Bakker", "31612345678")
GROUP = ChatTarget("Buurt", is_group=True)
LONG = "where is my order, it should have been here yesterday"


def quoted(text: str, direction: Direction = IN, sender: str = "", *, cut: bool = False) -> ReplyQuote:
    return ReplyQuote(MessageId(1), direction, text, sender, cut)


@pytest.mark.parametrize(
    ("shown", "one", "is_it"),
    [
        ("hello", quoted("hello"), True),
        (" *two*\nlines", quoted("two lines"), True),
        ("hello", quoted("hello?"), False),
        ("", quoted("hello"), False),
        (LONG[:30] + "\u2026", quoted(LONG), True),
        (LONG[:30], quoted(LONG), False),
        ((LONG * 2)[:70], quoted(LONG * 2), True),
        ("whe\u2026", quoted(LONG), False),
        (LONG, quoted(LONG[:40], cut=True), True),
        (LONG, quoted(LONG[:40]), False),
    ],
)
def test_a_text_is_known_in_a_bar(shown: str, one: ReplyQuote, is_it: bool) -> None:
    assert shows(shown, one) is is_it


@pytest.mark.parametrize(
    ("author", "one", "target", "is_it"),
    [
        ("Otto Bakker", quoted("ok"), OTTO, True),
        ("otto  bakker", quoted("ok"), OTTO, True),
        ("+31 6 12345678", quoted("ok"), OTTO, True),
        ("~ Otto from the shop", quoted("ok"), OTTO, True),
        ("", quoted("ok"), OTTO, False),
        ("You", quoted("ok", OUT), OTTO, True),
        ("Jij", quoted("ok", OUT), OTTO, True),
        ("Otto Bakker", quoted("ok", OUT), OTTO, False),
        ("+31 6 12345678", quoted("ok", OUT), OTTO, False),
        ("", quoted("ok", OUT), OTTO, False),
        ("Bo", quoted("ok", IN, "Bo"), GROUP, True),
        ("Vera", quoted("ok", IN, "Bo"), GROUP, False),
        ("~\u202fBo", quoted("ok", IN, "Bo"), GROUP, True),
        ("+31 6 11111111", quoted("ok", IN, "Bo"), GROUP, True),
        ("Bo", quoted("ok"), GROUP, True),
        ("You", quoted("ok", OUT), GROUP, True),
    ],
)
def test_whose_message_a_bar_names(author: str, one: ReplyQuote, target: ChatTarget, is_it: bool) -> None:
    assert names(Quote(author, "ok"), one, target) is is_it


def window(*texts: str, low: int = 1000, moved: int = 0, is_all: bool = False, heights: int = 100) -> ChatSeen:
    """Return a window whose last row ends at `low`, moved by some pixels."""
    rows = []
    for n, text in enumerate(reversed(texts)):
        foot = 1000 + moved - n * heights
        rows.append(RowSeen(IN, Shown(700), Content(Kind.TEXT, text), True, (0, foot - heights, 500, foot)))
    return ChatSeen("Otto Bakker", "", tuple(reversed(rows)), None, (0, 0, 500, low), starts_chat=is_all)


BAR = Quote("Otto Bakker", "ok")


def test_the_only_message_of_that_text_needs_no_more_proof() -> None:
    before = window("a", "ok", "b")
    assert is_quoted(BAR, quoted("ok"), OTTO, before.rows[1], before, window("ok", "b", "c", moved=-450))


def test_of_two_the_list_must_have_stood_still() -> None:
    before = window("a", "ok", "ok")
    row = before.rows[1]
    for low, moved, is_it in (
        (1000, 0, True),
        (600, -400, True),
        (600, 0, True),
        (600, -500, False),
        (1000, -100, False),
    ):
        after = window("a", "ok", "ok", low=low, moved=moved)
        assert is_quoted(BAR, quoted("ok"), OTTO, row, before, after) is is_it, (low, moved)


def test_a_new_equal_message_counts_as_another_one() -> None:
    before = window("a", "b", "ok")
    assert is_quoted(BAR, quoted("ok"), OTTO, before.rows[2], before, window("a", "b", "ok", low=600, moved=-400))
    after = window("a", "b", "ok", "ok", low=600, moved=-400)
    assert not is_quoted(BAR, quoted("ok"), OTTO, before.rows[2], before, after)


def test_rows_that_all_say_the_same_prove_nothing() -> None:
    assert not stood_still(window("ok", "ok", "ok"), window("ok", "ok", "ok"))


def test_a_row_that_hides_its_text_at_the_edge_may_be_the_same() -> None:
    before = window("a", "ok", "b")
    hidden = replace(before.rows[0], whole=False, content=Content(Kind.TEXT))
    before = replace(before, rows=(hidden, *before.rows[1:]))
    row = before.rows[1]
    assert not is_quoted(BAR, quoted("ok"), OTTO, row, before, window("a", "ok", "b", moved=-100))
    assert is_quoted(BAR, quoted("ok"), OTTO, row, before, window("a", "ok", "b"))


def test_a_chat_that_fits_gives_way_by_as_much_as_it_is_too_long() -> None:
    before = window("a", "ok", "ok", is_all=True)
    for moved, is_it in ((-50, True), (-400, True), (-420, False), (30, False)):
        assert stood_still(before, window("a", "ok", "ok", low=600, moved=moved, is_all=True)) is is_it


def reply(uid: str, quote: ReplyQuote | None = None, state: ReplyState = ReplyState.SUBMITTED) -> Reply:
    return Reply(ReplyId(uid), AccountId(1), ChatId(1), "yes", "Eva", state, START, quote=quote)


def bubble(number: int, quote: str = "") -> Entry:
    content = Content(Kind.TEXT, "yes", quoted=Quote("Otto Bakker", quote) if quote else None)
    return Entry(MessageId(number), number, OUT, Shown(700), content)


def test_a_quote_tells_the_bubbles_of_equal_texts_apart() -> None:
    replies = [reply("plain"), reply("blue", quoted("blue?"), ReplyState.UNKNOWN), reply("red", quoted("red?"))]
    pairs = match_echoes(replies, [bubble(1, "red?"), bubble(2, "blue?"), bubble(3)])
    assert [(one.id, entry.id) for one, entry in pairs] == [("red", 1), ("blue", 2), ("plain", 3)]


def test_a_bubble_without_the_quote_is_still_the_replys() -> None:
    lost = reply("blue", quoted("blue?"))
    for entry, is_lost in ((bubble(1), True), (bubble(2, "red?"), True), (bubble(3, "blue?"), False)):
        assert [one.id for one, _ in match_echoes([lost], [entry])] == ["blue"]
        assert lost_quote(entry.content, lost) is is_lost
    assert not lost_quote(bubble(4, "blue?").content, reply("plain"))
    assert not carries(bubble(5).content, quoted("blue?"))
