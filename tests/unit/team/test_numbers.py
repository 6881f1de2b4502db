"""Telephone numbers: one form, what they are found by, and who may not see them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.team.numbers import e164, has_digits, mask_number, number_keys, same_number, search_key

WAYS = (
    "0612345678",
    "06-12345678",
    "06 12 34 56 78",
    "+31612345678",
    "+31 6 12345678",
    "0031612345678",
    "0031 6-1234 5678",
    "+31 (0)6 12345678",
    "+31 06 12345678",
    "31612345678",
    "\u202a+31\u00a06\u00a012345678\u202c",
    "(06) 1234.5678",
    "06\u201112345678",
)


@pytest.mark.parametrize("text", WAYS)
def test_however_it_is_written_it_is_one_number(text: str) -> None:
    assert e164(text) == "+31612345678"
    assert same_number(text, WAYS[0])
    assert number_keys(text) == {"+31612345678", "5678"}
    assert search_key(text) in number_keys(WAYS[3])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jan",
        "5678",
        "612345678",
        "112",
        "Jan 0612345678",
        "+",
        "00",
        "0612345678901234",
        "+0612345678",
        "06+123456",
        "١٢٣٤٥٦٧٨٩٠١",
    ],
)
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert e164(text) is None
    assert number_keys(text) == frozenset()
    assert not same_number(text, text)


def test_a_number_has_seven_to_fifteen_digits() -> None:
    assert e164("+3161234") == "+3161234"
    assert e164("+316123") is None
    assert e164("+316123456789012") == "+316123456789012"
    assert e164("+3161234567890123") is None


def test_other_countries_keep_their_own() -> None:
    assert e164("+49 151 23456789") == "+4915123456789"
    assert e164("0151 23456789", country="49") == "+4915123456789"
    assert e164("06 12345678", country="39") == "+390612345678"
    assert not same_number("+32 6 12345678", "0612345678")


def test_four_digits_find_a_number_by_its_end_and_whole_ones_find_it_alone() -> None:
    assert search_key("5678") == "5678"
    assert search_key("+31612345678") not in number_keys("+31687655678")
    assert search_key("567") is search_key("56789") is search_key("jan") is None


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("5678", True),
        ("0612", True),
        ("06 12", True),
        ("+316", False),
        ("+31 61", True),
        ("00316", True),
        ("0612345678", True),
        ("+31612345678", True),
        ("3456", True),
        ("567", False),
        ("9999", False),
        ("+612", False),
        ("Jan5678", False),
        ("0612345679", False),
    ],
)
def test_what_is_typed_of_a_number_finds_it(query: str, fits: bool) -> None:
    assert has_digits("+31 6 12345678", query) == fits


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("0612345678", "+31 6 •• •• •• 78"),
        ("+31 70 1234578", "+31 7 •• •• •• 78"),
        ("+1 415 555 0178", "+1 4 •• •• •• • 78"),
        ("+352 661 123 478", "+352 6 •• •• •• 78"),
        ("+297 1234 78", "+297 •• •• 78"),
        ("+47 12345678", "+47 1 •• •• • 78"),
        ("Jan 112", "Jan •••"),
        ("~Jan 061234567890123456", "~Jan ••••••••••••••••56"),
        ("Jan", "Jan"),
    ],
)
def test_who_may_not_see_a_number_sees_its_end(text: str, masked: str) -> None:
    assert mask_number(text) == masked


@settings(deadline=None)
@given(st.text("0123456789+ ()-J", max_size=24))
def test_a_mask_never_shows_more_than_the_ends(text: str) -> None:
    number = e164(text)
    shown = sum(char.isdigit() for char in mask_number(text))
    assert shown <= (6 if number else 2)
    assert number is None or e164(number) == number
