"""Keeps the state of each phone where everyone sees it: loud, with one next step."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from app.domain.errors import BadInput, NotAllowed
from app.domain.ids import AccountId
from app.domain.observation import HealthReport, PhoneFacts
from app.domain.phone import Badge, PhoneState, PhoneStatus
from app.domain.ports import Clock
from app.store import accounts
from app.store.accounts import Account
from app.store.engine import Store

LEASE_S = 6.0
_LONGEST_NAME, _LONGEST_SHORT = 120, 12
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class Watching:
    """Phones as data: state, facts, health, and who drives them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def add_phone(self, serial: str, package: str, name: str, reading: str, user: int = 0) -> AccountId:
        """Add an account to drive; `user` is the Android user whose app it is."""
        async with self._store.write() as unit:
            return await accounts.add_account(unit, serial, package, name, reading, user)

    async def set_look(
        self, account: AccountId, name: str | None = None, short: str | None = None, colour: str | None = None
    ) -> PhoneStatus:
        """Change how a number is called and shown; None leaves a part as it is. Return the number.

        Raises:
            BadInput: A part cannot be, or there is no such number.
        """
        async with self._store.write() as unit:
            known = [one for one in await accounts.list_statuses(unit.connection, unit.now) if one.account == account]
            if not known:
                raise BadInput(f"there is no phone {account}; `phoneshelf phones` lists them")
            made = _look(known[0], name, short, colour)
            if not await accounts.set_look(unit, account, made.name, made.badge):
                raise NotAllowed("how a number is shown is changed by a lead or an admin; nothing was changed")
        return made

    async def remove_phone(self, account: AccountId) -> None:
        """Stop driving an account; its history stays."""
        async with self._store.write() as unit:
            await accounts.remove_account(unit, account)

    async def list_accounts(self) -> list[Account]:
        """Return the accounts to drive."""
        async with self._store.read() as connection:
            return await accounts.list_accounts(connection)

    async def set_state(self, account: AccountId, state: PhoneState, detail: str = "") -> None:
        """Show a phone's state."""
        async with self._store.write() as unit:
            await accounts.set_state(unit, account, state, detail)

    async def set_facts(self, account: AccountId, facts: PhoneFacts) -> None:
        """Keep what the phone said of itself."""
        async with self._store.write() as unit:
            await accounts.set_facts(unit, account, facts)

    async def set_health(self, account: AccountId, report: HealthReport) -> None:
        """Keep the vital signs."""
        async with self._store.write() as unit:
            await accounts.set_health(unit, account, report)

    async def hold(self, account: AccountId, holder: str) -> int | None:
        """Take or keep the lease; return the fencing number, None while another process drives the phone."""
        async with self._store.write() as unit:
            return await accounts.claim_lease(unit, account, holder, unit.now + timedelta(seconds=LEASE_S))

    async def release(self, account: AccountId, holder: str) -> None:
        """Give the lease back."""
        async with self._store.write() as unit:
            await accounts.release_lease(unit, account, holder)


def _look(known: PhoneStatus, name: str | None, short: str | None, colour: str | None) -> PhoneStatus:
    called = known.name if name is None else " ".join(name.split())
    badge = Badge(
        known.badge.short if short is None else " ".join(short.split()),
        known.badge.colour if colour is None else colour.strip().lower(),
    )
    if not called or len(called) > _LONGEST_NAME or len(badge.short) > _LONGEST_SHORT:
        raise BadInput(f"a name has 1 to {_LONGEST_NAME} characters, a short one at most {_LONGEST_SHORT}")
    if badge.colour and not _COLOUR.fullmatch(badge.colour):
        raise BadInput("a colour is #rrggbb, such as #1f77b4, or empty for none")
    return replace(known, name=called, badge=badge)
