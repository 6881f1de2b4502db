"""Everything captured that is no screen: notifications, event lines, vital signs, and what adb's commands print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from app.cli.inspecting import describe
from app.domain.message import Kind
from devices.adb.outputs import (
    DumpOutcome,
    DumpSaid,
    StartOutcome,
    StateSaid,
    parse_components,
    parse_dumps,
    parse_starts,
    parse_states,
)
from devices.adb.phone import parse_devices
from devices.health import reading
from devices.health.exits import parse_exits
from devices.screens.events import AppEvent, EventKind, parse_event
from devices.screens.notifications import parse_notifications

pytestmark = pytest.mark.shared
Read = Callable[[str], str]


@pytest.fixture
def read(shared: Path) -> Read:
    return lambda name: (shared / name).read_bytes().decode("utf-8")


# -- notifications ------------------------------------------------------------------------------------


def test_a_business_chat_is_told_once_with_texts_senders_and_milliseconds(read: Read) -> None:
    (seen,) = parse_notifications(read("notifications/CONSTRUCTED_w4b_older-format_noredact_1to1.txt"))
    assert (seen.package, seen.jid, seen.title) == ("com.whatsapp.w4b", "31600000001@s.whatsapp.net", "Otto Bakker")
    assert (seen.is_group, seen.is_redacted, seen.count, seen.user) == (False, False, 2, 0)
    assert [(m.sender, m.content.text, m.time_ms) for m in seen.messages] == [
        ("Otto Bakker", "Goedemorgen, is de fiets al klaar?", 1789312440000),
        ("Otto Bakker", "Dan kom ik hem om 5 uur halen, oké?", 1789312500000),
    ]


def test_the_newline_in_the_tag_is_no_part_of_the_key(read: Read) -> None:
    (seen,) = parse_notifications(read("notifications/CONSTRUCTED_w4b_older-format_noredact_1to1.txt"))
    assert seen.key == "0|com.whatsapp.w4b|1|Xk3u0vQm1bQpQm7r0zJtQ2hY5l8=|10231"


def test_an_older_record_without_shortcut_is_told_by_its_title(read: Read) -> None:
    (seen,) = parse_notifications(read("notifications/whatsapp_2.26.36_huawei_noredact_ABRIDGED.txt"))
    assert (seen.package, seen.jid, seen.title, seen.count) == ("com.whatsapp", "", "+49 170 0000001", 1)
    assert [(m.content.kind, m.content.text, m.time_ms) for m in seen.messages] == [
        (Kind.TEXT, "Ja, gerne", 1789312500000)
    ]


def test_a_redacted_group_says_who_and_how_many_and_its_summary_is_not_counted(read: Read) -> None:
    name = "notifications/w4b_group_dumpsys_notification_samsung_a12plus_REDACTEDMODE_REAL.txt"
    (seen,) = parse_notifications(read(name))
    assert (seen.package, seen.jid, seen.is_group) == ("com.whatsapp.w4b", "120363000000417263@g.us", True)
    assert (seen.count, seen.is_redacted, seen.messages, seen.title) == (3, True, (), "")


def test_another_apps_notification_is_none_of_ours_and_is_read_when_asked_for(read: Read) -> None:
    dump = read("notifications/a16_dumpsys_notification_messagingstyle_REDACTED_real.txt")
    assert parse_notifications(dump) == []
    (seen,) = parse_notifications(dump, "com.google.android.apps.messaging")
    assert (seen.count, seen.is_redacted, seen.messages) == (1, True, ())


@pytest.mark.parametrize("name", ["w4b_channels_AppSettings_REAL.txt", "w4b_group_capture_FACTS.txt"])
def test_notes_about_notifications_are_no_notifications(read: Read, name: str) -> None:
    assert parse_notifications(read(f"notifications/{name}")) == []


def test_windows_line_ends_change_nothing(shared: Path, read: Read) -> None:
    for path in sorted((shared / "notifications").iterdir()):
        dump = read(f"notifications/{path.name}")
        assert parse_notifications(dump.replace("\n", "\r\n")) == parse_notifications(dump), path.name


# -- events and ends of processes ---------------------------------------------------------------------


def test_event_lines_wake_up_and_tell_only_the_app(read: Read) -> None:
    lines = read("events/events_buffer_LINES.txt").splitlines()
    assert [event for line in lines if (event := parse_event(line))] == [
        AppEvent(EventKind.POSTED, "com.android.mms"),
        AppEvent(EventKind.CANCELLED, "com.android.mms"),
        AppEvent(EventKind.CANCELLED, "com.android.mms"),
        AppEvent(EventKind.CANCELLED, "com.datalogic.systemupdate"),
        AppEvent(EventKind.POSTED, "com.datalogic.systemupdate"),
        AppEvent(EventKind.CANCELLED, "io.nekohasekai.sfa"),
        *[AppEvent(EventKind.DIED, "io.nekohasekai.sfa")] * 5,
    ]


def test_ends_of_processes_have_a_time_and_a_reason(read: Read) -> None:
    crash, anr, stopped = parse_exits(read("events/exit_info_LINES.txt"))
    assert (crash.process, crash.at) == ("io.nekohasekai.sfa", datetime.fromisoformat("2026-10-01T19:21:57.535"))
    assert (crash.reason, crash.reason_text, crash.description) == (4, "APP CRASH(EXCEPTION)", "crash")
    assert (anr.reason, anr.reason_text) == (6, "ANR")
    assert anr.description == "bg anr: executing service io.nekohasekai.sfa/.bg.VPNService"
    assert (stopped.reason, stopped.subreason_text) == (10, "FORCE STOP")
    assert [one.is_fault for one in (crash, anr, stopped)] == [True, True, False]
    assert [one.is_by_person for one in (crash, anr, stopped)] == [False, False, True]


# -- vital signs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "percent", "degrees"),
    [
        ("gekko_battery_aosp.txt", 80, 30.0),
        ("gekko_battery_miui.txt", 60, 30.0),
        ("gekko_battery_samsung_s24.txt", 75, 35.7),
    ],
)
def test_the_battery_of_each_make_is_read(read: Read, name: str, percent: int, degrees: float) -> None:
    report = reading.parse_battery(read(f"health/{name}"))
    assert (report.battery_percent, report.charging, report.temperature_c) == (percent, True, degrees)


def test_the_hottest_sensor_counts_and_a_missing_one_is_not_zero_degrees(read: Read) -> None:
    assert reading.parse_thermal(read("health/sm_a155m_api36_dumpsys-thermalservice.txt")) == (0, 35.9)


def test_properties_may_span_lines(read: Read) -> None:
    text = read("health/getprop_xiaomi_psyche_android12.txt")
    properties = reading.parse_properties(text)
    assert properties["ro.build.version.sdk"] == "31"
    assert len(properties) == text.count("]: [")
    assert any("\n" in value for value in properties.values())


def _fragment(read: Read, heading: str) -> str:
    text = read("health/wifi_power_window_telephony_df_package_LINES.txt")
    return text.partition(heading)[2].partition("\n# ")[0]


def test_fragments_of_other_commands_are_read(read: Read) -> None:
    assert reading.parse_power(_fragment(read, "# dumpsys power\n")) is True
    assert reading.parse_power(_fragment(read, "# dumpsys power (sleeping")) is False
    assert reading.parse_locked(_fragment(read, "# dumpsys window (lock screen)")) is True
    assert reading.parse_locked("", _fragment(read, "# dumpsys trust")) is True
    assert reading.parse_wifi(_fragment(read, "# dumpsys wifi (Android 13+)")) == "on, -58 dBm"
    assert reading.parse_wifi(_fragment(read, "# dumpsys wifi (older)")) == "on, -48 dBm"
    assert reading.parse_storage(_fragment(read, "# df -k /data")) == (161196764 * 1024, 242680204 * 1024)
    package = _fragment(read, "# dumpsys package com.whatsapp (excerpt)")
    assert reading.parse_app_version(package, "com.whatsapp") == "2.26.17.72"
    assert reading.parse_app_version(package, "com.whatsapp.w4b") == ""


def test_a_pulled_down_shade_is_not_the_app_in_front(read: Read) -> None:
    window = _fragment(read, "# dumpsys window, notification shade")
    assert reading.parse_focus(window) == "com.whatsapp.w4b/com.whatsapp.Conversation"


# -- adb and its commands -----------------------------------------------------------------------------


def test_states_in_a_terminal_log_come_in_order_with_complaints_between(read: Read) -> None:
    serial = "0A10000I0000000B"
    assert parse_states(read("adb/adb_states_real_log.txt")) == [
        StateSaid(serial, "unauthorized"),
        StateSaid("", "unauthorized"),
        StateSaid(serial, "device"),
        StateSaid("", "absent"),
        StateSaid("", "absent"),
        StateSaid("", "offline"),
        StateSaid("", "offline"),
    ]


def test_each_way_an_am_start_can_end_is_told_apart(read: Read) -> None:
    said = parse_starts(read("adb/am_start_outputs.txt"))
    assert [one.outcome for one in said] == [
        StartOutcome.STARTED,
        StartOutcome.BROUGHT_TO_FRONT,
        StartOutcome.DELIVERED,
        StartOutcome.NO_SUCH_ACTIVITY,
        StartOutcome.NOTHING_RESOLVES,
        StartOutcome.NOT_ALLOWED,
        StartOutcome.STARTED,
    ]
    assert (said[-1].activity, said[-1].total_ms) == ("com.whatsapp.w4b/com.whatsapp.HomeActivity", 1834)


def test_only_a_written_dump_is_a_new_file(read: Read) -> None:
    text = read("adb/uiautomator_and_misc_outputs.txt")
    assert parse_dumps(text) == [
        DumpSaid(DumpOutcome.WRITTEN, "/sdcard/window_dump.xml"),
        DumpSaid(DumpOutcome.NOT_IDLE),
        DumpSaid(DumpOutcome.NO_ROOT),
        DumpSaid(DumpOutcome.KILLED),
        DumpSaid(DumpOutcome.WRITTEN, "/sdcard/dump.xml"),
    ]
    assert parse_components(text) == [
        "com.amazon.firelauncher/.Launcher",
        "com.amazon.firelauncher/.Launcher",
        "com.microsoft.launcher/.Launcher",
    ]


def test_an_intent_cannot_fake_an_outcome() -> None:
    answer = "Starting: Intent { act=VIEW dat=https://wa.me/1?text=Error:%20Permission%20Denial }\n"
    assert [one.outcome for one in parse_starts(answer)] == [StartOutcome.STARTED]
    assert [one.outcome for one in parse_starts(answer + "Error: something new\n")] == [StartOutcome.UNKNOWN]
    assert [one.outcome for one in parse_starts(answer + "Status: timeout\n")] == [StartOutcome.UNKNOWN]


def test_what_the_server_pushes_and_what_people_see_agree() -> None:
    assert parse_devices("A1\tdevice\nB2\tunauthorized\n") == {"A1": "device", "B2": "unauthorized"}
    table = "List of devices attached\nA1\tdevice product:x model:Y\nB2\tno permissions (udev); see [x]\n\n"
    assert parse_states(table) == [StateSaid("A1", "device"), StateSaid("B2", "no permissions")]


# -- inspect ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("adb/adb_states_real_log.txt", "devices"),
        ("adb/am_start_outputs.txt", "starts"),
        ("adb/uiautomator_and_misc_outputs.txt", "dumps"),
        ("events/events_buffer_LINES.txt", "events"),
        ("events/exit_info_LINES.txt", "exits"),
        ("health/gekko_battery_samsung_s24.txt", "health"),
        ("health/getprop_xiaomi_psyche_android12.txt", "health"),
        ("health/sm_a155m_api36_dumpsys-thermalservice.txt", "health"),
        ("health/wifi_power_window_telephony_df_package_LINES.txt", "health"),
        ("notifications/CONSTRUCTED_w4b_older-format_noredact_1to1.txt", "notifications"),
        ("notifications/w4b_channels_AppSettings_REAL.txt", "unknown"),
        ("screens/chat_ptBR_2026-05_outgoing_input.xml", "screen"),
        ("export-chat/android_en-GB_real_anonymised.txt", "unknown"),
        ("id_inventory.tsv", "unknown"),
    ],
)
def test_inspect_recognises_the_format_by_itself(read: Read, name: str, form: str) -> None:
    assert describe(read(name), date(2026, 8, 18))["format"] == form
