"""Badges of numbers in tables."""

from __future__ import annotations

import pytest

from app.cli.badges import badge_cell, badge_heading, colour_code
from app.cli.common import Tinted, put_table
from app.domain.ids import AccountId
from app.domain.phone import Badge

SHOP, DESK = AccountId(1), AccountId(2)
TWO = {SHOP: Badge("06-11", "#1f77b4"), DESK: Badge()}


def test_one_number_needs_no_badge() -> None:
    one = {SHOP: Badge("06-11", "#1f77b4")}
    assert (badge_heading(one), badge_cell(one, SHOP, "Winkel")) == ((), ())


def test_of_two_each_has_one_by_its_name_at_least() -> None:
    assert badge_heading(TWO) == ("on",)
    assert badge_cell(TWO, SHOP, "Winkel")[0].text == "06-11"
    assert badge_cell(TWO, DESK, "Balie")[0].text == "Balie"
    assert badge_cell(TWO, DESK, "Balie achterin het magazijn")[0].text == "Balie achte\u2026"


def test_what_is_no_terminal_gets_no_colour(capsys: pytest.CaptureFixture[str]) -> None:
    assert badge_cell(TWO, SHOP, "Winkel")[0].code == ""
    put_table(("on", "title"), [(*badge_cell(TWO, SHOP, "Winkel"), "Otto")])
    assert capsys.readouterr().out == "on     title\n06-11  Otto\n"


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"COLORTERM": "truecolor"}, "\x1b[38;2;31;119;180m"),
        ({"WT_SESSION": "x"}, "\x1b[38;2;31;119;180m"),
        ({"TERM": "xterm-256color"}, "\x1b[38;5;31m"),
        ({"TERM": "dumb"}, ""),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, ""),
    ],
)
def test_a_terminal_gets_the_colour_that_it_can_show(environ: dict[str, str], code: str) -> None:
    assert colour_code("#1f77b4", environ) == code
    assert colour_code("", environ) == ""


def test_colour_does_not_count_as_width(capsys: pytest.CaptureFixture[str]) -> None:
    put_table(("on", "title"), [(Tinted("06", "\x1b[31m"), "Otto"), (Tinted("0611"), "Anna")])
    assert capsys.readouterr().out == "on    title\n\x1b[31m06\x1b[0m    Otto\n0611  Anna\n"
