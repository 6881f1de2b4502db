"""The bytes of files in a team's database, in parts, so that every PC of the team can open and send them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.engine import Unit
from app.store.schema import media_blob, media_file

PART = 1 << 20
THUMBNAIL = -1
"""The part that holds the small picture."""


async def parts_of(connection: AsyncConnection, sha256: str) -> tuple[int, int]:
    """Return how many parts of a file are there, from the first on, and their bytes."""
    where = (media_blob.c.sha256 == sha256, media_blob.c.part >= 0)
    query = select(func.count(), func.coalesce(func.sum(func.length(media_blob.c.bytes)), 0)).where(*where)
    count, size = (await connection.execute(query)).one()
    return int(count), int(size)


async def add_part(unit: Unit, sha256: str, part: int, piece: bytes) -> None:
    """Insert a part; one that is there already stays."""
    values = {"sha256": sha256, "part": part, "bytes": piece}
    # One that is there may be out of sight: it is nobody's yet.
    insert = postgresql.insert if unit.connection.dialect.name == "postgresql" else sqlite.insert
    await unit.connection.execute(insert(media_blob).values(values).on_conflict_do_nothing())


async def read_parts(connection: AsyncConnection, sha256: str) -> AsyncIterator[bytes]:
    """Yield a file's bytes, part by part."""
    part = 0
    while True:
        query = select(media_blob.c.bytes).where(media_blob.c.sha256 == sha256, media_blob.c.part == part)
        piece = (await connection.execute(query)).scalar()
        if piece is None:
            return
        yield bytes(piece)
        part += 1


async def read_thumbnail(connection: AsyncConnection, sha256: str) -> bytes | None:
    """Return a file's small picture."""
    query = select(media_blob.c.bytes).where(media_blob.c.sha256 == sha256, media_blob.c.part == THUMBNAIL)
    found = (await connection.execute(query)).scalar()
    return bytes(found) if found is not None else None


async def list_unshared(connection: AsyncConnection, most_bytes: int, limit: int) -> list[str]:
    """Return files of messages that are not in the database, the newest first; those above a size never are."""
    shared = select(media_blob.c.sha256).where(media_blob.c.sha256 == media_file.c.sha256, media_blob.c.part == 0)
    query = (
        select(media_file.c.sha256)
        .where(media_file.c.size <= most_bytes, ~shared.exists())
        .order_by(media_file.c.id.desc())
        .limit(limit)
    )
    return list((await connection.execute(query)).scalars())
