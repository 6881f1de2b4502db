"""Labels of chats, stars and follows of each person, and saved views. Nothing that was removed loses its history."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.services.texts import clean_line, clean_uid
from app.store import chats, labels
from app.store.engine import Store, Unit
from app.store.labels import Label, Labelled, Mark, SavedView

__all__ = ["COLOURS", "Label", "Labelled", "Labelling", "Mark", "SavedView"]
COLOURS = ("#d32f2f", "#f57c00", "#fbc02d", "#388e3c", "#00796b", "#1976d2", "#512da8", "#c2185b", "#5d4037", "#455a64")
"""Offered one after the other to new labels."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LONGEST_NAME = 60
_LONGEST_QUERY = 4_000
_LISTS = "`phoneshelf label list` shows them"


class Labelling:
    """Labels, marks and views, by one person."""

    def __init__(self, store: Store, author: str) -> None:
        self._store = store
        self._author = author

    # -- labels -----------------------------------------------------------------------------------

    async def add(self, name: str, colour: str | None = None, uid: str | None = None) -> Label:
        """Make a label.

        Args:
            name: What it is called; no other living label is called so, case and accents aside.
            colour: Such as `#d32f2f`; None: the next of a row of colours.
            uid: The client's own identity of it: given again, nothing is made.

        Raises:
            BadInput: The name or the colour cannot be, or the name is taken.
        """
        plain, identity = clean_line(name, "the name of a label", _LONGEST_NAME), clean_uid(uid)
        async with self._store.write() as unit:
            known = await labels.list_labels(unit.connection, with_removed=True)
            chosen = _colour(colour or COLOURS[len(known) % len(COLOURS)])
            await labels.add_label(unit, identity, plain, chosen, self._author)
            made = await labels.find_label(unit.connection, uid=identity)
            if made is None:
                raise BadInput(f"there is a label of that name; nothing was made. {_LISTS}")
            return made

    async def change(self, name: str, new_name: str | None = None, colour: str | None = None) -> Label:
        """Rename a label or give it another colour; it stays on its chats.

        Raises:
            BadInput: There is no such label, or the new name is taken.
        """
        values: dict[str, str] = {}
        if new_name is not None:
            values["name"] = clean_line(new_name, "the name of a label", _LONGEST_NAME)
        if colour is not None:
            values["colour"] = _colour(colour)
        async with self._store.write() as unit:
            found = await _label(unit, name)
            taken = await labels.find_label(unit.connection, name=values["name"]) if "name" in values else None
            if taken is not None and taken.id != found.id:
                raise BadInput(f"there is a label of that name; nothing was changed. {_LISTS}")
            if values:
                await labels.change_label(unit, found.id, **values)
            return await labels.find_label(unit.connection, uid=found.uid) or found

    async def remove(self, name: str) -> Label:
        """Remove a label; which chats had it when, and from whom, is kept. A new one may have its name.

        Raises:
            BadInput: There is no such label.
        """
        async with self._store.write() as unit:
            found = await _label(unit, name)
            await labels.change_label(unit, found.id, removed_at=unit.now, removed_by=self._author)
            return found

    async def list_labels(self) -> list[Label]:
        """Return the labels that can be put on chats, by name."""
        async with self._store.read() as connection:
            return await labels.list_labels(connection)

    async def put(self, chat_id: ChatId, name: str) -> bool:
        """Put a label on a chat; false where it is on it.

        Raises:
            BadInput: There is no such chat or label.
        """
        async with self._store.write() as unit:
            found = await _label(unit, name)
            await _check_chat(unit, chat_id)
            return await labels.put_label(unit, chat_id, found.id, self._author)

    async def take(self, chat_id: ChatId, name: str) -> bool:
        """Take a label off a chat; false where it is not on it.

        Raises:
            BadInput: There is no such label.
        """
        async with self._store.write() as unit:
            found = await _label(unit, name)
            return await labels.take_label(unit, chat_id, found.id, self._author)

    async def labels_of(self, chat_id: ChatId) -> list[Label]:
        """Return the labels on a chat."""
        async with self._store.read() as connection:
            return [one.label for one in await labels.list_labelled(connection, chat_id)]

    async def labels_by_chat(self) -> dict[ChatId, list[Label]]:
        """Return the labels on all chats, for lists."""
        found: dict[ChatId, list[Label]] = {}
        async with self._store.read() as connection:
            for one in await labels.list_labelled(connection):
                found.setdefault(one.chat, []).append(one.label)
        return found

    async def history_of(self, chat_id: ChatId) -> list[Labelled]:
        """Return each time that a label was on a chat, removed labels as well, oldest first."""
        async with self._store.read() as connection:
            return await labels.list_labelled(connection, chat_id, with_history=True)

    # -- marks ------------------------------------------------------------------------------------

    async def mark(self, chat_id: ChatId, *, star: bool | None = None, follow: bool | None = None) -> Mark:
        """Star or follow a chat, or not any more; what is None stays. It is this person's own mark.

        Raises:
            BadInput: There is no such chat.
        """
        async with self._store.write() as unit:
            await _check_chat(unit, chat_id)
            known = {one.chat: one for one in await labels.list_marks(unit.connection, self._author)}
            was = known.get(chat_id, Mark(chat_id))
            now = Mark(chat_id, was.star if star is None else star, was.follow if follow is None else follow)
            if now != was:
                await labels.set_mark(unit, self._author, now)
            return now

    async def list_marks(self) -> dict[ChatId, Mark]:
        """Return the chats that this person marked."""
        async with self._store.read() as connection:
            return {one.chat: one for one in await labels.list_marks(connection, self._author)}

    # -- views ------------------------------------------------------------------------------------

    async def save_view(
        self, name: str, query: Mapping[str, Any], *, shared: bool = False, uid: str | None = None
    ) -> SavedView:
        """Keep a search under a name; an own one of this identity is changed.

        Raises:
            BadInput: The name or the search cannot be kept, or the identity is another's.
        """
        plain, identity = clean_line(name, "the name of a view", _LONGEST_NAME), clean_uid(uid)
        _check_query(query)
        one = SavedView(0, identity, self._author, plain, query, shared)
        async with self._store.write() as unit:
            if not await labels.add_view(unit, one):
                values = {"name": plain, "query": dict(query), "shared": shared}
                if not await labels.change_view(unit, identity, self._author, **values):
                    raise BadInput("this view is removed or somebody else's; it stays as it is. Save one of your own")
            kept = await labels.list_views(unit.connection, self._author)
            return next(view for view in kept if view.uid == identity)

    async def remove_view(self, uid: str) -> bool:
        """Remove an own view; false where there is none."""
        async with self._store.write() as unit:
            return await labels.change_view(unit, uid, self._author, removed_at=unit.now)

    async def list_views(self) -> list[SavedView]:
        """Return this person's views and the shared ones, by name."""
        async with self._store.read() as connection:
            return await labels.list_views(connection, self._author)


async def _label(unit: Unit, name: str) -> Label:
    found = await labels.find_label(unit.connection, name=name)
    if found is None:
        raise BadInput(f"there is no label of that name; nothing was changed. {_LISTS}")
    return found


async def _check_chat(unit: Unit, chat_id: ChatId) -> None:
    if await chats.get_chat(unit.connection, chat_id) is None:
        raise BadInput(f"there is no chat {chat_id}; nothing was changed. `phoneshelf chats` lists them")


def _colour(text: str) -> str:
    plain = text.strip().lower()
    if not _COLOUR.fullmatch(plain):
        raise BadInput("a colour is written as #d32f2f; nothing was changed")
    return plain


def _check_query(query: Mapping[str, Any]) -> None:
    try:
        size = len(json.dumps(dict(query)))
    except (TypeError, ValueError) as error:
        raise BadInput("a view keeps plain values; nothing was changed") from error
    if size > _LONGEST_QUERY:
        raise BadInput("this search is too long to be kept; nothing was changed. Shorten it")
