"""What people do with a chat besides answering: take, assign, snooze, finish. Each command is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.domain.errors import BadInput, NotAllowed
from app.domain.ids import AccountId, ChatId
from app.domain.ports import Clock
from app.store import accounts, handling, members, opening
from app.store.engine import Store, Unit
from app.store.handling import LIMITS, Event, Handled
from app.store.members import Member
from app.team import states
from app.team.hours import Calendar
from app.team.snoozing import Preset, custom_until, presets_at, snooze_until
from app.team.states import ChatState, NotPossible
from app.team.urgency import Priority

__all__ = ["LIMITS", "ChatState", "Event", "Handled", "Handling", "Member", "Preset", "Priority"]

ZONE = "Europe/Amsterdam"
"""Where a phone never told its zone."""


class Handling:
    """The team's hand on its chats."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        """Take the name of the person, which a server replaces by the login."""
        self._store = store
        self._clock = clock
        self._author = author

    # -- who ------------------------------------------------------------------------------------

    async def me(self) -> Member:
        """Return who uses this program; on one PC the person is entered when first asked for."""
        async with self._store.write() as unit:
            return await members.own_member(unit, self._author)

    async def list_members(self) -> list[Member]:
        """Return the people that chats can be given to."""
        async with self._store.read() as connection:
            return await members.list_members(connection)

    async def find_member(self, wanted: str) -> Member:
        """Return the one member of this login or name.

        Raises:
            BadInput: None is called so, or several are.
        """
        known = await self.list_members()
        plain = wanted.strip().casefold()
        called = [m for m in known if m.login.casefold() == plain] or [m for m in known if m.name.casefold() == plain]
        if len(called) == 1:
            return called[0]
        names = ", ".join(m.login for m in known) or "nobody yet"
        raise BadInput(f"{wanted!r} is not one member of the team; known are {names}")

    # -- what is known --------------------------------------------------------------------------

    async def get(self, chat_id: ChatId) -> Handled:
        """Return how a chat stands.

        Raises:
            BadInput: There is no such chat.
        """
        async with self._store.read() as connection:
            found = await handling.get_handled(connection, chat_id)
        if found is None:
            raise BadInput(f"there is no chat {chat_id}")
        return found

    async def list_events(self, chat_id: ChatId) -> list[Event]:
        """Return what happened to a chat, oldest first."""
        async with self._store.read() as connection:
            return await handling.list_events(connection, chat_id)

    # -- commands -------------------------------------------------------------------------------

    async def take(self, chat_id: ChatId) -> Handled:
        """Own a chat, also one of somebody else."""
        return await self._do(chat_id, states.Taken)

    async def assign(self, chat_id: ChatId, to: int, note: str = "") -> Handled:
        """Give a chat to a member, with what they have to know.

        Raises:
            BadInput: No note for somebody else, no such member, or one who may not answer on this number.
        """

        async def check(unit: Unit, kept: Handled) -> None:
            member = await members.get_member(unit.connection, to)
            if member is None or member.is_gone:
                raise BadInput(f"there is no member {to}")
            if not await members.is_on(unit.connection, to, kept.account):
                raise BadInput(f"{member.name} may not answer on this number")

        return await self._do(chat_id, lambda at, by: states.Assigned(at, to, by, note), check)

    async def unassign(self, chat_id: ChatId) -> Handled:
        """Give a chat back to the team."""
        return await self._do(chat_id, states.Unassigned)

    async def snooze(self, chat_id: ChatId, until: Preset | datetime) -> Handled:
        """Put a chat aside until a preset moment, a given one, or, with `Preset.REPLY`, until the customer writes.

        A time without a zone is one of the number's phone.

        Raises:
            BadInput: The moment is over, or the chat is done or spam.
        """
        async with self._store.write() as unit:
            kept = await handling.load_locked(unit, chat_id)
            me = await members.own_member(unit, self._author)
            account = await accounts.get_account(unit.connection, kept.account)
            hours = await opening.get_hours(unit.connection, kept.account)
            end = _moment(until, unit.now, hours.calendar, account.zone or ZONE)
            return await _step(unit, kept, states.Snoozed(unit.now, me.id, end), me.login)

    async def list_presets(self, chat_id: ChatId) -> tuple[tuple[Preset, datetime | None], ...]:
        """Return until when a chat may be snoozed by one key, now."""
        account_id = (await self.get(chat_id)).account
        async with self._store.read() as connection:
            account = await accounts.get_account(connection, account_id)
            hours = await opening.get_hours(connection, account_id)
        return presets_at(self._clock.now(), hours.calendar, account.zone or ZONE)

    async def wake(self, chat_id: ChatId) -> Handled:
        """End a snooze."""
        return await self._do(chat_id, states.Woken)

    async def done(self, chat_id: ChatId) -> Handled:
        """Be done with a chat."""
        return await self._do(chat_id, states.Closed)

    async def reopen(self, chat_id: ChatId) -> Handled:
        """Take a done chat up again."""
        return await self._do(chat_id, states.Reopened)

    async def spam(self, chat_id: ChatId) -> Handled:
        """Call a chat spam."""
        return await self._do(chat_id, states.MarkedSpam)

    async def not_spam(self, chat_id: ChatId) -> Handled:
        """Take that back."""
        return await self._do(chat_id, states.NotSpam)

    async def set_priority(self, chat_id: ChatId, priority: Priority) -> Handled:
        """Say how much a chat presses."""
        async with self._store.write() as unit:
            kept = await handling.load_locked(unit, chat_id)
            me = await members.own_member(unit, self._author)
            return await handling.set_priority(unit, kept, priority, me.login)

    async def _do(
        self,
        chat_id: ChatId,
        make: Callable[[datetime, int], states.Event],
        check: Callable[[Unit, Handled], Any] | None = None,
    ) -> Handled:
        async with self._store.write() as unit:
            kept = await handling.load_locked(unit, chat_id)
            me = await members.own_member(unit, self._author)
            if check is not None:
                await check(unit, kept)
            return await _step(unit, kept, make(unit.now, me.id), me.login)

    # -- the rules of a number ------------------------------------------------------------------

    async def get_rules(self, account: AccountId) -> dict[str, Any]:
        """Return what the team chose for a number: `new_case_hours`, `auto_assign`, `most_open`, `alert_minutes`."""
        async with self._store.read() as connection:
            return await handling.rule_values(connection, account)

    async def set_rules(self, account: AccountId, **values: Any) -> dict[str, Any]:
        """Choose some of them.

        Raises:
            BadInput: An unknown name, or a value that cannot be.
            NotAllowed: The server lets only leads and admins.
        """
        for name, value in values.items():
            _check_rule(name, value)
        async with self._store.write() as unit:
            if not await handling.set_rules(unit, account, values):
                raise NotAllowed("the rules of a number are changed by a lead or an admin; nothing was changed")
            return await handling.rule_values(unit.connection, account)


def _check_rule(name: str, value: object) -> None:
    """Refuse a rule that cannot be.

    Raises:
        BadInput: An unknown name, or a value that cannot be.
    """
    if name == "auto_assign":
        if not isinstance(value, bool):
            raise BadInput("auto_assign is on or off; nothing was changed")
        return
    if name not in LIMITS:
        known = ", ".join(("auto_assign", *LIMITS))
        raise BadInput(f"{name} is no rule of a number; known are {known}. Nothing was changed")
    least, most = LIMITS[name]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadInput(f"{name} is a whole number from {least} to {most}; nothing was changed")


async def _step(unit: Unit, kept: Handled, event: states.Event, actor: str | None) -> Handled:
    """Apply one event to a chat that is locked.

    Raises:
        BadInput: It cannot happen to the chat as it stands.
    """
    rules = await handling.load_rules(unit.connection, kept.account)
    try:
        after, records = states.step(kept.handling, event, rules.steps)
    except NotPossible as error:
        raise BadInput(str(error)) from error
    return await handling.save_handling(unit, kept, after, records, actor=actor)


def _moment(until: Preset | datetime, now: datetime, calendar: Calendar | None, zone: str) -> datetime | None:
    """Return the end of a snooze, None where the customer ends it.

    Raises:
        BadInput: It is over.
    """
    if isinstance(until, Preset):
        found = snooze_until(until, now, calendar, zone)
        if found is None and until is not Preset.REPLY:
            raise BadInput("this afternoon has begun already, or is closed; choose a later moment")
        return found
    if until.tzinfo is not None:
        return until.astimezone(UTC)
    try:
        return custom_until(until, now, zone)
    except ValueError as error:
        raise BadInput(str(error)) from error


class Waking:
    """Ends snoozes whose time has come."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def wake_due(self, holder: str) -> list[ChatId]:
        """Wake what is due on the numbers whose phone this process drives; return those chats."""
        async with self._store.read() as connection:
            due = await handling.list_due(connection, holder, self._clock.now())
        for chat_id in due:
            async with self._store.write() as unit:
                kept = await handling.load_locked(unit, chat_id)
                await _step(unit, kept, states.TimePassed(unit.now), None)
        return due
