"""Lines that tell who gets the focus, and lines that only look like it."""

from __future__ import annotations

import pytest

from devices.screens.events import AppEvent, EventKind, parse_event

HEAD = "11-22 06:12:01.169  1144  1144 I input_focus: "
APP = "com.whatsapp.w4b"


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (
            f"[Focus entering a1243f5 {APP}/com.whatsapp.Conversation (server),reason=setFocusedWindow]",
            AppEvent(EventKind.FOCUSED, APP, "a1243f5"),
        ),
        (
            f"[Focus leaving  a1243f5 {APP}/com.whatsapp.Conversation (server),reason=NO_WINDOW]",
            AppEvent(EventKind.UNFOCUSED, APP, "a1243f5"),
        ),
        (
            "[Focus entering 3939374 NotificationShade (server),reason=x]",
            AppEvent(EventKind.FOCUSED, "NotificationShade", "3939374"),
        ),
        (f"[Focus request a1243f5 {APP}/com.whatsapp.Conversation,reason=x]", None),
        ("[Focus entering", None),
    ],
)
def test_a_line_of_the_focus(body: str, event: AppEvent | None) -> None:
    assert parse_event(HEAD + body) == event
