"""Keeps the state of each phone where everyone sees it: loud, with one next step."""

from __future__ import annotations

from datetime import timedelta

from app.domain.ids import AccountId
from app.domain.observation import HealthReport, PhoneFacts
from app.domain.phone import PhoneState
from app.domain.ports import Clock
from app.store import accounts
from app.store.accounts import Account
from app.store.engine import Store

LEASE_S = 6.0


class Watching:
    """Phones as data: state, facts, health, and who drives them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def add_phone(self, serial: str, package: str, name: str, reading: str) -> AccountId:
        """Add an account to drive."""
        async with self._store.write() as unit:
            return await accounts.add_account(unit, serial, package, name, reading)

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
