"""Files that people and attackers send, made up: pictures, bombs, and things that lie about what they are."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def picture(form: str = "JPEG", side: tuple[int, int] = (640, 480), **how: object) -> bytes:
    out = io.BytesIO()
    mode = "RGB" if form == "JPEG" else "RGBA"
    Image.new(mode, side, (200, 30, 30, 128)[: len(mode)]).save(out, form, **how)
    return out.getvalue()


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few hundred kilobytes that say that they are 3.6 thousand million pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def long_gif(frames: int = 10_000) -> bytes:
    """A moving picture of so many frames, each of one dot."""
    head = b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MP4 = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom") + bytes(200)
OPUS = b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(200)
