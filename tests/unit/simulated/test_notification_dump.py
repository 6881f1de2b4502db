"""The printed notifications: both forms, their traps, and the shape of captured ones."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.simulated.contract import Notification, NotifiedMessage
from devices.simulated.system.eventlog import EventLog, format_line
from devices.simulated.system.notices import Notices
from devices.simulated.system.notification_dump import NEWER, OLDER, NotificationDump

NOW = datetime(2026, 9, 13, 12, 0, tzinfo=UTC)
TAG = "Xk3u0vQm1bQpQm7r0zJtQ2hY5l8=\n"
CAPTURES = Path(__file__).parents[4] / "shared" / "data" / "notifications"

CHILD = Notification(
    package="com.whatsapp.w4b",
    id=1,
    tag=TAG,
    channel="individual_chat_defaults_1",
    title="Otto Bakker",
    text="Klaar, text=x, time=1?",
    messages=(
        NotifiedMessage("Otto Bakker", "Goedemorgen\n, time=5", 1789312440000),
        NotifiedMessage("Otto Bakker", "Klaar, text=x, time=1?", 1789312500000),
    ),
    shortcut="31600000001@s.whatsapp.net",
    ticker="Bericht van Otto Bakker",
    number=2,
    last_row_id=48213,
    self_name="Jij",
    actions=("Beantwoorden", "Markeren als gelezen"),
)
SUMMARY = replace(CHILD, tag=None, channel="silent_notifications_3", is_summary=True, messages=(), actions=())


@pytest.fixture
def notices() -> Notices:
    made = Notices(EventLog(lambda: NOW), lambda: NOW)
    made.post(SUMMARY, 10231, 4000)
    made.post(CHILD, 10231, 4000)
    return made


def printed(notices: Notices, form: str = OLDER, *, is_redacted: bool = False) -> str:
    return NotificationDump(form, is_redacted=is_redacted).print(notices.on_show(), NOW)


def test_the_tag_breaks_header_and_keys_in_three_places(notices: Notices) -> None:
    text = printed(notices)
    assert f" tag={TAG} importance=4 key=0|com.whatsapp.w4b|1|{TAG}|10231appImportanceLocked=false: " in text
    assert f"      key=0|com.whatsapp.w4b|1|{TAG}|10231\n" in text
    assert text.count(TAG) == 3


def test_the_forms_differ_as_generations_do(notices: Notices) -> None:
    older, newer = printed(notices), printed(notices, NEWER)
    assert "appImportanceLocked=" in older
    assert "appImportanceLocked=" not in newer
    assert "flags=0x200" in older
    assert "flags=GROUP_SUMMARY" in newer
    assert "android.messages=Parcelable[] (2)" in older
    assert "android.messages=Bundle[] (2)" in newer


def test_values_are_not_escaped(notices: Notices) -> None:
    text = printed(notices)
    assert "sender=Otto Bakker, text=Goedemorgen\n, time=5, time=1789312440000}]" in text
    assert "text=Klaar, text=x, time=1?, time=1789312500000}]" in text


def test_redaction_hides_texts_and_nothing_else(notices: Notices) -> None:
    text = printed(notices, is_redacted=True)
    assert "Goedemorgen" not in text
    assert "Otto" not in text
    assert "android.title=String [length=11]" in text
    assert "tickerText=Bericht ...\n" in text
    assert "android.messages=Parcelable[] (2)\n" in text
    assert "shortcut=31600000001@s.whatsapp.net found valid? true" in text


def test_the_summary_repeats_the_text_without_messages(notices: Notices) -> None:
    record = printed(notices).split("NotificationRecord(")[1]
    assert "tag=null" in record
    assert "flags=0x200" in record
    assert "android.messages" not in record
    assert "android.text=String (Klaar, text=x, time=1?)" in record


def test_sections_after_the_list_mention_the_app_again(notices: Notices) -> None:
    _, _, after = printed(notices).partition("mArchive=")
    assert "AppSettings: com.whatsapp.w4b (10231)" in after
    assert "0|com.whatsapp.w4b|g:group_key_messages -> 0|com.whatsapp.w4b|1|null|10231" in after


def test_events_carry_no_text_and_break_at_the_tag() -> None:
    log = EventLog(lambda: NOW)
    notices = Notices(log, lambda: NOW)
    notices.post(CHILD, 10231, 4000)
    assert notices.cancel(CHILD.package, CHILD.id, CHILD.tag)
    assert not notices.cancel(CHILD.package, CHILD.id, CHILD.tag)
    first, second = (format_line(line, "threadtime") for line in log.kept(frozenset({"events"})))
    assert (
        first[0] == f"09-13 12:00:00.000  1144  1144 I notification_enqueue: [10231,4000,com.whatsapp.w4b,1,{TAG[:-1]}"
    )
    assert first[1].startswith("09-13 12:00:00.000  1144  1144 I notification_enqueue: ,0,Notification(channel=")
    assert "Klaar" not in "".join(first)
    assert re.search(r"\|10231,8,0,0,0,-1,-1,NULL\]$", second[1])


@pytest.mark.shared
@pytest.mark.skipif(not CAPTURES.exists(), reason="the captured data is not beside the checkout")
def test_the_record_has_the_shape_of_the_captured_one(notices: Notices) -> None:
    name = "w4b_group_dumpsys_notification_samsung_a12plus_REDACTEDMODE_REAL.txt"
    captured = (CAPTURES / name).read_text(encoding="utf-8").split("NotificationRecord(")[2]
    record = printed(notices, is_redacted=True).split("NotificationRecord(")[2].split("mArchive")[0]
    keys = re.compile(r"^ +([\w.]+)=", re.MULTILINE)
    ours, theirs = set(keys.findall(record)), set(keys.findall(captured))
    assert ours - theirs == set()
