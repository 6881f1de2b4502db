"""The members of a team: invited once, joined from their own PC, put on numbers, removed at once."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from app.domain.errors import BadInput, StoreFailed
from app.domain.ids import AccountId
from app.domain.invitation import Invitation
from app.domain.ports import Clock
from app.domain.server import Server
from app.domain.snags import Snag
from app.hosting.scram import new_password, scram_verifier
from app.store import accounts
from app.store.accounts import Account
from app.store.engine import Reader, Store
from app.store.server import people
from app.store.server.people import AuditCheck, AuditEntry, Member

__all__ = ["ROLES", "AuditCheck", "AuditEntry", "Keys", "Member", "Teaming", "accept", "join_team", "login_of"]

ROLES = ("agent", "lead", "admin", "auditor")
"""What a person may be; a PC that drives phones has a login of its own."""
_LONGEST_NAME = 60
_LONGEST_H = 24 * 14


class Teaming:
    """What members and admins do about members."""

    def __init__(self, store: Store, clock: Clock, server: Server, team: str) -> None:
        self._store = store
        self._clock = clock
        self._server = server
        self._team = team

    async def list_members(self, *, with_removed: bool = False) -> list[Member]:
        """Return the members, oldest first."""
        async with self._store.read() as connection:
            return await people.list_members(connection, with_removed=with_removed)

    async def invite(
        self, name: str, roles: Sequence[str], numbers: Sequence[str], *, valid_h: float, drives: bool
    ) -> Invitation:
        """Make an invitation that works once.

        Args:
            name: How the person is called.
            roles: One or more of `ROLES`.
            numbers: Names or ids of numbers, each with `:read` where they may not send; empty for all.
            valid_h: Hours in which it can be used.
            drives: Whether their PC may drive phones as well.

        Raises:
            BadInput: A value cannot be, or the person is a member already.
            NotAllowed: Only an admin invites.
        """
        name, kinds = " ".join(name.split()), _roles(roles)
        if not name or len(name) > _LONGEST_NAME:
            raise BadInput(f"a name has 1 to {_LONGEST_NAME} characters")
        if not 0 < valid_h <= _LONGEST_H:
            raise BadInput(f"an invitation is valid for at most {_LONGEST_H} hours")
        until = self._clock.now() + timedelta(hours=valid_h)
        at = self._server
        async with self._store.write() as unit:
            login = await people.free_login(unit.connection, login_of(name))
            secret = new_password()
            made = Invitation(self._team, at.hosts, at.database, at.ca, name, kinds, login, secret, until)
            if drives:
                bridge = await people.free_login(unit.connection, bridge_of(login))
                made = replace(made, bridge=bridge, bridge_secret=new_password())
            known = {one.login: one for one in await people.list_members(unit.connection)}
            if login in known and known[login].joined_at is not None:
                raise BadInput(
                    f"{known[login].name} ({login}) is a member already; remove them first, or add a surname"
                ).because(Snag.MEMBER)
            wanted = self._numbers(await accounts.list_accounts(unit.connection), numbers)
            member = await people.invite(unit, login, name, kinds, scram_verifier(secret), until)
            for number, may_send in wanted:
                await people.set_number(unit, member, number, may_send=may_send)
            if made.bridge:
                verifier = scram_verifier(made.bridge_secret)
                await people.invite(unit, made.bridge, f"PC of {name}", ("bridge",), verifier, until)
        return made

    async def remove(self, login: str) -> Member:
        """Take a member's login away, and that of their PC.

        Raises:
            BadInput: There is none, or nobody could invite afterwards.
            NotAllowed: Only an admin removes.
        """
        async with self._store.write() as unit:
            members = await people.list_members(unit.connection)
            found = [one for one in members if login.casefold() in (one.login, one.name.casefold())]
            if len(found) != 1:
                raise BadInput(f"{login!r} is not one member; `phoneshelf team members` lists them")
            admins = [one for one in members if "admin" in one.roles and one.joined_at is not None]
            if admins == found:
                raise BadInput("nobody could invite or remove any more; make somebody else an admin first")
            await people.remove(unit, found[0].login)
            for one in members:
                if one.login == bridge_of(found[0].login):
                    await people.remove(unit, one.login)
        return found[0]

    async def set_numbers(self, login: str, numbers: Sequence[str]) -> None:
        """Put a member on exactly these numbers.

        Raises:
            BadInput: No such member or number.
            NotAllowed: Only an admin does.
        """
        async with self._store.write() as unit:
            member = await self._one(unit.connection, login)
            wanted = dict(self._numbers(await accounts.list_accounts(unit.connection), numbers))
            for number, _, _ in member.numbers:
                if number not in wanted:
                    await people.take_off_number(unit, member.id, number)
            for number, may_send in wanted.items():
                await people.set_number(unit, member.id, number, may_send=may_send)

    async def join_number(self, number: AccountId) -> None:
        """Put whoever asks on a number that is new.

        Raises:
            NotAllowed: Only an admin does.
        """
        async with self._store.write() as unit:
            me = [one for one in await people.list_members(unit.connection) if one.login == self._server.user]
            for one in me:
                await people.set_number(unit, one.id, number, may_send=True)

    async def set_only_own(self, login: str, *, flag: bool) -> None:
        """Say whether a member sees only chats that are theirs or nobody's."""
        async with self._store.write() as unit:
            member = await self._one(unit.connection, login)
            await people.set_only_own(unit, member.login, flag=flag)

    async def set_sees_numbers(self, login: str, *, flag: bool) -> None:
        """Say whether an agent sees the numbers of customers.

        Raises:
            BadInput: They are more than an agent, so that nothing can be hidden from them.
            NotAllowed: Only an admin does.
        """
        async with self._store.write() as unit:
            member = await self._one(unit.connection, login)
            if not await people.set_sees_numbers(unit, member.login, flag=flag):
                raise BadInput(f"{member.name} is {', '.join(member.roles)}; only from an agent can numbers be hidden")
            await unit.touch("member", member.id)

    async def rotate(self, keep: Callable[[str], None]) -> str:
        """Give oneself another password and return it; the old one does not work any more.

        Args:
            keep: Keeps the new one beside the old one, before the server has it: where the connection breaks at the
                commit, either may hold.

        Raises:
            StoreFailed: The server cannot be asked; whichever password holds is among those that were kept.
        """
        password = new_password()
        async with self._store.write() as unit:
            await people.renew_password(unit, scram_verifier(password))
            # Within the transaction: where it cannot be kept, the old one stays.
            keep(password)
        return password

    async def enter(self, deed: str, subject: str = "") -> None:
        """Enter a deed of a person into the audit log: a log-in, a log-out, an export."""
        async with self._store.write() as unit:
            await people.enter_event(unit, deed, subject)

    async def list_audit(self, limit: int) -> list[AuditEntry]:
        """Return the newest deeds, oldest first.

        Raises:
            NotAllowed: Only an auditor reads them.
        """
        async with self._store.read() as connection:
            return await people.list_audit(connection, limit)

    async def check_audit(self) -> AuditCheck:
        """Prove the log.

        Raises:
            NotAllowed: Only an auditor does.
        """
        async with self._store.read() as connection:
            return await people.check_audit(connection)

    async def _one(self, connection: Reader, login: str) -> Member:
        members = await people.list_members(connection)
        found = [one for one in members if login.casefold() in (one.login, one.name.casefold())]
        if len(found) != 1:
            raise BadInput(f"{login!r} is not one member; `phoneshelf team members` lists them")
        return found[0]

    def _numbers(self, known: list[Account], wanted: Sequence[str]) -> list[tuple[AccountId, bool]]:
        if not wanted:
            return [(one.id, True) for one in known]
        made = []
        for word in wanted:
            name, colon, right = word.rpartition(":")
            name, right = (name, right) if colon and right in ("read", "send") else (word, "send")
            found = [one.id for one in known if str(one.id) == name or one.name.casefold() == name.casefold()]
            if len(found) != 1:
                raise BadInput(f"{name!r} is not one number; `phoneshelf phones` lists them")
            made.append((found[0], right == "send"))
        return made


class Keys(Protocol):
    """Where this PC keeps passwords. Asked in a thread: a keyring may wait for a person."""

    def find(self, server: Server) -> str | None:
        """Return the password of a login, None where it is not known."""

    def keep(self, server: Server) -> None:
        """Keep the password of a login.

        Raises:
            BadInput: This PC cannot.
        """


async def join_team(invitation: Invitation, clock: Clock, keys: Keys) -> tuple[Server, Server | None]:
    """Use an invitation: give the logins lasting passwords, and return the ways in.

    A password is kept before the server is given it: cut off in between, the same invitation goes on.

    Raises:
        BadInput: It is over, or was used.
        StoreFailed: The server cannot be reached, or is not the one of the team.
        StoreTooNew, StoreTooOld: This program and the team's do not fit.
    """
    if invitation.until <= clock.now():
        raise BadInput("this invitation is over; nothing was changed. Ask for a new one").because(Snag.OVER)
    person = await accept(invitation.server(), clock, keys)
    bridge = invitation.bridge_server()
    return person, await accept(bridge, clock, keys) if bridge is not None else None


async def accept(first: Server, clock: Clock, keys: Keys) -> Server:
    """Turn a first password into a lasting one, and return the way in with it.

    Raises:
        BadInput: The first password does not work any more.
    """
    known = await asyncio.to_thread(keys.find, first)
    if known is not None and await _works(replace(first, password=known), clock):
        return replace(first, password=known)
    lasting = replace(first, password=new_password())
    store = Store(first, clock.now)
    try:
        await store.open()
        await asyncio.to_thread(keys.keep, lasting)
        async with store.write() as unit:
            await people.accept(unit, scram_verifier(lasting.password))
    except StoreFailed as error:
        if error.snag in (Snag.PASSWORD, Snag.USED):
            raise BadInput(
                "this invitation was used before, or withdrawn; nothing was changed. Ask for a new one"
            ).because(Snag.USED) from error
        raise
    finally:
        await store.close()
    return lasting


async def _works(server: Server, clock: Clock) -> bool:
    store = Store(server, clock.now)
    try:
        await store.open()
    except StoreFailed:
        return False
    finally:
        await store.close()
    return True


def login_of(name: str) -> str:
    """Return a login for a name: small letters without accents, digits and `_`.

    Raises:
        BadInput: The name holds none of these.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    made = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:32].strip("_")
    if not made:
        raise BadInput(f"no login can be made of {name!r}; give a name with Latin letters").because(Snag.NAME)
    return made if made[0].isalpha() else f"a_{made}"


def bridge_of(login: str) -> str:
    """Return the login of a person's PC, as whom it drives phones."""
    return f"pc_{login}"[:40]


def _roles(roles: Sequence[str]) -> tuple[str, ...]:
    wrong = [one for one in roles if one not in ROLES]
    if wrong:
        raise BadInput(f"{wrong[0]!r} is no role; known are {', '.join(ROLES)}")
    if "auditor" in roles and "agent" in roles:
        raise BadInput("an auditor changes nothing, an agent does; choose one")
    return tuple(dict.fromkeys(roles)) or ("agent",)
