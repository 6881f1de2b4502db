"""What every implementation of the `Phone` port does. The same tests run against the fake and against the driver."""

from __future__ import annotations

import itertools
from typing import Protocol

import pytest

from app.domain.errors import ScreenNotRecognised, SendRefused
from app.domain.message import Direction, Kind
from app.domain.observation import ChatSeen, ScreenKind
from app.domain.ports import ChatTarget, Phone
from app.domain.reply import Reason

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
        rig.phone.clear_entry(target)
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
