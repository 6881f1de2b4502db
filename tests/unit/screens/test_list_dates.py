"""The date column of the chat list: a date is never taken for a time, and every known word is found as it is folded."""

from datetime import date

import pytest

from app.domain.message import Shown
from devices.screens import words
from devices.screens.days import parse_day, parse_when

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("text", ["18.08.26", "18.08.2026", "18-08-2026", "18/08/2026"])
def test_a_dotted_date_is_no_time_of_today(text: str) -> None:
    assert parse_when(text, "", TODAY) == Shown(None, date(2026, 8, 18))


@pytest.mark.parametrize("text", ["22:28", "22.28", "10:28 PM"])
def test_a_time_means_today(text: str) -> None:
    assert parse_when(text, "", TODAY) == Shown(22 * 60 + 28, TODAY)


@pytest.mark.parametrize("word", words.YESTERDAY)
def test_each_word_for_yesterday_is_found_also_with_a_capital(word: str) -> None:
    assert parse_day(word.capitalize(), TODAY) == date(2026, 11, 21)
