"""What a server stores of a password."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.hosting.scram import new_password, scram_verifier

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)


def test_the_example_of_rfc_7677_proves_itself() -> None:
    # RFC 7677 section 3: its server signature comes of this ServerKey, its proof of this StoredKey.
    verifier = scram_verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
    assert verifier == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
        "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )


@given(PRINTABLE)
def test_a_verifier_is_fit_for_sql_and_never_the_same_twice(password: str) -> None:
    first, second = scram_verifier(password, iterations=1), scram_verifier(password, iterations=1)
    assert first != second
    assert re.fullmatch(r"SCRAM-SHA-256\$1:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=", first)


@pytest.mark.parametrize("password", ["", "wachtwoord\u00e9", "a\nb", "a\0b"])
def test_what_would_need_preparing_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        scram_verifier(password)


def test_a_new_password_is_long_and_ascii() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) >= 43 and re.fullmatch(r"[A-Za-z0-9_-]+", one) for one in made)
