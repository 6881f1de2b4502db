"""What every implementation of the `Phone` port does. The same tests run against the fake and against the driver."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Protocol

import pytest

from app.domain.attached import Parcel, Push
from app.domain.errors import ScreenNotRecognised, SendRefused
from app.domain.message import Direction, Kind, Quote
from app.domain.observation import ChatSeen, ComposerSeen, RowSeen, ScreenKind
from app.domain.ports import ChatTarget, Phone
from app.domain.reply import Reason
from tests.fakes.pictures import picture

_NUMBERS = itertools.count(31611000001)


class Rig(Protocol):
    """A phone and what people do around it. A chat is named by its title."""

    phone: Phone

    def add_chat(self, title: str, number: str) -> None: ...
    def customer_writes(self, title: str, text: str) -> None: ...
    def owner_types(self, title: str, text: str) -> None: ...
    def leave_draft(self, title: str, text: str) -> None: ...
    def own_texts(self, title: str) -> list[str]: ...
    def show_dialog(self) -> None: ...
    def clear_dialog(self) -> None: ...
    def on_phone(self) -> list[bytes]: ...
    def add_recipient(self, title: str) -> None: ...
    def take_draft_along(self) -> None: ...
    def ignore_sends(self, count: int) -> None: ...
    def spoil_swipes(self, *, dead: int = 0, slipped: int = 0) -> None: ...
    def quote_by_hand(self, title: str, text: str) -> None: ...
    def own_quotes(self, title: str) -> list[str]: ...


def a_chat(rig: Rig, *texts: str) -> ChatTarget:
    """Add a chat with these incoming messages."""
    number = str(next(_NUMBERS))
    title = f"Customer {number[-4:]}"
    rig.add_chat(title, number)
    for text in texts:
        rig.customer_writes(title, text)
    return ChatTarget(title, number)


def told(seen: ChatSeen) -> list[tuple[str, str]]:
    return [(row.direction.value, row.content.text) for row in seen.rows if row.content.kind is not Kind.SYSTEM]


class PhoneContract:
    """The contract; a subclass gives the fixture `rig`."""

    def test_a_started_phone_is_alive_and_says_what_it_is(self, rig: Rig) -> None:
        facts = rig.phone.start()
        assert facts.sdk >= 26
        assert facts.app_version
        assert rig.phone.is_alive()

    def test_stopping_twice_raises_nothing(self, rig: Rig) -> None:
        rig.phone.stop()
        rig.phone.stop()
        assert not rig.phone.is_alive()
        rig.phone.start()

    def test_looking_touches_nothing(self, rig: Rig) -> None:
        a_chat(rig, "hello")
        rig.phone.read_chat_list()
        first, second = rig.phone.look(), rig.phone.look()
        assert first.kind is second.kind is ScreenKind.CHAT_LIST
        assert first.package == "com.whatsapp.w4b"

    def test_the_list_shows_a_new_message_at_its_top_with_its_unread_count(self, rig: Rig) -> None:
        rig.phone.read_chat_list()
        target = a_chat(rig, "first", "second")
        row = rig.phone.read_chat_list().rows[0]
        assert (row.title, row.preview, row.unread, row.own_last) == (target.title, "second", 2, False)
        assert row.when.minute is not None

    def test_a_message_is_notified_with_text_and_time_until_its_chat_is_opened(self, rig: Rig) -> None:
        rig.phone.read_chat_list()
        target = a_chat(rig, "are you open?")
        jid = f"{target.number}@s.whatsapp.net"
        (seen,) = [one for one in rig.phone.read_notifications() if one.jid == jid]
        assert (seen.title, seen.count, seen.is_group) == (target.title, 1, False)
        assert [message.content.text for message in seen.messages] == ["are you open?"]
        assert seen.messages[0].time_ms > 1_700_000_000_000
        rig.phone.open_chat(target)
        assert not [one for one in rig.phone.read_notifications() if one.jid == jid]

    def test_an_opened_chat_shows_its_messages_with_side_and_minute(self, rig: Rig) -> None:
        target = a_chat(rig, "hello", "two\nlines")
        rig.owner_types(target.title, "by hand")
        seen = rig.phone.open_chat(target)
        assert seen.title == target.title
        assert told(seen) == [("in", "hello"), ("in", "two\nlines"), ("out", "by hand")]
        assert all(row.shown.minute is not None for row in seen.rows if row.content.kind is not Kind.SYSTEM)
        assert seen.starts_chat
        assert seen.ends_chat
        assert seen.entry is not None
        assert (seen.entry.text, seen.entry.send) == ("", None)

    def test_opening_an_open_chat_again_shows_the_same(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        assert (
            told(rig.phone.open_chat(target)) == told(rig.phone.open_chat(target)) == told(rig.phone.read_chat(target))
        )

    def test_a_long_chat_opens_at_its_end_and_can_be_read_upwards(self, rig: Rig) -> None:
        texts = [f"message {n}" for n in range(40)]
        target = a_chat(rig, *texts)
        seen = rig.phone.open_chat(target)
        assert told(seen)[-1] == ("in", texts[-1])
        assert not seen.starts_chat
        older, dragged = rig.phone.scroll_chat_up(target)
        assert dragged > 0
        shared = {text for _, text in told(seen)} & {text for _, text in told(older)}
        assert shared
        assert told(older)[0] != told(seen)[0]
        assert told(rig.phone.open_chat(target))[-1] == ("in", texts[-1])

    def test_a_reply_is_typed_without_being_sent_and_sent_by_one_tap(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        rig.phone.open_chat(target)
        typed = rig.phone.type_reply(target, "We are open.\nUntil 18:00 👍")
        assert typed.entry is not None
        assert typed.entry.text == "We are open.\nUntil 18:00 👍"
        assert typed.entry.send is not None
        assert rig.own_texts(target.title) == []
        rig.phone.tap_send(target, typed)
        assert rig.own_texts(target.title) == ["We are open.\nUntil 18:00 👍"]
        seen = rig.phone.read_chat(target)
        assert seen.rows[-1].direction is Direction.OUT
        assert seen.entry is not None
        assert seen.entry.text == ""

    def test_a_typed_text_can_be_taken_back(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        rig.phone.open_chat(target)
        rig.phone.type_reply(target, "not this")
        rig.phone.clear_entry(target, "not this")
        seen = rig.phone.read_chat(target)
        assert seen.entry is not None
        assert (seen.entry.text, seen.entry.send) == ("", None)
        assert rig.own_texts(target.title) == []

    def test_somebody_elses_draft_is_refused_and_stays(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        rig.leave_draft(target.title, "a draft")
        rig.phone.open_chat(target)
        with pytest.raises(SendRefused) as refused:
            rig.phone.type_reply(target, "ours")
        assert refused.value.reason is Reason.SOMEONE_ELSE_TYPING
        seen = rig.phone.read_chat(target)
        assert seen.entry is not None
        assert seen.entry.text == "a draft"

    def test_another_chat_in_front_is_never_typed_into(self, rig: Rig) -> None:
        here, there = a_chat(rig, "here"), a_chat(rig, "there")
        rig.phone.open_chat(here)
        with pytest.raises(SendRefused) as refused:
            rig.phone.type_reply(there, "for the other one")
        assert refused.value.reason is Reason.WRONG_CHAT
        seen = rig.phone.read_chat(here)
        assert seen.entry is not None
        assert seen.entry.text == ""

    def test_typing_needs_a_chat_in_front(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        rig.phone.read_chat_list()
        with pytest.raises(ScreenNotRecognised):
            rig.phone.type_reply(target, "nowhere")
        assert rig.own_texts(target.title) == []

    def test_an_unknown_dialog_is_named_and_nothing_is_tapped(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        rig.phone.read_chat_list()
        rig.show_dialog()
        try:
            assert rig.phone.look().kind in (ScreenKind.DIALOG, ScreenKind.UNKNOWN)
            for act in (rig.phone.leave_chat, lambda: rig.phone.open_chat(target)):
                with pytest.raises(ScreenNotRecognised):
                    act()
            assert rig.phone.look().kind in (ScreenKind.DIALOG, ScreenKind.UNKNOWN)
        finally:
            rig.clear_dialog()
        assert rig.phone.leave_chat().rows

    def test_leaving_a_chat_shows_the_list(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        rig.phone.open_chat(target)
        # Where in the list that is, nobody promises: it stays where it was scrolled to.
        assert rig.phone.leave_chat().rows
        assert rig.phone.look().kind is ScreenKind.CHAT_LIST
        assert target.title in [row.title for row in rig.phone.read_chat_list().rows]

    def test_a_chat_that_is_not_there_is_refused_for_certain(self, rig: Rig) -> None:
        with pytest.raises(SendRefused) as refused:
            rig.phone.open_chat(ChatTarget("Nobody of that name"))
        assert refused.value.reason is Reason.CHAT_NOT_FOUND

    def test_the_vital_signs_are_told(self, rig: Rig) -> None:
        report = rig.phone.read_health()
        assert report.battery_percent == 83
        assert report.awake is True
        assert report.locked is False


def row_of(seen: ChatSeen, text: str) -> RowSeen:
    (row,) = [one for one in seen.rows if one.content.text == text]
    return row


def bar_of(seen: ChatSeen) -> Quote | None:
    assert seen.entry is not None
    return seen.entry.quote


class QuotesContract:
    """How messages are quoted; a subclass gives the fixture `rig`."""

    def test_a_text_goes_out_under_the_quoted_message(self, rig: Rig) -> None:
        target = a_chat(rig, "the blue one?", "or the red one?")
        seen = rig.phone.open_chat(target)
        assert bar_of(seen) is None
        bar = bar_of(rig.phone.quote_row(target, row_of(seen, "the blue one?")))
        assert bar == Quote(target.title, "the blue one?")
        assert bar_of(rig.phone.end_of_chat(target)) == bar
        typed = rig.phone.type_reply(target, "that one", bar=bar)
        assert rig.own_texts(target.title) == []
        rig.phone.tap_send(target, typed)
        assert rig.own_texts(target.title) == ["that one"]
        assert rig.own_quotes(target.title) == ["the blue one?"]
        after = rig.phone.open_chat(target)
        assert after.rows[-1].content.quoted == bar
        assert bar_of(after) is None

    def test_our_own_messages_are_quoted_by_another_name(self, rig: Rig) -> None:
        target = a_chat(rig, "hello")
        rig.owner_types(target.title, "we have two")
        bar = bar_of(rig.phone.quote_row(target, row_of(rig.phone.open_chat(target), "we have two")))
        assert bar is not None
        assert bar.author not in ("", target.title)
        rig.phone.drop_quote(target, bar)

    def test_a_message_further_up_is_quoted_and_the_end_is_found_again(self, rig: Rig) -> None:
        target = a_chat(rig, *(f"question {number}" for number in range(30)))
        rig.phone.open_chat(target)
        for _ in range(2):
            seen, _ = rig.phone.scroll_chat_up(target)
        row = [one for one in seen.rows if one.whole][1]
        bar = bar_of(rig.phone.quote_row(target, row))
        assert bar == Quote(target.title, row.content.text)
        assert told(rig.phone.end_of_chat(target))[-1] == ("in", "question 29")
        rig.phone.clear_entry(target, "")
        assert bar_of(rig.phone.open_chat(target)) is None

    def test_a_swipe_that_does_nothing_quotes_nothing(self, rig: Rig) -> None:
        target = a_chat(rig, "the blue one?")
        seen = rig.phone.open_chat(target)
        rig.spoil_swipes(dead=1)
        with pytest.raises(SendRefused) as refused:
            rig.phone.quote_row(target, row_of(seen, "the blue one?"))
        assert refused.value.reason is Reason.QUOTE_NOT_TAKEN
        assert bar_of(rig.phone.open_chat(target)) is None

    def test_a_row_that_stands_there_no_more_is_not_touched(self, rig: Rig) -> None:
        target = a_chat(rig, *(f"question {number}" for number in range(30)))
        row = rig.phone.open_chat(target).rows[-2]
        rig.customer_writes(target.title, "one more")
        rig.phone.read_chat(target)
        assert bar_of(rig.phone.quote_row(target, row)) is None
        assert bar_of(rig.phone.open_chat(target)) is None

    def test_a_bar_names_what_was_really_met(self, rig: Rig) -> None:
        target = a_chat(rig, "the blue one?", "or the red one?")
        rig.spoil_swipes(slipped=1)
        seen = rig.phone.open_chat(target)
        bar = bar_of(rig.phone.quote_row(target, row_of(seen, "or the red one?")))
        assert bar == Quote(target.title, "the blue one?")
        rig.phone.drop_quote(target, Quote(target.title, "or the red one?"))
        assert bar_of(rig.phone.read_chat(target)) == bar
        rig.phone.drop_quote(target, bar)
        assert bar_of(rig.phone.read_chat(target)) is None

    def test_a_persons_quote_is_a_draft(self, rig: Rig) -> None:
        target = a_chat(rig, "the blue one?", "or the red one?")
        rig.quote_by_hand(target.title, "the blue one?")
        seen = rig.phone.open_chat(target)
        for act in (
            lambda: rig.phone.type_reply(target, "ours"),
            lambda: rig.phone.quote_row(target, row_of(seen, "or the red one?")),
        ):
            with pytest.raises(SendRefused) as refused:
                act()
            assert refused.value.reason is Reason.SOMEONE_ELSE_TYPING
        assert bar_of(rig.phone.read_chat(target)) == Quote(target.title, "the blue one?")
        assert rig.own_texts(target.title) == []

    def test_a_text_whose_quote_was_changed_is_not_sent(self, rig: Rig) -> None:
        target = a_chat(rig, "the blue one?", "or the red one?")
        seen = rig.phone.open_chat(target)
        bar = bar_of(rig.phone.quote_row(target, row_of(seen, "the blue one?")))
        typed = rig.phone.type_reply(target, "that one", bar=bar)
        rig.quote_by_hand(target.title, "or the red one?")
        # What was seen a moment ago counts as seen now.
        rig.phone.look()
        with pytest.raises(SendRefused) as refused:
            rig.phone.tap_send(target, typed)
        assert refused.value.reason is Reason.SOMEONE_ELSE_TYPING
        assert rig.own_texts(target.title) == []


def a_push(tmp_path: Path, name: str, body: bytes) -> Push:
    source = tmp_path / "stored"
    source.write_bytes(body)
    return Push(source, f"t{next(_NUMBERS)}", name, 20.0)


def offered(rig: Rig, target: ChatTarget, push: Push, caption: str = "", mime: str = "image/jpeg") -> ComposerSeen:
    path = rig.phone.push_file(push)
    return rig.phone.offer_file(target, Parcel(path, mime, caption))


class FilesContract:
    """How files go out; a subclass gives the fixture `rig`."""

    CAPTION = "Ready at 16:00 \U0001f44d\nsee you; $(then) 'ok' \"yes\""

    def test_a_file_is_offered_without_being_sent_and_sent_by_one_tap(self, rig: Rig, tmp_path: Path) -> None:
        target = a_chat(rig, "can I see it?")
        rig.phone.open_chat(target)
        ready = offered(rig, target, a_push(tmp_path, "it's; a bike.jpg", picture()), self.CAPTION)
        assert (ready.recipients, ready.caption, ready.files) == ((target.title,), self.CAPTION, 1)
        assert ready.send is not None
        assert rig.own_texts(target.title) == []
        assert rig.phone.look().kind is ScreenKind.MEDIA_COMPOSER
        rig.phone.tap_send_file(target, ready)
        seen = seen_after(rig, target)
        last = seen.rows[-1]
        assert (last.direction, last.content.kind, last.content.text) == (Direction.OUT, Kind.PHOTO, self.CAPTION)
        assert rig.own_texts(target.title) == [self.CAPTION]

    def test_a_document_shows_its_name(self, rig: Rig, tmp_path: Path) -> None:
        target = a_chat(rig, "can I have an offer?")
        push = a_push(tmp_path, "Our offer, 100% (new).pdf", b"%PDF-1.4")
        ready = offered(rig, target, push, "", "application/pdf")
        rig.phone.tap_send_file(target, ready)
        content = seen_after(rig, target).rows[-1].content
        assert (content.kind, content.text) == (Kind.DOCUMENT, "")
        assert content.media is not None
        assert content.media.name == "Our offer, 100% (new).pdf"

    def test_what_was_pushed_is_there_whole_and_is_removed(self, rig: Rig, tmp_path: Path) -> None:
        rig.phone.drop_files()
        assert rig.on_phone() == []
        body = bytes(range(256)) * 1000
        first = rig.phone.push_file(a_push(tmp_path, "a b.pdf", body))
        second = rig.phone.push_file(a_push(tmp_path, "a b.pdf", body))
        assert first != second
        assert rig.on_phone() == [body, body]
        rig.phone.drop_files(first.split("/")[-2])
        assert rig.on_phone() == [body]
        rig.phone.drop_files()
        rig.phone.drop_files()
        assert rig.on_phone() == []

    def test_a_composer_that_is_left_sends_nothing(self, rig: Rig, tmp_path: Path) -> None:
        target = a_chat(rig, "hello")
        offered(rig, target, a_push(tmp_path, "x.jpg", picture()), "not this")
        left = rig.phone.leave_composer()
        assert left is not None
        assert left.caption == "not this"
        assert rig.phone.leave_composer() is None
        assert rig.own_texts(target.title) == []
        assert told(rig.phone.open_chat(target)) == [("in", "hello")]

    def test_a_composer_with_somebody_else_is_left(self, rig: Rig, tmp_path: Path) -> None:
        target, other = a_chat(rig, "hello"), a_chat(rig, "and me?")
        rig.add_recipient(other.title)
        with pytest.raises(SendRefused) as refused:
            offered(rig, target, a_push(tmp_path, "x.jpg", picture()))
        assert refused.value.reason is Reason.WRONG_CHAT
        rig.add_recipient("")
        assert rig.phone.leave_composer() is None
        assert rig.own_texts(target.title) == rig.own_texts(other.title) == []

    def test_a_chat_without_a_number_takes_no_file(self, rig: Rig, tmp_path: Path) -> None:
        target = a_chat(rig, "hello")
        with pytest.raises(SendRefused) as refused:
            offered(rig, ChatTarget(target.title), a_push(tmp_path, "x.jpg", picture()))
        assert refused.value.reason is Reason.NEEDS_NUMBER

    def test_a_number_that_is_not_on_the_app_is_refused(self, rig: Rig, tmp_path: Path) -> None:
        with pytest.raises(SendRefused) as refused:
            offered(rig, ChatTarget("+31 6 99999999", "31699999999"), a_push(tmp_path, "x.jpg", picture()))
        assert refused.value.reason is Reason.NOT_ON_APP

    def test_a_tap_that_did_nothing_leaves_the_composer_to_be_seen(self, rig: Rig, tmp_path: Path) -> None:
        target = a_chat(rig, "hello")
        ready = offered(rig, target, a_push(tmp_path, "x.jpg", picture()))
        rig.ignore_sends(1)
        rig.phone.tap_send_file(target, ready)
        assert rig.phone.see_after_file(target) is None
        rig.phone.tap_send_file(target, ready)
        assert seen_after(rig, target).rows[-1].content.kind is Kind.PHOTO

    def test_a_draft_stays_or_is_no_caption(self, rig: Rig, tmp_path: Path) -> None:
        target = a_chat(rig, "hello")
        rig.leave_draft(target.title, "a draft")
        ready = offered(rig, target, a_push(tmp_path, "x.jpg", picture()), "the caption")
        rig.phone.tap_send_file(target, ready)
        seen = seen_after(rig, target)
        assert seen.entry is not None
        assert seen.entry.text == "a draft"
        rig.take_draft_along()
        ready = offered(rig, target, a_push(tmp_path, "x.jpg", picture()))
        assert ready.caption == ""
        rig.phone.leave_composer()

    def test_without_a_composer_nothing_is_tapped(self, rig: Rig, tmp_path: Path) -> None:
        target = a_chat(rig, "hello")
        ready = offered(rig, target, a_push(tmp_path, "x.jpg", picture()))
        rig.phone.leave_composer()
        rig.phone.open_chat(target)
        with pytest.raises(SendRefused):
            rig.phone.tap_send_file(target, ready)
        assert rig.own_texts(target.title) == []


def seen_after(rig: Rig, target: ChatTarget) -> ChatSeen:
    """Look until the composer is gone."""
    until = time.monotonic() + 10
    while (seen := rig.phone.see_after_file(target)) is None:
        assert time.monotonic() < until, "the composer stays"
    return seen
