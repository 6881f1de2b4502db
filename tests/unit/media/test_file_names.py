"""Names that strangers chose are made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.file_names import MOST_BYTES, safe_name, saved_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("factuur 12.pdf", "factuur 12.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\boot.ini", "_.._boot.ini"),
        ("a\x00b\n\x1b.txt", "ab.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("CON", "file_CON"),
        ("con.txt", "file_con.txt"),
        ("LPT\u00b9.log", "file_LPT\u00b9.log"),
        ("COM1 .pdf", "file_COM1 .pdf"),
        ("console.txt", "console.txt"),
        ("..", "file"),
        ("", "file"),
        (". . .", "file"),
        (".bashrc", "bashrc"),
        ("name. ", "name"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ('a<b>c:"d|e?f*g', "a_b_c__d_e_f_g"),
        ("a\u00a0\u2003b", "a b"),
        ("\ud800x", "?x".replace("?", "_")),
    ],
)
def test_what_is_dangerous_goes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_name_of_four_kilobytes_keeps_its_ending() -> None:
    found = safe_name("\u65e5" * 1400 + ".pdf")
    assert found.endswith("\u65e5.pdf")
    assert len(found.encode()) <= MOST_BYTES


@pytest.mark.parametrize(
    ("name", "mime", "saved"),
    [
        ("photo.jpg", "image/jpeg", "photo.jpg"),
        ("photo.JPEG", "image/jpeg", "photo.JPEG"),
        ("photo.exe", "image/jpeg", "photo.exe.jpg"),
        ("photo.jpg", "application/x-msdownload", "photo.jpg"),
        ("setup.exe", "application/x-msdownload", "setup.exe.unsafe"),
        ("card.bat", "text/vcard", "card.bat.unsafe"),
        ("picture.svg", "image/svg+xml", "picture.svg.unsafe"),
        ("notes.txt", "text/plain", "notes.txt"),
        ("list.docx", "application/zip", "list.docx"),
    ],
)
def test_a_copy_is_never_run_by_a_click(name: str, mime: str, saved: str) -> None:
    assert saved_name(name, mime) == saved


@given(st.text(max_size=400), st.sampled_from(["image/jpeg", "text/plain", ""]))
def test_any_name_becomes_one_part_of_a_path(name: str, mime: str) -> None:
    for found in (safe_name(name), saved_name(name, mime)):
        assert found not in ("", ".", "..")
        assert not set(found) & set('/\\:*?"<>|\x00')
        assert len(found.encode()) <= MOST_BYTES + 16
        assert found == unicodedata.normalize("NFC", found) == found.strip()
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in found)
        assert safe_name(found) == found
