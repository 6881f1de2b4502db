"""One command as the shell runs it: its words, its pipes and the phone it runs on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from devices.simulated.system.instrumented import InstrumentedPhone
from devices.simulated.system.phone import SimulatedPhone


class Source(Protocol):
    """Where a command reads."""

    async def read(self) -> bytes:
        """Return the next bytes, or none at the end."""


class Sink(Protocol):
    """Where a command writes."""

    async def write(self, data: bytes) -> None:
        """Take bytes."""


class Empty:
    """A source without anything, and a sink that keeps nothing."""

    async def read(self) -> bytes:
        """Return the end."""
        return b""

    async def write(self, data: bytes) -> None:
        """Keep nothing."""


class Buffer:
    """A sink that keeps all."""

    def __init__(self) -> None:
        self.data = bytearray()

    async def write(self, data: bytes) -> None:
        """Keep bytes."""
        self.data += data


class Fixed:
    """A source with given bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def read(self) -> bytes:
        """Return all the bytes, then the end."""
        data, self._data = self._data, b""
        return data


class Pipe:
    """Joins one command's output to the next one's input."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(maxsize=64)
        self._is_ended = False

    async def read(self) -> bytes:
        """Return the next bytes, or none at the end."""
        if self._is_ended:
            return b""
        data = await self._queue.get()
        self._is_ended = not data
        return data

    async def write(self, data: bytes) -> None:
        """Pass bytes on."""
        if data:
            await self._queue.put(data)

    async def end(self) -> None:
        """Tell the reader that no more comes."""
        await self._queue.put(b"")


@dataclass(slots=True)
class Call:
    """A command being run."""

    phone: SimulatedPhone
    device: InstrumentedPhone
    words: list[str]
    source: Source
    out: Sink
    err: Sink
    env: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The command's own word."""
        return self.words[0]

    @property
    def args(self) -> list[str]:
        """The words after the command."""
        return self.words[1:]

    @property
    def folder(self) -> str:
        """The working folder."""
        return self.env.get("PWD", "/")

    async def say(self, text: str) -> None:
        """Print to standard output."""
        await self.out.write(text.encode("utf-8", "surrogateescape"))

    async def complain(self, text: str) -> None:
        """Print to standard error."""
        await self.err.write(text.encode("utf-8", "surrogateescape"))

    async def read_all(self) -> bytes:
        """Read standard input to its end."""
        data = bytearray()
        while piece := await self.source.read():
            data += piece
        return bytes(data)

    async def spend(self, op: str) -> None:
        """Let the time of an operation pass."""
        await self.device.spend(op)

    def path(self, path: str) -> str:
        """Return a path as the storage knows it."""
        return self.phone.storage.resolve(path, self.folder)

    def instead(self, words: list[str]) -> Call:
        """Return the same call with other words."""
        return Call(self.phone, self.device, words, self.source, self.out, self.err, self.env)


Program = Callable[[Call], Awaitable[int]]
"""A command of the shell; returns its exit code."""
