"""Accounts: which number on which phone, and the last known state of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId, Serial
from app.domain.observation import HealthReport, PhoneFacts
from app.domain.phone import Badge, PhoneState, PhoneStatus
from app.domain.policy import Policy, policy_of, policy_values
from app.domain.words import LearnedWords, WordEvidence, evidence_of, evidence_values
from app.store.engine import Unit
from app.store.schema import account, chat, outbox


@dataclass(frozen=True, slots=True)
class Account:
    """One number in one app on one phone."""

    id: AccountId
    serial: Serial
    package: str
    name: str
    reading: str
    zone: str = ""
    policy: Policy = field(default_factory=Policy)
    evidence: WordEvidence = field(default_factory=WordEvidence)
    user: int = 0
    """The Android user whose app it is: 0 the phone's owner, another a work profile or a clone."""

    @property
    def words(self) -> LearnedWords:
        """Return what this phone taught of its language."""
        return self.evidence.learned()


async def add_account(unit: Unit, serial: str, package: str, name: str, reading: str, user: int = 0) -> AccountId:
    """Insert an account, or bring a removed one back; its history is kept."""
    where = (account.c.serial == serial, account.c.package == package, account.c.android_user == user)
    existing = (await unit.connection.execute(select(account.c.id).where(*where))).scalar()
    if existing is None:
        values = {"serial": serial, "package": package, "android_user": user, "name": name, "reading": reading}
        new_id = (await unit.connection.execute(insert(account).values(values).returning(account.c.id))).scalar_one()
        existing = new_id
    else:
        back: dict[str, Any] = {"removed": False, "name": name, "reading": reading}
        await unit.connection.execute(update(account).where(account.c.id == existing).values(back))
    await unit.touch("account", existing)
    return AccountId(int(existing))


async def remove_account(unit: Unit, account_id: AccountId) -> None:
    """Stop driving an account; chats and messages stay."""
    await unit.connection.execute(update(account).where(account.c.id == account_id).values(removed=True))
    await unit.touch("account", account_id)


async def set_look(unit: Unit, account_id: AccountId, name: str, badge: Badge) -> bool:
    """Name a number and give it its badge; false where there is none, or it is not this person's to change."""
    values = {"name": name, "short": badge.short, "colour": badge.colour}
    done = await unit.connection.execute(
        update(account).where(account.c.id == account_id, ~account.c.removed).values(values)
    )
    await unit.touch("account", account_id)
    return bool(done.rowcount)


async def list_badges(connection: AsyncConnection) -> dict[AccountId, Badge]:
    """Return the badge of every number, driven or removed."""
    rows = await connection.execute(select(account.c.id, account.c.short, account.c.colour))
    return {AccountId(row.id): Badge(row.short, row.colour) for row in rows}


async def list_accounts(connection: AsyncConnection) -> list[Account]:
    """Return the accounts that are driven, oldest first."""
    return await _select(connection, ~account.c.removed)


async def get_account(connection: AsyncConnection, account_id: AccountId) -> Account:
    """Return one account that exists, driven or removed.

    Raises:
        LookupError: There is none: a bug.
    """
    found = await _select(connection, account.c.id == account_id)
    if not found:
        raise LookupError(account_id)
    return found[0]


async def _select(connection: AsyncConnection, *where: Any) -> list[Account]:
    rows = await connection.execute(select(account).where(*where).order_by(account.c.id))
    return [
        Account(
            AccountId(r["id"]),
            Serial(r["serial"]),
            r["package"],
            r["name"],
            r["reading"],
            (r["facts"] or {}).get("zone", ""),
            policy_of(r["policy"]),
            evidence_of(r["words"]),
            r["android_user"],
        )
        for r in rows.mappings()
    ]


async def set_policy(unit: Unit, account_id: AccountId, policy: Policy) -> None:
    """Keep how an account sends. What waits is looked at again."""
    values = policy_values(policy)
    await unit.connection.execute(update(account).where(account.c.id == account_id).values(policy=values))
    await unit.touch("account", account_id)
    await unit.touch("queue", account_id)


async def set_state(unit: Unit, account_id: AccountId, state: PhoneState, detail: str) -> None:
    """Keep the state of a phone; `state_since` moves only when the state does."""
    row = (
        await unit.connection.execute(select(account.c.state, account.c.detail).where(account.c.id == account_id))
    ).one()
    values: dict[str, Any] = {"seen_at": unit.now}
    if row.state != state or row.detail != detail:
        values |= {"state": state.value, "detail": detail[:200], "state_since": unit.now}
        await unit.touch("account", account_id)
    await unit.connection.execute(update(account).where(account.c.id == account_id).values(values))


async def set_facts(unit: Unit, account_id: AccountId, facts: PhoneFacts) -> None:
    """Keep what the phone said of itself."""
    await unit.connection.execute(update(account).where(account.c.id == account_id).values(facts=asdict(facts)))
    await unit.touch("account", account_id)


async def set_words(unit: Unit, account_id: AccountId, evidence: WordEvidence | None) -> None:
    """Keep what a phone taught of its language; None forgets it."""
    values = evidence_values(evidence) if evidence is not None else None
    await unit.connection.execute(update(account).where(account.c.id == account_id).values(words=values))
    await unit.touch("account", account_id)


async def is_read_only(connection: AsyncConnection, account_id: AccountId, now: datetime) -> bool:
    """Tell whether somebody drives a phone whose layout is not known, so that nothing is typed."""
    query = select(account.c.state).where(account.c.id == account_id, account.c.lease_until > now)
    return (await connection.execute(query)).scalar() == PhoneState.READ_ONLY


async def set_health(unit: Unit, account_id: AccountId, report: HealthReport) -> None:
    """Keep the last vital signs."""
    await unit.connection.execute(update(account).where(account.c.id == account_id).values(health=asdict(report)))
    await unit.touch("account", account_id)


async def set_verified(unit: Unit, account_id: AccountId, until: datetime) -> None:
    """The phone's whole list agreed with the mirror at that time, and so did each chat without a gap."""
    await unit.connection.execute(update(account).where(account.c.id == account_id).values(verified_until=until))
    agreed = (chat.c.account_id == account_id, chat.c.verified_until < until, ~chat.c.has_gap)
    await unit.connection.execute(update(chat).where(*agreed).values(verified_until=until))
    await unit.touch("account", account_id)


async def claim_lease(unit: Unit, account_id: AccountId, holder: str, until: datetime) -> int | None:
    """Take or keep the right to drive an account; return the fencing number, None while another holds it."""
    is_mine = account.c.lease_holder == holder
    free = or_(account.c.lease_holder.is_(None), account.c.lease_until < unit.now, is_mine)
    # One statement: two who ask at once are told apart by the row's lock.
    taken = (
        update(account)
        .where(account.c.id == account_id, free)
        .values(
            lease_holder=holder,
            lease_epoch=case((is_mine, account.c.lease_epoch), else_=account.c.lease_epoch + 1),
            lease_until=until,
        )
        .returning(account.c.lease_epoch)
    )
    epoch = (await unit.connection.execute(taken)).scalar_one_or_none()
    return None if epoch is None else int(epoch)


async def release_lease(unit: Unit, account_id: AccountId, holder: str) -> None:
    """Give the right to drive an account back."""
    await unit.connection.execute(
        update(account)
        .where(account.c.id == account_id, account.c.lease_holder == holder)
        .values(lease_holder=None, lease_until=None)
    )


async def list_statuses(connection: AsyncConnection, now: datetime) -> list[PhoneStatus]:
    """Return the phones with state, health and queue. A phone that nobody drives now is STOPPED, whatever it was."""
    waiting = (
        select(outbox.c.account_id, func.count().label("n"))
        .where(outbox.c.state.in_(("queued", "claimed", "typing", "submitted")))
        .group_by(outbox.c.account_id)
        .subquery()
    )
    query = (
        select(account, func.coalesce(waiting.c.n, 0).label("queue"))
        .outerjoin(waiting, waiting.c.account_id == account.c.id)
        .where(~account.c.removed)
        .order_by(account.c.id)
    )
    return [_status(dict(row), now) for row in (await connection.execute(query)).mappings()]


def _status(row: dict[str, Any], now: datetime) -> PhoneStatus:
    driven = row["lease_holder"] is not None and row["lease_until"] is not None and row["lease_until"] > now
    health = dict(row["health"]) if row["health"] else None
    if health is not None:
        health["warnings"] = tuple(health.get("warnings", ()))
    return PhoneStatus(
        account=AccountId(row["id"]),
        serial=Serial(row["serial"]),
        name=row["name"],
        app=row["package"],
        state=PhoneState(row["state"]) if driven else PhoneState.STOPPED,
        detail=row["detail"] if driven else "",
        since=row["state_since"],
        verified_until=row["verified_until"],
        queue=row["queue"],
        health=HealthReport(**health) if health else None,
        badge=Badge(row["short"], row["colour"]),
        user=row["android_user"],
    )
