"""Files for the whole team: a PC that has one puts it into the team's database, one that lacks it takes it from there.

On one PC alone nothing is shared: the files lie in the profile.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from app.domain.errors import StoreFailed
from app.domain.media import MediaFailed
from app.domain.ports import Clock
from app.store import blobs
from app.store.engine import Store
from app.store.vault import Vault

logger = logging.getLogger(__name__)

EVERY_S = 5.0
_AT_ONCE = 20


class Sharing:
    """Files between one profile's folder and its team's database."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, most_mb: int) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._most_bytes = most_mb * 1_000_000
        self._absent: set[str] = set()

    async def run(self) -> None:
        """Put the files that phones gave into the database as they come, until cancelled."""
        while True:
            try:
                async with self._store.read() as connection:
                    missing = await blobs.list_unshared(connection, self._most_bytes, _AT_ONCE + len(self._absent))
                for sha256 in [one for one in missing if one not in self._absent][:_AT_ONCE]:
                    if not await self.share(sha256):
                        # Another PC has it.
                        self._absent.add(sha256)
            except StoreFailed as error:
                logger.warning("files of the team: %s", error)
            await self._clock.sleep(EVERY_S)

    async def share(self, sha256: str) -> bool:
        """Put a file into the database, from where an earlier attempt ended; false where this PC does not have it.

        Raises:
            StoreFailed: The database cannot take it now.
        """
        path = self._vault.path(sha256)
        async with self._store.read() as connection:
            part, _ = await blobs.parts_of(connection, sha256)
        if not await asyncio.to_thread(path.is_file):
            return False
        while piece := await asyncio.to_thread(_piece, path, part):
            async with self._store.write() as unit:
                await blobs.add_part(unit, sha256, part, piece)
            part += 1
        small = self._vault.thumbnail(sha256)
        if await asyncio.to_thread(small.is_file):
            async with self._store.write() as unit:
                await blobs.add_part(unit, sha256, blobs.THUMBNAIL, await asyncio.to_thread(small.read_bytes))
        return True

    async def fetch(self, sha256: str) -> bool:
        """Take a file from the database where this PC lacks it; false where nobody has shared it whole.

        Raises:
            StoreFailed: The database does not answer.
            MediaFailed: This PC's disk is full or fails.
        """
        if await asyncio.to_thread(self._vault.path(sha256).is_file):
            return True
        with self._vault.part() as part:
            async with self._store.read() as connection:
                async for piece in blobs.read_parts(connection, sha256):
                    await asyncio.to_thread(_append, part, piece)
            if not await asyncio.to_thread(part.is_file):
                return False
            try:
                # What others put there counts only if it is these very bytes.
                await asyncio.to_thread(self._vault.keep, part, lambda kept: _same(kept.sha256, sha256))
            except ValueError:
                logger.warning("a file of the team is not whole, or not what it says; it is not used")
                return False
        return True

    async def fetch_thumbnails(self, wanted: list[str]) -> None:
        """Take the small pictures that this PC lacks, a few at a time.

        Raises:
            StoreFailed: The database does not answer.
        """
        missing = [one for one in dict.fromkeys(wanted) if not self._vault.thumbnail(one).is_file()][:_AT_ONCE]
        if not missing:
            return
        async with self._store.read() as connection:
            found = {one: await blobs.read_thumbnail(connection, one) for one in missing}
        for sha256, picture in found.items():
            if picture:
                try:
                    await asyncio.to_thread(self._vault.keep_thumbnail, sha256, picture)
                except MediaFailed:
                    return


def _same(found: str, wanted: str) -> None:
    if found != wanted:
        raise ValueError(found)


def _piece(path: Path, part: int) -> bytes:
    with path.open("rb") as file:
        file.seek(part * blobs.PART)
        return file.read(blobs.PART)


def _append(part: Path, piece: bytes) -> None:
    with part.open("ab") as file:
        file.write(piece)
