"""Whose message a bubble is where no status icon tells: by the edge at which it stands, and only then."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message import Direction, Kind, Tick
from app.domain.observation import RowSeen
from app.domain.words import LearnedWords
from devices.screens.days import parse_day
from devices.screens.profile import BASE, Profile, ProfileBroken, parse_profile
from devices.screens.recognise import parse_screen

APP = 'package="com.whatsapp.w4b"'
LEFT, RIGHT, WIDE = (32, 500), (220, 688), (32, 688)


def chat(*bubbles: tuple[tuple[int, int], str]) -> str:
    rows = ""
    for number, ((left, right), mark) in enumerate(bubbles):
        top = 100 + number * 100
        at = f"[{left},{top}][{right},{top + 90}]"
        below = f"[{left},{top + 60}][{right},{top + 90}]"
        foot = f'<node resource-id="x:id/date" {APP} text="10:0{number}" bounds="{below}"/>'
        status = f'<node resource-id="x:id/{mark}" {APP} content-desc="Sent" bounds="{at}"/>' if mark else ""
        text = f'<node resource-id="x:id/message_text" {APP} text="text {number}" bounds="{at}"/>'
        bubble = f'<node resource-id="x:id/main_layout" {APP} bounds="{at}">{text}{foot}{status}</node>'
        rows += f'<node {APP} bounds="[0,{top}][720,{top + 95}]">{bubble}</node>'
    listed = f'<node resource-id="android:id/list" {APP} scrollable="true" bounds="[0,90][720,1400]">{rows}</node>'
    title = f'<node resource-id="x:id/conversation_contact_name" {APP} text="Jan" bounds="[0,0][700,90]"/>'
    field = f'<node resource-id="x:id/entry" {APP} bounds="[0,1400][600,1600]"/>'
    button = f'<node resource-id="x:id/voice_note_btn" {APP} bounds="[600,1400][720,1600]"/>'
    root = f'<node resource-id="x:id/conversation_root_layout" {APP} bounds="[0,0][720,1600]">'
    return f"<hierarchy>{root}{title}{listed}{field}{button}</node></hierarchy>"


def read(source: str, profile: Profile = BASE) -> tuple[tuple[RowSeen, ...], tuple[str, ...]]:
    seen = parse_screen(source, date(2026, 8, 18), profile)
    assert seen.chat is not None
    return seen.chat.rows, seen.lacks


def test_with_its_icon_a_message_is_ours_wherever_it_stands() -> None:
    rows, lacks = read(chat((LEFT, ""), (RIGHT, "status"), (WIDE, "status")))
    assert [row.direction for row in rows] == [Direction.IN, Direction.OUT, Direction.OUT]
    assert lacks == ()


def test_without_icons_the_side_tells_and_the_layout_is_not_known() -> None:
    rows, lacks = read(chat((LEFT, ""), (RIGHT, "delivery_mark"), (WIDE, ""), (RIGHT, "delivery_mark")))
    assert [row.direction for row in rows] == [Direction.IN, Direction.OUT, Direction.IN, Direction.OUT]
    assert rows[1].content.tick is Tick.UNKNOWN
    assert lacks == ("status",)


def test_our_own_deleted_messages_have_no_icon_and_that_is_no_other_layout() -> None:
    rows, lacks = read(chat((LEFT, ""), (RIGHT, "icon"), (RIGHT, "icon")))
    assert [(row.direction, row.content.kind) for row in rows[1:]] == [(Direction.OUT, Kind.DELETED)] * 2
    assert lacks == ()


def test_one_icon_in_view_proves_the_layout() -> None:
    assert read(chat((LEFT, ""), (RIGHT, ""), (RIGHT, "status")))[1] == ()


def test_in_languages_written_from_the_right_the_sides_are_exchanged() -> None:
    mirrored = replace(BASE, is_mirrored=True)
    rows, lacks = read(chat((RIGHT, ""), (LEFT, "status")), mirrored)
    assert [row.direction for row in rows] == [Direction.IN, Direction.OUT]
    assert lacks == ()


def test_words_that_a_phone_taught_are_read() -> None:
    taught = LearnedWords({"lähetetty": Tick.SENT}, frozenset({"text 1"}), frozenset({"lue lisää"}))
    source = chat((LEFT, ""), (RIGHT, "status")).replace('content-desc="Sent"', 'content-desc="Lähetetty"')
    source = source.replace("text 0", "long \u2026 Lue lisää").replace(
        f'<node resource-id="x:id/date" {APP} text="10:01"', f'<node resource-id="x:id/icon" {APP}/>\\0'
    )
    source = source.replace("\\0", f'<node resource-id="x:id/date" {APP} text="10:01"')
    source = source.replace(
        f'<node resource-id="x:id/icon" {APP}/>',
        f'<node resource-id="x:id/icon" {APP}/><node resource-id="x:id/conversation_text_row" {APP}/>',
    )
    before, _ = read(source)
    assert [(row.content.kind, row.content.cut, row.content.tick) for row in before] == [
        (Kind.TEXT, False, None),
        (Kind.TEXT, False, Tick.UNKNOWN),
    ]
    assert before[1].has_icon
    assert before[1].tick_word == "lähetetty"
    after, _ = read(source, replace(BASE, words=taught))
    assert [(row.content.kind, row.content.cut, row.content.tick) for row in after] == [
        (Kind.TEXT, True, None),
        (Kind.DELETED, False, Tick.SENT),
    ]


@pytest.mark.parametrize(
    ("month_first", "day"), [(None, date(2026, 7, 8)), (False, date(2026, 7, 8)), (True, date(2026, 8, 7))]
)
def test_a_date_of_numbers_is_read_in_the_order_of_the_phone(month_first: bool | None, day: date) -> None:
    today = date(2026, 8, 18)
    assert parse_day("8/7/2026", today, month_first=month_first) == day
    assert parse_day("7/28/2026", today, month_first=month_first) == date(2026, 7, 28)
    assert parse_day("28.7.26", today, month_first=month_first) == date(2026, 7, 28)


@given(st.text())
def test_any_text_is_a_profile_or_broken(text: str) -> None:
    with suppress(ProfileBroken):
        parse_profile(text, "any.toml")
