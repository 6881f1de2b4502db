"""A change of password that is cut off at its commit locks nobody out, whichever password the server has."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from app.domain.errors import BadInput, StoreFailed
from app.domain.server import Server
from app.hosting.scram import scram_verifier
from app.main import build
from app.runtime.clock import SystemClock
from app.seat import Keys, Seat, load_seat, save_seat
from app.services.teaming import Teaming
from app.settings import Settings
from app.store.engine import Store, Unit
from app.store.server import people
from tests.fakes.postgres import Postgres
from tests.fakes.team import team_of


class CutAtCommit(Store):
    """A server whose connection breaks as a change is committed: before the server had the commit, or after."""

    def __init__(self, place: Server, *, is_committed: bool) -> None:
        super().__init__(place, SystemClock().now)
        self._is_committed = is_committed

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        async with super().write() as unit:
            yield unit
            if not self._is_committed:
                raise StoreFailed("the connection to the server broke")
        raise StoreFailed("the connection to the server broke")


class Ring(KeyringBackend):
    """A desktop's keyring, in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password


@dataclass
class Desk:
    """The profile of one member."""

    home: Path
    first: Server

    def seat(self) -> Seat:
        found = load_seat(self.home)
        assert found is not None
        return found

    @property
    def tried(self) -> tuple[str, str]:
        """Return the passwords that are kept, in the order in which they are tried."""
        at = self.seat().person
        return at.password, at.other_password

    async def start(self) -> None:
        """Do what each start of the program does."""
        program = build(Settings(self.home))
        try:
            await program.open()
        finally:
            for store in program.stores:
                await store.close()

    async def rotate(self, store: Store) -> str:
        """Change the password as `team rotate` does."""
        keys, at = Keys(self.home, in_file=True), self.seat().person
        try:
            await store.open()
            old = store.password
            teaming = Teaming(store, SystemClock(), at, "Winkel")
            made = await teaming.rotate(lambda new: keys.keep_both(replace(at, password=new), old))
            keys.settle(replace(at, password=made, other_password=old), made)
            return made
        finally:
            await store.close()

    async def cut_off(self, *, is_committed: bool) -> None:
        with pytest.raises(StoreFailed):
            await self.rotate(CutAtCommit(self.seat().person, is_committed=is_committed))


@pytest.fixture(params=["keyring", "file"])
async def desk(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    ring = Ring() if request.param == "keyring" else NoKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", ring)
    monkeypatch.setenv("PHONESHELF_CACHE", str(tmp_path / "cache"))
    async with team_of(postgres, {"eva": "agent"}) as team:
        at = team.server("eva")
        Keys(tmp_path, in_file=True).keep(at)
        save_seat(tmp_path, Seat("Winkel", at, "Eva", ("agent",)))
        yield Desk(tmp_path, at)


async def test_a_change_that_was_committed_holds_from_the_next_start_on(desk: Desk) -> None:
    await desk.cut_off(is_committed=True)
    new, old = desk.tried
    assert old == desk.first.password
    assert new != old
    await desk.start()
    assert desk.tried == (new, "")
    await desk.start()


async def test_a_change_that_was_not_leaves_the_old_password(desk: Desk) -> None:
    await desk.cut_off(is_committed=False)
    new, _ = desk.tried
    await desk.start()
    assert desk.tried == (desk.first.password, new)
    await desk.start()
    assert desk.tried == (desk.first.password, new)


async def test_a_commit_that_the_server_ends_late_locks_nobody_out(desk: Desk) -> None:
    await desk.cut_off(is_committed=False)
    await desk.start()
    _, new = desk.tried
    late = Store(desk.seat().person, SystemClock().now)
    async with late.write() as unit:
        await people.renew_password(unit, scram_verifier(new))
    await late.close()
    await desk.start()
    assert desk.tried == (new, "")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
async def test_one_that_is_cut_off_after_another(desk: Desk, first: bool, second: bool) -> None:
    await desk.cut_off(is_committed=first)
    await desk.cut_off(is_committed=second)
    for _ in range(2):
        await desk.start()
    made = await desk.rotate(Store(desk.seat().person, SystemClock().now))
    assert desk.tried == (made, "")
    await desk.start()


async def test_a_whole_change_leaves_one_password(desk: Desk) -> None:
    made = await desk.rotate(Store(desk.seat().person, SystemClock().now))
    assert desk.tried == (made, "")
    await desk.start()
    with pytest.raises(StoreFailed, match="refuses this password"):
        await Store(desk.first, SystemClock().now).open()


async def test_where_the_new_one_cannot_be_kept_the_old_one_stays(desk: Desk) -> None:
    def full(new: str) -> None:
        raise BadInput("no room")

    at = desk.seat().person
    store = Store(at, SystemClock().now)
    with pytest.raises(BadInput):
        await Teaming(store, SystemClock(), at, "Winkel").rotate(full)
    await store.close()
    await desk.start()
    assert desk.tried == (desk.first.password, "")


async def test_no_password_is_in_what_a_server_or_a_profile_says_of_itself(desk: Desk) -> None:
    await desk.cut_off(is_committed=False)
    at = desk.seat().person
    assert at.password not in repr(at)
    assert at.other_password not in repr(at)
    assert at.password not in (desk.home / "team.toml").read_text("utf-8")
    if (desk.home / "team.secrets").is_file():
        assert (desk.home / "team.secrets").stat().st_mode & 0o077 == 0
        assert desk.first.password in json.loads((desk.home / "team.secrets").read_text("utf-8")).values()
