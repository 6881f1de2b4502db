"""Who is there, and in which chat: said by each program of itself, and over when it is silent for a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import ChatId
from app.domain.ports import Clock
from app.store import members, presence
from app.store.engine import Store
from app.team.choosing import Presence
from app.team.guarding import HEARTBEAT_S, LEASE_S, Lease, Mode, others_in

__all__ = ["HEARTBEAT_S", "LEASE_S", "Attending", "Lease", "Mode", "Presence", "Present"]


@dataclass(frozen=True, slots=True)
class Present:
    """A member who is there."""

    member: int
    name: str
    state: Presence
    since: datetime


class Attending:
    """The presence of one person, and what is known of the others."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author

    async def sign_in(self, state: Presence = Presence.AVAILABLE) -> None:
        """Say that this person is there, or how; the caller then beats each `HEARTBEAT_S` seconds."""
        if state is Presence.OFFLINE:
            await self.sign_out()
            return
        async with self._store.write() as unit:
            await presence.set_presence(unit, (await members.own_member(unit, self._author)).id, state)

    async def sign_out(self) -> None:
        """Say that this person left, and every chat too."""
        async with self._store.write() as unit:
            me = (await members.own_member(unit, self._author)).id
            await presence.leave(unit, me)
            await presence.set_presence(unit, me, Presence.OFFLINE)

    async def beat(self) -> bool:
        """Say that this person is still there; false for one who is not signed in."""
        async with self._store.write() as unit:
            return await presence.beat(unit, (await members.own_member(unit, self._author)).id)

    async def enter(self, chat_id: ChatId) -> None:
        """Say that this person looks at a chat; also that they type no more."""
        await self._enter(chat_id, Mode.VIEW)

    async def typing(self, chat_id: ChatId) -> None:
        """Say that this person writes an answer."""
        await self._enter(chat_id, Mode.TYPE)

    async def leave(self, chat_id: ChatId) -> None:
        """Say that this person left a chat."""
        async with self._store.write() as unit:
            await presence.leave(unit, (await members.own_member(unit, self._author)).id, chat_id)

    async def _enter(self, chat_id: ChatId, mode: Mode) -> None:
        async with self._store.write() as unit:
            await presence.enter(unit, chat_id, (await members.own_member(unit, self._author)).id, mode)

    async def list_present(self) -> list[Present]:
        """Return who is there, by name."""
        async with self._store.read() as connection:
            there = await presence.list_present(connection, self._clock.now())
            known = await members.list_members(connection)
        return [Present(m.id, m.name, *there[m.id]) for m in known if m.id in there]

    async def others_in(self, chat_ids: Sequence[ChatId]) -> dict[ChatId, tuple[Lease, ...]]:
        """Return who else is in these chats, those who type first."""
        now = self._clock.now()
        async with self._store.read() as connection:
            me = await members.own_id(connection, self._author)
            found = await presence.list_leases(connection, chat_ids, now)
        others = {chat: others_in(leases, me if me is not None else -1, now) for chat, leases in found.items()}
        return {chat: leases for chat, leases in others.items() if leases}
