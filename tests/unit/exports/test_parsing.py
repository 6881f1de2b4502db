"""Every form of file gives the same messages; what reads in two ways is asked, and nothing else is ever raised."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.exported import DateOrder
from app.domain.message import Direction, Kind
from app.exports.parsing import parse_export
from tests.fakes.chat import PhoneChat
from tests.fakes.export import ARABIC, CUSTOMER, FORMS, SHOP, exported

IN, OUT = Direction.IN, Direction.OUT
FORM_NAMES = sorted(FORMS)


def a_chat() -> PhoneChat:
    chat = PhoneChat(900)
    chat.append(IN, "Hello,\nis it ready: yes or no?", after_s=60)
    chat.append(OUT, "", Kind.PHOTO, after_s=4_000)
    chat.append(IN, "", Kind.VOICE, after_s=20_000)
    chat.append(IN, "meet at 15:30 - or later", after_s=40_000).edit("meet at 16:30 - or later")
    chat.append(OUT, "secret", after_s=60).delete()
    chat.append(IN, "ok", after_s=9 * 24 * 3_600)
    return chat


def said(text: str, **options: object) -> list[tuple[str | None, Kind, str]]:
    return [(m.sender, m.content.kind, m.content.text) for m in parse_export(text, **options).messages]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FORM_NAMES)
def test_each_form_tells_the_same_messages(name: str) -> None:
    chat = a_chat()
    found = parse_export(exported(chat.sent, FORMS[name]), order=FORMS[name].order)
    assert found.starts_chat
    assert [(m.day, m.minute) for m in found.messages] == [
        (one.at.date(), one.at.hour * 60 + one.at.minute) for one in chat.sent
    ]
    who = {IN: CUSTOMER, OUT: SHOP}
    assert [(m.sender, m.content.kind, m.content.text, m.content.edited) for m in found.messages] == [
        (None if one.kind is Kind.SYSTEM else who[one.direction], one.kind, one.text, one.edited) for one in chat.sent
    ]


@pytest.mark.parametrize("name", FORM_NAMES)
def test_the_order_of_dates_is_found_from_the_whole_file_where_it_says(name: str) -> None:
    """The chat passes the 18th, which is no month; two-digit years can be told apart by the days that go on."""
    found = parse_export(exported(a_chat().sent, FORMS[name]), latest=date(2026, 12, 31))
    assert found.messages[0].day == date(2026, 8, 18)


def test_a_date_that_reads_two_ways_is_asked_for() -> None:
    line = "5/2/22, 16:21 - Otto: hello\n"
    with pytest.raises(BadInput, match="--order dmy or --order mdy"):
        parse_export(line)
    assert parse_export(line, order=DateOrder.MDY).messages[0].day == date(2022, 5, 2)
    assert parse_export(line, order=DateOrder.DMY).messages[0].day == date(2022, 2, 5)


def test_days_that_only_go_on_in_one_order_tell_it() -> None:
    text = "".join(f"{d}/{m}/2022, 16:21 - Otto: hello\n" for d, m in ((11, 5), (12, 5), (1, 6), (2, 6)))
    assert [m.day.month for m in parse_export(text).messages] == [5, 5, 6, 6]


def test_a_day_that_has_not_come_yet_is_no_reading() -> None:
    assert parse_export("05/04/2026, 09:15 - Otto: hi\n", latest=date(2026, 4, 30)).messages[0].day.month == 4
    with pytest.raises(BadInput, match="more than one way"):
        parse_export("05/04/2026, 09:15 - Otto: hi\n", latest=date(2026, 6, 30))


def test_dates_that_fit_no_order_are_refused() -> None:
    with pytest.raises(BadInput, match="no one order"):
        parse_export("31/01/2022, 10:00 - Otto: a\n01/31/2022, 10:00 - Otto: b\n")


def test_a_pasted_chat_of_another_layout_stays_text() -> None:
    text = "26/07/2017, 14:56 - Otto: look\n[02-05-2022 16:21:32] Vera: pasted\n18.08.26, 09:15 - Vera: too\n"
    assert said(text) == [("Otto", Kind.TEXT, "look\n[02-05-2022 16:21:32] Vera: pasted\n18.08.26, 09:15 - Vera: too")]


def test_narrow_spaces_marks_and_noon() -> None:
    head = "\u200e[8/18/26, 12:05:09\u202f{}] Otto: hi\n"
    found = parse_export(head.format("AM") + head.format("PM"))
    assert [m.minute for m in found.messages] == [5, 725]


def test_an_unknown_half_of_the_day_is_said_and_not_guessed() -> None:
    with pytest.raises(BadInput, match="half of the day"):
        parse_export("26/07/2017, 2:56 xyz - Otto: a\n26/07/2017, 2:57 xyz - Otto: b\n")


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("<Media omitted>\nNo wood", Kind.UNKNOWN, "No wood"),
        ("IMG-20180116-WA0014.jpg (file attached)\ncaption", Kind.PHOTO, "caption"),
        ("Prijslijst 3.pdf (bestand bijgevoegd)\nPrijslijst 3.pdf", Kind.DOCUMENT, ""),
        ("Otto.vcf (file attached)", Kind.CONTACT, ""),
        ("location: https://maps.google.com/?q=52.37,4.89", Kind.LOCATION, ""),
        ("live location shared\n", Kind.LOCATION, ""),
        ("You deleted this message", Kind.DELETED, ""),
        ("Missed voice call", Kind.CALL, "Missed voice call"),
        ("POLL:\nWhen?\nOPTION: now (1 vote)", Kind.POLL, "When?"),
        ("", Kind.UNKNOWN, ""),
        ("the list.pdf (see below)", Kind.TEXT, "the list.pdf (see below)"),
        ("<b>bold</b> <This is mine>", Kind.TEXT, "<b>bold</b> <This is mine>"),
    ],
)
def test_what_the_app_says_itself(body: str, kind: Kind, text: str) -> None:
    assert said(f"26/07/2017, 14:56 - Otto: {body}\n") == [("Otto", kind, text)]


def test_a_line_without_a_name_is_a_notice() -> None:
    text = "26/07/2017, 14:56 - Your security code with Vera changed. Tap to learn more.\n26/07/2017, 14:57 - Vera:\n"
    assert [kind for _, kind, _ in said(text)] == [Kind.SYSTEM, Kind.UNKNOWN]


@pytest.mark.parametrize("text", ["", "\ufeff", "hello\nworld", "99/99/9999, 10:00 - Otto: hi"])
def test_what_is_no_exported_chat_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="Nothing was changed"):
        parse_export(text)


ARABIC_HEAD = "5/2/2022، 9:15 ص - ".translate(ARABIC)
PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([
        "5/2/22, 16:21 - Otto: ", "[02-05-2022 16:21:32] ", ARABIC_HEAD, "2022. 5. 2. 오후 3:15 - A: ",
        "\n", "\u200e", ": ", "<Media omitted>", " (file attached)", "<bijgevoegd: a.jpg>", "24:00",
        "0/0/0000, 0:00 - ",
        "IMG-20180116-WA0014.jpg", "²/³/2022, 1:11 - x: y", "31/12/9999, 23:59 - a: b",
    ]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from([None, *DateOrder]))
@example("²/²/2022, 1:11 - x: y", None)
@example("1/1/2022, 1:11 - : ", DateOrder.DMY)
def test_any_text_gives_messages_or_the_one_error(text: str, order: DateOrder | None) -> None:
    with suppress(BadInput):
        assert parse_export(text, order=order).messages
