"""Streams over one ADB connection: a write waits for its acknowledgement before the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from devices.simulated.wire import frames
from devices.simulated.wire.frames import Message


class StreamClosedError(ConnectionError):
    """The other side has closed the stream."""


class ByteStream(Protocol):
    """A pipe with two directions, as a service sees it."""

    async def read(self) -> bytes:
        """Return the next bytes, or none when the other side has closed."""

    async def write(self, data: bytes) -> None:
        """Send bytes; returns when the other side has taken them."""

    async def wait_closed(self) -> None:
        """Return when the other side has closed."""


Handler = Callable[[ByteStream], Awaitable[None]]
"""Serves one stream; the stream is closed when it returns."""


class Link(Protocol):
    """What a stream needs of its connection."""

    max_payload: int

    async def send(self, message: Message) -> None:
        """Send a message when the connection lets it through."""

    async def turn(self) -> None:
        """Let the time of one round trip pass."""


class AdbStream:
    """One stream; `local_id` is the phone's number of it and `remote_id` the host's."""

    def __init__(self, link: Link, local_id: int, remote_id: int = 0) -> None:
        self.local_id = local_id
        self.remote_id = remote_id
        self._link = link
        self._received: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._acknowledged = asyncio.Event()
        self._closed = asyncio.Event()
        self._writing = asyncio.Lock()
        self._owes_turn = True

    @property
    def is_closed(self) -> bool:
        """Whether the host has closed the stream or its connection is gone."""
        return self._closed.is_set()

    async def read(self) -> bytes:
        """Return the next bytes, or none when the host has closed; taking them acknowledges."""
        while not self._received:
            if self._closed.is_set():
                return b""
            self._arrived.clear()
            await self._arrived.wait()
        data = self._received.popleft()
        self._owes_turn = True
        if not self._closed.is_set():
            await self._link.send(Message(frames.OKAY, self.local_id, self.remote_id))
        return data

    async def write(self, data: bytes) -> None:
        """Send bytes in pieces of the agreed size, each acknowledged before the next.

        Raises:
            StreamClosedError: The host has closed the stream.
        """
        async with self._writing:
            await self._pay_turn()
            for start in range(0, len(data), self._link.max_payload):
                await self._write_piece(data[start : start + self._link.max_payload])

    async def wait_closed(self) -> None:
        """Return when the host has closed the stream."""
        await self._closed.wait()

    async def finish(self) -> None:
        """Close from the phone's side, after the last write is acknowledged."""
        if self._closed.is_set():
            return
        async with self._writing:
            await self._pay_turn()
            await self._link.send(Message(frames.CLSE, self.local_id, self.remote_id))

    def feed(self, data: bytes) -> None:
        """Take what the host wrote."""
        self._received.append(data)
        self._arrived.set()

    def acknowledge(self) -> None:
        """Note that the host took the last write."""
        self._acknowledged.set()

    def closed_by_host(self) -> None:
        """Note that the host has closed the stream, or that its connection is gone."""
        self._closed.set()
        self._arrived.set()
        self._acknowledged.set()

    async def _write_piece(self, piece: bytes) -> None:
        if self._closed.is_set():
            raise StreamClosedError
        self._acknowledged.clear()
        await self._link.send(Message(frames.WRTE, self.local_id, self.remote_id, piece))
        await self._acknowledged.wait()
        if self._closed.is_set():
            raise StreamClosedError

    async def _pay_turn(self) -> None:
        if self._owes_turn:
            self._owes_turn = False
            await self._link.turn()


class BufferedStream:
    """Reads exact amounts from a stream."""

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self._buffer = bytearray()

    async def read_exactly(self, size: int) -> bytes:
        """Return so many bytes.

        Raises:
            StreamClosedError: The stream ended before.
        """
        while len(self._buffer) < size:
            await self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    async def read_until(self, mark: bytes, limit: int) -> bytes:
        """Return the bytes up to and with a mark.

        Raises:
            StreamClosedError: The stream ended, or the mark did not come within `limit` bytes.
        """
        while mark not in self._buffer:
            if len(self._buffer) > limit:
                raise StreamClosedError("no end of line")
            await self._fill()
        end = self._buffer.index(mark) + len(mark)
        return await self.read_exactly(end)

    async def _fill(self) -> None:
        data = await self.stream.read()
        if not data:
            raise StreamClosedError
        self._buffer += data
