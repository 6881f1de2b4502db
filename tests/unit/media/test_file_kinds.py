"""A file is what its bytes are."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.file_kinds import HEAD, ending_of, sniff
from app.domain.ogg import opus_length_s
from tests.fakes.pictures import MP4, OPUS, SVG, long_gif, picture, png_bomb


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (long_gif(1), "image/gif"),
        (png_bomb(10, 10), "image/png"),
        (SVG, "image/svg+xml"),
        (b"\xef\xbb\xbf  <SVG onload=x>", "image/svg+xml"),
        (b"<!DOCTYPE html><script>", "text/html"),
        (MP4, "video/mp4"),
        (b"\x00\x00\x00\x18ftyp3gp5", "video/3gpp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (OPUS, "audio/ogg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"MZ\x90\x00", "application/x-msdownload"),
        (b"\x7fELF", "application/x-executable"),
        (b"#!/bin/sh\n", "text/x-script"),
        (b"#!AMR\n", "audio/amr"),
        (b"PK\x03\x04", "application/zip"),
        (b"BEGIN:VCARD\nFN:& calc", "text/vcard"),
        (b"hello\n", "text/plain"),
        (b"", "application/octet-stream"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"RIFF\x00\x00\x00\x00????", "application/octet-stream"),
    ],
)
def test_bytes_tell_the_type(body: bytes, mime: str) -> None:
    assert sniff(body[:HEAD]) == mime


@given(st.binary(max_size=HEAD))
def test_any_bytes_are_something(body: bytes) -> None:
    mime = sniff(body)
    assert mime.count("/") == 1
    assert len(mime) < 80
    assert ending_of(mime) == "" or ending_of(mime).startswith(".")
    opus_length_s(body)


def test_the_last_page_of_a_sound_tells_its_length() -> None:
    def page(granule: int, body: bytes) -> bytes:
        return b"OggS" + struct.pack("<BBqIIIB", 0, 0, granule, 1, 0, 0, 1) + bytes([len(body)]) + body

    head = page(0, b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 16_000, 0, 0))
    assert opus_length_s(head + page(7 * 48_000 + 312, b"x")) == 7.0
    assert opus_length_s(head + page(-1, b"x")) is None
    assert opus_length_s(head[:30]) is None
    assert opus_length_s(b"ID3") is None
