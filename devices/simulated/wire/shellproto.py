"""How a shell's three pipes travel: raw and merged, or in the frames of `shell,v2`."""

from __future__ import annotations

import struct
from collections import deque
from typing import Protocol

from devices.simulated.wire.streams import BufferedStream, ByteStream, StreamClosedError

STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN, WINDOW_SIZE = range(6)
_HEAD = struct.Struct("<BI")


class ShellChannel(Protocol):
    """A shell's pipes, whichever way they travel."""

    async def read_stdin(self) -> bytes:
        """Return the next bytes of standard input, or none at its end."""

    async def write_stdout(self, data: bytes) -> None:
        """Send standard output."""

    async def write_stderr(self, data: bytes) -> None:
        """Send standard error."""

    async def exit(self, code: int) -> None:
        """Tell the exit code where the channel can."""


class RawChannel:
    """`shell:` and `exec:`: output and errors mixed, no exit code."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    async def read_stdin(self) -> bytes:
        """Return the next bytes of standard input, or none at its end."""
        return await self._stream.read()

    async def write_stdout(self, data: bytes) -> None:
        """Send standard output."""
        if data:
            await self._stream.write(data)

    async def write_stderr(self, data: bytes) -> None:
        """Send standard error the same way."""
        await self.write_stdout(data)

    async def exit(self, code: int) -> None:
        """Tell nothing: this channel has no exit code."""


class FramedChannel:
    """`shell,v2`: each piece has its pipe's number and its length."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._input = BufferedStream(stream)
        self._received: deque[bytes] = deque()
        self._is_ended = False

    async def read_stdin(self) -> bytes:
        """Return the next bytes of standard input, or none at its end."""
        while not self._is_ended:
            try:
                kind, length = _HEAD.unpack(await self._input.read_exactly(_HEAD.size))
                data = await self._input.read_exactly(length)
            except StreamClosedError:
                self._is_ended = True
                break
            if kind == STDIN and data:
                return data
            if kind == CLOSE_STDIN:
                self._is_ended = True
        return b""

    async def write_stdout(self, data: bytes) -> None:
        """Send standard output."""
        await self._write(STDOUT, data)

    async def write_stderr(self, data: bytes) -> None:
        """Send standard error."""
        await self._write(STDERR, data)

    async def exit(self, code: int) -> None:
        """Tell the exit code."""
        await self._write(EXIT, bytes([code & 0xFF]))

    async def _write(self, kind: int, data: bytes) -> None:
        if data:
            await self._stream.write(_HEAD.pack(kind, len(data)) + data)


def channel_for(service: str, stream: ByteStream) -> tuple[ShellChannel, str]:
    """Return the channel and the command of a `shell:`, `shell,v2,...:` or `exec:` service."""
    name, _, command = service.partition(":")
    if "v2" in name.split(",")[1:]:
        return FramedChannel(stream), command
    return RawChannel(stream), command
