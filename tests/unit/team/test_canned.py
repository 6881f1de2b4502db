"""Canned replies: variables, slots, alternatives, and what the popup finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.ids import AccountId
from app.team.canned import Canned, Values, choose_variant, find_canned, render, unfilled, variants_of
from app.team.hours import Calendar, Opening

NOW = datetime(2026, 8, 18, 9, 30, tzinfo=UTC)
OFFICE = Calendar("Europe/Amsterdam", tuple(Opening(day, 540, 1020) for day in range(5)))
FULL = Values(
    NOW, "Europe/Amsterdam", "nl", "Jan", "Eva", "06-11", "812", OFFICE, {"Merk pomp": "Grundfos", "prijs": " "}
)


# -- filling ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Beste {{voornaam}},", "Beste Jan,"),
        ("Dear {{ First_Name }},", "Dear Jan,"),
        ("{{aanhef}} {{voornaam}}", "Goedemorgen Jan"),
        ("Een {{greeting}}. {{aanhef}}!\n {{aanhef}}", "Een goedemorgen. Goedemorgen!\n Goedemorgen"),
        ("{{agent}}/{{nummer}}/{{number}}/{{zaak}}/{{case}}", "Eva/06-11/06-11/812/812"),
        ("{{openingstijden}}; {{volgende_opening}}", "ma t/m vr 9:00-17:00; morgen om 9:00"),
        ("{{datum}} {{datum+2d}} {{date - 1w}}", "dinsdag 18 augustus donderdag 20 augustus dinsdag 11 augustus"),
        ("{{veld.merk pomp}} {{Field.MERK POMP}}", "Grundfos Grundfos"),
        ("{ {voornaam} } {voornaam}", "{ {voornaam} } {voornaam}"),
    ],
)
def test_variables_are_filled_in_both_languages(template: str, text: str) -> None:
    rendered = render(template, FULL)
    assert rendered.text == text
    assert rendered.is_complete
    assert unfilled(rendered.text) == ()


def test_english_words_for_an_english_text() -> None:
    english = replace(FULL, language="en")
    assert render("{{greeting}}, {{opening_hours}}", english).text == "Good morning, Mon to Fri 9:00-17:00"
    assert render("{{next_opening}} / {{date+1w}}", english).text == "tomorrow at 9:00 / Tuesday 25 August"


def test_what_has_no_value_stays_as_its_slot() -> None:
    bare = Values(NOW, "UTC")
    template = "{{voornaam}} {{ zaak }} {{veld.x}} {{openingstijden}} {{voornaam}} {{pomp}} {{datum+2}} {{}}"
    rendered = render(template, bare)
    assert rendered.text == template
    assert rendered.missing == ("voornaam", "zaak", "veld.x", "openingstijden", "pomp", "datum+2", "")
    assert not rendered.is_complete
    assert render("{{veld.prijs}}", FULL).missing == ("veld.prijs",)


def test_a_slot_for_a_person_is_never_filled_by_the_program() -> None:
    rendered = render("{{voornaam}}, {{?reden}} {{?}} {{?reden}}", FULL)
    assert (rendered.text, rendered.missing, rendered.to_fill) == (
        "Jan, {{?reden}} {{?}} {{?reden}}",
        (),
        ("?reden", "?"),
    )
    assert unfilled(rendered.text) == ("?reden", "?")
    assert unfilled("tot dan {{?dag\nen uur}}") == ("?dag\nen uur",)
    assert unfilled("{{?" + "x" * 500 + "}}")


def test_a_value_is_not_a_template() -> None:
    sly = replace(FULL, first_name="{{agent}}", fields={"x": "{{?y}}"})
    rendered = render("{{voornaam}} {{veld.x}}", sly)
    assert (rendered.text, rendered.is_complete) == ("{{agent}} {{?y}}", True)
    assert render("{{voornaam}}", replace(FULL, first_name=r"\1\g<0>")).text == r"\1\g<0>"


@settings(deadline=None, max_examples=60)
@given(st.text("{}?ab \n", max_size=30), st.text(max_size=8))
def test_what_is_not_told_as_open_is_not_open(template: str, name: str) -> None:
    rendered = render(template, Values(NOW, "UTC", first_name=name))
    assert unfilled(rendered.text) == unfilled(template)
    assert rendered.is_complete == (not unfilled(template))


# -- alternatives -------------------------------------------------------------------------------------


def test_three_dashes_part_the_alternatives() -> None:
    assert variants_of("Dag!\n---\nHallo\ner\n --- \nHoi") == ("Dag!", "Hallo\ner", "Hoi")
    assert variants_of("een --- twee") == ("een --- twee",)
    with pytest.raises(ValueError, match="empty"):
        variants_of("Dag\n---\n")
    with pytest.raises(ValueError, match="at most 4"):
        variants_of("\n---\n".join("abcde"))


def test_a_customer_gets_the_one_they_did_not_read_for_longest() -> None:
    ago = [NOW - timedelta(days=n) for n in range(5)]
    assert choose_variant(3, {}) == choose_variant(1, {0: ago[1]}) == 0
    assert choose_variant(3, {0: ago[1]}) == 1
    assert choose_variant(3, {0: ago[1], 1: ago[3], 2: ago[2]}) == 1
    assert choose_variant(2, {0: ago[1], 1: ago[1], 3: ago[4]}) == 0
    with pytest.raises(ValueError, match="has a text"):
        choose_variant(0, {})


# -- searching ----------------------------------------------------------------------------------------

OPEN = Canned(1, "open", "Openingstijden", "Wij zijn open van {{openingstijden}}", "nl")
HOURS = Canned(2, "hours", "Opening hours", "We are open {{opening_hours}}", "en")
REPAIR = Canned(3, "rep", "Reparatie klaar", "Uw pomp is gerepareerd, café is open", "nl", frozenset({AccountId(2)}))
ANY = Canned(4, "tel", "Bel ons", "Bel {{nummer}}", use_count=9)
ALL = (OPEN, HOURS, REPAIR, ANY)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [4, 2, 1, 3]),
        ("/", [4, 2, 1, 3]),
        ("/open", [1, 2, 3]),
        ("OP", [1, 2, 3]),
        ("hours", [2]),
        ("cafe", [3]),
        ("uw pom", [3]),
        ("pomp uw", [3]),
        ("hrs", [2]),
        ("rpr", [3]),
        ("xyz", []),
    ],
)
def test_the_popup_finds_shortcuts_words_and_letters_in_that_order(query: str, found: list[int]) -> None:
    assert [one.id for one in find_canned(query, ALL)] == found


def test_only_what_is_for_the_number_and_speaks_the_language_is_found() -> None:
    assert [one.id for one in find_canned("", ALL, AccountId(1), "nl_NL")] == [4, 1]
    assert [one.id for one in find_canned("", ALL, AccountId(2), "en")] == [4, 2]
