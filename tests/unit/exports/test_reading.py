"""A zip from anywhere gives the text of a chat or one error: no bomb, no path, no crash."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.exports.reading import read_export

CHAT = "26/07/2017, 14:56 - Otto: héllo\n"


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def read(data: bytes) -> str:
    return read_export(io.BytesIO(data))


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_plain_text_is_read(coding: str) -> None:
    assert read(CHAT.encode(coding)) == CHAT


@pytest.mark.parametrize(
    "name", ["_chat.txt", "WhatsApp Chat with Otto.txt", "WhatsApp-chat met Otto.txt", "x/_chat.txt"]
)
def test_the_chat_is_found_among_the_files_of_a_zip(name: str) -> None:
    data = packed(("IMG-20180116-WA0014.jpg", b"\xff"), (name, CHAT.encode()), ("notes.txt", b"a document"))
    assert read(data) == CHAT


def test_a_name_that_climbs_out_is_only_a_name() -> None:
    assert read(packed(("../../etc/_chat.txt", CHAT.encode()))) == CHAT


@pytest.mark.parametrize(
    "data",
    [
        packed(("a.jpg", b"1")),
        packed(("a.txt", b"1"), ("b.txt", b"2")),
        packed(("_chat.txt", CHAT.encode()), method=zipfile.ZIP_LZMA),
        packed(("_chat.txt", b"\xff\xfe\xff")),
        packed(("_chat.txt", CHAT.encode()))[:-30],
        b"PK\x03\x04",
        b"\x00\xff\x80",
    ],
)
def test_what_cannot_be_read_is_one_sentence(data: bytes) -> None:
    with pytest.raises(BadInput, match="Nothing was changed"):
        read(data)


def test_a_bomb_is_left_alone() -> None:
    with pytest.raises(BadInput, match="larger than that of any chat"):
        read(packed(("_chat.txt", bytes(40 << 20))))


def test_a_crowd_of_members_is_refused_before_it_is_listed() -> None:
    data = bytearray(packed(("_chat.txt", CHAT.encode())))
    at = data.rfind(b"PK\5\6")
    data[at + 10 : at + 12] = (60_000).to_bytes(2, "little")
    with pytest.raises(BadInput, match="more members"):
        read(bytes(data))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_text_or_the_one_error(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"PK"):
        with suppress(BadInput):
            assert isinstance(read(start + data), str)


@given(st.data())
def test_a_zip_with_any_bytes_changed_gives_a_text_or_the_one_error(data: st.DataObject) -> None:
    broken = bytearray(packed(("_chat.txt", (CHAT * 20).encode()), ("a.jpg", b"12345")))
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadInput):
        assert isinstance(read(bytes(broken)), str)
