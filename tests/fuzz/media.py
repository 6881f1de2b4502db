"""Targets that read what strangers send as files: names, listings, first bytes, pictures."""

from __future__ import annotations

import struct
import tempfile
import unicodedata
from functools import cache
from pathlib import Path

from app.domain.file_kinds import HEAD, ending_of, sniff
from app.domain.file_names import MOST_BYTES, safe_name, saved_name
from app.domain.media import Verdict
from app.domain.ogg import opus_length_s
from app.mirror.sizes import fits_length, fits_size
from app.services import thumbnail_child as child
from app.services.thumbnails import Thumbnails
from devices.whatsapp.media_folder import media_roots, parse_listing
from tests.fakes.pictures import MP4, OPUS, SVG, long_gif, picture, png_bomb

ROOTS = media_roots("com.whatsapp.w4b")
LISTING = "\n".join(
    ["find: /x: No such file or directory", *(f"1234 1787090400 {root}/Sent/IMG-20260818-WA0001.jpg" for root in ROOTS)]
).encode()
NAMES = "\n".join(
    [
        "../../x",
        "CON.txt",
        "a\u202egpj.exe",
        "caf\u00e9.pdf",
        "b (1).pdf",
        "3,3 MB",
        "1:02:03",
        "LPT1",
        ".x",
        "a" * 4000,
    ]
).encode()
_SEPARATE_EVERY = 25
"""One picture in so many goes through a real child; the others are opened here, by the same code."""


def read_listing(body: bytes) -> None:
    """A listing names files below the folders, or none."""
    for file in parse_listing(body.decode("utf-8", "replace" if len(body) % 2 else "surrogateescape"), ROOTS):
        assert file.path.startswith(ROOTS)
        assert not {"..", ".", ""} & set(file.path[1:].split("/"))
        assert file.size >= 0
        file.path.encode()


def read_names(body: bytes) -> None:
    """Any name becomes one harmless part of a path; any bytes are of some type."""
    mime = sniff(body[:HEAD])
    assert ending_of(mime).lstrip(".").isalnum() or not ending_of(mime)
    opus_length_s(body)
    for line in body.decode("utf-8", "surrogateescape").split("\n"):
        fits_size(line, 1000)
        fits_length(line, 7.0)
        for found in (safe_name(line), saved_name(line, mime)):
            assert found not in ("", ".", "..")
            assert not set(found) & set('/\\:*?"<>|')
            assert len(found.encode()) <= MOST_BYTES + 16
            assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in found)


def open_picture(body: bytes) -> None:
    """A spoilt picture has a verdict, and a thumbnail only if that is good."""
    if len(body) % _SEPARATE_EVERY:
        code, small = child.make(body)
        assert code in (child.OK, child.NOT_AN_IMAGE, child.BROKEN, child.TOO_BIG)
        assert (code == child.OK) == bool(small)
        return
    path = Path(_folder().name) / "picture"
    path.write_bytes(body)
    verdict, small = Thumbnails().make(path, "image/jpeg", lambda: False)
    assert (verdict is Verdict.OK) == bool(small)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@cache
def pictures() -> tuple[bytes, ...]:
    """Return good pictures and bad ones."""
    good = [picture(form, (48, 32)) for form in ("JPEG", "PNG", "WEBP", "GIF")]
    return (*good, long_gif(20), png_bomb(20_000, 20_000)[:5000], SVG, MP4, OPUS, struct.pack(">I", 0))
