"""What stands behind the date: who wrote, and what of it the app says itself (files, deleted, edited, calls)."""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.message import Content, Kind, Media
from app.exports import words
from app.exports.words import LEADING_MARK, MARKS, fold

_LONGEST_NAME = 100
_FILE = re.compile(r"(?P<name>\S.{0,250}?\.\w{1,8}) \((?P<words>[^()]{3,40})\)$")
_OWN_NAME = re.compile(r"(IMG|VID|PTT|AUD|DOC|STK|GIF)-\d{8}-WA\d+", re.IGNORECASE)
_TAGGED = re.compile(r"(?P<text>.*?)\u200e?<[^<>:]{3,30}: ?(?P<name>[^<>]+\.\w{1,8})>$", re.DOTALL)
_EDITED = re.compile(r"\s?\u200e?<(?P<words>[^<>]{5,60})>$")
_PLACE = re.compile(r"\u200e?[^\s:]{4,20}: ?(?P<link>https://maps\.google\.com/\S+)$")
_POLL = re.compile(r"\u200e?POLL:\s*\n(?P<text>[^\n]*)")
_ORDINAL = re.compile(r"^\d{8}-")
_BY_PREFIX = {
    "IMG": Kind.PHOTO, "VID": Kind.VIDEO, "GIF": Kind.VIDEO, "PTT": Kind.VOICE, "AUD": Kind.VOICE,
    "STK": Kind.STICKER, "DOC": Kind.DOCUMENT,
}  # fmt: skip
_BY_WORD = {
    "-PHOTO-": Kind.PHOTO, "-VIDEO-": Kind.VIDEO, "-GIF-": Kind.VIDEO, "-AUDIO-": Kind.VOICE,
    "-STICKER-": Kind.STICKER,
}  # fmt: skip
_BY_ENDING = {"opus": Kind.VOICE, "webp": Kind.STICKER, "vcf": Kind.CONTACT}


def split_sender(rest: str) -> tuple[str | None, str]:
    """Return who wrote, None for a notice of the app, and what."""
    name, colon, text = rest.partition(": ")
    if not colon and rest.rstrip().endswith(":"):
        name, colon, text = rest.rstrip()[:-1], ":", ""
    name = " ".join(name.translate(MARKS).split()).removeprefix("~").strip()
    if not colon or not name or len(name) > _LONGEST_NAME or "\n" in name:
        return None, rest
    return name, text


def read_body(text: str, *, is_bracketed: bool) -> Content:
    """Return what a message says.

    Args:
        text: All its lines behind the name.
        is_bracketed: The file is an iPhone's, which sets a mark in front of what the app says.
    """
    text, edited = _take_edited(text.strip("\n"))
    found = _omitted(text) or _attached(text) or _tagged(text) or _placed(text) or _asked(text) or _told(text)
    if found is None:
        is_apps = is_bracketed and text.startswith(LEADING_MARK)
        notice = Kind.SYSTEM if words.ENCRYPTED.search(text) else Kind.UNKNOWN
        found = Content(notice if is_apps else Kind.TEXT, _bare(text))
    return replace(found, edited=edited)


def _bare(text: str) -> str:
    return text.strip().strip("\u200e\u200f")


def _take_edited(text: str) -> tuple[str, bool]:
    found = _EDITED.search(text)
    if found is None or fold(found["words"]) not in words.EDITED:
        return text, False
    return text[: found.start()], True


def _told(text: str) -> Content | None:
    """What is no file and no text of a person."""
    said = fold(text)
    if said in words.DELETED:
        return Content(Kind.DELETED)
    if said in words.CALLS:
        return Content(Kind.CALL, _bare(text))
    # An empty body is most likely a view-once message: what it was is not known.
    return Content(Kind.UNKNOWN) if not said or said in words.WAITING else None


def _omitted(text: str) -> Content | None:
    first, _, below = text.partition("\n")
    said = fold(first)
    if said.startswith("<") and said.endswith(">") and fold(said[1:-1]) in words.OMITTED:
        return Content(Kind.UNKNOWN, _bare(below), media=Media())
    kind = Kind.LOCATION if said in words.LIVE_LOCATION else words.OMITTED_KINDS.get(said)
    return Content(kind, _bare(below), media=Media()) if kind is not None else None


def _attached(text: str) -> Content | None:
    first, _, below = text.partition("\n")
    found = _FILE.match(first.translate(MARKS))
    if found is None or not (fold(found["words"]) in words.ATTACHED or _OWN_NAME.match(found["name"])):
        return None
    return _file(found["name"], _bare(below))


def _tagged(text: str) -> Content | None:
    found = _TAGGED.match(text) if LEADING_MARK in text else None
    return _file(found["name"], _bare(found["text"])) if found is not None else None


def _placed(text: str) -> Content | None:
    found = _PLACE.match(text.strip())
    return Content(Kind.LOCATION, media=Media(description=found["link"])) if found is not None else None


def _asked(text: str) -> Content | None:
    found = _POLL.match(text)
    return Content(Kind.POLL, _bare(found["text"])) if found is not None else None


def _file(name: str, caption: str) -> Content:
    name = " ".join(name.translate(MARKS).split())
    kind = _kind_of(name)
    detail = ""
    if kind is Kind.DOCUMENT:
        name = _ORDINAL.sub("", name)
        caption, detail = _without_name(caption, name)
    return Content(kind, caption, media=Media(name=name, description=detail))


def _without_name(caption: str, name: str) -> tuple[str, str]:
    """Documents repeat their name: alone on the next line, or with the number of pages behind a bullet."""
    first, newline, below = caption.partition("\n")
    title, _, detail = first.partition(" \u2022 ")
    if title.strip() not in (name, name.rpartition(".")[0]):
        return caption, ""
    return _bare(below) if newline else "", _bare(detail)


def _kind_of(name: str) -> Kind:
    own = _OWN_NAME.match(name)
    if own is not None:
        return _BY_PREFIX[own[1].upper()]
    by_word = next((kind for word, kind in _BY_WORD.items() if word in name), None)
    return by_word or _BY_ENDING.get(name.rpartition(".")[2].casefold(), Kind.DOCUMENT)
