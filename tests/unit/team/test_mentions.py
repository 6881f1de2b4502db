"""Who is mentioned in a note, and what only looks so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.team.mentions import AgentName, Mention, mentioned, parse_mentions

JAN, DEVRIES, EVA, OTHER_EVA = 1, 2, 3, 4
TEAM = (
    AgentName(JAN, "jan", "Jan Jansen"),
    AgentName(DEVRIES, "jan.devries", "Jan de Vries"),
    AgentName(EVA, "eva", "Eva Smit"),
    AgentName(OTHER_EVA, "eva2", "Eva Smit"),
)


@pytest.mark.parametrize(
    ("text", "agents"),
    [
        ("@jan is de pomp binnen?", {JAN}),
        ("(@JAN, @eva2)", {JAN, OTHER_EVA}),
        ("vraag @jan.devries", {DEVRIES}),
        ("vraag @jan. Dank", {JAN}),
        ("@jan's klant; @eva: zie boven", {JAN, EVA}),
        ("Klaar.@eva", {EVA}),
        ('@"Jan de Vries" of @“jan  JANSEN”?', {JAN, DEVRIES}),
        ('@"Eva Smit"', {EVA, OTHER_EVA}),
        ('@"eva"', {EVA}),
        ("@jansen @jan-karel @jan_x @jan.nl", set()),
        ("info@jan en a.b@eva.nl, x+@eva @@jan @jan@eva.nl", set()),
        ('@"Niemand" @niemand @ jan "jan" jan @', set()),
        ('@"Jan de Vries', set()),
        ("", set()),
    ],
)
def test_only_agents_that_are_named_are_mentioned(text: str, agents: set[int]) -> None:
    assert mentioned(text, TEAM) == agents


def test_a_mention_tells_where_it_stands() -> None:
    text = 'Hoi @jan.devries en @"Jan Jansen"!'
    found = parse_mentions(text, TEAM)
    assert found == (Mention(DEVRIES, 4, 16), Mention(JAN, 20, 33))
    assert [text[one.start : one.end] for one in found] == ["@jan.devries", '@"Jan Jansen"']


def test_nobody_is_mentioned_by_an_empty_login() -> None:
    assert parse_mentions("@ @", (AgentName(1, "", ""),)) == ()


@settings(deadline=None)
@given(st.text('@"janev.2- ', max_size=30))
def test_mentions_follow_each_other_in_the_text(text: str) -> None:
    end = 0
    for one in parse_mentions(text, TEAM[:3]):
        assert text[one.start] == "@"
        assert end <= one.start < one.end <= len(text)
        end = one.end
