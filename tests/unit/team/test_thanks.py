"""What ends a conversation and what goes on with it."""

from __future__ import annotations

import pytest

from app.team.thanks import is_grade, is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "dank", "Bedankt!", "THX", "thanks.", "👍", "👍🏽", "👍👍👍👍👍👍👍👍", "ok",
        "Oké", "Ok, dank je wel!!", "dank u wel",
        "hartelijk dank", "Thank you so much", "  thx 👍 ", "OK\nbedankt",
        "ok heel erg hartelijk bedankt hoor", "Dankjewel hoor 🙏",
    ],
)  # fmt: skip
def test_these_are_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "ok?", "bedankt, maar hij doet het nog niet", "je", "wel", "thank god", "dank voor niets", "👎", "5",
        "ok 5", "okra", "you", "thank you for the wrong pump",
        "ok " * 70, "ok heel erg veel hartelijk bedankt hoor",
    ],
)  # fmt: skip
def test_these_are_not(text: str) -> None:
    assert not is_thanks(text)


def test_a_grade_is_the_whole_message() -> None:
    assert all(is_grade(text) for text in ("1", " 5 ", "4!", "⭐⭐⭐", "⭐️", "⭐ ⭐", "👍", "👎🏻", "5️⃣"))
    assert not any(is_grade(text) for text in ("", "0", "6", "10", "5 stuks", "⭐⭐⭐⭐⭐⭐", "vijf"))
