"""The sync service: files by their paths, every reply of the exact size and in one write."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from devices.simulated.wire.streams import BufferedStream, ByteStream, StreamClosedError

_ENOENT = 2
_CHUNK = 65536
_STAT_V2 = struct.Struct("<IQQIIIIQqqq")
_LARGEST = 1 << 32


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What `stat` knows of a path; `mode` holds the file type bits."""

    mode: int
    size: int
    mtime: int
    inode: int = 1

    @property
    def links(self) -> int:
        """The number of links."""
        return 1


class FileTree(Protocol):
    """The phone's storage as the sync service uses it."""

    def stat(self, path: str) -> FileFacts | None:
        """Return the facts of a path, or None where nothing is."""

    def listdir(self, path: str) -> list[str]:
        """Return the names in a folder."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where no file is."""

    def write(self, path: str, data: bytes, mtime: int | None = None) -> str:
        """Write a file with its folders; returns "" or the reason why not."""


class SyncService:
    """The sync service over some files; `count` is told of every request."""

    def __init__(self, files: FileTree, count: Callable[[str], None]) -> None:
        self._files = files
        self._count = count

    async def serve(self, stream: ByteStream) -> None:
        """Serve one stream."""
        await _SyncStream(self._files, stream, self._count).run()


class _SyncStream:
    def __init__(self, files: FileTree, stream: ByteStream, count: Callable[[str], None]) -> None:
        self._files = files
        self._stream = stream
        self._input = BufferedStream(stream)
        self._count = count

    async def run(self) -> None:
        """Answer requests until QUIT or the end."""
        while True:
            try:
                kind, argument = await self._request()
            except StreamClosedError:
                return
            if kind == "QUIT":
                return
            self._count(f"sync:{kind}")
            await self._answer(kind, argument)

    async def _request(self) -> tuple[str, str]:
        head = await self._input.read_exactly(8)
        length = int.from_bytes(head[4:], "little")
        argument = await self._input.read_exactly(length)
        return head[:4].decode("ascii", "replace"), argument.decode("utf-8", "replace")

    async def _answer(self, kind: str, argument: str) -> None:
        if kind == "STAT":
            await self._stream.write(b"STAT" + self._stat_v1(argument))
        elif kind in ("STA2", "LST2"):
            await self._stream.write(kind.encode() + self._stat_v2(argument))
        elif kind == "LIST":
            await self._list(argument, b"DENT", self._stat_v1, 16)
        elif kind == "LIS2":
            await self._list(argument, b"DNT2", self._stat_v2, 72)
        elif kind == "SEND":
            await self._receive(argument)
        elif kind == "RECV":
            await self._send(argument)
        else:
            await self._fail(f"unknown command {kind}")

    def _stat_v1(self, path: str) -> bytes:
        facts = self._files.stat(path) or FileFacts(0, 0, 0)
        return struct.pack("<III", facts.mode, facts.size % _LARGEST, facts.mtime)

    def _stat_v2(self, path: str) -> bytes:
        facts = self._files.stat(path)
        if facts is None:
            return _STAT_V2.pack(_ENOENT, *[0] * 10)
        ids = (0, 66, facts.inode, facts.mode, facts.links, 0, 0)
        return _STAT_V2.pack(*ids, facts.size, facts.mtime, facts.mtime, facts.mtime)

    async def _list(self, path: str, mark: bytes, stat: Callable[[str], bytes], tail: int) -> None:
        parts = []
        for name in self._files.listdir(path):
            raw = name.encode()
            facts = stat(f"{path.rstrip('/')}/{name}")
            parts.append(mark + facts + struct.pack("<I", len(raw)) + raw)
        await self._stream.write(b"".join(parts) + b"DONE" + bytes(tail))

    async def _receive(self, argument: str) -> None:
        path, _, _ = argument.rpartition(",")
        data = bytearray()
        while True:
            head = await self._input.read_exactly(8)
            number = int.from_bytes(head[4:], "little")
            if head[:4] == b"DONE":
                break
            if head[:4] != b"DATA" or number > _CHUNK:
                await self._fail("invalid data message")
                return
            data += await self._input.read_exactly(number)
        trouble = self._files.write(path, bytes(data), number)
        if trouble:
            await self._fail(trouble)
        else:
            await self._stream.write(b"OKAY" + bytes(4))

    async def _send(self, path: str) -> None:
        data = self._files.read(path)
        if data is None:
            await self._fail(f"open failed: No such file or directory ({path})")
            return
        for start in range(0, len(data), _CHUNK):
            piece = data[start : start + _CHUNK]
            await self._stream.write(b"DATA" + struct.pack("<I", len(piece)) + piece)
        await self._stream.write(b"DONE" + bytes(4))

    async def _fail(self, text: str) -> None:
        raw = text.encode()
        await self._stream.write(b"FAIL" + struct.pack("<I", len(raw)) + raw)
