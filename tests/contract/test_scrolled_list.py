"""A real chat list, scrolled: a row that lost its name at the edge says that more lies above."""

from datetime import date
from pathlib import Path

import pytest

from devices.screens.recognise import parse_screen

SCREENS = Path(__file__).resolve().parents[3] / "shared" / "data" / "screens"


@pytest.mark.skipif(not SCREENS.is_dir(), reason="no captured data beside the checkout")
@pytest.mark.parametrize(
    ("name", "is_scrolled"),
    [
        ("w4b_chatlist_ptBR_2026-08_long_scrolled.xml", True),
        ("w4b_chatlist_ptBR_2026-03_unread_multiwindow.xml", False),
    ],
)
def test_a_scrolled_list_is_not_taken_for_its_top(name: str, is_scrolled: bool) -> None:
    seen = parse_screen((SCREENS / name).read_text("utf-8"), date(2026, 8, 18)).chat_list
    assert seen is not None
    assert seen.cut_above is is_scrolled
