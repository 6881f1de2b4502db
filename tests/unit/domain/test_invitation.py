"""An invitation survives being copied, and nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.invitation import Invitation, parse_invitation

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
MADE = st.builds(
    Invitation,
    team=WORDS,
    hosts=st.lists(
        st.tuples(st.sampled_from(["10.0.0.5", "db.lan", "fe80::1"]), st.integers(1, 65535)), min_size=1
    ).map(tuple),
    database=WORDS,
    ca=st.just(""),
    name=WORDS,
    roles=st.lists(st.sampled_from(["agent", "lead"]), min_size=1).map(tuple),
    login=WORDS,
    secret=WORDS,
    until=st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    bridge=WORDS,
    bridge_secret=WORDS,
)


@given(MADE, st.sampled_from(["", " ", "\n", "\r\n  "]), st.integers(1, 60))
def test_it_comes_back_whole_however_its_lines_were_broken(one: Invitation, gap: str, width: int) -> None:
    text = one.text()
    broken = gap.join(text[i : i + width] for i in range(0, len(text), width))
    assert parse_invitation(f"  {broken}\n") == one


@given(MADE, st.data())
def test_a_changed_character_is_noticed(one: Invitation, data: st.DataObject) -> None:
    text = one.text()
    place = data.draw(st.integers(len("phoneshelf1:"), len(text) - 2))
    other = data.draw(st.sampled_from([c for c in "ABab01_-" if c != text[place]]))
    with pytest.raises(BadInput, match="no whole invitation"):
        parse_invitation(text[:place] + other + text[place + 1 :])


@given(st.text(max_size=200))
def test_anything_else_is_refused_in_one_sentence(text: str) -> None:
    for one in (text, "phoneshelf1:" + text):
        with pytest.raises(BadInput, match="no whole invitation"):
            parse_invitation(one)


def test_secrets_do_not_show() -> None:
    one = Invitation("t", (("h", 1),), "d", "", "n", ("agent",), "l", "s3cret", datetime.now(UTC), "b", "s3cret")
    assert "s3cret" not in repr(one)
    assert "s3cret" not in repr(one.server())
