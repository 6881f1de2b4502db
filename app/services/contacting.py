"""Contacts: who a chat's customer is, on whichever of our numbers they wrote. Never the same for a name alone.

A contact is made when somebody of the team first opens it. Two who change the same part of it never overwrite each
other unseen, and a merge is shown before it is done and can be undone for thirty days.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.services.texts import clean, clean_line, new_uid
from app.store import chats, collisions, contacts
from app.store.chats import Chat
from app.store.contacts import OWN, PLAIN, Card, FoundContact, LinkedChat
from app.store.engine import Reader, Store, Unit
from app.team.canned import fold
from app.team.contacts import Contact, MergePlan, Side, merge_of, merge_values, plan_merge, undo_merge
from app.team.numbers import has_digits, search_key

__all__ = ["Card", "Contacting", "FoundContact", "Known", "LinkedChat", "MergePlan", "Side", "StaleEdit"]
_LONGEST = {"name": 200, "company": 200, "language": 8, "remark": 10_000}
_LONGEST_FIELD, _MOST_FIELDS = 1_000, 50
_TRIES = 5
_MOST_FOUND = 50


class StaleEdit(BadInput):
    """Somebody changed a part of a contact since it was read; nothing was changed.

    Attributes:
        stands: What stands there now.
        revision: The revision to edit it from.
    """

    def __init__(self, part: str, stands: str, revision: int) -> None:
        super().__init__(f"somebody changed {part} meanwhile; theirs was kept. Look at it and enter yours again")
        self.stands = stands
        self.revision = revision


@dataclass(frozen=True, slots=True)
class Known:
    """A contact with its chats."""

    card: Card
    chats: tuple[LinkedChat, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return the customer's numbers, the first is the oldest."""
        return tuple(dict.fromkeys(one.number for one in self.chats))


class Contacting:
    """Contacts, by one person."""

    def __init__(self, store: Store, author: str) -> None:
        self._store = store
        self._author = author

    # -- looking ----------------------------------------------------------------------------------

    async def open(self, chat_id: ChatId) -> Known:
        """Return the contact of a chat, made now where there is none.

        Raises:
            BadInput: There is no such chat, it is a group, or its customer's number is not known.
        """
        async with self._store.read() as connection:
            known = await _known(connection, chat_id)
        if known is not None:
            return known
        async with self._store.write() as unit:
            return await _opened(unit, chat_id)

    async def see(self, chat_id: ChatId) -> Known | None:
        """Return the contact of a chat, None where none was made yet; it writes nothing, so auditors may."""
        async with self._store.read() as connection:
            return await _known(connection, chat_id)

    async def other_chats(self, chat_id: ChatId) -> list[LinkedChat]:
        """Return the other chats of a chat's customer, on whichever of our numbers, the last written first.

        Those of the contact, and those of the same number of which no contact was made yet.
        """
        async with self._store.read() as connection:
            return await _others(connection, chat_id)

    async def waits_elsewhere(self, chat_id: ChatId) -> list[LinkedChat]:
        """Return the other chats in which the customer waits for an answer and wrote later than in this one."""
        async with self._store.read() as connection:
            here = await collisions.newest_inbound_at(connection, chat_id)
            waits = [one for one in await _others(connection, chat_id) if one.waiting_since is not None]
            return [one for one in waits if await collisions.newest_inbound_at(connection, one.chat) > here]

    async def find(self, text: str) -> list[FoundContact]:
        """Return the customers of a name, or of a number in any form or its last four digits."""
        words, number = fold(text), search_key(text)
        if not words:
            return []
        async with self._store.read() as connection:
            found = await contacts.find_contacts(connection, words, number, _MOST_FOUND)
            bare = await contacts.chats_without(connection)
            rest = [one for one in await chats.list_chats(connection) if one.id in bare]
        fitting = [one for one in rest if words in fold(one.title) or has_digits(one.number or "", text)]
        more = [FoundContact(None, one.title, (one.number,) if one.number else (), (one.id,)) for one in fitting]
        return (found + more)[:_MOST_FOUND]

    # -- changing ---------------------------------------------------------------------------------

    async def set_part(self, chat_id: ChatId, part: str, value: str, seen: int | None = None) -> Known:
        """Change one part of the contact of a chat.

        Args:
            chat_id: The chat.
            part: `name`, `company`, `language`, `remark`, or any other name for a field of the team's own.
            value: The new value; empty removes it.
            seen: The revision at which it was read. What others changed since in other parts does not matter.

        Raises:
            StaleEdit: Somebody changed this very part since.
            BadInput: The part or the value cannot be, or the chat has no contact.
        """
        name = _part_of(part)
        text = _value_of(name, value)

        async def change(unit: Unit) -> bool:
            card = (await _opened(unit, chat_id)).card
            at = card.revisions.get(name, 1)
            if seen is not None and at > seen and card.parts.get(name, "") != text:
                raise StaleEdit(part, card.parts.get(name, ""), card.revision)
            if card.parts.get(name, "") == text:
                return True
            if name not in card.parts and sum(one.startswith(OWN) for one in card.parts) >= _MOST_FIELDS:
                raise BadInput(f"a contact has at most {_MOST_FIELDS} fields of its own; nothing was changed")
            return await contacts.change_parts(unit, card, {name: text})

        await self._until_done(change)
        return await self.open(chat_id)

    async def plan_merge(
        self, chat_id: ChatId, other_id: ChatId, choices: Mapping[str, Side] | None = None
    ) -> MergePlan:
        """Return what would become of the contacts of two chats; nothing is changed.

        Args:
            chat_id: A chat of the contact that stays.
            other_id: A chat of the one that goes into it.
            choices: Whose value stays, by part: `name`, `field.company`, `field.` with any other; else the first's.

        Raises:
            BadInput: They are one contact already, or a choice names a part that neither has.
        """
        async with self._store.write() as unit:
            pair = await _opened(unit, chat_id), await _opened(unit, other_id)
            return _plan(unit, pair, choices)

    async def merge(self, chat_id: ChatId, other_id: ChatId, choices: Mapping[str, Side] | None = None) -> MergePlan:
        """Merge the contact of the second chat into that of the first, as `plan_merge` shows.

        Raises:
            BadInput: As for `plan_merge`.
        """
        done: list[MergePlan] = []

        async def change(unit: Unit) -> bool:
            stays, goes = await _opened(unit, chat_id), await _opened(unit, other_id)
            plan = _plan(unit, (stays, goes), choices)
            done[:] = [plan]
            if not await contacts.change_parts(unit, stays.card, _parts_of(plan.survivor)):
                return False
            return await contacts.set_merged(unit, goes.card, stays.card.id, self._author, merge_values(plan))

        await self._until_done(change)
        return done[0]

    async def undo_merge(self, chat_id: ChatId) -> Known:
        """Undo the last merge into the contact of a chat; what was changed on it since then stays.

        Raises:
            BadInput: There is none, or it is too long ago.
        """

        async def change(unit: Unit) -> bool:
            known = await _opened(unit, chat_id)
            gone = await contacts.merged_with(unit.connection, known.card.id)
            if not gone or not gone[0].merge:
                raise BadInput("nothing was merged into this contact; nothing was changed")
            try:
                survivor, _ = undo_merge(merge_of(gone[0].merge), _contact(known), unit.now)
            except ValueError as error:
                raise BadInput(f"{error}; nothing was changed") from error
            if not await contacts.clear_merged(unit, gone[0]):
                return False
            removed = dict.fromkeys(known.card.parts, "")
            return await contacts.change_parts(unit, known.card, {**removed, **_parts_of(survivor)})

        await self._until_done(change)
        return await self.open(chat_id)

    async def link(self, chat_id: ChatId, to_chat: ChatId) -> Known:
        """Make a chat one of the contact of another: the same customer with another number.

        Raises:
            BadInput: A chat has no contact, or something is kept of the first that would be left: merge them instead.
        """
        async with self._store.write() as unit:
            known, target = await _opened(unit, chat_id), await _opened(unit, to_chat)
            if known.card.id != target.card.id:
                is_left = len(known.chats) == 1 and any(v for n, v in known.card.parts.items() if n != "name")
                if is_left or await contacts.merged_with(unit.connection, known.card.id):
                    raise BadInput("something is kept of this contact; nothing was changed. Merge the two instead")
                await contacts.link_chat(unit, chat_id, target.card.id)
            return await _opened(unit, to_chat)

    async def unlink(self, chat_id: ChatId) -> Known:
        """Give a chat a contact of its own again; what is kept of the one that it had stays there.

        Raises:
            BadInput: It is the only chat of its contact.
        """
        async with self._store.write() as unit:
            known = await _opened(unit, chat_id)
            if len(known.chats) == 1:
                raise BadInput("this is the only chat of its contact; nothing was changed")
            await contacts.make_contact(unit, await _chat(unit, chat_id), new_uid(), apart=True)
            return await _opened(unit, chat_id)

    async def _until_done(self, change: Callable[[Unit], Awaitable[bool]]) -> None:
        """Run a change of what somebody else may be changing; each try sees what they left."""
        for _ in range(_TRIES):
            try:
                async with self._store.write() as unit:
                    _must(await change(unit))
            except _Overtaken:
                continue
            return
        raise BadInput("others change this contact all the time; nothing was changed. Try again in a moment")


class _Overtaken(Exception):
    """Somebody else was faster: nothing of this try is kept."""


def _must(done: bool) -> None:
    if not done:
        raise _Overtaken


async def _chat(unit: Unit, chat_id: ChatId) -> Chat:
    found = await chats.get_chat(unit.connection, chat_id)
    if found is None:
        raise BadInput(f"there is no chat {chat_id}; nothing was changed. `phoneshelf chats` lists them")
    return found


async def _opened(unit: Unit, chat_id: ChatId) -> Known:
    known = await _known(unit.connection, chat_id)
    if known is None:
        await contacts.make_contact(unit, await _chat(unit, chat_id), new_uid())
        known = await _known(unit.connection, chat_id)
    if known is None:
        raise BadInput("a contact is a person whose number is known; this chat has none. Nothing was changed")
    return known


async def _others(connection: Reader, chat_id: ChatId) -> list[LinkedChat]:
    known, this = await _known(connection, chat_id), await chats.get_chat(connection, chat_id)
    found = {one.chat: one for one in known.chats} if known is not None else {}
    number = contacts.number_of(this) if this is not None else None
    apart = await contacts.chats_of_number(connection, number) if number is not None else []
    for one in apart:
        # What somebody made a contact of its own is another customer, or has another number by now.
        if one.chat not in found and await contacts.contact_of(connection, one.chat) is None:
            found[one.chat] = one
    others = [one for one in found.values() if one.chat != chat_id]
    return sorted(others, key=lambda one: (one.last_at is not None and one.last_at.timestamp()) or 0, reverse=True)


async def _known(connection: Reader, chat_id: ChatId) -> Known | None:
    card = await contacts.contact_of(connection, chat_id)
    return Known(card, tuple(await contacts.linked_chats(connection, card.id))) if card is not None else None


def _plan(unit: Unit, pair: tuple[Known, Known], choices: Mapping[str, Side] | None) -> MergePlan:
    try:
        return plan_merge(_contact(pair[0]), _contact(pair[1]), choices or {}, unit.now)
    except ValueError as error:
        raise BadInput(f"{error}; nothing was changed") from error


def _contact(known: Known) -> Contact:
    """Return a contact as the rules of merging see it: all its parts but the name are fields."""
    parts = known.card.parts
    fields = {_as_field(name): value for name, value in parts.items() if name != "name"}
    return Contact(known.card.id, known.card.name, known.numbers, fields)


def _parts_of(contact: Contact) -> dict[str, str]:
    """Return the parts of a contact that the rules of merging made; plain ones that are gone are empty."""
    own = {name if name in PLAIN else OWN + name: value for name, value in contact.fields.items()}
    return {**dict.fromkeys(PLAIN, ""), **own, "name": contact.name}


def _as_field(part: str) -> str:
    return part.removeprefix(OWN)


def _part_of(part: str) -> str:
    """Return the part that a person means."""
    plain = clean_line(part.removeprefix(OWN), "the name of a field", 60)
    return plain.lower() if plain.lower() in PLAIN else OWN + plain


def _value_of(name: str, value: str) -> str:
    most = _LONGEST.get(name, _LONGEST_FIELD)
    check = clean if name == "remark" else clean_line
    return check(value, _as_field(name), most, may_be_empty=True)
