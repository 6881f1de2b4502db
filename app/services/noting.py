"""Notes of the team on a chat, with mentions of colleagues. A note never becomes a message: nothing here sends.

No module that sends may import this one or what it keeps (an import contract and a test hold that).
"""

from __future__ import annotations

from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.services.texts import clean, clean_uid
from app.store import chats, notes
from app.store.engine import Store, Unit
from app.store.notes import MentionOfMe, Note
from app.team.mentions import AgentName, mentioned

__all__ = ["AgentName", "MentionOfMe", "Note", "Noting"]
LONGEST = 10_000


class Noting:
    """Notes, by one author."""

    def __init__(self, store: Store, author: str) -> None:
        self._store = store
        self._author = author

    async def add(self, chat_id: ChatId, body: str, uid: str | None = None) -> Note:
        """Put a note on a chat and tell who is mentioned in it.

        Args:
            chat_id: The chat.
            body: The text; `@login` or `@"Name"` of a member of the chat's number mentions them.
            uid: The client's own identity of the note: given again, nothing is added.

        Raises:
            BadInput: There is no text, no such chat, or the identity is another note's.
        """
        text, identity = clean(body, "the note", LONGEST), clean_uid(uid)
        async with self._store.write() as unit:
            chat = await chats.get_chat(unit.connection, chat_id)
            if chat is None:
                raise BadInput(f"there is no chat {chat_id}; nothing was kept. `phoneshelf chats` lists them")
            is_new = await notes.add_note(unit, identity, (chat.id, chat.account), self._author, text)
            made = await notes.find_note(unit.connection, identity)
            if made is None or (made.chat, made.author) != (chat_id, self._author):
                raise BadInput("this identity belongs to another note; nothing was changed. Leave it out")
            if is_new:
                await self._mention(unit, made)
            return made

    async def edit(self, note_id: int, body: str) -> Note:
        """Change the text of an own note. Who is mentioned newly is told; who was told stays told.

        Raises:
            BadInput: There is no text, or no such note of this author.
        """
        text = clean(body, "the note", LONGEST)
        async with self._store.write() as unit:
            await self._change(unit, note_id, body=text, edited_at=unit.now)
            changed = await notes.get_note(unit.connection, note_id)
            if changed is None:
                raise LookupError(note_id)
            await self._mention(unit, changed)
            return changed

    async def remove(self, note_id: int) -> None:
        """Remove an own note from view; the row is kept.

        Raises:
            BadInput: There is no such note of this author.
        """
        async with self._store.write() as unit:
            await self._change(unit, note_id, removed_at=unit.now)

    async def list_notes(self, chat_id: ChatId) -> list[Note]:
        """Return the notes of a chat, oldest first."""
        async with self._store.read() as connection:
            return await notes.list_notes(connection, chat_id)

    async def list_names(self, chat_id: ChatId) -> list[AgentName]:
        """Return who can be mentioned on a chat; `app.team.mentions.parse_mentions` finds them in a text."""
        async with self._store.read() as connection:
            chat = await chats.get_chat(connection, chat_id)
            return await notes.list_names(connection, chat.account) if chat is not None else []

    async def list_mentions(self, *, only_unread: bool = True) -> list[MentionOfMe]:
        """Return where this author is mentioned, newest first."""
        async with self._store.read() as connection:
            return await notes.list_mentions(connection, self._author, only_unread=only_unread)

    async def mark_read(self, note_id: int) -> bool:
        """Say that this author has read where they are mentioned; false where there is nothing unread."""
        async with self._store.write() as unit:
            return await notes.mark_mention(unit, note_id, self._author)

    async def _change(self, unit: Unit, note_id: int, **values: object) -> None:
        found = await notes.get_note(unit.connection, note_id)
        if found is None:
            raise BadInput(f"there is no note {note_id}; nothing was changed. `phoneshelf note list CHAT` lists them")
        if found.author != self._author or not await notes.change_note(unit, found, **values):
            raise BadInput("this note is somebody else's; it stays as it is. Add a note of your own")

    async def _mention(self, unit: Unit, one: Note) -> None:
        names = await notes.list_names(unit.connection, one.account)
        await notes.add_mentions(unit, one, mentioned(one.body, names))
