"""Telephone numbers as people write them: one form to compare, keys to search by, and a mask (product.md 2.4).

A number that does not say its country belongs to the one given. Nothing is looked up: whether a number exists is not
known here.
"""

from __future__ import annotations

import re
import unicodedata

HOME = "31"
_SHORTEST, _LONGEST = 7, 15
"""Digits with the country, by E.164; shorter ones are short codes."""
_CERTAIN = 11
"""Digits of a number without any prefix that certainly begins with a country."""
_LEAST_SEARCHED = 4
_WRITTEN = re.compile(r"\+?[\d ()./-]+", re.ASCII)
_KEEP_ZERO = frozenset({"39"})
"""Italy: the zero is part of the number."""
_TWO = (20, 27, *range(30, 35), 36, 39, 40, 41, *range(43, 50), *range(51, 59), *range(60, 67), 81, 82, 84, 86)
_TWO_DIGITS = frozenset(str(code) for code in (*_TWO, *range(90, 96), 98))
"""Countries of two digits (ITU E.164); 1 and 7 have one, all others three."""
_HIDDEN = "•"


def e164(text: str, country: str = HOME) -> str | None:
    """Return a number as `+31612345678`, None where the text is no whole number.

    It takes 06..., +316..., 00316..., +31 (0)6... and 316..., with any of the usual signs between the digits.

    Args:
        text: What somebody wrote, or what an app shows.
        country: The country of a number that names none, in digits.
    """
    plain = _plain(text)
    if not _WRITTEN.fullmatch(plain):
        return None
    digits = _digits(plain.replace("(0)", ""))
    if plain.startswith("+"):
        whole = digits
    elif digits.startswith("00"):
        whole = digits[2:]
    elif digits.startswith("0"):
        whole = country + (digits if country in _KEEP_ZERO else digits[1:])
    else:
        whole = digits if len(digits) >= _CERTAIN else ""
    if whole.startswith(country + "0") and country not in _KEEP_ZERO:
        whole = country + whole[len(country) + 1 :]
    fits = _SHORTEST <= len(whole) <= _LONGEST and not whole.startswith("0")
    return f"+{whole}" if fits else None


def same_number(one: str, other: str, country: str = HOME) -> bool:
    """Tell whether two texts are certainly the same number; two that are no whole numbers never are."""
    number = e164(one, country)
    return number is not None and number == e164(other, country)


def number_keys(text: str, country: str = HOME) -> frozenset[str]:
    """Return what a number is found by, whole: its E.164 form and its last four digits; nothing of what is none.

    Look up `search_key` of what was typed in them.
    """
    number = e164(text, country)
    return frozenset() if number is None else frozenset({number, number[-4:]})


def search_key(query: str, country: str = HOME) -> str | None:
    """Return the key that a query may have among the keys of a number: a whole number or its last four digits."""
    number = e164(query, country)
    if number is not None:
        return number
    plain = _plain(query)
    is_four = len(plain) == 4 and plain.isascii() and plain.isdigit()
    return plain if is_four else None


def has_digits(number: str, query: str, country: str = HOME) -> bool:
    """Tell whether a number holds what was typed of one, four digits or more, however either is written."""
    whole = e164(number, country)
    plain = _plain(query)
    if whole is None or not _WRITTEN.fullmatch(plain) or len(_digits(plain)) < _LEAST_SEARCHED:
        return False
    digits = whole[1:]
    wanted = _digits(plain.replace("(0)", ""))
    forms = [digits, f"00{digits}"]
    if digits.startswith(country):
        forms.append("0" + digits[len(country) :])
    if plain.startswith("+"):
        return digits.startswith(wanted)
    return e164(query, country) == whole or any(wanted in form for form in forms)


def mask_number(text: str, country: str = HOME) -> str:
    """Return a number for those who may not see it: `+31 6 •• •• •• 78`.

    Of a text that is no whole number every digit is hidden, and the last two only where there are more than six.
    """
    number = e164(text, country)
    if number is None:
        return _mask_digits(text)
    code = number[1 : 1 + _code_length(number)]
    rest = number[1 + len(code) :]
    shown = rest[:1] if len(rest) >= 8 else ""
    hidden = _HIDDEN * (len(rest) - len(shown) - 2)
    pairs = [hidden[at : at + 2] for at in range(0, len(hidden), 2)]
    return " ".join(part for part in (f"+{code}", shown, *pairs, rest[-2:]) if part)


def _mask_digits(text: str) -> str:
    places = [place for place, char in enumerate(text) if char.isdigit()]
    shown = set(places[-2:]) if len(places) > 6 else set()
    return "".join(_HIDDEN if char.isdigit() and place not in shown else char for place, char in enumerate(text))


def _code_length(number: str) -> int:
    if number[1] in "17":
        return 1
    return 2 if number[1:3] in _TWO_DIGITS else 3


def _plain(text: str) -> str:
    """Return a text without signs that nobody sees, with plain spaces and dashes."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category != "Cf":
            kept.append(" " if category == "Zs" else "-" if category == "Pd" else char)
    return "".join(kept).strip()


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
