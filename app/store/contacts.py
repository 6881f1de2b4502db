"""Contacts: customers by their numbers, whatever chats they have on whichever of ours.

A merge moves nothing: the contact that goes says into which it went, and its chats are found through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, ChatId
from app.store.beside import contact, contact_chat
from app.store.chats import Chat, shown_number
from app.store.engine import Unit
from app.store.inserting import insert_new
from app.store.schema import account, chat
from app.team.canned import fold

PLAIN = ("name", "company", "language", "remark")
"""The parts that each contact has; all others are fields of the team's own."""
OWN = "field."
_WHOLE = re.compile(r"\+[1-9][0-9]{6,14}")
_ON_A_SERVER = text("SELECT contact_for(:chat, :uid, :name, :key, :apart)")


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one customer. `parts`: name, company, language, remark, and `field.` with each own field."""

    id: int
    uid: str
    parts: Mapping[str, str]
    revision: int
    revisions: Mapping[str, int] = field(default_factory=dict)
    merged_into: int | None = None
    merged_at: datetime | None = None
    merge: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """Return its name."""
        return self.parts["name"]


@dataclass(frozen=True, slots=True)
class LinkedChat:
    """A chat of a contact: on which of our numbers, from which of the customer's, and when it was last written in."""

    chat: ChatId
    title: str
    account: AccountId
    account_name: str
    number: str
    last_at: datetime | None
    waiting_since: datetime | None = None
    """Since when the customer waits there for an answer of ours."""


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A customer that a search found; `contact` None: nothing is kept of them but the chat."""

    contact: int | None
    name: str
    numbers: tuple[str, ...]
    chats: tuple[ChatId, ...]


def number_of(one: Chat) -> str | None:
    """Return the number that a chat's customer is known by, E.164; None for groups and where it is not known."""
    number = one.number if one.kind == "person" else None
    return number if number is not None and _WHOLE.fullmatch(number) else None


# -- making -------------------------------------------------------------------------------------------


async def make_contact(unit: Unit, one: Chat, uid: str, *, apart: bool = False) -> int | None:
    """Return the contact of a chat, made where its number has none; None where the number is not known.

    Args:
        unit: The transaction.
        one: The chat.
        uid: The identity of a contact that is made.
        apart: Make one of its own, whatever contact the chat has.
    """
    name = "" if one.title.startswith("+") else one.title
    if unit.connection.dialect.name == "postgresql":
        values = {"chat": one.id, "uid": uid, "name": name, "key": fold(name), "apart": apart}
        # The server knows the number, also where it does not show it.
        made = (await unit.connection.execute(_ON_A_SERVER, values)).scalar()
        found = int(made) if made is not None else None
    else:
        number = number_of(one)
        found = await _make_in_a_file(unit, (one.id, number), (uid, name), apart=apart) if number else None
    if found is not None:
        await unit.touch("contact", found, one.id)
    return found


async def _make_in_a_file(unit: Unit, place: tuple[ChatId, str], new: tuple[str, str], *, apart: bool) -> int:
    """Do what `contact_for` does on a server, where not everybody may see every contact."""
    chat_id, number = place
    if not apart:
        own = select(contact_chat.c.contact_id).where(contact_chat.c.chat_id == chat_id)
        same = select(contact_chat.c.contact_id).where(contact_chat.c.number == number)
        known = (await unit.connection.execute(own)).scalar()
        if known is not None:
            return int(known)
        known = (await unit.connection.execute(same.order_by(contact_chat.c.at, contact_chat.c.chat_id))).scalar()
    else:
        known = None
    if known is None:
        values = {"uid": new[0], "name": new[1], "name_key": fold(new[1]), "fields": {}, "revisions": {}}
        await insert_new(unit.connection, contact, values | {"made_at": unit.now})
        known = (await unit.connection.execute(select(contact.c.id).where(contact.c.uid == new[0]))).scalar_one()
    row = {"chat_id": chat_id, "contact_id": known, "number": number, "at": unit.now}
    if not await insert_new(unit.connection, contact_chat, row):
        await unit.connection.execute(update(contact_chat).where(contact_chat.c.chat_id == chat_id).values(row))
    return int(known)


async def link_chat(unit: Unit, chat_id: ChatId, contact_id: int) -> None:
    """Make a chat one of a contact's."""
    where = contact_chat.c.chat_id == chat_id
    await unit.connection.execute(update(contact_chat).where(where).values(contact_id=contact_id))
    await unit.touch("contact", contact_id, chat_id)


# -- reading ------------------------------------------------------------------------------------------


async def contact_of(connection: AsyncConnection, chat_id: ChatId) -> Card | None:
    """Return the contact of a chat: the one that it was merged into, where it was."""
    query = select(contact_chat.c.contact_id).where(contact_chat.c.chat_id == chat_id)
    found = (await connection.execute(query)).scalar()
    return await root_of(connection, int(found)) if found is not None else None


async def get_contact(connection: AsyncConnection, contact_id: int) -> Card | None:
    """Return a contact, also one that was merged."""
    found = await _cards(connection, contact.c.id == contact_id)
    return found[0] if found else None


async def root_of(connection: AsyncConnection, contact_id: int) -> Card | None:
    """Return the contact, or what it was merged into in the end."""
    found = await get_contact(connection, contact_id)
    passed: set[int] = set()
    # A circle can only be made by hand, with a login's own means; it ends where it began.
    while found is not None and found.merged_into is not None and found.id not in passed:
        passed.add(found.id)
        found = await get_contact(connection, found.merged_into) or found
    return found


async def merged_with(connection: AsyncConnection, contact_id: int) -> list[Card]:
    """Return what was merged into a contact itself, the newest first."""
    found = await _cards(connection, contact.c.merged_into == contact_id)
    return sorted(found, key=lambda one: (one.merged_at is not None and one.merged_at, one.id), reverse=True)


async def ids_of(connection: AsyncConnection, contact_id: int) -> list[int]:
    """Return a contact and all that went into it."""
    known, fresh = [contact_id], [contact_id]
    while fresh:
        rows = await connection.execute(select(contact.c.id).where(contact.c.merged_into.in_(fresh)))
        fresh = [int(row[0]) for row in rows if int(row[0]) not in known]
        known += fresh
    return known


async def linked_chats(connection: AsyncConnection, contact_id: int) -> list[LinkedChat]:
    """Return the chats of a contact, in the order in which they became its."""
    query = (
        select(
            chat.c.id, chat.c.title, chat.c.account_id, account.c.name, contact_chat.c.number, chat.c.last_at,
            chat.c.waiting_since,
        )
        .join(contact_chat, contact_chat.c.chat_id == chat.c.id)
        .join(account, account.c.id == chat.c.account_id)
        .where(contact_chat.c.contact_id.in_(await ids_of(connection, contact_id)))
        .order_by(contact_chat.c.at, chat.c.id)
    )  # fmt: skip
    return [
        LinkedChat(ChatId(r.id), r.title, AccountId(r.account_id), r.name, r.number, r.last_at, r.waiting_since)
        for r in await connection.execute(query)
    ]


async def chats_of_number(connection: AsyncConnection, number: str) -> list[LinkedChat]:
    """Return the persons' chats of a number, whether a contact was made of them or not."""
    is_its = or_(chat.c.jid == f"{number.removeprefix('+')}@s.whatsapp.net", chat.c.title.startswith("+"))
    query = (
        select(
            chat.c.id, chat.c.jid, chat.c.title, chat.c.account_id, account.c.name, chat.c.last_at,
            chat.c.waiting_since,
        )
        .join(account, account.c.id == chat.c.account_id)
        .where(chat.c.kind == "person", is_its)
        .order_by(chat.c.id)
    )  # fmt: skip
    return [
        LinkedChat(ChatId(r.id), r.title, AccountId(r.account_id), r.name, number, r.last_at, r.waiting_since)
        for r in await connection.execute(query)
        if shown_number(r.jid, r.title) == number
    ]


async def find_contacts(
    connection: AsyncConnection, words: str, number: str | None, limit: int = 50
) -> list[FoundContact]:
    """Return who is called so or has such a number, by name.

    Args:
        connection: The database.
        words: Folded words of the name; empty: none.
        number: A whole number, or its last four digits.
        limit: The most.
    """
    ids = select(contact_chat.c.contact_id).where(_has_number(contact_chat.c.number, number))
    is_named = contact.c.name_key.contains(words, autoescape=True) if words else contact.c.id.in_(ids)
    where = or_(is_named, contact.c.id.in_(ids)) if number else is_named
    query = select(contact.c.id).where(where).order_by(contact.c.name_key, contact.c.id).limit(limit)
    found: dict[int, FoundContact] = {}
    for row in (await connection.execute(query)).all():
        card = await root_of(connection, int(row[0]))
        if card is not None and card.id not in found:
            chats = await linked_chats(connection, card.id)
            numbers = tuple(dict.fromkeys(one.number for one in chats))
            found[card.id] = FoundContact(card.id, card.name, numbers, tuple(one.chat for one in chats))
    return list(found.values())


def _has_number(column: Any, number: str | None) -> Any:
    return column == number if number and number.startswith("+") else column.endswith(number or "-")


async def chats_without(connection: AsyncConnection) -> set[int]:
    """Return the persons' chats of which no contact was made yet."""
    made = select(contact_chat.c.chat_id)
    rows = await connection.execute(select(chat.c.id).where(chat.c.kind == "person", chat.c.id.not_in(made)))
    return {int(row[0]) for row in rows}


# -- changing -----------------------------------------------------------------------------------------


async def change_parts(unit: Unit, was: Card, parts: Mapping[str, str]) -> bool:
    """Keep new values of parts of a contact; false where it changed since `was` was read."""
    changed = {name: value for name, value in parts.items() if was.parts.get(name, "") != value}
    merged = {**was.parts, **changed}
    own = {name.removeprefix(OWN): value for name, value in merged.items() if name.startswith(OWN) and value}
    values: dict[str, Any] = {name: merged[name] for name in PLAIN}
    values |= {
        "name_key": fold(merged["name"]),
        "fields": own,
        "revision": was.revision + 1,
        "revisions": {**was.revisions, **dict.fromkeys(changed, was.revision + 1)},
    }
    return await _change(unit, was, values)


async def set_merged(unit: Unit, was: Card, into: int, author: str, merge: Mapping[str, Any]) -> bool:
    """Say into which contact one went; false where it changed since `was` was read."""
    values = {"merged_into": into, "merged_at": unit.now, "merged_by": author, "merge": dict(merge)}
    return await _change(unit, was, values | {"revision": was.revision + 1})


async def clear_merged(unit: Unit, was: Card) -> bool:
    """Say that a contact is one of its own again; false where it changed since `was` was read."""
    values = {"merged_into": None, "merged_at": None, "merged_by": None, "merge": None}
    return await _change(unit, was, values | {"revision": was.revision + 1})


async def _change(unit: Unit, was: Card, values: Mapping[str, Any]) -> bool:
    where = (contact.c.id == was.id, contact.c.revision == was.revision)
    done = await unit.connection.execute(update(contact).where(*where).values(**values))
    if done.rowcount:
        await unit.touch("contact", was.id)
    return bool(done.rowcount)


async def count_chats(connection: AsyncConnection, contact_ids: Iterable[int]) -> int:
    """Return how many chats point at these contacts themselves."""
    query = select(func.count()).select_from(contact_chat).where(contact_chat.c.contact_id.in_(list(contact_ids)))
    return int((await connection.execute(query)).scalar_one())


async def _cards(connection: AsyncConnection, *where: Any) -> list[Card]:
    rows = await connection.execute(select(contact).where(*where).order_by(contact.c.id))
    return [_card(dict(row)) for row in rows.mappings()]


def _card(row: dict[str, Any]) -> Card:
    return Card(
        id=int(row["id"]),
        uid=row["uid"],
        parts={name: row[name] for name in PLAIN} | {OWN + name: value for name, value in row["fields"].items()},
        revision=row["revision"],
        revisions=row["revisions"],
        merged_into=row["merged_into"],
        merged_at=row["merged_at"],
        merge=row["merge"],
    )
