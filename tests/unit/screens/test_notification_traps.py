"""Texts of notifications are printed unescaped: whatever a customer writes, it stays one message of theirs."""

from __future__ import annotations

import pytest

from app.domain.message import Kind
from app.domain.observation import NotificationSeen
from devices.screens.notifications import parse_notifications

JID = "31600000001@s.whatsapp.net"
TIME = 1789312440000


def record(*elements: str, extra: str = "", flags: str = "0x18", title: str = "Otto", package: str = "w4b") -> str:
    """Return one record as Android prints it, with these messages."""
    lines = "\n".join(f"                  [{n}] Bundle[{{{one}}}]" for n, one in enumerate(elements))
    name = f"com.whatsapp.{package}" if package != "whatsapp" else "com.whatsapp"
    return (
        f"    NotificationRecord(0x0da1fbeb: pkg={name} user=UserHandle{{0}} id=1 tag=abc=\n"
        f" importance=4 key=0|{name}|1|abc=\n|10231: Notification(channel=c shortcut={JID} flags={flags}))\n"
        f"      key=0|{name}|1|abc=\n|10231\n"
        "            extras={\n"
        f"                android.title=String ({title})\n"
        "                android.template=String (android.app.Notification$MessagingStyle)\n"
        f"                android.messages=Parcelable[] ({len(elements)})\n{lines}\n{extra}"
        "                android.isGroupConversation=Boolean (false)\n            }\n"
    )


def dump(*records: str) -> str:
    return "Current Notification Manager state:\n  Notification List:\n" + "".join(records)


def element(text: str, sender: str = "Otto", time: int = TIME) -> str:
    return f"extras=Bundle[{{}}], sender_person=android.app.Person@11, sender={sender}, text={text}, time={time}"


def only(text: str) -> NotificationSeen:
    (seen,) = parse_notifications(text)
    return seen


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "ends with newline\n",
        "a, time=1234567890123, b",
        "x, sender=Eva, y",
        "x, text=other",
        "braces }] and [0] Bundle[{ inside",
        "}]",
        "NotificationRecord is a word",
        "android.title=String (Eva)",
        "flags=GROUP_SUMMARY",
        "key=0|com.whatsapp|9|x|1",
        "shortcut=999@s.whatsapp.net",
        "a\n\n  Ranking Config:\n",
        "android.messages=Parcelable[] (7)",
        "comma, comma, comma",
        "ünïcödé 👍🏽 \u200eLRM",
        "=",
    ],
)
def test_any_text_is_one_message_of_its_sender(text: str) -> None:
    seen = only(dump(record(element(text))))
    assert (seen.jid, seen.title, seen.count) == (JID, "Otto", 1)
    (message,) = seen.messages
    assert (message.sender, message.time_ms) == ("Otto", TIME)
    assert message.content.text.strip() == text.strip("\u200e").strip()


def test_a_text_with_a_newline_does_not_eat_the_next_message() -> None:
    seen = only(dump(record(element("one\ntwo, time=1111111111111"), element("three", time=TIME + 1))))
    assert [(m.content.text, m.time_ms) for m in seen.messages] == [
        ("one\ntwo, time=1111111111111", TIME),
        ("three", TIME + 1),
    ]


@pytest.mark.parametrize(
    "keys",
    [
        "time={time}, text={text}, sender=Otto",
        "text={text}, time={time}, sender=Otto",
        "sender=Otto, time={time}, text={text}",
        "type=null, text={text}, sender=Otto, time={time}, extras=Bundle[{{}}]",
        "text={text}, sender=Otto, extras=Bundle[{{}}], time={time}, sender_person=android.app.Person@1",
    ],
)
def test_keys_come_in_any_order(keys: str) -> None:
    (message,) = only(dump(record(keys.format(text="how are you?", time=TIME)))).messages
    assert (message.sender, message.content.text, message.time_ms) == ("Otto", "how are you?", TIME)


def test_windows_line_ends_are_the_same_dump() -> None:
    text = dump(record(element("one"), element("two", time=TIME + 5)))
    assert parse_notifications(text.replace("\n", "\r\n")) == parse_notifications(text)


@pytest.mark.parametrize("flags", ["0x200", "0x218", "AUTO_CANCEL|GROUP_SUMMARY", "GROUP_SUMMARY"])
def test_a_summary_is_not_counted(flags: str) -> None:
    assert parse_notifications(dump(record(element("one"), flags=flags))) == []


def test_two_chats_are_two_and_two_apps_are_told_apart() -> None:
    both = dump(record(element("one")), record(element("two"), package="whatsapp"))
    assert [one.package for one in parse_notifications(both)] == ["com.whatsapp.w4b", "com.whatsapp"]
    assert [one.package for one in parse_notifications(both, "com.whatsapp")] == ["com.whatsapp"]


def test_what_follows_the_list_is_history_and_not_read() -> None:
    text = dump(record(element("now"))) + "  Archived notifications:\n" + record(element("then"))
    assert [m.content.text for m in only(text).messages] == ["now"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("📷 Foto", Kind.PHOTO),
        ("📷 Photo", Kind.PHOTO),
        ("🎤 Spraakbericht (0:07)", Kind.VOICE),
        ("🎥 Video", Kind.VIDEO),
        ("📄 invoice.pdf", Kind.DOCUMENT),
        ("📷 look at this", Kind.TEXT),
        ("Dit bericht is verwijderd", Kind.DELETED),
    ],
)
def test_media_and_deletions_are_told_by_emoji_and_word(text: str, kind: Kind) -> None:
    assert only(dump(record(element(text)))).messages[0].content.kind is kind


@pytest.mark.parametrize("text", ["", "nothing here", "NotificationRecord(0x1: pkg=com.whatsapp", "\x00\x01" * 50])
def test_a_torn_or_empty_dump_says_nothing_and_breaks_nothing(text: str) -> None:
    assert parse_notifications(text) == []


def test_a_dump_cut_anywhere_breaks_nothing() -> None:
    text = dump(record(element("one\ntwo"), element("three")))
    for end in range(0, len(text), 7):
        parse_notifications(text[:end])
