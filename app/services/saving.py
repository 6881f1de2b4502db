"""Stored files as people see them, and copies for them: harmless names, never over another file, never to be run."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import BadInput
from app.domain.file_names import saved_name
from app.domain.ids import ChatId, MessageId
from app.domain.media import LinkState
from app.services.sharing import Sharing
from app.store import media
from app.store.engine import Store
from app.store.media import Attachment
from app.store.vault import Vault

__all__ = ["Attachment", "Saved", "Saving"]

_CHUNK = 1 << 20
_MOST_COPIES = 1000
_FROM_OUTSIDE = b"[ZoneTransfer]\r\nZoneId=3\r\n"


@dataclass(frozen=True, slots=True)
class Saved:
    """A copy that was made."""

    path: Path
    size: int
    mime: str


class Saving:
    """The files that messages have."""

    def __init__(self, store: Store, vault: Vault, sharing: Sharing | None = None) -> None:
        self._sharing = sharing
        self._store = store
        self._vault = vault

    async def list_attachments(
        self, chat_id: ChatId | None = None, messages: Sequence[MessageId] = ()
    ) -> list[Attachment]:
        """Return the files of a chat, of some messages, or of all; also of messages that have none, with the reason."""
        async with self._store.read() as connection:
            return await media.list_attachments(connection, chat_id, messages)

    def thumbnail(self, one: Attachment) -> Path | None:
        """Return the picture that this program made of a file, None where there is none."""
        return self._vault.thumbnail(one.sha256) if one.sha256 and one.has_thumbnail else None

    async def save(self, message_id: MessageId, folder: Path) -> list[Saved]:
        """Copy a message's files into a folder.

        Raises:
            BadInput: It has none, the folder is not there or cannot be written, or a stored file is damaged.
        """
        found = await self.list_attachments(messages=[message_id])
        stored = [one for one in found if one.state is LinkState.LINKED and one.sha256]
        if not stored:
            why = f": {found[0].state.value}" if found else ""
            raise BadInput(f"message {message_id} has no stored file{why}; `phoneshelf media list` shows which do")
        if self._sharing is not None:
            for one in stored:
                await self._sharing.fetch(str(one.sha256))
        return self._copy_all(stored, folder)

    def _copy_all(self, stored: Sequence[Attachment], folder: Path) -> list[Saved]:
        if not folder.is_dir():
            raise BadInput(f"{folder.name} is no folder; make it first")
        try:
            return [self._copy(one, folder) for one in stored]
        except OSError as error:
            raise BadInput(f"the file cannot be written: {error.strerror or error}") from error

    def _copy(self, one: Attachment, folder: Path) -> Saved:
        assert one.sha256 is not None  # noqa: S101 - only stored ones get here
        mime = one.mime or ""
        source = self._vault.path(one.sha256)
        if not source.is_file():
            raise BadInput(f"the stored file of message {one.message} is missing from the profile")
        path = _claim(folder, saved_name(one.name, mime))
        digest = hashlib.sha256()
        with source.open("rb") as read, path.open("r+b") as write:
            while piece := read.read(_CHUNK):
                digest.update(piece)
                write.write(piece)
        if digest.hexdigest() != one.sha256:
            path.unlink()
            raise BadInput(f"the stored file of message {one.message} is damaged; nothing was saved")
        _mark(path)
        return Saved(path, path.stat().st_size, mime)


def _claim(folder: Path, name: str) -> Path:
    """Make an empty file of a name that nobody has there yet."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if stem else (name, "")
    for number in range(1, _MOST_COPIES):
        path = folder / (name if number == 1 else f"{stem} ({number}){ending}")
        with contextlib.suppress(FileExistsError):
            # Readable for its owner, to be run by nobody; a link of that name is not followed either.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            return path
    raise BadInput(f"there are {_MOST_COPIES} files of that name in the folder")


def _mark(path: Path) -> None:
    """Tell Windows that the file came from elsewhere, so that it asks before it opens one that can do harm."""
    if os.name == "nt":
        with contextlib.suppress(OSError):
            Path(f"{path}:Zone.Identifier").write_bytes(_FROM_OUTSIDE)
