"""Gives chats that nobody owns to who is there and has the fewest, where the team wants that. Off at first."""

from __future__ import annotations

from app.domain.errors import BadInput
from app.domain.ids import AccountId, ChatId
from app.domain.ports import Clock
from app.store import handling, loads
from app.store.engine import Store, Unit
from app.team.choosing import plan_assignments
from app.team.states import Assigned, ChatState, NotPossible, step

_OURS = frozenset({ChatState.NEW, ChatState.OPEN})


class Giving:
    """Giving out the chats of the numbers whose phones one process drives."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def give_out(self, holder: str) -> list[tuple[ChatId, int]]:
        """Give out what waits; return which chat went to whom."""
        async with self._store.read() as connection:
            driven = await loads.list_driven(connection, holder)
        given: list[tuple[ChatId, int]] = []
        for account in driven:
            given += await self._give_out(account)
        return given

    async def _give_out(self, account: AccountId) -> list[tuple[ChatId, int]]:
        async with self._store.read() as connection:
            rules = await handling.load_rules(connection, account)
            waiting = await loads.list_unowned(connection, account)
            if not waiting:
                return []
            agents = await loads.list_loads(connection, account, self._clock.now())
        given = []
        for chat_id, agent in plan_assignments(waiting, agents, rules.assign):
            async with self._store.write() as unit:
                if await _give(unit, chat_id, agent):
                    given.append((chat_id, agent))
        return given


async def _give(unit: Unit, chat_id: ChatId, agent: int) -> bool:
    """Give a chat to an agent, unless somebody took it or answered since it was planned."""
    try:
        kept = await handling.load_locked(unit, chat_id)
        if kept.handling.assignee is not None or kept.state not in _OURS:
            return False
        rules = await handling.load_rules(unit.connection, kept.account)
        after, records = step(kept.handling, Assigned(unit.now, agent, None), rules.steps)
    except (BadInput, NotPossible):
        return False
    await handling.save_handling(unit, kept, after, records)
    return True
