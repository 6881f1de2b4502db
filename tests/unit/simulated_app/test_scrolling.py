"""The list of a conversation under a finger: exact movement, real overlap, clipped rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.simulated.contract import View
from devices.simulated.whatsapp.views import walk
from tests.unit.simulated_app.conftest import JAN, JAN_JID, Phone


def whole_texts(rows: list[View]) -> list[str]:
    """Texts of the rows that show their date; a row without one is clipped."""
    found = []
    for row in rows:
        views = list(walk(row))
        if any(view.res.endswith("/date") for view in views):
            found += [view.text for view in views if view.res.endswith("/message_text")]
    return found


def filled(layout: str = "2026", number: int = 60, **host: object) -> Phone:
    phone = Phone(layout, **host)
    phone.do("add_chat", number=JAN, name="Jan")
    for place in range(number):
        verb = "owner_types_by_hand" if place % 3 == 0 else "customer_writes"
        phone.do(verb, chat=JAN, text=f"bericht {place} " + "woord " * (place % 9 * 3))
    phone.app.state.book.chats[JAN_JID].unread = 0
    phone.do("open_chat", chat=JAN)
    return phone


@pytest.mark.parametrize("layout", ["2025", "2026"])
def test_scrolling_up_shows_every_message(layout: str) -> None:
    phone = filled(layout)
    seen: list[str] = []
    for _ in range(40):
        page = phone.texts("message_text")
        new = [text for text in page if text not in seen]
        seen = new + seen
        phone.drag(500)
    expected = [message.text.strip() for message in phone.app.state.book.chats[JAN_JID].messages if message.text]
    assert [text.strip() for text in seen] == expected


def test_content_follows_the_finger_by_the_pixel() -> None:
    phone = filled()
    before = {view.text: view.bounds for view in phone.all("message_text")}
    phone.drag(37)
    after = {view.text: view.bounds for view in phone.all("message_text")}
    inside = [text for text in before if text in after and before[text][1] > 400 and after[text][3] < 1300]
    assert inside
    assert all(after[text][1] - before[text][1] == 37 for text in inside)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-900, 900), min_size=1, max_size=12))
def test_no_view_leaves_its_list_and_the_ends_hold(moves: list[int]) -> None:
    phone = filled(number=25)
    for move in moves:
        phone.drag(move)
    at = next(view for view in walk(phone.root()) if view.res == "android:id/list").bounds
    for row in phone.rows():
        for view in walk(row):
            assert at[1] <= view.bounds[1] <= view.bounds[3] <= at[3]
    phone.drag(100_000)
    assert phone.all("info")
    phone.drag(-100_000)
    assert phone.texts("message_text")[-1].startswith("bericht 24")


def test_a_row_clipped_at_the_top_keeps_its_date_and_whole_text_at_3_pixels() -> None:
    phone = filled()
    for _ in range(900):
        first = phone.rows()[0]
        texts = [view for view in walk(first) if view.res.endswith("/message_text")]
        dates = [view for view in walk(first) if view.res.endswith("/date")]
        if texts and texts[0].bounds[3] - texts[0].bounds[1] <= 3 and dates:
            assert len(texts[0].text) > 10
            return
        phone.drag(1)
    pytest.fail("no row was ever cut to 3 px of its text")


def test_a_row_clipped_at_the_bottom_loses_date_and_status() -> None:
    phone = filled()
    for _ in range(400):
        phone.drag(1)
        last = list(walk(phone.rows()[-1]))
        has_text = any(view.res.endswith("/message_text") for view in last)
        if has_text and not any(view.res.endswith(("/date", "/status")) for view in last):
            return
    pytest.fail("no row ever lost its date")


def test_the_jump_button_stands_only_away_from_the_end() -> None:
    phone = filled()
    assert not phone.all("scroll_bottom")
    phone.drag(600)
    assert phone.all("scroll_bottom")
    assert phone.all("date_divider_header")
    phone.host.advance(5)
    assert not phone.all("date_divider_header")
    phone.tap("scroll_bottom")
    assert not phone.all("scroll_bottom")


def test_a_fling_runs_on_and_comes_to_rest() -> None:
    phone = filled()
    phone.app.drag((300, 600), (300, 800), fling=4000)
    at = phone.app.state.top.offset  # type: ignore[attr-defined]
    assert phone.app.is_animating()
    phone.host.advance(2)
    assert phone.app.state.top.offset > at  # type: ignore[attr-defined]
    assert not phone.app.is_animating()


def test_a_new_message_does_not_move_what_is_read_further_up() -> None:
    phone = filled()
    phone.drag(700)
    before = {view.text: view.bounds for view in phone.all("message_text")}
    phone.do("customer_writes", chat=JAN, text="nieuw")
    after = {view.text: view.bounds for view in phone.all("message_text")}
    assert before == after


def test_a_short_chat_stands_at_the_top_and_does_not_scroll(phone: Phone) -> None:
    phone.do("customer_writes", chat=JAN, text="hoi")
    phone.do("open_chat", chat=JAN)
    listed = next(view for view in walk(phone.root()) if view.res == "android:id/list")
    assert not listed.scrollable
    assert listed.children[0].bounds[1] == listed.bounds[1]
    assert whole_texts(phone.rows()) == ["hoi"]


def test_the_chat_list_scrolls_under_its_header() -> None:
    phone = Phone()
    phone.do("fill", chats=30, messages=2, seed=3)
    seen: list[str] = []
    for _ in range(20):
        seen += [name for name in phone.texts("conversations_row_contact_name") if name not in seen]
        phone.drag(-300)
    titles = {chat.title for chat in phone.app.state.book.on_list()}
    assert set(seen) == titles
    header = phone.all("header")[0].bounds[3]
    assert all(view.bounds[3] > header for view in phone.all("conversations_row_contact_name"))


def test_rows_that_end_exactly_at_the_edge_are_not_the_whole_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = filled()
    shown = phone.app.state.top
    edge = next(row.bounds[1] for row in phone.rows() if row.bounds[1] > phone.rows()[0].bounds[3])
    left, _, right, bottom = next(v for v in walk(phone.root()) if v.res == "android:id/list").bounds
    monkeypatch.setattr(type(shown), "list_bounds", lambda *_: (left, edge, right, bottom))
    listed = next(view for view in walk(phone.root()) if view.res == "android:id/list")
    assert listed.children[0].bounds[1] == edge
    assert listed.scrollable
