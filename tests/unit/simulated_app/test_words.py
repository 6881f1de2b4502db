"""Times, dates and words in every locale."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from devices.simulated.whatsapp.word_tables import DUTCH, ENGLISH, TABLES
from devices.simulated.whatsapp.words import Words
from tests.unit.simulated_app.conftest import JAN, Phone

NOW = datetime(2026, 8, 18, 22, 7, tzinfo=UTC)


def test_twelve_hours_have_a_narrow_space_before_the_half() -> None:
    assert Words("en", False).time(NOW) == "10:07\u202fpm"
    assert Words("en", False).time(NOW.replace(hour=0)) == "12:07\u202fam"
    assert Words("nl", True).time(NOW) == "22:07"


@pytest.mark.parametrize(
    ("locale", "day", "text"),
    [
        ("en", 18, "Today"),
        ("nl", 17, "Gisteren"),
        ("pt-BR", 14, "Sexta-feira"),
        ("nl", 14, "Vrijdag"),
        ("pt-BR", 5, "5 de agosto de 2026"),
        ("en", 5, "5 August 2026"),
    ],
)
def test_dividers(locale: str, day: int, text: str) -> None:
    assert Words(locale, True).divider(NOW.replace(day=day).date(), NOW.date()) == text


def test_list_dates() -> None:
    old = NOW.replace(day=2)
    assert Words("pt-BR", True).list_date(old, NOW) == ("02/08/2026", "2 de agosto de 2026")
    assert Words("nl", True).list_date(NOW, NOW) == ("22:07", "22:07")
    assert Words("nl", True).list_date(NOW.replace(day=17), NOW)[0] == "Gisteren"


def test_tables_hold_only_known_words() -> None:
    for table in TABLES.values():
        assert set(table) <= set(ENGLISH)
    assert set(ENGLISH) - set(DUTCH) <= {"camera_long", "ok", "am", "pm"}


@pytest.mark.parametrize(
    ("locale", "hint", "badge"),
    [
        ("en", "Message", "2 unread messages"),
        ("nl", "Bericht", "\u200e2 ongelezen berichten"),
        ("pt-BR", "Mensagem", "Mensagens não lidas: 2"),
    ],
)
def test_a_phone_speaks_its_locale(locale: str, hint: str, badge: str) -> None:
    phone = Phone(locale=locale)
    phone.do("customer_writes", chat=JAN, text="a")
    phone.do("customer_writes", chat=JAN, text="b")
    assert phone.all("conversations_row_message_count")[0].desc == badge
    phone.do("open_chat", chat=JAN)
    assert phone.texts("entry") == [hint]


def test_the_clock_of_the_phone_changes_the_bubbles() -> None:
    phone = Phone()
    phone.do("customer_writes", chat=JAN, text="a")
    phone.do("open_chat", chat=JAN)
    assert phone.texts("date") == ["11:33"]
    phone.do("settings", is_24h=False)
    assert phone.texts("date") == ["11:33\u202fam"]


@pytest.mark.parametrize("display", [(720, 1600), (1080, 2400)])
def test_both_displays_hold_the_screen(display: tuple[int, int]) -> None:
    phone = Phone(display=display, density=300 if display[0] == 720 else 420)
    phone.do("fill", chats=20, messages=10)
    at = next(iter(phone.app.windows())).root.bounds
    assert at == (0, 0, *display)
    assert len(phone.texts("conversations_row_contact_name")) > 5
