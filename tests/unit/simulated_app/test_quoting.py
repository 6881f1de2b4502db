"""A message is swiped, its bar stands over the entry, and the next text carries it."""

from __future__ import annotations

import pytest

from devices.simulated.contract import View
from tests.unit.simulated_app.conftest import JAN, Phone


@pytest.fixture
def chat(phone: Phone) -> Phone:
    for text in ("the blue one?", "or the red one?"):
        phone.do("customer_writes", chat=JAN, text=text)
    phone.do("open_chat", chat=JAN)
    return phone


def row(phone: Phone, text: str) -> View:
    return next(view for view in phone.rows() if any(one.text == text for one in _all(view)))


def _all(view: View) -> list[View]:
    return [view, *(one for child in view.children for one in _all(child))]


def swipe(phone: Phone, text: str, share: float = 0.5, down: int = 0) -> None:
    _, top, right, bottom = row(phone, text).bounds
    start = (right // 5, (top + bottom) // 2)
    phone.app.drag(start, (start[0] + round(right * share), start[1] + down), fling=0)
    phone.host.advance(1)


def truth(phone: Phone) -> dict[str, object]:
    found = phone.do("truth", chat=JAN)
    assert isinstance(found, dict)
    return found


def test_a_swiped_message_stands_over_the_entry_until_it_is_closed(chat: Phone) -> None:
    before = chat.all("entry")[0].bounds
    swipe(chat, "the blue one?")
    assert chat.texts("quoted_text") == ["the blue one?"]
    assert chat.all("quoted_message_preview_container")[0].bounds[3] <= chat.all("entry")[0].bounds[1]
    assert chat.all("entry")[0].bounds != before
    chat.tap("cancel")
    assert not chat.all("quoted_message_preview_container")


def test_the_next_text_carries_the_quote_and_only_that(chat: Phone) -> None:
    swipe(chat, "the blue one?")
    for text in ("that one", "bye"):
        chat.app.set_text(chat.all("entry")[0], text)
        chat.tap("send")
    messages = truth(chat)["messages"]
    assert isinstance(messages, list)
    jan = truth(chat)["title"]
    assert [one["quote"] for one in messages[-2:]] == [{"title": jan, "text": "the blue one?"}, None]
    assert [one["quote"] for one in chat.host.recorded("sent")] == ["the blue one?", ""]


@pytest.mark.parametrize(("share", "down"), [(0.2, 0), (-0.5, 0), (0.5, 200)])
def test_a_short_slanted_or_opposite_swipe_quotes_nothing(chat: Phone, share: float, down: int) -> None:
    swipe(chat, "the blue one?", share, down)
    assert truth(chat)["quoting"] == 0


def test_faults_of_a_swipe(chat: Phone) -> None:
    chat.do("settings", dead_swipes=1, slipped_swipes=1)
    swipe(chat, "or the red one?")
    assert truth(chat)["quoting"] == 0
    swipe(chat, "or the red one?")
    assert chat.texts("quoted_text") == ["the blue one?"]


def test_where_nobody_may_write_nothing_is_quoted(chat: Phone) -> None:
    chat.do("settings", is_restricted=True)
    swipe(chat, "the blue one?")
    assert truth(chat)["quoting"] == 0
