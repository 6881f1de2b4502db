"""Holidays of iCalendar files: whole days, ends, folded lines, and files that mean harm."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.team.holidays import MAX_DAYS, MAX_TEXT, parse_holidays


def ics(*events: str) -> str:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}\r\nEND:VCALENDAR\r\n"


def test_an_event_without_an_end_is_a_day_and_an_end_is_not_part_of_it() -> None:
    text = ics(
        "SUMMARY:Koningsdag\r\nDTSTART;VALUE=DATE:20260427",
        "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Kerst",
        "DTSTART;VALUE=DATE:20260101\r\nDURATION:P1D",
        "DTSTART;VALUE=DATE:20260505\r\nDTEND;VALUE=DATE:20260505",
    )
    days = {date(2026, 4, 27), date(2026, 12, 25), date(2026, 12, 26), date(2026, 1, 1), date(2026, 5, 5)}
    assert parse_holidays(text) == days


def test_lines_may_be_folded_anywhere_and_end_in_any_way() -> None:
    text = ics('SUMMARY:Tweede\r\n  paasdag\r\nDTSTART;X-NOTE="a:b;c";VAL\r\n UE=DATE:2026\r\n\t0406')
    assert parse_holidays(text) == {date(2026, 4, 6)}
    assert parse_holidays("\ufeff" + text.replace("\r\n", "\n").lower().replace("x-note", "X")) == {date(2026, 4, 6)}


def test_what_is_no_day_off_is_passed_over() -> None:
    text = ics(
        "DTSTART:20260427T090000Z\r\nDTEND:20260427T100000Z",
        "DTSTART;VALUE=DATE:20260428\r\nSTATUS:CANCELLED",
        "SUMMARY:nothing",
        "DTSTART;VALUE=DATE:20260429\r\nBEGIN:VALARM\r\nDTSTART;VALUE=DATE:20260430\r\nEND:VALARM",
    )
    assert parse_holidays(text) == {date(2026, 4, 29)}
    todo = "BEGIN:VCALENDAR\nBEGIN:VTODO\nDTSTART;VALUE=DATE:20260501\nEND:VTODO\nEND:VCALENDAR"
    assert parse_holidays(todo) == frozenset()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not an iCalendar file"),
        ("<html>not found</html>", "not an iCalendar file"),
        (ics("DTSTART;VALUE=DATE:20260427")[:-25], "cut off"),
        ("END:VEVENT", "did not begin"),
        (ics("DTSTART;VALUE=DATE:20261399"), "no day 20261399"),
        (ics("DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:99990101"), "at most 366 days"),
        (ics("DTSTART;VALUE=DATE:20260101\r\nDURATION:P9999W"), "at most 366 days"),
        (ics("DTSTART;VALUE=DATE:99991231\r\nDURATION:P2D"), "no day after"),
        (ics(*["DTSTART;VALUE=DATE:20260101"] * (MAX_DAYS + 2)), "at most 5000 days"),
        (" " * (MAX_TEXT + 1), "too large"),
    ],
)
def test_a_bad_file_is_told_apart(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_holidays(text)


def test_a_file_that_means_harm_ends_in_time() -> None:
    for part in ('"', "\r\n ", ";", ":", "BEGIN:VEVENT\n", 'A="', "\n\n"):
        with pytest.raises(ValueError, match="iCalendar"):
            parse_holidays("BEGIN:VCALENDAR\n" + part * (1_000_000 // len(part)))


@settings(deadline=None)
@given(st.lists(st.sampled_from(["BEGIN:VEVENT", "END:VEVENT", "DTSTART:20260101", "DTEND:20260103", " ", "X:Y", ":"])))
def test_any_lines_give_days_or_a_clear_error(lines: list[str]) -> None:
    text = "\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"])
    with suppress(ValueError):
        assert len(parse_holidays(text)) <= 3
