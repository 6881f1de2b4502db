"""The three tree forms, UiSelector expressions and W3C actions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from devices.simulated.contract import View, Window
from devices.simulated.uia2.commands import ends_of
from devices.simulated.uia2.errors import CommandError
from devices.simulated.uia2.locate import find_nodes
from devices.simulated.uia2.pointers import read_actions
from devices.simulated.uia2.selectors import parse_expressions, select
from devices.simulated.uia2.session import ElementCache, Locator, Session
from devices.simulated.uia2.settings import SettingValues
from devices.simulated.uia2.source import dump_appium, dump_multiwindow, dump_uiautomator
from devices.simulated.uia2.tree import Tree

CAPTURES = Path(__file__).parents[4] / "shared" / "data" / "screens"
TEXT = "android.widget.TextView"


def window_of(*children: View) -> Window:
    root = View("android.widget.FrameLayout", bounds=(0, 0, 1080, 2400), children=list(children))
    for place, child in enumerate(children):
        child.index = place
    return Window("app", "com.whatsapp.w4b", root, 7)


SCREEN = window_of(
    View(TEXT, "com.whatsapp.w4b:id/date", "13:05", bounds=(0, 0, 100, 50)),
    View(TEXT, "com.whatsapp.w4b:id/message_text", 'Hé 😊\nzei "ja"', bounds=(0, 50, 100, 90)),
    View(
        "android.widget.ImageButton", "com.whatsapp.w4b:id/send", desc="Send", clickable=True, bounds=(0, 90, 100, 190)
    ),
)


def test_uiautomator_writes_one_line_and_quotes_as_kxml() -> None:
    text = dump_uiautomator([SCREEN])
    assert "\n" not in text
    assert "text='Hé &#128522;&#10;zei \"ja\"'" in text
    assert text.startswith("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\"><node ")


def test_appium_leaves_empty_ids_and_descriptions_out() -> None:
    root = etree.fromstring(dump_appium([SCREEN], (1080, 2400)).encode())
    assert dict(root.attrib) == {"index": "0", "class": "hierarchy", "rotation": "0", "width": "1080", "height": "2400"}
    first, second, third = root[0]
    assert "content-desc" not in first.attrib
    assert second.get("text") == 'Hé 😊\nzei "ja"'
    assert third.get("text") == ""
    assert "resource-id" not in root[0].attrib


@given(st.text())
def test_any_text_makes_a_readable_tree(text: str) -> None:
    windows = [window_of(View(TEXT, text=text, desc=text))]
    for printed in (dump_uiautomator(windows), dump_multiwindow(windows), dump_appium(windows, (1, 1))):
        etree.fromstring(printed.encode("utf-8", "surrogatepass"))


@pytest.mark.shared
@pytest.mark.skipif(not CAPTURES.exists(), reason="the captured data is not beside the checkout")
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("chat_ptBR_2026_attach_sheet_poll_location.xml", "appium"),
        ("w4b_chatlist_ptBR_2026-07_banner_tip.xml", "uiautomator"),
        ("w4b_chat_ptBR_2026-08_e2e_outgoing_entry.xml", "multi"),
    ],
)
def test_attributes_stand_in_the_captured_order(name: str, form: str) -> None:
    captured = (CAPTURES / name).read_text(encoding="utf-8")
    printed = {
        "appium": dump_appium([SCREEN], (720, 1600)),
        "uiautomator": dump_uiautomator([SCREEN]),
        "multi": dump_multiwindow([SCREEN]),
    }[form]
    pattern = re.compile(r"<(?:node|android\.widget\.\w+) [^>]*?>")
    theirs = re.findall(r" ([\w-]+)=", max(pattern.findall(captured), key=len))
    ours = re.findall(r" ([\w-]+)=['\"]", max(pattern.findall(printed), key=len))
    common = [one for one in theirs if one in ours]
    assert [one for one in ours if one in theirs] == common
    assert set(ours) <= set(theirs) | {"content-desc", "resource-id"}


def nodes_for(expression: str) -> list[str]:
    tree = Tree([SCREEN], (1080, 2400))
    found = select(parse_expressions(expression)[0], list(tree.nodes()))
    return [node.view.text or node.view.desc for node in found]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('new UiSelector().resourceId("com.whatsapp.w4b:id/date")', ["13:05"]),
        ('new UiSelector().textContains("JA").className("android.widget.TextView")', ['Hé 😊\nzei "ja"']),
        ('new UiSelector().className("android.widget.TextView").instance(0)', ["13:05"]),
        ('new UiSelector().clickable(true).description("Send");', ["Send"]),
        (
            'new UiSelector().className("android.widget.FrameLayout").childSelector(new UiSelector().text("13:05"))',
            ["13:05"],
        ),
        ('new UiSelector().text("none")', []),
    ],
)
def test_ui_selectors(expression: str, found: list[str]) -> None:
    assert nodes_for(expression) == found


@pytest.mark.parametrize("expression", ["UiSelector()", "new UiSelector(", 'new UiSelector().noSuch("x")', "new Foo()"])
def test_wrong_expressions_are_invalid_selectors(expression: str) -> None:
    with pytest.raises(CommandError) as caught:
        nodes_for(expression)
    assert caught.value.error == "invalid selector"


def test_ids_are_completed_and_elements_keep_theirs() -> None:
    session = Session({"appPackage": "com.whatsapp.w4b"}, SettingValues())
    tree, again = Tree([SCREEN], (1, 1)), Tree([SCREEN], (1, 1))
    (short,) = find_nodes(tree, Locator("id", "send"), session)
    (whole,) = find_nodes(again, Locator("id", "com.whatsapp.w4b:id/send"), session)
    assert short.id == whole.id
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", short.id)
    (by_path,) = find_nodes(tree, Locator("xpath", "//*[matches(@text, '^13')]"), session)
    assert by_path.view.text == "13:05"


def test_the_cache_forgets_the_least_recently_used() -> None:
    cache = ElementCache()
    for number in range(500):
        cache.add(str(number), None)
    cache.locator("0")
    cache.add("new", None)
    cache.locator("0")
    with pytest.raises(CommandError):
        cache.locator("1")


def test_settings_ignore_the_unknown_and_refuse_a_wrong_type() -> None:
    values = SettingValues()
    values.update("noSuch", 1)
    values.update("snapshotMaxDepth", 501)
    assert values.number("snapshotMaxDepth") == 70
    with pytest.raises(CommandError):
        values.update("waitForIdleTimeout", "soon")


def swipe(*moves: dict[str, object]) -> list[dict[str, object]]:
    return [{"type": "pointer", "id": "f", "parameters": {"pointerType": "touch"}, "actions": list(moves)}]


DOWN: dict[str, object] = {"type": "pointerDown", "button": 0}
UP: dict[str, object] = {"type": "pointerUp", "button": 0}


def test_a_quick_way_is_fast_and_a_pause_before_lifting_stops_it() -> None:
    start: dict[str, object] = {"type": "pointerMove", "x": 500, "y": 1500, "duration": 0}
    way: dict[str, object] = {"type": "pointerMove", "x": 500, "y": 500, "duration": 200}
    pause: dict[str, object] = {"type": "pause", "duration": 300}
    (quick,) = read_actions(swipe(start, DOWN, way, UP), lambda _: (0, 0)).strokes
    (still,) = read_actions(swipe(start, DOWN, way, pause, UP), lambda _: (0, 0)).strokes
    assert quick.speed == pytest.approx(5000, rel=0.02)
    assert still.speed == 0
    assert (still.start, still.end) == ((500, 1500), (500, 500))


def test_a_finger_that_stays_is_held() -> None:
    start: dict[str, object] = {"type": "pointerMove", "x": 1, "y": 2, "origin": {"element": "e"}}
    (stroke,) = read_actions(swipe(start, DOWN, {"type": "pause", "duration": 800}, UP), lambda _: (10, 20)).strokes
    assert stroke.start == stroke.end == (11, 22)
    assert stroke.hold_s == pytest.approx(0.8)


def test_a_scroll_down_moves_the_finger_up() -> None:
    start, end = ends_of((0, 0, 100, 1000), "down", 0.5)
    assert (start, end) == ((50, 750), (50, 250))
