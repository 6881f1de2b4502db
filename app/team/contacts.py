"""Contacts: what is known of a customer, and merging two that are one (product.md 2.4, 4.8).

A merge is planned, shown, and can be undone for thirty days. It is never suggested for a name alone: an identity is a
number. A customer with a new number keeps both chats; nothing here moves a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.team.numbers import HOME, e164, same_number

UNDO_FOR = timedelta(days=30)
NAME = "name"
"""The name of a contact among its parts; its own fields are `field.` with their names."""
_OWN = "field."


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer: a name, numbers (the first is the main one), and the fields that the team keeps."""

    id: int
    name: str
    numbers: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


class Side(StrEnum):
    """Whose value a merge takes."""

    SURVIVOR = "survivor"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class MergedPart:
    """One part of two contacts in a merge: what stays, whose it is, and what is given up for it (empty: nothing)."""

    part: str
    value: str
    side: Side
    lost: str = ""


@dataclass(frozen=True, slots=True)
class MergePlan:
    """A merge as it is shown before it is done, and kept so that it can be undone.

    Attributes:
        survivor: The contact as it will be.
        parts: Its name and its fields, each with where it comes from and what is lost.
        added_numbers: The numbers that it gets from the other.
        before: Both contacts as they were: the survivor, then the one that goes (`merged_into` the survivor).
        undo_until: How long it can be undone.
    """

    survivor: Contact
    parts: tuple[MergedPart, ...]
    added_numbers: tuple[str, ...]
    before: tuple[Contact, Contact]
    undo_until: datetime

    @property
    def lost(self) -> tuple[MergedPart, ...]:
        """Return the parts of which a value is given up."""
        return tuple(part for part in self.parts if part.lost)


def share_number(one: Contact, other: Contact, country: str = HOME) -> bool:
    """Tell whether two contacts have a number in common: the only reason to suggest a merge."""
    return any(same_number(a, b, country) for a in one.numbers for b in other.numbers)


def plan_merge(
    survivor: Contact, merged: Contact, choices: Mapping[str, Side], now: datetime, country: str = HOME
) -> MergePlan:
    """Return what becomes of two contacts.

    Args:
        survivor: The one that stays.
        merged: The one that goes into it.
        choices: Whose value stays, by part (`name`, `field.company`). What is not chosen stays the survivor's; where
            only one has a value, that one stays whatever was chosen.
        now: The time now.
        country: The country of numbers that name none.

    Raises:
        ValueError: They are the same contact, or a choice names a part that neither has.
    """
    if survivor.id == merged.id:
        raise ValueError("a contact is not merged with itself")
    mine, theirs = _parts(survivor), _parts(merged)
    names = list(dict.fromkeys([*mine, *theirs]))
    unknown = [name for name in choices if name not in names]
    if unknown:
        raise ValueError(f"neither contact has {', '.join(unknown)}")
    parts = tuple(_merge(name, mine.get(name, ""), theirs.get(name, ""), choices.get(name)) for name in names)
    added = tuple(_missing(merged.numbers, survivor.numbers, country))
    result = replace(_of_parts(survivor, {one.part: one.value for one in parts}), numbers=survivor.numbers + added)
    return MergePlan(result, parts, added, (survivor, merged), now + UNDO_FOR)


def undo_merge(plan: MergePlan, current: Contact, now: datetime) -> tuple[Contact, Contact]:
    """Return both contacts as they were, but what was changed on the survivor since then stays with it.

    Args:
        plan: The merge as it was done.
        current: The survivor as it is now.
        now: The time now.

    Raises:
        ValueError: It is too late, or this is another contact.
    """
    survivor, merged = plan.before
    if current.id != survivor.id:
        raise ValueError("this contact is not the one that was merged")
    if now > plan.undo_until:
        raise ValueError(f"a merge can be undone for {UNDO_FOR.days} days")
    was, then, today = _parts(survivor), _parts(plan.survivor), _parts(current)
    values = {
        name: was.get(name, "") if today.get(name, "") == then.get(name, "") else today.get(name, "")
        for name in dict.fromkeys([*was, *then, *today])
    }
    numbers = tuple(number for number in current.numbers if number not in plan.added_numbers)
    return replace(_of_parts(survivor, values), numbers=numbers), merged


def merge_values(plan: MergePlan) -> dict[str, Any]:
    """Return a merge as JSON holds it until it can no longer be undone."""
    survivor, merged = plan.before
    return {
        "survivor": _contact_values(survivor),
        "merged": _contact_values(merged),
        "result": _contact_values(plan.survivor),
        "parts": [{"part": one.part, "value": one.value, "side": one.side, "lost": one.lost} for one in plan.parts],
        "added_numbers": list(plan.added_numbers),
        "undo_until": plan.undo_until.isoformat(),
    }


def merge_of(values: Mapping[str, Any]) -> MergePlan:
    """Return the merge that `merge_values` wrote."""
    return MergePlan(
        _contact_of(values["result"]),
        tuple(MergedPart(one["part"], one["value"], Side(one["side"]), one["lost"]) for one in values["parts"]),
        tuple(values["added_numbers"]),
        (_contact_of(values["survivor"]), _contact_of(values["merged"])),
        datetime.fromisoformat(values["undo_until"]),
    )


def _contact_values(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "name": contact.name,
        "numbers": list(contact.numbers),
        "fields": dict(contact.fields),
    }


def _contact_of(values: Mapping[str, Any]) -> Contact:
    return Contact(values["id"], values["name"], tuple(values["numbers"]), dict(values["fields"]))


def _merge(name: str, mine: str, theirs: str, choice: Side | None) -> MergedPart:
    side = choice or Side.SURVIVOR
    if not (mine and theirs):
        side = Side.SURVIVOR if mine or not theirs else Side.MERGED
    value, other = (mine, theirs) if side is Side.SURVIVOR else (theirs, mine)
    return MergedPart(name, value, side, "" if other == value else other)


def _missing(numbers: Iterable[str], known: Iterable[str], country: str) -> list[str]:
    seen = {e164(number, country) or number for number in known}
    found = []
    for number in numbers:
        key = e164(number, country) or number
        if key not in seen:
            seen.add(key)
            found.append(number)
    return found


def _parts(contact: Contact) -> dict[str, str]:
    """Return the name and the fields that hold something."""
    own = {_OWN + name: value.strip() for name, value in contact.fields.items() if value.strip()}
    return {NAME: contact.name.strip(), **own}


def _of_parts(contact: Contact, parts: Mapping[str, str]) -> Contact:
    fields = {name.removeprefix(_OWN): value for name, value in parts.items() if name != NAME and value}
    return replace(contact, name=parts.get(NAME, ""), fields=fields)
