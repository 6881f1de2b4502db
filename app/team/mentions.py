"""Mentions in a note: `@login` or `@"Display Name"`, of agents that exist. Anything else with an @ is text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_AT = re.compile(r"(?<![\w+%@-])@")
_QUOTED = re.compile(r"[\"“„]([^\"“”„\n]+)[\"”“]")
_GOES_ON = re.compile(r"[\w@]|[.-]\w")
"""What follows a name that is a longer name, or the domain of an address."""


@dataclass(frozen=True, slots=True)
class AgentName:
    """How an agent is called."""

    agent: int
    login: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An agent named in a text, and where: from the @ up to, not including, `end`."""

    agent: int
    start: int
    end: int


def parse_mentions(text: str, agents: Iterable[AgentName]) -> tuple[Mention, ...]:
    """Return the mentions in a note, in order. Case does not matter.

    The longest login that fits counts, and only up to a border of words: `@jan` is not in `@jansen`, `@jan-karel` or
    `info@jan.nl`. A display name that several agents have mentions each of them.
    """
    known = tuple(agents)
    found: list[Mention] = []
    for at in _AT.finditer(text):
        quoted = _QUOTED.match(text, at.end())
        if quoted is not None:
            name = _fold(quoted[1])
            named = [one.agent for one in known if name in {_fold(one.display_name), _fold(one.login)}]
            found += [Mention(agent, at.start(), quoted.end()) for agent in named]
            continue
        fitting = [one for one in known if one.login and _stands_at(text, at.end(), one.login)]
        if fitting:
            best = max(fitting, key=lambda one: len(one.login))
            found.append(Mention(best.agent, at.start(), at.end() + len(best.login)))
    return tuple(found)


def mentioned(text: str, agents: Iterable[AgentName]) -> frozenset[int]:
    """Return who is mentioned in a note."""
    return frozenset(mention.agent for mention in parse_mentions(text, agents))


def _stands_at(text: str, start: int, login: str) -> bool:
    end = start + len(login)
    return text[start:end].casefold() == login.casefold() and not _GOES_ON.match(text, end)


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
