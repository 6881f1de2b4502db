"""Every exported chat among the shared papers, read as a careful reader reads it; none of their texts stands here."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.domain.exported import DateOrder, ExportedChat
from app.domain.message import Kind
from app.exports.parsing import parse_export
from app.exports.reading import read_export

pytestmark = pytest.mark.shared


@pytest.fixture
def folder(shared: Path) -> Path:
    found = shared / "export-chat"
    if not found.is_dir():
        pytest.skip("no exported chats beside the checkout")
    return found


def blocks(folder: Path) -> dict[str, str]:
    """Return the lines of each language in the file of many, by the word in front of its heading's comma."""
    text = (folder / "nl_and_other_locales_LINES.txt").read_text("utf-8")
    parts = [part.partition("\n") for part in re.split(r"(?m)^# ", text)[2:]]
    return {" ".join(head.partition("(")[0].replace(",", "").split()): body for head, _, body in parts}


def kinds(chat: ExportedChat) -> Counter[Kind]:
    return Counter(m.content.kind for m in chat.messages)


def test_every_file_is_known_to_these_tests(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "android_en-GB_real_anonymised.txt", "nl_and_other_locales_LINES.txt",
    }  # fmt: skip
    assert set(blocks(folder)) == {"nl Android", "nl iOS", "en-US Android", "en-GB Android", "de Android"}


def test_the_real_export(folder: Path) -> None:
    raw = (folder / "android_en-GB_real_anonymised.txt").read_bytes()
    chat = parse_export(read_export(io.BytesIO(raw)))
    begun = sum(bool(re.match(r"\d\d/\d\d/\d{4}, \d\d:\d\d - ", line)) for line in raw.decode().splitlines())
    assert len(chat.messages) == begun == 46
    assert chat.starts_chat
    assert len(chat.names) == 2
    assert (chat.messages[0].day, chat.messages[0].minute) == (date(2017, 7, 26), 14 * 60 + 56)
    assert kinds(chat) == {
        Kind.TEXT: 18, Kind.UNKNOWN: 7, Kind.PHOTO: 3, Kind.DOCUMENT: 2, Kind.VOICE: 3, Kind.VIDEO: 1, Kind.CALL: 3,
        Kind.DELETED: 3, Kind.LOCATION: 4, Kind.SYSTEM: 2,
    }  # fmt: skip
    assert sum(m.content.edited for m in chat.messages) == raw.count(b"<This message was edited>")
    assert not any("edited>" in m.content.text or "attached)" in m.content.text for m in chat.messages)
    minutes = [m.minute for m in chat.messages]
    assert minutes[3:5] == [15 * 60 + 37, 15 * 60 + 31]  # the file's order, also where the time goes back


def test_dutch_android(folder: Path) -> None:
    chat = parse_export(blocks(folder)["nl Android"])
    assert [m.content.kind for m in chat.messages] == [
        Kind.SYSTEM, Kind.TEXT, Kind.UNKNOWN, Kind.TEXT, Kind.PHOTO, Kind.DELETED, Kind.DELETED,
    ]  # fmt: skip
    assert {m.day for m in chat.messages} == {date(2026, 8, 18)}
    assert chat.messages[3].content.text.count("\n") == 1
    assert chat.starts_chat


def test_dutch_iphone(folder: Path) -> None:
    chat = parse_export(blocks(folder)["nl iOS"])
    assert [m.content.kind for m in chat.messages] == [Kind.TEXT, Kind.PHOTO, Kind.DOCUMENT, Kind.PHOTO, Kind.CALL]
    paper = chat.messages[2].content
    assert (paper.text, paper.media and paper.media.name) == ("", "Handleiding.pdf")
    assert chat.messages[1].minute == 16 * 60 + 21


def test_german_android(folder: Path) -> None:
    chat = parse_export(blocks(folder)["de Android"])
    assert [m.content.kind for m in chat.messages] == [Kind.SYSTEM, Kind.UNKNOWN, Kind.PHOTO, Kind.DELETED]
    assert {m.day for m in chat.messages} == {date(2026, 8, 18)}


@pytest.mark.parametrize(
    ("name", "order", "day", "kind"),
    [
        ("en-US Android", DateOrder.MDY, date(2022, 5, 2), Kind.UNKNOWN),
        ("en-GB Android", DateOrder.DMY, date(2026, 4, 5), Kind.PHOTO),
    ],
)
def test_english_lines_that_read_two_ways_are_asked_for(
    folder: Path, name: str, order: DateOrder, day: date, kind: Kind
) -> None:
    text = blocks(folder)[name]
    with pytest.raises(BadInput, match="--order dmy or --order mdy"):
        parse_export(text)
    (one,) = parse_export(text, order=order).messages
    assert (one.day, one.content.kind) == (day, kind)
