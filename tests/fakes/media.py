"""The media folders of a phone in memory: the part of the `Phone` port that needs no screen."""

from __future__ import annotations

from datetime import datetime

from app.domain.media import MediaFailed, MediaFile, Pull, Trouble
from app.domain.message import Kind


class FakeMedia:
    """Files by what a listing says of each."""

    def __init__(self) -> None:
        self.files: dict[MediaFile, bytes] = {}

    def put_file(self, path: str, body: bytes, at: datetime, kind: Kind = Kind.PHOTO, *, is_sent: bool = False) -> None:
        self.files[MediaFile(path, len(body), int(at.timestamp()), kind, is_sent)] = body

    def _enter(self, name: str) -> None:
        """Note a call; a phone that is away refuses it."""

    def list_media(self, days: int) -> list[MediaFile]:
        self._enter("list_media")
        return sorted(self.files, key=lambda file: (file.changed_s, file.path))

    def pull_media(self, file: MediaFile, pull: Pull) -> None:
        self._enter("pull_media")
        found = next((one for one in list(self.files) if one.path == file.path), None)
        trouble = (
            Trouble.TOO_BIG if file.size > pull.most_bytes
            else Trouble.GONE if found is None
            else Trouble.STOPPED if pull.must_stop()
            else Trouble.CHANGED if found != file
            else None
        )  # fmt: skip
        if trouble is not None or found is None:
            raise MediaFailed(trouble or Trouble.GONE)
        pull.to.write_bytes(self.files[found])
