"""The people of the program: members of a team by their logins; on one PC the person of the profile, on demand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import NotAllowed
from app.domain.ids import AccountId
from app.store.engine import Unit
from app.store.schema import member, membership

_ME = text("SELECT me()")
_MEMBER_OF = text("SELECT member_of(:login)")
_MAY_ADD = text("SELECT has_table_privilege('member', 'INSERT')")


@dataclass(frozen=True, slots=True)
class Member:
    """One person."""

    id: int
    login: str
    name: str
    is_gone: bool = False


def is_server(connection: AsyncConnection) -> bool:
    """Tell whether the database is a server's, with logins and rights."""
    return connection.dialect.name == "postgresql"


async def own_member(unit: Unit, author: str) -> Member:
    """Return the row of the person who writes here.

    Args:
        unit: The transaction.
        author: The profile's author; on a server the login of the session comes first.

    Raises:
        NotAllowed: This login is no member.
    """
    found = await _own_id(unit.connection, author) or await _make(unit, author)
    member_ = await get_member(unit.connection, found) if found is not None else None
    if member_ is None or member_.is_gone:
        raise NotAllowed("this login belongs to no member of the team; ask for an invitation")
    return member_


async def own_id(connection: AsyncConnection, author: str) -> int | None:
    """Return who reads here, None for one who never wrote anything on this PC."""
    return await _own_id(connection, author)


async def author_id(unit: Unit, author: str) -> int | None:
    """Return who wrote a reply; None where no member is called so."""
    return await _id_of(unit.connection, author) or await _make(unit, author)


async def get_member(connection: AsyncConnection, member_id: int) -> Member | None:
    """Return one member, also one who left."""
    return next(iter(await _select(connection, member.c.id == member_id)), None)


async def list_members(connection: AsyncConnection) -> list[Member]:
    """Return the members, by name."""
    return [one for one in await _select(connection) if not one.is_gone]


async def names_of(connection: AsyncConnection, logins: Collection[str]) -> dict[str, str]:
    """Return how the members of these logins are called, also of those who left. What is no login is left out."""
    if not logins:
        return {}
    query = select(member.c.login, member.c.name).where(member.c.login.in_(logins))
    return {row.login: row.name for row in await connection.execute(query)}


async def is_on(connection: AsyncConnection, member_id: int, account: AccountId) -> bool:
    """Tell whether a member may answer on a number; on one PC everybody may."""
    return not is_server(connection) or await is_listed(connection, member_id, account)


async def is_listed(connection: AsyncConnection, member_id: int, account: AccountId) -> bool:
    """Tell whether a member is written down, here or in a copy, as one who may answer on a number."""
    query = select(membership.c.may_send).where(
        membership.c.member_id == member_id, membership.c.account_id == account, membership.c.may_send
    )
    return (await connection.execute(query)).first() is not None


async def _own_id(connection: AsyncConnection, author: str) -> int | None:
    found = (await connection.execute(_ME)).scalar() if is_server(connection) else None
    return int(found) if found is not None else await _id_of(connection, author)


async def _id_of(connection: AsyncConnection, login: str) -> int | None:
    if is_server(connection):
        found = (await connection.execute(_MEMBER_OF, {"login": login})).scalar()
    else:
        found = (await connection.execute(select(member.c.id).where(member.c.login == login))).scalar()
    return int(found) if found is not None else None


async def _make(unit: Unit, author: str) -> int | None:
    """Make a member where there are no invitations: on one PC, or for who owns the whole database."""
    if is_server(unit.connection) and not (await unit.connection.execute(_MAY_ADD)).scalar():
        return None
    values = {"login": author, "name": author, "joined_at": unit.now}
    made = await unit.connection.execute(insert(member).values(values).returning(member.c.id))
    return int(made.scalar_one())


async def _select(connection: AsyncConnection, *where: object) -> list[Member]:
    query = select(member.c.id, member.c.login, member.c.name, member.c.removed_at).order_by(member.c.name, member.c.id)
    rows = await connection.execute(query.where(*where))  # type: ignore[arg-type]
    return [Member(row.id, row.login, row.name, row.removed_at is not None) for row in rows]
