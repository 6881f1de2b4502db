"""Dumps of layouts that are not known: what stays in them, what never does, and how many are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from devices.screens.anonymise import anonymise, layout_hash, masked
from devices.screens.recognise import parse_screen
from devices.whatsapp.reports import MOST_FILES, Reports
from tests.unit.screens.test_profiles import TODAY, chat


@given(st.text())
def test_no_letter_and_no_digit_stays_and_the_length_does(text: str) -> None:
    found = masked(f"{text} 7z")
    assert len(found) == len(text) + 3
    assert not {c for c in found if c.isalnum()} - {"x", "0"}


def test_words_of_the_app_stay_and_numbers_never_do() -> None:
    assert masked("Delivered") == "Delivered"
    assert masked("Dit bericht is verwijderd") == "Dit bericht is verwijderd"
    assert masked("+31 6 12345678") == "*00 0 00000000"
    assert masked("Jan: read 😀") == "xxx: xxxx *"


def test_structure_stays_other_apps_and_unknown_attributes_go() -> None:
    source = chat().replace('text="Jan"', 'text="Jan" hint="secret 1" tooltip-text="Eva"')
    source = source.replace("<hierarchy>", '<hierarchy><!-- Eva --><node package="com.android.systemui" text="Eva"/>')
    kept = anonymise(source)
    assert "Eva" not in kept
    assert "Jan" not in kept
    assert "secret" not in kept
    assert 'resource-id="com.whatsapp.w4b:id/entry"' in kept
    assert 'bounds="[0,90][720,1400]"' in kept
    assert parse_screen(kept, TODAY).lacks == ()
    assert layout_hash(kept) == layout_hash(source)


@pytest.mark.shared
def test_captured_screens_keep_their_layout_and_lose_their_words(shared: Path) -> None:
    for path in sorted((shared / "screens").glob("*chat*.xml")):
        source = path.read_text("utf-8")
        kept = anonymise(source)
        assert parse_screen(kept, TODAY).kind == parse_screen(source, TODAY).kind, path.name
        for node in etree.fromstring(kept.encode()).iter():
            for name in ("text", "content-desc"):
                said = str(node.get(name) or "")
                assert said == masked(said) or not any(c.isdigit() and c != "0" for c in said)


def test_a_layout_is_kept_once_and_the_oldest_goes(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports")
    first = reports.keep(chat("box0"), "app 1 lacks entry -- x")
    assert first is not None
    assert reports.keep(chat("box0").replace("Jan", "Piet"), "again") == first
    assert "lacks entry - - x" in first.read_text("utf-8")
    assert first.stat().st_mode & 0o077 == 0
    for number in range(1, MOST_FILES + 5):
        reports.keep(chat(f"box{number}"), "app")
    kept = reports.list_files()
    assert len(kept) == MOST_FILES
    assert first not in kept
    assert reports.keep("no source", "app") is None


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    assert Reports(tmp_path / "reports").keep(chat(), "app") is None
