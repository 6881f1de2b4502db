"""What makes a phone read-only, and what never does: half trees, dialogs, old trees, chats where others write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.observation import ChatListSeen, ChatSeen, EntrySeen, ScreenKind, ScreenSeen
from devices.screens.recognise import parse_screen
from devices.screens.selftest import LONELY_S, LOOKS, SPAN_S, LayoutGuard
from tests.unit.screens.test_profiles import chat

APP = "com.whatsapp.w4b"
AREA = (0, 90, 720, 1400)
FIELD = EntrySeen("", (0, 1400, 600, 1600), None)


def chat_look(*lacks: str, title: str = "Jan", notice: str = "") -> ScreenSeen:
    field = None if notice or {"entry", "footer"} & set(lacks) else FIELD
    seen = ChatSeen(title, "", (), field, AREA, read_only_notice=notice, lacks=lacks)
    return ScreenSeen(ScreenKind.CHAT, APP, chat=seen, lacks=lacks)


LIST = ScreenSeen(ScreenKind.CHAT_LIST, APP, chat_list=ChatListSeen((), AREA))
STRANGE = ScreenSeen(ScreenKind.UNKNOWN, APP, lacks=("screen",))
PASSING = [
    LIST,
    ScreenSeen(ScreenKind.LOADING, APP),
    ScreenSeen(ScreenKind.DIALOG, APP),
    ScreenSeen(ScreenKind.LOCKED, "com.android.systemui"),
    ScreenSeen(ScreenKind.OTHER_APP, "com.android.vending"),
    ScreenSeen(ScreenKind.NO_APP, ""),
    ScreenSeen(ScreenKind.UNKNOWN, APP),
]


def noted(guard: LayoutGuard, looks: list[ScreenSeen], start: float = 0.0, step: float = 1.0) -> float:
    for look in looks:
        guard.note(look, start)
        start += step
    return start


def test_the_same_finding_on_looks_over_some_time_is_a_verdict_and_one_whole_chat_takes_it_back() -> None:
    guard = LayoutGuard()
    at = noted(guard, [chat_look("entry")] * LOOKS, step=SPAN_S / (LOOKS - 1))
    assert guard.verdict == ("entry",)
    at = noted(guard, [LIST, *PASSING], at)
    assert guard.verdict == ("entry",)
    guard.note(chat_look(), at)
    assert guard.verdict == ()


def test_many_looks_in_a_moment_and_few_looks_over_a_long_time_are_none() -> None:
    guard = LayoutGuard()
    noted(guard, [chat_look("entry", "list")] * 100, step=SPAN_S / 200)
    assert guard.verdict == ()
    noted(guard, [chat_look("entry")] * (LOOKS - 1), 1000, SPAN_S)
    assert guard.verdict == ()


def test_a_finding_that_comes_now_and_then_never_adds_up() -> None:
    guard = LayoutGuard()
    for round_ in range(50):
        at = noted(guard, [chat_look("entry", "button")] * (LOOKS - 1), round_ * 20.0)
        guard.note(chat_look(), at)
    noted(guard, [chat_look("title")] * 20, 5000, 200)
    assert guard.verdict == ()


def test_a_chat_in_which_others_write_is_no_other_layout_once_a_whole_one_was_seen() -> None:
    guard = LayoutGuard()
    guard.note(chat_look(), 0)
    noted(guard, [chat_look("footer", title=f"Group {n}") for n in range(9)] * 9, 1, 2)
    assert guard.verdict == ()
    fresh = LayoutGuard()
    noted(fresh, [chat_look("footer")] * 5, step=LONELY_S / 5)
    assert fresh.verdict == ()
    noted(fresh, [chat_look("footer")] * 3, LONELY_S)
    assert fresh.verdict == ("footer",)


def test_a_restricted_chat_has_a_state_of_its_own_and_proves_no_entry() -> None:
    guard = LayoutGuard()
    at = noted(guard, [chat_look("entry")] * 20)
    guard.note(chat_look(notice="Your account has been restricted"), at)
    assert guard.verdict == ("entry",)
    fresh = LayoutGuard()
    noted(fresh, [chat_look(notice="restricted")] * 50)
    assert fresh.verdict == ()


def test_an_unknown_screen_of_an_unknown_version_is_forgiven_by_the_chat_list() -> None:
    guard = LayoutGuard()
    at = noted(guard, [STRANGE] * 20)
    assert guard.verdict == ("screen",)
    guard.note(LIST, at)
    assert guard.verdict == ()


@given(st.lists(st.tuples(st.sampled_from([*PASSING, chat_look()]), st.floats(0, 500)), max_size=60))
def test_nothing_that_only_passes_is_ever_a_verdict(looks: list[tuple[ScreenSeen, float]]) -> None:
    guard = LayoutGuard()
    at = 0.0
    for look, pause in looks:
        at += pause
        guard.note(look, at)
        assert guard.verdict == ()


@pytest.mark.parametrize(
    ("source", "lacks"),
    [
        (chat(), ()),
        (chat(button="send"), ()),
        (chat(button="record_btn"), ("button",)),
        (chat("compose_box"), ("entry",)),
        (chat("compose_box", "record_btn"), ("entry",)),
        (chat("compose_box", "record_btn").replace("EditText", "Group"), ("footer",)),
        (chat().replace("conversation_contact_name", "who"), ("title",)),
        (chat().replace("id/list", "id/rows"), ("list",)),
    ],
)
def test_what_a_chat_lacks(source: str, lacks: tuple[str, ...]) -> None:
    assert parse_screen(source, date(2026, 8, 18)).lacks == lacks


@pytest.mark.shared
def test_no_captured_chat_lacks_anything(shared: Path) -> None:
    for path in sorted((shared / "screens").glob("*.xml")):
        seen = parse_screen(path.read_text("utf-8"), date(2026, 8, 18))
        assert seen.lacks == (), path.name
        assert seen.chat is None or not any(row.by_side for row in seen.chat.rows), path.name
