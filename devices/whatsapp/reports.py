"""Keeps an anonymised dump of each layout that is not known, for whoever repairs the profile. A few files at most."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from devices.screens.anonymise import anonymise, layout_hash
from devices.screens.tree import SourceUnreadable

logger = logging.getLogger(__name__)

MOST_FILES = 20
MOST_BYTES = 5_000_000


class Reports:
    """The dumps of one profile folder; the oldest goes when there is no more room."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, source: str, about: str) -> Path | None:
        """Keep a page source without what people wrote, once for each layout.

        Args:
            source: What the phone sent.
            about: App, version and what was not found; goes into a comment.

        Returns:
            The file, None where it could not be written.
        """
        try:
            body = f"<!-- phoneshelf layout report: {about.replace('--', '- -')} -->\n{anonymise(source)}\n".encode()
            name = f"layout-{layout_hash(source)}.xml"
        except SourceUnreadable:
            return None
        path = self._folder / name
        if path.is_file():
            return path
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(len(body))
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(body)
        except OSError as error:
            logger.warning("a layout report could not be kept: %s", error.strerror)
            return None
        logger.warning("an unknown layout is kept as %s", name)
        return path

    def list_files(self) -> list[Path]:
        """Return the dumps, newest first."""
        found = [path for path in self._folder.glob("layout-*.xml") if path.is_file()]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _make_room(self, size: int) -> None:
        kept, total = 1, size
        for path in self.list_files():
            kept += 1
            total += path.stat().st_size
            if kept > MOST_FILES or total > MOST_BYTES:
                path.unlink(missing_ok=True)
