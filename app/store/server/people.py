"""The members of a team, their roles and numbers, and the audit log, as the server keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId
from app.store.engine import Unit
from app.store.schema import account, audit_entry, member, membership, setting


@dataclass(frozen=True, slots=True)
class Member:
    """One person, or one PC that drives phones."""

    id: int
    login: str
    name: str
    roles: tuple[str, ...]
    only_own: bool
    sees_numbers: bool
    numbers: tuple[tuple[AccountId, str, bool], ...]
    """Id and name of each number, and whether this member may send there."""
    invited_until: datetime | None
    joined_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed that counts."""

    id: int
    at: datetime
    login: str
    action: str
    subject: str
    details: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Whether the log is as it was written. `first_wrong` is 0 where its end is missing."""

    entries: int
    first_wrong: int | None
    head: str


async def list_members(connection: AsyncConnection, *, with_removed: bool = False) -> list[Member]:
    """Return the members, oldest first."""
    query = select(
        member.c.id, member.c.login, member.c.name, member.c.roles, member.c.only_own, member.c.sees_numbers,
        member.c.invited_until, member.c.joined_at, member.c.removed_at,
    ).order_by(member.c.id)  # fmt: skip
    if not with_removed:
        query = query.where(member.c.removed_at.is_(None))
    rows = (await connection.execute(query)).mappings().all()
    numbers: dict[int, list[tuple[AccountId, str, bool]]] = {}
    on = (
        select(membership.c.member_id, membership.c.account_id, account.c.name, membership.c.may_send)
        .join(account, account.c.id == membership.c.account_id)
        .order_by(account.c.id)
    )
    for row in await connection.execute(on):
        numbers.setdefault(row.member_id, []).append((AccountId(row.account_id), row.name, row.may_send))
    return [
        Member(
            id=row["id"],
            login=row["login"],
            name=row["name"],
            roles=tuple(row["roles"].split(",")),
            only_own=row["only_own"],
            sees_numbers=row["sees_numbers"],
            numbers=tuple(numbers.get(row["id"], ())),
            invited_until=row["invited_until"],
            joined_at=row["joined_at"],
            removed_at=row["removed_at"],
        )
        for row in rows
    ]


async def free_login(connection: AsyncConnection, wanted: str) -> str:
    """Return the login as wanted, or with a number where the server has one of that name for something else."""
    ours = {one.login for one in await list_members(connection, with_removed=True)}
    taken = set((await connection.execute(text("SELECT rolname FROM pg_roles"))).scalars()) - ours
    names = [wanted, *(f"{wanted[:37]}_{number}" for number in range(2, 100))]
    return next((name for name in names if name not in taken), wanted)


async def invite(unit: Unit, login: str, name: str, roles: tuple[str, ...], verifier: str, until: datetime) -> int:
    """Make a login that works with a first password until then; return the member's id."""
    query = text("SELECT invite_member(:login, :name, :roles, :verifier, :until)")
    values = {"login": login, "name": name, "roles": ",".join(roles), "verifier": verifier, "until": until}
    made = int((await unit.connection.execute(query, values)).scalar_one())
    await unit.touch("member", made)
    return made


async def accept(unit: Unit, verifier: str) -> None:
    """Turn the first password of who asks into a lasting one."""
    await unit.connection.execute(text("SELECT accept_invitation(:verifier)"), {"verifier": verifier})


async def renew_password(unit: Unit, verifier: str) -> None:
    """Give who asks another password."""
    await unit.connection.execute(text("SELECT renew_password(:verifier)"), {"verifier": verifier})


async def remove(unit: Unit, login: str) -> bool:
    """Take a login away at once; false where there is none."""
    gone = bool((await unit.connection.execute(text("SELECT remove_member(:login)"), {"login": login})).scalar())
    await unit.touch("member", login)
    return gone


async def set_only_own(unit: Unit, login: str, *, flag: bool) -> bool:
    """Say whether a member sees only chats that are theirs or nobody's."""
    query = text("SELECT set_only_own(:login, :flag)")
    return bool((await unit.connection.execute(query, {"login": login, "flag": flag})).scalar())


async def set_sees_numbers(unit: Unit, login: str, *, flag: bool) -> bool:
    """Say whether an agent sees the numbers of customers; false for one who is more than an agent."""
    query = text("SELECT set_sees_numbers(:login, :flag)")
    return bool((await unit.connection.execute(query, {"login": login, "flag": flag})).scalar())


async def set_number(unit: Unit, member_id: int, number: AccountId, *, may_send: bool) -> None:
    """Put a member on a number, with or without sending."""
    values = {"account_id": number, "member_id": member_id, "may_send": may_send}
    query = insert(membership).values(values)
    again = query.on_conflict_do_update(index_elements=["account_id", "member_id"], set_={"may_send": may_send})
    await unit.connection.execute(again)
    await unit.touch("member", member_id)


async def take_off_number(unit: Unit, member_id: int, number: AccountId) -> None:
    """Take a member off a number."""
    where = (membership.c.member_id == member_id, membership.c.account_id == number)
    await unit.connection.execute(delete(membership).where(*where))
    await unit.touch("member", member_id)


async def enter_event(unit: Unit, action: str, subject: str = "") -> None:
    """Write a deed of the client's into the audit log: a log-in, an export."""
    await unit.connection.execute(text("SELECT audit_event(:action, :subject)"), {"action": action, "subject": subject})


async def list_audit(connection: AsyncConnection, limit: int) -> list[AuditEntry]:
    """Return the newest entries, oldest first."""
    query = select(audit_entry).order_by(audit_entry.c.id.desc()).limit(limit)
    rows = (await connection.execute(query)).mappings().all()
    return [AuditEntry(r["id"], r["at"], r["login"], r["action"], r["subject"], r["details"]) for r in reversed(rows)]


async def check_audit(connection: AsyncConnection) -> AuditCheck:
    """Compute every entry's hash again."""
    row = (await connection.execute(text("SELECT * FROM verify_audit()"))).mappings().one()
    return AuditCheck(row["entries"], row["first_wrong"], row["head"])


async def get_meta(connection: AsyncConnection, key: str) -> str | None:
    """Return a fact of the whole database."""
    return (await connection.execute(select(setting.c.value).where(setting.c.key == key))).scalar()


async def set_meta(unit: Unit, key: str, value: str) -> None:
    """Keep a fact of the whole database; takes its owner."""
    query = insert(setting).values(key=key, value=value)
    await unit.connection.execute(query.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
