"""Files of messages: where the phone keeps them, what became of each, and what may be wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.errors import PhoneshelfError
from app.domain.message import Kind

WITH_FILE = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.VOICE, Kind.DOCUMENT})
"""Kinds whose files are looked for. A sticker is stored once for all its messages and tells nobody whose it is."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file in the phone's media folders. `changed_s` is its modification time in whole Unix seconds."""

    path: str
    size: int
    changed_s: int
    kind: Kind
    is_sent: bool

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition("/")[2]


class Verdict(StrEnum):
    """What the check of a stored file found. Only an `OK` one has a thumbnail."""

    OK = "ok"
    NOT_AN_IMAGE = "not_an_image"
    BROKEN = "broken"
    TOO_BIG = "too_big"
    REFUSED = "refused"


class LinkState(StrEnum):
    """What became of the file of a message."""

    LINKED = "linked"
    NOT_YET = "not_yet"
    """No file of its minute is on the phone."""
    NOT_DOWNLOADED = "not_downloaded"
    """The phone itself has not got it."""
    SEVERAL = "several"
    """More than one message or file fits, or one may be unknown: nothing is linked."""
    TOO_BIG = "too_big"
    LOST = "lost"
    """It was found, and is gone from the phone or cannot be read."""


class Trouble(StrEnum):
    """Why a file did not come."""

    GONE = "gone"
    CHANGED = "changed"
    TOO_BIG = "too_big"
    DISK = "disk"
    STOPPED = "stopped"


class MediaFailed(PhoneshelfError):
    """A file was not pulled; nothing of it was kept."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Pull:
    """How a file is pulled: into which new file, at most how many bytes, for how long, and who may stop it."""

    to: Path
    most_bytes: int
    deadline_s: float
    must_stop: Callable[[], bool]
