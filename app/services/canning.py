"""Canned replies: kept, found for what is typed after a `/`, filled for a chat. Whoever fills one still sends it.

A reply of which a slot is open is not ready; `app.team.canned.unfilled` tells so of any text. On one PC everybody may
change canned replies, as everything in its file; a server lets only leads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.domain.ports import Clock
from app.services.texts import clean, clean_line, clean_uid, new_uid
from app.store import accounts, canned, chats, contacts, opening
from app.store.accounts import Account
from app.store.canned import CannedFile, CannedReply, Draft
from app.store.chats import Chat
from app.store.engine import Reader, Store, Unit
from app.team.canned import Canned, Rendered, Values, choose_variant, find_canned, fold, render, unfilled, variants_of
from app.team.numbers import e164

__all__ = ["LANGUAGES", "CannedFile", "CannedReply", "Canning", "Draft", "Imported", "Offer", "unfilled"]
LANGUAGES = ("nl", "en", "any")
MANY_CHATS = 6
"""So many customers with the same text in a day are worth a word of warning (product.md 4.7)."""
_DAY = timedelta(days=1)
_LONGEST_SHORTCUT, _LONGEST_TITLE, _LONGEST_BODY = 40, 120, 10_000
_HOME_ZONE = "Europe/Amsterdam"
_LISTS = "`phoneshelf canned list` shows them"


@dataclass(frozen=True, slots=True)
class Offer:
    """A canned reply filled for one chat.

    Attributes:
        canned: The reply.
        variant: Which of its alternatives, from 0: the one that this customer got longest ago, or never.
        rendered: The text, and what is missing in it.
        chats_today: To how many chats it went in the last 24 hours, as far as this person sees.
    """

    canned: CannedReply
    variant: int
    rendered: Rendered
    chats_today: int

    @property
    def may_be_sent(self) -> bool:
        """Tell whether no slot is open."""
        return self.rendered.is_complete and not unfilled(self.rendered.text)

    @property
    def is_worn(self) -> bool:
        """Tell whether so many customers got it today that a person should be warned."""
        return self.chats_today >= MANY_CHATS


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of canned replies did."""

    added: int
    changed: int
    unchanged: int


class Canning:
    """Canned replies, by one person."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author

    # -- keeping ----------------------------------------------------------------------------------

    async def add(self, draft: Draft, uid: str | None = None) -> CannedReply:
        """Keep a new canned reply.

        Raises:
            BadInput: A part cannot be, or its number and language have one of that shortcut.
            NotAllowed: The server lets only leads.
        """
        checked, identity = _checked(draft), clean_uid(uid)
        async with self._store.write() as unit:
            await canned.add_canned(unit, identity, checked, self._author)
            made = await canned.find_canned(unit.connection, uid=identity)
        if made is None:
            raise _taken(checked)
        return made

    async def edit(self, one: CannedReply, **changes: Any) -> CannedReply:
        """Change parts of a canned reply: the fields of a `Draft`.

        Raises:
            BadInput: A part cannot be, it is removed, or its number and language have another of that shortcut.
            NotAllowed: The server lets only leads.
        """
        draft = _checked(replace(one.draft, **changes))
        async with self._store.write() as unit:
            await self._check_free(unit, one, draft)
            await canned.change_canned(unit, one, draft, self._author)
            return await _again(unit, one)

    async def remove(self, one: CannedReply) -> CannedReply:
        """Remove a canned reply; `restore` brings it back.

        Raises:
            NotAllowed: The server lets only leads.
        """
        async with self._store.write() as unit:
            await canned.set_removed(unit, one, self._author, is_removed=True)
            return await _again(unit, one)

    async def restore(self, one: CannedReply) -> CannedReply:
        """Bring a removed canned reply back.

        Raises:
            BadInput: Another has its shortcut now.
            NotAllowed: The server lets only leads.
        """
        async with self._store.write() as unit:
            await self._check_free(unit, one, one.draft)
            await canned.set_removed(unit, one, self._author, is_removed=False)
            return await _again(unit, one)

    async def import_all(self, drafts: list[Draft]) -> Imported:
        """Keep many at once, all or none: one of a known number, language and shortcut is changed to what is given.

        Raises:
            BadInput: One cannot be; nothing was changed.
            NotAllowed: The server lets only leads.
        """
        checked = [_checked(draft) for draft in drafts]
        counts = {"added": 0, "changed": 0, "unchanged": 0}
        async with self._store.write() as unit:
            for draft in checked:
                known = await canned.find_canned(unit.connection, key=canned.key_of(draft))
                if known is None:
                    await canned.add_canned(unit, new_uid(), draft, self._author)
                elif known.draft != draft:
                    await canned.change_canned(unit, known, draft, self._author)
                counts["added" if known is None else "unchanged" if known.draft == draft else "changed"] += 1
        return Imported(**counts)

    async def _check_free(self, unit: Unit, one: CannedReply, draft: Draft) -> None:
        other = await canned.find_canned(unit.connection, key=canned.key_of(draft))
        if other is not None and other.id != one.id:
            raise _taken(draft)

    # -- finding ----------------------------------------------------------------------------------

    async def list_canned(self, *, removed: bool = False) -> list[CannedReply]:
        """Return the canned replies by shortcut, or the removed ones, the last removed first."""
        async with self._store.read() as connection:
            return await canned.list_canned(connection, removed=removed)

    async def find(self, typed: str, chat_id: ChatId | None = None, language: str = "") -> list[CannedReply]:
        """Return what fits what was typed after the `/`, best first; of a chat only what is for its number."""
        async with self._store.read() as connection:
            known = {one.id: one for one in await canned.list_canned(connection)}
            chat = await chats.get_chat(connection, chat_id) if chat_id is not None else None
        account = chat.account if chat is not None else None
        return [known[one.id] for one in find_canned(typed, map(_plain, known.values()), account, language)]

    async def get(self, shortcut: str, chat_id: ChatId | None = None, *, removed: bool = False) -> CannedReply:
        """Return the canned reply of exactly this shortcut, or of this uid.

        Raises:
            BadInput: There is none, or there are several; the text says what to give instead.
        """
        wanted = fold(shortcut.lstrip("/"))
        async with self._store.read() as connection:
            known = await canned.list_canned(connection, removed=removed)
            chat = await chats.get_chat(connection, chat_id) if chat_id is not None else None
        exact = [one for one in known if one.uid == shortcut.strip()]
        found = exact or [one for one in known if fold(one.draft.shortcut) == wanted]
        if chat is not None:
            found = [one for one in found if one.draft.account in (None, chat.account)]
            own = [one for one in found if one.draft.account is not None]
            found = own or found
        if not found:
            raise BadInput(f"there is no canned reply {shortcut!r}; {_LISTS}")
        if len(found) > 1 and not removed:
            raise BadInput(f"{shortcut!r} is several: give one of the ids {', '.join(one.uid for one in found[:8])}")
        return found[0]

    # -- using ------------------------------------------------------------------------------------

    async def offer(self, one: CannedReply, chat_id: ChatId, *, case: str = "") -> Offer:
        """Fill a canned reply for a chat, with the alternative that its customer did not get or got longest ago.

        Args:
            one: The reply.
            chat_id: The chat.
            case: The number of its case, where there is one.

        Raises:
            BadInput: There is no such chat.
        """
        now = self._clock.now()
        async with self._store.read() as connection:
            chat = await chats.get_chat(connection, chat_id)
            if chat is None:
                raise BadInput(f"there is no chat {chat_id}; `phoneshelf chats` lists them")
            used = await canned.variants_used(connection, one.id, chat_id)
            values = replace(await self._values(connection, chat, one.draft.language), case=case)
            today = await canned.chats_since(connection, one.id, now - _DAY)
        variants = variants_of(one.draft.body)
        variant = choose_variant(len(variants), {place: at for place, at in used.items() if place < len(variants)})
        return Offer(one, variant, render(variants[variant], values), today)

    async def note_use(self, one: CannedReply, chat_id: ChatId, variant: int, uid: str) -> bool:
        """Enter that a reply made of this was queued; false where that is known.

        Args:
            one: The canned reply.
            chat_id: The chat that it went to.
            variant: Which alternative.
            uid: The identity of the reply that was queued: each counts once.
        """
        identity = clean_uid(uid)
        async with self._store.write() as unit:
            return await canned.add_use(unit, identity, one, chat_id, (variant, self._author))

    async def _values(self, connection: Reader, chat: Chat, language: str) -> Values:
        account = await accounts.get_account(connection, chat.account)
        hours = await opening.get_hours(connection, chat.account)
        card = await contacts.contact_of(connection, chat.id)
        parts = card.parts if card is not None else {}
        spoken = language if language != "any" else parts.get("language", "") or "nl"
        own = {name.removeprefix(contacts.OWN): value for name, value in parts.items()}
        return Values(
            now=self._clock.now(),
            zone=_zone(account, hours),
            language=spoken,
            first_name=_first_name(parts.get("name", "") or chat.title),
            agent=await canned.name_of(connection, self._author),
            number=account.name if e164(account.name) else "",
            calendar=hours.calendar,
            fields=own,
        )


def _zone(account: Account, hours: opening.Hours) -> str:
    return hours.calendar.zone if hours.calendar is not None else account.zone or _HOME_ZONE


def _first_name(name: str) -> str:
    """Return the first word of a name; of what is a number, nothing."""
    words = name.split()
    return words[0] if words and any(c.isalpha() for c in words[0]) else ""


def _plain(one: CannedReply) -> Canned:
    draft = one.draft
    on = frozenset() if draft.account is None else frozenset({draft.account})
    language = "" if draft.language == "any" else draft.language
    return Canned(one.id, draft.shortcut, draft.title, draft.body, language, on, one.uses)


async def _again(unit: Unit, one: CannedReply) -> CannedReply:
    return await canned.find_canned(unit.connection, uid=one.uid) or one


def _taken(draft: Draft) -> BadInput:
    return BadInput(f"there is a canned reply {draft.shortcut!r} for that number and language; nothing was changed")


def _checked(draft: Draft) -> Draft:
    """Return a draft as it is kept.

    Raises:
        BadInput: A part of it cannot be.
    """
    shortcut = clean_line(draft.shortcut.strip().lstrip("/"), "the shortcut", _LONGEST_SHORTCUT)
    if " " in shortcut:
        raise BadInput(f"a shortcut is one word, {shortcut!r} is not; nothing was changed")
    if draft.language not in LANGUAGES:
        raise BadInput(f"a language is one of {', '.join(LANGUAGES)}; nothing was changed")
    title = clean_line(draft.title or shortcut, "the title", _LONGEST_TITLE)
    body = clean(draft.body, "the text", _LONGEST_BODY)
    try:
        variants_of(body)
    except ValueError as error:
        raise BadInput(f"{shortcut}: {error}; nothing was changed. A line `---` stands between alternatives") from error
    return replace(draft, shortcut=shortcut, title=title, body=body)
