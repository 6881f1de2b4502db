"""Alerts the team once where a customer waits for an owner who is away for too long. Nothing is taken from anybody."""

from __future__ import annotations

from app.domain.errors import BadInput
from app.domain.ids import AccountId, ChatId
from app.domain.ports import Clock
from app.store import alerts, handling
from app.store.alerts import Alert
from app.store.engine import Store, Unit
from app.team.choosing import OwnedChat, plan_alerts
from app.team.hours import is_open
from app.team.states import ChatState

__all__ = ["Alert", "Alerting"]

_OURS = frozenset({ChatState.NEW, ChatState.OPEN})


class Alerting:
    """Alerts of the numbers whose phones one process drives; read by anybody."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def list_alerts(self) -> list[Alert]:
        """Return the chats whose owner is still away, who waits longest first."""
        async with self._store.read() as connection:
            return await alerts.list_alerts(connection, self._clock.now())

    async def alert(self, holder: str) -> list[ChatId]:
        """Alert of what is due; return those chats."""
        async with self._store.read() as connection:
            driven = await alerts.list_driven(connection, holder)
        told: list[ChatId] = []
        for account in driven:
            for due in await self._due(account):
                async with self._store.write() as unit:
                    if await _tell(unit, due):
                        told.append(due.chat)
        return told

    async def _due(self, account: AccountId) -> list[OwnedChat]:
        now = self._clock.now()
        async with self._store.read() as connection:
            owned = await alerts.list_owned(connection, account, now)
            rules = await handling.load_rules(connection, account) if owned else None
        # While the number is closed nobody is expected to be there; the alert goes when it opens.
        if rules is None or not is_open(now, rules.steps.calendar):
            return []
        due: list[OwnedChat] = []
        for one in owned:
            if one.away_since is not None:
                due += plan_alerts([one.chat], {one.chat.agent: one.away_since}, rules.assign, now)
        return sorted(due, key=lambda one: (one.waiting_since, one.chat))


async def _tell(unit: Unit, due: OwnedChat) -> bool:
    """Alert of a chat, unless somebody answered or took it since that was planned."""
    try:
        kept = await handling.load_locked(unit, due.chat)
    except BadInput:
        return False
    if kept.handling.assignee != due.agent or kept.state not in _OURS:
        return False
    return await alerts.add_alert(unit, kept)
