"""Page sources as bad as they come: one clear answer, in a bounded time, and nothing outside the text is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.observation import ScreenKind
from devices.screens.recognise import parse_screen
from devices.screens.tree import MAX_SOURCE, SourceUnreadable, parse_source

TODAY = date(2026, 8, 18)
HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">"


def node(**attributes: str) -> str:
    pairs = {"package": "com.whatsapp.w4b", "bounds": "[0,0][10,10]"} | attributes
    return "<node " + " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in pairs.items())


def source(*nodes: str) -> str:
    return HEAD + "".join(f"{one} />" for one in nodes) + "</hierarchy>"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "not xml", "<hierarchy>", "<node/>", "<html><body/></html>", "{}", HEAD, "\x00", "<hierarchy/><x/>"],
)
def test_what_is_no_page_source_is_refused(text: str) -> None:
    with pytest.raises(SourceUnreadable):
        parse_source(text)


def test_a_tree_300_deep_is_refused_and_one_of_200_is_read() -> None:
    def deep(levels: int) -> str:
        return HEAD + (node() + ">") * levels + "</node>" * levels + "</hierarchy>"

    assert parse_source(deep(200))
    with pytest.raises(SourceUnreadable):
        parse_source(deep(300))


def test_five_megabytes_of_garbage_are_refused() -> None:
    for garbage in ("x" * 5_000_000, "<" * 5_000_000, "<a>" * 1_700_000, "&" * 5_000_000):
        with pytest.raises(SourceUnreadable):
            parse_source(garbage)
    with pytest.raises(SourceUnreadable):
        parse_source(" " * (MAX_SOURCE + 1))


def test_characters_that_xml_forbids_spoil_only_themselves() -> None:
    (lone,) = parse_source(source(node(text="a\ud83db")))
    assert lone.text == "a?b"
    for reference in ("&#1;", "&#x1;", "&#0;", "&#xD83D;", "&#x1F;"):
        (one,) = parse_source(source(node(text=f"a{reference}b")))
        assert one.text == "a?b"
    (kept,) = parse_source(source(node(text="a&#10;b&#128522;&amp;")))
    assert kept.text == "a\nb😊&"


def test_entities_are_not_expanded_and_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE hierarchy [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "yyyy">]>'
    for entity in ("&x;", "&y;"):
        text = doctype + f'<hierarchy><node package="com.whatsapp" bounds="[0,0][1,1]">{entity}</node></hierarchy>'
        try:
            found = parse_source(text)
        except SourceUnreadable:
            continue
        assert "secret" not in repr(found)
        assert "yyyy" not in repr(found)


def test_entities_that_grow_without_end_are_refused() -> None:
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE hierarchy [<!ENTITY a0 "ha">{lol}]><hierarchy><node text="&a11;"/></hierarchy>'
    with pytest.raises(SourceUnreadable):
        parse_source(text)


def test_bounds_that_are_none_are_empty() -> None:
    for bounds in ("", "[a,b][c,d]", "[0,0]", "none"):
        (one,) = parse_source(source(node(bounds=bounds)))
        assert one.bounds == (0, 0, 0, 0)
    (negative,) = parse_source(source(node(bounds="[-5,-7][10,20]")))
    assert negative.bounds == (-5, -7, 10, 20)


def test_unknown_attributes_and_unknown_windows_change_nothing() -> None:
    (one,) = parse_source(source(node(resource_id="com.whatsapp.w4b:id/entry", brand_new="1", text="x")))
    assert (one.id, one.text) == ("entry", "x")


def test_a_screen_of_the_app_that_fits_nothing_is_unknown() -> None:
    assert parse_screen(source(node(text="something new")), TODAY).kind is ScreenKind.UNKNOWN
    assert parse_screen(source(), TODAY).kind is ScreenKind.NO_APP


@given(st.text(max_size=300))
def test_no_text_at_all_raises_anything_else(text: str) -> None:
    try:
        parse_screen(text, TODAY)
    except SourceUnreadable:
        return


KNOWN = st.sampled_from(["entry", "list", "main_layout", "date", "status", "send", "message"])
CALM = st.text(st.characters(blacklist_characters='<>&"', blacklist_categories=["Cs", "Cc"]), max_size=8)


@given(st.lists(st.tuples(KNOWN, CALM)))
def test_any_heap_of_known_ids_is_read_without_a_fault(parts: list[tuple[str, str]]) -> None:
    nodes = [node(resource_id=f"com.whatsapp.w4b:id/{name}", text=text) for name, text in parts]
    root = node(resource_id="com.whatsapp.w4b:id/conversation_root_layout")
    text = HEAD + root + ">" + "".join(f"{one} />" for one in nodes) + "</node></hierarchy>"
    parse_screen(text, TODAY)
