"""The bytes of media: one file by its SHA-256, never changed, in the profile's `media` folder.

A part becomes a stored file by one rename after its bytes are on the disk; a part that a crash left is no file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.file_kinds import HEAD, sniff
from app.domain.media import MediaFailed, Trouble

_PARTS = "parts"
_CHUNK = 1 << 20
_SUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is stored now, and what its first bytes say it is."""

    sha256: str
    size: int
    mime: str


class Vault:
    """One folder of stored files. Blocking: called from a phone's thread, or for small files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def clear_parts(self) -> None:
        """Remove what a crash left half pulled."""
        with contextlib.suppress(OSError):
            for part in (self._folder / _PARTS).glob("*.part"):
                # Another program may be pulling now.
                if not _is_in_use(part):
                    part.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Return where the file of a hash lies."""
        return self._place(sha256, "")

    def thumbnail(self, sha256: str) -> Path:
        """Return where its thumbnail lies, if it has one."""
        return self._place(sha256, ".thumb.jpg")

    def _place(self, sha256: str, ending: str) -> Path:
        if not _SUM.fullmatch(sha256):
            raise ValueError("no SHA-256")
        return self._folder / sha256[:2] / (sha256 + ending)

    @contextlib.contextmanager
    def part(self) -> Iterator[Path]:
        """Yield the path of a new part, which is not there yet; what is left of it at the end is removed.

        Raises:
            MediaFailed: The folder cannot be made.
        """
        path = self._folder / _PARTS / f"{os.getpid()}-{secrets.token_hex(8)}.part"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise MediaFailed(Trouble.DISK) from error
        try:
            yield path
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def keep(self, part: Path, check: Callable[[Kept], None] | None = None) -> Kept:
        """Store a whole part under its hash; where the same bytes lie already, those stay.

        Args:
            part: The part.
            check: Asked before it is stored; what it raises leaves the vault as it was.

        Raises:
            MediaFailed: The disk is full or fails.
        """
        try:
            return self._keep(part, check)
        except OSError as error:
            raise MediaFailed(Trouble.DISK) from error

    def _keep(self, part: Path, check: Callable[[Kept], None] | None) -> Kept:
        found = _examine(part)
        if check is not None:
            check(found)
        target = self.path(found.sha256)
        if not (target.is_file() and target.stat().st_size == found.size):
            _settle(part, target)
        return found

    def keep_thumbnail(self, sha256: str, picture: bytes) -> None:
        """Store a thumbnail that this program made.

        Raises:
            MediaFailed: The disk is full or fails.
        """
        with self.part() as part:
            try:
                part.write_bytes(picture)
                _settle(part, self.thumbnail(sha256))
            except OSError as error:
                raise MediaFailed(Trouble.DISK) from error


def _examine(part: Path) -> Kept:
    digest, size, head = hashlib.sha256(), 0, b""
    with part.open("rb") as file:
        while piece := file.read(_CHUNK):
            head = head or piece[:HEAD]
            digest.update(piece)
            size += len(piece)
    return Kept(digest.hexdigest(), size, sniff(head))


def _settle(part: Path, target: Path) -> None:
    """Move a part to its place so that after a power cut it is there whole or not at all."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(target)
    if os.name == "posix":
        for folder in (target.parent, target.parent.parent):
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def _is_in_use(part: Path) -> bool:
    """Tell whether the process that writes a part lives; its id leads the name."""
    owner = part.name.partition("-")[0]
    if not owner.isdecimal() or int(owner) == os.getpid():
        return owner == str(os.getpid())
    if os.name != "posix":
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
