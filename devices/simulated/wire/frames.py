"""ADB messages: a 24-byte little-endian header and its data (phone-wire.md 2)."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

CNXN = 0x4E584E43
AUTH = 0x48545541
OPEN = 0x4E45504F
OKAY = 0x59414B4F
WRTE = 0x45545257
CLSE = 0x45534C43
STLS = 0x534C5453

VERSION = 0x01000001
MAX_PAYLOAD = 1_048_576

_HEADER = struct.Struct("<6I")
_MASK = 0xFFFFFFFF


class FrameError(Exception):
    """A header that is no ADB header."""


@dataclass(frozen=True, slots=True)
class Message:
    """One ADB message; `arg0` and `arg1` mean what the command makes of them."""

    command: int
    arg0: int
    arg1: int
    data: bytes = b""

    def pack(self, *, with_checksum: bool = False) -> bytes:
        """Return the message as it goes over the wire.

        Args:
            with_checksum: Fill in the byte sum; only peers older than version 0x01000001 want it.
        """
        check = sum(self.data) & _MASK if with_checksum else 0
        magic = self.command ^ _MASK
        head = (self.command, self.arg0, self.arg1, len(self.data), check, magic)
        return _HEADER.pack(*head) + self.data


async def read_message(reader: asyncio.StreamReader) -> Message:
    """Read one message.

    Raises:
        FrameError: The magic word is wrong or the length is beyond reason.
        asyncio.IncompleteReadError: The connection ended.
    """
    head = await reader.readexactly(_HEADER.size)
    command, arg0, arg1, length, _, magic = _HEADER.unpack(head)
    if magic != command ^ _MASK or length > MAX_PAYLOAD:
        raise FrameError(f"bad header {head.hex()}")
    data = await reader.readexactly(length) if length else b""
    return Message(command, arg0, arg1, data)
