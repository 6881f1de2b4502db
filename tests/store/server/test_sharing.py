"""Files of a team: what one PC has, another gets through the database, byte by byte or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.services.sharing import Sharing
from app.store import blobs
from app.store.engine import Store
from app.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres
from tests.fakes.team import team_database

BYTES = bytes(range(256)) * 10_000
"""More than two parts."""


@dataclass
class Pair:
    """Two PCs on one database."""

    store: Store
    here: Vault
    there: Vault
    giver: Sharing
    taker: Sharing


@pytest.fixture
async def pair(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Pair]:
    async with team_database(postgres) as owner:
        clock = FakeClock()
        store = Store(owner, clock.now)
        here, there = Vault(tmp_path / "here"), Vault(tmp_path / "there")
        yield Pair(store, here, there, Sharing(store, here, clock, 25), Sharing(store, there, clock, 25))
        await store.close()


def keep(vault: Vault, data: bytes) -> str:
    with vault.part() as part:
        part.write_bytes(data)
        return vault.keep(part).sha256


async def test_a_file_reaches_the_other_pc_whole_and_once(pair: Pair) -> None:
    sha256 = keep(pair.here, BYTES)
    pair.here.keep_thumbnail(sha256, b"small")
    assert not await pair.taker.fetch(sha256)
    assert await pair.giver.share(sha256)
    assert await pair.giver.share(sha256)
    assert await pair.taker.fetch(sha256)
    assert pair.there.path(sha256).read_bytes() == BYTES
    await pair.taker.fetch_thumbnails([sha256, sha256])
    assert pair.there.thumbnail(sha256).read_bytes() == b"small"
    async with pair.store.read() as connection:
        assert await blobs.parts_of(connection, sha256) == (3, len(BYTES))


async def test_an_upload_that_was_cut_off_goes_on_where_it_stopped(pair: Pair) -> None:
    sha256 = keep(pair.here, BYTES)
    async with pair.store.write() as unit:
        await blobs.add_part(unit, sha256, 0, BYTES[: blobs.PART])
    assert not await pair.taker.fetch(sha256)
    assert not list((pair.there.path(sha256).parent).glob("*"))
    assert await pair.giver.share(sha256)
    assert await pair.taker.fetch(sha256)


async def test_other_bytes_under_the_name_of_a_file_are_not_used(pair: Pair) -> None:
    sha256 = hashlib.sha256(BYTES).hexdigest()
    async with pair.store.write() as unit:
        await blobs.add_part(unit, sha256, 0, b"something else")
    assert not await pair.taker.fetch(sha256)
    assert not pair.there.path(sha256).exists()


async def test_a_pc_without_the_file_shares_nothing(pair: Pair) -> None:
    assert not await pair.giver.share("ab" * 32)
