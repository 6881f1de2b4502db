"""Turns a profile into a team: a database on a server, its history moved there, its first member and its first bridge.

Each part can be cut off and begun again; the profile's own file is only read, and stays.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.errors import BadInput
from app.domain.ports import Clock
from app.domain.server import Server
from app.domain.snags import Snag
from app.hosting.scram import new_password, scram_verifier
from app.services.teaming import Keys, accept, bridge_of, login_of
from app.store import accounts
from app.store.engine import Store
from app.store.postgres import PostgresDatabase, said_of
from app.store.server import people
from app.store.server.installing import install, make_database
from app.store.server.moving import Moving, count_rows

__all__ = ["FOUNDER", "Founded", "Founding", "Progress", "Wishes", "count_rows"]

FOUNDER = ("agent", "lead", "admin")
_FIRST = timedelta(minutes=10)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the team is called, and who founds it."""

    team: str
    name: str
    author: str
    """The name on the founder's replies until now."""


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of it."""

    person: Server
    bridge: Server
    moved: dict[str, int]


class Founding:
    """One team that is made."""

    def __init__(self, owner: Server, clock: Clock, keys: Keys) -> None:
        self._owner = owner
        self._clock = clock
        self._keys = keys

    async def found(self, wishes: Wishes, source: Store | None, tell: Progress) -> Founded:
        """Make the team, or go on with one that was cut off.

        Args:
            wishes: Its name and its founder.
            source: The profile's file, opened; None for a team that begins empty.
            tell: Told what is done, how much of it, and how much in all.

        Raises:
            BadInput: The database belongs to a team already, or phones are driven on the file now.
            StoreFailed: The server cannot, or what arrived is not what was sent.
        """
        await make_database(self._owner)
        await install(self._owner)
        store = Store(self._owner, self._clock.now)
        try:
            await self._refuse_a_team(store)
            async with store.read() as connection:
                login = await people.free_login(connection, login_of(wishes.name))
                pc = await people.free_login(connection, bridge_of(login))
            person = await self._member(store, login, wishes.name, FOUNDER)
            moved = await self._move(store, person, source, wishes, tell) if source is not None else {}
            bridge = await self._member(store, pc, f"PC of {wishes.name}", ("bridge",))
            async with store.write() as unit:
                (founder,) = [m for m in await people.list_members(unit.connection) if m.login == person.user]
                for number in await accounts.list_accounts(unit.connection):
                    await people.set_number(unit, founder.id, number.id, may_send=True)
                await people.set_meta(unit, "team", wishes.team)
                await people.set_meta(unit, "team_uid", uuid.uuid4().hex)
        finally:
            await store.close()
        return Founded(person, bridge, moved)

    async def _refuse_a_team(self, store: Store) -> None:
        async with store.read() as connection:
            team = await people.get_meta(connection, "team")
        if team is not None:
            raise BadInput(
                f"this database belongs to the team {team!r} already; nothing was changed. Ask for an invitation"
            ).because(Snag.TAKEN)

    async def _member(self, store: Store, login: str, name: str, roles: tuple[str, ...]) -> Server:
        """Make a login and give it a lasting password, or find the one that an earlier attempt made."""
        mine = replace(self._owner, user=login, password="")
        known = await asyncio.to_thread(self._keys.find, mine)
        async with store.read() as connection:
            found = [m for m in await people.list_members(connection) if m.login == login and m.joined_at is not None]
        if found and known is not None:
            return replace(mine, password=known)
        first = replace(mine, password=new_password())
        async with store.write() as unit:
            await people.invite(unit, login, name, roles, scram_verifier(first.password), unit.now + _FIRST)
        return await accept(first, self._clock, self._keys)

    async def _move(
        self, store: Store, person: Server, source: Store, wishes: Wishes, tell: Progress
    ) -> dict[str, int]:
        async with store.read() as connection:
            (founder,) = [m for m in await people.list_members(connection) if m.login == person.user]
        async with source.read() as connection:
            local = await people.list_members(connection)
        target = await PostgresDatabase(self._owner).connect()
        try:
            moving = Moving(source, target, {wishes.author: person.user}, {one.id: founder.id for one in local})
            with said_of(self._owner.label):
                return await moving.run(tell)
        finally:
            target.terminate()
