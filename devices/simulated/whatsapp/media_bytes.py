"""The bytes of made-up media: small, of the kind that their message says, and alike where `picture` is."""

from __future__ import annotations

import hashlib
import io
import re
import struct

from PIL import Image

from devices.simulated.whatsapp.model import Message

_UNITS = {"b": 1, "bytes": 1, "kb": 1000, "mb": 1_000_000}
_MOST = 8_000_000
"""Nothing larger is made up, whatever a bubble says."""
_RATE = 48_000


def content_of(message: Message, place: int) -> bytes:
    """Return the bytes of a message's file; `place` counts in an album."""
    return message.body if message.body is not None else _made_up(message, place)


def _made_up(message: Message, place: int) -> bytes:
    told = message.picture or f"{message.id}{message.name}"
    seed = hashlib.sha256(f"{told}/{place}".encode()).digest()
    if message.kind in ("photo", "album"):
        return _picture(seed, "JPEG")
    if message.kind == "sticker":
        return _picture(seed, "WEBP")
    if message.kind == "voice":
        return _voice(seed, message.duration_s)
    if message.kind in ("video", "gif"):
        return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", 8 + 64, b"mdat") + seed * 2
    return _document(message, seed)


def shown_size(count: int) -> str:
    """Return a size as bubbles show it."""
    if count < 1000:
        return f"{count} B"
    return f"{round(count / 1000)} kB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"


def _picture(seed: bytes, form: str) -> bytes:
    out = io.BytesIO()
    side = (96 + seed[3] % 64, 72 + seed[4] % 64)
    Image.new("RGB", side, (seed[0], seed[1], seed[2])).save(out, form, quality=70)
    return out.getvalue()


def _voice(seed: bytes, seconds: int) -> bytes:
    """Ogg pages with Opus' own head and an end that tells the length; what is between is no sound."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, _RATE, 0, 0)
    pages = [(2, 0, head), (0, 0, b"OpusTags" + bytes(8)), (4, max(1, seconds) * _RATE, seed * (4 + seconds % 4))]
    return b"".join(
        b"OggS" + struct.pack("<BBqIIIB", 0, flags, granule, 1, number, 0, 1) + bytes([len(body)]) + body
        for number, (flags, granule, body) in enumerate(pages)
    )


def _document(message: Message, seed: bytes) -> bytes:
    start = seed * 16
    if message.name.lower().endswith(".pdf"):
        start = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n" + seed.hex().encode()
    shown = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)\s*(\w+)", message.size)
    unit = _UNITS.get(shown[2].lower(), 0) if shown else 0
    wanted = int(float(shown[1].replace(",", ".")) * unit) if shown and unit else 0
    return start + b" " * max(0, min(wanted, _MOST) - len(start))
