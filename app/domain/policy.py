"""How an account sends: its numbers, the rules that come of them, and who may set a rule aside.

There is no setting for "answer only" and none for several recipients: they are not choices.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import time
from enum import StrEnum
from typing import Any

from app.domain.reply import Reason

_HOURS = re.compile(r"(\d\d?):(\d\d) ?- ?(\d\d?):(\d\d)", re.ASCII)
_QUIET_FORM = "quiet hours are written as 21:00-07:00, or off"


class Role(StrEnum):
    """What a person may decide. Each may also do what stands before it."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"

    def may(self, needed: Role | None) -> bool:
        """Tell whether this role is enough; None is more than anybody has."""
        order = list(Role)
        return needed is not None and order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of a day, in the phone's own zone, in which nothing goes out. An end before the start is the next day's."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Policy:
    """How one account sends.

    `product.md` gives the undo window (5 to 15 s, 2.2) and the stop after two unanswered messages (4.10). It asks for
    the other numbers without giving them: those are choices, made for an office with one phone that types 5 to 10
    replies a minute, and each account may have its own.
    """

    gap_s: float = 5.0
    """Seconds between two sends at least. A choice: what a phone needs for one reply anyway."""
    per_hour: int = 120
    """Sends in any 60 minutes at most. A choice: forty each for three people."""
    chars_per_s: float = 20.0
    """How fast the phone's typist is taken to type. A choice: faster than thumbs, slower than a paste."""
    typing_cap_s: float = 10.0
    """Seconds of typing at most, however long the text; 0 for none. A choice."""
    undo_s: float = 5.0
    """Seconds in which a reply of the window can be taken back."""
    unanswered: int = 2
    """Own messages since the customer's last one, after which the next needs a lead."""
    quiet: QuietHours | None = None
    """None at first: when an office is closed, only the office knows."""


LIMITS: dict[str, tuple[float, float]] = {
    "gap_s": (0, 600),
    "per_hour": (1, 600),
    "chars_per_s": (1, 1000),
    "typing_cap_s": (0, 60),
    "undo_s": (5, 15),
    "unanswered": (1, 20),
}
"""Least and most. 600 an hour is ten a minute, the most that one phone can type (product.md)."""


def change_policy(policy: Policy, **values: Any) -> Policy:
    """Return a policy with some values changed.

    Raises:
        ValueError: A value is out of its limits, or quiet hours that never begin; the text names it.
    """
    for name, (least, most) in LIMITS.items():
        if name in values and not least <= values[name] <= most:
            raise ValueError(f"{name} is {least:g} to {most:g}")
    quiet = values.get("quiet")
    if quiet is not None and quiet.start == quiet.end:
        raise ValueError("quiet hours begin and end at different times, such as 21:00-07:00")
    return replace(policy, **values)


def parse_quiet(text: str) -> QuietHours | None:
    """Return the quiet hours that `21:00-07:00` names, None for `off`.

    Raises:
        ValueError: It is neither.
    """
    if text.strip().lower() == "off":
        return None
    found = _HOURS.fullmatch(text.strip())
    try:
        if found is not None:
            first, second, third, fourth = (int(number) for number in found.groups())
            return QuietHours(time(first, second), time(third, fourth))
    except ValueError as error:
        raise ValueError(_QUIET_FORM) from error
    raise ValueError(_QUIET_FORM)


def policy_values(policy: Policy) -> dict[str, Any]:
    """Return a policy as JSON holds it: only what differs from the defaults, so that those can improve."""
    plain = Policy()
    values = {name: value for name, value in asdict(policy).items() if value != getattr(plain, name)}
    if policy.quiet is not None:
        values["quiet"] = str(policy.quiet)
    return values


def policy_of(values: dict[str, Any] | None) -> Policy:
    """Return the policy that `policy_values` wrote."""
    known = {f.name for f in fields(Policy)}
    kept = {name: value for name, value in (values or {}).items() if name in known}
    if kept.get("quiet"):
        kept["quiet"] = parse_quiet(kept["quiet"])
    return Policy(**kept)


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to refuse a reply or to let it wait: who may set it aside, and the sentence in each language."""

    may_override: Role | None
    words: dict[str, str]


RULES: dict[Reason, Rule] = {
    Reason.TOO_LONG: Rule(
        None,
        {
            "en": "This text is too long for one message.",
            "nl": "Deze tekst is te lang voor één bericht.",
        },
    ),
    Reason.FIRST_CONTACT: Rule(
        None,  # what replaces it is a recorded consent, which the chat then has
        {
            "en": "This customer has not written yet. Record a consent first (phoneshelf consent add).",
            "nl": "Deze klant schreef nog niet. Leg eerst toestemming vast (phoneshelf consent add).",
        },
    ),
    Reason.UNANSWERED: Rule(
        Role.LEAD,
        {
            "en": "The last messages to this customer are not answered yet. Wait, or ask a lead.",
            "nl": "De laatste berichten aan deze klant zijn nog niet beantwoord. Wacht, of vraag een teamleider.",
        },
    ),
    Reason.QUIET_HOURS: Rule(
        Role.AGENT,
        {
            "en": "This number keeps quiet hours; the reply goes when they end.",
            "nl": "Dit nummer heeft stille uren; het antwoord gaat als ze voorbij zijn.",
        },
    ),
    Reason.HOURLY_CEILING: Rule(
        Role.ADMIN,
        {
            "en": "This number sent its most for one hour; the reply goes when there is room.",
            "nl": "Dit nummer verzond het meeste voor één uur; het antwoord gaat als er ruimte is.",
        },
    ),
    Reason.PACE: Rule(
        None,
        {
            "en": "One phone has one typist; the reply goes in its turn.",
            "nl": "Eén telefoon heeft één typist; het antwoord gaat op zijn beurt.",
        },
    ),
    Reason.UNDO: Rule(
        None,
        {
            "en": "It can still be taken back.",
            "nl": "Het kan nog worden teruggenomen.",
        },
    ),
    Reason.LAYOUT_UNKNOWN: Rule(
        None,
        {
            "en": "The app on the phone looks otherwise than is known, so nothing is typed there now.",
            "nl": "De app op de telefoon ziet er anders uit dan bekend is; er wordt nu niets getypt.",
        },
    ),
    Reason.NEEDS_NUMBER: Rule(
        None,
        {
            "en": "A file goes only to a chat with one customer whose number is known.",
            "nl": "Een bestand gaat alleen naar een chat met één klant van wie het nummer bekend is.",
        },
    ),
    Reason.SENT_BY_HAND: Rule(
        None,
        {
            "en": "Somebody sent these very words from the phone itself, so they were not sent again.",
            "nl": "Iemand verzond precies deze woorden op de telefoon zelf, dus ze zijn niet nog eens verzonden.",
        },
    ),
    Reason.QUOTE_NOT_FOUND: Rule(
        None,
        {
            "en": "The message to quote was not found on the phone, or stands too far up.",
            "nl": "Het bericht om te citeren is op de telefoon niet gevonden, of staat te ver terug.",
        },
    ),
    Reason.QUOTE_AMBIGUOUS: Rule(
        None,
        {
            "en": "Several messages look like the one to quote, so none was quoted.",
            "nl": "Meer berichten lijken op het bericht om te citeren, dus is er geen geciteerd.",
        },
    ),
    Reason.QUOTE_NOT_TAKEN: Rule(
        None,
        {
            "en": "WhatsApp did not quote that message. Send the reply without a quote, or by hand.",
            "nl": "WhatsApp citeerde dat bericht niet. Stuur het antwoord zonder citaat, of met de hand.",
        },
    ),
    Reason.QUOTE_LOST: Rule(
        None,
        {
            "en": "It was sent, but the phone shows it without the quote.",
            "nl": "Het is verzonden, maar de telefoon toont het zonder het citaat.",
        },
    ),
    Reason.BEHIND_OTHERS: Rule(
        None,
        {
            "en": "Earlier replies go first.",
            "nl": "Eerdere antwoorden gaan voor.",
        },
    ),
}
"""Every rule. Who may set one aside: product.md 4.10 says a lead for unanswered messages; the others are choices."""
