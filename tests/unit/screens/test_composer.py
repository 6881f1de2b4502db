"""What the composer of a file holds: to whom, with which caption, how many files, and where its button is."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.observation import ComposerSeen, ScreenKind
from devices.screens.recognise import parse_screen

TODAY = date(2026, 8, 18)
SEND = (600, 1400, 720, 1500)


def one(name: str, bounds: str = "[0,100][720,200]", inside: str = "", **values: str) -> str:
    told = {"text": "", "content-desc": "", "clickable": "false"} | values
    said = " ".join(f'{key}="{value}"' for key, value in told.items())
    package = "com.whatsapp.w4b"
    return f'<node resource-id="{package}:id/{name}" package="{package}" bounds="{bounds}" {said}>{inside}</node>'


def composer(chips: str, field: str = "", send: str | None = None, more: str = "") -> ComposerSeen:
    button = one("send", "[600,1400][720,1500]", clickable="true") if send is None else send
    box = one("caption_input", inside=field, **{"content-desc": "Add a caption\u2026"})
    inside = box + one("media_recipients", inside=chips) + button + more
    source = f"<hierarchy>{one('media_composer_layout', '[0,0][720,1600]', inside)}</hierarchy>"
    seen = parse_screen(source, TODAY)
    assert seen.kind is ScreenKind.MEDIA_COMPOSER
    assert seen.composer is not None
    return seen.composer


@pytest.mark.parametrize(
    ("chips", "recipients"),
    [
        (one("recipient_chips", text="Otto"), ("Otto",)),
        (one("recipient_chips", text="Otto", **{"content-desc": "Otto"}), ("Otto",)),
        (one("recipient_chips", **{"content-desc": "Otto"}), ("Otto",)),
        (one("recipient_chips", inside=one("chip", text="Otto") + one("chip", text="Anna")), ("Otto", "Anna")),
        (one("recipient_chips", text="Otto") + one("recipient_chips", text="Otto"), ("Otto", "Otto")),
        (one("recipient_chips", text="\u2068Otto\u2069\u200e"), ("Otto",)),
        (one("recipient_chips"), ()),
        ("", ()),
    ],
)
def test_every_recipient_is_named_and_none_is_made_up(chips: str, recipients: tuple[str, ...]) -> None:
    assert composer(chips).recipients == recipients


@pytest.mark.parametrize(
    ("text", "caption"), [("", ""), ("Add a caption\u2026", ""), ("the bike", "the bike"), (" the  bike", " the  bike")]
)
def test_a_caption_is_read_as_it_is_and_a_hint_is_none(text: str, caption: str) -> None:
    assert composer("", one("caption", text=text)).caption == caption


def test_a_button_that_cannot_be_pressed_is_none() -> None:
    assert composer("").send == SEND
    assert composer("", send=one("send", "[600,1400][720,1500]")).send is None
    assert composer("", send=one("send", "[0,0][0,0]", clickable="true")).send is None
    assert composer("", send="").send is None


def test_several_files_are_counted() -> None:
    assert composer("").files == 1
    assert composer("", more=one("media_thumb") * 3).files == 3
