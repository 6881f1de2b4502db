"""The app's media folders on the phone: what is there, and a file of it (phone-screens.md 5). No screen is needed.

One question lists them all; a file costs one stream. What a phone prints is checked before it is used.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import PhoneLost
from app.domain.media import MediaFailed, MediaFile, Pull, Trouble
from app.domain.message import Kind
from devices.adb.phone import AdbPhone
from devices.adb.sync import PathFacts, SyncRefused, SyncStream

LIST_S = 60.0
"""Old phones look at some thousand files a second."""
MOST_FILES = 100_000
_FOLDERS: tuple[tuple[str, Kind], ...] = (
    ("Images", Kind.PHOTO),
    ("Video", Kind.VIDEO),
    ("Animated Gifs", Kind.VIDEO),
    ("Voice Notes", Kind.VOICE),
    ("Audio", Kind.VOICE),
    ("Documents", Kind.DOCUMENT),
)
_LINE = re.compile(r"([0-9]{1,15}) (-?[0-9]{1,12}) (/.+)")


class MediaFolder:
    """The media of one Android user's app on one phone."""

    def __init__(self, phone: AdbPhone, package: str, user: int = 0) -> None:
        self._adb = phone
        self._roots = media_roots(package, user)

    def list(self, days: int) -> list[MediaFile]:
        """Return the files of the last so many days, oldest first, by one command."""
        # -mtime counts whole days that are over; one more is asked for, and who asks looks at the times.
        words = ("find", *self._roots, "-type", "f", "-mtime", f"-{max(1, days) + 1}")
        words = (*words, "-exec", "stat", "-c", "%s %Y %n", "{}", "+")
        try:
            asked = self._adb.shell(*words, deadline_s=LIST_S)
        except PhoneLost:
            # A phone on the network that no session holds must be connected to first.
            if not self._adb.is_network:
                raise
            self._adb.connect()
            asked = self._adb.shell(*words, deadline_s=LIST_S)
        return parse_listing(asked.out, self._roots)

    def pull(self, file: MediaFile, pull: Pull) -> None:
        """Copy a file into a new one of this PC, whole or not at all."""
        if file.size > pull.most_bytes:
            raise MediaFailed(Trouble.TOO_BIG)
        try:
            _pull(self._adb, file, pull)
        except BaseException as error:
            pull.to.unlink(missing_ok=True)
            if isinstance(error, SyncRefused):
                raise MediaFailed(Trouble.GONE) from error
            if isinstance(error, OSError):
                raise MediaFailed(Trouble.DISK) from error
            raise


def _pull(adb: AdbPhone, file: MediaFile, pull: Pull) -> None:
    until = time.monotonic() + pull.deadline_s
    with SyncStream(adb.server.address, adb.serial, until) as stream:
        _check(stream.facts(file.path), file)
        taken = _receive(stream, file, pull)
        # An app that still writes changes size or time; one that replaced the file in between as well.
        _check(stream.facts(file.path), file)
    if taken != file.size:
        raise MediaFailed(Trouble.CHANGED)


def _receive(stream: SyncStream, file: MediaFile, pull: Pull) -> int:
    with _new_file(pull.to) as out:
        taken = 0

        def take(data: bytes) -> None:
            nonlocal taken
            taken += len(data)
            if taken > min(pull.most_bytes, file.size):
                raise MediaFailed(Trouble.CHANGED)
            if pull.must_stop():
                raise MediaFailed(Trouble.STOPPED)
            out(data)

        stream.receive(file.path, take)
    return taken


class _new_file:  # noqa: N801 - used as a function
    """A file that was not there before and that only its owner may read, unbuffered."""

    def __init__(self, path: Path) -> None:
        self._number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)

    def __enter__(self) -> Callable[[bytes], None]:
        return self._write

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._number, left) :]

    def __exit__(self, *_: object) -> None:
        os.close(self._number)


def _check(found: PathFacts, file: MediaFile) -> None:
    if not found.is_file:
        raise MediaFailed(Trouble.GONE)
    if (found.size, found.changed_s) != (file.size % (1 << 32), file.changed_s):
        raise MediaFailed(Trouble.CHANGED)


def shared_storage(user: int) -> str:
    """Return the shared storage of an Android user. From Android 11 adb may be refused another than the owner's."""
    return f"/storage/emulated/{user}"


def media_roots(package: str, user: int = 0) -> tuple[str, ...]:
    """Return the folders of all kinds, first where apps since Android 11 keep them, then where older ones did."""
    shared = shared_storage(user)
    name = "WhatsApp Business" if package.endswith(".w4b") else "WhatsApp"
    bases = (f"{shared}/Android/media/{package}/{name}/Media", f"{shared}/{name}/Media")
    return tuple(f"{base}/{name} {folder}" for base in bases for folder, _ in _FOLDERS)


def parse_listing(text: str, roots: tuple[str, ...]) -> list[MediaFile]:
    """Return the files that lines of "size time path" name, oldest first; any other line is none.

    A name may hold a line break, so a line may lie: only paths below the roots, without a way up, are taken.
    """
    found: dict[str, MediaFile] = {}
    for line in text.split("\n"):
        match = _LINE.fullmatch(line.removesuffix("\r"))
        root = next((r for r in roots if match and match[3].startswith(r + "/")), None)
        if match is None or root is None:
            continue
        parts = match[3][len(root) + 1 :].split("/")
        if not _is_plain(parts):
            continue
        kind = _FOLDERS[roots.index(root) % len(_FOLDERS)][1]
        found[match[3]] = MediaFile(match[3], int(match[1]), int(match[2]), kind, "Sent" in parts[:-1])
        if len(found) >= MOST_FILES:
            break
    return sorted(found.values(), key=lambda file: (file.changed_s, file.path))


def _is_plain(parts: list[str]) -> bool:
    if any(part in ("", ".", "..") or part.startswith(".") for part in parts):
        return False
    # A byte that is no UTF-8 came as U+FFFD: such a path cannot be asked for.
    return not any(c == "\ufffd" or c < " " or "\ud800" <= c <= "\udfff" for part in parts for c in part)
