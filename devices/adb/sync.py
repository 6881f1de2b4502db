"""The sync service: facts of one file, and its bytes. Paths go in frames, never through a shell (phone-wire.md 2)."""

from __future__ import annotations

import socket
import stat
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType

from app.domain.errors import PhoneLost
from devices.adb import wire

_CHUNK = 64 * 1024
_LONGEST_FAULT = 4096


class SyncRefused(Exception):
    """The phone says that it cannot do this with the path: nothing is there, or it may not be read."""


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What the phone says of a path. `size` is taken modulo 4 GiB by the old form of the question."""

    is_file: bool
    size: int
    changed_s: int


class SyncStream:
    """One stream of the sync service; requests follow each other on it."""

    def __init__(self, address: tuple[str, int], serial: str, until: float) -> None:
        self._until = until
        self._stream: socket.socket = wire.open_service(address, serial, "sync:", max(0.1, until - time.monotonic()))

    def __enter__(self) -> SyncStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def facts(self, path: str) -> PathFacts:
        """Return the facts of a path; one where nothing is has none.

        Raises:
            PhoneLost: No answer in time.
            SyncRefused: There is nothing.
        """
        self._ask(b"STAT", path)
        head, mode, size, changed = struct.unpack("<4sIII", self._read(16))
        if head != b"STAT":
            raise PhoneLost("sync: nonsense")
        if not mode:
            raise SyncRefused("nothing there")
        return PathFacts(stat.S_ISREG(mode), size, changed)

    def receive(self, path: str, take: Callable[[bytes], None]) -> None:
        """Hand a file's bytes to `take`, some at a time; what `take` raises ends it.

        Raises:
            PhoneLost: The stream ended before the file did.
            SyncRefused: It cannot be read.
        """
        self._ask(b"RECV", path)
        while True:
            mark, size = struct.unpack("<4sI", self._read(8))
            if mark == b"DONE":
                return
            if mark == b"FAIL":
                raise SyncRefused(self._read(min(size, _LONGEST_FAULT)).decode("utf-8", "replace")[:120])
            if mark != b"DATA" or size > _CHUNK:
                raise PhoneLost("sync: nonsense")
            take(self._read(size))

    def send(self, path: str, mode: int, changed_s: int, pieces: Iterable[bytes]) -> None:
        """Write a file with the folders above it.

        Args:
            path: Where.
            mode: Its kind and permissions, as `stat` has them.
            changed_s: Its modification time in whole Unix seconds.
            pieces: Its bytes, at most 64 KiB each.

        Raises:
            PhoneLost: The stream ended or is too slow.
            SyncRefused: It cannot be written: no room, no permission.
        """
        self._ask(b"SEND", f"{path},{mode}")
        for piece in pieces:
            self._write(b"DATA" + struct.pack("<I", len(piece)) + piece)
        self._write(b"DONE" + struct.pack("<I", changed_s))
        mark, size = struct.unpack("<4sI", self._read(8))
        if mark == b"FAIL":
            raise SyncRefused(self._read(min(size, _LONGEST_FAULT)).decode("utf-8", "replace")[:120])
        if mark != b"OKAY":
            raise PhoneLost("sync: nonsense")

    def _ask(self, word: bytes, path: str) -> None:
        data = path.encode("utf-8")
        self._write(word + struct.pack("<I", len(data)) + data)

    def _write(self, data: bytes) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise PhoneLost("sync: not in time")
        try:
            self._stream.settimeout(left)
            self._stream.sendall(data)
        except OSError as error:
            raise PhoneLost(f"sync: {type(error).__name__}") from error

    def _read(self, count: int) -> bytes:
        left = self._until - time.monotonic()
        if left <= 0:
            raise PhoneLost("sync: no answer in time")
        try:
            self._stream.settimeout(left)
            return wire.read_exactly(self._stream, count)
        except OSError as error:
            raise PhoneLost(f"sync: {type(error).__name__}") from error
