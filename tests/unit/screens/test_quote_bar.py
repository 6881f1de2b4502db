"""The bar over the entry: what the next text quotes, where it is closed, and that a bubble's quote is none."""

from __future__ import annotations

from datetime import date

from app.domain.message import Quote
from app.domain.observation import EntrySeen, ScreenKind
from devices.screens.recognise import parse_screen
from tests.unit.screens.test_composer import one

QUOTED = one("quoted_title", text="Otto") + one("quoted_text", text="\u2068the blue one?\u2069")
CLOSE = one("cancel", "[600,1000][660,1060]", clickable="true")


def entry(bar: str, rows: str = "") -> EntrySeen:
    field = one("entry", "[0,1100][600,1200]", text="Message") + one("voice_note_btn", "[600,1100][720,1200]")
    area = one("list", "[0,100][720,900]", rows).replace("com.whatsapp.w4b:id/list", "android:id/list")
    inside = one("conversation_contact_name", text="Otto") + area + bar + field
    seen = parse_screen(f"<hierarchy>{one('conversation_root_layout', '[0,0][720,1280]', inside)}</hierarchy>", TODAY)
    assert seen.kind is ScreenKind.CHAT
    assert seen.chat is not None
    assert seen.chat.entry is not None
    return seen.chat.entry


TODAY = date(2026, 8, 18)


def container(inside: str, bounds: str = "[0,1000][720,1100]") -> str:
    return one("quoted_message_preview_container", bounds, inside)


def test_a_bar_names_author_and_text_and_where_it_is_closed() -> None:
    seen = entry(container(QUOTED + CLOSE))
    assert seen.quote == Quote("Otto", "the blue one?")
    assert seen.close_quote == (600, 1000, 660, 1060)
    assert seen.text == ""


def test_a_bar_without_its_button_cannot_be_closed() -> None:
    seen = entry(container(QUOTED))
    assert seen.quote == Quote("Otto", "the blue one?")
    assert seen.close_quote is None


def test_an_empty_place_for_a_bar_is_none() -> None:
    for bar in ("", container(""), container(QUOTED, "[0,0][0,0]")):
        assert entry(bar).quote is None


def test_what_a_bubble_quotes_is_no_bar() -> None:
    row = one(
        "row", "[0,200][720,300]", one("main_layout", "[0,200][400,300]", one("quoted_message_holder", "", QUOTED))
    )
    assert entry("", row).quote is None
