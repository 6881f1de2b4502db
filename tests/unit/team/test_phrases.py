"""Times and opening hours in words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.team.hours import Calendar, Opening
from app.team.phrases import date_text, greeting_text, hours_text, opening_text, phrases_of

PLACE = "Europe/Amsterdam"


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=ZoneInfo(PLACE))


def office(*more: Opening) -> Calendar:
    return Calendar(PLACE, (*(Opening(day, 540, 1020) for day in range(5)), *more))


@pytest.mark.parametrize(
    ("hour", "nl", "en"),
    [
        (4, "goedenavond", "good evening"),
        (5, "goedemorgen", "good morning"),
        (12, "goedemiddag", "good afternoon"),
        (17, "goedemiddag", "good afternoon"),
        (18, "goedenavond", "good evening"),
    ],
)
def test_the_greeting_follows_the_local_hour(hour: int, nl: str, en: str) -> None:
    assert greeting_text(local(18, hour), PLACE, "nl") == nl
    assert greeting_text(local(18, hour), PLACE, "en_GB") == en


def test_days_are_written_out_and_an_unknown_language_is_english() -> None:
    assert date_text(date(2026, 8, 20), "nl_NL") == "donderdag 20 augustus"
    assert date_text(date(2026, 5, 4), "de") == "Monday 4 May"
    assert all(len(phrases_of(one).weekdays) == 7 and len(phrases_of(one).months) == 12 for one in ("nl", "en"))


def test_the_next_opening_is_as_near_as_it_is() -> None:
    assert opening_text(local(18, 7), office(), "nl") == "vandaag om 9:00"
    assert opening_text(local(18, 17, 5), office(), "nl") == "morgen om 9:00"
    assert opening_text(local(21, 17, 5), office(), "en") == "Monday at 9:00"
    closed = Calendar(PLACE, office().week, frozenset(date(2026, 8, day) for day in range(19, 29)))
    assert opening_text(local(18, 18), closed, "nl") == "maandag 31 augustus om 9:00"
    assert opening_text(local(22, 18), closed, "nl") == "maandag 31 augustus om 9:00"
    assert opening_text(local(24, 18), closed, "nl") == "maandag 31 augustus om 9:00"
    assert opening_text(local(25, 18), closed, "nl") == "maandag om 9:00"
    assert opening_text(local(18, 18), None, "nl") == opening_text(local(18, 18), Calendar(PLACE), "nl") == ""


def test_days_with_the_same_hours_are_told_together() -> None:
    assert hours_text(office(Opening(5, 600, 840)), "nl") == "ma t/m vr 9:00-17:00, za 10:00-14:00"
    split = Calendar(PLACE, (Opening(0, 780, 1020), Opening(0, 540, 720), Opening(2, 0, 0), Opening(3, 0, 1440)))
    assert hours_text(split, "en") == "Mon 9:00-12:00 / 13:00-17:00, Wed to Thu all day"
    assert hours_text(Calendar(PLACE), "nl") == hours_text(None, "nl") == ""
