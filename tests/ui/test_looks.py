"""Palettes keep their contrast, every icon is there, and every text exists in both languages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QTranslator

from app.domain.message import Kind, Tick
from app.domain.phone import PhoneState
from app.domain.reply import Reason, ReplyState
from tests.ui.sources import ROOT, texts, untranslatable
from ui import phrases
from ui.theme import icons
from ui.theme.colours import ACCOUNTS, AVATARS, DARK, LIGHT, contrast
from ui.widgets.lights import light_of
from ui.words import FOLDER, choose_language, isolate, one_line, speak, tr

TEXT_ON = [
    ("text", "panel"), ("text", "paper"), ("text", "field"), ("text", "panel_chosen"), ("text", "bubble_in"),
    ("text", "panel_hover"), ("text_dim", "panel"), ("text_dim", "paper"), ("text_dim", "field"), ("text_dim", "chip"),
    ("text_dim", "panel_chosen"), ("text_dim", "bubble_in"), ("text_dim", "panel_hover"), ("rail_text", "rail"),
    ("rail_chosen_text", "rail_chosen"), ("on_accent", "accent"), ("on_accent", "accent_hover"), ("accent", "panel"),
    ("accent", "panel_chosen"), ("accent", "bubble_in"), ("bubble_out_text", "bubble_out"),
    ("bubble_out_dim", "bubble_out"), ("warn", "warn_back"), ("text", "warn_back"), ("bad", "bad_back"),
    ("text", "bad_back"), ("bad", "panel"), ("bad", "bubble_out"), ("warn", "bubble_out"), ("text", "selection"),
    ("text_dim", "mark"),
]  # fmt: skip
MARK_ON = [("tick_read", "bubble_out"), ("tick_read", "panel"), ("warn", "panel"), ("warn", "panel_chosen")]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_aa_everywhere(colours):
    for fore, back in TEXT_ON:
        assert contrast(getattr(colours, fore), getattr(colours, back)) >= 4.5, (fore, back)
    for fore, back in MARK_ON:
        assert contrast(getattr(colours, fore), getattr(colours, back)) >= 3, (fore, back)
    for state in PhoneState:
        assert contrast(light_of(state), colours.rail) >= 3, state


def test_white_letters_are_read_on_avatars_and_numbers():
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in AVATARS + ACCOUNTS)


def test_every_kind_of_message_has_an_icon():
    drawn = {kind.value for kind in Kind} - {"text"}
    assert drawn <= icons.names()


@pytest.mark.parametrize("name", sorted(icons.names()))
def test_every_icon_draws_something(qapp, name):
    image = icons.pixmap(name, "#000000", 24).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


def test_every_state_and_reason_has_words():
    assert set(phrases.PHONE_WORD) == set(phrases.PHONE_STEP) == set(PhoneState)
    assert all(phrases.PHONE_STEP[state] for state in PhoneState if state is not PhoneState.READY)
    assert set(phrases.REASON) == set(Reason)
    assert set(phrases.REPLY_WORD) == set(ReplyState)
    assert set(phrases.KIND_WORD) == set(Kind)
    assert set(phrases.TICK_WORD) == set(Tick)


def test_every_text_is_translated():
    dutch, english = QTranslator(), QTranslator()
    assert dutch.load("phoneshelf_nl", str(FOLDER))
    assert english.load("phoneshelf_en", str(FOLDER))
    missing = []
    for text, has_plural in texts().items():
        for number in (1, 2) if has_plural else (-1,):
            if not dutch.translate("", text, "", number):
                missing.append(text)
            if has_plural and not english.translate("", text, "", number):
                missing.append(text)
    assert not missing
    assert len(texts()) > 100
    assert not untranslatable()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_compiled_texts_are_those_of_the_source(tmp_path, language):
    made = tmp_path / "made.qm"
    tool = Path(PySide6.__file__).parent / "lrelease"
    source = ROOT / "resources" / "translations" / f"phoneshelf_{language}.ts"
    subprocess.run([str(tool), "-silent", str(source), "-qm", str(made)], check=True)  # noqa: S603
    assert made.read_bytes() == source.with_suffix(".qm").read_bytes()
    assert "unfinished" not in source.read_text("utf-8")


def test_texts_follow_the_language(qapp):
    speak("nl")
    assert tr("Waiting") == "Wachtend"
    assert phrases.said(phrases.PHONE_STEP[PhoneState.LOCKED]).startswith("Ontgrendel")
    assert tr("%n in the queue", "", 3) == "3 in de wachtrij"
    speak("en")
    assert tr("Waiting") == "Waiting"
    assert tr("%n in the queue", "", 1) == "1 in the queue"


def test_the_wanted_language_wins(qapp):
    assert choose_language("nl") == "nl"
    assert choose_language("nl_BE") == "nl"
    assert choose_language("xx") in ("nl", "en")


def test_foreign_text_stays_inside_its_own_direction():
    assert isolate("a\u202eb\u2069c\n d") == "\u2068abc d\u2069"
    assert one_line("👨\u200d👩\u200d👧 \t hoi") == "👨\u200d👩\u200d👧 hoi"
