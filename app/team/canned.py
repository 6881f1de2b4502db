"""Canned replies: texts with variables, slots that must be filled, alternatives, and the search of the `/` popup.

A value is put in as it is and never read as a template again. What has no value stays in the text as its slot, and no
text with a slot is sent (product.md 4.7).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.ids import AccountId
from app.team.hours import Calendar, zone_of
from app.team.phrases import date_text, greeting_text, hours_text, opening_text

MOST_VARIANTS = 4
SEPARATOR = "---"
"""A line of its own between the alternatives of a body."""
_SLOT = re.compile(r"\{\{([^{}]*)\}\}")
_DATE = re.compile(r"(?:datum|date)(?: ?([+-]) ?(\d{1,3}) ?([dw]))?", re.ASCII)
_FIELD = re.compile(r"(?:veld|field)\.(.+)", re.IGNORECASE)
_SENTENCE_BEFORE = re.compile(r"(?:\A|\n|[.!?])[ \t]*\Z")
_NAMES = {
    "voornaam": "first_name",
    "first_name": "first_name",
    "aanhef": "greeting",
    "greeting": "greeting",
    "agent": "agent",
    "nummer": "number",
    "number": "number",
    "openingstijden": "opening_hours",
    "opening_hours": "opening_hours",
    "volgende_opening": "next_opening",
    "next_opening": "next_opening",
    "zaak": "case",
    "case": "case",
}
VARIABLES = frozenset(_NAMES)
"""The plain variables, in both languages; beside them `datum+2d` (`d` or `w`), `veld.x` and `?what must be filled`."""


@dataclass(frozen=True, slots=True)
class Values:
    """What a template is filled with. An empty text is a missing value.

    Attributes:
        now: The time now.
        zone: The zone of greetings and days.
        language: `nl` or `en`, of the words that are put in.
        first_name: Of the customer.
        agent: Who answers.
        number: Our number, as customers know it.
        case: The number of the case.
        calendar: The opening hours of the number.
        fields: The own fields of the contact.
    """

    now: datetime
    zone: str
    language: str = "nl"
    first_name: str = ""
    agent: str = ""
    number: str = ""
    case: str = ""
    calendar: Calendar | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A filled template.

    Attributes:
        text: What goes into the composer; each open slot stands in it as written.
        missing: The variables without a value, as written, in order, each once.
        to_fill: The slots that a person must fill, likewise.
    """

    text: str
    missing: tuple[str, ...] = ()
    to_fill: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Tell whether no slot is open."""
        return not (self.missing or self.to_fill)


def render(template: str, values: Values) -> Rendered:
    """Return a template with its variables filled.

    A greeting is capitalised where a sentence begins. A variable that is not known is missing, not nothing.
    """
    missing: list[str] = []
    to_fill: list[str] = []

    def fill(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name.startswith("?"):
            to_fill.append(name)
            return found[0]
        value = _value(name, values)
        if not value:
            missing.append(name)
            return found[0]
        if _NAMES.get(name.lower()) == "greeting" and _SENTENCE_BEFORE.search(template, 0, found.start()):
            return value[:1].upper() + value[1:]
        return value

    text = _SLOT.sub(fill, template)
    return Rendered(text, tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(to_fill)))


def unfilled(text: str) -> tuple[str, ...]:
    """Return the slots in any composed text, as written between the braces; a text with one is not sent."""
    return tuple(dict.fromkeys(found.strip() for found in _SLOT.findall(text)))


def _value(name: str, values: Values) -> str:
    own = _FIELD.fullmatch(name)
    if own is not None:
        folded = {fold(key): value for key, value in values.fields.items()}
        return folded.get(fold(own[1]), "").strip()
    day = _DATE.fullmatch(name.lower())
    if day is not None:
        return _day_value(day, values)
    kind = _NAMES.get(name.lower(), "")
    if kind == "greeting":
        return greeting_text(values.now, values.zone, values.language)
    if kind == "opening_hours":
        return hours_text(values.calendar, values.language)
    return _plain_value(kind, values)


def _plain_value(kind: str, values: Values) -> str:
    if kind == "next_opening":
        return opening_text(values.now, values.calendar, values.language)
    plain = {
        "first_name": values.first_name,
        "agent": values.agent,
        "number": values.number,
        "case": values.case,
    }
    return plain.get(kind, "").strip()


def _day_value(found: re.Match[str], values: Values) -> str:
    day = values.now.astimezone(zone_of(values.zone)).date()
    if found[1]:
        days = int(found[2]) * (7 if found[3] == "w" else 1)
        day += timedelta(days=days if found[1] == "+" else -days)
    return date_text(day, values.language)


# -- alternatives -------------------------------------------------------------------------------------


def variants_of(body: str) -> tuple[str, ...]:
    """Return the alternatives of a body: parts between lines of three dashes, one to four.

    Raises:
        ValueError: There are more, or one is empty.
    """
    parts: list[list[str]] = [[]]
    for line in body.split("\n"):
        if line.strip() == SEPARATOR:
            parts.append([])
        else:
            parts[-1].append(line)
    variants = tuple("\n".join(part).strip() for part in parts)
    if not all(variants):
        raise ValueError("an alternative of a canned reply is empty")
    if len(variants) > MOST_VARIANTS:
        raise ValueError(f"a canned reply has at most {MOST_VARIANTS} alternatives")
    return variants


def choose_variant(count: int, used: Mapping[int, datetime]) -> int:
    """Return which of so many alternatives to offer a customer: the first never used, else the one used longest ago.

    Args:
        count: How many there are, from 1.
        used: When this customer last got each, by its place from 0.

    Raises:
        ValueError: There is none.
    """
    if count < 1:
        raise ValueError("a canned reply has a text")
    fresh = [place for place in range(count) if place not in used]
    return fresh[0] if fresh else min(range(count), key=lambda place: (used[place], place))


# -- searching ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Canned:
    """A canned reply.

    Attributes:
        id: Its identity in the store.
        shortcut: What is typed after the `/`.
        title: What it is called.
        body: Its text, with its alternatives.
        language: The language it is written in; empty: for all.
        accounts: The numbers it is for; none: for all.
        use_count: How often it was used.
    """

    id: int
    shortcut: str
    title: str
    body: str
    language: str = ""
    accounts: frozenset[AccountId] = frozenset()
    use_count: int = 0


def find_canned(
    query: str, canned: Iterable[Canned], account: AccountId | None = None, language: str = ""
) -> list[Canned]:
    """Return the canned replies that fit what was typed after the `/`, best first.

    A shortcut that begins so goes before words that do, in the title and then in the body, and those before letters in
    that order: in the shortcut, the title, within a word of the body. Of as good ones the most used goes first. Nothing
    typed finds all. Case and accents do not matter.

    Args:
        query: What was typed.
        canned: All there are.
        account: The number that answers; None: any.
        language: The language to answer in; empty: any.
    """
    wanted = fold(query.lstrip("/"))
    ranked = []
    for one in canned:
        fits = account is None or not one.accounts or account in one.accounts
        speaks = not language or not one.language or one.language[:2].lower() == language[:2].lower()
        rank = _rank(wanted, one) if fits and speaks else None
        if rank is not None:
            ranked.append((rank, -one.use_count, fold(one.shortcut), one.id, one))
    return [one for *_, one in sorted(ranked, key=lambda item: item[:4])]


def _rank(wanted: str, one: Canned) -> int | None:
    """Return how well a canned reply fits, 0 best; None if not at all."""
    shortcut, title, body = fold(one.shortcut), fold(one.title), fold(one.body)
    words, letters = wanted.split(), wanted.replace(" ", "")
    fitting = (
        shortcut == wanted,
        shortcut.startswith(wanted),
        _has_words(words, f"{shortcut} {title}"),
        _has_words(words, f"{shortcut} {title} {body}"),
        _has_letters(letters, shortcut),
        _has_letters(letters, title),
        any(_has_letters(letters, word) for word in body.split()),
    )
    return fitting.index(True) if any(fitting) else None


def _has_words(wanted: list[str], text: str) -> bool:
    words = re.findall(r"\w+", text)
    return all(any(word.startswith(begin) for word in words) for begin in wanted)


def _has_letters(wanted: str, text: str) -> bool:
    left = iter(text)
    return all(letter in left for letter in wanted)


def fold(text: str) -> str:
    """Return a text as it is compared: without case, accents and needless spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
