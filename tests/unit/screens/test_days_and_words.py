"""Minutes, days and words as phones of many languages write them; what cannot be read is unknown, never wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message import Shown, Tick
from devices.screens import words
from devices.screens.days import parse_day, parse_minute, parse_when

TODAY = date(2026, 8, 18)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("22:37", 1357),
        ("0:05", 5),
        ("10:52 PM", 1372),
        ("10:52\u202fPM", 1372),
        ("12:00 am", 0),
        ("12:30 pm", 750),
        ("11:03 p. m.", 1383),
        ("11:03 p.\u00a0m.", 1383),
        ("9.15", 555),
        ("14h05", 845),
        ("下午3:05", 905),
        ("上午12:10", 10),
        ("오후 3:05", 905),
        ("\u0663:\u0660\u0665 \u0645", 905),
        ("\u200e14:20", 860),
        ("24:00", None),
        ("12:60", None),
        ("Yesterday", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_time_is_read_in_every_clock(text: str, minute: int | None) -> None:
    assert parse_minute(text) == minute


@pytest.mark.parametrize(
    "text", ["Today", "Vandaag", "Heute", "HOJE", "Aujourd\u2019hui", "今天", "اليوم", "\u200eHoje"]
)
def test_today_is_today_in_many_languages(text: str) -> None:
    assert parse_day(text, TODAY) == TODAY


@pytest.mark.parametrize("text", ["Yesterday", "Gisteren", "GESTERN", "Ontem", "Hier", "Ayer", "昨天", "أمس"])
def test_yesterday_is_the_day_before(text: str) -> None:
    assert parse_day(text, TODAY) == TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("28 May 2026", date(2026, 5, 28)),
        ("May 28, 2026", date(2026, 5, 28)),
        ("15 de abril de 2026", date(2026, 4, 15)),
        ("9 de fevereiro de 2026", date(2026, 2, 9)),
        ("3 maart 2026", date(2026, 3, 3)),
        ("3. März 2026", date(2026, 3, 3)),
        ("1 août 2026", date(2026, 8, 1)),
        ("2026年4月15日", date(2026, 4, 15)),
        ("2026년 4월 15일", date(2026, 4, 15)),
        ("29/04/2026", date(2026, 4, 29)),
        ("18.08.26", date(2026, 8, 18)),
        ("2026-04-29", date(2026, 4, 29)),
        ("4/29/2026", date(2026, 4, 29)),
        ("\u0662\u0669/\u0660\u0664/\u0662\u0660\u0662\u0666", date(2026, 4, 29)),
        ("Friday", date(2026, 8, 14)),
        ("Sexta-feira", date(2026, 8, 14)),
        ("terça-feira", date(2026, 8, 11)),
        ("dinsdag", date(2026, 8, 11)),
        ("Samstag", date(2026, 8, 15)),
    ],
)
def test_a_day_is_read_as_written(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "31 February 2026", "32/13/2026", "soon", "28 May", "1 January 2031", "qqq 2026"])
def test_a_day_that_cannot_be_is_unknown(text: str) -> None:
    assert parse_day(text, TODAY) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers_and_no_day_lies_far_ahead(text: str) -> None:
    day = parse_day(text, TODAY)
    assert day is None or day <= TODAY + timedelta(days=1)
    minute = parse_minute(text)
    assert minute is None or 0 <= minute < 24 * 60
    parse_when(text, text[::-1], TODAY)


@given(st.dates(date(2010, 1, 1), TODAY))
def test_a_written_day_comes_back(day: date) -> None:
    month = day.strftime("%B")
    assert parse_day(f"{day.day} {month} {day.year}", TODAY) == day
    assert parse_day(day.isoformat(), TODAY) == day


def test_the_list_column_says_a_minute_of_today_or_a_day() -> None:
    assert parse_when("18:24", "18:24", TODAY) == Shown(18 * 60 + 24, TODAY)
    assert parse_when("24/03/2026", "24 de março de 2026", TODAY) == Shown(None, date(2026, 3, 24))
    assert parse_when("???", "", TODAY) == Shown(None, None)


@pytest.mark.parametrize(
    ("word", "tick"),
    [
        ("Delivered", Tick.DELIVERED),
        ("Entregue", Tick.DELIVERED),
        ("Afgeleverd", Tick.DELIVERED),
        ("Zugestellt", Tick.DELIVERED),
        ("Mensagem vista", Tick.READ),
        ("Seen", Tick.READ),
        ("Gelezen", Tick.READ),
        ("In behandeling", Tick.PENDING),
        ("Verzonden", Tick.SENT),
        ("\u200eEnviada", Tick.SENT),
        ("Läst", Tick.UNKNOWN),
        ("", Tick.UNKNOWN),
    ],
)
def test_a_tick_word_of_another_language_is_unknown_never_wrong(word: str, tick: Tick) -> None:
    assert words.tick_of(word) is tick


def test_no_word_stands_for_two_ticks() -> None:
    known = [word for found in words.TICKS.values() for word in found]
    assert len(known) == len(set(known))


def test_no_word_stands_for_two_days_or_two_months() -> None:
    assert not set(words.TODAY) & set(words.YESTERDAY)
    for table in (words.MONTHS, words.WEEKDAYS):
        names = [name for names in table for name in names]
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("3:05 PTG", 905), ("3:05 PG", 185), ("du. 3:05", 905), ("3.05 ip.", 905), ("3:05 CH", 905), ("9:05 SA", 545),
        ("3:05 μ.μ.", 905), ("\u0663:\u0660\u0665 \u0645", 905),
    ],
)  # fmt: skip
def test_both_halves_of_the_day_are_told_apart_in_languages_nobody_captured(text: str, minute: int) -> None:
    assert parse_minute(text) == minute


@pytest.mark.parametrize(
    "text",
    [
        "2026. 11. 20.", "2026. november 20.", "p\u00e9ntek", "Semalam", "20 th\u00e1ng 11, 2026", "20 Νοεμβρίου 2026",
        "Παρασκευή", "perjantai", "20. marraskuuta 2026", "20 \u0646\u0648\u0641\u0645\u0628\u0631 2026",
        "20 พฤศจิกายน 2026",
    ],
)  # fmt: skip
def test_days_are_read_in_languages_nobody_captured(text: str) -> None:
    assert parse_day(text, date(2026, 11, 21)) == date(2026, 11, 20)
