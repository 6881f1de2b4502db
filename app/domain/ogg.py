"""How long an Ogg Opus sound is, by the mark on its last page. Nothing is decoded."""

from __future__ import annotations

import struct

_RATE = 48_000
"""Opus counts its samples so, whatever it was recorded at (RFC 7845, 4)."""
_LONGEST_S = 24 * 3600
_TAIL = 70_000
"""More than the largest page."""


def opus_length_s(body: bytes) -> float | None:
    """Return the seconds of a sound, None where it is no Ogg Opus or its end is not there."""
    if body[:4] != b"OggS" or body[28:36] != b"OpusHead" or len(body) < 40:
        return None
    skipped = struct.unpack_from("<H", body, 38)[0]
    at = body.rfind(b"OggS", max(0, len(body) - _TAIL))
    if at < 0 or at + 27 > len(body):
        return None
    granule: int = struct.unpack_from("<q", body, at + 6)[0]
    seconds = (granule - skipped) / _RATE
    return seconds if 0 <= seconds <= _LONGEST_S else None
