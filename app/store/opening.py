"""The opening hours and the service level of each number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import AccountId
from app.store.engine import Unit
from app.store.inserting import insert_new
from app.store.schema import account_hours
from app.team.clocks import ServiceLevel
from app.team.hours import Calendar, calendar_of, calendar_values


@dataclass(frozen=True, slots=True)
class Hours:
    """When a number is answered, and how fast. No calendar: always, its time is wall time."""

    account: AccountId
    calendar: Calendar | None = None
    level: ServiceLevel = field(default_factory=ServiceLevel)
    changed_by: str = ""
    changed_at: datetime | None = None


async def get_hours(connection: AsyncConnection, account_id: AccountId) -> Hours:
    """Return the hours of a number; one for which none were set is always open."""
    rows = await connection.execute(select(account_hours).where(account_hours.c.account_id == account_id))
    row = rows.mappings().first()
    return _hours(dict(row)) if row is not None else Hours(account_id)


async def list_hours(connection: AsyncConnection) -> dict[AccountId, Hours]:
    """Return the hours of all numbers for which some were set."""
    rows = (await connection.execute(select(account_hours))).mappings()
    return {AccountId(row["account_id"]): _hours(dict(row)) for row in rows}


def _hours(row: dict[str, Any]) -> Hours:
    calendar = calendar_of(row["hours"]) if row["hours"] else None
    level = _level_of(row["service"], calendar)
    return Hours(AccountId(row["account_id"]), calendar, level, row["changed_by"], row["changed_at"])


async def set_hours(unit: Unit, hours: Hours, author: str) -> None:
    """Keep the hours of a number."""
    level = hours.level
    values: dict[str, Any] = {
        "hours": calendar_values(hours.calendar) if hours.calendar is not None else None,
        "service": {"first": level.first_minutes, "next": level.next_minutes, "resolution": level.resolution_minutes},
        "changed_by": author,
        "changed_at": unit.now,
    }
    if not await insert_new(unit.connection, account_hours, {"account_id": hours.account, **values}):
        where = account_hours.c.account_id == hours.account
        await unit.connection.execute(update(account_hours).where(where).values(**values))
    await unit.touch("hours", hours.account)


def _level_of(values: dict[str, Any] | None, calendar: Calendar | None) -> ServiceLevel:
    if not values:
        return ServiceLevel(calendar=calendar)
    return ServiceLevel(values["first"], values["next"], values["resolution"], calendar)
