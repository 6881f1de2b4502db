"""The one file that a reply may carry: what may go out, what bubble it makes, and how it stands on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.file_kinds import ending_of
from app.domain.file_names import is_run_by_a_click
from app.domain.message import Kind

MOST_BYTES = 64_000_000
"""A choice: what a cable carries in some seconds; beyond it the app makes videos smaller anyway."""
_RUNS = frozenset(
    {"application/x-msdownload", "application/x-executable", "text/x-script", "text/html", "image/svg+xml"}
)
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_VIDEOS = frozenset({"video/mp4", "video/3gpp"})
_SOUNDS = frozenset({"audio/ogg", "audio/mp4", "audio/mpeg", "audio/amr", "audio/aac"})
_OFFICE = "application/vnd.openxmlformats-officedocument."
_BY_ENDING = {
    "docx": f"{_OFFICE}wordprocessingml.document", "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint", "csv": "text/csv", "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReplyFile:
    """A file that goes with a reply. Its bytes lie in the vault under `sha256`; `name` is harmless, and for people."""

    sha256: str
    name: str
    kind: Kind
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Push:
    """How a file is put on the phone: from where, into which folder, under which name, and how long it may take."""

    source: Path
    token: str
    """Nobody can guess it: the folder of this one file is called so."""
    name: str
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file on the phone that is to be offered to a chat, with its caption."""

    path: str
    mime: str
    caption: str


def is_refused(name: str, mime: str) -> bool:
    """Tell whether a file could run by a click where it arrives, by its bytes or by its name."""
    return mime in _RUNS or is_run_by_a_click(name)


def kind_of(mime: str) -> Kind:
    """Return the kind of bubble that a file of a type makes; what is no picture, video or sound is a document."""
    if mime in _PICTURES:
        return Kind.PHOTO
    if mime in _VIDEOS:
        return Kind.VIDEO
    return Kind.VOICE if mime in _SOUNDS else Kind.DOCUMENT


def told_type(name: str, mime: str) -> str:
    """Return the type that the app is told: the bytes of office files say only that they are archives."""
    ending = name.rpartition(".")[2].lower()
    return _BY_ENDING.get(ending, mime) if kind_of(mime) is Kind.DOCUMENT else mime


def phone_name(file: ReplyFile) -> str:
    """Return the name on the phone: a document keeps its own, which the customer sees; the others show none."""
    if file.kind is Kind.DOCUMENT:
        return file.name
    return "file" + (ending_of(file.mime) or ".bin")
