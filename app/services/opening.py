"""When each number is answered and how fast: opening hours, holidays, service levels, and the clocks of a chat."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.errors import BadInput
from app.domain.ids import AccountId, ChatId
from app.domain.ports import Clock
from app.store import accounts, chats, opening
from app.store.engine import Reader, Store
from app.store.opening import Hours
from app.team.clocks import Clock as ServiceClock
from app.team.clocks import ServiceLevel, clocks_of
from app.team.holidays import parse_holidays
from app.team.hours import Calendar, clock_text, is_open, next_opening, open_until
from app.team.hours import Opening as Block
from app.team.states import Handling

__all__ = ["Calendar", "Hours", "OpenNow", "Opening", "ServiceClock", "ServiceLevel", "parse_week", "week_text"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DUTCH = ("ma", "di", "wo", "do", "vr", "za", "zo")
_NUMBERS = {name: number for names in (DAYS, _DUTCH) for number, name in enumerate(names)}
_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", re.ASCII)
_HOME_ZONE = "Europe/Amsterdam"
_MOST_MINUTES = 60 * 24 * 60
_EXAMPLE = "write them as `mon-fri 09:00-12:30 13:00-17:30; sat 10:00-14:00`. Nothing was changed"


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Whether a number is answered now, until when, and when it opens next. Without hours it always is."""

    is_open: bool
    until: datetime | None
    opens: datetime | None


class Opening:
    """The hours of our numbers, kept by one person. A server lets only leads change them."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author

    async def get(self, account: AccountId) -> Hours:
        """Return the hours and the service level of a number."""
        async with self._store.read() as connection:
            return await opening.get_hours(connection, account)

    async def now(self, account: AccountId) -> OpenNow:
        """Tell whether a number is answered now."""
        calendar, at = (await self.get(account)).calendar, self._clock.now()
        return OpenNow(is_open(at, calendar), open_until(at, calendar), next_opening(at, calendar))

    async def set_week(self, account: AccountId, text: str, zone: str | None = None) -> Hours:
        """Keep a usual week; holidays stay. `off`: always open, and holidays are forgotten.

        Raises:
            BadInput: It cannot be read, or there is no such zone.
            NotAllowed: The server lets only leads.
        """
        week = None if text.strip().lower() == "off" else parse_week(text)
        async with self._store.write() as unit:
            before = await opening.get_hours(unit.connection, account)
            calendar = None
            if week is not None:
                known = before.calendar or Calendar(zone or await _zone(unit.connection, account))
                calendar = _calendar(known, zone or known.zone, week)
            await opening.set_hours(unit, replace(before, calendar=calendar), self._author)
            return await opening.get_hours(unit.connection, account)

    async def set_level(self, account: AccountId, **minutes: int | None) -> Hours:
        """Keep in how many open minutes customers get an answer; what is not named stays.

        Args:
            account: The number.
            minutes: `first_minutes`, `next_minutes`, `resolution_minutes`; None: no clock of that kind.

        Raises:
            BadInput: It is less than a minute, or more than two months.
            NotAllowed: The server lets only leads.
        """
        if any(value is not None and not 0 < value <= _MOST_MINUTES for value in minutes.values()):
            raise BadInput(f"a service level is 1 to {_MOST_MINUTES} minutes; nothing was changed")
        async with self._store.write() as unit:
            before = await opening.get_hours(unit.connection, account)
            values = {name: getattr(before.level, name) for name in ("first_minutes", "next_minutes")}
            values["resolution_minutes"] = before.level.resolution_minutes
            level = ServiceLevel(**{**values, **minutes})
            await opening.set_hours(unit, replace(before, level=level), self._author)
            return await opening.get_hours(unit.connection, account)

    async def import_holidays(self, account: AccountId, data: bytes, *, instead: bool = False) -> frozenset[date]:
        """Keep the whole days of an iCalendar file as holidays, and return those that are new.

        Args:
            account: The number.
            data: The file.
            instead: Forget the holidays that were known.

        Raises:
            BadInput: It is no such file, or the number has no hours yet.
            NotAllowed: The server lets only leads.
        """
        try:
            days = parse_holidays(data.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput("this is no iCalendar file in UTF-8; nothing was changed") from error
        except ValueError as error:
            raise BadInput(f"{error}; nothing was changed") from error
        async with self._store.write() as unit:
            before = await opening.get_hours(unit.connection, account)
            if before.calendar is None:
                raise BadInput("this number has no opening hours yet; nothing was changed. Set them first")
            was = before.calendar.holidays
            calendar = replace(before.calendar, holidays=days if instead else was | days)
            await opening.set_hours(unit, replace(before, calendar=calendar), self._author)
        return days - was

    async def clocks(self, chat_id: ChatId, handling: Handling) -> tuple[ServiceClock, ...]:
        """Return the clocks of a chat that is handled so, as they stand now.

        Raises:
            BadInput: There is no such chat.
        """
        async with self._store.read() as connection:
            chat = await chats.get_chat(connection, chat_id)
            if chat is None:
                raise BadInput(f"there is no chat {chat_id}; `phoneshelf chats` lists them")
            hours = await opening.get_hours(connection, chat.account)
        return clocks_of(handling, hours.level, self._clock.now())


async def _zone(connection: Reader, account: AccountId) -> str:
    return (await accounts.get_account(connection, account)).zone or _HOME_ZONE


def _calendar(known: Calendar, zone: str, week: tuple[Block, ...]) -> Calendar:
    try:
        return replace(known, zone=zone, week=week)
    except ValueError as error:
        raise BadInput(f"{error}; nothing was changed. A zone is written as {_HOME_ZONE}") from error


def parse_week(text: str) -> tuple[Block, ...]:
    """Return the blocks of a week, in English or Dutch: days, then times; `;` between groups.

    Raises:
        BadInput: It cannot be read; the text says how it is written.
    """
    blocks: list[Block] = []
    for group in filter(None, (part.split() for part in text.lower().split(";"))):
        spans = [_SPAN.fullmatch(span) for span in group[1:]]
        if not spans:
            raise BadInput(f"{group[0]!r} says no times; {_EXAMPLE}")
        for found, span in zip(spans, group[1:], strict=True):
            if found is None:
                raise BadInput(f"{span!r} is not from one time to another; {_EXAMPLE}")
            start, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
            blocks += _blocks(_days(group[0]), start, end, (int(found[2]), int(found[4])))
    if not blocks:
        raise BadInput(f"there are no hours in this; {_EXAMPLE}, or `off` for always open")
    return tuple(sorted(set(blocks), key=lambda one: (one.weekday, one.start, one.end)))


def _blocks(days: list[int], start: int, end: int, minutes: tuple[int, int]) -> list[Block]:
    if max(minutes) > 59:
        raise BadInput(f"an hour has 60 minutes; {_EXAMPLE}")
    try:
        return [Block(day, start, end) for day in days]
    except ValueError as error:
        raise BadInput(f"{error}; {_EXAMPLE}") from error


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        ends = [_NUMBERS.get(name) for name in (first, last or first)]
        if ends[0] is None or ends[1] is None:
            raise BadInput(f"{part!r} is no day; {_EXAMPLE}")
        days += [day % 7 for day in range(ends[0], ends[1] + (1 if ends[1] >= ends[0] else 8))]
    return days


def week_text(calendar: Calendar) -> str:
    """Return the usual week as `parse_week` reads it; days of the same hours that follow each other stand together."""
    groups: list[tuple[int, int, str]] = []
    for day in range(7):
        spans = sorted((one.start, one.end) for one in calendar.week if one.weekday == day)
        hours = " ".join(f"{clock_text(start)}-{clock_text(end)}" for start, end in spans)
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], day, hours)
        else:
            groups.append((day, day, hours))
    named = [(DAYS[a] if a == b else f"{DAYS[a]}-{DAYS[b]}", hours) for a, b, hours in groups if hours]
    return "; ".join(f"{days} {hours}" for days, hours in named)
